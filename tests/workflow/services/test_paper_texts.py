"""A file of texts: its headings, what is read of it, and what is refused."""

from __future__ import annotations

import pytest

from rules.errors import InputError
from rules.packs.scheme import Scheme
from tests.workflow.services.filled_papers import DAYS
from tests.workflow.walk import shipped_library
from workflow.cases.paper import Paper
from workflow.services.paper_interview import Interview
from workflow.services.paper_texts import format_text_file, list_text_questions, read_text_file


@pytest.fixture(scope="module")
def interview() -> Interview:
    scheme: Scheme = shipped_library().scheme("mopac")
    return Interview(scheme, DAYS["mopac"], Paper({}, {}))


def test_a_file_has_a_heading_for_each_open_text_and_says_where_it_is_shown(interview: Interview) -> None:
    content = format_text_file(interview, list_text_questions(interview))
    assert "=== form.introduction: Introduction and background (DMPC decision form, Part 1)\n" in content
    assert "=== report.introduction: Introduction and background (Investment Advisory Board report, Part 1)" in content
    assert "=== title" not in content
    assert read_text_file(interview, content) == {}


def test_each_text_is_read_back_below_its_heading(interview: Interview) -> None:
    content = "".join(
        f"{heading}\n\nOne: {number}.\n\n- two\n" if heading.startswith("===") else f"{heading}\n"
        for number, heading in enumerate(format_text_file(interview, list_text_questions(interview)).splitlines())
    )
    texts = read_text_file(interview, f"\ufeff{content}".replace("\n", "\r\n"))
    assert list(texts) == [question.address for question in list_text_questions(interview)]
    assert texts["executive_summary"] == "One: 0.\n\n- two"


@pytest.mark.parametrize(
    "heading", ["=== title", "===title", "==== title: Title", "=== title : what I call it", "  === title:  "]
)
def test_a_heading_may_be_typed_by_hand(interview: Interview, heading: str) -> None:
    assert read_text_file(interview, f"{heading}\nRadios") == {"title": "Radios"}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("Radios", "Line 1 stands below no heading"),
        ("=== titel\nRadios", "Line 1 names no text of a paper. Did you mean title?"),
        ("=== estimated_value\n£9", "Line 1 names no text of a paper"),
        ("=== exemption.rationale\nA", "Line 1 names no text of a paper"),
        ("=== recommendation:A B.text\nA", "Line 1 names no text of a paper"),
        ("=== title\nA\n=== title\nB", "Line 3 is a heading that stood above already"),
        ("=== title\n\x07", "title: "),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(interview: Interview, content: str, fault: str) -> None:
    with pytest.raises(InputError) as refused:
        read_text_file(interview, f"=== author\nAda\n{content}" if content.startswith("=") else content)
    number = fault.replace("Line 1", "Line 3").replace("Line 3 is", "Line 5 is")
    assert (number if content.startswith("=") else fault) in str(refused.value)


def test_all_faults_of_a_file_are_listed_at_once_without_its_words(interview: Interview) -> None:
    with pytest.raises(InputError) as refused:
        read_text_file(interview, "zebra\n=== zebra.crossing\nzebra\n=== title\nA\n=== title\nB\n")
    assert str(refused.value).count("Line ") == 3
    assert "zebra" not in f"{refused.value} {refused.value.advice()}"
