"""Read the answers of a Word form that somebody filled in: the text of each field, by the address of its fact.

- A field that shows its prompt is not answered. A recommendation or exemption is stated only if somebody wrote in one
  of its fields: what the form had filled in is not enough.
- Every fault is listed at once, each with the name of its field. Nothing repeats a word that somebody wrote.
- What was written outside the fields is listed; in a form with a Part 2 it is only counted from where that begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from decisions.output.word.fact_markers import FactMarker
from decisions.output.word.forms import wording
from decisions.output.word.forms.form_marks import CONFIDENTIAL_FIELDS, FormMarks, confidential_markers
from decisions.output.word.prompts import find_prompt
from decisions.output.word.reader import FORM, EditedFile, OpenedFile, open_edited_file
from decisions.output.word.reading.wrappers import is_prompt
from rules.errors import InputError
from rules.values.facts import CASE, subject_of_address
from rules.values.prose_writer import write_prose

_QUESTION_NUMBER = re.compile(r"([0-9]{1,4})\. ")
_NEW_FORM_ADVICE = "Put it back with Undo; or make a new form, and copy your answers into it."


class OutsideText(NamedTuple):
    """A text outside the fields of a form, which is not recorded, and its place; empty where it may be confidential."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class FilledForm:
    """The answers in a form, as they were written, by address and part, and the texts that are not recorded.

    `names` gives the name of each field by its address.
    """

    marks: FormMarks
    names: Mapping[str, str]
    public: Mapping[str, str]
    exempt: Mapping[str, str]
    outside: tuple[OutsideText, ...]
    faults: tuple[InputError, ...]


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """A form that is opened, but not read yet."""

    marks: FormMarks
    file: OpenedFile

    def read(self, names: Mapping[str, str]) -> FilledForm:
        """Return the answers; raise `InputError` if the file cannot be read. `names` gives the names of the fields."""
        return _FormReader(self, names).read()


def open_paper_form(data: bytes) -> OpenedForm | None:
    """Return a form to fill in; None for another Word file. Raise `InputError` if it is no Word file."""
    opened = open_edited_file(data)
    marks = FormMarks.from_properties(opened.properties)
    return OpenedForm(marks, opened) if marks else None


class _Field(NamedTuple):
    """A field of a form: what marks it, and its name."""

    fact: str
    name: str


