"""What an annotation gives of a number and what is read of it are compared by what they mean."""

from __future__ import annotations

import pytest

from kb.likeness import agrees


@pytest.mark.parametrize(
    ("annotated", "read", "same"),
    [
        ("preoperative", "before the operation", True),
        ("postoperative", "after surgery", True),
        ("intraoperative", "during the procedure", True),
        ("preoperative", "after surgery", False),
        ("postoperative", "before surgery", False),
        ("last follow-up", "at last follow-up", True),
    ],
)
def test_times_around_an_operation(annotated: str, read: str, same: bool) -> None:
    assert agrees("time", annotated, (read, None), {}) is same


def test_times_of_the_calendar() -> None:
    assert agrees("time", "2 years", ("at 24 months", 24.0), {})
    assert not agrees("time", "2 years", ("at last follow-up", None), {})


def test_a_unit_is_one_in_capitals_too() -> None:
    assert agrees("unit", "L", "l", {})
