"""Findings and rulings in words: what stands against an act comes first and in full, and nothing unknown is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import click
import pytest

from console.findings import (
    MAX_CHANGES,
    NO_SINGLE_CHANGE,
    TurningChanges,
    format_finding,
    format_finding_briefly,
    format_gate_state,
    format_outcome,
    format_ruling,
)
from rules.judging.findings import Finding, ObservedFact, Ruling, SubjectOutcomes, outcomes_by_subject
from rules.language.schema_types import Outcome
from rules.values.citation import Citation

READ = Citation(instrument="The Parks Act", provision="s.3(1)", basis="read")
BREACHED = Finding(
    "cost.within", "case", "breached", "blocking", "The cost is within the limit.",
    (ObservedFact("cost", "is at most £5 ex VAT", "£6 ex VAT"),), (), READ, "The cost is above the limit.",
    "Ask for less.",
)  # fmt: skip
UNKNOWN = replace(
    BREACHED, control="title.stated", outcome="undetermined", missing=("title",), requirement="The paper has a title."
)
SATISFIED = replace(BREACHED, control="order.kept", outcome="satisfied")
NOT_APPLICABLE = replace(BREACHED, control="works.only", outcome="not_applicable")
WARNING = replace(BREACHED, control="advice.sought", severity="warning")


@dataclass
class FixedJudgement:
    """A judgement with given findings."""

    findings: Sequence[Finding]

    @property
    def by_subject(self) -> Sequence[SubjectOutcomes]:
        return outcomes_by_subject(self.findings)

    @property
    def verdicts(self) -> Sequence[Finding]:
        return self.findings

    def finding_at(self, place: int) -> Finding:
        return self.findings[place]


def ruling_of(*findings: Finding) -> Ruling:
    return Ruling("EPA-1", "submit", "submit", "", {}, {}, FixedJudgement(findings))


def plain(text: str) -> str:
    return click.unstyle(text)


def headings(text: str) -> list[str]:
    """The controls of the findings shown, in order."""
    return [line.split()[1] for line in plain(text).splitlines() if line.lstrip()[:1] in "✗?✓–" and line.strip()]


class TestRulings:
    @pytest.mark.parametrize(
        ("findings", "first_line"),
        [
            ((SATISFIED,), "Nothing blocks submit on EPA-1: 1 check at the gate submit."),
            ((SATISFIED, NOT_APPLICABLE), "Nothing blocks submit on EPA-1: 2 checks at the gate submit."),
            ((SATISFIED, WARNING), "Nothing blocks submit on EPA-1: 2 checks at the gate submit."),
            ((BREACHED,), "You cannot submit EPA-1: 1 of 1 check at the gate submit blocks it."),
            ((BREACHED, UNKNOWN, SATISFIED), "You cannot submit EPA-1: 2 of 3 checks at the gate submit block it."),
            ((NOT_APPLICABLE,), "You cannot submit EPA-1: none of 1 check at the gate submit supports it."),
            ((), "You cannot submit EPA-1: none of 0 checks at the gate submit supports it."),
        ],
    )
    def test_the_first_line_says_whether_it_can_be_done_and_why_not(
        self, findings: tuple[Finding, ...], first_line: str
    ) -> None:
        assert plain(format_ruling(ruling_of(*findings))).splitlines()[0] == first_line

    def test_breached_comes_before_undetermined_and_blocking_before_warning(self) -> None:
        text = format_ruling(ruling_of(WARNING, UNKNOWN, SATISFIED, BREACHED))
        assert headings(text) == ["cost.within", "title.stated", "advice.sought"]

    def test_a_control_that_was_named_comes_first(self) -> None:
        text = format_ruling(ruling_of(BREACHED, WARNING, UNKNOWN), first_control="advice.sought")
        assert headings(text)[0] == "advice.sought"

    def test_other_findings_have_a_line_each_where_all_are_wanted(self) -> None:
        findings = (BREACHED, SATISFIED, NOT_APPLICABLE)
        assert headings(format_ruling(ruling_of(*findings))) == ["cost.within"]
        assert headings(format_ruling(ruling_of(*findings), show_all=True)) == [
            "cost.within",
            "order.kept",
            "works.only",
        ]

    @pytest.mark.parametrize(
        ("most", "shown", "more"), [(1, 1, "  … and 2 more."), (2, 2, "  … and 1 more."), (3, 3, "")]
    )
    def test_of_many_some_are_shown_and_the_rest_is_counted(self, most: int, shown: int, more: str) -> None:
        text = plain(format_ruling(ruling_of(BREACHED, UNKNOWN, WARNING), max_findings=most))
        assert len(headings(text)) == shown
        assert text.splitlines()[-1] == more if more else "more." not in text


class TestOneFinding:
    def test_a_breach_says_what_is_wrong_the_fact_the_clause_and_the_cure(self) -> None:
        assert plain(format_finding(BREACHED)).splitlines() == [
            "  ✗ cost.within  breached",
            "      what    The cost is above the limit.",
            "      fact    cost: £6 ex VAT; expected: at most £5 ex VAT",
            "      clause  The Parks Act, s.3(1)",
            "      cure    Ask for less.",
        ]

    def test_what_is_not_known_is_not_called_wrong(self) -> None:
        text = plain(format_finding(UNKNOWN))
        assert "Answers are missing. The paper has a title." in text
        assert UNKNOWN.wrong not in text

    def test_a_warning_is_marked_only_while_it_is_against_the_act(self) -> None:
        assert "(warning)" in plain(format_finding(WARNING))
        satisfied = replace(WARNING, outcome="satisfied")
        assert "(warning)" not in plain(format_ruling(ruling_of(satisfied), show_all=True))

    def test_a_subject_is_named_and_the_case_is_not(self) -> None:
        assert "of exemption:s43" in plain(format_finding(replace(BREACHED, subject="exemption:s43")))
        assert "of case" not in plain(format_finding(BREACHED))

    @pytest.mark.parametrize(("basis", "is_shown"), [("read", False), ("secondary", True), ("unverified", True)])
    def test_the_note_of_a_source_that_nobody_read_is_shown(self, basis: str, is_shown: bool) -> None:
        citation = Citation.model_validate({**READ.model_dump(), "basis": basis, "note": "Read in a circular."})
        text = plain(format_finding(replace(BREACHED, citation=citation)))
        assert ("Read in a circular." in text) is is_shown
        assert (f"({basis})" in text) is is_shown

    def test_the_link_of_a_clause_follows_it(self) -> None:
        linked = READ.model_copy(update={"link": "https://law.example/3"})
        assert "The Parks Act, s.3(1) <https://law.example/3>" in plain(
            format_finding(replace(BREACHED, citation=linked))
        )

    def test_control_characters_in_a_fact_reach_no_terminal(self) -> None:
        observed = ObservedFact("title", "is known", "\x1b[2J\x07A pond")
        assert not {"\x1b", "\x07"} & set(plain(format_finding(replace(BREACHED, observed_facts=(observed,)))))


class TestChanges:
    KEY = ("cost.within", "case")

    def changes_of(self, changes: TurningChanges | None, finding: Finding = BREACHED) -> list[str]:
        lines = plain(format_finding(finding, changes)).splitlines()
        return [line.split("change", 1)[1].strip() for line in lines if line.strip().startswith("change")]

    def test_where_nobody_looked_for_changes_none_is_mentioned(self) -> None:
        assert self.changes_of(None) == self.changes_of({}) == []

    def test_where_none_would_turn_it_that_is_said_of_an_open_finding_alone(self) -> None:
        assert self.changes_of({self.KEY: []}) == [NO_SINGLE_CHANGE]
        closed = ruling_of(replace(SATISFIED, control="cost.within"))
        assert NO_SINGLE_CHANGE not in plain(format_ruling(closed, show_all=True, changes={self.KEY: []}))

    @pytest.mark.parametrize(
        ("count", "last"),
        [(MAX_CHANGES, "set 3"), (MAX_CHANGES + 1, "… and 1 more change"), (MAX_CHANGES + 2, "… and 2 more changes")],
    )
    def test_of_many_changes_the_rest_is_counted(self, count: int, last: str) -> None:
        shown = self.changes_of({self.KEY: [f"set {number}" for number in range(count)]})
        assert shown[-1] == last
        assert shown[:MAX_CHANGES] == [f"set {number}" for number in range(MAX_CHANGES)]


class TestBriefly:
    def test_an_open_finding_has_what_is_missing_and_its_cure(self) -> None:
        text = plain(format_finding_briefly(UNKNOWN, [("judged", "at submit")]))
        labels = [line.split()[0] for line in text.splitlines()[1:]]
        assert labels == ["what", "fact", "missing", "clause", "cure", "judged"]

    def test_a_closed_one_has_its_evidence_alone(self) -> None:
        labels = [line.split()[0] for line in plain(format_finding_briefly(SATISFIED, [])).splitlines()[1:]]
        assert labels == ["fact", "clause"]

    def test_a_finding_whose_packs_are_gone_has_no_empty_words(self) -> None:
        lost = replace(BREACHED, requirement="", observed_facts=(), wrong="", cure="")
        assert [line.split()[0] for line in plain(format_finding_briefly(lost, [])).splitlines()[1:]] == ["clause"]


@pytest.mark.parametrize(
    ("outcome", "words"), [(None, "not checked"), ("not_applicable", "not applicable"), ("breached", "breached")]
)
def test_an_outcome_is_in_words(outcome: Outcome | None, words: str) -> None:
    assert format_outcome(outcome) == words


def test_a_gate_is_open_or_names_what_blocks_it() -> None:
    assert format_gate_state(is_open=True, blocked_by=()) == "open"
    assert format_gate_state(is_open=False, blocked_by=("a.b", "c.d")) == "blocked by a.b, c.d"
