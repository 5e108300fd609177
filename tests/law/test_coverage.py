"""Which law the shipped packs hold: rows have sources, and what is not held is tried on both sides."""

from datetime import date
from functools import cache
from typing import Any

import pytest

from rules.language.provisions import identify_instruments
from rules.packs.library import Library
from rules.packs.scheme import Scheme
from rules.proving.coverage import (
    CoveredProvisions,
    find_instruments_without_coverage,
    find_uncovered,
    list_coverage,
)
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.gate_findings import gate_findings
from tests.law.conftest import JudgeFacts

LIBRARY = Library.load([])

ACT = {
    "procurement_commenced_on": "2025-03-03", "contract_kind": "goods_services", "estimated_value": "£400,000 ex VAT",
    "buyer": "sub_central", "supply.vat": "standard",
}  # fmt: skip
LATER = {**ACT, "procurement_commenced_on": "2026-06-01"}
REGULATIONS = {**ACT, "procurement_commenced_on": "2018-03-05"}
OLD = {**ACT, "procurement_commenced_on": "2014-03-05"}
SECURITY = {"procurement.exemption": "security"}
BELOW = {"estimated_value": "£100,000 ex VAT"}

PUBLISHED_LISTS = "Thresholds of public procurement, as published for each pair of years"
SUBSIDIES = {"act.on": "2026-06-01"}

COMPETITIVE_FLEXIBLE = {"procurement_route": "competitive_flexible"}
DIRECT_AWARD = {"procurement_route": "direct_award"}
FRAMEWORK = {"procurement_route": "framework"}
MODIFICATION = {"procurement_route": "modification"}
NEGOTIATED_WITHOUT_CALL = {"procurement_route": "negotiated_without_call"}
OPEN = {"procurement_route": "open"}
RESTRICTED = {"procurement_route": "restricted"}

ASKS: tuple[tuple[str, dict[str, str], dict[str, Any], dict[str, Any]], ...] = (
    ("procurement_act_2023_utilities", ACT, {"buyer": "utility"}, {"buyer": "sub_central"}),
    ("procurement_act_2023_defence", ACT, SECURITY, {"procurement.exemption": "land"}),
    ("procurement_act_2023_mixed", ACT, {"contract_kind": "light_touch"}, {"contract_kind": "works"}),
    ("procurement_act_2023_objectives", ACT, FRAMEWORK, MODIFICATION),
    ("procurement_act_2023_preparation", ACT, OPEN, DIRECT_AWARD),
    ("procurement_act_2023_flexible", ACT, COMPETITIVE_FLEXIBLE, OPEN),
    (
        "procurement_act_2023_dynamic_markets",
        ACT,
        COMPETITIVE_FLEXIBLE,
        OPEN,
    ),
    ("procurement_act_2023_direct_award", ACT, DIRECT_AWARD, OPEN),
    ("procurement_act_2023_frameworks", ACT, FRAMEWORK, OPEN),
    ("procurement_act_2023_changes", ACT, MODIFICATION, OPEN),
    ("procurement_act_2023_treaties", ACT, OPEN, FRAMEWORK),
    ("procurement_act_2023_information", ACT, {}, BELOW),
    ("procurement_act_2023_amendment_2026", LATER, {}, {"contract_kind": "none"}),
    ("procurement_act_2023_local_suppliers_2026", LATER, BELOW, {}),
    ("public_contracts_2015_principles", REGULATIONS, OPEN, FRAMEWORK),
    (
        "public_contracts_2015_negotiated",
        REGULATIONS,
        NEGOTIATED_WITHOUT_CALL,
        OPEN,
    ),
    ("public_contracts_2015_frameworks", REGULATIONS, FRAMEWORK, OPEN),
    (
        "public_contracts_2015_dynamic_purchasing",
        REGULATIONS,
        RESTRICTED,
        OPEN,
    ),
    ("public_contracts_2015_joint", REGULATIONS, FRAMEWORK, OPEN),
    ("public_contracts_2015_preparation", REGULATIONS, OPEN, FRAMEWORK),
    ("public_contracts_2015_selection", REGULATIONS, OPEN, FRAMEWORK),
    (
        "public_contracts_2015_performance",
        REGULATIONS,
        MODIFICATION,
        OPEN,
    ),
    (
        "public_contracts_2015_light_touch",
        REGULATIONS,
        {"contract_kind": "light_touch", "estimated_value": "£700,000 ex VAT"},
        {"contract_kind": "light_touch"},
    ),
    ("public_contracts_2015_records", REGULATIONS, OPEN, FRAMEWORK),
    ("public_contracts_2006_others", OLD, {}, BELOW),
    ("procurement_thresholds_utilities", REGULATIONS, {"buyer": "utility"}, {"buyer": "sub_central"}),
    ("procurement_thresholds_concessions", REGULATIONS, {"contract_kind": "concession"}, {"contract_kind": "works"}),
    ("procurement_thresholds_defence", REGULATIONS, SECURITY, {"procurement.exemption": "land"}),
    ("foia_2000_publication_schemes", {}, {"part_2.exists": True}, {"part_2.exists": False, "deferral.asked": False}),
    ("equality_2010_prohibited_conduct", {}, {"equality.affects": "yes"}, {"equality.affects": "no"}),
    ("police_reform_2011_plan_and_report", {}, {"function.listed": "plan"}, {"function.listed": "suspension"}),
    ("police_reform_2011_senior_appointments", {}, {"function.listed": "suspension"}, {"function.listed": "plan"}),
    ("social_value_2012_consideration", ACT, {}, {"contract_kind": "works"}),
    ("subsidy_control_2022_other_requirements", SUBSIDIES, {"subsidy.given": "yes"}, {"subsidy.given": "no"}),
    ("subsidy_control_2022_referral_and_exemptions", SUBSIDIES, {"subsidy.given": "yes"}, {"subsidy.given": "no"}),
    (
        "information_requests_review_code",
        {},
        {"request": {"a": {"law": "foia", "review_asked_on": "2026-06-01"}}},
        {"request": {"a": {"law": "eir", "review_asked_on": "2026-06-01"}}},
    ),
    (
        "foia_2000_environmental",
        {},
        {"exemption": {"a": {"section": "s39"}}},
        {"exemption": {"a": {"section": "s43"}}},
    ),
)  # fmt: skip
"""Each control of what is not held, facts that it is judged on, and facts on both sides of its condition."""


