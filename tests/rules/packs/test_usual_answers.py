"""The usual answer of a fact, as a pack declares it: it must be one that the fact can have."""

from __future__ import annotations

import pytest

from rules.values.facts import FactDeclaration, FactValue
from rules.values.money import Money, Vat
from tests.rules.manual_packs import LAW, manual_faults

URGENT = '{kind: flag, label: "Is the work too urgent to wait?", usually: false}'
WORK = "    label: Kind of work\n"


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ('{kind: flag, label: "Is the work too urgent to wait?", usually: 2}', "2 is not true or false"),
        ('{kind: flag, label: "Is the work too urgent to wait?", usually: often}', "'often' is not true or false"),
    ],
)
def test_a_usual_answer_that_does_not_fit_is_a_fault_of_its_key(declared: str, message: str) -> None:
    [fault] = manual_faults((LAW, URGENT, declared))
    assert (fault.key, fault.message) == ("facts.urgent.usually", message)


def test_a_usual_choice_must_be_one_of_the_choices() -> None:
    [fault] = manual_faults((LAW, WORK, f"{WORK}    usually: digging\n"))
    assert fault.key == "facts.work.usually"
    assert "is not one of planting, building" in fault.message


@pytest.mark.parametrize(
    ("declared", "usually", "value"),
    [
        ({"kind": "count"}, 1, 1),
        ({"kind": "flag"}, False, False),
        ({"kind": "text"}, "None.", "None."),
        ({"kind": "money"}, "£5 ex VAT", Money(500, Vat.EXCLUDED)),
        ({"kind": "count"}, None, None),
    ],
)
def test_a_usual_answer_is_a_value_of_its_kind(declared: dict[str, str], usually: object, value: FactValue) -> None:
    assert FactDeclaration.model_validate({**declared, "label": "What?", "usually": usually}).usual_answer == value
