"""The words of a form to fill in, beside those of the pack: how to use it, what helps with a question, and why."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from decisions.output.word.forms.choices import choice_texts
from rules.values.calendar import long_date
from rules.values.facts import FactDeclaration, FactValue
from rules.values.units import describe_unit
from workflow.services.paper_branches import Condition
from workflow.services.paper_form import FormField, PaperForm

TITLE, KIND = "Paper to fill in", "Form for a new case"
MARKING = "Confidential once Part 2 is filled in"
HOW_TO_HEADING = "How to use this form"
PART_HEADINGS: Mapping[int, str] = {1: "Part 1: what may be published", 2: "Part 2: confidential"}
PART_NOTES: Mapping[int, str] = {
    1: "Do not write anything here that has to stay confidential.",
    2: "What you answer here is kept apart from what is published. Leave all of it empty if nothing is confidential.",
}
SPARE_HEADING = "More blocks, if you need them"
SPARE_NOTE = "Leave a block empty if you do not need it. An empty block records nothing."
CONFIDENTIAL_HEADING = "Other answers that are confidential"
CONFIDENTIAL_NOTE = (
    "If the answer to a question of Part 1 is confidential, leave it empty there. Choose the question here, and answer "
    "it below."
)
CONFIDENTIAL_ANSWER = "Confidential answer"
QUESTION_HEAD, ANSWER_HEAD = "Question", "Answer"
_NEEDS = {"now": "", "later": " (needed at a later stage)", "optional": " (optional)"}


def describe_use(form: PaperForm, file_name: str) -> Iterator[str]:
    """Yield what to do with the file, a paragraph each."""
    scheme, name = form.scheme, shlex.quote(file_name)
    yield f"This form is for {scheme.declaration.name}, by the rules of {long_date(form.on)}."
    yield (
        "Write or choose an answer in each box. A box that still shows words in square brackets counts as not "
        "answered. Questions marked optional can stay empty. Text outside the boxes is not recorded."
    )
    if form.has_part_2:
        yield "Part 2 is for what is confidential. Keep this file where only those who may read Part 2 can open it."
    yield f"When you have saved it, open the case with this command: assent case open {name} --as NAME"
    yield f"If the case is open already, add your answers to it: assent case amend CASE --from {name} --as NAME"


def label_of(form_field: FormField) -> str:
    """Return the number and label of a question, and whether it can stay empty."""
    if form_field.value is not None or form_field.condition:
        return form_field.label
    if form_field.may_be_needed:
        return f"{form_field.label} (if it applies)"
    return f"{form_field.label}{_NEEDS[form_field.question.need]}"


def describe_help(
    form_field: FormField, fields: Mapping[str, FormField], said: Condition | None = None
) -> Iterator[str]:
    """Yield what helps to answer a question, a paragraph each; `said` is a condition that stands above it already."""
    declaration = form_field.declaration
    if form_field.condition and form_field.condition != said:
        yield describe_condition(form_field.condition, fields)
    if form_field.is_long and form_field.question.document:
        yield f"For this document: {form_field.question.document}."
    if declaration.about:
        yield declaration.about
    if declaration.unit:
        yield f"A number, {describe_unit(declaration.unit)}."
    if limiting := fields.get(form_field.waits_for):
        yield f"Choose one that belongs to your answer to question {limiting.number} ({limiting.declaration.label})."
    for follow_up in form_field.follow_ups:
        numbers = [fields[asked.address].number for asked in follow_up.questions if asked.address in fields]
        if numbers:
            answer = format_answer(declaration, follow_up.answer)
            yield f"If your answer is “{answer}”, also answer {format_numbers(numbers)}."


def describe_condition(condition: Condition, fields: Mapping[str, FormField]) -> str:
    """Return on which answers to another question one depends."""
    other = fields[condition.address]
    answers = " or ".join(f"“{format_answer(other.declaration, answer)}”" for answer in condition.answers)
    return f"Answer this only if question {other.number} ({other.declaration.label}) is {answers}."


class Reasons:
    """Says why questions are asked; a requirement that stood before is referred to by the number of its question."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}

    def describe(self, form_field: FormField) -> str:
        """Return why a question is asked, with the clause; empty if only a document shows its answer."""
        if not form_field.reasons:
            return ""
        reason = form_field.reasons[0]
        first = self._first.setdefault(reason.control, form_field.number)
        if first != form_field.number:
            return f"Why: as for question {first}."
        return f"Why: {reason.requirement} ({reason.citation})"


def format_answer(declaration: FactDeclaration, answer: FactValue) -> str:
    """Return an answer as the form offers it: a choice by its text in the list."""
    if declaration.kind == "choice":
        return next((text for text, code in choice_texts(declaration).items() if code == answer), str(answer))
    text = declaration.format_value(answer)
    return text.capitalize() if declaration.kind == "flag" else text


def format_numbers(numbers: Iterable[int]) -> str:
    """Return the numbers of questions in words: `questions 3, 4 and 12 to 16`."""
    in_order = sorted(set(numbers))
    runs = [[number for _, number in run] for _, run in groupby(enumerate(in_order), lambda pair: pair[1] - pair[0])]
    *others, last = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    listed = f"{', '.join(others)} and {last}" if others else last
    return f"question{'s' if len(in_order) > 1 else ''} {listed}"
