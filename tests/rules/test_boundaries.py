"""Which places the literals of packs ask an example to stand at, and what is said where none does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.boundaries import Ground, dead_rows, faults, wanted
from rules.dated import Row, Value
from rules.errors import Fault
from rules.examples import prove
from rules.library import Library
from rules.money import parse
from rules.rulebook import Rulebook

THRESHOLD = "procurement.threshold"
PROCUREMENT_EXAMPLES = "law/public-contracts-2015.examples.yaml"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.of([])


@pytest.fixture(scope="module")
def rulebook(library: Library) -> Rulebook:
    return library.scheme("mopac").rulebook


def faults_without(library: Library, *names: str) -> list[Fault]:
    """What is wanting once some examples are taken away."""
    proof = prove(library.scheme("mopac"), library.examples("mopac"))
    kept = [one for one in proof.shown if one.name not in names]
    assert len(kept) == len(proof.shown) - len(names)
    return faults(library.scheme("mopac").rulebook, library.bundle("mopac").parts(), kept)


def changed(rulebook: Rulebook, name: str, **changes: object) -> Ground:
    """The ground of a rulebook in whose one value the last row is another."""
    value = rulebook.law.values[name]
    row = value.history[-1].model_copy(update=changes)
    return with_rows(rulebook, name, (*value.history[:-1], row))


def with_rows(rulebook: Rulebook, name: str, history: tuple[Row, ...]) -> Ground:
    value = rulebook.law.values[name]
    other = Value.model_construct(kind=value.kind, label=value.label, about="", by=value.by, history=history)
    values = {**rulebook.law.values, name: other}
    return Ground(replace(rulebook, law=replace(rulebook.law, values=values)))


def places(ground: Ground, what: str) -> set[object]:
    return {cut.at for cut in wanted(ground) if cut.what == what}


def test_what_is_shipped_stands_on_both_sides_of_every_boundary(library: Library) -> None:
    assert faults_without(library) == []


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        (
            ["A penny below the 2018 threshold no regulated procedure is needed"],
            "at estimated_value £181,301.99 excluding VAT, beside £181,302 excluding VAT for sub_central",
        ),
        (
            ["On the last day of 2019 the threshold of 2018 still holds"],
            "on 2019-12-31, the last day of £181,302 excluding VAT for sub_central, goods_services from 2018-01-01",
        ),
        (
            ["The threshold of 2018 is not guessed for a year whose figure is not in the pack"],
            "on 2020-01-01, the day after the last of £181,302",
        ),
        (
            ["On 1 January 2018 the threshold of 2018 holds"],
            "on 2018-01-01, the first day of £181,302",
        ),
        (
            ["Before 2018 the threshold of 2018 does not hold"],
            "on 2017-12-31, the day before the first of £181,302",
        ),
    ],
)
def test_a_side_of_a_dated_value_on_which_no_example_stands_is_told_where_one_belongs(
    library: Library, taken: list[str], said: str
) -> None:
    found = [fault for fault in faults_without(library, *taken) if fault.key == THRESHOLD]
    assert len(found) == 1
    assert found[0].file == PROCUREMENT_EXAMPLES
    assert found[0].message.startswith(f"no example stands {said}")


def test_the_control_that_compares_with_the_figure_is_told_too(library: Library) -> None:
    found = faults_without(library, "A penny below the 2018 threshold no regulated procedure is needed")
    assert [(fault.key, fault.message) for fault in found if fault.key != THRESHOLD] == [
        (
            "procurement.route_stated",
            "no example stands at estimated_value just below a figure of procurement.threshold",
        )
    ]


def test_a_side_of_a_controls_own_day_on_which_no_example_stands_is_told(library: Library) -> None:
    found = faults_without(
        library, "A procurement that commenced on 24 February 2025 is no longer under the Regulations"
    )
    assert {(fault.file, fault.key) for fault in found} == {
        (PROCUREMENT_EXAMPLES, "procurement.route_stated"),
        (PROCUREMENT_EXAMPLES, "procurement.modification_ground"),
    }
    assert {fault.message for fault in found} == {
        "no example stands at procurement_commenced_on 2025-02-24, beside on_or_before 2025-02-23"
    }


def test_a_limit_at_or_above_its_figure_is_cut_below_it(rulebook: Rulebook) -> None:
    wanted_at = places(Ground(rulebook), THRESHOLD)
    assert parse("£181,301.99 ex VAT") in wanted_at
    assert parse("£181,302 ex VAT") in wanted_at
    assert parse("£181,302.01 ex VAT") not in wanted_at


def test_a_limit_above_its_figure_is_cut_above_it(rulebook: Rulebook) -> None:
    wanted_at = places(changed(rulebook, THRESHOLD, operator="more_than"), THRESHOLD)
    assert parse("£181,301.99 ex VAT") not in wanted_at
    assert parse("£181,302 ex VAT") in wanted_at
    assert parse("£181,302.01 ex VAT") in wanted_at


def test_nothing_stands_below_nothing(rulebook: Rulebook) -> None:
    amounts = places(changed(rulebook, THRESHOLD, figure=parse("£0 ex VAT")), THRESHOLD)
    assert parse("£0 ex VAT") in amounts


def test_a_day_before_the_first_on_which_no_control_asks_wants_no_example(rulebook: Rulebook) -> None:
    days = places(Ground(rulebook), "foia.nature")
    assert date(2005, 1, 1) in days
    assert date(2004, 12, 31) not in days, "the controls that rest on it begin on that very day"


def test_a_day_before_the_first_on_which_a_control_asks_wants_one(rulebook: Rulebook) -> None:
    assert date(2005, 1, 1) in places(changed(rulebook, "foia.nature", first=date(2005, 1, 2)), "foia.nature")


class TestDeadRows:
    def test_none_of_those_shipped_is_dead(self, rulebook: Rulebook) -> None:
        assert list(dead_rows(Ground(rulebook))) == []

    def test_a_row_that_ends_before_any_control_asks_is_dead(self, rulebook: Rulebook) -> None:
        ground = changed(rulebook, THRESHOLD, first=date(2012, 1, 1), last=date(2015, 2, 25))
        assert list(dead_rows(ground)) == [(THRESHOLD, 0)]

    def test_a_row_that_lasts_to_the_first_day_of_a_control_is_not(self, rulebook: Rulebook) -> None:
        ground = changed(rulebook, THRESHOLD, first=date(2012, 1, 1), last=date(2015, 2, 26))
        assert list(dead_rows(ground)) == []

    def test_a_row_that_begins_after_the_last_control_is_dead(self, rulebook: Rulebook) -> None:
        ground = changed(rulebook, THRESHOLD, first=date(2025, 2, 24), last=None)
        assert list(dead_rows(ground)) == [(THRESHOLD, 0)]

    def test_a_row_that_begins_on_the_last_day_of_a_control_is_not(self, rulebook: Rulebook) -> None:
        ground = changed(rulebook, THRESHOLD, first=date(2025, 2, 23), last=None)
        assert list(dead_rows(ground)) == []

    def test_a_row_for_a_choice_that_every_control_leaves_out_is_dead(self, rulebook: Rulebook) -> None:
        ground = changed(rulebook, THRESHOLD, choices={"buyer": "sub_central", "contract_kind": "none"})
        assert list(dead_rows(ground)) == [(THRESHOLD, 0)]

    def test_a_dead_row_is_a_fault_at_its_line(self, library: Library) -> None:
        file = "law/public-contracts-2015.yaml"
        text = library.files[file].decode()
        assert text.count("contract_kind: goods_services}") == 1
        files = {**library.files, file: text.replace("contract_kind: goods_services}", "contract_kind: none}").encode()}
        dead = Library(files)
        found = faults(dead.scheme("mopac").rulebook, dead.bundle("mopac").parts(), ())
        lines = [fault.line for fault in found if fault.key == f"values.{THRESHOLD}.history.0"]
        assert lines == [next(n for n, line in enumerate(text.splitlines(), 1) if line == "      - from: 2018-01-01")]


class TestClasses:
    def test_rows_alike_in_days_figure_and_operator_are_one(self, rulebook: Rulebook) -> None:
        (row,) = rulebook.law.values[THRESHOLD].history
        twin = row.model_copy(update={"choices": {**row.choices, "buyer": "central"}})
        both = wanted(with_rows(rulebook, THRESHOLD, (row, twin)))
        assert both.keys() == wanted(Ground(rulebook)).keys()

    def test_a_typo_in_one_of_them_makes_a_class_of_its_own(self, rulebook: Rulebook) -> None:
        (row,) = rulebook.law.values[THRESHOLD].history
        typo = row.model_copy(
            update={"choices": {**row.choices, "buyer": "central"}, "figure": parse("£181,320 ex VAT")}
        )
        more = wanted(with_rows(rulebook, THRESHOLD, (row, typo))).keys() - wanted(Ground(rulebook)).keys()
        assert {cut.at for cut in more if isinstance(cut.of, tuple) and cut.of[-1] == "figure"} == {
            parse("£181,319.99 ex VAT"),
            parse("£181,320 ex VAT"),
        }
