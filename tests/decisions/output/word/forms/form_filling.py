"""Fill in a Word form as somebody would in Word: each answer takes the place of the prompt in its box."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import groupby

from lxml import etree

from decisions.output.word.fact_markers import FactMarker
from decisions.output.word.forms.choices import choice_texts
from decisions.output.word.forms.form_marks import FormMarks, confidential_markers
from decisions.output.word.package import MAIN_DOCUMENT, Element, W, read_parts, read_properties
from rules.packs.scheme import Scheme
from rules.values.facts import Facts, FactValue, format_value, split_address, subject_of_address
from tests.decisions.output.word.office_programs import save_package
from workflow.services.paper_form import name_fields

SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def marks_of(data: bytes) -> FormMarks:
    """Return what a form keeps of itself."""
    marks = FormMarks.from_properties(read_properties(read_parts(data)))
    assert marks is not None
    return marks


def fill_form(data: bytes, answers: Mapping[str, str]) -> bytes:
    """Return a form with the texts of some fields, by what their tags name; each must be in the form."""
    parts = read_parts(data)
    root = etree.fromstring(parts[MAIN_DOCUMENT])
    controls = {control.find(f"{W}sdtPr/{W}tag").get(f"{W}val"): control for control in root.iter(f"{W}sdt")}
    for fact, text in answers.items():
        _type_into(controls[FactMarker(fact, is_line=True).tag], text)
    return save_package({**parts, MAIN_DOCUMENT: etree.tostring(root)})


def _type_into(control: Element, text: str) -> None:
    prompt = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    if prompt is not None:
        prompt.getparent().remove(prompt)
    content = control.find(f"{W}sdtContent")
    lines = list(content.findall(f"{W}p"))
    if not lines:
        _type_words(next(content.iter(f"{W}r")), text)
        return
    for number, words in enumerate(text.split("\n\n")):
        line = lines[0] if number == 0 else deepcopy(lines[0])
        _type_words(next(line.iter(f"{W}r")), words)
        if number:
            content.append(line)


def _type_words(run: Element, text: str) -> None:
    run[:] = []
    words = etree.SubElement(run, f"{W}t")
    words.text = text
    words.set(SPACE, "preserve")


def answers_for(scheme: Scheme, data: bytes, public: Facts, exempt: Facts) -> dict[str, str]:
    """Return the texts to type into a form, so that it states the facts of a paper.

    Things are matched with the form's blocks of their kind, by what the form has filled in, then in order.
    """
    marks = marks_of(data)
    subjects = dict(_match_subjects(marks, public, exempt))
    answers: dict[str, str] = {}
    spare = iter(range(1, 100))
    names = name_fields(scheme, marks.addresses)
    for part, facts in ((marks.public, public), (marks.exempt, exempt)):
        for address, value in facts.items():
            own = address.replace(subject_of_address(address), subjects.get(subject_of_address(address), ""), 1)
            own = own if ":" in address else address
            text = type_answer(scheme, own, value)
            if part is marks.exempt and own in marks.public:
                question, answer = confidential_markers(next(spare))
                answers |= {question.fact: names[own], answer.fact: text}
            elif own in marks.addresses:
                answers[own] = text
    return answers


def _match_subjects(marks: FormMarks, *parts: Facts) -> Iterator[tuple[str, str]]:
    stated = list(dict.fromkeys(subject_of_address(address) for facts in parts for address in facts if ":" in address))
    blocks = list(dict.fromkeys(subject_of_address(address) for address in marks.addresses if ":" in address))
    for kind, of_kind in groupby(sorted(stated), lambda subject: subject.partition(":")[0]):
        free = [block for block in blocks if block.startswith(f"{kind}:")]
        for subject in of_kind:
            # A block that the form made for a body is called after it: recommendation:pib-1.
            stem = next((str(f[a]) for f in parts for a in f if a == f"{subject}.body"), "")
            own = next((block for block in free if block == f"{kind}:{stem}-1"), None)
            block = own or next(block for block in free if block.startswith(f"{kind}:{kind}-"))
            free.remove(block)
            yield subject, block


def type_answer(scheme: Scheme, address: str, value: FactValue) -> str:
    """Return an answer as somebody types or chooses it."""
    declaration = scheme.rulebook.facts[split_address(address)[0]]
    if declaration.kind == "choice":
        return next(text for text, code in choice_texts(declaration).items() if code == value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return declaration.format_value(value) if declaration.unit else format_value(value)
