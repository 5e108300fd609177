"""Phrases in texts and gaps in the numbers of paragraphs: found, not found, and exempt."""

import json
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.judging.rulebook import Rulebook
from rules.language.conditions import AllOf
from rules.language.derivation_context import DerivationContext
from rules.language.derived_facts import add_derived_facts
from rules.language.derived_text import LETTERS, PhraseFinder, numbering_gap
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.gate_findings import gate_findings
from tests.rules.pack_builders import (
    FACTS_YAML,
    PACK_HEADER,
    control_yaml,
    derived_fault_key,
    pack_faults,
    small_rulebook,
)

Facts = dict[str, FactValue]
NUMBERED = (
    "  recommendation.number: {kind: count, label: Number}\n  recommendation.letter: {kind: text, label: Letter}\n"
)
GAP = "numbering_gap: {number: %s, letter: %s, where: {recommendation.body: {is: board}}}"
SOUND_GAP = GAP % ("recommendation.number", "recommendation.letter")
LAW = small_rulebook().law
NO_SUBJECTS = DerivationContext({}, LAW, "act.on")


def find(text: str, *any_of: str | tuple[str, ...], alone: bool = False) -> str | None:
    """Search one text, and return the place found."""
    phrase_groups = tuple((phrases,) if isinstance(phrases, str) else phrases for phrases in any_of)
    place = PhraseFinder(("reason",), phrase_groups, alone=alone)(NO_SUBJECTS, {"reason": text})
    assert place is None or isinstance(place, str)
    return place


class TestPhrases:
    @pytest.mark.parametrize(
        "text",
        [
            "restricted section",
            "It is in the RESTRICTED Section of it.",
            "in the restricted\n   section",
            "the “restricted” section",
            "the restricted-section",
            "One sentence. The restricted section. Another one.",
            "An approx. restricted section",
        ],
    )
    def test_whole_words_are_found_whatever_their_case_and_the_signs_between_them(self, text: str) -> None:
        assert find(text, "restricted section") is not None

    @pytest.mark.parametrize(
        "text",
        [
            "unrestricted section",
            "restricted sections",
            "restricted sub section",
            "section restricted",
            "It is restricted. Section 3 says why.",
            "It is restricted\n\nSection 3",
            "- restricted\n- section",
            "It is restricted!” “Section 3 says why.",
        ],
    )
    def test_parts_of_words_and_words_of_two_sentences_are_not_found(self, text: str) -> None:
        assert find(text, "restricted section") is None

    def test_grouped_phrases_must_be_in_one_sentence_in_any_order(self) -> None:
        pair = ("data protection", "section 43")
        assert find("Section 43 of the Data Protection Act applies.", pair) is not None
        assert find("Data protection was looked at, and s. 43 was not section 43.", pair) is not None
        assert find("Data protection was looked at. Section 43 applies.", pair) is None
        assert find("Section 43 applies.", pair) is None

    def test_a_phrase_alone_must_be_the_whole_text(self) -> None:
        assert find("  “Report”. ", "report", alone=True) == "reason: ““Report”.”"
        assert find("Report of 22 March", "report", alone=True) is None
        assert find("Report. Report.", "report", alone=True) is None

    def test_signs_in_a_phrase_do_not_act_as_a_pattern(self) -> None:
        assert find("a b", "a.b") is not None
        assert find("axb", "a.b") is None
        assert find("aaaa", "a+") is None

    def test_the_first_phrase_in_the_first_text_is_found(self) -> None:
        finder = PhraseFinder(("reason", "comment"), (("two",), ("one",)), alone=False)
        facts: Facts = {"comment": "two", "reason": "one and two"}
        assert finder(NO_SUBJECTS, facts) == "reason: “one and two”"
        assert finder(NO_SUBJECTS, {"comment": "one"}) == "comment: “one”"

    def test_nothing_is_found_if_the_text_is_not_stated(self) -> None:
        assert PhraseFinder(("reason",), (("one",),), alone=False)(NO_SUBJECTS, {}) is None


class TestExcerpts:
    def test_an_excerpt_shows_the_words_around_on_one_line(self) -> None:
        text = "Of the many costs, this is\ncontained in the restricted\nsection of the report that goes with it."
        assert find(text, "restricted section") == "reason: “…in the restricted section of the report that…”"

    def test_an_excerpt_that_begins_or_ends_a_sentence_has_no_ellipsis_there(self) -> None:
        assert find("Restricted section. More.", "restricted section") == "reason: “Restricted section.”"

    @given(st.text(max_size=300), st.text(max_size=300))
    def test_an_excerpt_is_short_and_contains_the_phrase(self, before: str, after: str) -> None:
        excerpt = find(f"{before} the restricted section {after}", "restricted section")
        assert excerpt is not None
        assert "restricted section" in excerpt.casefold()
        assert len(excerpt) <= 60
        assert "\n" not in excerpt

    def test_the_longest_text_is_searched(self) -> None:
        """The search takes linear time, even in a text full of near matches."""
        assert find("restricted " * 5_400, "restricted section") is None
        assert find("restricted -" * 5_000 + "section", "restricted section") is not None


