"""The thresholds of public procurement, each pair of years, through the shipped scheme."""

from datetime import date
from typing import Any, ClassVar, TypeAlias

import pytest

from rules.errors import NotInForce
from rules.money import Money, Vat
from rules.scheme import Scheme
from tests.law.conftest import Judged

Kind: TypeAlias = tuple[str, str]

CENTRAL, SUB_CENTRAL = ("central", "goods_services"), ("sub_central", "goods_services")
WORKS = (("central", "works"), ("sub_central", "works"))
LIGHT_TOUCH = (("central", "light_touch"), ("sub_central", "light_touch"))

# The first year of each pair; central and sub-central goods and services, works, and light touch services.
PAIRS: dict[int, tuple[int, int, int, int | None]] = {
    2010: (101_323, 156_442, 3_927_260, None),
    2012: (113_057, 173_934, 4_348_350, None),
    2014: (111_676, 172_514, 4_322_012, 625_050),
    2016: (106_047, 164_176, 4_104_394, 589_148),
    2018: (118_133, 181_302, 4_551_413, 615_278),
    2020: (122_976, 189_330, 4_733_252, 663_540),
    2022: (138_760, 213_477, 5_336_937, 663_540),
    2024: (139_688, 214_904, 5_372_609, 663_540),
    2026: (135_018, 207_720, 5_193_000, 663_540),
}
UTILITIES = {
    "goods_services": {2014: 345_028, 2016: 328_352, 2020: 378_660, 2022: 426_955, 2024: 429_809, 2026: 415_440},
    "light_touch": dict.fromkeys((2020, 2022, 2024, 2026), 884_720),
}
LIGHT_TOUCH_CONCESSIONS = [
    (date(2024, 1, 1), date(2027, 12, 31), (buyer, "light_touch_concession"), 5_372_609)
    for buyer in ("central", "sub_central")
]
RULES_FOR_UTILITIES = date(2016, 4, 18)
PART_B = (date(2014, 1, 1), date(2015, 2, 25), ("sub_central", "light_touch"), 172_514)


def periods() -> list[tuple[date, date, Kind, int]]:
    """Every row that is known: its first and last day, its kinds of buyer and contract, and its pounds."""
    rows = [PART_B, *LIGHT_TOUCH_CONCESSIONS]
    for year, (central, sub_central, works, light_touch) in PAIRS.items():
        first, last = date(year, 1, 1), date(year + 1, 12, 31)
        rows += [(first, last, CENTRAL, central), (first, last, SUB_CENTRAL, sub_central)]
        rows += [(first, last, kind, works) for kind in WORKS]
        first = date(2015, 2, 26) if year == 2014 else first
        rows += [(first, last, kind, light_touch) for kind in LIGHT_TOUCH if light_touch is not None]
        rows += of_others(year, last, works)
    return rows


def of_others(year: int, last: date, works: int) -> list[tuple[date, date, Kind, int]]:
    """Utilities as far as they are known, and concessions from 18 April 2016, whose figure is that for works."""
    rows: list[tuple[date, date, Kind, int]] = []
    if year >= 2016:
        first = date(2016, 4, 18) if year == 2016 else date(year, 1, 1)
        rows += [(first, last, (buyer, "concession"), works) for buyer in ("central", "sub_central")]
    figures = {kind: known[year] for kind, known in UTILITIES.items() if year in known}
    figures |= {"works": works} if year >= 2020 else {}
    return [*rows, *((date(year, 1, 1), last, ("utility", kind), pounds) for kind, pounds in figures.items())]


def is_ruled(row: tuple[date, date, Kind, int]) -> bool:
    """Whether a control asks about the procedure from the first day of a row on."""
    return row[2][0] != "utility" or row[0] >= RULES_FOR_UTILITIES


def control_of(day: date, kind: Kind) -> str:
    """The control of the regime under which a procurement that commenced on a day stands."""
    if kind[0] == "utility" or "concession" in kind[1]:
        return "procurement.other_route_stated"
    if kind in LIGHT_TOUCH:
        return "procurement.light_touch_route_stated"
    if day < date(2015, 2, 26):
        return "procurement.earlier_route_stated"
    return "procurement.route_stated" if day < date(2025, 2, 24) else "procurement.later_route_stated"


