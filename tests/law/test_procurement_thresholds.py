"""The thresholds of public procurement for each pair of years, judged by the shipped scheme."""

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

# By the first year of each pair: central and sub-central goods and services, works, and light touch services.
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
# Goods and services of utilities, and their light touch services (Part B services before).
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
ONLY_BEFORE_THE_ACT = (("utility", "concession"), ("utility", "light_touch_concession"))


def periods() -> list[tuple[date, date, Kind, int]]:
    """Return every known row: its first and last day, its kinds of buyer and contract, and its pounds."""
    rows: list[tuple[date, date, Kind, int]] = []
    for year, (central, sub_central, works, light_touch) in PAIRS.items():
        first, last = date(year, 1, 1), date(year + 1, 12, 31)
        rows += [(first, last, CENTRAL, central), (first, last, SUB_CENTRAL, sub_central)]
        rows += [(first, last, kind, works) for kind in (*WORKS, ("utility", "works"))]
        if year <= 2014:  # Part B services have the figure of sub-central authorities, whoever buys
            last_of_part_b = min(last, date(2015, 2, 25))
            rows += [(first, last_of_part_b, kind, sub_central) for kind in LIGHT_TOUCH]
        if light_touch is not None:
            begins = max(first, date(2015, 2, 26))
            rows += [(begins, last, kind, light_touch) for kind in LIGHT_TOUCH]
        rows += other_periods(year, works)
    return [part for row in rows for part in split_by_instrument(*row)]


def other_periods(year: int, works: int) -> list[tuple[date, date, Kind, int]]:
    """Return the rows of utilities, and of concessions from 18 April 2016, which have the figure for works."""
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
    if year < 2026:  # light touch concessions keep the figure of 2024
        until = date(2027, 12, 31) if year == 2024 else last
        rows += [(begins, until, (buyer, "light_touch_concession"), works) for buyer in ("central", "sub_central")]
        rows += [(begins, last, kind, works) for kind in ONLY_BEFORE_THE_ACT]
    return rows


def split_by_instrument(first: date, last: date, kind: Kind, pounds: int) -> list[tuple[date, date, Kind, int]]:
    """Split a row of 2024 into that of the Regulations and, from 24 February 2025, that of the Act.

    The figure is the same. Light touch services of authorities have one row, because their Regulations were not read;
    concessions of utilities have no row in the Act.
    """
    if first != date(2024, 1, 1) or kind in LIGHT_TOUCH:
        return [(first, last, kind, pounds)]
    before = (first, date(2025, 2, 23), kind, pounds)
    return [before] if kind in ONLY_BEFORE_THE_ACT else [before, (THE_ACT, last, kind, pounds)]


def has_control(row: tuple[date, date, Kind, int]) -> bool:
    """Return whether a control requires a procedure from the first day of a row."""
    return row[2][0] != "utility" or row[0] >= RULES_FOR_UTILITIES


def control_of(day: date, kind: Kind) -> str:
    """Return the control that applies to a procurement that commenced on a day."""
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

    @pytest.mark.parametrize(("first", "last", "kind", "pounds"), [row for row in periods() if has_control(row)])
    def test_the_figure_holds_on_its_first_and_last_day_and_to_the_penny(
        self, judge: JudgeFacts, first: date, last: date, kind: Kind, pounds: int
    ) -> None:
        basis = "inc VAT" if first.year >= 2022 else "ex VAT"
        for day in (first, last):
            facts = {"buyer": kind[0], "contract_kind": kind[1], "procurement_commenced_on": day}
            # Before the Act, light touch contracts need any route at all, so none is stated.
            if not kind[1].startswith("light_touch") or day >= THE_ACT:
                facts["procurement_route"] = "quotations"
            at = judge({**facts, "estimated_value": f"£{pounds} {basis}"})
            below = judge({**facts, "estimated_value": f"£{pounds - 1}.99 {basis}"})
            control = control_of(day, kind)
            assert (at[control].outcome, below[control].outcome) == ("breached", "not_applicable")

    def test_the_pack_has_these_rows_and_no_others(self, scheme: Scheme) -> None:
        history = scheme.rulebook.law.values["procurement.threshold"].history
        figures = {
            (row.first, row.last, (row.choices["buyer"], row.choices["contract_kind"])): row.figure for row in history
        }
        assert figures == {
            (first, last, kind): Money(pounds * 100, Vat.INCLUDED if first.year >= 2022 else Vat.EXCLUDED)
            for first, last, kind, pounds in periods()
        }

    @pytest.mark.parametrize(
        ("day", "known"),
        [
            (date(2009, 12, 31), "first in force on 2010-01-01"),
            (date(2028, 1, 1), "last in force on 2027-12-31, and first on 2010-01-01"),
        ],
    )
    def test_no_figure_is_in_force_outside_the_known_years(self, scheme: Scheme, day: date, known: str) -> None:
        keys = {"buyer": "sub_central", "contract_kind": "goods_services"}
        with pytest.raises(NotInForce, match=known):
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
    def test_light_touch_contracts_need_no_formal_procedure(
        self, judge: JudgeFacts, buyer: str, kind: str, route: dict[str, str], outcome: str
    ) -> None:
        facts = {"buyer": buyer, "contract_kind": kind, "procurement_commenced_on": date(2023, 3, 7), **route}
        findings = judge({**facts, "estimated_value": "£9,000,000 inc VAT"})
        assert findings[control_of(date(2023, 3, 7), (buyer, kind))].outcome == outcome
        assert findings["procurement.other_route_stated"].outcome == "not_applicable"


