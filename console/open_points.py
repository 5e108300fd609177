"""A ruling for the officer, at the terminal: answers to give, then what is wrong, then what comes later.

Each answer that is missing stands as the words to type, with its label. The clause that asks for it follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from console import findings, output
from rules.packs.workflow_facts import CASE_STAGE
from rules.values.evidence import IN_PART_2
from rules.values.facts import CASE, format_caption, subject_of_address

if TYPE_CHECKING:
    from rules.judging.findings import Finding, Ruling
    from rules.packs.scheme import Scheme
    from rules.values.facts import FactDeclaration
    from workflow.services.open_points import AnswersFor, MissingAnswer, OpenPoints

_EXAMPLE_ANSWERS = {"money": "'£40,000 ex VAT'", "count": "1", "flag": "yes", "day": "2024-06-28", "text": "'…'"}
_INDENT = "    "
_HINTS = {"flag": "yes or no"}
_MAX_CHOICES = 6


def format_open_points(ruling: Ruling, scheme: Scheme, *, show_all: bool = False) -> str:
    """Return what stands against the act of a ruling, in the order in which an officer deals with it.

    `show_all` adds a line for each finding that is not against it.
    """
    from workflow.services.open_points import sort_open_points

    points = sort_open_points(ruling, scheme)
    parts = [_format_result(ruling, points), *_describe_other_stage(ruling, points, scheme)]
    if points.missing:
        parts += [_heading("Missing answers"), *map(_format_answers, points.missing), _advise(ruling, points, scheme)]
    parts += _format_findings("What is wrong", points.wrong, scheme)
    if points.later:
        parts += [_heading("What other acts record"), *(_format_later(group, scheme) for group in points.later)]
    if points.optional:
        parts += [_heading("Answers that do not block"), *map(_format_answers, points.optional)]
    wrong = [finding for finding in points.warnings if finding.outcome != "not_held"]
    parts += _format_findings("What is wrong but does not block", wrong, scheme)
    not_held = [finding for finding in points.warnings if finding.outcome == "not_held"]
    parts += _format_findings("Law that is not held here: read it yourself", not_held, scheme)
    if show_all:
        settled = (finding for finding in ruling.findings if not finding.needs_attention)
        parts.append("\n".join(map(findings.format_settled_finding, settled)))
    return "\n\n".join(parts)


def describe_state(points: OpenPoints) -> str:
    """Return in a few words what stands against an act: `3 answers are missing, 1 thing is wrong`."""
    return _count_points(points) or "nothing allows it yet"


def _format_result(ruling: Ruling, points: OpenPoints) -> str:
    checks = output.format_count(len(ruling.findings), "check")
    if ruling.is_open:
        return output.format_line(f"You can {ruling.action} {ruling.case}: none of {checks} stands in the way.")
    why = _count_points(points) or f"none of {checks} allows it"
    return output.format_line(f"You cannot {ruling.action} {ruling.case} yet: {why}.")


def _describe_other_stage(ruling: Ruling, points: OpenPoints, scheme: Scheme) -> Iterator[str]:
    """Yield what can be done instead, if the case stands at another stage than that of the act."""
    controls = scheme.rulebook.controls
    if any(controls[finding.control].enforces_stage_order for finding in points.wrong):
        stage = str(ruling.public_facts.get(CASE_STAGE, ""))
        actions = ", ".join(scheme.actions_at(stage)) or "nothing more"
        yield output.format_sentence(f"The case is at {scheme.stage_label(stage)}. There you can do: {actions}.")


def _count_points(points: OpenPoints) -> str:
    answers, wrong, later = len(points.missing_answers), len(points.wrong), len(points.later)
    counts = [
        f"{output.format_count(answers, 'answer')} {'is' if answers == 1 else 'are'} missing" if answers else "",
        f"{output.format_count(wrong, 'thing')} {'is' if wrong == 1 else 'are'} wrong" if wrong else "",
        f"{output.format_count(later, 'earlier act')} {'is' if later == 1 else 'are'} not done" if later else "",
    ]
    return ", ".join(filter(None, counts))


def _heading(text: str) -> str:
    return click.style(text, bold=True)


def _format_answers(group: AnswersFor) -> str:
    """Return a finding with the answers that it waits for, each as the words to type."""
    finding = group.finding
    needed = finding.wrong if finding.outcome == "breached" and _has_known_facts(finding) else finding.requirement
    assignments = [(_format_assignment(answer), _describe(answer)) for answer in group.answers]
    why = f"{finding.citation} [{findings.name_finding(finding)}]"
    blocks = (([("", needed)], ""), (assignments, _INDENT), ([("why", why)], _INDENT))
    return "\n".join(output.format_pairs(pairs, indent) for pairs, indent in blocks)


def _has_known_facts(finding: Finding) -> bool:
    return any(observed.actual is not None for observed in finding.observed_facts)


def _format_assignment(answer: MissingAnswer) -> str:
    if IN_PART_2 in answer.address:
        return f"{answer.declaration.label}, in Part 2"
    return f"--set {answer.address}={_example_answer(answer.declaration)}"


def _example_answer(declaration: FactDeclaration) -> str:
    return next(iter(declaration.choices), "") or _EXAMPLE_ANSWERS.get(declaration.kind, "…")


def _describe(answer: MissingAnswer) -> str:
    declaration = answer.declaration
    hint = _HINTS.get(declaration.kind, "")
    if declaration.choices:
        first = list(declaration.choices)[:_MAX_CHOICES]
        others = len(declaration.choices) - len(first)
        hint = f"one of {', '.join(first)}" + (f" and {others} more" if others else "")
    return f"{format_caption(declaration.label)} {hint}" if hint else declaration.label


def _advise(ruling: Ruling, points: OpenPoints, scheme: Scheme) -> str:
    """Return with which commands the missing answers are given."""
    asks = scheme.action(ruling.action).asks if ruling.action in scheme.declaration.actions else ()
    with_act = [answer for answer in points.missing_answers if answer.recorded_by]
    in_paper = len(with_act) < len(points.missing_answers)
    pairs = []
    if in_paper:
        pairs.append(("In the paper", f"assent case amend {ruling.case} --set FACT=ANSWER … --as NAME"))
    if with_act or (asks and not in_paper):
        pairs.append(("With the act", f"assent case act {ruling.case} {ruling.action} --set FACT=ANSWER … --as NAME"))
    return output.format_pairs(pairs, "  ")


def _format_findings(heading: str, listed: Iterable[Finding], scheme: Scheme) -> Iterator[str]:
    shown = [findings.format_finding(finding, labels=scheme.rulebook.facts) for finding in listed]
    if shown:
        yield _heading(heading)
        yield from shown


def _format_later(group: AnswersFor, scheme: Scheme) -> str:
    """Return what an act waits for that other acts record."""
    actions = scheme.declaration.actions
    recorders = [
        (_name_answer(answer), ", ".join(f"{name} ({actions[name].label})" for name in answer.recorded_by[:3]))
        for answer in group.answers
    ]
    blocks = (([("", group.finding.requirement)], ""), (recorders, _INDENT))
    return "\n".join(output.format_pairs(pairs, indent) for pairs, indent in blocks)


def _name_answer(answer: MissingAnswer) -> str:
    """Return the label of an answer, with its subject."""
    subject = subject_of_address(answer.address)
    return answer.declaration.label if subject == CASE else f"{answer.declaration.label} ({subject})"
