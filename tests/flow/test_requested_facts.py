"""What is stated with an act: only what it asks for, each refusal with the place where the fact belongs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.errors import InputError
from rules.packs.library import Library
from rules.values.facts import FactValue
from tests.flow.authority import FIRST_DAY, OFFICE_HEAD, PEOPLE, VillageCase, office_library, person
from workflow.cases.events import Act, ActContext, Amend, Correct, Import, Open
from workflow.cases.life import decide
from workflow.errors import NotEntitled, Refusal

SCHEME = office_library().scheme("village")
CLERK = person("Clerk Person", "clerk")
NOW = ActContext(FIRST_DAY + timedelta(days=60), "")


def case_at(stage: str) -> VillageCase:
    """Return a case at a stage of the village."""
    case = VillageCase(SCHEME).open()
    if stage == "draft":
        return case
    case.act("submit").act("sign-legal").act("sign-risk")
    if stage == "signoff":
        return case
    case.act("to-board").act_with("vote", {"vote:chair-person.position": "for"}, PEOPLE["chair"])
    return case if stage == "board" else case.act_with("approve", {"decision.reference": "R1"})


def refuse(case: VillageCase, action: str, **stated: FactValue) -> InputError:
    """Return the error of an act with facts that it does not ask for; `__` stands for a dot."""
    facts = {name.replace("__", "."): value for name, value in stated.items()}
    officer = PEOPLE[SCHEME.action(action).who[0]]
    with pytest.raises(InputError, match=f"^{action} does not ask for ") as refused:
        decide(case.full_case, Act(action, facts), SCHEME, officer, NOW)
    return refused.value


class TestAdvice:
    def test_a_fact_of_the_paper_belongs_to_the_paper(self) -> None:
        assert refuse(case_at("draft"), "submit", title="A") .advice() == (
            "It belongs to the paper: assent case amend CASE --set title=…"
        )  # fmt: skip

    def test_before_a_board_it_is_returned_first_or_corrected_where_that_is_possible(self) -> None:
        advice = refuse(case_at("board"), "defer", title="A").advice()
        assert advice == (
            "It belongs to the paper, which cannot be amended at this stage. Correct the decided case: "
            "assent case correct CASE --set title=… --reason '…' Return the case first, with recall or return, and "
            "then: assent case amend CASE --set title=…"
        )

    def test_at_sign_off_it_can_only_be_taken_back(self) -> None:
        advice = refuse(case_at("signoff"), "to-board", title="A").advice()
        assert "case correct" not in advice
        assert "Return the case first, with recall, and then: assent case amend CASE --set title=…" in advice

    def test_after_the_decision_it_is_corrected(self) -> None:
        advice = refuse(case_at("done"), "note-contract", title="A").advice()
        assert "case correct" in advice
        assert "Return the case first" not in advice
        assert "assent case amend" not in advice

    @pytest.mark.parametrize(
        ("fact", "advice"),
        [
            ("decision__reference", "It is stated with approve."),
            ("send_back__reason", "It is stated with return or defer."),
            ("contract_cop", "contract_copy"),
            ("board__outcome", "There are: contract_copy."),
            ("act__by", "There are: contract_copy."),
        ],
    )
    def test_what_another_act_records_names_that_act(self, fact: str, advice: str) -> None:
        assert advice in refuse(case_at("done"), "note-contract", **{fact: "x"}).advice()

    def test_an_act_that_asks_for_nothing_says_so(self) -> None:
        assert refuse(case_at("draft"), "submit", board__outcome="approved").advice() == "It asks for nothing."

    def test_a_fact_of_a_subject_is_named_by_its_fact(self) -> None:
        case = case_at("board")
        facts: dict[str, FactValue] = {"vote:x.position": "for"}
        with pytest.raises(InputError, match=r"defer does not ask for 'vote:x\.position'") as refused:
            decide(case.full_case, Act("defer", facts), SCHEME, PEOPLE["chair"], NOW)
        assert refused.value.advice() == "It is stated with vote."


def decided_case() -> VillageCase:
    """Return a decided case of a village in which later acts ask for what the decision asks for."""
    changes = (
        ("asks: [decision.reference], sets", "asks: [decision.reference, send_back.reason], sets"),
        ("asks: [contract_copy]}", """asks: [contract_copy, decision.reference, send_back.reason]}
  decide-again: {label: Decide again, stage: done, gate: decide, who: [chair], dates: [decided_on],
                 asks: [decision.reference]}
  reopen: {label: Reopen, stage: done, to: board, gate: note, who: [author], reopens: board,
           asks: [decision.reference]}"""),
    )  # fmt: skip
    head = OFFICE_HEAD.replace("done: {label: Done, last: true", "done: {label: Done")
    for old, new in changes:
        assert head.count(old) == 1, old
        head = head.replace(old, new)
    files = {**office_library().files, "schemes/village/scheme.yaml": head.encode()}
    case = VillageCase(Library(files).scheme("village")).open().act("submit").act("sign-legal").act("sign-risk")
    case.act("to-board").act_with("vote", {"vote:chair-person.position": "for"}, PEOPLE["chair"])
    return case.act_with("approve", {"decision.reference": "R1"})


class TestWhatWasDecided:
    def test_a_later_act_does_not_replace_it(self) -> None:
        with pytest.raises(InputError, match=r"decision\.reference was recorded with approve of 2024-") as refused:
            decided_case().act_with("note-contract", {"decision.reference": "R2"})
        assert refused.value.advice() == (
            "Correct the decided case: assent case correct CASE --set decision.reference=… --reason '…'"
        )

    def test_a_later_act_adds_what_it_left_open_and_does_not_replace_that(self) -> None:
        case = decided_case()
        case.act_with("note-contract", {"decision.reference": "R1", "send_back.reason": "No reason."})
        with pytest.raises(InputError, match=r"send_back\.reason was recorded with note-contract of"):
            case.act_with("note-contract", {"send_back.reason": "Another reason."})

    def test_what_later_acts_alone_ask_for_can_change(self) -> None:
        case = decided_case().act_with("note-contract", {"contract_copy": "None yet."})
        case.act_with("note-contract", {"contract_copy": "On the website."})
        assert case.case.facts["contract_copy"] == "On the website."

    @pytest.mark.parametrize("action", ["decide-again", "reopen"])
    def test_an_act_that_decides_anew_or_voids_it_replaces_it(self, action: str) -> None:
        case = decided_case().act_with(action, {"decision.reference": "R2"})
        assert case.case.facts["decision.reference"] == "R2"


class TestOwnFacts:
    @pytest.mark.parametrize("key", ["chair-person", "member", "member-person-2"])
    def test_nobody_votes_under_another_key(self, key: str) -> None:
        case = case_at("board")
        with pytest.raises(InputError, match="is not about Member Person") as refused:
            case.act_with("vote", {f"vote:{key}.position": "for"}, PEOPLE["member"])
        assert refused.value.advice() == "Write vote:member-person.position"

    @pytest.mark.parametrize("key", ["MEMBER-PERSON", "", "member person", "member.person"])
    def test_a_key_that_is_none_is_no_fact_of_the_act(self, key: str) -> None:
        with pytest.raises(InputError, match="vote does not ask for"):
            case_at("board").act_with("vote", {f"vote:{key}.position": "for"}, PEOPLE["member"])

    def test_a_vote_is_given_again_and_the_latest_counts(self) -> None:
        case = case_at("board")
        for position in ("for", "against", "abstains"):
            case.act_with("vote", {"vote:member-person.position": position}, PEOPLE["member"])
        assert case.case.facts["vote:member-person.position"] == "abstains"
        assert [act.facts for act in case.case.acts[-3:]] == [
            {"vote:member-person.position": position} for position in ("for", "against", "abstains")
        ]

    @pytest.mark.parametrize(("action", "officer"), [("vote", "member"), ("note-contract", "author")])
    def test_an_act_that_only_answers_needs_an_answer(self, action: str, officer: str) -> None:
        case = case_at("board" if action == "vote" else "done")
        with pytest.raises(InputError, match=f"{action} records nothing without an answer"):
            decide(case.full_case, Act(action), SCHEME, PEOPLE[officer], NOW)


class TestWhatCannotBeDone:
    def test_there_is_a_case_to_act_on(self) -> None:
        with pytest.raises(InputError, match="there is no case to act on"):
            decide(None, Act("submit"), SCHEME, PEOPLE["author"], NOW)

    @pytest.mark.parametrize(("days", "is_taken"), [(-1, False), (0, True)])
    def test_acts_are_recorded_in_the_order_of_their_days(self, days: int, is_taken: bool) -> None:
        case = case_at("signoff")
        on = ActContext(case.case.last_on + timedelta(days), "")
        if is_taken:
            assert decide(case.full_case, Act("to-board"), SCHEME, PEOPLE["author"], on).event.on == on.on
        else:
            with pytest.raises(InputError, match="is before the last act on V-1"):
                decide(case.full_case, Act("to-board"), SCHEME, PEOPLE["author"], on)

    @pytest.mark.parametrize(("day", "is_taken"), [("2023-12-31", False), ("2024-01-01", True)])
    def test_no_case_is_opened_before_the_scheme_is_in_force(self, day: str, is_taken: bool) -> None:
        context = ActContext(date.fromisoformat(day), "")
        command = Open("V-1", {"title": "A"}, {})
        if is_taken:
            assert decide(None, command, SCHEME, PEOPLE["author"], context).event.stage == "draft"
        else:
            with pytest.raises(InputError, match="not in force"):
                decide(None, command, SCHEME, PEOPLE["author"], context)

    @pytest.mark.parametrize(
        ("recorded", "stage", "message"),
        [
            ({"title": "A"}, "done", "title is not recorded by an act"),
            ({"case.stage": "done"}, "done", "case.stage is not recorded by an act"),
            ({}, "dnoe", "'dnoe' is not a stage"),
            ({}, "", "is not a stage"),
            ({}, "x" * 5000, "is not a stage"),
        ],
    )
    def test_an_import_that_no_act_could_have_made_is_refused(
        self, recorded: dict[str, FactValue], stage: str, message: str
    ) -> None:
        with pytest.raises(InputError, match=message) as refused:
            decide(None, Import("V-1", {"title": "A"}, {}, recorded, stage), SCHEME, PEOPLE["author"], NOW)
        assert len(str(refused.value)) < 300

    @pytest.mark.parametrize(
        "address", ["board.outcome", "decision.reference", "act.by", "correction:1.now", "votes.for"]
    )
    def test_a_paper_states_nothing_that_is_recorded_or_derived(self, address: str) -> None:
        for command in (Open("V-1", {address: "x"}, {}), Open("V-1", {}, {address: "x"})):
            with pytest.raises(InputError, match="is not stated in a paper"):
                decide(None, command, SCHEME, PEOPLE["author"], NOW)
        with pytest.raises(InputError, match="is not stated in a paper"):
            decide(case_at("draft").full_case, Amend({address: "x"}, {}), SCHEME, PEOPLE["author"], NOW)

    def test_what_is_not_stated_cannot_be_taken_out(self) -> None:
        with pytest.raises(InputError, match="author"):
            decide(case_at("draft").full_case, Amend({}, {}, frozenset(["author"])), SCHEME, PEOPLE["author"], NOW)

    def test_a_correction_at_a_stage_without_corrections_is_refused_whoever_tries_it(self) -> None:
        case = case_at("signoff")
        for officer in (CLERK, PEOPLE["legal"]):
            with pytest.raises(Refusal) as refused:
                decide(case.full_case, Correct({"title": "B"}, "Why"), SCHEME, officer, NOW)
            assert refused.value.ruling.blocking_controls() == ("correction.at_its_stage",)

    def test_a_correction_at_its_stage_needs_the_role(self) -> None:
        with pytest.raises(NotEntitled, match=r"Legal Person may not correct a case: only Clerk \(clerk\) may"):
            decide(case_at("done").full_case, Correct({"title": "B"}, "Why"), SCHEME, PEOPLE["legal"], NOW)