@dataclass
class _FormReader:
    """Reads one form, and collects its faults."""

    form: OpenedForm
    names: Mapping[str, str]
    faults: list[InputError] = field(default_factory=list)

    def read(self) -> FilledForm:
        """Return the answers."""
        marks, fields = self.form.marks, list(self._fields())
        edited = self.form.file.read(dict(_labels(fields)))
        self._refuse_foreign(edited, fields)
        versions = {each.fact: list(dict.fromkeys(_versions_of(edited, each.fact))) for each in fields}
        self._refuse_missing([each for each in fields if not versions[each.fact]])
        texts = self._settle(fields, versions)
        public = {address: texts[address] for address in marks.public if texts.get(address)}
        exempt = {address: texts[address] for address in marks.exempt if texts.get(address)}
        exempt |= self._confidential_answers(texts, {**public, **exempt})
        untouched = self._untouched_subjects({*public, *exempt})
        public, exempt = (
            {address: text for address, text in part.items() if subject_of_address(address) not in untouched}
            for part in (public, exempt)
        )
        return FilledForm(marks, self.names, public, exempt, tuple(self._outside(edited)), tuple(self.faults))

    def _fields(self) -> Iterator[_Field]:
        yield from (_Field(address, self.names[address]) for address in self.form.marks.addresses)
        if self.form.marks.has_part_2:
            for number in range(1, CONFIDENTIAL_FIELDS + 1):
                name = f"{wording.CONFIDENTIAL_ANSWER} {number}"
                question, answer = confidential_markers(number)
                yield from (_Field(question.fact, f"{name}: the question"), _Field(answer.fact, f"{name}: the answer"))

    def _refuse_foreign(self, edited: EditedFile, fields: list[_Field]) -> None:
        own = {FactMarker(each.fact, is_line=True).tag for each in fields}
        if others := len(edited.field_tags - own):
            self._fault(
                f"it has {'a field' if others == 1 else f'{others} fields'} of another form in it",
                "Delete what was pasted from the other form, and paste its words only; two forms need two files.",
            )

    def _refuse_missing(self, missing: list[_Field]) -> None:
        for each in missing:
            self._fault(f"the field {each.name} is missing", _NEW_FORM_ADVICE)

    def _settle(self, fields: list[_Field], versions: Mapping[str, list[str]]) -> dict[str, str]:
        """Return the text of each field; note those that stand in the file with several texts, or keep a prompt."""
        texts: dict[str, str] = {}
        copied = []
        for each in fields:
            answers = [text for text in versions[each.fact] if text]
            if len(answers) > 1:
                copied.append(each)
            elif answers and (prompt := find_prompt(answers[0])):
                self._fault(f"{each.name} still has the words {prompt}", "Delete them, and leave only your answer.")
            elif answers:
                texts[each.fact] = answers[0]
        if len(copied) > 1:
            count = len(copied)
            self._fault(
                f"it holds two forms: {count} fields stand in it twice, with different answers, such as "
                f"{copied[0].name}",
                "Give each form a file of its own.",
            )
        elif copied:
            self._fault(
                f"the field {copied[0].name} stands in it several times, with different answers",
                "Keep the answer that is meant, and delete the others.",
            )
        return texts

    def _confidential_answers(self, texts: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
        """Return the confidential answers to questions of Part 1."""
        answers: dict[str, str] = {}
        for number in range(1, CONFIDENTIAL_FIELDS + 1) if self.form.marks.has_part_2 else ():
            question, answer = (texts.get(marker.fact, "") for marker in confidential_markers(number))
            address = self._find_question(f"{wording.CONFIDENTIAL_ANSWER} {number}", question, answer)
            if not address:
                continue
            if address in others or address in answers:
                self._fault(f"{self.names[address]} is answered twice", "Keep one answer: in Part 1, or in Part 2.")
            answers[address] = answer
        return answers

    def _find_question(self, name: str, question: str, answer: str) -> str:
        """Return the address of the question that a confidential answer names; empty, with any fault noted, if none."""
        addresses = self.form.marks.public
        chosen = _QUESTION_NUMBER.match(question)
        if question and (not chosen or not 0 < int(chosen[1]) <= len(addresses)):
            self._fault(f"{name} does not name a question of Part 1", "Choose the question from the list.")
        elif chosen and not answer:
            self._fault(f"{name} names a question and has no answer", "Answer it, or take the question out.")
        elif chosen:
            return addresses[int(chosen[1]) - 1]
        elif answer:
            self._fault(f"{name} has an answer and names no question", "Choose the question from the list.")
        return ""

    def _untouched_subjects(self, stated: set[str]) -> set[str]:
        """Return the subjects in whose fields nobody wrote anything."""
        written = {subject_of_address(address) for address in stated - set(self.form.marks.given)}
        return {subject_of_address(address) for address in stated} - written - {CASE}

    def _outside(self, edited: EditedFile) -> Iterator[OutsideText]:
        marks = self.form.marks
        in_part_2 = False
        for place, texts in edited.other_texts.items():
            new = set(marks.find_new_texts(texts))
            for text in texts:
                in_part_2 |= place == FORM and marks.has_part_2 and text == wording.PART_HEADINGS[2]
                if text in new:
                    is_hidden = in_part_2 or (marks.has_part_2 and place != FORM)
                    yield OutsideText("Part 2" if in_part_2 and place == FORM else place, "" if is_hidden else text)

    def _fault(self, message: str, advice: str) -> None:
        self.faults.append(InputError(message, advice))


def _labels(fields: list[_Field]) -> Iterator[tuple[str, str]]:
    """Yield the name of each field by each of the marks that it may have."""
    for each in fields:
        for is_line in (True, False):
            marker = FactMarker(each.fact, is_line=is_line)
            yield from ((marker.tag, each.name), (marker.bookmark, each.name))


def _versions_of(edited: EditedFile, fact: str) -> Iterator[str]:
    """Yield each text that a file has of a field; an empty one for a field that is not answered."""
    line, passage = FactMarker(fact, is_line=True), FactMarker(fact, is_line=False)
    lines = edited.lines.get(line.tag) or edited.lines.get(line.bookmark, [])
    passages = edited.passages.get(passage.tag) or edited.passages.get(passage.bookmark, [])
    for text in (*lines, *(write_prose(each, edited.notes) for each in passages)):
        yield "" if is_prompt(text) else text.strip()
