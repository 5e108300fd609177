"""The thresholds of public procurement, each pair of years, through the shipped scheme."""

from datetime import date
from typing import Any, ClassVar, TypeAlias

import pytest

from rules.errors import NotInForce
from rules.packs.scheme import Scheme
from rules.values.money import Money, Vat
from tests.law.conftest import JudgeFacts

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
# Goods and services of utilities, and their services under the light touch, before that of Part B.
UTILITIES: dict[int, tuple[int, int]] = {
    2010: (313_694, 313_694),
    2012: (347_868, 347_868),
    2014: (345_028, 345_028),
    2016: (328_352, 785_530),
    2018: (363_424, 820_370),
    2020: (378_660, 884_720),
    2022: (426_955, 884_720),
    2024: (429_809, 884_720),
    2026: (415_440, 884_720),
}
RULES_FOR_UTILITIES = date(2016, 4, 18)
THE_ACT = date(2025, 2, 24)
OF_THE_ACT_ALONE = (("utility", "concession"), ("utility", "light_touch_concession"))


def periods() -> list[tuple[date, date, Kind, int]]:
    """Every row that is known: its first and last day, its kinds of buyer and contract, and its pounds."""
    rows: list[tuple[date, date, Kind, int]] = []
    for year, (central, sub_central, works, light_touch) in PAIRS.items():
        first, last = date(year, 1, 1), date(year + 1, 12, 31)
        rows += [(first, last, CENTRAL, central), (first, last, SUB_CENTRAL, sub_central)]
        rows += [(first, last, kind, works) for kind in (*WORKS, ("utility", "works"))]
        if year <= 2014:  # Part B services: the figure of sub-central authorities, whoever buys
            last_of_part_b = min(last, date(2015, 2, 25))
            rows += [(first, last_of_part_b, kind, sub_central) for kind in LIGHT_TOUCH]
        if light_touch is not None:
            begins = max(first, date(2015, 2, 26))
            rows += [(begins, last, kind, light_touch) for kind in LIGHT_TOUCH]
        rows += of_others(year, works)
    return [part for row in rows for part in by_instrument(*row)]


def of_others(year: int, works: int) -> list[tuple[date, date, Kind, int]]:
    """Utilities, and concessions from 18 April 2016, whose figure is that for works."""
    first, last = date(year, 1, 1), date(year + 1, 12, 31)
    goods, light_touch = UTILITIES[year]
    rows = [(first, last, ("utility", "goods_services"), goods)]
    if year == 2016:
        rows.append((first, date(2016, 4, 17), ("utility", "light_touch"), goods))
    begins = max(first, RULES_FOR_UTILITIES) if year == 2016 else first
    rows.append((begins, last, ("utility", "light_touch"), light_touch))
    if year < 2016:
        return rows
    rows += [(begins, last, (buyer, "concession"), works) for buyer in ("central", "sub_central")]
    if year < 2026:  # the figure of light touch concessions stays what it was in 2024
        until = date(2027, 12, 31) if year == 2024 else last
        rows += [(begins, until, (buyer, "light_touch_concession"), works) for buyer in ("central", "sub_central")]
        rows += [(begins, last, kind, works) for kind in OF_THE_ACT_ALONE]
    return rows


def by_instrument(first: date, last: date, kind: Kind, pounds: int) -> list[tuple[date, date, Kind, int]]:
    """A row of 2024 in its two parts: the Regulations', and from 24 February 2025 the Act's, which keeps the figure.

    Light touch services of authorities have one, since their Regulations were not read; concessions of utilities have
    no row of their own in the Act.
    """
    if first != date(2024, 1, 1) or kind in LIGHT_TOUCH:
        return [(first, last, kind, pounds)]
    before = (first, date(2025, 2, 23), kind, pounds)
    return [before] if kind in OF_THE_ACT_ALONE else [before, (THE_ACT, last, kind, pounds)]


def is_ruled(row: tuple[date, date, Kind, int]) -> bool:
    """Whether a control asks about the procedure from the first day of a row on."""
    return row[2][0] != "utility" or row[0] >= RULES_FOR_UTILITIES


def control_of(day: date, kind: Kind) -> str:
    """The control of the regime under which a procurement that commenced on a day stands."""
    if day >= THE_ACT:
        return "procurement.later_route_stated"
    if kind in LIGHT_TOUCH:
        return "procurement.light_touch_route_stated"
    if kind[1].startswith("light_touch"):
        return "procurement.other_light_touch_route_stated"
    if kind[0] == "utility" or "concession" in kind[1]:
        return "procurement.other_route_stated"
    if day < date(2015, 2, 26):
        return "procurement.earlier_route_stated"
    return "procurement.route_stated"


