"""Where the figures and days of packs require an example, and the faults if none stands there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pytest

from rules.errors import Fault
from rules.judging.rulebook import Rulebook
from rules.language.derived_facts import add_derived_facts
from rules.packs.linker import link_packs
from rules.packs.pack_file import PackFile
from rules.proving.boundaries import (
    DeclarationLocations,
    required_boundaries,
    sides_with_examples,
    unreachable_row_faults,
    untested_boundary_faults,
)
from rules.proving.example_run import ExampleRun, Expectation
from rules.proving.rulebook_index import RulebookIndex
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from rules.values.money import Money, Vat, parse_money
from tests.rules.pack_builders import (
    CALENDAR,
    FACTS_YAML,
    GIVEN_FACTS,
    PACK_HEADER,
    controls_yaml,
    ex_vat,
    make_pack_file,
)

LIMIT = "fee.limit"
EXAMPLES = "law/small.examples.yaml"
CONTROL = """
of: case
when: {all: [{colour: {is_not: blue}}, {value: {reaches: {value: fee.limit}}}]}
requires: {agreed: {is: true}}
governed_by: due
in_force: {from: 2018-01-01, to: 2019-06-30}
"""


def faults(book: Rulebook, pack_files: Sequence[PackFile], runs: Sequence[ExampleRun]) -> list[Fault]:
    """The faults of every row that no control can reach, and of every side of a boundary without an example."""
    locations = DeclarationLocations(tuple(pack_files), tuple(dict.fromkeys(run.file for run in runs)))
    return [
        *unreachable_row_faults(book, locations),
        *untested_boundary_faults(book, locations, sides_with_examples(book, runs)).values(),
    ]


def row(
    first: str, last: str = "", figure: str = "£500 ex VAT", operator: str = "at_least", colour: str = "red"
) -> str:
    to = f", to: {last}" if last else ""
    cited = "citation: {provision: s 1, basis: read}"
    return f"      - {{from: {first}{to}, for: {{colour: {colour}}}, is: {figure}, operator: {operator}, {cited}}}\n"


USUAL = row("2018-03-01", "2018-12-31")


def rulebook(*rows: str, control: str = CONTROL, more: str = "") -> Rulebook:
    text = _text(*rows, control=control, more=more)
    return link_packs([make_pack_file(text)], GIVEN_FACTS, CALENDAR, "digest")


def _text(*rows: str, control: str = CONTROL, more: str = "") -> str:
    head = "values:\n  fee.limit:\n    kind: money\n    label: The limit\n    by: [colour]\n    history:\n"
    return PACK_HEADER + FACTS_YAML + head + "".join(rows) + more + controls_yaml(fee_agreed=control)


def example(book: Rulebook, **facts: FactValue) -> ExampleRun:
    """An example of a red case that names every control; only its place matters here."""
    known = {"colour": "red", "agreed": True, "act.on": date(2018, 4, 16), **facts}
    evidence = add_derived_facts(Evidence.from_parts(known, {}), book.derived_facts, book.law)
    expectations = tuple(Expectation(control, "case", "satisfied") for control in book.controls)
    return ExampleRun("An example", EXAMPLES, expectations, evidence)


def around(book: Rulebook) -> list[ExampleRun]:
    """Examples on both sides of every boundary of the usual value and control."""
    amounts = [example(book, due=date(2018, 6, 1), value=Money(pence, Vat.EXCLUDED)) for pence in (49_999, 50_000)]
    days = (
        "2017-12-31",
        "2018-01-01",
        "2018-02-28",
        "2018-03-01",
        "2018-12-31",
        "2019-01-01",
        "2019-06-30",
        "2019-07-01",
    )
    return amounts + [example(book, due=date.fromisoformat(day), value=ex_vat(500)) for day in days]


def messages_by_key(book: Rulebook, runs: Iterable[ExampleRun]) -> dict[str, list[str]]:
    """The file and message of each fault, by its key."""
    found: dict[str, list[str]] = {}
    for fault in faults(book, [make_pack_file(_text(USUAL))], list(runs)):
        found.setdefault(fault.key, []).append(f"{fault.file}: {fault.message}")
    return found


def places(book: Rulebook, name: str = LIMIT) -> set[object]:
    """Where a value or a control requires an example."""
    return {side.value for side in required_boundaries(RulebookIndex(book)) if side.name == name}


def test_examples_on_both_sides_of_every_boundary_leave_no_fault() -> None:
    book = rulebook(USUAL)
    assert messages_by_key(book, around(book)) == {}


@pytest.mark.parametrize(
    ("day", "which"),
    [
        (date(2018, 2, 28), "the day before the first"),
        (date(2018, 3, 1), "the first day"),
        (date(2018, 12, 31), "the last day"),
        (date(2019, 1, 1), "the day after the last"),
    ],
)
def test_a_day_beside_a_row_without_an_example_is_a_fault_in_the_file_where_one_belongs(day: date, which: str) -> None:
    book = rulebook(USUAL)
    kept = [run for run in around(book) if run.evidence.case_facts["due"] != day]
    message = f"{EXAMPLES}: no example stands on {day}, {which} of £500 excluding VAT for red from 2018-03-01"
    assert messages_by_key(book, kept) == {LIMIT: [message]}


def test_a_penny_beside_a_figure_without_an_example_is_a_fault_of_the_value_and_of_its_control() -> None:
    book = rulebook(USUAL)
    kept = [run for run in around(book) if run.evidence.case_facts["value"] != parse_money("£499.99 ex VAT")]
    below, figure = "£499.99 excluding VAT", "£500 excluding VAT for red from 2018-03-01"
    assert messages_by_key(book, kept) == {
        LIMIT: [f"{EXAMPLES}: no example stands at value {below}, beside {figure}"],
        "fee.agreed": [f"{EXAMPLES}: no example stands at value just below a figure of fee.limit"],
    }


@pytest.mark.parametrize(
    ("day", "test"),
    [
        (date(2017, 12, 31), "on_or_after 2018-01-01"),
        (date(2018, 1, 1), "on_or_after 2018-01-01"),
        (date(2019, 6, 30), "on_or_before 2019-06-30"),
        (date(2019, 7, 1), "on_or_before 2019-06-30"),
    ],
)
def test_a_day_beside_a_day_of_a_control_without_an_example_is_a_fault(day: date, test: str) -> None:
    book = rulebook(USUAL)
    kept = [run for run in around(book) if run.evidence.case_facts["due"] != day]
    assert messages_by_key(book, kept) == {"fee.agreed": [f"{EXAMPLES}: no example stands at due {day}, beside {test}"]}


def test_an_example_for_other_choices_does_not_count() -> None:
    book = rulebook(USUAL)
    others = [example(book, **{**run.evidence.case_facts, "colour": "green"}) for run in around(book)]
    assert LIMIT in messages_by_key(book, others)


def test_an_amount_on_another_vat_basis_does_not_count() -> None:
    book = rulebook(USUAL)
    others = [
        example(book, **{**run.evidence.case_facts, "value": parse_money("£500 inc VAT")}) for run in around(book)
    ]
    assert "fee.agreed" in messages_by_key(book, others)


def test_a_limit_at_or_above_its_figure_has_its_boundary_below_it() -> None:
    amounts = {parse_money(f"£{pounds} ex VAT") for pounds in ("499.99", "500")}
    assert amounts == {at for at in places(rulebook(USUAL)) if isinstance(at, Money)}


def test_a_limit_above_its_figure_has_its_boundary_above_it() -> None:
    amounts = {parse_money(f"£{pounds} ex VAT") for pounds in ("500", "500.01")}
    book = rulebook(row("2018-03-01", operator="more_than"))
    assert amounts == {at for at in places(book) if isinstance(at, Money)}


def test_no_example_is_required_below_zero() -> None:
    book = rulebook(row("2018-03-01", figure="£0 ex VAT"))
    assert {at for at in places(book) if isinstance(at, Money)} == {parse_money("£0 ex VAT")}


def test_a_boundary_of_a_count_lies_one_beside_it() -> None:
    book = rulebook(USUAL, control=CONTROL.replace("agreed: {is: true}", "number: {at_most: 3}"))
    assert {3, 4} == {at for at in places(book, "fee.agreed") if type(at) is int and at > 1}


def test_a_range_has_a_boundary_at_each_end() -> None:
    book = rulebook(USUAL, control=CONTROL.replace("agreed: {is: true}", "number: {within: [5, 9]}"))
    assert {4, 5, 9, 10} == {at for at in places(book, "fee.agreed") if type(at) is int and at > 1}


def test_a_day_on_which_no_control_uses_the_value_requires_no_example() -> None:
    days = places(rulebook(row("2018-01-01", "2019-06-30")))
    assert date(2018, 1, 1) in days
    assert date(2017, 12, 31) not in days
    assert date(2019, 7, 1) not in days


class TestDerived:
    CHOOSES = """
