"""A few seconds of the fuzzing that `make fuzz` does at length."""

from tests.fuzz.__main__ import run


def test_mutated_mails_break_no_law(tmp_path):
    broken, _, _ = run(seed=20, count=600, kept=tmp_path)

    assert not broken