def find_gap(*numbered: str) -> FactValue | None:
    """Return the gap in recommendations with numbers and letters such as `1`, `1a`."""
    keys = count()
    subjects: dict[str, dict[str, FactValue]] = {}
    for written in numbered:
        number = "".join(filter(str.isdigit, written))
        facts: dict[str, FactValue] = {"recommendation.number": int(number)} if number else {}
        letter = written.removeprefix(number)
        subjects[f"recommendation:{next(keys)}"] = facts | ({"recommendation.letter": letter} if letter else {})
    compute = numbering_gap("recommendation.number", "recommendation.letter", AllOf(()))
    return compute(DerivationContext({"recommendation": subjects}, LAW, "act.on", "recommendation"), {})


class TestNumberingGaps:
    @pytest.mark.parametrize(
        "numbered",
        [
            (),
            ("1",),
            ("1", "2", "3"),
            ("3", "1", "2"),
            ("1", "1a", "1b", "2"),
            ("1a", "1b", "2"),
            ("1", "1A", "1b"),
            ("1", "1ii", "1iv"),
        ],
    )  # fmt: skip
    def test_complete_numbers_have_no_gap(self, numbered: tuple[str, ...]) -> None:
        assert find_gap(*numbered) is None

    @pytest.mark.parametrize(
        ("numbered", "gap"),
        [
            (("2",), "no 1"),
            (("1", "3"), "no 2 after 1"),
            (("1", "2", "4", "6"), "no 3 after 2"),
            (("0", "1"), None),
            (("1", "999999999999999"), "no 2 after 1"),
            (("1", "1b"), "no a after 1"),
            (("1", "1a", "1b", "1c", "1e"), "no d after 1c"),
            (("1", "1a", "2", "2a", "2c"), "no b after 2a"),
            (("1", "2", "2"), "2 stands twice"),
            (("1", "1a", "1A"), "1a stands twice"),
        ],
    )
    def test_a_missing_or_duplicate_number_is_found(self, numbered: tuple[str, ...], gap: str | None) -> None:
        assert find_gap(*numbered) == gap

    def test_the_gap_is_unknown_while_a_number_is_unknown(self) -> None:
        assert find_gap("1", "3") == "no 2 after 1"
        assert find_gap("1", "3", "a") is None

    @given(st.integers(1, 60), st.integers(1, 60))
    def test_any_missing_number_is_found(self, last: int, left_out: int) -> None:
        gap = find_gap(*(str(number) for number in range(1, last + 1) if number != left_out))
        assert (gap is not None) is (left_out < last)

    @given(st.integers(0, 25), st.integers(0, 25))
    def test_any_missing_letter_is_found(self, last: int, left_out: int) -> None:
        gap = find_gap("1", *(f"1{letter}" for place, letter in enumerate(LETTERS[: last + 1]) if place != left_out))
        assert (gap is not None) is (left_out < last)


DERIVED = f"""
derived:
  marking: {{label: Marking, mentions: {{in: [reason, comment], any_of: [restricted section]}}}}
  gap: {{label: Gap, {SOUND_GAP}}}
  share: {{label: Share, percent_of: {{part: number, whole: other}}}}
controls:
"""


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    controls = [
        control_yaml(f"{name}.forbidden", f"requires: {{{name}: {{known: false}}}}")
        for name in ("marking", "gap", "share")
    ]
    return small_rulebook(DERIVED + "".join(controls), facts=FACTS_YAML + NUMBERED)


def judge(rules: Rulebook, public: Facts, exempt: Facts) -> tuple[dict[str, str], str]:
    """Return the outcome of each control, and all findings as JSON."""
    findings = gate_findings(rules, None, Evidence.from_parts({**public}, exempt))
    outcomes: dict[str, str] = {finding.control: finding.outcome for finding in findings}
    return outcomes, json.dumps([finding.as_json() for finding in findings])


