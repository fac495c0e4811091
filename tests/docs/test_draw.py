"""The pages show what is deployed and sent: the state machine, and the mail that an admin gets."""

import pytest

from docs.draw import BEGIN, END, PAGE, README, REPORT, mail, picture, with_drawn
from tests.stacks.test_respond import DEFINITION, STATES, edges, levels


def test_the_picture_is_up_to_date():
    page = PAGE.read_text()
    assert with_drawn(page, picture(DEFINITION)) == page, "run `make docs`"


def test_the_mail_on_the_first_screen_is_up_to_date():
    page = README.read_text()
    assert with_drawn(page, mail(REPORT.read_text())) == page, "run `make docs`"


def test_every_state_and_every_way_is_drawn():
    lines = [line.strip() for line in picture(DEFINITION).splitlines()]
    ids = {line.split('"')[1]: line.split(" as ")[1].removesuffix(" {") for line in lines if line.startswith("state ")}
    assert ids.keys() == STATES.keys()
    drawn = {tuple(line.split(" : ")[0].split(" --> ")) for line in lines if " --> " in line and "[*]" not in line}
    assert drawn == {(ids[way.start], ids[way.end]) for level in levels() for way in edges(level["States"])}


def test_only_what_stands_between_the_marks_is_drawn_anew():
    page = f"before\n{BEGIN}\nyesterday\n{END}\nafter\n"
    drawn = with_drawn(page, "today")
    assert drawn == f"before\n{BEGIN}\ntoday\n{END}\nafter\n"
    assert with_drawn(drawn, "today") == drawn


def test_a_page_without_marks_is_refused():
    with pytest.raises(ValueError, match="needs the lines"):
        with_drawn("no marks", "today")
