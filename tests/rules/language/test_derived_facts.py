"""Derived facts: each function, with inputs known and missing, and the exemption of what rests on Part 2."""

from datetime import date
from typing import ClassVar

import pytest

from rules.errors import PackError
from rules.judging.rulebook import Rulebook
from rules.language.derivation_schema import DERIVATION_FUNCTIONS
from rules.language.derivation_specs import FUNCTION_SPECS
from rules.language.derived_facts import add_derived_facts
from rules.values.evidence import Evidence
from rules.values.facts import CHOICES_NEED_KIND, FactValue
from rules.values.money import MAX_PENCE, Money, Vat
from tests.rules.pack_builders import (
    FACTS_YAML,
    PACK_HEADER,
    VALUES_YAML,
    derived_fault_key,
    ex_vat,
    inc_vat,
    pack_faults,
    small_rulebook,
)

ON = date(2018, 4, 16)
Facts = dict[str, FactValue]
DERIVED = """
derived:
  total: {label: Total, sum: [value, budget]}
  counts: {label: Counts, sum: [number, other]}
  late: {label: Days late, working_days: {from: due, to: done}}
  due.working: {label: Due on a working day, is_working_day: due}
  due.off: {label: Why not, day_off: due}
  ends_on: {label: Ends on, end_of_years: {day: due, years: years}}
  exemptions: {label: Exemptions, count: {of: exemption}}
  exemptions.s43: {label: Under section 43, count: {of: exemption, where: {exemption.section: {is: s43}}}}
  dear: {label: Dear ones, count: {of: recommendation, where: {recommendation.cost: {reaches: {value: limit}}}}}
  colour.limit: {label: Limit, look_up: limit.by_colour}
  colour.best: {label: Best, look_up: best, choices: {green: Green, red: Red}}
  colour.first: {label: The first that is set, look_up: [limit.by_colour, years]}
  colour.ends_on: {label: Ends on, end_of_years: {day: due, years: [limit.by_colour, years]}}
  recommendation.reasons:
    label: Exemptions for the same reason
    count: {of: exemption, same: recommendation.matter, as: exemption.reason}
  recommendation.reasons_in_time:
    label: Exemptions for the same reason until a day
    count:
      of: exemption
      same: recommendation.matter
      as: exemption.reason
      where: {exemption.until: {before: 2020-01-01}}
  recommendation.before:
    label: What the board was asked
    counterpart: {take: recommendation.verb, same: recommendation.matter, where: {recommendation.body: {is: board}}}
  approver:
    label: Who approves
    choices: {mayor: Mayor, board: Board, officer: Officer}
    choose:
      lines:
        - {when: {urgent: {is: true}}, then: mayor}
        - {when: {value: {reaches: {value: limit}}}, then: board}
      otherwise: officer
  grand_total: {label: Grand total, sum: [total, total]}
"""


CHOOSE = "choose: {lines: [{when: {urgent: {is: true}}, then: a}], otherwise: b}"
CHOOSE_BY = "choices: {a: Aa, b: Bb}, choose: {lines: [{when: {%s}, then: a}], otherwise: b}"
TAKE = (
    "counterpart: {take: recommendation.verb, same: recommendation.matter, where: {recommendation.body: {is: board}}}"
)
UNKNOWN_CHOICE = "count: {of: exemption, where: {exemption.section: {is: s99}}}"


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return small_rulebook(DERIVED)


def derive(rules: Rulebook, public: Facts, exempt: Facts | None = None) -> Evidence:
    return add_derived_facts(
        Evidence.from_parts({"act.on": ON, **public}, exempt or {}), rules.derived_facts, rules.law
    )


