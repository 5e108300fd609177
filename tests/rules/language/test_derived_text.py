"""What is looked for in the text of papers and in the numbers of their paragraphs: found, not found, never told."""

import json
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.judging.rulebook import Rulebook
from rules.language.conditions import AllOf
from rules.language.derived_facts import DerivationContext, add_derived_facts
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
NOBODY = DerivationContext({}, LAW, "act.on")


def found(text: str, *any_of: str | tuple[str, ...], alone: bool = False) -> str | None:
    """What is told of one text."""
    alternatives = tuple((one,) if isinstance(one, str) else one for one in any_of)
    told = PhraseFinder(("reason",), alternatives, alone=alone)(NOBODY, {"reason": text})
    assert told is None or isinstance(told, str)
    return told


class TestWords:
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
    def test_whole_words_are_found_whatever_their_case_and_what_stands_between_them(self, text: str) -> None:
        assert found(text, "restricted section") is not None

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
    def test_parts_of_words_and_words_of_two_sentences_are_not(self, text: str) -> None:
        assert found(text, "restricted section") is None

    def test_phrases_that_belong_together_stand_in_one_sentence_in_any_order(self) -> None:
        pair = ("data protection", "section 43")
        assert found("Section 43 of the Data Protection Act applies.", pair) is not None
        assert found("Data protection was looked at, and s. 43 was not section 43.", pair) is not None
        assert found("Data protection was looked at. Section 43 applies.", pair) is None
        assert found("Section 43 applies.", pair) is None

    def test_a_phrase_alone_is_all_that_the_text_says(self) -> None:
        assert found("  “Report”. ", "report", alone=True) == "reason: ““Report”.”"
        assert found("Report of 22 March", "report", alone=True) is None
        assert found("Report. Report.", "report", alone=True) is None

    def test_signs_in_a_phrase_are_no_pattern(self) -> None:
        assert found("a b", "a.b") is not None
        assert found("axb", "a.b") is None
        assert found("aaaa", "a+") is None

    def test_the_first_text_and_in_it_the_first_thing_is_told(self) -> None:
        work_out = PhraseFinder(("reason", "comment"), (("two",), ("one",)), alone=False)
        facts: Facts = {"comment": "two", "reason": "one and two"}
        assert work_out(NOBODY, facts) == "reason: “one and two”"
        assert work_out(NOBODY, {"comment": "one"}) == "comment: “one”"

    def test_nothing_is_found_where_nothing_is_stated(self) -> None:
        assert PhraseFinder(("reason",), (("one",),), alone=False)(NOBODY, {}) is None


class TestExcerpts:
    def test_some_words_round_it_are_told_on_one_line(self) -> None:
        text = "Of the many costs, this is\ncontained in the restricted\nsection of the report that goes with it."
        assert found(text, "restricted section") == "reason: “…in the restricted section of the report that…”"

    def test_the_beginning_and_the_end_of_a_sentence_are_told_as_such(self) -> None:
        assert found("Restricted section. More.", "restricted section") == "reason: “Restricted section.”"

    @given(st.text(max_size=300), st.text(max_size=300))
    def test_an_excerpt_is_short_and_has_what_was_found_in_it(self, before: str, after: str) -> None:
        told = found(f"{before} the restricted section {after}", "restricted section")
        assert told is not None
        assert "restricted section" in told.casefold()
        assert len(told) <= 60
        assert "\n" not in told

    def test_a_text_as_long_as_may_be_is_looked_through(self) -> None:
        """Nothing here grows faster than the text: words that nearly match are no trap."""
        assert found("restricted " * 5_400, "restricted section") is None
        assert found("restricted -" * 5_000 + "section", "restricted section") is not None


def gap(*numbered: str) -> FactValue | None:
    """What is told of some recommendations, each by its number and letter: `1`, `1a`."""
    keys = count()
    among: dict[str, dict[str, FactValue]] = {}
    for written in numbered:
        number = "".join(filter(str.isdigit, written))
        facts: dict[str, FactValue] = {"recommendation.number": int(number)} if number else {}
        letter = written.removeprefix(number)
        among[f"recommendation:{next(keys)}"] = facts | ({"recommendation.letter": letter} if letter else {})
    work_out = numbering_gap("recommendation.number", "recommendation.letter", AllOf(()))
    return work_out(DerivationContext({"recommendation": among}, LAW, "act.on"), {})


