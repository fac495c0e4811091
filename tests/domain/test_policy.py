"""The rule that decides, over every combination of answers, and in examples for people."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import product
from typing import NamedTuple

import pytest

from lambdas.domain.instance.address import HeldAddress, HeldDuringAbuse
from lambdas.domain.instance.history import InstanceHistory
from lambdas.domain.instance.instance import MissingInstance, UnassignedAddress
from lambdas.domain.instance.search import AccountRegion
from lambdas.domain.instance.successors import Successors
from lambdas.domain.intake.notice import NoticeKind, ProofKind
from lambdas.domain.phrase import verbatim
from lambdas.domain.policy import ASK_FIRST, CLOCK_SKEW, MAX_NOTICE_AGE, Circumstances, Verdict, decide
from lambdas.domain.reading.abuse_type import ABUSE_TYPES
from lambdas.domain.settings.settings import ContainmentMethod, Mode
from tests.samples import (
    ACCOUNT,
    FORWARDED,
    GIFT_CARD,
    INSTANCE,
    PROVEN,
    RECEIVED,
    SEARCH,
    UNPROVEN,
    as_said,
    english,
    instance,
    notice,
)

TAG = "AbuseResponder:Protect"
NOW = Circumstances(
    account_id=ACCOUNT, received_at=RECEIVED, mode=Mode.CONTAIN, protect_tag=TAG, contained_this_hour=0, max_per_hour=5
)
MISSING = MissingInstance(INSTANCE, SEARCH)
GONE = ("shutting-down", "terminated")

PROOFS = {proof.kind: proof for proof in (PROVEN, FORWARDED, UNPROVEN)}
ACCOUNTS = {"ours": (ACCOUNT,), "both": ("111122223333", ACCOUNT), "other": ("111122223333",), "none": ()}
AGES = {
    "fresh": RECEIVED - timedelta(minutes=1),
    "old": RECEIVED - MAX_NOTICE_AGE - timedelta(seconds=1),
    "future": RECEIVED + CLOCK_SKEW + timedelta(seconds=1),
    "undated": None,
}
TYPES = ("port_scanning", "copyright_dmca", None)
STATES = ("running", "stopped", "terminated", "missing")


def holding(held, *, quoted=False):
    return HeldAddress(
        "203.0.113.77", only_in_report=quoted, held_during_abuse=held, reason=as_said(f"held then: {held}")
    )


# Named by its id, or found by addresses that it may not have held.
FOUND_BY = {
    "id": (),
    "doubtful": (holding(HeldDuringAbuse.NO), holding(HeldDuringAbuse.YES, quoted=True)),
}


class Given(NamedTuple):
    """One combination of all that the rule looks at."""

    kind: NoticeKind
    proof: ProofKind
    account: str
    age: str
    abuse_type: str | None
    state: str
    at_cap: bool
    mode: Mode
    protected: bool
    approved: bool
    handled: bool
    resolved: bool
    corroborated: bool
    found_by: str

    @property
    def ended(self):
        """There is nothing to contain, whatever else holds."""
        return self.kind in {NoticeKind.RESOLVED, NoticeKind.NONE} or self.state in {*GONE, "missing"} or self.handled

    @property
    def doubts(self):
        """A word for each answer that is not yes."""
        return [
            words
            for words, holds in {
                english(PROOFS[self.proof].reason): self.proof is not ProofKind.AWS and not self.corroborated,
                "is addressed to account 111122223333, but this is in": self.account == "other",
                "no readable date": self.age == "undated",
                "h before it came in": self.age == "old",
                "h after it came in": self.age == "future",
                "newest message says that the case is resolved": self.resolved,
                "legal question": self.abuse_type in ASK_FIRST,
                "the settings allow 5": self.at_cap,
                "held then: no": self.found_by == "doubtful",
                "held then: yes; the address is only in the quoted report": self.found_by == "doubtful",
            }.items()
            if holds
        ]


def verdict_on(given):
    return decide(
        found(given.state, given.protected, given.found_by),
        told(given.kind, given.account, given.age, given.abuse_type),
        PROOFS[given.proof],
        now(
            at_cap=given.at_cap,
            mode=given.mode,
            approved=given.approved,
            handled=given.handled,
            resolved=given.resolved,
            corroborated=given.corroborated,
        ),
    )


@pytest.mark.parametrize(
    ("around", "verdict"),
    [
        ({}, Verdict.ASK),
        ({"unanswered": True}, Verdict.ASK),
        ({"forwarders_may_contain": True}, Verdict.ASK),
        ({"corroborated": True}, Verdict.CONTAIN),  # AWS Health's own word
        ({"approved": True}, Verdict.CONTAIN),
    ],
)
def test_mail_of_amazons_other_senders_is_asked_about_at_most(around, verdict):
    assert decide(instance(), notice(), PROVEN, replace(NOW, **around)).verdict is Verdict.CONTAIN
    assert decide(instance(), notice(), GIFT_CARD, replace(NOW, **around)).verdict is verdict


# Half a million combinations are made of a few hundred of each.


@cache
def found(state, protected, found_by):
    if state == "missing":
        return MISSING
    return instance(state=state, tags={TAG: ""} if protected else {}, found_by=FOUND_BY[found_by])


@cache
def told(kind, account, age, abuse_type):
    return notice(kind=kind, account_ids=ACCOUNTS[account], sent_at=AGES[age], abuse_type=abuse_type)


@cache
def now(*, at_cap, mode, approved, handled, resolved, corroborated):
    return replace(
        NOW,
        contained_this_hour=5 if at_cap else 4,
        mode=mode,
        approved=approved,
        already_handled=handled,
        resolved=resolved,
        corroborated=corroborated,
    )


@pytest.fixture(scope="module")
def everything():
    """Every combination with what is decided about it."""
    both = (False, True)
    answers = (NoticeKind, ProofKind, ACCOUNTS, AGES, TYPES, STATES, both, Mode, both, both, both, both, both, FOUND_BY)
    combinations = (Given(*combination) for combination in product(*answers))
    # This takes seconds, so what hardly matters together is left out: who held an address, with what other mails say;
    # and what other mails say, the cap and the mode, of a notice that asks for nothing any more.
    return [
        (given, verdict_on(given))
        for given in combinations
        if (given.found_by == "id" or not (given.resolved or given.corroborated))
        and not (given.ended and given.at_cap and (given.resolved or given.corroborated))
        and not (given.ended and given.mode is Mode.OBSERVE and (given.at_cap or given.found_by != "id"))
    ]


@pytest.mark.slow
def test_what_has_ended_is_only_told(everything):
    for given, decision in everything:
        if given.ended:
            assert decision.verdict is Verdict.TELL, given


@pytest.mark.slow
def test_a_protected_instance_is_never_contained(everything):
    for given, decision in everything:
        if given.protected:
            assert decision.verdict is not Verdict.CONTAIN, given


@pytest.mark.slow
def test_without_an_approval_only_three_times_yes_contains(everything):
    for given, decision in everything:
        if decision.verdict is Verdict.CONTAIN and not given.approved:
            assert given.proof is ProofKind.AWS or given.corroborated, given
            assert given.account in {"ours", "both", "none"}, given
            assert given.age == "fresh", given
            assert given.abuse_type not in ASK_FIRST, given
            assert given.mode is Mode.CONTAIN, given
            assert not given.at_cap, given
            assert not given.resolved, given
            assert given.found_by != "doubtful", given


@pytest.mark.slow
def test_three_times_yes_contains(everything):
    for given, decision in everything:
        if not (given.ended or given.protected or given.doubts or given.mode is Mode.OBSERVE):
            assert decision.verdict is Verdict.CONTAIN, given


@pytest.mark.slow
def test_an_approval_contains_what_is_there_and_not_protected(everything):
    for given, decision in everything:
        if given.approved and not given.ended and not given.protected:
            assert decision.verdict is Verdict.CONTAIN, given
            assert english(decision.reasons) == ["an admin approved it"]


@pytest.mark.slow
def test_who_only_observes_changes_nothing_unasked(everything):
    for given, decision in everything:
        if given.mode is Mode.OBSERVE and not given.approved:
            assert decision.verdict is not Verdict.CONTAIN, given


@pytest.mark.slow
def test_every_decision_has_its_instance_and_a_reason(everything):
    for given, decision in everything:
        assert decision.instance_id == INSTANCE
        assert decision.reasons, given
        assert all(decision.reasons), given


@pytest.mark.slow
def test_the_reasons_name_every_question_that_failed(everything):
    for given, decision in everything:
        if given.ended or given.approved:
            continue
        words = "\n".join(english(decision.reasons))
        for doubt in given.doubts:
            assert doubt in words, given
        assert (TAG in words) is given.protected, given
        if given.mode is Mode.OBSERVE and not given.protected:
            assert "observe" in words, given


@pytest.mark.slow
def test_only_a_proven_mail_speaks_for_aws(everything):
    for given, decision in everything:
        if given.proof is not ProofKind.AWS:
            assert not any(reason.startswith("AWS says") for reason in english(decision.reasons)), given


EXAMPLES = {
    "a proven, fresh notice": (
        {},
        {},
        PROVEN,
        {},
        "contain",
        ["amazon.com vouches", "ours and running", "the notice is recent"],
    ),
    "a stopped instance may start again": ({"state": "stopped"}, {}, PROVEN, {}, "contain", ["ours and stopped"]),
    "a follow-up": ({}, {"kind": NoticeKind.FOLLOW_UP}, PROVEN, {}, "contain", []),
    "AWS has acted already": ({}, {"kind": NoticeKind.ACTION_TAKEN}, PROVEN, {}, "contain", []),
    "no account is named": ({}, {"account_ids": ()}, PROVEN, {}, "contain", []),
    "no type is named": ({}, {"abuse_type": None}, PROVEN, {}, "contain", []),
    "forwarded by a person": ({}, {}, FORWARDED, {}, "ask", ["not proven to be from AWS: passed on by example.org"]),
    "a forgery": ({}, {}, UNPROVEN, {}, "ask", ["not proven to be from AWS: From says amazon.com, but"]),
    "forwarded, and AWS Health says the same": (
        {},
        {},
        FORWARDED,
        {"corroborated": True},
        "contain",
        ["AWS Health reports the same instance"],
    ),
    "AWS Health takes away no other doubt": (
        {},
        {"sent_at": None},
        FORWARDED,
        {"corroborated": True},
        "ask",
        ["no readable date"],
    ),
    "for another account": (
        {},
        {"account_ids": ("111122223333", "444455556666")},
        PROVEN,
        {},
        "ask",
        ["the notice is addressed to account 111122223333, 444455556666, but this is in 552071934480"],
    ),
    "just fresh": ({}, {"sent_at": RECEIVED - MAX_NOTICE_AGE}, PROVEN, {}, "contain", []),
    "an old one": ({}, {"sent_at": RECEIVED - timedelta(days=10)}, PROVEN, {}, "ask", ["240 h before", "sent again"]),
    "clocks differ a little": ({}, {"sent_at": RECEIVED + CLOCK_SKEW}, PROVEN, {}, "contain", []),
    "from the future": (
        {},
        {"sent_at": RECEIVED + timedelta(days=1)},
        PROVEN,
        {},
        "ask",
        ["dated 24 h after it came in"],
    ),
    "undated": ({}, {"sent_at": None}, PROVEN, {}, "ask", ["no readable date"]),
    "the last place of the hour": ({}, {}, PROVEN, {"contained_this_hour": 4}, "contain", []),
    "no place left": (
        {},
        {},
        PROVEN,
        {"contained_this_hour": 5},
        "ask",
        ["5 instances were contained this hour", "allow 5"],
    ),
    "protected": ({"tags": {TAG: "false"}}, {}, PROVEN, {}, "ask", [TAG]),
    "protected, and approved all the same": ({"tags": {TAG: ""}}, {}, PROVEN, {"approved": True}, "ask", [TAG]),
    "only observed": ({}, {}, PROVEN, {"mode": Mode.OBSERVE}, "tell", ['set to "observe"']),
    "observed and approved": ({}, {}, PROVEN, {"mode": Mode.OBSERVE, "approved": True}, "contain", ["approved"]),
    "a doubt that an admin took away": ({}, {}, UNPROVEN, {"approved": True}, "contain", ["an admin approved it"]),
    "before the end, come in after it": ({}, {}, PROVEN, {"resolved": True}, "ask", ["may have come in late"]),
    "resolved": ({}, {"kind": NoticeKind.RESOLVED}, PROVEN, {}, "tell", ["AWS says that the case is resolved"]),
    "resolved, says somebody": (
        {},
        {"kind": NoticeKind.RESOLVED},
        UNPROVEN,
        {},
        "tell",
        ["the mail says", "not proven"],
    ),
    "no notice": ({}, {"kind": NoticeKind.NONE}, PROVEN, {}, "tell", ["not an abuse notice"]),
    "a replay": ({}, {}, PROVEN, {"already_handled": True}, "tell", ["may be a replay"]),
    "terminated": ({"state": "terminated"}, {}, PROVEN, {}, "tell", ["is terminated: there is nothing left"]),
    "going away": ({"state": "shutting-down"}, {}, PROVEN, {}, "tell", ["is shutting-down"]),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(name):
    of_instance, of_notice, proof, circumstances, verdict, words = EXAMPLES[name]
    decision = decide(instance(**of_instance), notice(**of_notice), proof, replace(NOW, **circumstances))
    assert decision.verdict == verdict
    for word in words:
        assert word in "\n".join(english(decision.reasons))


def test_a_missing_instance_says_where_nobody_could_look():
    decision = decide(MISSING, notice(), PROVEN, NOW)
    assert decision.verdict is Verdict.TELL
    (reason,) = english(decision.reasons)
    assert f"(eu-west-1, us-east-1 of {ACCOUNT} searched; " in reason
    assert f"sa-east-1 of {ACCOUNT} could not be searched: AuthFailure)" in reason


MEMBER, STRANGER = "444455556666", "777788889999"


@pytest.mark.parametrize(
    ("named", "where", "doubts"),
    [
        ((), ACCOUNT, []),
        ((), MEMBER, []),
        ((), STRANGER, [f"account {STRANGER} is neither the responder's own nor a member"]),
        ((ACCOUNT,), ACCOUNT, []),
        ((ACCOUNT,), MEMBER, [f"to account {ACCOUNT}, but this is in {MEMBER}"]),
        ((MEMBER,), MEMBER, []),
        ((MEMBER,), ACCOUNT, [f"to account {MEMBER}, but this is in {ACCOUNT}"]),
        ((ACCOUNT, MEMBER), ACCOUNT, []),
        ((ACCOUNT, MEMBER), MEMBER, []),
        ((STRANGER, MEMBER), MEMBER, []),
        ((STRANGER,), ACCOUNT, [f"to account {STRANGER}, but this is in {ACCOUNT}"]),
        ((STRANGER,), MEMBER, [f"to account {STRANGER}, but this is in {MEMBER}"]),
        ((STRANGER,), STRANGER, [f"account {STRANGER} is neither the responder's own nor a member"]),
    ],
)
def test_an_instance_must_be_in_an_account_of_ours_that_the_notice_names(named, where, doubts):
    now = replace(NOW, members=(MEMBER,))
    decision = decide(instance(account_id=where), notice(account_ids=named), PROVEN, now)
    assert decision.verdict is (Verdict.ASK if doubts else Verdict.CONTAIN)
    assert [word for word in doubts if word not in "\n".join(english(decision.reasons))] == []
    assert len(decision.reasons) == (len(doubts) or 3)


SINCE_LONG = (RECEIVED - timedelta(days=60)).isoformat()
SINCE_YESTERDAY = (RECEIVED - timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("there", "said", "doubt"),
    [
        ({}, {}, ""),
        ({}, {"regions": ()}, ""),
        ({}, {"regions": ("eu-west-1", "ap-northeast-1")}, ""),
        ({}, {"regions": ("eu-west-1",)}, "is about eu-west-1, but the instance is in ap-northeast-1"),
        ({"addresses": ("198.51.100.9",), "started_at": SINCE_LONG}, {}, "has had 198.51.100.9 since before that"),
        ({"addresses": ("198.51.100.9", "203.0.113.77"), "started_at": SINCE_LONG}, {}, ""),
        ({"addresses": ("198.51.100.9",), "started_at": SINCE_YESTERDAY}, {}, ""),
        (
            {"addresses": ("198.51.100.9",), "started_at": SINCE_YESTERDAY},
            {"abuse_at": RECEIVED - timedelta(hours=5)},
            "is about 203.0.113.77, but",
        ),
        ({"addresses": ("198.51.100.9",)}, {}, ""),
        ({"addresses": (), "started_at": SINCE_LONG, "state": "stopped"}, {}, ""),
        ({"addresses": ("2001:db8::1",), "started_at": SINCE_LONG}, {}, ""),
        ({"addresses": ("198.51.100.9",), "started_at": SINCE_LONG}, {"quoted_ips": ("203.0.113.77",)}, ""),
        ({"addresses": ("198.51.100.9",), "started_at": SINCE_LONG}, {"ips": ()}, ""),
    ],
    ids=[
        "same", "no Region named", "one of two Regions", "another Region", "another address", "one of two addresses",
        "started since", "started before the abuse", "start unknown", "no address now", "only IPv6 now",
        "only the report names an address", "no address named",
    ],
)  # fmt: skip
def test_what_aws_names_beside_an_instance_must_be_its_own(there, said, doubt):
    decision = decide(instance(**there), notice(**said), PROVEN, NOW)
    assert decision.verdict is (Verdict.ASK if doubt else Verdict.CONTAIN)
    assert doubt in "; ".join(english(decision.reasons))


def test_a_member_counts_only_where_the_settings_name_it():
    assert decide(instance(account_id=MEMBER), notice(account_ids=(MEMBER,)), PROVEN, NOW).verdict is Verdict.ASK


@pytest.mark.parametrize(
    "missing", [MissingInstance(INSTANCE, SEARCH), UnassignedAddress("203.0.113.77", None, SEARCH)]
)
def test_a_notice_to_an_account_that_is_not_ours_says_so_where_nothing_is_found(missing):
    foreign = replace(missing, search=replace(SEARCH, unknown_accounts=(STRANGER,)))
    words = f"the notice is addressed to account {STRANGER}, which is neither the responder's own nor a member"
    assert words in english(decide(foreign, notice(account_ids=(STRANGER,)), PROVEN, NOW).reasons)
    assert words not in english(decide(missing, notice(), PROVEN, NOW).reasons)


SUCCESSORS = Successors("web", ("i-new",), (verbatim("lt-0a1"),), verbatim("lt-0a1"))


def test_what_is_gone_is_told_with_what_became_of_it_and_what_took_its_place():
    past = InstanceHistory(SEARCH, AccountRegion(ACCOUNT, "eu-west-1"), group="web", successors=SUCCESSORS)
    not_here, was_ours, successors = english(decide(replace(MISSING, past=past), notice(), PROVEN, NOW).reasons)
    assert not_here.startswith("the instance is in no Region that may be searched")
    assert was_ours.startswith("CloudTrail in ")
    assert successors == english(SUCCESSORS.summary)
    found = instance(state="terminated", successors=SUCCESSORS)
    gone, successors = english(decide(found, notice(), PROVEN, NOW).reasons)
    assert gone == "the instance is terminated: there is nothing left to contain"
    assert successors == english(SUCCESSORS.summary)


def test_one_sure_address_is_enough():
    found = instance(found_by=(holding(HeldDuringAbuse.UNKNOWN, quoted=True), holding(HeldDuringAbuse.YES)))
    assert decide(found, notice(), PROVEN, NOW).verdict is Verdict.CONTAIN


@pytest.mark.parametrize("held", HeldDuringAbuse)
@pytest.mark.parametrize("quoted", [True, False])
def test_only_who_held_an_address_of_aws_s_own_words_is_as_good_as_named(held, quoted):
    """What stands in a report an attacker may have written: also a true holder is asked about."""
    decision = decide(instance(found_by=(holding(held, quoted=quoted),)), notice(), PROVEN, NOW)
    sure = held is HeldDuringAbuse.YES and not quoted
    assert decision.verdict is (Verdict.CONTAIN if sure else Verdict.ASK)
    assert any(f"held then: {held}" in reason for reason in english(decision.reasons))
    assert any("where anybody can write" in reason for reason in english(decision.reasons)) is quoted


@pytest.mark.parametrize(
    ("holder", "words"),
    [
        (None, f"nothing in the Regions that may be searched holds 203.0.113.77 now ({english(SEARCH.summary)})"),
        (
            verbatim("the NAT gateway nat-0 in eu-west-1"),
            "203.0.113.77 now belongs to the NAT gateway nat-0 in eu-west-1: no",
        ),
    ],
)
def test_an_address_of_no_instance_is_told(holder, words):
    unheld = UnassignedAddress("203.0.113.77", holder, SEARCH)
    decision = decide(unheld, notice(), PROVEN, replace(NOW, approved=True))
    assert (decision.verdict, decision.instance_id) == (Verdict.TELL, "203.0.113.77")
    (reason,) = english(decision.reasons)
    assert words in reason


def test_all_doubts_stand_together():
    old = notice(sent_at=RECEIVED - timedelta(days=10), account_ids=("111122223333",), abuse_type="credential_exposure")
    decision = decide(instance(), old, UNPROVEN, replace(NOW, contained_this_hour=9))
    words = ("not proven", "to account", "240 h before", "the key must be made inactive", "9 instances")
    assert len(decision.reasons) == len(words)
    for reason, word in zip(english(decision.reasons), words, strict=True):
        assert word in reason


@pytest.mark.parametrize("abuse_type", ASK_FIRST)
def test_what_isolation_does_not_stop_is_asked(abuse_type):
    assert decide(instance(), notice(abuse_type=abuse_type), PROVEN, NOW).verdict is Verdict.ASK


def test_every_type_that_is_asked_is_one_that_the_reader_knows():
    assert set(ASK_FIRST) <= set(ABUSE_TYPES)


TRUSTED = replace(FORWARDED, trusted=True)


@pytest.mark.parametrize(
    ("proof", "may", "verdict"),
    [
        (TRUSTED, True, Verdict.CONTAIN),
        (TRUSTED, False, Verdict.ASK),
        (FORWARDED, True, Verdict.ASK),
        (UNPROVEN, True, Verdict.ASK),
        (PROVEN, False, Verdict.CONTAIN),
    ],
)
def test_a_trusted_forwarder_contains_only_where_the_settings_say_so(proof, may, verdict):
    decision = decide(instance(), notice(), proof, replace(NOW, forwarders_may_contain=may))
    assert decision.verdict is verdict
    assert any(english(proof.reason) in reason for reason in english(decision.reasons))


def test_a_trusted_forwarder_neither_ends_a_case_nor_outweighs_another_question():
    now = replace(NOW, forwarders_may_contain=True)
    ended = decide(instance(), notice(kind=NoticeKind.RESOLVED), TRUSTED, now)
    assert any("not proven to be from AWS" in reason for reason in english(ended.reasons))
    for doubtful in (notice(sent_at=AGES["old"]), notice(account_ids=ACCOUNTS["other"]), notice(sent_at=None)):
        assert decide(instance(), doubtful, TRUSTED, now).verdict is Verdict.ASK


@pytest.mark.parametrize(
    ("method", "root_device", "proof", "stop"),
    [
        (ContainmentMethod.ISOLATE, "ebs", PROVEN, False),
        (ContainmentMethod.STOP, "ebs", PROVEN, True),
        (ContainmentMethod.STOP, "instance-store", PROVEN, False),  # it cannot be stopped
        (ContainmentMethod.STOP, "ebs", UNPROVEN, False),  # what is not contained is not stopped either
    ],
)
def test_it_is_stopped_only_where_it_is_contained_and_the_settings_ask_for_it(method, root_device, proof, stop):
    found = instance(root_device=root_device)
    assert decide(found, notice(), proof, replace(NOW, method=method)).stop is stop
    approved = decide(found, notice(), proof, replace(NOW, method=method, approved=True))
    assert approved.stop is (method is ContainmentMethod.STOP and root_device == "ebs")


@pytest.mark.parametrize(
    ("said", "released", "doubt"),
    [
        ({"quoted_instances": (INSTANCE,)}, False, "policy:only_quoted"),
        ({"is_unclear": True}, False, "policy:unclear"),
        ({"accuses": False}, True, "policy:released"),
        ({"abuse_type": None, "report_type": "copyright_dmca"}, False, "policy:report_type"),
        ({"abuse_type": None, "report_type": "phishing"}, False, "policy:report_type"),
    ],
)
def test_without_an_accusation_in_aws_s_newest_words_an_admin_decides(said, released, doubt):
    decision = decide(instance(), replace(notice(), **said), PROVEN, replace(NOW, released=released))
    assert (decision.verdict, [reason.key for reason in decision.reasons]) == (Verdict.ASK, [doubt])


@pytest.mark.parametrize(
    ("said", "released"),
    [
        ({"accuses": False}, False),  # a reminder about what was never released
        ({"accuses": True}, True),  # new abuse after a release
        ({"abuse_type": None, "report_type": "port_scanning"}, False),
        ({"abuse_type": "dos", "report_type": "copyright_dmca"}, False),  # AWS's own word counts
        ({"quoted_instances": ("i-0fedcba9876543210",)}, False),
    ],
)
def test_an_accusation_of_aws_contains(said, released):
    decision = decide(instance(), replace(notice(), **said), PROVEN, replace(NOW, released=released))
    assert decision.verdict is Verdict.CONTAIN