class TestEveryThreshold:
    """A procurement is regulated if its value is "equal to or exceeding" the threshold of the day it commenced.

    The figures are without VAT up to 31 December 2021, and with it from 1 January 2022.
    """

    @pytest.mark.parametrize(("first", "last", "kind", "pounds"), [row for row in periods() if is_ruled(row)])
    def test_the_figure_holds_on_both_its_days_and_to_the_penny(
        self, judged: JudgeFacts, first: date, last: date, kind: Kind, pounds: int
    ) -> None:
        basis = "inc VAT" if first.year >= 2022 else "ex VAT"
        for day in (first, last):
            facts = {"buyer": kind[0], "contract_kind": kind[1], "procurement_commenced_on": day}
            # Before the Act it is only asked of the light touch whether there is a route.
            if not kind[1].startswith("light_touch") or day >= THE_ACT:
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
            scheme.rulebook.law.values["procurement.threshold"].in_force_on("procurement.threshold", day, keys)

    @pytest.mark.parametrize(
        ("buyer", "kind"),
        [("utility", "light_touch"), ("sub_central", "light_touch_concession"), ("utility", "light_touch_concession")],
    )
    @pytest.mark.parametrize(
        ("route", "outcome"),
        [
            ({}, "breached"),
            ({"procurement_route": "quotations"}, "satisfied"),
            ({"procurement_route": "open"}, "satisfied"),
        ],
    )
    def test_no_formal_procedure_is_laid_upon_the_light_touch(
        self, judged: JudgeFacts, buyer: str, kind: str, route: dict[str, str], outcome: str
    ) -> None:
        facts = {"buyer": buyer, "contract_kind": kind, "procurement_commenced_on": date(2023, 3, 7), **route}
        found = judged({**facts, "estimated_value": "£9,000,000 inc VAT"})
        assert found[control_of(date(2023, 3, 7), (buyer, kind))].outcome == outcome
        assert found["procurement.other_route_stated"].outcome == "not_applicable"


class TestUtilitiesBeforeTheirRulesAreHeld:
    """Figures for utilities before 18 April 2016, put to what is valued together: "options and renewals included"."""

    KIND: ClassVar = {"buyer": "utility", "contract_kind": "goods_services"}

    @pytest.mark.parametrize(
        ("day", "kind", "pounds"),
        [
            (day, row[2][1], row[3])
            for row in periods()
            if not is_ruled(row)
            for day in (row[0], min(row[1], date(2016, 4, 17)))
        ],
    )
    def test_parts_that_reach_the_figure_together_are_found_to_the_penny(
        self, judged: JudgeFacts, day: date, kind: str, pounds: int
    ) -> None:
        other = {"other": {"value": "£1 ex VAT"}}
        facts = {"buyer": "utility", "contract_kind": kind, "procurement_commenced_on": day, "contract": other}
        together = judged({**facts, "estimated_value": f"£{pounds - 1} ex VAT"})
        below = judged({**facts, "estimated_value": f"£{pounds - 2}.99 ex VAT"})
        outcomes = [found["procurement.counted_together"].outcome for found in (together, below)]
        assert outcomes == ["breached", "not_applicable"]

    @pytest.mark.parametrize(("day", "found"), [(date(2016, 4, 17), "not_applicable"), (date(2016, 4, 18), "breached")])
    def test_their_procedures_are_asked_for_from_18_april_2016(self, judged: JudgeFacts, day: date, found: str) -> None:
        facts = {**self.KIND, "procurement_commenced_on": day, "procurement_route": "quotations"}
        judgement = judged({**facts, "estimated_value": "£328,352 ex VAT"})
        assert judgement["procurement.other_route_stated"].outcome == found

    @pytest.mark.parametrize(("day", "found"), [(date(2025, 2, 23), "breached"), (date(2025, 2, 24), "undetermined")])
    def test_of_their_concessions_no_figure_is_held_under_the_act(
        self, judged: JudgeFacts, day: date, found: str
    ) -> None:
        facts = {"buyer": "utility", "contract_kind": "concession", "procurement_commenced_on": day}
        finding = judged({**facts, "procurement_route": "quotations", "estimated_value": "£9,000,000 inc VAT"})
        control = control_of(day, ("utility", "concession"))
        assert finding[control].outcome == found


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
        self, judged: JudgeFacts, year: int, figures: tuple[int, int], place: int
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
        self, judged: JudgeFacts, together: str, outcome: str
    ) -> None:
        rest = {"rest": {"kind": "lot", "value": "£350,000 ex VAT"}}
        facts = {**small_lot("goods_services", "50,000", date(2018, 3, 7)), "contract": rest}
        assert judged({**facts, "lots.let_outside": together})[self.LIMITS].outcome == outcome

    def test_a_lot_that_a_regulated_procedure_takes_in_need_not_be_small(self, judged: JudgeFacts) -> None:
        found = judged(small_lot("goods_services", "65,630", date(2018, 3, 7), procurement_route="open"))
        assert (found[self.LIMITS].outcome, found["procurement.route_stated"].outcome) == (
            "not_applicable",
            "satisfied",
        )

    def test_the_finding_says_which_limit_was_passed(self, judged: JudgeFacts) -> None:
        (seen,) = judged(small_lot("goods_services", "65,630", date(2018, 3, 7)))[self.LIMITS].observed_facts
        assert seen.actual == "This lot is too large to be a small one"

    @pytest.mark.parametrize(
        ("day", "outcome"), [(date(2025, 2, 23), "not_applicable"), (date(2025, 2, 24), "breached")]
    )
    def test_under_the_act_of_2023_a_part_let_alone_is_found_however_small(
        self, judged: JudgeFacts, day: date, outcome: str
    ) -> None:
        assert judged(small_lot("goods_services", "50,000", day))[self.TOGETHER].outcome == outcome

    def test_nobody_is_asked_for_small_lots_who_lets_none(self, judged: JudgeFacts) -> None:
        facts = small_lot("goods_services", "50,000", date(2018, 3, 7))
        del facts["lots.let_outside"]
        found = judged(facts)
        assert [found[name].outcome for name in (self.LIMITS, self.TOGETHER)] == ["not_applicable", "breached"]
