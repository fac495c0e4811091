"""The pages show what is deployed and sent: the state machines, and the mail that an admin gets."""

import pytest

from docs.draw import BEGIN, END, PAGE, README, REPORT, mail, picture, with_drawn
from tests.stacks.machines.definitions import MACHINES, RELEASING, edges, levels


def test_the_pictures_are_up_to_date():
    page = PAGE.read_text()
    as_it_comes = [machine for machine in MACHINES if machine is not RELEASING]
    assert with_drawn(page, *(picture(machine.definition) for machine in as_it_comes)) == page, "run `make docs`"


def test_the_mail_on_the_first_screen_is_up_to_date():
    page = README.read_text()
    assert with_drawn(page, mail(REPORT.read_text())) == page, "run `make docs`"


@pytest.mark.parametrize("machine", MACHINES, ids=str)
def test_every_state_and_every_way_is_drawn(machine):
    lines = [line.strip() for line in picture(machine.definition).splitlines()]
    ids = {line.split('"')[1]: line.split(" as ")[1].removesuffix(" {") for line in lines if line.startswith("state ")}
    assert ids.keys() == machine.states.keys()
    drawn = {tuple(line.split(" : ")[0].split(" --> ")) for line in lines if " --> " in line and "[*]" not in line}
    ways = [way for level in levels(machine.definition) for way in edges(level["States"])]
    assert drawn == {(ids[way.start], ids[way.end]) for way in ways}


def test_only_what_stands_between_the_marks_is_drawn_anew():
    page = f"before\n{BEGIN}\nyesterday\n{END}\nafter\n"
    drawn = with_drawn(page, "today")
    assert drawn == f"before\n{BEGIN}\ntoday\n{END}\nafter\n"
    assert with_drawn(drawn, "today") == drawn


def test_each_is_drawn_between_marks_of_its_own():
    page = f"before\n{BEGIN}\n{END}\nbetween\n{BEGIN}\n{END}\nafter\n"
    drawn = f"before\n{BEGIN}\nfirst\n{END}\nbetween\n{BEGIN}\nsecond\n{END}\nafter\n"
    assert with_drawn(page, "first", "second") == drawn


def test_a_page_without_marks_is_refused():
    with pytest.raises(ValueError, match="needs the lines"):
        with_drawn("no marks", "today")
