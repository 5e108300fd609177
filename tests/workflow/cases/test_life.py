"""The life of a case, act by act: who may do what, when, and what it leaves behind."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules.errors import EngineError, FileError, InputError, NotInForce
from rules.judging.judge import Judged
from rules.language.pack_schema import Period
from rules.values.facts import FactValue
from tests.workflow.walk import (
    APPROVED,
    AUTHOR,
    CASE,
    CHIEF,
    DECLARED,
    DMPC,
    GOVERNANCE,
    IAB,
    PIB,
    REASON,
    UNIT,
    by,
    do,
    new_desk,
    paper,
    shipped,
    stages,
    two_authorities,
    walk,
)
from workflow.cases import life
from workflow.cases.case import Confidential, Matter
from workflow.cases.events import Act, Amend, Moment, Open
from workflow.cases.officers import Officer
from workflow.errors import NotEntitled, Refusal
from workflow.services import commands as at_desk
from workflow.services import queries, verification
from workflow.services.commands import Asked, Desk, Revision

SCHEME = shipped().scheme("mopac")
ACTORS = {
    "author": AUTHOR,
    "pib_chair": PIB,
    "iab_chair": IAB,
    "head_of_unit": UNIT,
    "chief_executive": CHIEF,
    "dmpc": DMPC,
    "governance": GOVERNANCE,
}
STATED = {"declare": DECLARED, "certify": {"certificate.advice_considered": "true"}, "approve": APPROVED}
ON = date(2018, 5, 1)


def stated_for(action: str) -> dict[str, str]:
    return STATED.get(action, REASON if SCHEME.action(action).gate == "send_back" else {})


def acts_elsewhere() -> list[tuple[str, str]]:
    return [(stage, name) for stage in stages() for name, act in SCHEME.text.actions.items() if act.stage != stage]


@pytest.mark.parametrize("action", SCHEME.text.actions)
def test_every_action_can_be_done_at_its_stage_by_its_officer(desk: Desk, action: str) -> None:
    declared = SCHEME.action(action)
    before = walk(desk, declared.stage)
    asked = Asked(ACTORS[declared.who[0]], ON)
    receipt = at_desk.act(desk, CASE, action, stated_for(action), asked)
    assert (receipt.event, receipt.stage, receipt.version) == (action, declared.to, before.version + 1)
    assert receipt.ruling is not None
    assert receipt.ruling.is_open
    facts = queries.public_record(desk, CASE)[0].facts
    if declared.outcome and declared.to not in ("draft", declared.stage):
        assert facts[f"{declared.stage}.outcome"] == declared.outcome
        assert facts[f"{declared.stage}.on"] == ON
        assert facts[f"{declared.stage}.role"] == declared.who[0]
        assert isinstance(facts[f"{declared.stage}.by"], str)
    verification.verify(desk, again=True)


@pytest.mark.parametrize(("stage", "action"), acts_elsewhere())
def test_no_act_is_done_at_another_stage_than_its_own(scene: dict[str, Desk], stage: str, action: str) -> None:
    desk, declared = scene[stage], SCHEME.action(action)
    version = queries.public_record(desk, CASE)[0].version
    with pytest.raises(Refusal) as refused:
        at_desk.act(desk, CASE, action, stated_for(action), Asked(ACTORS[declared.who[0]], ON))
    assert "stages.in_order" in refused.value.ruling.blocked_by()
    found = next(f for f in refused.value.ruling.findings if f.control == "stages.in_order")
    assert found.outcome == "breached"
    assert "case next" in refused.value.advice()
    assert queries.public_record(desk, CASE)[0].version == version


@pytest.mark.parametrize("action", SCHEME.text.actions)
def test_only_the_officer_of_a_role_may_act(scene: dict[str, Desk], action: str) -> None:
    declared = SCHEME.action(action)
    for role, officer in ACTORS.items():
        if role not in declared.who:
            with pytest.raises(NotEntitled, match=f"may not {action}: that is for"):
                at_desk.act(scene[declared.stage], CASE, action, stated_for(action), Asked(officer, ON))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Desk]:
    """The case at each of its stages, on a store each; for tests that leave it there."""
    found = {}
    for stage in stages():
        found[stage] = new_desk(tmp_path_factory.mktemp(stage) / "assent.db")
        walk(found[stage], stage)
    return found


class TestEntitlement:
    def test_a_case_is_opened_and_amended_by_an_author_only(self, desk: Desk) -> None:
        with pytest.raises(NotEntitled, match="Deputy Mayor may not open a case: that is for Report author"):
            at_desk.open_case(desk, "mopac", {"title": "x"}, {}, by(DMPC, "2018-03-07"))
        walk(desk, "draft")
        with pytest.raises(NotEntitled, match="may not amend the paper"):
            at_desk.amend(desk, CASE, Revision({"title": "x"}, {}), by(DMPC, "2018-03-08"))

    def test_an_officer_of_another_authority_may_do_nothing(self, path: Path) -> None:
        desk = new_desk(path, two_authorities())
        roles = list(SCHEME.text.roles)
        at_desk.add_officer(desk, "Else Where", "elsewhere", roles, by("", "2018-03-01"))
        foreign = by("else-where", "2018-05-01")
        with pytest.raises(NotEntitled, match="those of elsewhere"):
            at_desk.open_case(desk, "mopac", {"title": "x"}, {}, foreign)
        walk(desk, "draft")
        for action in ("submit", "approve"):
            with pytest.raises(NotEntitled, match="act under mopac"):
                at_desk.act(desk, CASE, action, {}, foreign)
        with pytest.raises(NotEntitled, match="act under mopac"):
            at_desk.amend(desk, CASE, Revision({"title": "x"}, {}), foreign)

    def test_an_officer_with_two_roles_acts_in_each_where_it_is_asked_for(self, desk: Desk) -> None:
        at_desk.add_officer(desk, "Two Hats", "mopac", ["iab_chair", "pib_chair"], by("", "2018-03-01"))
        walk(desk, "pib")
        do(desk, "pib-support", "two-hats", "2018-03-14")
        do(desk, "iab-support", "two-hats", "2018-03-22")
        facts = queries.public_record(desk, CASE)[0].facts
        assert (facts["pib.role"], facts["iab.role"]) == ("pib_chair", "iab_chair")
        with pytest.raises(NotEntitled):
            at_desk.act(desk, CASE, "declare", DECLARED, by("two-hats", "2018-04-09"))


class TestDays:
    def test_an_act_before_the_last_one_is_refused(self, desk: Desk) -> None:
        walk(desk, "pib")
        with pytest.raises(InputError, match="2018-03-06 is before the last act on MOPAC-2018-1, of 2018-03-07"):
            do(desk, "pib-support", PIB, "2018-03-06")
        assert do(desk, "pib-support", PIB, "2018-03-07").stage == "iab"

    def test_an_act_on_a_day_that_has_not_come_is_refused(self, desk: Desk) -> None:
        walk(desk, "pib")
        with pytest.raises(InputError, match="2019-01-01 has not come: today is 2018-12-31"):
            do(desk, "pib-support", PIB, "2019-01-01")
        assert do(desk, "pib-support", PIB, "2018-12-31").stage == "iab"

    @pytest.mark.parametrize("on", ["2011-12-31", "2012-01-15"])
    def test_a_day_before_the_scheme_was_in_force_is_refused(self, desk: Desk, on: str) -> None:
        """Controls that are not in force yet ask for nothing: backdating would open every gate."""
        said = f"the scheme of mopac is not in force on {on}: it is first in force on 2012-01-16"
        with pytest.raises(NotInForce, match=said) as refused:
            at_desk.open_case(desk, "mopac", {"title": "x"}, {}, by(AUTHOR, on))
        assert refused.value.advice() == "Name a day on which it is with --on."
        assert at_desk.open_case(desk, "mopac", {"title": "x"}, {}, by(AUTHOR, "2012-01-16")).stage == "draft"

    def test_no_act_is_done_after_the_last_day_of_the_scheme(self, desk: Desk) -> None:
        walk(desk, "draft")
        ended = SCHEME.text.model_copy(
            update={"in_force": Period.model_validate({"from": date(2016, 10, 17), "to": MOMENT.on})}
        )
        scheme = replace(SCHEME, text=ended)
        assert life.decide(matter_at(desk), Act("submit"), scheme, author(), MOMENT).event.stage == "pib"
        late = Moment(date(2018, 5, 2), "salt")
        with pytest.raises(NotInForce, match="not in force on 2018-05-02: it was last in force on 2018-05-01"):
            life.decide(matter_at(desk), Act("submit"), scheme, author(), late)

    def test_without_a_day_an_act_is_of_today(self, desk: Desk) -> None:
        walk(desk, "pib")
        at_desk.act(desk, CASE, "pib-support", {}, Asked(PIB))
        assert queries.public_record(desk, CASE)[0].facts["pib.on"] == date(2018, 12, 31)

    @pytest.mark.parametrize("on", ["2018-03-30", "2018-04-01"])
    def test_an_act_on_a_bank_holiday_or_a_sunday_is_taken_as_it_was(self, desk: Desk, on: str) -> None:
        walk(desk, "pib")
        assert do(desk, "pib-support", PIB, on).stage == "iab"

    @pytest.mark.parametrize("day", ["2018-02-30", "2018-13-01", "30 February", "7/3/2018"])
    def test_a_day_that_there_is_not_cannot_be_stated(self, desk: Desk, day: str) -> None:
        walk(desk, "draft")
        with pytest.raises(InputError, match="required_by: "):
            at_desk.amend(desk, CASE, Revision({"required_by": day}, {}), by(AUTHOR, "2018-03-08"))


class TestFactsThatAnActAsksFor:
    def test_they_do_not_carry_over_from_before(self, desk: Desk) -> None:
        walk(desk, "chief_executive")
        do(desk, "certificate-return", CHIEF, "2018-04-11", send_back__reason="Finance first.")
        do(desk, "submit", AUTHOR, "2018-04-12")
        do(desk, "pib-support", PIB, "2018-04-12")
        do(desk, "iab-support", IAB, "2018-04-12")
        with pytest.raises(Refusal) as refused:
            do(desk, "declare", UNIT, "2018-04-12")
        assert set(refused.value.ruling.blocked_by()) == {
            "declaration.finance_reviewed",
            "declaration.legal_stated",
            "declaration.finance_consulted",
            "declaration.equalities_covered",
        }

    def test_a_reason_given_once_does_not_do_for_a_second_deferral(self, desk: Desk) -> None:
        walk(desk, "pib")
        do(desk, "pib-defer", PIB, "2018-03-14", send_back__reason="Not quorate.")
        with pytest.raises(Refusal, match=r"send_back\.reason_stated"):
            do(desk, "pib-defer", PIB, "2018-03-15")
        do(desk, "pib-support", PIB, "2018-03-16")
        assert queries.public_record(desk, CASE)[0].facts["pib.outcome"] == "supported"

    def test_those_of_another_act_are_refused(self, desk: Desk) -> None:
        walk(desk, "declaration")
        with pytest.raises(InputError, match=r"declare does not ask for 'decision.reference'"):
            do(desk, "declare", UNIT, "2018-04-09", decision__reference="PCD 361")
        with pytest.raises(InputError, match=r"does not ask for 'declaration.finanse'") as error:
            life.decide(matter_at(desk), Act("declare", {"declaration.finanse": True}), SCHEME, OFFICER, MOMENT)
        assert error.value.advice() == "Did you mean declaration.finance?"

    def test_a_stage_that_an_act_left_behind_keeps_what_it_stated(self, desk: Desk) -> None:
        walk(desk, "published")
        facts = queries.public_record(desk, CASE)[0].facts
        assert facts["declaration.legal"] == "not_required"
        assert facts["decided_on"] == date(2018, 4, 16)


class TestReturnToDraft:
    @pytest.mark.parametrize(
        ("stage", "action", "officer"),
        [
            ("pib", "pib-return", PIB),
            ("iab", "iab-return", IAB),
            ("declaration", "declaration-return", UNIT),
            ("chief_executive", "certificate-return", CHIEF),
            ("dmpc", "dmpc-return", DMPC),
        ],
    )
    def test_it_undoes_what_was_recorded_and_lets_the_paper_be_amended(
        self, desk: Desk, stage: str, action: str, officer: str
    ) -> None:
        walk(desk, "draft")
        draft = dict(queries.public_record(desk, CASE)[0].facts)
        do(desk, "submit", AUTHOR, "2018-03-07")
        for act, who, stated in [
            ("pib-support", PIB, {}),
            ("iab-support", IAB, {}),
            ("declare", UNIT, DECLARED),
            ("certify", CHIEF, STATED["certify"]),
        ]:
            if queries.public_record(desk, CASE)[0].stage == stage:
                break
            at_desk.act(desk, CASE, act, stated, by(who, "2018-04-01"))
        receipt = at_desk.act(desk, CASE, action, REASON, by(officer, "2018-04-02"))
        assert receipt.stage == "draft"
        left = dict(queries.public_record(desk, CASE)[0].facts)
        now = {where for where in left if draft.get(where) != left[where]}
        assert now == {"send_back.reason", *(f"{stage}.{fact}" for fact in ("outcome", "on", "by", "role"))}
        amended = at_desk.amend(desk, CASE, Revision({"title": "Mended"}, {}), by(AUTHOR, "2018-04-03"))
        assert queries.steps(desk, CASE)[0].facts[f"{stage}.outcome"] == "returned"
        assert queries.public_record(desk, CASE)[0].title == "Mended"
        assert amended.version == receipt.version + 1
        verification.verify(desk, again=True)

    def test_a_paper_on_its_way_again_tells_nothing_of_the_return(self, desk: Desk) -> None:
        walk(desk, "dmpc")
        at_desk.act(desk, CASE, "dmpc-return", REASON, by(DMPC, "2018-04-12"))
        do(desk, "submit", AUTHOR, "2018-04-13")
        facts = queries.public_record(desk, CASE)[0].facts
        assert not [where for where in facts if where.startswith("dmpc.") or where == "send_back.reason"]

    def test_a_board_that_deferred_and_then_supports_is_said_to_support(self, desk: Desk) -> None:
        walk(desk, "pib")
        at_desk.act(desk, CASE, "pib-defer", REASON, by(PIB, "2018-03-14"))
        assert queries.public_record(desk, CASE)[0].facts["pib.outcome"] == "deferred"
        do(desk, "pib-support", PIB, "2018-03-21")
        facts = queries.public_record(desk, CASE)[0].facts
        assert (facts["pib.outcome"], "send_back.reason" in facts) == ("supported", False)

    def test_the_chain_has_to_be_gone_through_again(self, desk: Desk) -> None:
        walk(desk, "dmpc")
        at_desk.act(desk, CASE, "dmpc-return", REASON, by(DMPC, "2018-04-12"))
        do(desk, "submit", AUTHOR, "2018-04-12")
        with pytest.raises(Refusal) as refused:
            at_desk.act(desk, CASE, "approve", APPROVED, by(DMPC, "2018-04-13"))
        shut = refused.value.ruling.blocked_by()
        assert {"stages.in_order", "stages.pib_supported", "stages.iab_supported", "certificate.given"} <= set(shut)


class TestAmendment:
    @pytest.mark.parametrize("stage", [stage for stage in stages() if stage != "draft"])
    def test_it_is_refused_once_the_paper_was_sent(self, scene: dict[str, Desk], stage: str) -> None:
        desk = scene[stage]
        version = queries.public_record(desk, CASE)[0].version
        with pytest.raises(Refusal) as refused:
            at_desk.amend(desk, CASE, Revision({"title": "Other"}, {}), by(AUTHOR, "2018-05-01"))
        assert refused.value.ruling.blocked_by() == ("paper.amended_in_draft",)
        assert refused.value.advice() == (
            "A paper that is before somebody is amended after it has been returned to draft; "
            "what has been decided is not changed any more."
        )
        assert queries.public_record(desk, CASE)[0].version == version

    def test_a_fact_stated_in_one_part_leaves_the_other(self, desk: Desk) -> None:
        walk(desk, "draft")
        at_desk.amend(desk, CASE, Revision({"contract_kind": "works"}, {}), by(AUTHOR, "2018-03-08"))
        file = queries.whole_record(desk, CASE)
        assert file.case.facts["contract_kind"] == "works"
        assert "contract_kind" not in file.confidential.facts
        at_desk.amend(desk, CASE, Revision({}, {"contract_kind": "none"}), by(AUTHOR, "2018-03-09"))
        file = queries.whole_record(desk, CASE)
        assert "contract_kind" not in file.case.facts
        assert file.confidential.facts["contract_kind"] == "none"
        verification.verify(desk, again=True)

    @pytest.mark.parametrize("where", ["title", "estimated_value", "exemption:s43.limb", "recommendation:pib-1.text"])
    def test_a_fact_is_taken_out_of_the_part_in_which_it_stands(self, desk: Desk, where: str) -> None:
        walk(desk, "draft")
        at_desk.amend(desk, CASE, Revision({}, {}, frozenset([where])), by(AUTHOR, "2018-03-08"))
        file = queries.whole_record(desk, CASE)
        assert where not in {*file.case.facts, *file.confidential.facts}
        with pytest.raises(InputError, match="is not stated in MOPAC-2018-1, so it cannot be taken out"):
            at_desk.amend(desk, CASE, Revision({}, {}, frozenset([where])), by(AUTHOR, "2018-03-08"))

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
    def test_what_is_recorded_given_or_derived_is_neither_stated_nor_taken_out(self, desk: Desk, where: str) -> None:
        walk(desk, "draft")
        said = "is not stated in a paper: it is recorded by an act, given by the scheme or derived"
        moment = Moment(date(2018, 3, 8), "salt")
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
    def test_a_subject_without_facts_gets_an_example_of_its_kind(self, desk: Desk, kind: str, example: str) -> None:
        written = b"public:\n  " + kind.encode() + b": approve\n"
        with pytest.raises(FileError) as error:
            at_desk.open_paper(desk, "mopac", written, "paper.yaml", by(AUTHOR, "2018-03-08"))
        message = f"must be a mapping of each {kind} to its facts{example}"
        assert message in [fault.message for fault in error.value.faults]

    def test_an_unknown_fact_gets_a_suggestion(self, desk: Desk) -> None:
        walk(desk, "draft")
        for part in (Revision({"titel": "x"}, {}), Revision({}, {"titel": "x"})):
            with pytest.raises(InputError, match="'titel' is not a fact") as error:
                at_desk.amend(desk, CASE, part, by(AUTHOR, "2018-03-08"))
            assert error.value.advice() == "Did you mean title?"


OFFICER = Officer("u", "Head of Smarter Working", "mopac", ("head_of_unit",))
MOMENT = Moment(date(2018, 5, 1), "salt")


def author() -> Officer:
    return Officer("aimee-reed", "Aimee Reed", "mopac", ("author",))


def matter_at(desk: Desk) -> Matter:
    return queries.whole_record(desk, CASE).matter


def test_nothing_is_done_on_no_case() -> None:
    with pytest.raises(InputError, match="there is no case"):
        life.decide(None, Act("submit"), SCHEME, author(), MOMENT)


def test_rules_that_would_let_an_act_happen_at_a_wrong_stage_are_a_fault(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(desk, "pib")
    open_ruling = queries.steps(desk, CASE, date(2018, 5, 1))[1][0].ruling
    assert open_ruling.is_open
    monkeypatch.setattr(life, "ruling_on", lambda *_: open_ruling)
    with pytest.raises(EngineError, match="would let submit happen at the stage pib"):
        life.decide(matter_at(desk), Act("submit"), SCHEME, author(), MOMENT)


def test_a_gate_at_which_nothing_was_asked_stays_shut(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    walk(desk, "pib")
    matter = matter_at(desk)
    monkeypatch.setattr("workflow.cases.ruling.judged", lambda book, _, known: Judged(book, known, []))
    chair = Officer("c", "Chair of PIB", "mopac", ("pib_chair",))
    with pytest.raises(Refusal, match="nothing speaks for it"):
        life.decide(matter, Act("pib-support"), SCHEME, chair, MOMENT)


def test_a_gate_at_which_nothing_was_found_satisfied_stays_shut(desk: Desk) -> None:
    walk(desk, "pib")
    before_all_law = Moment(date(2001, 1, 1), "salt")
    ruling = life.ruling_on(matter_at(desk), Act("pib-support"), SCHEME, before_all_law)
    assert {finding.outcome for finding in ruling.findings} == {"not_applicable"}
    assert not ruling.is_open


def test_facts_held_in_part_2_need_a_paper_that_says_there_is_one(desk: Desk) -> None:
    walk(desk, "draft")
    claimed = frozenset(
        where
        for part in (matter_at(desk).case.facts, matter_at(desk).confidential.facts)
        for where in part
        if where.startswith(("exemption:", "section:", "part_2."))
    )
    at_desk.amend(desk, CASE, Revision({}, {}, claimed), by(AUTHOR, "2018-03-07"))
    at_desk.amend(desk, CASE, Revision({"part_2.exists": "false"}, {}), by(AUTHOR, "2018-03-07"))
    matter = matter_at(desk)
    assert matter.confidential.facts
    with pytest.raises(Refusal) as refused:
        at_desk.act(desk, CASE, "submit", {}, by(AUTHOR, "2018-03-07"))
    assert refused.value.ruling.blocked_by() == ("foia.withheld_in_part_2",)
    assert refused.value.ruling.facts["case.withholds"] is True
    bare = life.ruling_on(Matter(matter.case, Confidential({})), Act("submit"), SCHEME, MOMENT)
    found = next(f for f in bare.findings if f.control == "foia.withheld_in_part_2")
    assert found.outcome == "not_applicable"


def test_what_is_decided_is_what_the_case_becomes(desk: Desk) -> None:
    walk(desk, "pib")
    matter = matter_at(desk)
    chair = Officer("c", "Chair of PIB", "mopac", ("pib_chair",))
    decided = life.decide(matter, Act("pib-support"), SCHEME, chair, MOMENT)
    after = life.evolved(matter, decided.event)
    assert (after.case.stage, after.case.version) == ("iab", matter.case.version + 1)
    assert after.confidential == matter.confidential
    assert life.evolved(None, decided.event).confidential == Confidential({})


def test_an_officer_who_may_not_act_is_refused_in_no_capacity(desk: Desk) -> None:
    """What is sealed of an attempt is what was: nobody's role is lent to one who has it not."""
    walk(desk, "draft")
    with pytest.raises(Refusal) as refused:
        at_desk.act(desk, CASE, "approve", {}, by(AUTHOR, "2018-03-08"))
    assert "act.role" not in refused.value.ruling.facts
    assert "dmpc.role" not in refused.value.ruling.facts
    outcomes = {finding.control: finding.outcome for finding in refused.value.ruling.findings}
    assert outcomes["consent.decided_by_dmpc"] == "undetermined"


def test_a_fact_is_opened_and_amended_in_one_part_only(desk: Desk) -> None:
    walk(desk, "draft")
    both: dict[str, FactValue] = {"title": "x"}
    for command in (Amend(both, both), Open("X-1", both, both)):
        matter = matter_at(desk) if isinstance(command, Amend) else None
        with pytest.raises(InputError, match="title is stated in both parts"):
            life.decide(matter, command, SCHEME, author(), Moment(date(2018, 3, 8), "salt"))


def test_what_is_typed_beside_a_paper_moves_the_fact_to_its_part(desk: Desk) -> None:
    walk(desk, "draft")
    revision = Revision({}, {"required_by": "2018-03-29"}, paper=(paper(), "paper.yaml"))
    at_desk.amend(desk, CASE, revision, by(AUTHOR, "2018-03-08"))
    file = queries.whole_record(desk, CASE)
    assert "required_by" not in file.case.facts
    assert file.confidential.facts["required_by"] == date(2018, 3, 29)
