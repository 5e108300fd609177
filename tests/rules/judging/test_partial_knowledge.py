"""What a source tells only in part is never judged otherwise than the whole record would be, by either evaluator."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

import pytest

from rules.judging.findings import Finding
from rules.judging.judge import judge_evidence
from rules.judging.rulebook import Rulebook
from rules.values.bounds import Bounds, plain_name
from rules.values.evidence import Evidence
from rules.values.facts import CASE, FactValue, address_of, key_of_subject
from rules.values.money import Money
from tests.plain_run import in_turn
from tests.rules.language.test_derivation_specs import EVERY_FUNCTION, MORE_FACTS, MORE_VALUES, random_evidence
from tests.rules.pack_builders import FACTS_YAML, VALUES_YAML, controls_yaml, ex_vat, small_rulebook

Facts = dict[str, FactValue]
MORE_DERIVED = """\
  d.age:
    label: Age
    choices: {old: Old, middle: Middle, young: Young}
    choose:
      lines: [{when: {due: {before: 2018-03-01}}, then: old}, {when: {due: {before: 2018-05-01}}, then: middle}]
      otherwise: young
  d.use:
    label: Use
    choices: {spent: Spent, cheap: Cheap, dear: Dear}
    choose:
      lines: [{when: {d.age: {is_not: young}}, then: spent}, {when: {value: {less_than: £500 ex VAT}}, then: cheap}]
      otherwise: dear
