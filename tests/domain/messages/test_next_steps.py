"""Where the report tells the admins to answer AWS."""

import pytest

from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.messages.report import containment_report
from tests.samples import FORWARDED, GIFT_CARD, PROVEN, UNPROVEN, matter

DESK, SHOP = "ec2-abuse@amazon.com", "gc-orders@gc.email.amazon.com"


@pytest.mark.parametrize("language", CATALOGUE)
@pytest.mark.parametrize(
    ("proof", "sender", "named"),
    [(PROVEN, DESK, True), (GIFT_CARD, SHOP, False), (FORWARDED, DESK, False), (UNPROVEN, DESK, False)],
)
def test_only_the_abuse_desk_is_named_as_the_place_to_answer(language, proof, sender, named):
    voice = CATALOGUE[language]
    body = containment_report(voice, matter(proof=proof, notice_sender=sender), [], [], []).body
    write_to = " ".join(voice.say("where:write", sender=sender).split())
    assert (write_to in " ".join(body.split())) is named
