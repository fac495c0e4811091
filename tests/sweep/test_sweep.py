"""A part of the sweep, always the same; `make sweep` runs the whole."""

import logging

import pytest

from tests.sweep.faults import FAULTS
from tests.sweep.sweep import cases, places, run, sample


@pytest.fixture(scope="module")
def every():
    logging.disable(logging.CRITICAL)  # the functions' own: thousands of lines
    yield cases(places())
    logging.disable(logging.NOTSET)


def test_each_step_that_was_taken_calls_something_and_each_call_fails_in_each_way(every):
    assert {place.function for _, place, _ in every} == {"contain", "read", "tell"}
    assert {fault for _, _, fault in every} == {fault.name for fault in FAULTS}


def test_no_fault_breaks_a_law(every):
    results = [run(case) for case in sample(every, len(FAULTS))]
    assert {(str(result.place), result.fault): result.broken for result in results if result.broken} == {}
    assert len({result.fault for result in results}) == len(FAULTS)
