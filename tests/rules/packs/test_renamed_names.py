"""The head of a scheme says what was renamed: only names that are gone lead to names that are there."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import PackError
from rules.packs.digests import Aspect, compute_digests, compute_flow_digest
from rules.packs.renamed_names import NameMap
from rules.values.facts import FactValue
from tests.workflow.changed_schemes import HEAD, library_with, renamed_board
from tests.workflow.walk import shipped_library

NAMES = NameMap.of_scheme(renamed_board().scheme("mopac").declaration)


def faults_of(renamed: str) -> list[tuple[str, str]]:
    """The faults of the shipped scheme with these lines under `renamed`."""
    with pytest.raises(PackError) as refused:
        library_with({}, {HEAD: f"\nrenamed:\n  {renamed}\n"}).scheme("mopac")
    return [(fault.key, fault.message) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("renamed", "key", "message"),
    [
        ("stages: {pib: iab}", "renamed.stages.pib", "is still a stage, so it has not been renamed"),
        ("stages: {board: ibb}", "renamed.stages.board", "ibb is not a stage. Did you mean"),
        ("tasks: {finance: legal}", "renamed.tasks.finance", "legal is not a task."),
        ("roles: {chair: pib_chiar}", "renamed.roles.chair", "pib_chiar is not a role. Did you mean pib_chair?"),
        ("roles: {pib_chair: iab_chair}", "renamed.roles.pib_chair", "is still a role"),
        ("actions: {agree: pib-suport}", "renamed.actions.agree", "pib-suport is not an action. Did you mean"),
        ("actions: {extend: submit}", "renamed.actions.extend", "is still an action"),
        ("outcomes: {agreed: suported}", "renamed.outcomes.agreed", "suported is not an outcome. Did you mean"),
        ("outcomes: {supported: approved}", "renamed.outcomes.supported", "is still an outcome"),
        ("facts: {heading: titel}", "renamed.facts.heading", "titel is not a fact that is declared. Did you mean"),
        ("facts: {title: summary}", "renamed.facts.title", "is still a fact that is declared"),
        ("facts: {purchaser: buyer}", "renamed.facts.purchaser", "buyer is derived or given"),
    ],
)
def test_a_wrong_name_under_renamed_is_refused_with_its_place(renamed: str, key: str, message: str) -> None:
    found = faults_of(renamed)
    assert key in [at for at, _ in found]
    assert any(at == key and text.startswith(message) for at, text in found), found


def test_what_was_renamed_changes_neither_the_law_nor_the_flow() -> None:
    shipped = shipped_library().bundle("mopac")
    renamed = library_with({}, {HEAD: "\nrenamed:\n  stages: {board: pib}\n"}).bundle("mopac")
    assert compute_digests(shipped).changed_aspects(compute_digests(renamed)) == (Aspect.LAYOUT,)
    assert compute_flow_digest(shipped) == compute_flow_digest(renamed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pib.outcome", "portfolio.outcome"),
        ("pib.on", "portfolio.on"),
        ("pib.note", "pib.note"),
        ("iab.outcome", "iab.outcome"),
        ("title", "title"),
        ("exemption:pib.section", "exemption:pib.section"),
    ],
)
def test_the_facts_on_the_outcome_of_a_stage_take_its_new_name(old: str, new: str) -> None:
    assert NAMES.address(old) == new


def test_a_fact_that_was_renamed_keeps_its_subject() -> None:
    names = NameMap({"facts": {"exemption.reason": "exemption.rationale", "price": "cost"}})
    assert names.rename_facts({"exemption:s43.reason": "a", "price": 1, "title": "b"}) == {
        "exemption:s43.rationale": "a", "cost": 1, "title": "b",
    }  # fmt: skip


def test_outcomes_and_roles_are_renamed_where_a_stage_or_review_keeps_them_and_nowhere_else() -> None:
    facts: dict[str, FactValue] = {
        "pib.outcome": "supported",
        "pib.role": "pib_chair",
        "title": "supported",
        "pib.on": date(2018, 3, 8),
    }
    assert NAMES.rename_facts(facts) == {
        "portfolio.outcome": "endorsed", "portfolio.role": "portfolio_chair", "title": "supported",
        "portfolio.on": date(2018, 3, 8),
    }  # fmt: skip


def test_two_names_can_be_swapped() -> None:
    names = NameMap({"facts": {"first": "second", "second": "first"}})
    assert names.rename_facts({"first": "a", "second": "b"}) == {"second": "a", "first": "b"}


def test_the_form_that_the_ledger_keeps_gives_the_same_map() -> None:
    assert NameMap.from_json(NAMES.as_json()) == NAMES
    assert NameMap.from_json(NameMap({}).as_json()) == NameMap({})
