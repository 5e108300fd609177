"""The life of a case, act by act: who may act, when, and what the act records."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules.errors import EngineError, FileError, InputError, NotInForce
from rules.judging.judge import EvaluatedJudgement
from rules.judging.shared_judgements import KeptJudgement, SharedJudgement
from rules.language.schema_types import Period
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.workflow.walk import (
    APPROVAL_FACTS,
    AUTHOR,
    CASE_ID,
    CHIEF_EXECUTIVE,
    DECLARATION_FACTS,
    DMPC,
    GOVERNANCE_TEAM,
    HEAD_OF_UNIT,
    IAB_CHAIR,
    PIB_CHAIR,
    SEND_BACK_FACTS,
    act_on_case,
    new_services,
    paper_bytes,
    request_by,
    shipped_library,
    story_stages,
    two_authorities,
    walk_to_stage,
)
from workflow.cases import act_ruling, life, records
from workflow.cases.appointments import Appointment
from workflow.cases.case import ExemptFacts, FullCase
from workflow.cases.events import Act, ActContext, Amend, Open
from workflow.cases.officers import Officer
from workflow.errors import NotEntitled, Refusal
from workflow.services import act_queries, commands, officer_commands, queries, verification
from workflow.services.commands import Request, Revision, Services

SCHEME = shipped_library().scheme("mopac")
ACTORS = {
    "author": AUTHOR,
    "pib_chair": PIB_CHAIR,
    "iab_chair": IAB_CHAIR,
    "head_of_unit": HEAD_OF_UNIT,
    "chief_executive": CHIEF_EXECUTIVE,
    "dmpc": DMPC,
    "governance": GOVERNANCE_TEAM,
}
FACTS_BY_ACTION = {
    "declare": DECLARATION_FACTS,
    "certify": {"certificate.advice_considered": "true"},
    "approve": APPROVAL_FACTS,
    "reject": {"decision.reference": "PCD 361", **SEND_BACK_FACTS},
    "record-publication": {"publication.contract_copy": "true"},
    "record-contract": {"notice.signed_on": "2018-05-01"},
    "record-duty": {"request:1.law": "foia"},
    "record-replacement": {"superseded_by": "PCD 400"},
}
ON = date(2018, 5, 1)


def facts_for(action: str) -> dict[str, str]:
    return FACTS_BY_ACTION.get(action, SEND_BACK_FACTS if SCHEME.action(action).gate == "send_back" else {})


def actions_of_other_stages() -> list[tuple[str, str]]:
    return [
        (stage, name)
        for stage in story_stages()
        for name, act in SCHEME.declaration.actions.items()
        if stage not in act.stages
    ]


@pytest.mark.parametrize("action", SCHEME.declaration.actions)
def test_an_entitled_officer_can_perform_every_action_at_its_stage(services: Services, action: str) -> None:
    declared = SCHEME.action(action)
    before = walk_to_stage(services, declared.stages[0])
    request = Request(ACTORS[declared.who[0]], ON)
    receipt = commands.perform_action(services, CASE_ID, commands.TypedAct(action, facts_for(action)), request)
    stage = declared.leads_to(declared.stages[0])
    assert (receipt.event, receipt.stage, receipt.version) == (action, stage, before.version + 1)
    assert receipt.ruling is not None
    assert receipt.ruling.is_open
    facts = queries.load_public_case(services, CASE_ID)[0].facts
    if declared.outcome and declared.to not in ("draft", declared.stages[0]):
        assert facts[f"{declared.stages[0]}.outcome"] == declared.outcome
        assert facts[f"{declared.stages[0]}.on"] == ON
        assert facts[f"{declared.stages[0]}.role"] == declared.who[0]
        assert isinstance(facts[f"{declared.stages[0]}.by"], str)
    verification.verify_ledger(services, with_replay=True)


@pytest.mark.parametrize(("stage", "action"), actions_of_other_stages())
def test_no_action_is_performed_at_another_stage(
    services_by_stage: dict[str, Services], stage: str, action: str
) -> None:
    services, declared = services_by_stage[stage], SCHEME.action(action)
    version = queries.load_public_case(services, CASE_ID)[0].version
    with pytest.raises(Refusal) as refused:
        commands.perform_action(
            services, CASE_ID, commands.TypedAct(action, facts_for(action)), Request(ACTORS[declared.who[0]], ON)
        )
    assert "stages.in_order" in refused.value.ruling.blocking_controls()
    finding = next(f for f in refused.value.ruling.findings if f.control == "stages.in_order")
    assert finding.outcome == "breached"
    assert "case next" in refused.value.advice()
    assert queries.load_public_case(services, CASE_ID)[0].version == version


@pytest.mark.parametrize("action", SCHEME.declaration.actions)
def test_only_an_officer_with_the_role_may_act(services_by_stage: dict[str, Services], action: str) -> None:
    declared = SCHEME.action(action)
    for role, officer in ACTORS.items():
        if role not in declared.who:
            with pytest.raises(NotEntitled, match=f"may not {action}: only"):
                commands.perform_action(
                    services_by_stage[declared.stages[0]],
                    CASE_ID,
                    commands.TypedAct(action, facts_for(action)),
                    Request(officer, ON),
                )


@pytest.fixture(scope="module")
def services_by_stage(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Services]:
    """Return services with the case at each stage, each on its own store; for tests that do not change it."""
    by_stage = {}
    for stage in story_stages():
        by_stage[stage] = new_services(tmp_path_factory.mktemp(stage) / "assent.db")
        walk_to_stage(by_stage[stage], stage)
    return by_stage


class TestEntitlement:
    def test_only_an_author_opens_and_amends_a_case(self, services: Services) -> None:
        with pytest.raises(NotEntitled, match="Deputy Mayor may not open a case: only Report author"):
            commands.open_case(services, "mopac", {"title": "x"}, {}, request_by(DMPC, "2018-03-07"))
        walk_to_stage(services, "draft")
        with pytest.raises(NotEntitled, match="may not amend the paper"):
            commands.amend_paper(services, CASE_ID, Revision({"title": "x"}, {}), request_by(DMPC, "2018-03-08"))

    def test_an_officer_of_another_authority_may_do_nothing(self, path: Path) -> None:
        services = new_services(path, two_authorities())
        roles = tuple(SCHEME.declaration.roles)
        officer_commands.add_officer(
            services, "Else Where", officer_commands.RoleAppointment("elsewhere", roles), request_by("", "2018-03-01")
        )
        foreign = request_by("else-where", "2018-05-01")
        with pytest.raises(NotEntitled, match=r"only officers of mopac \(not of elsewhere\) may"):
            commands.open_case(services, "mopac", {"title": "x"}, {}, foreign)
        walk_to_stage(services, "draft")
        for action in ("submit", "approve"):
            with pytest.raises(NotEntitled, match="act under mopac"):
                commands.perform_action(services, CASE_ID, commands.TypedAct(action), foreign)
        with pytest.raises(NotEntitled, match="act under mopac"):
            commands.amend_paper(services, CASE_ID, Revision({"title": "x"}, {}), foreign)

    def test_an_officer_with_two_roles_acts_in_the_one_that_each_act_needs(self, services: Services) -> None:
        officer_commands.add_officer(
            services,
            "Two Hats",
            officer_commands.RoleAppointment("mopac", ("iab_chair", "pib_chair")),
            request_by("", "2018-03-01"),
        )
        walk_to_stage(services, "pib")
        act_on_case(services, "pib-support", "two-hats", "2018-03-14")
        act_on_case(services, "iab-support", "two-hats", "2018-03-22")
        facts = queries.load_public_case(services, CASE_ID)[0].facts
        assert (facts["pib.role"], facts["iab.role"]) == ("pib_chair", "iab_chair")
        with pytest.raises(NotEntitled):
            commands.perform_action(
                services, CASE_ID, commands.TypedAct("declare", DECLARATION_FACTS), request_by("two-hats", "2018-04-09")
            )


class TestDays:
    def test_an_act_dated_before_the_last_one_is_refused(self, services: Services) -> None:
        walk_to_stage(services, "pib")
        with pytest.raises(InputError, match="2018-03-06 is before the last act on MOPAC-2018-1, of 2018-03-07"):
            act_on_case(services, "pib-support", PIB_CHAIR, "2018-03-06")
        assert act_on_case(services, "pib-support", PIB_CHAIR, "2018-03-07").stage == "iab"

    def test_an_act_dated_in_the_future_is_refused(self, services: Services) -> None:
        walk_to_stage(services, "pib")
        with pytest.raises(InputError, match="2019-01-01 has not come yet: today is 2018-12-31"):
            act_on_case(services, "pib-support", PIB_CHAIR, "2019-01-01")
        assert act_on_case(services, "pib-support", PIB_CHAIR, "2018-12-31").stage == "iab"

    @pytest.mark.parametrize("on", ["2011-12-31", "2012-01-15"])
    def test_a_day_before_the_scheme_was_in_force_is_refused(self, services: Services, on: str) -> None:
        """Controls that are not in force yet require nothing, so backdating would open every gate."""
        message = f"the scheme of mopac is not in force on {on}: it is first in force on 2012-01-16"
        with pytest.raises(NotInForce, match=message) as refused:
            commands.open_case(services, "mopac", {"title": "x"}, {}, request_by(AUTHOR, on))
        assert refused.value.advice() == "Use --on with a day on which it is in force."
        officer_commands.add_officer(
            services, "Early Author", officer_commands.RoleAppointment("mopac", ("author",)), Request("")
        )
        opened = commands.open_case(services, "mopac", {"title": "x"}, {}, request_by("early-author", "2012-01-16"))
        assert opened.stage == "draft"

    def test_no_act_is_accepted_after_the_last_day_of_the_scheme(self, services: Services) -> None:
        walk_to_stage(services, "draft")
        ended = SCHEME.declaration.model_copy(
            update={"in_force": Period.model_validate({"from": date(2016, 10, 17), "to": ACT_CONTEXT.on})}
        )
        scheme = replace(SCHEME, declaration=ended)
        assert life.decide(load_full_case(services), Act("submit"), scheme, author(), ACT_CONTEXT).event.stage == "pib"
        late = ActContext(date(2018, 5, 2), "salt")
        with pytest.raises(NotInForce, match="not in force on 2018-05-02: it was last in force on 2018-05-01"):
            life.decide(load_full_case(services), Act("submit"), scheme, author(), late)

    def test_an_act_without_a_day_is_dated_today(self, services: Services) -> None:
        walk_to_stage(services, "pib")
        commands.perform_action(services, CASE_ID, commands.TypedAct("pib-support"), Request(PIB_CHAIR))
        assert queries.load_public_case(services, CASE_ID)[0].facts["pib.on"] == date(2018, 12, 31)

    @pytest.mark.parametrize("on", ["2018-03-30", "2018-04-01"])
    def test_an_act_on_a_bank_holiday_or_a_sunday_is_accepted(self, services: Services, on: str) -> None:
        walk_to_stage(services, "pib")
        assert act_on_case(services, "pib-support", PIB_CHAIR, on).stage == "iab"

    @pytest.mark.parametrize("day", ["2018-02-30", "2018-13-01", "30 February", "7/3/18"])
    def test_a_day_that_does_not_exist_cannot_be_stated(self, services: Services, day: str) -> None:
        walk_to_stage(services, "draft")
        with pytest.raises(InputError, match="required_by: "):
            commands.amend_paper(
                services, CASE_ID, Revision({"required_by": day}, {}), request_by(AUTHOR, "2018-03-08")
            )


class TestFactsThatAnActAsksFor:
    def test_earlier_answers_do_not_count(self, services: Services) -> None:
        walk_to_stage(services, "chief_executive")
        act_on_case(services, "certificate-return", CHIEF_EXECUTIVE, "2018-04-11", send_back__reason="Finance first.")
        act_on_case(services, "submit", AUTHOR, "2018-04-12")
        act_on_case(services, "pib-support", PIB_CHAIR, "2018-04-12")
        act_on_case(services, "iab-support", IAB_CHAIR, "2018-04-12")
        with pytest.raises(Refusal) as refused:
            act_on_case(services, "declare", HEAD_OF_UNIT, "2018-04-12")
        assert set(refused.value.ruling.blocking_controls()) == {
            "declaration.finance_reviewed",
            "declaration.legal_stated",
            "declaration.finance_consulted",
            "declaration.equalities_covered",
        }

    def test_a_second_deferral_needs_a_reason_of_its_own(self, services: Services) -> None:
        walk_to_stage(services, "pib")
        act_on_case(services, "pib-defer", PIB_CHAIR, "2018-03-14", send_back__reason="Not quorate.")
        with pytest.raises(Refusal, match=r"send_back\.reason_stated"):
            act_on_case(services, "pib-defer", PIB_CHAIR, "2018-03-15")
        act_on_case(services, "pib-support", PIB_CHAIR, "2018-03-16")
        assert queries.load_public_case(services, CASE_ID)[0].facts["pib.outcome"] == "supported"

    def test_facts_of_another_act_are_refused(self, services: Services) -> None:
        walk_to_stage(services, "declaration")
        with pytest.raises(InputError, match=r"declare does not ask for 'decision.reference'"):
            act_on_case(services, "declare", HEAD_OF_UNIT, "2018-04-09", decision__reference="PCD 361")
        with pytest.raises(InputError, match=r"does not ask for 'declaration.finanse'") as error:
            life.decide(
                load_full_case(services), Act("declare", {"declaration.finanse": True}), SCHEME, OFFICER, ACT_CONTEXT
            )
        assert error.value.advice() == "Did you mean declaration.finance?"

    def test_facts_of_a_passed_stage_are_kept(self, services: Services) -> None:
        walk_to_stage(services, "published")
        facts = queries.load_public_case(services, CASE_ID)[0].facts
        assert facts["declaration.legal"] == "not_required"
        assert facts["decided_on"] == date(2018, 4, 16)


class TestReturnToDraft:
    @pytest.mark.parametrize(
        ("stage", "action", "officer"),
        [
            ("pib", "pib-return", PIB_CHAIR),
            ("iab", "iab-return", IAB_CHAIR),
            ("declaration", "declaration-return", HEAD_OF_UNIT),
            ("chief_executive", "certificate-return", CHIEF_EXECUTIVE),
            ("dmpc", "dmpc-return", DMPC),
        ],
    )
    def test_it_removes_what_was_recorded_and_allows_amendments(
        self, services: Services, stage: str, action: str, officer: str
    ) -> None:
        walk_to_stage(services, "draft")
        draft = dict(queries.load_public_case(services, CASE_ID)[0].facts)
        act_on_case(services, "submit", AUTHOR, "2018-03-07")
        for act, who, stated in [
            ("pib-support", PIB_CHAIR, {}),
            ("iab-support", IAB_CHAIR, {}),
            ("declare", HEAD_OF_UNIT, DECLARATION_FACTS),
            ("certify", CHIEF_EXECUTIVE, FACTS_BY_ACTION["certify"]),
        ]:
            if queries.load_public_case(services, CASE_ID)[0].stage == stage:
                break
            commands.perform_action(services, CASE_ID, commands.TypedAct(act, stated), request_by(who, "2018-04-01"))
        receipt = commands.perform_action(
            services, CASE_ID, commands.TypedAct(action, SEND_BACK_FACTS), request_by(officer, "2018-04-02")
        )
        assert receipt.stage == "draft"
        facts = dict(queries.load_public_case(services, CASE_ID)[0].facts)
        now = {address for address in facts if draft.get(address) != facts[address]}
        assert now == {"send_back.reason", *(f"{stage}.{fact}" for fact in ("outcome", "on", "by", "role"))}
        amended = commands.amend_paper(
            services, CASE_ID, Revision({"title": "Mended"}, {}), request_by(AUTHOR, "2018-04-03")
        )
        assert act_queries.list_next_actions(services, CASE_ID)[0].facts[f"{stage}.outcome"] == "returned"
        assert queries.load_public_case(services, CASE_ID)[0].title == "Mended"
        assert amended.version == receipt.version + 1
        verification.verify_ledger(services, with_replay=True)

    def test_a_resubmitted_paper_keeps_its_return_and_voids_what_came_before(self, services: Services) -> None:
        walk_to_stage(services, "dmpc")
        commands.perform_action(
            services, CASE_ID, commands.TypedAct("dmpc-return", SEND_BACK_FACTS), request_by(DMPC, "2018-04-12")
        )
        act_on_case(services, "submit", AUTHOR, "2018-04-13")
        facts = queries.load_public_case(services, CASE_ID)[0].facts
        assert (facts["dmpc.outcome"], facts["dmpc.on"]) == ("returned", date(2018, 4, 12))
        assert "send_back.reason" in facts
        assert not [address for address in facts if address.startswith(("pib.", "iab.", "declaration."))]

    def test_support_after_a_deferral_counts_and_the_deferral_stays_recorded(self, services: Services) -> None:
        walk_to_stage(services, "pib")
        commands.perform_action(
            services, CASE_ID, commands.TypedAct("pib-defer", SEND_BACK_FACTS), request_by(PIB_CHAIR, "2018-03-14")
        )
        assert queries.load_public_case(services, CASE_ID)[0].facts["pib.outcome"] == "deferred"
        act_on_case(services, "pib-support", PIB_CHAIR, "2018-03-21")
        case = queries.load_public_case(services, CASE_ID)[0]
        assert (case.facts["pib.outcome"], "send_back.reason" in case.facts) == ("supported", True)
        passes = [(act.round, act.facts["pib.outcome"], act.is_void) for act in case.acts if "pib.outcome" in act.facts]
        assert passes == [(1, "deferred", False), (2, "supported", False)]

    def test_the_case_must_pass_every_stage_again(self, services: Services) -> None:
        walk_to_stage(services, "dmpc")
        commands.perform_action(
            services, CASE_ID, commands.TypedAct("dmpc-return", SEND_BACK_FACTS), request_by(DMPC, "2018-04-12")
        )
        act_on_case(services, "submit", AUTHOR, "2018-04-12")
        with pytest.raises(Refusal) as refused:
            commands.perform_action(
                services, CASE_ID, commands.TypedAct("approve", APPROVAL_FACTS), request_by(DMPC, "2018-04-13")
            )
        shut = refused.value.ruling.blocking_controls()
        assert {"stages.in_order", "stages.pib_supported", "stages.iab_supported", "certificate.given"} <= set(shut)


class TestAmendment:
    @pytest.mark.parametrize("stage", [stage for stage in story_stages() if stage != "draft"])
    def test_it_is_refused_after_submission(self, services_by_stage: dict[str, Services], stage: str) -> None:
        services = services_by_stage[stage]
        version = queries.load_public_case(services, CASE_ID)[0].version
        with pytest.raises(Refusal) as refused:
            commands.amend_paper(services, CASE_ID, Revision({"title": "Other"}, {}), request_by(AUTHOR, "2018-05-01"))
        assert refused.value.ruling.blocking_controls() == ("paper.amended_in_draft",)
        assert refused.value.advice() == (
            "Ask the person who has the paper to return it to draft. After the decision, the paper no longer changes."
        )
        assert queries.load_public_case(services, CASE_ID)[0].version == version

    def test_stating_a_fact_in_one_part_removes_it_from_the_other(self, services: Services) -> None:
        walk_to_stage(services, "draft")
        commands.amend_paper(
            services, CASE_ID, Revision({"contract_kind": "works"}, {}), request_by(AUTHOR, "2018-03-08")
        )
        snapshot = queries.load_case_snapshot(services, CASE_ID)
        assert snapshot.case.facts["contract_kind"] == "works"
        assert "contract_kind" not in snapshot.exempt_part.facts
        commands.amend_paper(
            services, CASE_ID, Revision({}, {"contract_kind": "none"}), request_by(AUTHOR, "2018-03-09")
        )
        snapshot = queries.load_case_snapshot(services, CASE_ID)
        assert "contract_kind" not in snapshot.case.facts
        assert snapshot.exempt_part.facts["contract_kind"] == "none"
        verification.verify_ledger(services, with_replay=True)

    @pytest.mark.parametrize("address", ["title", "estimated_value", "exemption:s43.limb", "recommendation:pib-1.text"])
    def test_a_fact_is_taken_out_of_whichever_part_holds_it(self, services: Services, address: str) -> None:
        walk_to_stage(services, "draft")
        commands.amend_paper(
            services, CASE_ID, Revision({}, {}, frozenset([address])), request_by(AUTHOR, "2018-03-08")
        )
        snapshot = queries.load_case_snapshot(services, CASE_ID)
        assert address not in {*snapshot.case.facts, *snapshot.exempt_part.facts}
        with pytest.raises(InputError, match="is not stated in MOPAC-2018-1, so it cannot be taken out"):
            commands.amend_paper(
                services, CASE_ID, Revision({}, {}, frozenset([address])), request_by(AUTHOR, "2018-03-08")
            )

    @pytest.mark.parametrize(
        "address",
        [
            "pib.outcome",
            "case.stage",
            "act.on",
            "opened.by",
            "decided_on",
            "buyer",
            "declaration.finance",
            "part_2.exemptions",
            "required_by.working_day",
            "decision.working_days_late",
        ],
    )
    def test_recorded_given_and_derived_facts_cannot_be_stated_or_taken_out(
        self, services: Services, address: str
    ) -> None:
        walk_to_stage(services, "draft")
        message = "is not stated in a paper: an act records it, the scheme gives it, or it is derived"
        act_context = ActContext(date(2018, 3, 8), "salt")
        for command in (Amend({address: True}, {}), Amend({}, {address: True}), Amend({}, {}, frozenset([address]))):
            with pytest.raises(InputError, match=message):
                life.decide(load_full_case(services), command, SCHEME, author(), act_context)
        with pytest.raises(InputError, match=message):
            life.decide(None, Open("X-1", {address: True}, {}), SCHEME, author(), act_context)

    @pytest.mark.parametrize(
        ("kind", "example"),
        [
            ("exemption", ", such as s21: {section: s21}"),
            ("recommendation", ", such as approve: {verb: approve}"),
            ("contract", ", such as lot: {kind: lot}"),
            ("milestone", ""),
        ],
    )
    def test_a_subject_without_facts_gets_an_example_of_its_kind(
        self, services: Services, kind: str, example: str
    ) -> None:
        written = b"public:\n  " + kind.encode() + b": approve\n"
        with pytest.raises(FileError) as error:
            commands.open_case_from_paper(services, "mopac", written, "paper.yaml", request_by(AUTHOR, "2018-03-08"))
        message = f"must be a mapping of each {kind} to its facts{example}"
        assert message in [fault.message for fault in error.value.faults]

    def test_an_unknown_fact_gets_a_suggestion(self, services: Services) -> None:
        walk_to_stage(services, "draft")
        for part in (Revision({"titel": "x"}, {}), Revision({}, {"titel": "x"})):
            with pytest.raises(InputError, match="'titel' is not a fact") as error:
                commands.amend_paper(services, CASE_ID, part, request_by(AUTHOR, "2018-03-08"))
            assert error.value.advice() == "Did you mean title?"


OFFICER = Officer("u", "Head of Smarter Working", (Appointment("head_of_unit", "mopac"),))
ACT_CONTEXT = ActContext(date(2018, 5, 1), "salt")


def author() -> Officer:
    return Officer("aimee-reed", "Aimee Reed", (Appointment("author", "mopac"),))


def load_full_case(services: Services) -> FullCase:
    return queries.load_case_snapshot(services, CASE_ID).full_case


def test_an_act_without_a_case_is_refused() -> None:
    with pytest.raises(InputError, match="there is no case"):
        life.decide(None, Act("submit"), SCHEME, author(), ACT_CONTEXT)


def test_rules_that_allow_an_act_at_a_wrong_stage_are_a_fault(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk_to_stage(services, "pib")
    open_ruling = act_queries.list_next_actions(services, CASE_ID, date(2018, 5, 1))[1][0].ruling
    assert open_ruling.is_open
    monkeypatch.setattr(life, "make_act_ruling", lambda *_: open_ruling)
    with pytest.raises(EngineError, match="would let submit happen at the stage pib"):
        life.decide(load_full_case(services), Act("submit"), SCHEME, author(), ACT_CONTEXT)


def test_a_gate_without_any_finding_stays_shut(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    walk_to_stage(services, "pib")
    full_case = load_full_case(services)
    nothing, gate_rules = Evidence({}), SCHEME.rulebook.gate_rules("pib")
    empty = KeptJudgement(EvaluatedJudgement(SCHEME.rulebook, nothing, []), gate_rules, frozenset())
    shared = SharedJudgement(empty, nothing, frozenset(), {}, {})
    monkeypatch.setattr("workflow.cases.ruling.judge_one", lambda *_: shared)
    chair = Officer("c", "Chair of PIB", (Appointment("pib_chair", "mopac"),))
    with pytest.raises(Refusal, match="no check allows it"):
        life.decide(full_case, Act("pib-support"), SCHEME, chair, ACT_CONTEXT)


def test_a_gate_without_a_satisfied_control_stays_shut(services: Services) -> None:
    walk_to_stage(services, "pib")
    before_all_law = ActContext(date(2001, 1, 1), "salt")
    ruling = act_ruling.make_act_ruling(load_full_case(services), Act("pib-support"), SCHEME, before_all_law)
    assert {finding.outcome for finding in ruling.findings} == {"not_applicable"}
    assert not ruling.is_open


def test_a_paper_with_exempt_facts_must_say_that_there_is_a_part_2(services: Services) -> None:
    walk_to_stage(services, "draft")
    exemption_facts = frozenset(
        address
        for part in (load_full_case(services).case.facts, load_full_case(services).exempt_part.facts)
        for address in part
        if address.startswith(("exemption:", "section:", "part_2."))
    )
    commands.amend_paper(services, CASE_ID, Revision({}, {}, exemption_facts), request_by(AUTHOR, "2018-03-07"))
    commands.amend_paper(services, CASE_ID, Revision({"part_2.exists": "false"}, {}), request_by(AUTHOR, "2018-03-07"))
    full_case = load_full_case(services)
    assert full_case.exempt_part.facts
    with pytest.raises(Refusal) as refused:
        commands.perform_action(services, CASE_ID, commands.TypedAct("submit"), request_by(AUTHOR, "2018-03-07"))
    assert refused.value.ruling.blocking_controls() == ("foia.withheld_in_part_2",)
    assert refused.value.ruling.public_facts["case.withholds"] is True
    ruling = act_ruling.make_act_ruling(FullCase(full_case.case, ExemptFacts({})), Act("submit"), SCHEME, ACT_CONTEXT)
    finding = next(f for f in ruling.findings if f.control == "foia.withheld_in_part_2")
    assert finding.outcome == "not_applicable"


def test_the_case_evolves_by_the_decided_event(services: Services) -> None:
    walk_to_stage(services, "pib")
    full_case = load_full_case(services)
    chair = Officer("c", "Chair of PIB", (Appointment("pib_chair", "mopac"),))
    decided = life.decide(full_case, Act("pib-support"), SCHEME, chair, ACT_CONTEXT)
    after = records.evolve_full_case(full_case, decided.event)
    assert (after.case.stage, after.case.version) == ("iab", full_case.case.version + 1)
    assert after.exempt_part == full_case.exempt_part
    assert records.evolve_full_case(None, decided.event).exempt_part == ExemptFacts({})


def test_an_officer_who_is_not_entitled_acts_in_no_capacity(services: Services) -> None:
    """The recorded refusal must not lend the officer a role that they do not hold."""
    walk_to_stage(services, "draft")
    with pytest.raises(Refusal) as refused:
        commands.perform_action(services, CASE_ID, commands.TypedAct("approve"), request_by(AUTHOR, "2018-03-08"))
    assert "act.role" not in refused.value.ruling.public_facts
    assert "dmpc.role" not in refused.value.ruling.public_facts
    outcomes = {finding.control: finding.outcome for finding in refused.value.ruling.findings}
    assert outcomes["consent.decided_by_dmpc"] == "undetermined"


def test_a_fact_cannot_be_stated_in_both_parts_at_once(services: Services) -> None:
    walk_to_stage(services, "draft")
    both: dict[str, FactValue] = {"title": "x"}
    for command in (Amend(both, both), Open("X-1", both, both)):
        full_case = load_full_case(services) if isinstance(command, Amend) else None
        with pytest.raises(InputError, match="title is stated in both parts"):
            life.decide(full_case, command, SCHEME, author(), ActContext(date(2018, 3, 8), "salt"))


def test_a_typed_fact_overrides_the_part_that_the_paper_states(services: Services) -> None:
    walk_to_stage(services, "draft")
    revision = Revision({}, {"required_by": "2018-03-29"}, paper=(paper_bytes(), "paper.yaml"))
    commands.amend_paper(services, CASE_ID, revision, request_by(AUTHOR, "2018-03-08"))
    snapshot = queries.load_case_snapshot(services, CASE_ID)
    assert "required_by" not in snapshot.case.facts
    assert snapshot.exempt_part.facts["required_by"] == date(2018, 3, 29)
