"""The life of a case, act by act: who may do what, when, and what it leaves behind."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules.errors import EngineError, FileError, InputError, NotInForce
from rules.judging.judge import EvaluatedJudgement
from rules.language.pack_schema import Period
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
from workflow.cases import life
from workflow.cases.case import ExemptFacts, FullCase
from workflow.cases.events import Act, ActContext, Amend, Open
from workflow.cases.officers import Officer
from workflow.errors import NotEntitled, Refusal
from workflow.services import commands as at_desk
from workflow.services import queries, verification
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
STATED = {"declare": DECLARATION_FACTS, "certify": {"certificate.advice_considered": "true"}, "approve": APPROVAL_FACTS}
ON = date(2018, 5, 1)


def stated_for(action: str) -> dict[str, str]:
    return STATED.get(action, SEND_BACK_FACTS if SCHEME.action(action).gate == "send_back" else {})


def acts_elsewhere() -> list[tuple[str, str]]:
    return [
        (stage, name)
        for stage in story_stages()
        for name, act in SCHEME.declaration.actions.items()
        if act.stage != stage
    ]


@pytest.mark.parametrize("action", SCHEME.declaration.actions)
def test_every_action_can_be_done_at_its_stage_by_its_officer(desk: Services, action: str) -> None:
    declared = SCHEME.action(action)
    before = walk_to_stage(desk, declared.stage)
    asked = Request(ACTORS[declared.who[0]], ON)
    receipt = at_desk.perform_action(desk, CASE_ID, action, stated_for(action), asked)
    assert (receipt.event, receipt.stage, receipt.version) == (action, declared.to, before.version + 1)
    assert receipt.ruling is not None
    assert receipt.ruling.is_open
    facts = queries.load_public_case(desk, CASE_ID)[0].facts
    if declared.outcome and declared.to not in ("draft", declared.stage):
        assert facts[f"{declared.stage}.outcome"] == declared.outcome
        assert facts[f"{declared.stage}.on"] == ON
        assert facts[f"{declared.stage}.role"] == declared.who[0]
        assert isinstance(facts[f"{declared.stage}.by"], str)
    verification.verify_ledger(desk, with_replay=True)


@pytest.mark.parametrize(("stage", "action"), acts_elsewhere())
def test_no_act_is_done_at_another_stage_than_its_own(scene: dict[str, Services], stage: str, action: str) -> None:
    desk, declared = scene[stage], SCHEME.action(action)
    version = queries.load_public_case(desk, CASE_ID)[0].version
    with pytest.raises(Refusal) as refused:
        at_desk.perform_action(desk, CASE_ID, action, stated_for(action), Request(ACTORS[declared.who[0]], ON))
    assert "stages.in_order" in refused.value.ruling.blocking_controls()
    found = next(f for f in refused.value.ruling.findings if f.control == "stages.in_order")
    assert found.outcome == "breached"
    assert "case next" in refused.value.advice()
    assert queries.load_public_case(desk, CASE_ID)[0].version == version


@pytest.mark.parametrize("action", SCHEME.declaration.actions)
def test_only_the_officer_of_a_role_may_act(scene: dict[str, Services], action: str) -> None:
    declared = SCHEME.action(action)
    for role, officer in ACTORS.items():
        if role not in declared.who:
            with pytest.raises(NotEntitled, match=f"may not {action}: only"):
                at_desk.perform_action(scene[declared.stage], CASE_ID, action, stated_for(action), Request(officer, ON))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Services]:
    """The case at each of its stages, on a store each; for tests that leave it there."""
    found = {}
    for stage in story_stages():
        found[stage] = new_services(tmp_path_factory.mktemp(stage) / "assent.db")
        walk_to_stage(found[stage], stage)
    return found


class TestEntitlement:
    def test_a_case_is_opened_and_amended_by_an_author_only(self, desk: Services) -> None:
        with pytest.raises(NotEntitled, match="Deputy Mayor may not open a case: only Report author"):
            at_desk.open_case(desk, "mopac", {"title": "x"}, {}, request_by(DMPC, "2018-03-07"))
        walk_to_stage(desk, "draft")
        with pytest.raises(NotEntitled, match="may not amend the paper"):
            at_desk.amend_paper(desk, CASE_ID, Revision({"title": "x"}, {}), request_by(DMPC, "2018-03-08"))

    def test_an_officer_of_another_authority_may_do_nothing(self, path: Path) -> None:
        desk = new_services(path, two_authorities())
        roles = list(SCHEME.declaration.roles)
        at_desk.add_officer(desk, "Else Where", "elsewhere", roles, request_by("", "2018-03-01"))
        foreign = request_by("else-where", "2018-05-01")
        with pytest.raises(NotEntitled, match=r"only officers of mopac \(not of elsewhere\) may"):
            at_desk.open_case(desk, "mopac", {"title": "x"}, {}, foreign)
        walk_to_stage(desk, "draft")
        for action in ("submit", "approve"):
            with pytest.raises(NotEntitled, match="act under mopac"):
                at_desk.perform_action(desk, CASE_ID, action, {}, foreign)
        with pytest.raises(NotEntitled, match="act under mopac"):
            at_desk.amend_paper(desk, CASE_ID, Revision({"title": "x"}, {}), foreign)

    def test_an_officer_with_two_roles_acts_in_each_where_it_is_asked_for(self, desk: Services) -> None:
        at_desk.add_officer(desk, "Two Hats", "mopac", ["iab_chair", "pib_chair"], request_by("", "2018-03-01"))
        walk_to_stage(desk, "pib")
        act_on_case(desk, "pib-support", "two-hats", "2018-03-14")
        act_on_case(desk, "iab-support", "two-hats", "2018-03-22")
        facts = queries.load_public_case(desk, CASE_ID)[0].facts
        assert (facts["pib.role"], facts["iab.role"]) == ("pib_chair", "iab_chair")
        with pytest.raises(NotEntitled):
            at_desk.perform_action(desk, CASE_ID, "declare", DECLARATION_FACTS, request_by("two-hats", "2018-04-09"))


class TestDays:
    def test_an_act_before_the_last_one_is_refused(self, desk: Services) -> None:
        walk_to_stage(desk, "pib")
        with pytest.raises(InputError, match="2018-03-06 is before the last act on MOPAC-2018-1, of 2018-03-07"):
            act_on_case(desk, "pib-support", PIB_CHAIR, "2018-03-06")
        assert act_on_case(desk, "pib-support", PIB_CHAIR, "2018-03-07").stage == "iab"

    def test_an_act_on_a_day_that_has_not_come_is_refused(self, desk: Services) -> None:
        walk_to_stage(desk, "pib")
        with pytest.raises(InputError, match="2019-01-01 has not come yet: today is 2018-12-31"):
            act_on_case(desk, "pib-support", PIB_CHAIR, "2019-01-01")
        assert act_on_case(desk, "pib-support", PIB_CHAIR, "2018-12-31").stage == "iab"

    @pytest.mark.parametrize("on", ["2011-12-31", "2012-01-15"])
    def test_a_day_before_the_scheme_was_in_force_is_refused(self, desk: Services, on: str) -> None:
        """Controls that are not in force yet ask for nothing: backdating would open every gate."""
        said = f"the scheme of mopac is not in force on {on}: it is first in force on 2012-01-16"
        with pytest.raises(NotInForce, match=said) as refused:
            at_desk.open_case(desk, "mopac", {"title": "x"}, {}, request_by(AUTHOR, on))
        assert refused.value.advice() == "Name a day on which it is with --on."
        assert at_desk.open_case(desk, "mopac", {"title": "x"}, {}, request_by(AUTHOR, "2012-01-16")).stage == "draft"

    def test_no_act_is_done_after_the_last_day_of_the_scheme(self, desk: Services) -> None:
        walk_to_stage(desk, "draft")
        ended = SCHEME.declaration.model_copy(
            update={"in_force": Period.model_validate({"from": date(2016, 10, 17), "to": MOMENT.on})}
        )
        scheme = replace(SCHEME, declaration=ended)
        assert life.decide(matter_at(desk), Act("submit"), scheme, author(), MOMENT).event.stage == "pib"
        late = ActContext(date(2018, 5, 2), "salt")
        with pytest.raises(NotInForce, match="not in force on 2018-05-02: it was last in force on 2018-05-01"):
            life.decide(matter_at(desk), Act("submit"), scheme, author(), late)

    def test_without_a_day_an_act_is_of_today(self, desk: Services) -> None:
        walk_to_stage(desk, "pib")
        at_desk.perform_action(desk, CASE_ID, "pib-support", {}, Request(PIB_CHAIR))
        assert queries.load_public_case(desk, CASE_ID)[0].facts["pib.on"] == date(2018, 12, 31)

    @pytest.mark.parametrize("on", ["2018-03-30", "2018-04-01"])
    def test_an_act_on_a_bank_holiday_or_a_sunday_is_taken_as_it_was(self, desk: Services, on: str) -> None:
        walk_to_stage(desk, "pib")
        assert act_on_case(desk, "pib-support", PIB_CHAIR, on).stage == "iab"

    @pytest.mark.parametrize("day", ["2018-02-30", "2018-13-01", "30 February", "7/3/2018"])
    def test_a_day_that_there_is_not_cannot_be_stated(self, desk: Services, day: str) -> None:
        walk_to_stage(desk, "draft")
        with pytest.raises(InputError, match="required_by: "):
            at_desk.amend_paper(desk, CASE_ID, Revision({"required_by": day}, {}), request_by(AUTHOR, "2018-03-08"))


class TestFactsThatAnActAsksFor:
    def test_they_do_not_carry_over_from_before(self, desk: Services) -> None:
        walk_to_stage(desk, "chief_executive")
        act_on_case(desk, "certificate-return", CHIEF_EXECUTIVE, "2018-04-11", send_back__reason="Finance first.")
        act_on_case(desk, "submit", AUTHOR, "2018-04-12")
        act_on_case(desk, "pib-support", PIB_CHAIR, "2018-04-12")
        act_on_case(desk, "iab-support", IAB_CHAIR, "2018-04-12")
        with pytest.raises(Refusal) as refused:
            act_on_case(desk, "declare", HEAD_OF_UNIT, "2018-04-12")
        assert set(refused.value.ruling.blocking_controls()) == {
            "declaration.finance_reviewed",
            "declaration.legal_stated",
            "declaration.finance_consulted",
            "declaration.equalities_covered",
        }

    def test_a_reason_given_once_does_not_do_for_a_second_deferral(self, desk: Services) -> None:
        walk_to_stage(desk, "pib")
        act_on_case(desk, "pib-defer", PIB_CHAIR, "2018-03-14", send_back__reason="Not quorate.")
        with pytest.raises(Refusal, match=r"send_back\.reason_stated"):
            act_on_case(desk, "pib-defer", PIB_CHAIR, "2018-03-15")
        act_on_case(desk, "pib-support", PIB_CHAIR, "2018-03-16")
        assert queries.load_public_case(desk, CASE_ID)[0].facts["pib.outcome"] == "supported"

    def test_those_of_another_act_are_refused(self, desk: Services) -> None:
        walk_to_stage(desk, "declaration")
        with pytest.raises(InputError, match=r"declare does not ask for 'decision.reference'"):
            act_on_case(desk, "declare", HEAD_OF_UNIT, "2018-04-09", decision__reference="PCD 361")
        with pytest.raises(InputError, match=r"does not ask for 'declaration.finanse'") as error:
            life.decide(matter_at(desk), Act("declare", {"declaration.finanse": True}), SCHEME, OFFICER, MOMENT)
        assert error.value.advice() == "Did you mean declaration.finance?"

    def test_a_stage_that_an_act_left_behind_keeps_what_it_stated(self, desk: Services) -> None:
        walk_to_stage(desk, "published")
        facts = queries.load_public_case(desk, CASE_ID)[0].facts
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
    def test_it_undoes_what_was_recorded_and_lets_the_paper_be_amended(
        self, desk: Services, stage: str, action: str, officer: str
    ) -> None:
        walk_to_stage(desk, "draft")
        draft = dict(queries.load_public_case(desk, CASE_ID)[0].facts)
        act_on_case(desk, "submit", AUTHOR, "2018-03-07")
        for act, who, stated in [
            ("pib-support", PIB_CHAIR, {}),
            ("iab-support", IAB_CHAIR, {}),
            ("declare", HEAD_OF_UNIT, DECLARATION_FACTS),
            ("certify", CHIEF_EXECUTIVE, STATED["certify"]),
        ]:
            if queries.load_public_case(desk, CASE_ID)[0].stage == stage:
                break
            at_desk.perform_action(desk, CASE_ID, act, stated, request_by(who, "2018-04-01"))
        receipt = at_desk.perform_action(desk, CASE_ID, action, SEND_BACK_FACTS, request_by(officer, "2018-04-02"))
        assert receipt.stage == "draft"
        left = dict(queries.load_public_case(desk, CASE_ID)[0].facts)
        now = {where for where in left if draft.get(where) != left[where]}
        assert now == {"send_back.reason", *(f"{stage}.{fact}" for fact in ("outcome", "on", "by", "role"))}
        amended = at_desk.amend_paper(
            desk, CASE_ID, Revision({"title": "Mended"}, {}), request_by(AUTHOR, "2018-04-03")
        )
        assert queries.list_next_actions(desk, CASE_ID)[0].facts[f"{stage}.outcome"] == "returned"
        assert queries.load_public_case(desk, CASE_ID)[0].title == "Mended"
        assert amended.version == receipt.version + 1
        verification.verify_ledger(desk, with_replay=True)

    def test_a_paper_on_its_way_again_tells_nothing_of_the_return(self, desk: Services) -> None:
        walk_to_stage(desk, "dmpc")
        at_desk.perform_action(desk, CASE_ID, "dmpc-return", SEND_BACK_FACTS, request_by(DMPC, "2018-04-12"))
        act_on_case(desk, "submit", AUTHOR, "2018-04-13")
        facts = queries.load_public_case(desk, CASE_ID)[0].facts
        assert not [where for where in facts if where.startswith("dmpc.") or where == "send_back.reason"]

    def test_a_board_that_deferred_and_then_supports_is_said_to_support(self, desk: Services) -> None:
        walk_to_stage(desk, "pib")
        at_desk.perform_action(desk, CASE_ID, "pib-defer", SEND_BACK_FACTS, request_by(PIB_CHAIR, "2018-03-14"))
        assert queries.load_public_case(desk, CASE_ID)[0].facts["pib.outcome"] == "deferred"
        act_on_case(desk, "pib-support", PIB_CHAIR, "2018-03-21")
        facts = queries.load_public_case(desk, CASE_ID)[0].facts
        assert (facts["pib.outcome"], "send_back.reason" in facts) == ("supported", False)

    def test_the_chain_has_to_be_gone_through_again(self, desk: Services) -> None:
        walk_to_stage(desk, "dmpc")
        at_desk.perform_action(desk, CASE_ID, "dmpc-return", SEND_BACK_FACTS, request_by(DMPC, "2018-04-12"))
        act_on_case(desk, "submit", AUTHOR, "2018-04-12")
        with pytest.raises(Refusal) as refused:
            at_desk.perform_action(desk, CASE_ID, "approve", APPROVAL_FACTS, request_by(DMPC, "2018-04-13"))
        shut = refused.value.ruling.blocking_controls()
        assert {"stages.in_order", "stages.pib_supported", "stages.iab_supported", "certificate.given"} <= set(shut)


class TestAmendment:
    @pytest.mark.parametrize("stage", [stage for stage in story_stages() if stage != "draft"])
    def test_it_is_refused_once_the_paper_was_sent(self, scene: dict[str, Services], stage: str) -> None:
        desk = scene[stage]
        version = queries.load_public_case(desk, CASE_ID)[0].version
        with pytest.raises(Refusal) as refused:
            at_desk.amend_paper(desk, CASE_ID, Revision({"title": "Other"}, {}), request_by(AUTHOR, "2018-05-01"))
        assert refused.value.ruling.blocking_controls() == ("paper.amended_in_draft",)
        assert refused.value.advice() == (
            "A paper that is before somebody is amended after it has been returned to draft; "
            "what has been decided is not changed any more."
        )
        assert queries.load_public_case(desk, CASE_ID)[0].version == version

    def test_a_fact_stated_in_one_part_leaves_the_other(self, desk: Services) -> None:
        walk_to_stage(desk, "draft")
        at_desk.amend_paper(desk, CASE_ID, Revision({"contract_kind": "works"}, {}), request_by(AUTHOR, "2018-03-08"))
        file = queries.load_case_snapshot(desk, CASE_ID)
        assert file.case.facts["contract_kind"] == "works"
        assert "contract_kind" not in file.exempt_part.facts
        at_desk.amend_paper(desk, CASE_ID, Revision({}, {"contract_kind": "none"}), request_by(AUTHOR, "2018-03-09"))
        file = queries.load_case_snapshot(desk, CASE_ID)
        assert "contract_kind" not in file.case.facts
        assert file.exempt_part.facts["contract_kind"] == "none"
        verification.verify_ledger(desk, with_replay=True)

    @pytest.mark.parametrize("where", ["title", "estimated_value", "exemption:s43.limb", "recommendation:pib-1.text"])
    def test_a_fact_is_taken_out_of_the_part_in_which_it_stands(self, desk: Services, where: str) -> None:
        walk_to_stage(desk, "draft")
        at_desk.amend_paper(desk, CASE_ID, Revision({}, {}, frozenset([where])), request_by(AUTHOR, "2018-03-08"))
        file = queries.load_case_snapshot(desk, CASE_ID)
        assert where not in {*file.case.facts, *file.exempt_part.facts}
        with pytest.raises(InputError, match="is not stated in MOPAC-2018-1, so it cannot be taken out"):
            at_desk.amend_paper(desk, CASE_ID, Revision({}, {}, frozenset([where])), request_by(AUTHOR, "2018-03-08"))

    @pytest.mark.parametrize(
        "where",
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
    def test_what_is_recorded_given_or_derived_is_neither_stated_nor_taken_out(
        self, desk: Services, where: str
    ) -> None:
        walk_to_stage(desk, "draft")
        said = "is not stated in a paper: an act records it, the scheme gives it, or it is derived"
        moment = ActContext(date(2018, 3, 8), "salt")
        for command in (Amend({where: True}, {}), Amend({}, {where: True}), Amend({}, {}, frozenset([where]))):
            with pytest.raises(InputError, match=said):
                life.decide(matter_at(desk), command, SCHEME, author(), moment)
        with pytest.raises(InputError, match=said):
            life.decide(None, Open("X-1", {where: True}, {}), SCHEME, author(), moment)

    @pytest.mark.parametrize(
        ("kind", "example"),
        [
            ("exemption", ", such as s21: {section: s21}"),
            ("recommendation", ", such as pib: {body: pib}"),
            ("contract", ", such as lot: {kind: lot}"),
            ("milestone", ""),
        ],
    )
    def test_a_subject_without_facts_gets_an_example_of_its_kind(self, desk: Services, kind: str, example: str) -> None:
        written = b"public:\n  " + kind.encode() + b": approve\n"
        with pytest.raises(FileError) as error:
            at_desk.open_case_from_paper(desk, "mopac", written, "paper.yaml", request_by(AUTHOR, "2018-03-08"))
        message = f"must be a mapping of each {kind} to its facts{example}"
        assert message in [fault.message for fault in error.value.faults]

    def test_an_unknown_fact_gets_a_suggestion(self, desk: Services) -> None:
        walk_to_stage(desk, "draft")
        for part in (Revision({"titel": "x"}, {}), Revision({}, {"titel": "x"})):
            with pytest.raises(InputError, match="'titel' is not a fact") as error:
                at_desk.amend_paper(desk, CASE_ID, part, request_by(AUTHOR, "2018-03-08"))
            assert error.value.advice() == "Did you mean title?"


OFFICER = Officer("u", "Head of Smarter Working", "mopac", ("head_of_unit",))
MOMENT = ActContext(date(2018, 5, 1), "salt")


def author() -> Officer:
    return Officer("aimee-reed", "Aimee Reed", "mopac", ("author",))


def matter_at(desk: Services) -> FullCase:
    return queries.load_case_snapshot(desk, CASE_ID).full_case


def test_nothing_is_done_on_no_case() -> None:
    with pytest.raises(InputError, match="there is no case"):
        life.decide(None, Act("submit"), SCHEME, author(), MOMENT)


def test_rules_that_would_let_an_act_happen_at_a_wrong_stage_are_a_fault(
    desk: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk_to_stage(desk, "pib")
    open_ruling = queries.list_next_actions(desk, CASE_ID, date(2018, 5, 1))[1][0].ruling
    assert open_ruling.is_open
    monkeypatch.setattr(life, "make_act_ruling", lambda *_: open_ruling)
    with pytest.raises(EngineError, match="would let submit happen at the stage pib"):
        life.decide(matter_at(desk), Act("submit"), SCHEME, author(), MOMENT)


def test_a_gate_at_which_nothing_was_asked_stays_shut(desk: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    walk_to_stage(desk, "pib")
    matter = matter_at(desk)
    monkeypatch.setattr(
        "workflow.cases.ruling.judge_evidence", lambda book, _, known: EvaluatedJudgement(book, known, [])
    )
    chair = Officer("c", "Chair of PIB", "mopac", ("pib_chair",))
    with pytest.raises(Refusal, match="no control allows it"):
        life.decide(matter, Act("pib-support"), SCHEME, chair, MOMENT)


def test_a_gate_at_which_nothing_was_found_satisfied_stays_shut(desk: Services) -> None:
    walk_to_stage(desk, "pib")
    before_all_law = ActContext(date(2001, 1, 1), "salt")
    ruling = life.make_act_ruling(matter_at(desk), Act("pib-support"), SCHEME, before_all_law)
    assert {finding.outcome for finding in ruling.findings} == {"not_applicable"}
    assert not ruling.is_open


def test_facts_held_in_part_2_need_a_paper_that_says_there_is_one(desk: Services) -> None:
    walk_to_stage(desk, "draft")
    claimed = frozenset(
        where
        for part in (matter_at(desk).case.facts, matter_at(desk).exempt_part.facts)
        for where in part
        if where.startswith(("exemption:", "section:", "part_2."))
    )
    at_desk.amend_paper(desk, CASE_ID, Revision({}, {}, claimed), request_by(AUTHOR, "2018-03-07"))
    at_desk.amend_paper(desk, CASE_ID, Revision({"part_2.exists": "false"}, {}), request_by(AUTHOR, "2018-03-07"))
    matter = matter_at(desk)
    assert matter.exempt_part.facts
    with pytest.raises(Refusal) as refused:
        at_desk.perform_action(desk, CASE_ID, "submit", {}, request_by(AUTHOR, "2018-03-07"))
    assert refused.value.ruling.blocking_controls() == ("foia.withheld_in_part_2",)
    assert refused.value.ruling.public_facts["case.withholds"] is True
    bare = life.make_act_ruling(FullCase(matter.case, ExemptFacts({})), Act("submit"), SCHEME, MOMENT)
    found = next(f for f in bare.findings if f.control == "foia.withheld_in_part_2")
    assert found.outcome == "not_applicable"


def test_what_is_decided_is_what_the_case_becomes(desk: Services) -> None:
    walk_to_stage(desk, "pib")
    matter = matter_at(desk)
    chair = Officer("c", "Chair of PIB", "mopac", ("pib_chair",))
    decided = life.decide(matter, Act("pib-support"), SCHEME, chair, MOMENT)
    after = life.evolve_full_case(matter, decided.event)
    assert (after.case.stage, after.case.version) == ("iab", matter.case.version + 1)
    assert after.exempt_part == matter.exempt_part
    assert life.evolve_full_case(None, decided.event).exempt_part == ExemptFacts({})


def test_an_officer_who_may_not_act_is_refused_in_no_capacity(desk: Services) -> None:
    """What is sealed of an attempt is what was: nobody's role is lent to one who has it not."""
    walk_to_stage(desk, "draft")
    with pytest.raises(Refusal) as refused:
        at_desk.perform_action(desk, CASE_ID, "approve", {}, request_by(AUTHOR, "2018-03-08"))
    assert "act.role" not in refused.value.ruling.public_facts
    assert "dmpc.role" not in refused.value.ruling.public_facts
    outcomes = {finding.control: finding.outcome for finding in refused.value.ruling.findings}
    assert outcomes["consent.decided_by_dmpc"] == "undetermined"


def test_a_fact_is_opened_and_amended_in_one_part_only(desk: Services) -> None:
    walk_to_stage(desk, "draft")
    both: dict[str, FactValue] = {"title": "x"}
    for command in (Amend(both, both), Open("X-1", both, both)):
        matter = matter_at(desk) if isinstance(command, Amend) else None
        with pytest.raises(InputError, match="title is stated in both parts"):
            life.decide(matter, command, SCHEME, author(), ActContext(date(2018, 3, 8), "salt"))


def test_what_is_typed_beside_a_paper_moves_the_fact_to_its_part(desk: Services) -> None:
    walk_to_stage(desk, "draft")
    revision = Revision({}, {"required_by": "2018-03-29"}, paper=(paper_bytes(), "paper.yaml"))
    at_desk.amend_paper(desk, CASE_ID, revision, request_by(AUTHOR, "2018-03-08"))
    file = queries.load_case_snapshot(desk, CASE_ID)
    assert "required_by" not in file.case.facts
    assert file.exempt_part.facts["required_by"] == date(2018, 3, 29)
