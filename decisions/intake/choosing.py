"""Choose the form by which a file is read: by the day that it gives, its reference, its labels and its headings.

Invariants:
- A form whose days in force do not include the day that the file gives is never chosen.
- A form without its reference in the file is chosen only if the file has all its marks, or if somebody names it.
- If two forms fit alike, the later one is taken and a person is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from decisions.intake.figures import parse_form_day
from decisions.intake.proposal import FormChoice
from decisions.intake.references import find_misread_reference, find_references
from decisions.intake.source_text import Block, SourceText
from decisions.intake.wording import find_phrase, is_heading, starts_with
from rules.errors import InputError
from rules.packs.form_reading import ReferenceForm
from rules.packs.scheme import Scheme
from rules.values.suggestions import describe_unknown

_HEAD_BLOCKS = 40
"""How far from the start of a file its reference is looked for."""
_MAX_LINE = 200
"""The most characters of a heading, or of a label with its value."""
_REFERENCE_WEIGHT = 6
_MISREAD_WEIGHT = 3
_LEAST_MARKS = 2
"""How many marks make a form known without a reference."""
_LEAST_SCORE = _REFERENCE_WEIGHT + 1
"""A reference, and at least one label or heading of the form."""


class _Fit(NamedTuple):
    """How well a form fits a file; the later of two forms comes first."""

    score: int
    first_day: date
    choice: FormChoice


def choose_form(source: SourceText, schemes: Iterable[Scheme], form: str = "") -> FormChoice:
    """Return the form that fits a file best; raises `InputError` that continues the name of the file."""
    candidates = [FormChoice(scheme, name) for scheme in schemes for name in _readable_forms(scheme)]
    if form:
        named = [choice for choice in candidates if choice.form == form]
        if not named:
            raise InputError("cannot be read so", describe_unknown(form, "published form", _names(candidates)))
        return named[0]
    fits = sorted(filter(None, (_fit(source, choice) for choice in candidates)), reverse=True, key=lambda fit: fit[:2])
    if not fits:
        advice = f"Name one with --form if it is one of them: {', '.join(_names(candidates))}."
        raise InputError("has the reference and headings of no published form that is known here", advice)
    best = fits[0]
    others = [fit.choice for fit in fits[1:] if fit.score == best.score]
    if not others:
        return best.choice
    return FormChoice(best.choice.scheme, best.choice.form, f"{', '.join(_names(others))} fits as well")


def _readable_forms(scheme: Scheme) -> Iterator[str]:
    return (name for name, form in scheme.declaration.published_forms.items() if form.reading)


def _names(choices: Sequence[FormChoice]) -> list[str]:
    return list(dict.fromkeys(choice.form for choice in choices))


def _fit(source: SourceText, choice: FormChoice) -> _Fit | None:
    period = choice.declaration.in_force
    head = source.blocks[:_HEAD_BLOCKS]
    if any(not period.includes(day) for day in _find_days(head, choice)):
        return None
    has_marks = _has_marks(source.blocks, choice.declaration.marks)
    by_reference = _score_reference(head, choice.references)
    score = by_reference + _score_words(source.blocks, choice)
    score += sum(1 if present else -1 for present in has_marks)
    is_marked = len(has_marks) >= _LEAST_MARKS and all(has_marks)
    is_named = by_reference > 0 and score >= _LEAST_SCORE
    return _Fit(score, period.first, choice) if is_named or is_marked else None


def _has_marks(blocks: Sequence[Block], marks: Sequence[str]) -> list[bool]:
    return [any(find_phrase(block.text, mark) for block in blocks) for mark in marks]


def _find_days(head: Sequence[Block], choice: FormChoice) -> Iterator[date]:
    """Yield the days that follow labels of the form's day of decision, on the same line or the next."""
    scheme = choice.scheme
    labelled = choice.reading.facts.get(scheme.decision_day)
    if labelled is None or labelled.under:
        return
    for index, block in enumerate(head):
        if found := starts_with(block.text, labelled.labels):
            rest = block.text[found.end :].strip(" :") or (head[index + 1].text if index + 1 < len(head) else "")
            with suppress(InputError):
                yield parse_form_day(rest, choice.declaration.in_force)[0]


def _score_reference(head: Sequence[Block], references: tuple[ReferenceForm, ...]) -> int:
    if any(next(find_references(block.text, references), None) for block in head):
        return _REFERENCE_WEIGHT
    return _MISREAD_WEIGHT * any(find_misread_reference(block.text, references) for block in head)


def _score_words(blocks: Sequence[Block], choice: FormChoice) -> int:
    """Count the labels and headings of a form that a file has."""
    reading = choice.reading
    lines = [block.text for block in blocks if len(block.text) <= _MAX_LINE]
    labels = [each.labels for each in reading.facts.values() if not each.under]
    labels += [reading.decided_by.labels] if reading.decided_by else []
    found = sum(any(starts_with(line, group) for line in lines) for group in dict.fromkeys(labels))
    headings = [each.headings for each in reading.sections.values() if each.headings]
    headings += [each.headings for each in reading.recommendations if each.headings]
    found += sum(any(is_heading(line, group) for line in lines) for group in dict.fromkeys(headings))
    return found
