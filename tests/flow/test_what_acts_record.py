"""What an act records stays; only an action that reopens a stage voids, and what is void stays in the history."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import InputError, PackError
from tests.flow.authority import FIRST_DAY, HEAD, PEOPLE, VillageCase, person, village_bundle
from workflow.errors import NotEntitled, Refusal

REASON = {"send_back.reason": "The costs are not clear."}


def at_the_board() -> VillageCase:
    return VillageCase().open().act("submit").act("sign-finance").act("sign-legal").act("to-board")


def voted() -> VillageCase:
    return at_the_board().act_with("vote", {"vote:chair-person.position": "for"}, PEOPLE["chair"])


def refusals(case: VillageCase, action: str, stated: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(Refusal) as refused:
        case.act_with(action, stated or {})
    return refused.value.ruling.blocking_controls()


class TestStaying:
    def test_moving_on_and_staying_remove_nothing(self) -> None:
        case = voted().act_with("approve", {"decision.reference": "REF-77"})
        approved_on = case.day
        case.act_with("note-contract", {"contract_copy": "Here."})
        assert case.case.stage == "done"
        assert case.case.facts["decision.reference"] == "REF-77"
        assert case.case.facts["decided_on"] == date(2024, 6, 9)
        assert case.case.facts["decision.final"] is True
        assert case.case.facts["contract_copy"] == "Here."
        assert case.case.last_on == approved_on

    def test_a_move_back_that_reopens_nothing_keeps_what_was_recorded(self) -> None:
        case = at_the_board().act("look-again")
        assert case.case.stage == "signoff"
        assert case.case.facts["finance_check.outcome"] == "signed"
        case.act("to-board")
        assert case.case.rounds == {"draft": 1, "signoff": 2, "board": 2}

    def test_a_deferral_stays_recorded_beside_what_comes_of_the_next_meeting(self) -> None:
        case = at_the_board().act_with("defer", REASON)
        case.act_with("vote", {"vote:chair-person.position": "for"}, PEOPLE["chair"])
        case.act_with("approve", {"decision.reference": "R2"})
        outcomes = [(act.round, act.facts["board.outcome"]) for act in case.case.acts if "board.outcome" in act.facts]
        assert outcomes == [(1, "deferred"), (2, "approved")]
        assert case.case.facts["send_back.reason"] == REASON["send_back.reason"]

    def test_a_fact_that_an_action_asks_for_must_be_stated_with_each_act(self) -> None:
        case = at_the_board().act_with("defer", REASON)
        assert case.case.facts["send_back.reason"]
        event = case.act("defer").events[-1]
        assert "send_back.reason" not in event.public.stated
        assert case.case.facts["send_back.reason"] == REASON["send_back.reason"]


class TestReopening:
    def test_a_return_voids_what_was_recorded_since_the_stage_that_it_reopens(self) -> None:
        case = voted().act_with("return", REASON)
        assert case.case.stage == "draft"
        assert not [fact for fact in case.case.facts if fact.startswith(("finance_check", "legal_check", "vote:"))]
        assert case.case.facts["board.outcome"] == "returned"
        void = [act.action for act in case.case.acts if act.is_void]
        assert void == ["sign-finance", "sign-legal", "vote"]
        assert {act.voided_by for act in case.case.acts if act.is_void} == {7}

    def test_what_was_voided_must_be_recorded_again(self) -> None:
        case = voted().act_with("return", REASON).amend(title="A better bench").act("submit")
        assert refusals(case, "to-board") == ("tasks.enough",)
        case.act("sign-legal").act("sign-risk").act("to-board")
        assert case.case.stage == "board"
        assert refusals(case, "approve", {"decision.reference": "R"}) == ("board.majority",)

    def test_an_earlier_value_counts_again_if_only_the_later_one_is_voided(self) -> None:
        """A value recorded before the reopened stage is the latest that counts once those after it are void."""
        case = at_the_board().act_with("defer", REASON)
        case.act_with("return", {"send_back.reason": "Too dear."})
        assert case.case.facts["send_back.reason"] == "Too dear."
        case.act("submit").act("sign-finance").act("sign-legal").act("to-board").act_with("return", {})
        assert "send_back.reason" not in case.case.facts


class TestImportedCases:
    """What was recorded elsewhere is void like what was recorded here, though no act says at which stage it was."""

    def test_a_return_voids_stages_and_tasks_that_were_done_elsewhere(self) -> None:
        case = VillageCase().import_at("board", finance_check__outcome="signed", board__outcome="deferred")
        case.act_with("return", REASON)
        assert "finance_check.outcome" not in case.case.facts
        assert case.case.facts["board.outcome"] == "returned"
        case.act("submit")
        assert refusals(case, "to-board") == ("tasks.enough",)

    def test_what_was_recorded_before_the_reopened_stage_stays(self) -> None:
        head = HEAD.replace(
            "look-again: {label: Look again, stage: board, to: signoff,",
            "look-again: {label: Look again, stage: board, to: board, reopens: board,",
        )
        case = VillageCase(village_bundle(head).scheme())
        case.import_at("board", finance_check__outcome="signed", board__outcome="deferred", board__by="Somebody")
        case.act("look-again")
        assert case.case.facts["finance_check.outcome"] == "signed"
        assert case.case.facts["board.by"] == "Chair Person"
        assert case.case.facts["board.outcome"] == "looked_at_again"


ANNOUNCE = """  announce: {label: Announce, stage: [signoff, board], belongs_to: signoff, gate: sign, who: [author],
             asks: [contract_copy]}