"""
CONTROLS = controls_yaml(
    c_age="requires: {d.age: {is_not: young}}",
    c_ages="requires: {d.age: {one_of: [old, middle]}}",
    c_use="when: {d.use: {is_not: spent}}\nrequires: {urgent: {is: true}}",
    c_dear="requires: {d.use: {none_of: [spent, dear]}}",
    a_known="requires: {reason: {known: true}}",
    a_unknown="requires: {comment: {known: false}}",
    a_either="requires: {any: [{reason: {known: true}}, {urgent: {is: true}}]}",
    a_when="when: {number: {known: true}}\nrequires: {number: {at_most: 2}}",
    a_limit="requires: {value: {reaches: {value: limit}}}",
    a_within="requires: {budget: {within: [£100 ex VAT, £600 ex VAT]}}",
    a_beside="requires: {value: {at_most: {fact: budget}}}",
    a_day="requires: {due: {on_or_before: {fact: done}}}",
    a_same_day="requires: {due: {is: {fact: done}}}",
    a_on_day="requires: {any: [{due: {is: 2018-03-30}}, {due: {is: 2019-05-01}}]}",
    a_later_law="in_force: {from: 2019-01-01}\nrequires: {agreed: {is: true}}",
    a_governed="governed_by: due\nin_force: {from: 2018-04-01}\nrequires: {urgent: {is: true}}",
    a_by_colour="requires: {number: {falls_short_of: {value: limit.by_colour}}}",
    b_count="requires: {d.count: {at_least: 1}}",
    b_none="requires: {d.count: {is: 0}}",
    b_counted="of: recommendation\nrequires: {recommendation.counted: {at_most: 1}}",
    b_counterpart="of: recommendation\nrequires: {recommendation.counterpart: {known: false}}",
    b_matter="of: recommendation\nrequires: {all: [{recommendation.verb: {known: true}}, {colour: {is_not: red}}]}",
    b_sum="requires: {d.sum: {at_least: 3}}",
    b_working="requires: {d.working_days: {at_most: 10}}",
    b_clear="requires: {d.clear_days: {more_than: 0}}",
    b_after="requires: {d.day_after: {before: {fact: done}}}",
    b_years="requires: {d.end_of_years: {after: {fact: done}}}",
    b_day_off="requires: {d.day_off: {known: false}}",
    b_is_working="requires: {d.is_working_day: {is: true}}",
    b_looked_up="requires: {d.look_up: {at_least: 6}}",
    b_chosen="requires: {d.choose: {is: 'yes'}}",
    b_mentions="requires: {d.mentions: {known: false}}",
    b_gap="requires: {d.numbering_gap: {known: false}}",
    b_share="requires: {d.percent_of: {at_least: 50}}",
    b_together="requires: {d.together: {more_than: £500 ex VAT}}",
    b_on_basis="requires: {d.on_basis: {reaches: {value: limit}}}",
    b_portion="requires: {d.portion: {less_than: £100 ex VAT}}",
)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return small_rulebook(
        EVERY_FUNCTION + MORE_DERIVED, CONTROLS, facts=FACTS_YAML + MORE_FACTS, values=VALUES_YAML + MORE_VALUES
    )


def addresses(evidence: Evidence) -> Facts:
    """Return the facts of evidence by address."""
    of_subjects = {
        address_of(fact, key_of_subject(subject)): value
        for subject, facts in evidence.subjects.items()
        for fact, value in facts.items()
    }
    return {**evidence.case_facts, **of_subjects}


def judge(rulebook: Rulebook, facts: Facts, asked: frozenset[str] | None = None) -> dict[tuple[str, str], Finding]:
    """Return the findings of all controls, on which both evaluators agree."""
    findings = judge_evidence(rulebook, None, Evidence.from_parts(facts, {}, asked)).findings
    return {(finding.control, finding.subject): finding for finding in findings}


def bounds_around(random: Random, value: FactValue) -> Bounds | None:
    """Return bounds that hold a day or an amount; nothing for other values."""
    below, above = random.choice((0, 1, 40, 4000)), random.choice((0, 1, 40, 4000))
    if isinstance(value, date):
        return Bounds(value - timedelta(below), value + timedelta(above))
    if isinstance(value, Money):
        return Bounds(Money(max(0, value.pence - below * 100), value.vat), Money(value.pence + above * 100, value.vat))
    return None


def told_in_part(random: Random, rulebook: Rulebook, whole: Facts) -> tuple[Facts, frozenset[str]]:
    """Return what a source tells of a whole record, and the facts and kinds of subject that it asks for.

    A source that asks for a derived fact lists every subject that the fact looks at.
    """
    names = [*rulebook.facts, *rulebook.facts.subject_kinds]
    asked = frozenset(name for name in names if random.random() < 0.5)
    listed = asked | {fact.related_kind for fact in rulebook.derived_facts if fact.name in asked}
    told: Facts = {}
    left_out = {
        address.partition(".")[0]
        for address in whole
        if ":" in address and address.partition(":")[0] not in listed and random.random() < 0.4
    }
    for address, value in whole.items():
        subject = address.partition(".")[0]
        name = address if ":" not in address else f"{subject.partition(':')[0]}.{address.partition('.')[2]}"
        is_listed = (
            ":" in address
            and subject.partition(":")[0] in listed
            and not any(other.startswith(f"{subject}.") for other in told)
        )
        if subject in left_out or (name not in asked and not is_listed and random.random() < 0.4):
            continue
        bounds = bounds_around(random, value) if random.random() < 0.5 else None
        told |= bounds.as_facts(address) if bounds else {address: value}
    return told, asked


@pytest.mark.parametrize("seed", in_turn(range(150)))
def test_a_part_is_never_judged_otherwise_than_the_whole(rulebook: Rulebook, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - the same evidence at each run
    whole = addresses(random_evidence(seed, rulebook)) | {"act.on": date(2018, 4, 16)}
    by_whole = judge(rulebook, whole)
    told, asked = told_in_part(random, rulebook, whole)
    for key, finding in judge(rulebook, told, asked).items():
        outcomes = {finding.outcome, by_whole[key].outcome} - {"undetermined"}
        assert len(outcomes) <= 1, (key, finding, by_whole[key], told)


@pytest.mark.parametrize("seed", in_turn(range(60)))
def test_telling_more_turns_no_answer_round(rulebook: Rulebook, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - the same evidence at each run
    whole = addresses(random_evidence(seed, rulebook)) | {"act.on": date(2018, 4, 16)}
    told, asked = told_in_part(random, rulebook, whole)
    before = judge(rulebook, told, asked)
    exact = {address: value for address, value in whole.items() if random.random() < 0.5}
    more = {name: value for name, value in told.items() if plain_name(name) not in exact} | exact
    after = judge(rulebook, more, asked)
    for key, finding in before.items():
        outcomes = {finding.outcome, after[key].outcome} - {"undetermined"}
        assert len(outcomes) <= 1, (key, finding, after[key])


@pytest.mark.parametrize("seed", in_turn(range(40)))
def test_a_source_that_asks_for_everything_is_judged_like_our_own_record(rulebook: Rulebook, seed: int) -> None:
    whole = addresses(random_evidence(seed, rulebook)) | {"act.on": date(2018, 4, 16)}
    everything = frozenset([*rulebook.facts, *rulebook.facts.subject_kinds])
    assert judge(rulebook, whole, everything) == judge(rulebook, whole)


def outcome(rulebook: Rulebook, control: str, facts: Facts, asked: Iterable[str] = ()) -> str:
    return judge(rulebook, {"act.on": date(2018, 4, 16), **facts}, frozenset(asked))[control, CASE].outcome


class TestThreeStates:
    def test_a_fact_that_is_not_carried_is_neither_known_nor_left_empty(self, rulebook: Rulebook) -> None:
        assert outcome(rulebook, "a.known", {}) == "undetermined"
        assert outcome(rulebook, "a.unknown", {}) == "undetermined"

    def test_a_fact_that_is_asked_for_and_not_stated_was_left_empty(self, rulebook: Rulebook) -> None:
        assert outcome(rulebook, "a.known", {}, ["reason"]) == "breached"
        assert outcome(rulebook, "a.unknown", {}, ["comment"]) == "satisfied"

    def test_a_stated_fact_is_known_whoever_asks(self, rulebook: Rulebook) -> None:
        assert outcome(rulebook, "a.known", {"reason": "Because."}) == "satisfied"
        assert outcome(rulebook, "a.unknown", {"comment": "None."}) == "breached"

    def test_another_fact_can_settle_what_is_not_carried(self, rulebook: Rulebook) -> None:
        assert outcome(rulebook, "a.either", {"urgent": True}) == "satisfied"

    def test_a_count_of_subjects_that_are_not_all_listed_is_at_least_what_is_stated(self, rulebook: Rulebook) -> None:
        one: Facts = {"exemption:a.section": "s43"}
        assert outcome(rulebook, "b.count", one) == "satisfied"
        assert outcome(rulebook, "b.count", {}) == "undetermined"
        assert outcome(rulebook, "b.none", one) == "breached"
        assert outcome(rulebook, "b.none", {}) == "undetermined"
        assert outcome(rulebook, "b.none", {}, ["exemption"]) == "satisfied"

    def test_a_fact_of_a_stated_subject_is_asked_where_its_source_says(self, rulebook: Rulebook) -> None:
        facts: Facts = {"act.on": date(2018, 4, 16), "recommendation:r1.body": "board", "colour": "green"}
        found = judge(rulebook, facts, frozenset(["recommendation.verb"]))
        assert found["b.matter", "recommendation:r1"].outcome == "breached"
        assert judge(rulebook, facts, frozenset())["b.matter", "recommendation:r1"].outcome == "undetermined"

    def test_a_finding_names_what_its_source_does_not_carry(self, rulebook: Rulebook) -> None:
        finding = judge(rulebook, {"act.on": date(2018, 4, 16)}, frozenset())["a.known", CASE]
        assert (finding.missing, finding.not_carried, finding.needs_other_source) == (("reason",), ("reason",), True)
        assert finding.as_json()["not_carried"] == ["reason"]

    def test_a_finding_on_our_own_record_says_nothing_of_sources(self, rulebook: Rulebook) -> None:
        finding = judge(rulebook, {"act.on": date(2018, 4, 16)})["a.limit", CASE]
        assert (finding.outcome, finding.not_carried) == ("undetermined", ())
        assert "not_carried" not in finding.as_json()


class TestBounds:
    @pytest.mark.parametrize(
        ("low", "high", "expected"),
        [(500, 600, "satisfied"), (400, 499, "breached"), (499, 500, "undetermined")],
    )
    def test_an_amount_is_judged_at_both_ends(self, rulebook: Rulebook, low: int, high: int, expected: str) -> None:
        bounds = Bounds(ex_vat(low), ex_vat(high)).as_facts("value")
        assert outcome(rulebook, "a.limit", bounds) == expected

    @pytest.mark.parametrize(
        ("first", "last", "expected"),
        [
            (date(2018, 1, 1), date(2018, 12, 31), "not_applicable"),
            (date(2019, 1, 1), date(2019, 2, 1), "satisfied"),
            (date(2018, 12, 31), date(2019, 1, 1), "undetermined"),
        ],
    )
    def test_law_that_was_not_in_force_on_any_of_the_days_does_not_apply(
        self, rulebook: Rulebook, first: date, last: date, expected: str
    ) -> None:
        facts: Facts = {**Bounds(first, last).as_facts("act.on"), "agreed": True}
        assert judge(rulebook, facts, frozenset())["a.later_law", CASE].outcome == expected

    @pytest.mark.parametrize(("pounds", "expected"), [(499, "breached"), (550, "undetermined"), (601, "satisfied")])
    def test_each_figure_of_the_days_is_tried(self, rulebook: Rulebook, pounds: int, expected: str) -> None:
        """£500 or above reaches the limit in 2018, and more than £600 in 2019."""
        facts = {**Bounds(date(2018, 12, 1), date(2019, 2, 1)).as_facts("act.on"), "value": ex_vat(pounds)}
        assert judge(rulebook, facts, frozenset())["a.limit", CASE].outcome == expected

    def test_between_two_listed_days_there_is_no_answer(self, rulebook: Rulebook) -> None:
        around = Bounds(date(2018, 3, 29), date(2018, 3, 31)).as_facts("due")
        assert outcome(rulebook, "a.on_day", around) == "undetermined"

    def test_stated_bounds_are_known_and_inferred_ones_are_not(self, rulebook: Rulebook) -> None:
        when = Bounds(1, 2)
        assert outcome(rulebook, "a.when", when.as_facts("number")) == "satisfied"
        assert outcome(rulebook, "a.when", when.as_facts("number", is_stated=False)) == "undetermined"

    def test_the_finding_asks_for_the_fact_itself_and_shows_the_bounds(self, rulebook: Rulebook) -> None:
        facts = {"act.on": date(2018, 4, 16), **Bounds(ex_vat(499), ex_vat(500)).as_facts("value")}
        finding = judge(rulebook, facts, frozenset())["a.limit", CASE]
        assert (finding.missing, finding.not_carried) == (("value",), ())
        assert [(seen.fact, seen.actual) for seen in finding.observed_facts] == [
            ("value", "between £499 excluding VAT and £500 excluding VAT")
        ]


class TestPossibleChoices:
    """Of a choice by conditions, those that are ruled out count, though which of the others it is stays open."""

    EARLY: Facts = Bounds(date(2017, 1, 1), date(2018, 4, 30)).as_facts("due")

    def test_a_choice_that_is_ruled_out_is_not_the_one(self, rulebook: Rulebook) -> None:
        assert outcome(rulebook, "c.age", self.EARLY) == "satisfied"

    def test_a_list_that_holds_every_possible_choice_holds_the_one(self, rulebook: Rulebook) -> None:
        assert outcome(rulebook, "c.ages", self.EARLY) == "satisfied"

    def test_choices_between_which_the_bounds_do_not_decide_stay_open(self, rulebook: Rulebook) -> None:
        across = Bounds(date(2018, 4, 1), date(2018, 5, 1)).as_facts("due")
        assert outcome(rulebook, "c.age", across) == outcome(rulebook, "c.ages", across) == "undetermined"

    def test_another_choice_can_rest_on_what_is_ruled_out(self, rulebook: Rulebook) -> None:
        assert outcome(rulebook, "c.use", self.EARLY) == "not_applicable"

    def test_a_line_that_may_hold_leaves_those_after_it_possible(self, rulebook: Rulebook) -> None:
        assert outcome(rulebook, "c.dear", {"value": ex_vat(500)}) == "breached"
        assert outcome(rulebook, "c.dear", {"value": ex_vat(499)}) == "undetermined"

    def test_the_finding_shows_the_possible_choices_and_asks_for_what_they_rest_on(self, rulebook: Rulebook) -> None:
        across = Bounds(date(2018, 4, 1), date(2018, 5, 1)).as_facts("due")
        finding = judge(rulebook, {"act.on": date(2018, 4, 16), **across}, frozenset())["c.age", CASE]
        assert finding.missing == ("due",)
        assert [(seen.fact, seen.expected, seen.actual) for seen in finding.observed_facts] == [
            ("d.age", "is not Young", "Middle or Young")
        ]

    def test_our_own_record_does_not_guess(self, rulebook: Rulebook) -> None:
        assert judge(rulebook, {"act.on": date(2018, 4, 16)})["c.use", CASE].outcome == "undetermined"
