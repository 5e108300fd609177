"""Cases decided elsewhere are judged by what their source carries: what it records, and on the days that it gives."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from rules.values.facts import FactValue
from tests.workflow.imported_papers import RECORDED_FACTS, imported_paper_bytes
from tests.workflow.walk import shipped_library
from workflow.cases.paper_source import PaperSource
from workflow.services.audit_findings import AuditedFinding, CaseAudit
from workflow.services.commands import Services
from workflow.services.paper_audit import audit_paper
from workflow.services.sourced_case import SourcedCase

EMPTY_CASES = [
    (scheme, stage)
    for scheme in ("board", "council", "gla", "lfc", "mopac")
    for stage in shipped_library().scheme(scheme).declaration.stages
]
GLA = """\
scheme: gla
stage: published
public:
  title: Royal Docks
  executive_summary: Up to £1,080,500 of revenue is asked for.
  decision.form: {form}
  recommendation:
    r1: {{body: decider, number: 1, verb: approve, text: "up to £1,080,500 of revenue"}}
recorded:
  decision.outcome: approved
  decision.by: A Decider
  decision.role: {role}
  decision.reference: X 1
"""


def paper(**changes: str) -> bytes:
    """Return the real case with other recorded facts, whose dots are written as `__`; "" leaves one out."""
    recorded = RECORDED_FACTS
    for name, value in changes.items():
        fact = name.replace("__", ".")
        recorded = re.sub(rf"  {re.escape(fact)}: .*\n", "", recorded)
        recorded += f"  {fact}: {value}\n" if value else ""
    return imported_paper_bytes(recorded=recorded)


def audit(services: Services, content: bytes | str, as_of: date | None = None) -> CaseAudit:
    return audit_paper(services, content.encode() if isinstance(content, str) else content, "past.yaml", as_of)


def make_gla_case(days: dict[str, FactValue]) -> SourcedCase:
    """Return a decision on a form that is not that of who decided, as of 1 January 2021."""
    facts = {"decision.outcome": "approved", "decision.form": "dd", "decision.role": "mayor"}
    scheme = shipped_library().scheme("gla")
    return SourcedCase("X", scheme, "published", {**facts, **days}, {}, PaperSource(), date(2021, 1, 1))


def found(case: CaseAudit, control: str) -> AuditedFinding:
    """Return the finding on a control of the case as a whole."""
    return next(one for one in case.findings if (one.finding.control, one.finding.subject) == (control, "case"))


def outcome(case: CaseAudit, control: str) -> str:
    return found(case, control).finding.outcome


def breached(case: CaseAudit) -> set[str]:
    return {one.finding.control for one in case.findings if one.finding.outcome == "breached"}


def actions(case: CaseAudit) -> set[str]:
    return {one.action for one in case.findings} - {"audit", "audit_elsewhere"}


class TestAnEmptyFile:
    @pytest.mark.parametrize(("scheme", "stage"), EMPTY_CASES)
    def test_breaches_nothing_at_any_stage(self, services: Services, scheme: str, stage: str) -> None:
        case = audit(services, f"scheme: {scheme}\nstage: {stage}\npublic: {{}}\nrecorded: {{}}\n")
        assert not breached(case)

    def test_says_of_each_open_finding_what_its_source_does_not_carry(self, services: Services) -> None:
        case = audit(services, "scheme: mopac\nstage: published\npublic: {}\nrecorded: {}\n")
        open_findings = [one.finding for one in case.findings if one.finding.outcome == "undetermined"]
        assert open_findings
        assert all(finding.needs_other_source for finding in open_findings)

    def test_our_own_record_of_it_was_left_empty(self, services: Services) -> None:
        case = audit(services, "scheme: mopac\nstage: published\npublic: {}\nrecorded: {}\nsource: own_record\n")
        assert len(breached(case)) > 5


class TestTheBranchTaken:
    @pytest.mark.parametrize(("form", "role"), [("md", "mayor"), ("dd", "director"), ("add", "assistant_director")])
    def test_no_branch_that_was_not_taken_is_breached(self, services: Services, form: str, role: str) -> None:
        case = audit(services, GLA.format(form=form, role=role))
        assert not breached(case)
        assert actions(case) == {"submit", "approve"}

    def test_what_is_recorded_of_the_branch_decides_which_act_it_was(self, services: Services) -> None:
        declared = "  declaration.outcome: declared\n"
        to_mayor = audit(services, GLA.format(form="md", role="mayor") + declared)
        assert actions(to_mayor) == {"submit", "declare", "approve"}
        by_officer = audit(services, GLA.format(form="dd", role="director") + declared)
        assert actions(by_officer) == {"submit", "declare-officer-form", "approve"}

    def test_a_form_for_an_officer_that_went_to_the_mayors_office_is_found(self, services: Services) -> None:
        through = "  declaration.outcome: declared\n  mayors_office.outcome: certified\n"
        case = audit(services, GLA.format(form="dd", role="director") + through)
        assert "route.for_the_mayor" in breached(case)

    def test_a_post_that_does_not_fit_the_form_is_found(self, services: Services) -> None:
        case = audit(services, GLA.format(form="dd", role="assistant_director"))
        assert breached(case) == {"level.decider_of_form"}

    def test_a_small_case_passes_no_board_of_the_prior_approval(self, services: Services) -> None:
        case = audit(
            services,
            "scheme: lfc\nstage: published\npublic:\n  title: Doors\n  executive_summary: Old\n"
            "  estimated_value: £90,000\n  direction.other_head: false\n"
            "  recommendation: {r1: {body: commissioner, verb: approve, text: the doors}}\n"
            "recorded: {commissioner.outcome: approved, commissioner.by: A Commissioner, "
            "commissioner.role: commissioner, decision.reference: LFC-0001-D, decided_on: 2018-05-02}\n",
        )
        assert not breached(case)
        assert actions(case) == {"submit", "decide"}
        assert outcome(case, "prior_approval.obtained") == "not_applicable"

    def test_a_return_is_judged_only_where_it_is_recorded(self, services: Services) -> None:
        case = audit(services, "scheme: mopac\nstage: draft\npublic: {}\nrecorded: {pib.outcome: returned}\n")
        assert actions(case) == {"pib-return"}


class TestActs:
    def test_what_the_source_does_not_record_is_said_in_one_line_and_not_judged(self, services: Services) -> None:
        case = audit(services, paper(pib__outcome="", pib__on=""))
        assert "pib-support" not in actions(case)
        [line] = [warning for warning in case.warnings if warning.startswith("not judged")]
        assert line == (
            "not judged, as the source (Web page of a decision) records nothing of them: "
            "MPS Portfolio & Investment Board, Publication"
        )

    def test_a_stage_without_a_record_is_undetermined_later_on(self, services: Services) -> None:
        assert outcome(audit(services, paper(pib__outcome="", pib__on="")), "stages.pib_supported") == "undetermined"

    def test_a_day_alone_shows_that_an_act_was_done(self, services: Services) -> None:
        case = audit(services, paper(dmpc__outcome="", dmpc__on="", dmpc__by="", dmpc__role=""))
        assert "approve" in actions(case)

    def test_acts_after_the_day_of_the_audit_are_not_judged(self, services: Services) -> None:
        case = audit(services, paper(), date(2018, 4, 10))
        assert actions(case).isdisjoint({"certify", "approve"})
        assert case.decided_on is None
        assert "acts after 2018-04-10 are not judged" in case.warnings


class TestOrder:
    """The real case: the boards in March, the declaration on 9 April 2018, the approval on 16 April."""

    def test_the_orderly_case_breaches_no_order(self, services: Services) -> None:
        case = audit(services, paper())
        assert not {name for name in breached(case) if name.startswith(("past_", "stages."))}

    def test_a_declaration_and_a_certificate_after_the_approval_are_found(self, services: Services) -> None:
        case = audit(services, paper(declaration__on="2018-05-09", chief_executive__on="2018-05-11"))
        assert breached(case) - breached(audit(services, paper())) == {"past_order.dmpc"}
        seen = [(one.expected, one.actual) for one in found(case, "past_order.dmpc").finding.observed_facts]
        assert seen == [
            ("is on or after declaration.on (9 May 2018)", "16 April 2018"),
            ("is on or after chief_executive.on (11 May 2018)", "16 April 2018"),
        ]

    def test_a_board_after_the_next_board_is_found_though_a_later_gate_is_satisfied(self, services: Services) -> None:
        case = audit(services, paper(pib__on="2018-03-22", iab__on="2018-03-14"))
        assert breached(case) - breached(audit(services, paper())) == {"past_order.iab", "stages.pib_supported"}
        assert found(case, "stages.pib_supported").action == "iab-support"

    def test_a_fact_stated_twice_has_one_value(self, services: Services) -> None:
        case = audit(services, paper(decided_on="2018-03-29"))
        assert "past_day.decided_on" in breached(case)

    def test_a_role_that_may_not_act_is_found(self, services: Services) -> None:
        assert "past_role.dmpc" in breached(audit(services, paper(dmpc__role="chief_executive")))

    def test_a_board_that_rejected_the_case_is_found(self, services: Services) -> None:
        assert "past_order.dmpc" in breached(audit(services, paper(pib__outcome="rejected")))


class TestDays:
    def test_one_name_of_a_day_stands_for_the_other(self, services: Services) -> None:
        both, one = audit(services, paper()), audit(services, paper(decided_on=""))
        assert [each.finding for each in both.findings] == [each.finding for each in one.findings]

    def test_a_missing_day_of_decision_is_said_loudly_and_bounded_by_other_days(self, services: Services) -> None:
        case = audit(services, paper(decided_on="", dmpc__on=""))
        assert case.decided_on is None
        assert case.warnings[0].startswith(
            "NO DAY OF DECISION is stated. It is taken to be between 11 April 2018 and 31 December 2018"
        )
        assert outcome(case, "decision.in_time") == "breached"  # 11 April is after 30 March already
        assert outcome(case, "past_day.decided_on") == "undetermined"
        assert "decided_on" in found(case, "past_day.decided_on").finding.missing

    def test_a_case_without_any_day_is_not_judged_by_the_law_of_today(self, services: Services) -> None:
        case = audit(services, GLA.format(form="dd", role="director"))
        approval = found(case, "level.decider_of_form")
        assert (approval.not_before, approval.on) == (date(2017, 4, 24), date(2018, 12, 31))
        json = approval.as_json()
        assert (json["on"], json["not_before"], json["not_after"]) == (None, "2017-04-24", "2018-12-31")

    def test_bounds_are_judged_both_ways(self, services: Services) -> None:
        close = audit(services, paper(decided_on="between 12 April 2018 and 20 April 2018", dmpc__on=""))
        wide = audit(services, paper(decided_on="before 24 February 2025", dmpc__on="", iab__on="", pib__on="",
                                     declaration__on="", chief_executive__on=""))  # fmt: skip
        assert outcome(close, "decision.in_time") == "breached"
        assert outcome(wide, "decision.in_time") == "undetermined"
        assert not any(warning.startswith("NO DAY") for warning in (*close.warnings, *wide.warnings))

    def test_later_law_does_not_apply_to_earlier_decisions(self, services: Services) -> None:
        """The Procurement Act 2023 is in force from 24 February 2025."""
        case = audit(services, paper())
        later = [
            one for one in case.findings
            if one.in_force and one.in_force.first >= date(2022, 1, 1) and one.finding.outcome != "not_applicable"
        ]  # fmt: skip
        assert not later

    def test_a_case_outside_the_life_of_its_scheme_is_judged_by_national_law_alone(self, services: Services) -> None:
        text = GLA.format(form="dd", role="assistant_director") + "  decided_on: 2016-05-01\n"
        case = audit(services, text)
        controls = shipped_library().scheme("gla").rulebook.controls
        assert case.findings
        assert not any(controls[one.finding.control].is_of_scheme for one in case.findings)
        assert case.warnings[0].startswith("it was decided outside the life of gla (24 April 2017 to 28 May 2019)")

    @pytest.mark.parametrize(("day", "latest"), [({}, 2021), ({"decided_on..high": date(2020, 12, 31)}, 2020)])
    def test_a_case_that_may_lie_outside_the_life_is_not_judged_by_rules_of_its_scheme(
        self, day: dict[str, FactValue], latest: int
    ) -> None:
        """The rules that we hold of the Greater London Authority end on 28 May 2019."""
        low: dict[str, FactValue] = {"decided_on..low": date(2017, 1, 1)} if day else {}
        case = make_gla_case({**low, **day})
        controls = case.scheme.rulebook.controls
        of_scheme = [one for one in case.findings() if controls[one.finding.control].is_of_scheme]
        assert {one.finding.outcome for one in of_scheme} <= {"undetermined", "not_applicable"}
        form = next(one for one in of_scheme if one.finding.control == "level.decider_of_form")
        assert (form.not_before, form.on.year) == (date(2017, 4, 24), latest)
        assert form.finding.missing == ("decided_on",)
        assert "we hold this rule for 24 April 2017 to 28 May 2019" in form.finding.cure
        assert any(warning.startswith("it may have been decided outside the life") for warning in case.warnings())

    def test_rulings_of_an_import_take_an_undated_act_to_lie_before_the_scheme_ended(self) -> None:
        """Ledgers keep such rulings, and verify them again."""
        case = make_gla_case({})
        kept = replace(case, ends_with_scheme=True)
        assert [next(each.act_rulings()).public_facts["act.on..high"] for each in (case, kept)] == [
            {"day": "2021-01-01"}, {"day": "2019-05-28"},
        ]  # fmt: skip

    def test_a_case_within_the_life_is_judged_whatever_the_day_of_the_audit(self, services: Services) -> None:
        text = GLA.format(form="dd", role="assistant_director") + "  decided_on: 2018-05-01\n"
        case = audit(services, text)
        assert breached(case) == {"level.decider_of_form"}
        assert not any("outside the life" in warning for warning in case.warnings)

    def test_a_source_that_was_read_on_a_day_tells_of_nothing_later(self, services: Services) -> None:
        text = "scheme: mopac\nstage: published\npublic: {}\nrecorded: {dmpc.outcome: approved}\n"
        case = audit(services, text + "source: {kind: web_page, read_on: 2016-09-01}\n")
        assert "and 1 September 2016" in case.warnings[0]


class TestAmounts:
    LFC = (
        "scheme: lfc\nstage: published\npublic: {{direction.other_head: false, estimated_value: '{}'}}\n"
        "recorded: {{commissioner.outcome: approved, commissioner.role: commissioner, decided_on: 2018-05-02, "
        "deputy_mayor.outcome: returned}}\n"
    )

    @pytest.mark.parametrize(
        ("amount", "expected"),
        [
            ("£575,000", "breached"),
            ("£49m", "breached"),
            ("£150,000", "breached"),
            ("£149,999.99", "not_applicable"),
            ("£90,000", "not_applicable"),
            ("up to £100,000", "not_applicable"),
            ("up to £3.5m", "undetermined"),
            ("over £150,000 ex VAT", "breached"),
        ],
    )
    def test_a_published_amount_is_judged_on_either_basis_and_at_both_ends(
        self, services: Services, amount: str, expected: str
    ) -> None:
        """A commitment of £150,000 or above needs the Deputy Mayor's prior approval."""
        case = audit(services, self.LFC.format(amount))
        assert outcome(case, "prior_approval.obtained") == expected


