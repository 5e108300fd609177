"""A prompt is no answer, and an answer that a program left marked as a prompt is one."""

from __future__ import annotations

import pytest
from lxml import etree

from decisions.output.word.package import Element
from decisions.output.word.prompts import OWN_PROMPTS
from decisions.output.word.reading.wrappers import is_prompt, shows_prompt

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LIST = '<w:dropDownList><w:listItem w:displayText="Works" w:value="works"/></w:dropDownList>'


def control(kind: str, words: str) -> Element:
    return etree.fromstring(
        f'<w:sdt xmlns:w="{NAMESPACE}"><w:sdtPr><w:showingPlcHdr/>{kind}</w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{words}</w:t></w:r></w:sdtContent></w:sdt>"
    )


@pytest.mark.parametrize(
    ("kind", "words", "is_answer"),
    [
        (LIST, "Works", True),
        (LIST, "Wählen Sie ein Element aus.", False),
        (LIST, "[Choose one]", False),
        ("<w:date/>", "28 June 2019", True),
        ("<w:date/>", "Klicken Sie, um ein Datum einzugeben.", False),
        ("<w:date/>", "[Day, such as 28 June 2024]", False),
        ("<w:text/>", "Works", False),
    ],
)
def test_a_choice_of_the_list_and_a_day_are_answers_in_spite_of_the_mark(
    kind: str, words: str, is_answer: bool
) -> None:
    assert shows_prompt(control(kind, words)) is not is_answer


def test_our_prompts_are_known_whatever_their_case_and_spaces() -> None:
    assert OWN_PROMPTS
    assert all(is_prompt(f" {prompt.upper()}\n") for prompt in OWN_PROMPTS)