OF_OTHER_SCHEMES: tuple[tuple[str, str, dict[str, FactValue], dict[str, FactValue]], ...] = (
    ("council", "council_rules_responsibility", {"executive.decision_maker": "body"}, {}),
    ("lfc", "lfc_rules_functions", {"body.kind": "fire_authority"}, {"body.kind": "policing_body"}),
)


def outcome(judge: JudgeFacts, row: str, facts: dict[str, Any]) -> str:
    return judge(facts)[f"not_held.{row}"].outcome


@cache
def shipped_rows() -> list[CoveredProvisions]:
    return list_coverage(LIBRARY.pack_files)


class TestRows:
    def test_each_instrument_that_is_cited_as_law_has_rows(self) -> None:
        """Those of packs, of schemes and of the heads of schemes."""
        assert find_instruments_without_coverage(LIBRARY) == []

    @pytest.mark.parametrize(
        ("file", "instrument"),
        [
            ("schemes/lfc/rules.yaml", "Fire and Rescue Services Act 2004 (c. 21)"),
            ("schemes/council/rules.yaml", "Local Government and Housing Act 1989 (c. 42)"),
            ("law/procurement-thresholds.yaml", PUBLISHED_LISTS),
        ],
    )
    def test_an_instrument_without_rows_is_found(self, file: str, instrument: str) -> None:
        """Also one that only the head of a scheme cites, and one without a number."""
        files = dict(LIBRARY.files)
        files[file] = files[file].partition(b"\ncoverage:\n")[0] + b"\n"
        assert instrument in find_instruments_without_coverage(Library(files))

    def test_what_is_lacking_is_not_what_is_judged(self) -> None:
        """It is printed behind the words `Not judged:`."""
        assert [covered.name for covered in shipped_rows() if covered.row.lacks.startswith("Only")] == []

    def test_each_row_names_its_law_and_where_to_read_it(self) -> None:
        for covered in shipped_rows():
            cited = covered.row.citation
            assert cited.kind == "law", covered.name
            if identify_instruments(cited.instrument):
                assert cited.link.startswith("https://www.legislation.gov.uk/"), covered.name
            assert cited.basis == "read" or cited.note, covered.name

    def test_each_provision_that_something_cites_is_held(self) -> None:
        assert find_uncovered(LIBRARY.pack_files) == []

    def test_a_cited_provision_that_no_row_holds_is_found(self) -> None:
        files = dict(LIBRARY.files)
        text = files["law/foia-2000.yaml"].decode()
        assert "[ss.21 to 44, s.22A]" in text
        files["law/foia-2000.yaml"] = text.replace("[ss.21 to 44, s.22A]", "[ss.21 to 42, s.22A]").encode()
        found = find_uncovered(Library(files).pack_files)
        assert {uncovered.provision for uncovered in found} == {"s.43", "s.44"}
        assert "foia.limb_belongs" in {uncovered.cited_by for uncovered in found}

    def test_what_is_called_held_is_cited_by_something(self) -> None:
        assert [
            covered.name for covered in shipped_rows() if covered.row.status == "held" and not covered.cited_by
        ] == []

    def test_what_is_called_not_held_is_cited_by_nothing(self) -> None:
        silent = ("not_held", "not_for_us")
        assert [covered.name for covered in shipped_rows() if covered.row.status in silent and covered.cited_by] == []


