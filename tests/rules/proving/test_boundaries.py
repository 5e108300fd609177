"""Which places the literals of packs ask an example to stand at, and what is said where none does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pytest

from rules.errors import Fault
from rules.judging.rulebook import Rulebook
from rules.language.derived_facts import add_derived_facts
from rules.packs.linker import PackFile, link_packs
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
ASKS = """
of: case
when: {all: [{colour: {is_not: blue}}, {value: {reaches: {value: fee.limit}}}]}
requires: {agreed: {is: true}}
governed_by: due
in_force: {from: 2018-01-01, to: 2019-06-30}
"""


def faults(book: Rulebook, parts: Sequence[PackFile], shown: Sequence[ExampleRun]) -> list[Fault]:
    """Every row that can never be picked, and every side of a boundary on which no example stands."""
    homes = DeclarationLocations(tuple(parts), tuple(dict.fromkeys(one.file for one in shown)))
    return [
        *unreachable_row_faults(book, homes),
        *untested_boundary_faults(book, homes, sides_with_examples(book, shown)).values(),
    ]


def row(
    first: str, last: str = "", figure: str = "£500 ex VAT", operator: str = "at_least", colour: str = "red"
) -> str:
    to = f", to: {last}" if last else ""
    cited = "citation: {provision: s 1, basis: read}"
    return f"      - {{from: {first}{to}, for: {{colour: {colour}}}, is: {figure}, operator: {operator}, {cited}}}\n"


USUAL = row("2018-03-01", "2018-12-31")


def rulebook(*rows: str, asks: str = ASKS, more: str = "") -> Rulebook:
    text = _text(*rows, asks=asks, more=more)
    return link_packs([make_pack_file(text)], GIVEN_FACTS, CALENDAR, "digest")


def _text(*rows: str, asks: str = ASKS, more: str = "") -> str:
    head = "values:\n  fee.limit:\n    kind: money\n    label: The limit\n    by: [colour]\n    history:\n"
    return PACK_HEADER + FACTS_YAML + head + "".join(rows) + more + controls_yaml(fee_agreed=asks)


def example(book: Rulebook, **facts: FactValue) -> ExampleRun:
    """An example that asks about every control, of a red case; only where it stands matters here."""
    known = {"colour": "red", "agreed": True, "act.on": date(2018, 4, 16), **facts}
    whole = add_derived_facts(Evidence.from_parts(known, {}), book.derived_facts, book.law)
    asked = tuple(Expectation(control, "case", "satisfied") for control in book.controls)
    return ExampleRun("An example", EXAMPLES, asked, whole)


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


def wanting(book: Rulebook, shown: Iterable[ExampleRun]) -> dict[str, list[str]]:
    """What is said, by the key that it is said of."""
    found: dict[str, list[str]] = {}
    for fault in faults(book, [make_pack_file(_text(USUAL))], list(shown)):
        found.setdefault(fault.key, []).append(f"{fault.file}: {fault.message}")
    return found


def places(book: Rulebook, what: str = LIMIT) -> set[object]:
    return {cut.value for cut in required_boundaries(RulebookIndex(book)) if cut.name == what}


def test_where_examples_stand_on_both_sides_of_every_boundary_nothing_is_wanting() -> None:
    book = rulebook(USUAL)
    assert wanting(book, around(book)) == {}


@pytest.mark.parametrize(
    ("day", "which"),
    [
        (date(2018, 2, 28), "the day before the first"),
        (date(2018, 3, 1), "the first day"),
        (date(2018, 12, 31), "the last day"),
        (date(2019, 1, 1), "the day after the last"),
    ],
)
def test_a_day_beside_a_row_on_which_no_example_stands_is_told_where_one_belongs(day: date, which: str) -> None:
    book = rulebook(USUAL)
    kept = [one for one in around(book) if one.evidence.case_facts["due"] != day]
    said = f"{EXAMPLES}: no example stands on {day}, {which} of £500 excluding VAT for red from 2018-03-01"
    assert wanting(book, kept) == {LIMIT: [said]}


def test_a_penny_beside_a_figure_at_which_no_example_stands_is_told_of_the_value_and_of_its_control() -> None:
    book = rulebook(USUAL)
    kept = [one for one in around(book) if one.evidence.case_facts["value"] != parse_money("£499.99 ex VAT")]
    below, figure = "£499.99 excluding VAT", "£500 excluding VAT for red from 2018-03-01"
    assert wanting(book, kept) == {
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
def test_a_day_beside_a_controls_own_at_which_no_example_stands_is_told(day: date, test: str) -> None:
    book = rulebook(USUAL)
    kept = [one for one in around(book) if one.evidence.case_facts["due"] != day]
    assert wanting(book, kept) == {"fee.agreed": [f"{EXAMPLES}: no example stands at due {day}, beside {test}"]}


def test_an_example_for_other_choices_does_not_stand_there() -> None:
    book = rulebook(USUAL)
    others = [example(book, **{**one.evidence.case_facts, "colour": "green"}) for one in around(book)]
    assert LIMIT in wanting(book, others)


def test_an_amount_on_another_vat_basis_does_not_stand_there() -> None:
    book = rulebook(USUAL)
    others = [
        example(book, **{**one.evidence.case_facts, "value": parse_money("£500 inc VAT")}) for one in around(book)
    ]
    assert "fee.agreed" in wanting(book, others)


def test_a_limit_at_or_above_its_figure_is_cut_below_it() -> None:
    amounts = {parse_money(f"£{pounds} ex VAT") for pounds in ("499.99", "500")}
    assert amounts == {at for at in places(rulebook(USUAL)) if isinstance(at, Money)}


def test_a_limit_above_its_figure_is_cut_above_it() -> None:
    amounts = {parse_money(f"£{pounds} ex VAT") for pounds in ("500", "500.01")}
    book = rulebook(row("2018-03-01", operator="more_than"))
    assert amounts == {at for at in places(book) if isinstance(at, Money)}


def test_nothing_stands_below_nothing() -> None:
    book = rulebook(row("2018-03-01", figure="£0 ex VAT"))
    assert {at for at in places(book) if isinstance(at, Money)} == {parse_money("£0 ex VAT")}


def test_a_count_is_cut_by_one() -> None:
    book = rulebook(USUAL, asks=ASKS.replace("agreed: {is: true}", "number: {at_most: 3}"))
    assert {3, 4} == {at for at in places(book, "fee.agreed") if type(at) is int and at > 1}


def test_a_range_is_cut_at_both_ends() -> None:
    book = rulebook(USUAL, asks=ASKS.replace("agreed: {is: true}", "number: {within: [5, 9]}"))
    assert {4, 5, 9, 10} == {at for at in places(book, "fee.agreed") if type(at) is int and at > 1}


def test_a_day_on_which_no_control_asks_wants_no_example() -> None:
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
    ASKS = "requires: {fee.rank: {is: high}}\ngoverned_by: due\n"

    def test_a_figure_that_a_derived_fact_compares_with_wants_examples_too(self) -> None:
        book = rulebook(USUAL, asks=self.ASKS, more=self.CHOOSES)
        assert {parse_money("£499.99 ex VAT"), parse_money("£500 ex VAT")} <= places(book)

    def test_an_example_of_a_control_that_rests_on_it_stands_there(self) -> None:
        book = rulebook(USUAL, asks=self.ASKS, more=self.CHOOSES)
        shown = [example(book, due=date(2018, 6, 1), value=parse_money("£499.99 ex VAT"))]
        left = [fault.message for fault in faults(book, [make_pack_file(_text(USUAL, more=self.CHOOSES))], shown)]
        assert not any("£499.99" in message for message in left)
        assert any("at value £500 excluding VAT" in message for message in left)


class TestDeadRows:
    @pytest.mark.parametrize(
        ("given", "dead"),
        [
            (row("2012-01-01", "2017-12-31"), True),
            (row("2012-01-01", "2018-01-01"), False),
            (row("2019-07-01"), True),
            (row("2019-06-30"), False),
            (row("2018-03-01", colour="blue"), True),
            (row("2018-03-01", colour="green"), False),
        ],
    )
    def test_a_row_is_dead_that_no_control_can_come_to_by_its_days_or_its_choices(
        self, given: str, *, dead: bool
    ) -> None:
        assert list(RulebookIndex(rulebook(given)).unreachable_rows()) == [(LIMIT, 0)] * dead

    def test_it_is_a_fault_at_its_line(self) -> None:
        text = _text(USUAL, row("2018-03-01", colour="blue"))
        book = link_packs([make_pack_file(text)], GIVEN_FACTS, CALENDAR, "digest")
        (fault,) = [one for one in faults(book, [make_pack_file(text)], ()) if "never be picked" in one.message]
        assert fault.key == f"values.{LIMIT}.history.1"
        assert "blue" in text.splitlines()[fault.line - 1]

    def test_a_value_that_no_control_rests_on_has_none(self) -> None:
        book = rulebook(row("2012-01-01", "2012-12-31"), asks="requires: {agreed: {is: true}}\n")
        assert list(RulebookIndex(book).unreachable_rows()) == []


class TestClasses:
    def test_rows_alike_in_days_figure_and_operator_are_one(self) -> None:
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
        assert {cut.value for cut in more if isinstance(cut.value, Money)} == {
            parse_money("£549.99 ex VAT"),
            parse_money("£550 ex VAT"),
        }