"""
ANNOUNCING_HEAD = HEAD.replace("  vote: {label: Vote, stage", f"{ANNOUNCE}  vote: {{label: Vote, stage").replace(
    "stage: board, to: signoff, gate: support", "stage: board, to: board, reopens: board, gate: support"
)


class TestWhatBelongsToAnEarlierStage:
    """A notice that was really given belongs to the stage of the notice, wherever the case stood that day."""

    def announced(self) -> VillageCase:
        case = VillageCase(village_bundle(ANNOUNCING_HEAD).scheme()).open().act("submit").act("sign-risk")
        return case.act("sign-legal").act("to-board").act_with("announce", {"contract_copy": "On the door."})

    def test_it_stays_when_a_later_stage_is_reopened(self) -> None:
        case = self.announced().act_with("vote", {"vote:chair-person.position": "for"}, PEOPLE["chair"])
        case.act("look-again")
        assert case.case.facts["contract_copy"] == "On the door."
        assert "vote:chair-person.position" not in case.case.facts

    def test_it_is_void_with_the_stage_to_which_it_belongs(self) -> None:
        case = self.announced().act_with("return", REASON)
        assert "contract_copy" not in case.case.facts
        assert [act.action for act in case.case.acts if act.is_void] == ["sign-risk", "sign-legal", "announce"]

    def test_a_later_one_takes_its_place(self) -> None:
        case = self.announced().act("look-again").act_with("announce", {"contract_copy": "In the paper."})
        assert case.case.facts["contract_copy"] == "In the paper."

    def test_one_that_was_given_elsewhere_stays_as_well(self) -> None:
        noted = "gate: note, who: [author], asks: "
        head = ANNOUNCING_HEAD.replace(f"{noted}[contract_copy]", f"{noted}[decision.reference]")
        case = VillageCase(village_bundle(head).scheme())
        case.import_at("board", contract_copy="On the door.", board__outcome="deferred")
        case.act("look-again")
        assert case.case.facts["contract_copy"] == "On the door."

    @pytest.mark.parametrize(
        ("stage", "message"),
        [
            ("board", "board comes after a stage at which it can be done"),
            ("bord", "bord is not a stage. Did you mean board?"),
        ],
    )
    def test_a_stage_that_comes_later_or_is_not_there_is_refused(self, stage: str, message: str) -> None:
        with pytest.raises(PackError) as refused:
            village_bundle(ANNOUNCING_HEAD.replace("belongs_to: signoff", f"belongs_to: {stage}")).scheme()
        [found] = [fault for fault in refused.value.faults if fault.key == "actions.announce.belongs_to"]
        assert found.message.startswith(message)


class TestTasks:
    def test_tasks_are_done_in_any_order_and_one_never_touches_another(self) -> None:
        case = VillageCase().open().act("submit").act("sign-risk").act("refuse-finance").act("sign-legal")
        outcomes = {task: case.case.facts[f"{task}.outcome"] for task in ("finance_check", "legal_check", "risk_check")}
        assert outcomes == {"finance_check": "refused", "legal_check": "signed", "risk_check": "signed"}
        assert case.case.stage == "signoff"
        assert case.act("to-board").case.stage == "board"

    def test_two_of_three_are_enough_and_one_is_not(self) -> None:
        case = VillageCase().open().act("submit").act("sign-risk")
        assert refusals(case, "to-board") == ("tasks.enough",)
        assert case.act("sign-finance").act("to-board").case.stage == "board"

    def test_a_sign_off_that_is_refused_afterwards_does_not_count(self) -> None:
        case = VillageCase().open().act("submit").act("sign-risk").act("sign-finance").act("refuse-finance")
        assert refusals(case, "to-board") == ("tasks.enough",)

    def test_one_person_does_not_sign_off_twice(self) -> None:
        both = person("Both Hats", "finance", "legal")
        case = VillageCase().open().act("submit").act("sign-finance", both)
        with pytest.raises(Refusal) as refused:
            case.act("sign-legal", both)
        assert refused.value.ruling.blocking_controls() == ("tasks.by_different_people",)
        assert case.act("sign-legal").case.facts["legal_check.by"] == "Legal Person"

    def test_the_same_person_may_change_an_own_sign_off(self) -> None:
        case = VillageCase().open().act("submit").act("sign-finance").act("refuse-finance").act("sign-finance")
        assert case.case.facts["finance_check.outcome"] == "signed"


class TestSeveralStages:
    @pytest.mark.parametrize("way", [(), ("submit",), ("submit", "sign-finance", "sign-legal", "to-board")])
    def test_an_action_can_be_done_at_each_of_its_stages(self, way: tuple[str, ...]) -> None:
        case = VillageCase().open()
        for action in way:
            case.act(action)
        assert case.act("withdraw").case.stage == "closed"

    def test_it_is_refused_at_any_other(self) -> None:
        case = voted().act_with("approve", {"decision.reference": "R"})
        assert "stages.in_order" in refusals(case, "withdraw")

    def test_a_paper_is_recalled_by_who_sent_it_until_somebody_has_acted(self) -> None:
        case = VillageCase().open().act("submit")
        other = person("Other Author", "author")
        with pytest.raises(Refusal):
            case.act("recall", other)
        assert case.act("recall").case.stage == "draft"
        case.act("submit").act("sign-finance")
        assert refusals(case, "recall") == ("recall.by_sender",)


class TestVotes:
    def test_each_member_states_an_own_vote_and_all_count(self) -> None:
        case = at_the_board()
        ann, ben = person("Ann Lee", "member"), person("Ben Low", "member")
        case.act_with("vote", {"vote:ann-lee.position": "for"}, ann)
        case.act_with("vote", {"vote:ben-low.position": "against"}, ben)
        assert refusals(case, "approve", {"decision.reference": "R"}) == ("board.majority",)
        case.act_with("vote", {"vote:chair-person.position": "for"}, PEOPLE["chair"])
        assert case.act_with("approve", {"decision.reference": "R"}).case.stage == "done"

    def test_nobody_states_the_vote_of_another(self) -> None:
        with pytest.raises(InputError, match=r"vote:ben-low\.position is not about Ann Lee") as refused:
            at_the_board().act_with("vote", {"vote:ben-low.position": "for"}, person("Ann Lee", "member"))
        assert refused.value.advice() == "Write vote:ann-lee.position"

    def test_who_is_no_member_does_not_vote(self) -> None:
        with pytest.raises(NotEntitled):
            at_the_board().act_with("vote", {"vote:author-person.position": "for"}, PEOPLE["author"])


class TestRounds:
    def test_how_often_a_case_came_to_a_stage_can_be_bounded(self) -> None:
        case = at_the_board().act_with("defer", REASON).act_with("defer", REASON)
        assert case.case.round == 3
        assert refusals(case, "defer", REASON) == ("board.rounds",)

    def test_acts_that_stay_begin_no_round(self) -> None:
        case = voted()
        assert (case.case.round, case.events[-1].round) == (1, 1)


def test_every_event_is_of_the_present_format() -> None:
    assert {event.entry_format for event in voted().events} == {2}
    assert voted().day > FIRST_DAY