class TestUtilitiesBeforeTheirRules:
    """Figures for utilities before 18 April 2016, tested by values together: "options and renewals included"."""

    KIND: ClassVar = {"buyer": "utility", "contract_kind": "goods_services"}

    @pytest.mark.parametrize(
        ("day", "kind", "pounds"),
        [
            (day, row[2][1], row[3])
            for row in periods()
            if not has_control(row)
            for day in (row[0], min(row[1], date(2016, 4, 17)))
        ],
    )
    def test_parts_that_reach_the_figure_together_are_a_breach_to_the_penny(
        self, judge: JudgeFacts, day: date, kind: str, pounds: int
    ) -> None:
        other = {"other": {"value": "£1 ex VAT"}}
        facts = {"buyer": "utility", "contract_kind": kind, "procurement_commenced_on": day, "contract": other}
        together = judge({**facts, "estimated_value": f"£{pounds - 1} ex VAT"})
        below = judge({**facts, "estimated_value": f"£{pounds - 2}.99 ex VAT"})
        outcomes = [findings["procurement.counted_together"].outcome for findings in (together, below)]
        assert outcomes == ["breached", "not_applicable"]

    @pytest.mark.parametrize(
        ("day", "outcome"), [(date(2016, 4, 17), "not_applicable"), (date(2016, 4, 18), "breached")]
    )
    def test_utilities_need_a_procedure_from_18_april_2016(self, judge: JudgeFacts, day: date, outcome: str) -> None:
        facts = {**self.KIND, "procurement_commenced_on": day, "procurement_route": "quotations"}
        findings = judge({**facts, "estimated_value": "£328,352 ex VAT"})
        assert findings["procurement.other_route_stated"].outcome == outcome

    @pytest.mark.parametrize(("day", "outcome"), [(date(2025, 2, 23), "breached"), (date(2025, 2, 24), "undetermined")])
    def test_concessions_of_utilities_have_no_figure_under_the_act(
        self, judge: JudgeFacts, day: date, outcome: str
    ) -> None:
        facts = {"buyer": "utility", "contract_kind": "concession", "procurement_commenced_on": day}
        findings = judge({**facts, "procurement_route": "quotations", "estimated_value": "£9,000,000 inc VAT"})
        control = control_of(day, ("utility", "concession"))
        assert findings[control].outcome == outcome


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
    """Return a lot let by quotations, the only small one of a requirement of more than £20,000,000."""
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
    """Regulation 6(15) of 2015: small lots "shall not exceed 20% of the aggregate value of all the lots".

    Regulation 8(12) of 2006: they are "less than 20%". The Procurement Act 2023 is not known to have such lots.
    """

    LIMITS, TOGETHER = "procurement.small_lots_within_limits", "procurement.counted_together"

    @pytest.mark.parametrize(("year", "figures"), SMALL.items())
    @pytest.mark.parametrize("column", [0, 1])
    def test_a_lot_is_small_up_to_a_penny_below_the_figure_on_its_first_and_last_day(
        self, judge: JudgeFacts, year: int, figures: tuple[int, int], column: int
    ) -> None:
        kind, pounds = ("goods_services", "works")[column], figures[column]
        last = date(2025, 2, 23) if year == 2022 else date(year + 1, 12, 31)
        for day in (date(year, 1, 1), last):
            route = control_of(day, ("sub_central", kind))
            below = judge(small_lot(kind, f"{pounds - 1}.99", day))
            assert [below[name].outcome for name in (self.LIMITS, route)] == ["satisfied", "not_applicable"]
            at = judge(small_lot(kind, f"{pounds}", day))
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
    def test_small_lots_together_are_at_most_a_fifth_of_the_whole_and_at_least_this_lot(
        self, judge: JudgeFacts, together: str, outcome: str
    ) -> None:
        rest = {"rest": {"kind": "lot", "value": "£350,000 ex VAT"}}
        facts = {**small_lot("goods_services", "50,000", date(2018, 3, 7)), "contract": rest}
        assert judge({**facts, "lots.let_outside": together})[self.LIMITS].outcome == outcome

    @pytest.mark.parametrize(
        ("day", "together", "outcome"),
        [
            (date(2015, 2, 25), "£79,999.99 ex VAT", "satisfied"),
            (date(2015, 2, 25), "£80,000 ex VAT", "breached"),
            (date(2015, 2, 26), "£80,000 ex VAT", "satisfied"),
        ],
    )
    def test_before_the_regulations_of_2015_a_fifth_itself_was_too_much(
        self, judge: JudgeFacts, day: date, together: str, outcome: str
    ) -> None:
        rest = {"rest": {"kind": "lot", "value": "£350,000 ex VAT"}}
        facts = {**small_lot("goods_services", "50,000", day), "contract": rest}
        assert judge({**facts, "lots.let_outside": together})[self.LIMITS].outcome == outcome

    def test_a_lot_in_a_regulated_procedure_need_not_be_small(self, judge: JudgeFacts) -> None:
        findings = judge(small_lot("goods_services", "65,630", date(2018, 3, 7), procurement_route="open"))
        assert (findings[self.LIMITS].outcome, findings["procurement.route_stated"].outcome) == (
            "not_applicable",
            "satisfied",
        )

    def test_the_finding_says_which_limit_was_exceeded(self, judge: JudgeFacts) -> None:
        (seen,) = judge(small_lot("goods_services", "65,630", date(2018, 3, 7)))[self.LIMITS].observed_facts
        assert seen.actual == "This lot is too large to be a small lot"

    @pytest.mark.parametrize(
        ("day", "outcome"), [(date(2025, 2, 23), "not_applicable"), (date(2025, 2, 24), "breached")]
    )
    def test_under_the_act_of_2023_even_a_small_lot_alone_is_a_breach(
        self, judge: JudgeFacts, day: date, outcome: str
    ) -> None:
        assert judge(small_lot("goods_services", "50,000", day))[self.TOGETHER].outcome == outcome

    def test_the_limits_do_not_apply_without_small_lots(self, judge: JudgeFacts) -> None:
        facts = small_lot("goods_services", "50,000", date(2018, 3, 7))
        del facts["lots.let_outside"]
        findings = judge(facts)
        assert [findings[name].outcome for name in (self.LIMITS, self.TOGETHER)] == ["not_applicable", "breached"]


