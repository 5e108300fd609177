"""A separation of duties is proved to hold whoever acts, and the fewest people for a case are counted."""

from __future__ import annotations

from rules.proving.separation_proof import count_least_people, roles_apart, separation_faults, separation_warnings
from tests.rules.manual_packs import HEAD, manual_bundle
from tests.workflow.walk import shipped_library


def test_an_action_open_to_a_role_that_the_separation_does_not_name_is_found_with_the_walk() -> None:
    changed = manual_bundle(
        (HEAD, "    gate: decide\n    who: [chair]\n", "    gate: decide\n    who: [chair, clerk]\n")
    )
    head, declaration = changed.head()
    faults = [(fault.key, fault.message) for fault in separation_faults(declaration, head)]
    walk = "one person can act as author, and then do decide as clerk"
    cure = "Name clerk in it, or take clerk out of actions.decide.who"
    assert faults == [("separation.author_and_decision", f"does not hold: {walk}. {cure}")]


def test_a_scheme_in_which_one_person_may_hold_every_role_is_warned_of() -> None:
    head, declaration = manual_bundle().head()
    assert not list(separation_warnings(declaration, head))
    [warning] = separation_warnings(declaration.model_copy(update={"separation": {}}), head)
    assert warning.key == "roles"
    assert "may all be one person in one case" in warning.message


def test_the_fewest_people_who_can_carry_a_case_are_counted() -> None:
    assert count_least_people(roles_apart(shipped_library().scheme("mopac").declaration)) == 3