class TestPart2:
    """Exempt text is searched too, but not a word of it is quoted."""

    WITHHELD = "Acme is in the restricted section."

    def day_of_act(self, rules: Rulebook) -> Facts:
        (day,) = (row.first for row in rules.law.values["best"].history)
        return {"act.on": day}

    def test_a_public_text_is_quoted(self, rules: Rulebook) -> None:
        outcomes, words = judge(rules, {**self.day_of_act(rules), "reason": self.WITHHELD}, {})
        assert outcomes["marking.forbidden"] == "breached"
        assert "is in the restricted section" in words

    @pytest.mark.parametrize("public", [{}, {"comment": "All public."}, {"comment": "The restricted section."}])
    def test_an_exempt_text_is_searched_and_not_quoted(self, rules: Rulebook, public: Facts) -> None:
        outcomes, words = judge(rules, {**self.day_of_act(rules), **public}, {"reason": self.WITHHELD})
        assert outcomes["marking.forbidden"] == "breached"
        assert "held in Part 2" in words
        assert "restricted" not in words
        assert "Acme" not in words

    def test_the_numbers_of_exempt_recommendations_are_not_shown(self, rules: Rulebook) -> None:
        public: Facts = {"recommendation:a.body": "board", "recommendation:a.number": 1}
        exempt: Facts = {"recommendation:b.body": "board", "recommendation:b.number": 7}
        outcomes, words = judge(rules, {**self.day_of_act(rules), **public}, exempt)
        assert outcomes["gap.forbidden"] == "breached"
        assert "no 2" not in words
        evidence = add_derived_facts(Evidence.from_parts(public, exempt), rules.derived_facts, rules.law)
        assert evidence.is_exempt("case", "gap")

    def test_a_share_of_an_exempt_count_is_exempt(self, rules: Rulebook) -> None:
        evidence = add_derived_facts(Evidence.from_parts({"number": 1}, {"other": 8}), rules.derived_facts, rules.law)
        assert (evidence.case_facts["share"], evidence.is_exempt("case", "share")) == (13, True)


class TestRefusals:
    @pytest.mark.parametrize(
        ("derived", "key", "words"),
        [
            ("mentions: {in: [nobody], any_of: [one]}", "", "nobody is a fact that nobody declares"),
            ("mentions: {in: [number], any_of: [one]}", "mentions", "number is of kind count, not text"),
            ("mentions: {in: [exemption.reason], any_of: [one]}", "", "one.more cannot use it"),
            ("mentions: {in: [], any_of: [one]}", "mentions", "at least one text"),
            ("mentions: {in: [reason], any_of: []}", "mentions.any_of", "at least 1"),
            ("mentions: {in: [reason], any_of: ['. - .']}", "mentions.any_of.0.0", "a letter or a digit"),
            ("percent_of: {part: number, whole: value}", "percent_of", "value is of kind money, not count"),
            (GAP % ("number", "recommendation.letter"), "numbering_gap", "must be facts of one kind of subject"),
            (GAP % ("recommendation.number", "reason"), "numbering_gap", "must be facts of one kind of subject"),
            (GAP % ("recommendation.matter", "recommendation.letter"), "numbering_gap", "is of kind text, not count"),
            (GAP % ("recommendation.number", "recommendation.cost"), "numbering_gap", "is of kind money, not text"),
            (SOUND_GAP.replace("is: board", "is: nobody"), "numbering_gap.where.recommendation.body.is", "not one of"),
        ],
    )  # fmt: skip
    def test_a_search_that_cannot_be_made_is_refused_with_the_pack(self, derived: str, key: str, words: str) -> None:
        assert derived_fault_key(words, derived, NUMBERED) == key

    def test_a_gap_must_be_a_fact_of_the_case(self) -> None:
        text = PACK_HEADER + FACTS_YAML + NUMBERED + f"derived:\n  recommendation.gap: {{label: Gap, {SOUND_GAP}}}\n"
        (fault,) = pack_faults(text)
        assert fault.message == "gives a fact of the case, whose name must not begin with a kind of subject"


def test_a_percentage_is_rounded_to_the_nearest_whole_number() -> None:
    rules = small_rulebook("derived:\n  share: {label: Share, percent_of: {part: number, whole: other}}\n")

    def percentage(part: int, whole: int) -> FactValue | None:
        return add_derived_facts(
            Evidence.from_parts({"number": part, "other": whole}, {}), rules.derived_facts, rules.law
        ).case_facts.get("share")

    assert [percentage(*pair) for pair in ((1, 20), (1, 8), (124, 1000), (125, 1000), (0, 5), (3, 2))] == [
        5, 13, 12, 13, 0, 150,
    ]  # fmt: skip
    assert percentage(1, 0) is None