class TestWhatIsNotHeld:
    def test_each_control_is_tried_below(self, scheme: Scheme) -> None:
        controls = {name for name, control in scheme.rulebook.controls.items() if not control.is_held}
        assert controls == {f"not_held.{row}" for row, *_ in ASKS}
        of_others = {f"not_held.{row}" for _, row, *_ in OF_OTHER_SCHEMES}
        assert controls | of_others == {covered.control for covered in shipped_rows() if covered.control}

    @pytest.mark.parametrize(("name", "row", "asks", "silent"), OF_OTHER_SCHEMES)
    def test_that_of_another_scheme_asks_on_one_side_of_its_condition_alone(
        self, name: str, row: str, asks: dict[str, FactValue], silent: dict[str, FactValue]
    ) -> None:
        rules = LIBRARY.scheme(name).rulebook
        outcomes = []
        for facts in (asks, silent):
            findings = gate_findings(rules, None, Evidence.from_parts({"act.on": date(2026, 6, 1), **facts}, {}))
            outcomes += [finding.outcome for finding in findings if finding.control == f"not_held.{row}"]
        assert outcomes == ["not_held", "not_applicable"]

    @pytest.mark.parametrize(("row", "base", "asks", "silent"), ASKS, ids=[row for row, *_ in ASKS])
    def test_it_asks_on_one_side_of_its_condition_alone(
        self, judge: JudgeFacts, row: str, base: dict[str, str], asks: dict[str, Any], silent: dict[str, Any]
    ) -> None:
        assert outcome(judge, row, {**base, **asks}) == "not_held"
        assert outcome(judge, row, {**base, **silent}) == "not_applicable"

    @pytest.mark.parametrize(
        ("row", "facts", "before", "first"),
        [
            ("procurement_act_2023_information", ACT, "2025-02-23", "2025-02-24"),
            ("public_contracts_2015_records", {**ACT, "procurement_route": "open"}, "2015-02-25", "2015-02-26"),
            ("procurement_thresholds_utilities", {**ACT, "buyer": "utility"}, "2016-04-17", "2016-04-18"),
            ("procurement_thresholds_defence", {**ACT, **SECURITY}, "2011-08-20", "2011-08-21"),
        ],
    )
    def test_it_asks_from_its_first_day(
        self, judge: JudgeFacts, row: str, facts: dict[str, str], before: str, first: str
    ) -> None:
        assert outcome(judge, row, {**facts, "procurement_commenced_on": before}) == "not_applicable"
        assert outcome(judge, row, {**facts, "procurement_commenced_on": first}) == "not_held"

    @pytest.mark.parametrize(
        ("row", "facts", "last", "after"),
        [
            ("public_contracts_2015_records", {**ACT, "procurement_route": "open"}, "2025-02-23", "2025-02-24"),
            ("public_contracts_2006_others", ACT, "2015-02-25", "2015-02-26"),
            ("procurement_thresholds_defence", {**ACT, **SECURITY}, "2025-02-23", "2025-02-24"),
        ],
    )
    def test_it_asks_to_its_last_day(
        self, judge: JudgeFacts, row: str, facts: dict[str, str], last: str, after: str
    ) -> None:
        assert outcome(judge, row, {**facts, "procurement_commenced_on": last}) == "not_held"
        assert outcome(judge, row, {**facts, "procurement_commenced_on": after}) == "not_applicable"

    def test_it_does_not_ask_where_no_contract_is_awarded(self, judge: JudgeFacts) -> None:
        found = judge({"contract_kind": "none", "part_2.exists": False, "deferral.asked": False, "body.kind": "other"})
        asking = [name for name, finding in found.items() if finding.outcome == "not_held"]
        assert asking == []

    def test_it_only_warns(self, scheme: Scheme) -> None:
        controls = [control for control in scheme.rulebook.controls.values() if not control.is_held]
        assert {control.declaration.severity for control in controls} == {"warning"}
