"""The pages: filed by one function, which follows the table's stream beside the bus."""

from tests.stacks.assembly import plain


def test_pages_follow_the_same_entries_as_the_bus_some_at_a_time(responder):
    _, pages = responder.the("AWS::Lambda::EventSourceMapping", "PagesArchivePageTimeline")
    _, bus = responder.the("AWS::Lambda::EventSourceMapping", "BusPublishTimeline")
    for same in ("EventSourceArn", "FilterCriteria", "MaximumRecordAgeInSeconds", "DestinationConfig"):
        assert pages[same] == bus[same]
    assert (pages["BatchSize"], pages["MaximumBatchingWindowInSeconds"]) == (100, 5)
    assert pages["BisectBatchOnFunctionError"], "a case that cannot be filed holds up no other"
    assert "MaximumRetryAttempts" not in pages


def test_no_more_than_two_read_the_stream(responder):
    """A third one would be throttled."""
    feeds = responder.properties("AWS::Lambda::EventSourceMapping").values()
    assert sum(plain(feed["EventSourceArn"]) == "${CasebookCases.StreamArn}" for feed in feeds) == 2
