"""A case without rulings of its own is judged act by act, on the days that its record gives and no made-up ones."""

from __future__ import annotations

from datetime import date

import pytest

from rules.values.facts import FactValue
from tests.rules.manual_packs import HEAD, manual_bundle, manual_scheme
from workflow.services.recorded_case import RecordedCase

Facts = dict[str, FactValue]
AS_OF = date(2024, 12, 31)
DAYS = {
    "advice": date(2024, 3, 1),
    "declaration": date(2024, 3, 4),
    "certificate": date(2024, 3, 5),
    "decision": date(2024, 3, 8),
    "publication": date(2024, 3, 11),
}
OUTCOMES = {
    "advice": "supported", "declaration": "declared", "certificate": "certified", "decision": "approved",
    "publication": "published",
}  # fmt: skip


def recorded_facts(*stages: str, **more: FactValue) -> Facts:
    """Return the outcomes and days of some stages."""
    facts: Facts = {"title": "A pond"}
    for stage in stages:
        facts |= {f"{stage}.outcome": OUTCOMES[stage], f"{stage}.on": DAYS[stage], f"{stage}.role": "clerk"}
    return {**facts, **{name.replace("__", "."): value for name, value in more.items()}}


def recorded_case(stage: str, facts: Facts, exempt: Facts | None = None) -> RecordedCase:
    return RecordedCase("past.yaml", manual_scheme(), stage, facts, exempt or {})


def acts_of(case: RecordedCase, as_of: date = AS_OF) -> list[tuple[str, date]]:
    """Return the acts that are judged, each with its day."""
    return [(ruling.action, on) for ruling, on in case.make_all_rulings(as_of)]


NEXT_ACTS = "what its next acts must meet is not judged yet (see: assent case explain)"
ALL = recorded_facts(*DAYS, decided_on=DAYS["decision"])


class TestWhichActsWereDone:
    def test_of_a_published_case_each_act_is_judged_on_its_day_and_the_audit_last(self) -> None:
        assert acts_of(recorded_case("published", ALL)) == [
            ("submit", DAYS["advice"]),
            ("support", DAYS["advice"]),
            ("declare", DAYS["declaration"]),
            ("certify", DAYS["certificate"]),
            ("decide", DAYS["decision"]),
            ("publish", DAYS["publication"]),
            ("audit", DAYS["decision"]),
        ]

    def test_of_a_draft_nothing_was_done(self) -> None:
        assert acts_of(recorded_case("draft", recorded_facts())) == [("audit", AS_OF)]

    def test_another_outcome_than_that_of_an_act_is_not_that_act(self) -> None:
        facts = recorded_facts("advice") | {"advice.outcome": "returned"}
        actions = [name for name, _ in acts_of(recorded_case("draft", facts))]
        assert actions == ["return", "audit"]

    def test_a_stage_that_the_case_came_past_was_done_though_nobody_recorded_it(self) -> None:
        facts = recorded_facts("advice", "decision")
        assert [name for name, _ in acts_of(recorded_case("publication", facts))] == [
            "submit", "support", "declare", "certify", "decide", "audit",
        ]  # fmt: skip

    def test_a_stage_at_which_the_case_still_stands_was_not_done(self) -> None:
        assert [name for name, _ in acts_of(recorded_case("declaration", recorded_facts()))] == [
            "submit", "support", "audit",
        ]  # fmt: skip

    def test_a_case_that_ended_from_the_one_stage_that_leads_there_came_no_further(self) -> None:
        """A withdrawn draft is at the last stage of all, and has passed no other."""
        assert [name for name, _ in acts_of(recorded_case("closed", recorded_facts()))] == ["withdraw", "audit"]

    def test_an_end_that_stands_before_other_stages_is_not_passed_on_the_way_to_them(self) -> None:
        closed = "  closed: {label: Closed without a decision, last: true}\n"
        advice = "  advice: {label: Advice of the manager}\n"
        scheme = manual_bundle((HEAD, closed, ""), (HEAD, advice, f"{closed}{advice}")).scheme()
        case = RecordedCase("past.yaml", scheme, "declaration", recorded_facts("advice"), {})
        assert [name for name, _ in acts_of(case)] == ["submit", "support", "audit"]


class TestDays:
    def test_an_act_without_a_day_takes_that_of_the_next_act(self) -> None:
        facts = {address: value for address, value in ALL.items() if address != "declaration.on"}
        days = dict(acts_of(recorded_case("published", facts)))
        assert (days["declare"], days["certify"]) == (DAYS["certificate"], DAYS["certificate"])

    def test_without_later_days_it_takes_that_of_the_decision(self) -> None:
        facts = recorded_facts(decided_on=date(2024, 2, 2))
        assert set(dict(acts_of(recorded_case("certificate", facts))).values()) == {date(2024, 2, 2)}

    def test_without_any_day_it_takes_that_of_the_audit(self) -> None:
        assert set(dict(acts_of(recorded_case("certificate", recorded_facts()))).values()) == {AS_OF}

    def test_acts_on_the_day_of_the_audit_count_and_those_after_it_do_not(self) -> None:
        on_its_day = acts_of(recorded_case("published", ALL), DAYS["decision"])
        day_before = acts_of(recorded_case("published", ALL), date(2024, 3, 7))
        assert on_its_day[-2][0] == "decide"
        assert day_before[-2][0] == "certify"

    def test_nothing_that_later_acts_recorded_is_read(self) -> None:
        case = recorded_case("published", ALL)
        for ruling, _ in case.make_all_rulings(DAYS["certificate"]):
            read = set(ruling.public_facts)
            assert read.isdisjoint({"decision.outcome", "decision.on", "decided_on", "publication.outcome"})

    def test_before_the_decision_counts_the_audit_goes_by_its_own_day(self) -> None:
        case = recorded_case("published", ALL)
        rulings = list(case.make_all_rulings(date(2024, 3, 7)))
        assert rulings[-1][1] == date(2024, 3, 7)
        assert case.make_audit_ruling(ALL, AS_OF)[1] == DAYS["decision"]


class TestWarnings:
    @pytest.mark.parametrize(
        ("stage", "facts", "as_of", "warnings"),
        [
            ("published", ALL, AS_OF, ()),
            ("published", ALL, date(2024, 3, 10), ("acts after 2024-03-10 are not judged",)),
            ("closed", recorded_facts(), AS_OF, ()),
            (
                "decision", recorded_facts("advice", "declaration", "certificate"), AS_OF,
                (f"it is at Decision of the committee: {NEXT_ACTS}",),
            ),
        ],
    )  # fmt: skip
    def test_what_is_not_judged_is_said(self, stage: str, facts: Facts, as_of: date, warnings: tuple[str, ...]) -> None:
        assert recorded_case(stage, facts).describe_unjudged_acts(as_of) == warnings


def test_a_fact_of_part_2_is_judged_and_stands_in_no_ruling() -> None:
    hidden: Facts = {"summary": "A very secret pond"}
    rulings = [ruling for ruling, _ in recorded_case("published", ALL, hidden).make_all_rulings(AS_OF)]
    assert any("summary" in ruling.exempt_digests for ruling in rulings)
    assert all("secret pond" not in repr(ruling.as_receipt()) for ruling in rulings)