class TestEveryThreshold:
    """A procurement is regulated if its value is "equal to or exceeding" the threshold of the day it commenced.

    The figures are without VAT up to 31 December 2021, and with it from 1 January 2022.
    """

    @pytest.mark.parametrize(("first", "last", "kind", "pounds"), [row for row in periods() if is_ruled(row)])
    def test_the_figure_holds_on_both_its_days_and_to_the_penny(
        self, judged: Judged, first: date, last: date, kind: Kind, pounds: int
    ) -> None:
        basis = "inc VAT" if first.year >= 2022 else "ex VAT"
        for day in (first, last):
            facts = {"buyer": kind[0], "contract_kind": kind[1], "procurement_commenced_on": day}
            if kind not in LIGHT_TOUCH:  # of those it is only asked whether there is a route
                facts["procurement_route"] = "quotations"
            at = judged({**facts, "estimated_value": f"£{pounds} {basis}"})
            below = judged({**facts, "estimated_value": f"£{pounds - 1}.99 {basis}"})
            control = control_of(day, kind)
            assert (at[control].outcome, below[control].outcome) == ("breached", "not_applicable")

    def test_the_pack_holds_these_rows_and_no_others(self, scheme: Scheme) -> None:
        held = scheme.rulebook.law.values["procurement.threshold"].history
        found = {
            (row.first, row.last, (row.choices["buyer"], row.choices["contract_kind"])): row.figure for row in held
        }
        assert found == {
            (first, last, kind): Money(pounds * 100, Vat.INCLUDED if first.year >= 2022 else Vat.EXCLUDED)
            for first, last, kind, pounds in periods()
        }

    @pytest.mark.parametrize("day", [date(2009, 12, 31), date(2028, 1, 1)])
    def test_no_figure_is_stretched_beyond_the_years_that_are_known(self, scheme: Scheme, day: date) -> None:
        keys = {"buyer": "sub_central", "contract_kind": "goods_services"}
        with pytest.raises(NotInForce, match="first in force on 2010-01-01"):
            scheme.rulebook.law.values["procurement.threshold"].on("procurement.threshold", day, keys)


class TestUtilitiesBefore2020:
    """Figures for goods and services of utilities: £345,028 in 2014 and 2015, and £328,352 in 2016 and 2017.

    For 2018 and 2019 none was found. What one requirement takes is valued together: "total payable, options and
    renewals included".
    """

    KIND: ClassVar = {"buyer": "utility", "contract_kind": "goods_services"}

    @pytest.mark.parametrize(
        ("day", "pounds"),
        [
            (date(2014, 1, 1), 345_028),
            (date(2015, 12, 31), 345_028),
            (date(2016, 1, 1), 328_352),
            (date(2017, 12, 31), 328_352),
        ],
    )
    def test_parts_that_reach_the_figure_together_are_found_to_the_penny(
        self, judged: Judged, day: date, pounds: int
    ) -> None:
        facts = {**self.KIND, "procurement_commenced_on": day, "contract": {"other": {"value": "£1 ex VAT"}}}
        together = judged({**facts, "estimated_value": f"£{pounds - 1} ex VAT"})
        below = judged({**facts, "estimated_value": f"£{pounds - 2}.99 ex VAT"})
        outcomes = [found["procurement.counted_together"].outcome for found in (together, below)]
        assert outcomes == ["breached", "not_applicable"]

    @pytest.mark.parametrize(("day", "found"), [(date(2016, 4, 17), "not_applicable"), (date(2016, 4, 18), "breached")])
    def test_their_procedures_are_asked_for_from_18_april_2016(self, judged: Judged, day: date, found: str) -> None:
        facts = {**self.KIND, "procurement_commenced_on": day, "procurement_route": "quotations"}
        judgement = judged({**facts, "estimated_value": "£328,352 ex VAT"})
        assert judgement["procurement.other_route_stated"].outcome == found

    @pytest.mark.parametrize("day", [date(2018, 1, 1), date(2019, 12, 31)])
    def test_of_2018_and_2019_it_is_said_that_no_figure_could_be_found(self, judged: Judged, day: date) -> None:
        facts = {**self.KIND, "procurement_commenced_on": day, "procurement_route": "quotations"}
        finding = judged({**facts, "estimated_value": "£900,000 ex VAT"})["procurement.other_route_stated"]
        why = "no figure for the goods and services of utilities in 2018 and 2019 could be found"
        assert finding.outcome == "undetermined"
        assert finding.missing == (f"procurement.threshold on {day}, {why}",)


