"""Separation of duties: one person may not act in one case in roles that must be apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.imported_papers import imported_paper_bytes
from tests.workflow.walk import AUTHOR, CASE_ID, DMPC, act_on_case, request_by, shipped_library, walk_to_stage
from workflow.cases.appointments import Capacity
from workflow.cases.separation import Participation, breaches_among, separation_facts_of_act
from workflow.errors import Refusal
from workflow.services import commands, officer_commands, queries, verification
from workflow.services.commands import Revision, Services
from workflow.services.ledger_audit import audit_cases
from workflow.services.officer_commands import AppointmentTerms, Deputising, RoleAppointment
from workflow.services.officer_endings import Ending
from workflow.services.paper_audit import audit_paper

MOPAC = shipped_library().scheme("mopac")
CHIEF = "r-lawrence"
HEAD = "schemes/example/scheme.yaml"


def give_role(services: Services, officer: str, role: str) -> None:
    officer_commands.appoint_officer(services, officer, RoleAppointment("mopac", (role,)), request_by("", "2018-03-01"))


def refuse(services: Services, action: str, officer: str, on: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        commands.perform_action(services, CASE_ID, commands.TypedAct(action), request_by(officer, on))
    return refused.value


class TestActs:
    def test_an_author_who_supports_the_case_is_refused_and_others_are_named(self, services: Services) -> None:
        give_role(services, AUTHOR, "pib_chair")
        walk_to_stage(services, "pib")
        refusal = refuse(services, "pib-support", AUTHOR, "2018-03-14")
        assert refusal.ruling.blocking_controls() == ("separation.author_and_approval",)
        assert refusal.could_act == ("Chair of PIB (pib_chair)",)
        assert "Who could do it: Chair of PIB (pib_chair)." in refusal.advice()
        refused = queries.list_case_history(services, CASE_ID)[-1]
        assert (refused.entry.kind, refused.action) == ("refused", "pib-support")
        act_on_case(services, "pib-support", "chair-of-pib", "2018-03-14")
        assert verification.verify_ledger(services, with_replay=True).rulings

    def test_a_refusal_says_so_where_nobody_else_could_act(self, services: Services) -> None:
        give_role(services, AUTHOR, "pib_chair")
        walk_to_stage(services, "pib")
        ending = Ending(roles=("pib_chair",), reason="Recorded with the rest of the case.")
        officer_commands.end_appointment(services, "chair-of-pib", ending, request_by("chair-of-pib", "2018-03-08"))
        refusal = refuse(services, "pib-support", AUTHOR, "2018-03-14")
        assert refusal.could_act == ()
        assert "Nobody else holds such a role" in refusal.advice()

    def test_who_certified_does_not_decide(self, services: Services) -> None:
        give_role(services, CHIEF, "dmpc")
        walk_to_stage(services, "dmpc")
        refusal = refuse(services, "approve", CHIEF, "2018-04-17")
        assert "separation.certifier_and_decision" in refusal.ruling.blocking_controls()

    def test_a_deputy_counts_for_both_persons(self, services: Services) -> None:
        terms = AppointmentTerms(instrument="Letter")
        deputising = Deputising(DMPC, "mopac", ("dmpc",))
        officer_commands.deputise_officer(services, AUTHOR, deputising, request_by(DMPC, "2018-03-01"), terms)
        walk_to_stage(services, "dmpc")
        refusal = refuse(services, "dmpc-return", AUTHOR, "2018-04-17")
        assert "separation.author_and_approval" in refusal.ruling.blocking_controls()

    def test_whose_deputy_wrote_the_paper_does_not_decide_on_it(self, services: Services) -> None:
        give_role(services, DMPC, "author")
        deputising = Deputising(DMPC, "mopac", ("author",))
        terms = AppointmentTerms(instrument="Letter")
        officer_commands.deputise_officer(
            services, "governance-team", deputising, request_by(DMPC, "2018-03-01"), terms
        )
        walk_to_stage(services, "draft")
        commands.amend_paper(
            services, CASE_ID, Revision({"title": "Another"}, {}), request_by("governance-team", "2018-03-08")
        )
        case = queries.load_public_case(services, CASE_ID)[0]
        assert (case.acts[-1].capacity, case.acts[-1].acts_for) == ("author", "Deputy Mayor")
        facts = separation_facts_of_act(case, MOPAC, "Deputy Mayor", Capacity("dmpc"))
        assert facts["separation.author_and_approval"] is True

    def test_an_act_in_one_of_the_roles_by_somebody_else_is_not_touched(self, services: Services) -> None:
        walk_to_stage(services, "published")
        rulings = [finding for case in audit_cases(services, []).cases for finding in case.findings]
        outcomes = {audited.finding.outcome for audited in rulings if audited.finding.control.startswith("separation.")}
        assert outcomes == {"satisfied"}


class TestAudit:
    def test_a_case_entered_after_the_fact_in_which_one_person_held_two_roles_is_found(
        self, services: Services
    ) -> None:
        paper = _with_one_person(imported_paper_bytes().decode())
        case = audit_paper(services, paper.encode(), "past.yaml")
        breached = [one.finding.control for one in case.findings if one.finding.outcome == "breached"]
        assert "separation.certifier_and_decision" in breached

    def test_it_is_found_when_the_case_was_imported_too(self, services: Services) -> None:
        paper = _with_one_person(imported_paper_bytes().decode())
        commands.open_case_from_paper(services, "", paper.encode(), "past.yaml", request_by(AUTHOR, "2018-05-01"))
        [case] = audit_cases(services, []).cases
        breached = [one.finding.control for one in case.findings if one.finding.outcome == "breached"]
        assert "separation.certifier_and_decision" in breached


def _with_one_person(paper: str) -> str:
    """The paper of an imported case in which one person certified and decided."""
    lines = [line for line in paper.splitlines() if not line.strip().startswith(("chief_executive.by", "dmpc.by"))]
    place = lines.index("recorded:") + 1
    indent = "  "
    lines[place:place] = [f"{indent}chief_executive.by: One Person", f"{indent}dmpc.by: One  person"]
    return "\n".join(lines) + "\n"


ROLES = st.sampled_from(["author", "pib_chair", "iab_chair", "head_of_unit", "chief_executive", "dmpc", "governance"])
PEOPLE = st.sampled_from(["a", "b", "c"])


@given(st.lists(st.tuples(PEOPLE, ROLES), max_size=8))
def test_a_record_breaches_a_separation_if_and_only_if_one_person_held_two_roles_of_it(
    parts: list[tuple[str, str]],
) -> None:
    found = breaches_among([Participation(frozenset([name]), role) for name, role in parts], MOPAC.declaration)
    apart = {
        "separation.author_and_approval": [
            ("author", other) for other in ("pib_chair", "iab_chair", "chief_executive", "dmpc")
        ],
        "separation.certifier_and_decision": [("chief_executive", "dmpc")],
    }
    for control, pairs in apart.items():
        held = any({(name, one), (name, other)} <= set(parts) for name in "abc" for one, other in pairs)
        assert found.get(control, False) is held