def test_separation_is_not_judged_of_people_who_are_not_recorded(services: Services) -> None:
    assert outcome(audit(services, paper()), "separation.author_and_approval") == "undetermined"
    same = paper() + b"  opened.by: Sophie Linden\n"
    assert outcome(audit(services, same), "separation.author_and_approval") == "breached"


def test_how_late_an_act_was_recorded_here_is_not_asked_of_others(services: Services) -> None:
    assert "recording.in_time" not in {one.finding.control for one in audit(services, paper()).findings}


PAGE = """\
scheme: mopac
stage: published
source: {kind: web_page, unsettled: [%s]}
public: {title: Radios, executive_summary: Radios are asked for.}
recorded:
  dmpc.outcome: approved
"""
LAW_PAGE = """\
source: {kind: web_page, unsettled: [%s]}
public: {title: Radios, executive_summary: Radios are asked for.}
"""


class TestWhatNobodyHasSettled:
    @pytest.mark.parametrize(
        ("control", "unsettled"),
        [
            ("decision.reference_shown", "decision.reference"),
            ("decision.maker_named", "dmpc.by"),
            ("consistency.decides", "recommendation:r1.text"),
        ],
    )
    def test_is_undetermined_and_not_left_empty(self, services: Services, control: str, unsettled: str) -> None:
        assert outcome(audit(services, PAGE % ""), control) == "breached"
        assert outcome(audit(services, PAGE % unsettled), control) == "undetermined"

    def test_is_settled_once_it_is_stated(self, services: Services) -> None:
        page = PAGE % "decision.reference, dmpc.by" + "  decision.reference: PCD 1\n  dmpc.by: Anna Webb\n"
        assert outcome(audit(services, page), "decision.reference_shown") == "satisfied"
        assert outcome(audit(services, page), "decision.maker_named") == "satisfied"

    def test_of_a_thing_that_is_stated_leaves_the_number_of_things_settled(self, services: Services) -> None:
        page = (PAGE % "recommendation:r1.number").replace(
            "asked for.}", "asked for., recommendation: {r1: {text: Note it}}}"
        )
        assert outcome(audit(services, page), "consistency.decides") == "satisfied"

    def test_is_undetermined_by_national_law_too(self, services: Services) -> None:
        assert outcome(audit(services, LAW_PAGE % ""), "consistency.decides") == "breached"
        assert outcome(audit(services, LAW_PAGE % "recommendation:r1.text"), "consistency.decides") == "undetermined"