class TestNumbers:
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
    def test_nothing_is_told_where_nothing_is_missing(self, numbered: tuple[str, ...]) -> None:
        assert gap(*numbered) is None

    @pytest.mark.parametrize(
        ("numbered", "told"),
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
    def test_what_is_missing_or_stands_twice_is_told(self, numbered: tuple[str, ...], told: str | None) -> None:
        assert gap(*numbered) == told

    def test_nothing_is_told_while_a_number_is_not_known(self) -> None:
        assert gap("1", "3") == "no 2 after 1"
        assert gap("1", "3", "a") is None

    @given(st.integers(1, 60), st.integers(1, 60))
    def test_any_number_that_is_left_out_is_told(self, last: int, left_out: int) -> None:
        told = gap(*(str(number) for number in range(1, last + 1) if number != left_out))
        assert (told is not None) is (left_out < last)

    @given(st.integers(0, 25), st.integers(0, 25))
    def test_any_letter_that_is_left_out_is_told(self, last: int, left_out: int) -> None:
        told = gap("1", *(f"1{letter}" for place, letter in enumerate(LETTERS[: last + 1]) if place != left_out))
        assert (told is not None) is (left_out < last)


DERIVED = f"""
derived:
  marking: {{label: Marking, mentions: {{in: [reason, comment], any_of: [restricted section]}}}}
  gap: {{label: Gap, {SOUND_GAP}}}
  share: {{label: Share, percent_of: {{part: number, whole: other}}}}
controls:
"""


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    asked = [
        control_yaml(f"{name}.asked", f"requires: {{{name}: {{known: false}}}}") for name in ("marking", "gap", "share")
    ]
    return small_rulebook(DERIVED + "".join(asked), facts=FACTS_YAML + NUMBERED)


def judged(rules: Rulebook, public: Facts, exempt: Facts) -> tuple[dict[str, str], str]:
    """The outcome of each control, and everything that is said."""
    found = gate_findings(rules, None, Evidence.from_parts({**public}, exempt))
    return {one.control: one.outcome for one in found}, json.dumps([one.as_json() for one in found])


class TestPart2:
    """Text is Part 2's or Part 1's; of Part 2 not a word is quoted, though the check is made."""

    WITHHELD = "Acme is in the restricted section."

    def on(self, rules: Rulebook) -> Facts:
        (day,) = (row.first for row in rules.law.values["best"].history)
        return {"act.on": day}

    def test_a_public_text_is_quoted(self, rules: Rulebook) -> None:
        outcomes, said = judged(rules, {**self.on(rules), "reason": self.WITHHELD}, {})
        assert outcomes["marking.asked"] == "breached"
        assert "is in the restricted section" in said

    @pytest.mark.parametrize("public", [{}, {"comment": "All public."}, {"comment": "The restricted section."}])
    def test_an_exempt_text_is_looked_through_and_not_quoted(self, rules: Rulebook, public: Facts) -> None:
        outcomes, said = judged(rules, {**self.on(rules), **public}, {"reason": self.WITHHELD})
        assert outcomes["marking.asked"] == "breached"
        assert "held in Part 2" in said
        assert "restricted" not in said
        assert "Acme" not in said

    def test_numbers_of_exempt_recommendations_are_not_told(self, rules: Rulebook) -> None:
        public: Facts = {"recommendation:a.body": "board", "recommendation:a.number": 1}
        exempt: Facts = {"recommendation:b.body": "board", "recommendation:b.number": 7}
        outcomes, said = judged(rules, {**self.on(rules), **public}, exempt)
        assert outcomes["gap.asked"] == "breached"
        assert "no 2" not in said
        whole = add_derived_facts(Evidence.from_parts(public, exempt), rules.derived_facts, rules.law)
        assert whole.is_exempt("case", "gap")

    def test_a_share_of_an_exempt_count_is_exempt(self, rules: Rulebook) -> None:
        whole = add_derived_facts(Evidence.from_parts({"number": 1}, {"other": 8}), rules.derived_facts, rules.law)
        assert (whole.case_facts["share"], whole.is_exempt("case", "share")) == (13, True)


class TestRefusals:
    @pytest.mark.parametrize(
        ("derived", "key", "words"),
        [
            ("mentions: {in: [nobody], any_of: [one]}", "", "nobody is a fact that nobody declares"),
            ("mentions: {in: [number], any_of: [one]}", "mentions", "number is of kind count, not text"),
            ("mentions: {in: [exemption.reason], any_of: [one]}", "", "which one.more cannot look at"),
            ("mentions: {in: [], any_of: [one]}", "mentions.in", "at least 1"),
            ("mentions: {in: [reason], any_of: []}", "mentions.any_of", "at least 1"),
            ("mentions: {in: [reason], any_of: ['. - .']}", "mentions.any_of.0.0", "a letter or a digit"),
            ("percent_of: {part: number, whole: value}", "percent_of", "value is of kind money, not count"),
            (GAP % ("number", "recommendation.letter"), "numbering_gap", "of one kind of subject"),
            (GAP % ("recommendation.number", "reason"), "numbering_gap", "of one kind of subject"),
            (GAP % ("recommendation.matter", "recommendation.letter"), "numbering_gap", "is of kind text, not count"),
            (GAP % ("recommendation.number", "recommendation.cost"), "numbering_gap", "is of kind money, not text"),
            (SOUND_GAP.replace("is: board", "is: nobody"), "numbering_gap.where.recommendation.body.is", "not one of"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_looked_for_is_refused_when_the_pack_is_read(
        self, derived: str, key: str, words: str
    ) -> None:
        assert derived_fault_key(words, derived, NUMBERED) == key

    def test_a_gap_belongs_to_the_case(self) -> None:
        text = PACK_HEADER + FACTS_YAML + NUMBERED + f"derived:\n  recommendation.gap: {{label: Gap, {SOUND_GAP}}}\n"
        (fault,) = pack_faults(text)
        assert fault.message == "is a fact of the case, and its name may not begin with a kind of subject"


def test_a_share_is_rounded_to_the_nearest_whole_number() -> None:
    rules = small_rulebook("derived:\n  share: {label: Share, percent_of: {part: number, whole: other}}\n")

    def share(part: int, whole: int) -> FactValue | None:
        return add_derived_facts(
            Evidence.from_parts({"number": part, "other": whole}, {}), rules.derived_facts, rules.law
        ).case_facts.get("share")

    assert [share(*pair) for pair in ((1, 20), (1, 8), (124, 1000), (125, 1000), (0, 5), (3, 2))] == [
        5, 13, 12, 13, 0, 150,
    ]  # fmt: skip
    assert share(1, 0) is None
