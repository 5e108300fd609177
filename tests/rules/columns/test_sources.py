"""What a source does not carry, where columns were once surer than the plain evaluator."""

from datetime import date

from rules.judging.rulebook import Rulebook
from rules.language.pack_schema import Pack
from rules.packs.linker import link_packs
from rules.packs.pack_file import PackFile
from rules.reading.yaml_reader import YamlFile
from rules.values.calendar import Calendar
from rules.values.evidence import Evidence
from rules.values.facts import FactDeclaration, Facts
from rules.values.money import Money, Vat
from tests.property.agreement import CITATION
from tests.rules.columns.populations import column_outcomes, duckdb_engine, plain_outcomes

LIMIT = {"from": date(2018, 1, 1), "is": "£5 ex VAT", "operator": "at_least", "citation": CITATION}
RATE = {"from": date(2018, 1, 1), "is": 200, "citation": CITATION}
PACK = {
    "pack": "small",
    "title": "A pack",
    "facts": {
        "amount": {"kind": "money", "label": "Amount"},
        "signed": {"kind": "day", "label": "Signed"},
        "decided": {"kind": "day", "label": "Decided"},
    },
    "values": {
        "limit": {"kind": "money", "label": "Limit", "history": [LIMIT]},
        "rate": {"kind": "count", "unit": "tenths_of_a_percent", "label": "Rate", "history": [RATE]},
    },
    "derived": {
        "amount.ex_vat": {
            "label": "Without VAT",
            "on_basis": {"amount": "amount", "value": "limit", "rate": "rate"},
            "governed_by": "signed",
        }
    },
    "controls": {
        "control.one": {
            "requirement": "The amount is small.",
            "wrong": "It is not.",
            "cure": "Make it small.",
            "gates": ["submit"],
            "requires": {"amount.ex_vat": {"at_most": "£6 inc VAT"}},
            "governed_by": "decided",
            "in_force": {"from": date(2018, 1, 1)},
            "citation": CITATION,
        }
    },
}
AMOUNT, DAY = Money(600, Vat.INCLUDED), date(2018, 4, 16)


def rulebook() -> Rulebook:
    source = YamlFile("pack.yaml", PACK, {})
    parsed, faults = source.validate(Pack)
    assert parsed is not None, faults
    calendar = Calendar("x", "X", 2017, 2019, {})
    return link_packs([PackFile(source, parsed)], {"act.on": FactDeclaration(kind="day", label="Day")}, calendar, "")


def outcomes(asked: set[str]) -> tuple[str, str]:
    """The plain outcome and that of the columns, of a case and of one beside it that states every fact."""
    stated: Facts = {"decided": DAY, "act.on": DAY, "amount": AMOUNT}
    cases = {name: Evidence(case, {}, asked=frozenset({"act.on", *asked})) for name, case in
             {"A": stated, "B": {**stated, "signed": DAY}}.items()}  # fmt: skip
    key = ("A", "case", "control.one")
    return plain_outcomes(rulebook(), cases)[key], column_outcomes(duckdb_engine(), rulebook(), cases)[key]


def test_an_amount_is_not_taken_as_it_is_where_the_day_of_its_limit_is_not_carried() -> None:
    assert outcomes({"amount", "decided"}) == ("undetermined", "undetermined")


def test_an_amount_stays_as_it_is_where_the_day_of_its_limit_was_left_out() -> None:
    assert outcomes({"amount", "decided", "signed"}) == ("satisfied", "satisfied")