class TestFunctions:
    @pytest.mark.parametrize(
        ("facts", "fact", "value"),
        [
            ({"value": ex_vat(5), "budget": ex_vat(7)}, "total", ex_vat(12)),
            ({"value": ex_vat(5), "budget": inc_vat(7)}, "total", None),
            ({"value": ex_vat(5)}, "total", None),
            ({"value": Money(MAX_PENCE, Vat.EXCLUDED), "budget": ex_vat(1)}, "total", None),
            ({"value": ex_vat(5), "budget": ex_vat(7)}, "grand_total", ex_vat(24)),
            ({"number": 5, "other": 7}, "counts", 12),
            ({"number": 0, "other": 0}, "counts", 0),
            ({"number": 5}, "counts", None),
            ({"due": date(2018, 3, 29), "done": date(2018, 4, 2)}, "late", 1),
            ({"due": date(2018, 4, 2), "done": date(2018, 3, 29)}, "late", -1),
            ({"due": date(2018, 3, 29)}, "late", None),
            ({"due": date(2018, 3, 29), "done": date(2030, 1, 1)}, "late", None),
            ({"due": date(2018, 3, 30)}, "due.working", False),
            ({"due": date(2018, 3, 29)}, "due.working", True),
            ({"due": date(2030, 3, 29)}, "due.working", None),
            ({}, "due.working", None),
            ({"due": date(2018, 3, 30)}, "due.off", "Good Friday"),
            ({"due": date(2018, 3, 31)}, "due.off", "a Saturday"),
            ({"due": date(2018, 3, 29)}, "due.off", None),
            ({"due": date(2018, 1, 1)}, "ends_on", date(2038, 12, 31)),
            ({"due": date(2018, 12, 31)}, "ends_on", date(2038, 12, 31)),
            ({}, "ends_on", None),
            ({"due": date(2018, 1, 1), "act.on": date(1999, 12, 31)}, "ends_on", None),
            ({"colour": "red"}, "colour.limit", 5),
            ({"colour": "green"}, "colour.limit", 9),
            ({"colour": "blue"}, "colour.limit", None),
            ({}, "colour.limit", None),
            ({}, "colour.best", "green"),
            ({"colour": "red"}, "colour.first", 5),
            ({"colour": "blue"}, "colour.first", 20),
            ({}, "colour.first", 20),
            ({"colour": "blue", "act.on": date(1999, 12, 31)}, "colour.first", None),
            ({"colour": "red", "due": date(2018, 1, 1)}, "colour.ends_on", date(2023, 12, 31)),
            ({"colour": "blue", "due": date(2018, 1, 1)}, "colour.ends_on", date(2038, 12, 31)),
            ({"urgent": True}, "approver", "mayor"),
            ({"urgent": False, "value": ex_vat(500)}, "approver", "board"),
            ({"urgent": False, "value": ex_vat(499)}, "approver", "officer"),
            ({"urgent": False}, "approver", None),
            ({"value": ex_vat(500)}, "approver", None),
        ],
    )  # fmt: skip
    def test_each_function_gives_its_value_or_none(
        self, rules: Rulebook, facts: Facts, fact: str, value: FactValue | None
    ) -> None:
        assert derive(rules, facts).case_facts.get(fact) == value

    def test_a_count_includes_every_subject_of_its_kind(self, rules: Rulebook) -> None:
        case_facts = derive(rules, {"exemption:a.section": "s43", "exemption:b.section": "s40"}).case_facts
        assert (case_facts["exemptions"], case_facts["exemptions.s43"]) == (2, 1)
        assert (derive(rules, {}).case_facts["exemptions"], derive(rules, {}).case_facts["exemptions.s43"]) == (
            0,
            0,
        )

    def test_a_count_is_unknown_while_the_condition_is_unknown_for_a_subject(self, rules: Rulebook) -> None:
        case_facts = derive(rules, {"exemption:a.section": "s43", "exemption:b.reason": "x"}).case_facts
        assert case_facts["exemptions"] == 2
        assert "exemptions.s43" not in case_facts

    @pytest.mark.parametrize(
        ("matter", "reasons", "count"),
        [
            ("prices", ["prices", "staff", "prices"], 2),
            ("prices", ["staff"], 0),
            ("prices", [], 0),
            ("prices", ["prices", None], None),
            (None, ["prices"], None),
            (None, [], 0),
        ],
    )
    def test_a_subject_counts_those_of_another_kind_that_share_a_fact_with_it(
        self, rules: Rulebook, matter: str | None, reasons: list[str | None], count: int | None
    ) -> None:
        facts: Facts = {"recommendation:r.verb": "note", **({"recommendation:r.matter": matter} if matter else {})}
        for key, reason in zip("abc", reasons, strict=False):
            facts |= {f"exemption:{key}.section": "s43", **({f"exemption:{key}.reason": reason} if reason else {})}
        subject_facts = derive(rules, facts).subjects["recommendation:r"]
        assert subject_facts.get("recommendation.reasons") == count

    @pytest.mark.parametrize(
        ("reason", "until", "count"),
        [
            ("prices", date(2019, 12, 31), 1),
            ("prices", date(2020, 1, 1), 0),
            ("prices", None, None),
            ("staff", None, 0),
            (None, date(2019, 12, 31), None),
            (None, date(2020, 1, 1), 0),
        ],
    )
    def test_a_subject_that_cannot_be_counted_leaves_the_count_known(
        self, rules: Rulebook, reason: str | None, until: date | None, count: int | None
    ) -> None:
        stated = {"section": "s43", "reason": reason, "until": until}
        facts: Facts = {f"exemption:a.{fact}": value for fact, value in stated.items() if value is not None}
        derived = derive(rules, {"recommendation:r.matter": "prices", **facts}).subjects["recommendation:r"]
        assert derived.get("recommendation.reasons_in_time") == count

    def test_the_condition_of_a_count_may_use_a_dated_value(self, rules: Rulebook) -> None:
        facts: Facts = {"recommendation:a.cost": ex_vat(500), "recommendation:b.cost": ex_vat(499)}
        assert derive(rules, facts).case_facts["dear"] == 1
        assert "dear" not in derive(rules, {**facts, "act.on": date(2017, 1, 1)}).case_facts