derived:
  fee.rank:
    label: Rank
    choices: {high: High, low: Low}
    governed_by: due
    choose: {lines: [{when: {value: {reaches: {value: fee.limit}}}, then: high}], otherwise: low}
"""
    CONTROL = "requires: {fee.rank: {is: high}}\ngoverned_by: due\n"

    def test_a_figure_that_a_derived_fact_compares_with_requires_examples_too(self) -> None:
        book = rulebook(USUAL, control=self.CONTROL, more=self.CHOOSES)
        assert {parse_money("£499.99 ex VAT"), parse_money("£500 ex VAT")} <= places(book)

    def test_an_example_of_a_control_that_rests_on_the_derived_fact_counts(self) -> None:
        book = rulebook(USUAL, control=self.CONTROL, more=self.CHOOSES)
        runs = [example(book, due=date(2018, 6, 1), value=parse_money("£499.99 ex VAT"))]
        messages = [fault.message for fault in faults(book, [make_pack_file(_text(USUAL, more=self.CHOOSES))], runs)]
        assert not any("£499.99" in message for message in messages)
        assert any("at value £500 excluding VAT" in message for message in messages)


class TestUnreachableRows:
    @pytest.mark.parametrize(
        ("given", "is_unreachable"),
        [
            (row("2012-01-01", "2017-12-31"), True),
            (row("2012-01-01", "2018-01-01"), False),
            (row("2019-07-01"), True),
            (row("2019-06-30"), False),
            (row("2018-03-01", colour="blue"), True),
            (row("2018-03-01", colour="green"), False),
        ],
    )
    def test_a_row_is_unreachable_if_no_control_applies_on_its_days_or_for_its_choices(
        self, given: str, *, is_unreachable: bool
    ) -> None:
        assert list(RulebookIndex(rulebook(given)).unreachable_rows()) == [(LIMIT, 0)] * is_unreachable

    def test_an_unreachable_row_is_a_fault_at_its_line(self) -> None:
        text = _text(USUAL, row("2018-03-01", colour="blue"))
        book = link_packs([make_pack_file(text)], GIVEN_FACTS, CALENDAR, "digest")
        (fault,) = [fault for fault in faults(book, [make_pack_file(text)], ()) if "never be picked" in fault.message]
        assert fault.key == f"values.{LIMIT}.history.1"
        assert "blue" in text.splitlines()[fault.line - 1]

    def test_a_value_that_no_control_rests_on_has_no_unreachable_rows(self) -> None:
        book = rulebook(row("2012-01-01", "2012-12-31"), control="requires: {agreed: {is: true}}\n")
        assert list(RulebookIndex(book).unreachable_rows()) == []


class TestClasses:
    def test_rows_alike_in_days_figure_and_operator_are_one_class(self) -> None:
        book = rulebook(USUAL, row("2018-03-01", "2018-12-31", colour="green"))
        assert (
            required_boundaries(RulebookIndex(book)).keys()
            == required_boundaries(RulebookIndex(rulebook(USUAL))).keys()
        )

    def test_a_typo_in_one_of_them_makes_a_class_of_its_own(self) -> None:
        typo = row("2018-03-01", "2018-12-31", figure="£550 ex VAT", colour="green")
        more = (
            required_boundaries(RulebookIndex(rulebook(USUAL, typo))).keys()
            - required_boundaries(RulebookIndex(rulebook(USUAL))).keys()
        )
        assert {side.value for side in more if isinstance(side.value, Money)} == {
            parse_money("£549.99 ex VAT"),
            parse_money("£550 ex VAT"),
        }