SMALL = {
    2010: (64_846, 810_580),
    2012: (69_574, 869_670),
    2014: (66_672, 833_400),
    2016: (62_842, 785_530),
    2018: (65_630, 820_370),
    2020: (70_778, 884_720),
    2022: (70_778, 884_720),
}


def small_lot(kind: str, pounds: str, day: date, **facts: str) -> dict[str, Any]:
    """A lot let by quotations as the only small one of a requirement of more than £20,000,000."""
    basis = "inc VAT" if day.year >= 2022 else "ex VAT"
    return {
        "contract_kind": kind,
        "procurement_commenced_on": day,
        "procurement_route": "quotations",
        "estimated_value": f"£{pounds} {basis}",
        "lots.let_outside": f"£{pounds} {basis}",
        "contract": {"rest": {"kind": "lot", "value": f"£20,000,000 {basis}"}},
        **facts,
    }


class TestSmallLots:
    """Lots "each below the small-lot value, up to 20% of the whole requirement, may be let outside".

    Read in an account of 2020. The Procurement Act 2023 is not known to have such lots.
    """

    LIMITS, TOGETHER = "procurement.small_lots_within_limits", "procurement.counted_together"

    @pytest.mark.parametrize(("year", "figures"), SMALL.items())
    @pytest.mark.parametrize("place", [0, 1])
    def test_a_lot_is_small_to_the_penny_below_the_figure_on_both_its_days(
        self, judged: Judged, year: int, figures: tuple[int, int], place: int
    ) -> None:
        kind, pounds = ("goods_services", "works")[place], figures[place]
        last = date(2025, 2, 23) if year == 2022 else date(year + 1, 12, 31)
        for day in (date(year, 1, 1), last):
            route = control_of(day, ("sub_central", kind))
            below = judged(small_lot(kind, f"{pounds - 1}.99", day))
            assert [below[name].outcome for name in (self.LIMITS, route)] == ["satisfied", "not_applicable"]
            at = judged(small_lot(kind, f"{pounds}", day))
            assert [at[name].outcome for name in (self.LIMITS, route)] == ["breached", "breached"]

    @pytest.mark.parametrize(
        ("together", "outcome"),
        [
            ("£49,999.99 ex VAT", "breached"),
            ("£50,000 ex VAT", "satisfied"),
            ("£80,000 ex VAT", "satisfied"),
            ("£80,000.01 ex VAT", "breached"),
        ],
    )
    def test_together_they_come_to_a_fifth_of_the_whole_at_most_and_to_this_one_at_least(
        self, judged: Judged, together: str, outcome: str
    ) -> None:
        rest = {"rest": {"kind": "lot", "value": "£350,000 ex VAT"}}
        facts = {**small_lot("goods_services", "50,000", date(2018, 3, 7)), "contract": rest}
        assert judged({**facts, "lots.let_outside": together})[self.LIMITS].outcome == outcome

    def test_a_lot_that_a_regulated_procedure_takes_in_need_not_be_small(self, judged: Judged) -> None:
        found = judged(small_lot("goods_services", "65,630", date(2018, 3, 7), procurement_route="open"))
        assert (found[self.LIMITS].outcome, found["procurement.route_stated"].outcome) == (
            "not_applicable",
            "satisfied",
        )

    def test_the_finding_says_which_limit_was_passed(self, judged: Judged) -> None:
        (seen,) = judged(small_lot("goods_services", "65,630", date(2018, 3, 7)))[self.LIMITS].facts
        assert seen.actual == "This lot is too large to be a small one"

    @pytest.mark.parametrize(
        ("day", "outcome"), [(date(2025, 2, 23), "not_applicable"), (date(2025, 2, 24), "breached")]
    )
    def test_under_the_act_of_2023_a_part_let_alone_is_found_however_small(
        self, judged: Judged, day: date, outcome: str
    ) -> None:
        assert judged(small_lot("goods_services", "50,000", day))[self.TOGETHER].outcome == outcome

    def test_nobody_is_asked_for_small_lots_who_lets_none(self, judged: Judged) -> None:
        facts = small_lot("goods_services", "50,000", date(2018, 3, 7))
        del facts["lots.let_outside"]
        found = judged(facts)
        assert [found[name].outcome for name in (self.LIMITS, self.TOGETHER)] == ["not_applicable", "breached"]