class TestCounterparts:
    BOARD: ClassVar[Facts] = {
        "recommendation:b.body": "board",
        "recommendation:b.matter": "m",
        "recommendation:b.verb": "approve",
    }
    MAYOR: ClassVar[Facts] = {
        "recommendation:m.body": "mayor",
        "recommendation:m.matter": "m",
        "recommendation:m.verb": "note",
    }

    def before(self, rules: Rulebook, facts: Facts) -> FactValue | None:
        return derive(rules, facts).facts_of("recommendation:m").get("recommendation.before")

    def test_the_fact_is_taken_from_the_one_other_subject_that_shares_the_matter(self, rules: Rulebook) -> None:
        assert self.before(rules, {**self.BOARD, **self.MAYOR}) == "approve"

    def test_the_fact_is_unknown_if_no_subject_shares_the_matter(self, rules: Rulebook) -> None:
        assert self.before(rules, {**self.BOARD, **self.MAYOR, "recommendation:b.matter": "n"}) is None

    def test_the_fact_is_unknown_if_the_matter_is_not_stated(self, rules: Rulebook) -> None:
        mayor = {address: value for address, value in self.MAYOR.items() if not address.endswith("matter")}
        assert self.before(rules, {**self.BOARD, **mayor}) is None

    def test_the_fact_is_unknown_if_two_subjects_share_the_matter(self, rules: Rulebook) -> None:
        second = {address.replace(":b.", ":c."): value for address, value in self.BOARD.items()}
        assert self.before(rules, {**self.BOARD, **self.MAYOR, **second}) is None

    def test_the_fact_is_unknown_if_a_second_subject_may_meet_the_condition(self, rules: Rulebook) -> None:
        possible: Facts = {"recommendation:c.matter": "m", "recommendation:c.verb": "note"}
        assert self.before(rules, {**self.BOARD, **self.MAYOR, **possible}) is None

    def test_a_subject_is_never_its_own_counterpart(self, rules: Rulebook) -> None:
        board = derive(rules, {**self.BOARD, **self.MAYOR}).facts_of("recommendation:b")
        assert "recommendation.before" not in board


class TestOrder:
    def test_derived_facts_are_ordered_by_dependency_and_not_by_place(self) -> None:
        derived = "derived:\n  a.sum: {label: Aa, sum: [b.sum, b.sum]}\n  b.sum: {label: Bb, sum: [value, value]}\n"
        rules = small_rulebook(derived)
        assert rules.facts["a.sum"].kind == "money"
        assert [fact.name for fact in rules.derived_facts] == ["b.sum", "a.sum"]
        assert derive(rules, {"value": ex_vat(1)}).case_facts["a.sum"] == ex_vat(4)

    def test_a_value_selected_by_a_derived_fact_is_resolved_after_it(self) -> None:
        values = VALUES_YAML.replace("by: [colour]", "by: [mixed]").replace("{colour:", "{mixed:")
        derived = """
derived:
  a.limited:
    label: Limited
    choices: {over: Over, under: Under}
    choose: {lines: [{when: {number: {at_least: {value: limit.by_colour}}}, then: over}], otherwise: under}
  mixed:
    label: Mixed
    choices: {red: Red, green: Green}
    choose: {lines: [{when: {urgent: {is: true}}, then: red}], otherwise: green}
"""
        rules = small_rulebook(derived, values=values)
        assert [fact.name for fact in rules.derived_facts] == ["mixed", "a.limited"]
        assert derive(rules, {"urgent": True, "number": 5}).case_facts["a.limited"] == "over"
        assert derive(rules, {"urgent": False, "number": 5}).case_facts["a.limited"] == "under"

    def test_two_facts_that_rest_on_each_other_are_refused(self) -> None:
        derived = "derived:\n  a.sum: {label: Aa, sum: [b.sum]}\n  b.sum: {label: Bb, sum: [a.sum]}\n"
        (fault,) = pack_faults(PACK_HEADER + FACTS_YAML + derived)
        assert (fault.key, fault.message) == ("derived.a.sum", "rests on itself: a.sum <- b.sum <- a.sum")

    def test_a_fact_that_rests_on_itself_is_refused(self) -> None:
        with pytest.raises(PackError, match="rests on itself"):
            small_rulebook("derived:\n  a.sum: {label: Aa, sum: [a.sum]}\n")


