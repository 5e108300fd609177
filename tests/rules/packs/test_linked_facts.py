"""A fact that is read from a linked case says by which link, and which fact is read there."""

from __future__ import annotations

import pytest

from rules.values.facts import FactDeclaration, FactValue
from tests.rules.manual_packs import HEAD, manual_faults, manual_scheme
from tests.rules.pack_builders import FACTS_YAML, PACK_HEADER, ex_vat, pack_faults, small_rulebook

LINKS = "  earlier: {kind: text, names_case: true, label: Earlier case}\n"
OF_THING = "  exemption.case: {kind: text, names_case: true, label: Case}\n"
READ = "  earlier.due: {kind: day, label: Due there, from_case: {link: earlier, fact: due}}\n"
WRONG: dict[str, tuple[str, str, str]] = {
    "by a link that nobody declares": (
        READ.replace("link: earlier", "link: earliest"),
        "from_case.link", "earliest is a fact that nobody declares. Did you mean earlier?",
    ),
    "by a fact that names no case": (
        READ.replace("link: earlier", "link: reason"),
        "from_case.link", "reason does not name a case: give it `names_case: true`",
    ),
    "by the link of a thing in the case": (
        READ.replace("link: earlier", "link: exemption.case") + OF_THING,
        "from_case.link", "exemption.case is a fact of each exemption, and earlier.due is not",
    ),
    "of a fact that nobody declares": (
        READ.replace("fact: due", "fact: dues"),
        "from_case.fact", "dues is a fact that nobody declares. Did you mean due?",
    ),
    "of a fact of a thing there": (
        READ.replace("fact: due", "fact: exemption.until"),
        "from_case.fact", "exemption.until is a fact of each exemption of a case: name a fact of the case",
    ),
    "of a fact of the act": (
        READ.replace("fact: due", "fact: act.on"),
        "from_case.fact", "act.on is a fact of the act that is judged, and not of a case",
    ),
    "of what is itself read from a third case": (
        READ + READ.replace("earlier.due", "earlier.done").replace("fact: due", "fact: earlier.due"),
        "from_case.fact", "earlier.due is itself read from a linked case",
    ),
    "of another kind": (READ.replace("fact: due", "fact: number"), "kind", "must be count, as number is"),
    "and names a case itself": (
        READ.replace("kind: day", "kind: text, names_case: true").replace("fact: due", "fact: reason"),
        "names_case", "is for facts that somebody states",
    ),
}  # fmt: skip


def test_a_fact_is_read_by_the_link_of_the_case_or_of_the_same_thing() -> None:
    of_thing = "  exemption.due: {kind: day, label: Due, from_case: {link: exemption.case, fact: due}}\n"
    rulebook = small_rulebook(facts=FACTS_YAML + LINKS + OF_THING + READ + of_thing)
    assert {name: (read.link, read.fact) for name, read in rulebook.linked_facts.items()} == {
        "earlier.due": ("earlier", "due"),
        "exemption.due": ("exemption.case", "due"),
    }
    assert rulebook.link_facts == {"earlier", "exemption.case"}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_fact_cannot_be_read(wrong: str) -> None:
    declared, key, message = WRONG[wrong]
    faults = pack_faults(PACK_HEADER + FACTS_YAML + LINKS + declared)
    assert [fault.key.split(".", 3)[-1] for fault in faults if message in fault.message] == [key], faults


def test_what_is_derived_there_cannot_be_read() -> None:
    derived = "derived:\n  one.more: {label: One more, sum: [number, other]}\n"
    read = "  earlier.sum: {kind: count, label: Sum there, from_case: {link: earlier, fact: one.more}}\n"
    [fault] = pack_faults(PACK_HEADER + FACTS_YAML + LINKS + read + derived)
    assert "one.more is derived: name a fact that is stated or recorded" in fault.message


def test_nobody_states_what_is_read_from_a_linked_case() -> None:
    assert not manual_scheme().may_be_stated("contract:path.award_decided_on")


@pytest.mark.parametrize(
    ("new", "key"),
    [
        ("    asks: [checked, contract.award_decided_on]", "actions.declare.asks"),
        ("    asks: [checked]\n    dates: [contract.award_decided_on]", "actions.declare.dates"),
    ],
)
def test_no_act_records_what_is_read_from_a_linked_case(new: str, key: str) -> None:
    faults = manual_faults((HEAD, "    asks: [checked, advice]", new))
    message = "contract.award_decided_on is read from a linked case"
    assert [fault.key for fault in faults if message in fault.message] == [key], faults


@pytest.mark.parametrize("kind", ["money", "count", "flag", "text", "choice"])
def test_a_value_fits_a_declaration_of_its_own_kind_alone(kind: str) -> None:
    values: dict[str, FactValue] = {"money": ex_vat(5), "count": 3, "flag": True, "text": "words", "choice": "red"}
    choices = {"red": "Red"} if kind == "choice" else {}
    declared = FactDeclaration.model_validate({"kind": kind, "label": "Something", "choices": choices})
    fitting = {name for name, value in values.items() if declared.fits(value)}
    assert fitting == ({"text", "choice"} if kind == "text" else {kind})  # any text is a text
