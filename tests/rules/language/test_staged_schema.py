"""Staged law: how far it is on a day, and what its rows may say."""

from datetime import date

import pytest
from pydantic import ValidationError

from rules.language.staged_schema import StagedLaw

CITED = {"instrument": "Parks Act 2026", "provision": "s.12", "basis": "read", "kind": "law"}


def staged(**keys: object) -> StagedLaw:
    """Return a row of staged law with some keys."""
    return StagedLaw.model_validate(
        {"about": "Fees are set by a notice.", "held": "not_held", "status": "made", "citation": CITED, **keys}
    )


@pytest.mark.parametrize(("on", "state"), [("2027-03-31", "coming"), ("2027-04-01", "in force")])
def test_law_that_was_made_is_in_force_from_its_first_day(on: str, state: str) -> None:
    assert staged(**{"from": date(2027, 4, 1)}).state_on(date.fromisoformat(on)) == state


def test_law_that_was_made_without_a_day_is_never_in_force() -> None:
    assert staged().state_on(date.max) == "no day known"


@pytest.mark.parametrize("status", ["announced", "draft"])
def test_law_that_was_not_made_has_no_day(status: str) -> None:
    assert staged(status=status).state_on(date.max) == status
    with pytest.raises(ValidationError, match="take out `from`"):
        staged(status=status, **{"from": date(2027, 4, 1)})


@pytest.mark.parametrize("keys", [{"status": "passed"}, {"held": "maybe"}, {"about": "short"}, {"from": "2027"}])
def test_what_a_row_cannot_say_is_refused(keys: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        staged(**keys)