class TestStatedDerivedFacts:
    def test_a_stated_value_of_a_derived_fact_does_not_count(self, rules: Rulebook) -> None:
        evidence = derive(
            rules, {"total": ex_vat(99), "recommendation:m.before": "note", "recommendation:m.verb": "note"}
        )
        assert "total" not in evidence.case_facts
        assert "recommendation.before" not in evidence.facts_of("recommendation:m")

    def test_a_stated_value_of_a_derived_fact_in_part_2_does_not_count(self, rules: Rulebook) -> None:
        evidence = derive(rules, {"number": 1, "other": 2}, {"counts": 99})
        assert evidence.case_facts["counts"] == 3
        assert not evidence.is_exempt("case", "counts")

    def test_the_given_evidence_is_not_changed(self, rules: Rulebook) -> None:
        given = Evidence.from_parts({"number": 1, "other": 2, "exemption:a.section": "s43"}, {})
        before = (dict(given.case_facts), {subject: dict(facts) for subject, facts in given.subjects.items()})
        add_derived_facts(given, rules.derived_facts, rules.law)
        assert (given.case_facts, given.subjects) == before


class TestExempt:
    """A fact derived from an exempt fact is exempt."""

    @pytest.mark.parametrize(
        ("exempt", "fact"),
        [
            ({"value": ex_vat(1), "budget": ex_vat(2)}, "total"),
            ({"due": date(2018, 3, 30)}, "due.working"),
            ({"due": date(2018, 3, 30)}, "due.off"),
            ({"due": date(2018, 3, 30)}, "ends_on"),
            ({"act.on": ON, "due": ON}, "ends_on"),
            ({"colour": "red"}, "colour.limit"),
            ({"act.on": ON}, "colour.best"),
            ({"urgent": True}, "approver"),
            ({"value": ex_vat(1)}, "approver"),
            ({"exemption:a.section": "s43"}, "exemptions.s43"),
            ({"exemption:a.section": "s43"}, "exemptions"),
            ({"recommendation:a.cost": ex_vat(1)}, "dear"),
        ],
    )  # fmt: skip
    def test_a_derived_fact_is_as_exempt_as_its_inputs(self, rules: Rulebook, exempt: Facts, fact: str) -> None:
        public: Facts = {"urgent": False, "value": ex_vat(1)}
        evidence = derive(rules, {address: value for address, value in public.items() if address not in exempt}, exempt)
        assert fact in evidence.case_facts
        assert evidence.is_exempt("case", fact)

    def test_one_exempt_amount_makes_a_total_exempt(self, rules: Rulebook) -> None:
        evidence = derive(rules, {"value": ex_vat(1)}, {"budget": ex_vat(2)})
        assert evidence.is_exempt("case", "total")
        assert evidence.is_exempt("case", "grand_total")

    def test_a_count_of_subjects_with_public_facts_is_public(self, rules: Rulebook) -> None:
        evidence = derive(rules, {"exemption:a.section": "s43"}, {"exemption:a.reason": "secret"})
        assert not evidence.is_exempt("case", "exemptions")
        assert not evidence.is_exempt("case", "exemptions.s43")

    def test_a_counterpart_taken_from_an_exempt_fact_is_exempt(self, rules: Rulebook) -> None:
        board = TestCounterparts.BOARD
        public = {
            address: value for address, value in board.items() if not address.endswith("verb")
        } | TestCounterparts.MAYOR
        evidence = derive(rules, public, {"recommendation:b.verb": "approve"})
        assert evidence.facts_of("recommendation:m")["recommendation.before"] == "approve"
        assert evidence.is_exempt("recommendation:m", "recommendation.before")

    @pytest.mark.parametrize("secret", ["exemption:a.reason", "recommendation:r.matter"])
    def test_a_count_of_subjects_that_share_an_exempt_fact_is_exempt(self, rules: Rulebook, secret: str) -> None:
        facts: Facts = {"recommendation:r.matter": "x", "exemption:a.reason": "x", "exemption:a.section": "s43"}
        facts["recommendation:r.verb"] = "note"
        public = {address: value for address, value in facts.items() if address != secret}
        evidence = derive(rules, public, {secret: facts[secret]})
        assert evidence.facts_of("recommendation:r")["recommendation.reasons"] == 1
        assert evidence.is_exempt("recommendation:r", "recommendation.reasons")

    def test_a_fact_derived_from_public_inputs_is_public(self, rules: Rulebook) -> None:
        assert not derive(rules, {"value": ex_vat(1), "budget": ex_vat(2)}, {"reason": "secret"}).is_exempt(
            "case", "total"
        )