class TestAmountsAsStated:
    """An amount without a VAT basis is judged where both bases give one answer; elsewhere it is asked for."""

    FACTS: ClassVar[dict[str, Any]] = {
        "buyer": "sub_central", "contract_kind": "goods_services", "procurement_route": "quotations",
        "supply.vat": "standard",
    }  # fmt: skip

    @pytest.mark.parametrize(
        ("commenced", "value", "outcome"),
        [  # £181,302 without VAT, which is £217,562.40 with it
            ("1 March 2018", "£181,301.99", "not_applicable"),
            ("1 March 2018", "£181,302", "undetermined"),
            ("1 March 2018", "£217,562.39", "undetermined"),
            ("1 March 2018", "£217,562.42", "breached"),
            ("1 March 2018", "£1.4m", "breached"),
            ("1 March 2018", "£49k", "not_applicable"),
            # £214,904 with VAT, which is £179,086.67 without
            ("1 March 2024", "£179,086", "not_applicable"),
            ("1 March 2024", "£179,087", "undetermined"),
            ("1 March 2024", "£214,903.99", "undetermined"),
            ("1 March 2024", "£214,904", "breached"),
        ],
    )
    def test_the_basis_is_asked_for_only_between_the_two_limits(
        self, judge: JudgeFacts, commenced: str, value: str, outcome: str
    ) -> None:
        facts = {**self.FACTS, "procurement_commenced_on": commenced, "estimated_value": value}
        finding = judge(facts)["procurement.route_stated"]
        assert finding.outcome == outcome
        if outcome == "undetermined":
            assert finding.missing == ("estimated_value",)
            assert finding.cure == (
                "Write ex VAT or inc VAT after “Estimated value” (estimated_value): here it changes the answer."
            )
            both = {judge({**facts, "estimated_value": f"{value} {basis}"})["procurement.route_stated"].outcome
                    for basis in ("ex VAT", "inc VAT")}  # fmt: skip
            assert both == {"breached", "not_applicable"}, "the basis does change the answer"

    @pytest.mark.parametrize(("treatment", "outcome"), [("zero", "breached"), ("exempt", "breached")])
    def test_where_there_is_no_vat_there_is_one_answer(self, judge: JudgeFacts, treatment: str, outcome: str) -> None:
        facts = {**self.FACTS, "supply.vat": treatment, "procurement_commenced_on": "1 March 2018"}
        assert judge({**facts, "estimated_value": "£181,302"})["procurement.route_stated"].outcome == outcome

    def test_without_its_treatment_only_what_any_rate_allows_is_judged(self, judge: JudgeFacts) -> None:
        facts = {key: value for key, value in self.FACTS.items() if key != "supply.vat"}
        facts["procurement_commenced_on"] = "1 March 2018"
        outcomes = [
            judge({**facts, "estimated_value": value})["procurement.route_stated"].outcome
            for value in ("£181,301.99", "£9m")
        ]
        assert outcomes == ["not_applicable", "undetermined"]
