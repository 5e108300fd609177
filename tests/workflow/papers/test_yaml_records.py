"""YAML of many cases is divided at documents and items, and each part is read by the strict reader."""

from __future__ import annotations

import pytest

from tests.workflow.papers.readers import papers_among, read_all, source_of, unread_among
from workflow.papers.yaml_records import divide_yaml

ONE = "public: {title: First}\n"


@pytest.mark.parametrize(
    "text",
    [
        "---\npublic: {title: First}\n---\npublic:\n  title: Second\n...\n",
        "public: {title: First}\n--- # the second\npublic: {title: Second}\n",
        "- public: {title: First}\n- public:\n    title: Second\n",
        "# a list\n\n-\n  public: {title: First}\n\n# more\n-  public: {title: Second}",
        '- public:\n    title: |\n      First\n- public:\n    title: "Second"\n',
    ],
    ids=["documents", "mark with comment", "items", "items with comments", "texts"],
)
def test_each_document_or_item_is_a_case(text: str) -> None:
    papers = papers_among(read_all(text.encode(), "yaml"))
    assert [paper.paper.facts["title"] for paper in papers] == ["First", "Second"]  # type: ignore[union-attr]
    assert [paper.name for paper in papers] == ["a file 1", "a file 2"]


def test_one_case_is_named_by_its_file() -> None:
    assert [paper.name for paper in papers_among(read_all(ONE.encode(), "yaml"))] == ["a file"]


def test_a_fault_names_the_line_of_the_file() -> None:
    results = read_all(b"public: {}\n---\n# comment\npublic:\n  titel: x\n  award: 1\n---\npublic: {}\n", "yaml")
    assert len(papers_among(results)) == 2
    assert [(row.row, row.column) for row in unread_among(results)] == [(5, "public.titel"), (6, "public.award")]


def test_a_text_with_marks_inside_is_not_divided() -> None:
    text = "public:\n  title: |\n    ---\n    - not an item\n"
    assert len(list(divide_yaml(source_of(text.encode())))) == 1
    assert papers_among(read_all(text.encode(), "yaml"))[0].paper.facts["title"] == "---\n- not an item"  # type: ignore[union-attr]


def test_a_part_that_is_too_large_is_refused_without_being_held() -> None:
    results = read_all(b"public:\n" + b"  title: x\n" * 60_000 + b"---\npublic: {}\n", "yaml")
    assert "bytes; at most" in unread_among(results)[0].reason
    assert len(papers_among(results)) == 1


@pytest.mark.parametrize("content", [b"# only a comment\n", b"---\n---\n"])
def test_a_file_of_comments_is_empty(content: bytes) -> None:
    assert [row.reason for row in unread_among(read_all(content, "yaml"))] == ["is empty"]