class TestRefusals:
    @pytest.mark.parametrize(
        ("derived", "key", "words"),
        [
            ("sum: [value, number]", "sum", "must name facts that are all of kind money, or all of kind count"),
            ("sum: [urgent, agreed]", "sum", "must name facts that are all of kind money, or all of kind count"),
            ("sum: [nobody]", "", "nobody is a fact that nobody declares"),
            ("working_days: {from: due, to: number}", "working_days", "number is of kind count, not day"),
            ("is_working_day: reason", "is_working_day", "reason is of kind text, not day"),
            ("day_off: urgent", "day_off", "urgent is of kind flag, not day"),
            ("end_of_years: {day: due, years: nobody}", "", "nobody is a value that nobody declares"),
            ("end_of_years: {day: due, years: limit}", "end_of_years.years", "not a number of years from 1 to 200"),
            ("end_of_years: {day: value, years: years}", "end_of_years", "value is of kind money, not day"),
            ("look_up: nobody", "", "nobody is a value that nobody declares"),
            ("look_up: years, governed_by: number", "governed_by", "number is not a declared fact of kind day"),
            ("look_up: best", "choices", CHOICES_NEED_KIND),
            ("look_up: best, choices: {red: Red}", "choices", "lack green, which can come out: add it"),
            ("look_up: years, choices: {red: Red}", "choices", CHOICES_NEED_KIND),
            (CHOOSE, "choices", "belong to facts of kind"),
            (f"choices: {{a: Aa}}, {CHOOSE}", "choices", "lack b, which can come out: add it"),
            (CHOOSE_BY % "nobody: {is: true}", "choose.lines.0.when.nobody", "nobody is a fact that nobody"),
            (CHOOSE_BY % "exemption.section: {is: s43}", "", "exemption.section is a fact of each exemption"),
            ("count: {of: exemption, where: {recommendation.body: {is: board}}}", "", "one.more cannot use it"),
            (UNKNOWN_CHOICE, "count.where.exemption.section.is", "is not one of"),
            (TAKE, "counterpart", "must be facts of one kind of subject"),
            ("look_up: [years, best]", "look_up", "must name values of one kind and unit"),
            ("look_up: [years, nobody]", "", "nobody is a value that nobody declares"),
            ("end_of_years: {day: due, years: []}", "end_of_years.years", "at least 1"),
            ("count: {of: exemption, same: reason}", "count", "must have same and as together, or neither"),
            ("count: {of: exemption, same: reason, as: comment}", "count", "same must be a fact of the subject of"),
            (
                "count: {of: exemption, same: reason, as: exemption.until}",
                "count",
                "reason is of kind text, and exemption.until of kind day",
            ),
            ("sum: [value], look_up: years", "", "must have exactly one of sum, calendar_days"),
            ("", "", "must have exactly one of sum, calendar_days"),
            ("sum: []", "", "must have exactly one of"),
            ("multiply: [value, number]", "", "is not a function of derived facts"),
        ],
    )  # fmt: skip
    def test_a_function_that_cannot_be_computed_is_refused_with_the_pack(
        self, derived: str, key: str, words: str
    ) -> None:
        assert derived_fault_key(words, derived) == key

    def test_every_function_of_the_schema_has_a_spec(self) -> None:
        assert list(FUNCTION_SPECS) == list(DERIVATION_FUNCTIONS)

    def test_a_count_must_be_a_fact_of_the_case(self) -> None:
        (fault,) = pack_faults(
            PACK_HEADER + FACTS_YAML + "derived:\n  exemption.all: {label: All, count: {of: exemption}}\n"
        )
        assert fault.message == "gives a fact of the case, whose name must not begin with a kind of subject"
