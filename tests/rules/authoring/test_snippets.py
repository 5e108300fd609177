"""Pieces of YAML are shown as they are written, and cut where a part of them ends."""

from __future__ import annotations

from rules.authoring.snippets import MAX_LINES, ExampleSource

TEXT = """\
pack: small
# What follows are facts.
facts:
  title: {kind: text, label: Title}

  # A flag.
  urgent:
    kind: flag
    label: Urgent
rows:
  - from: 1
    to: 2
  - {from: 3, to: 4}
"""
SOURCE = ExampleSource.read("law/small.yaml", TEXT.encode())


def test_a_key_is_shown_with_what_stands_below_it_and_without_its_indentation() -> None:
    assert SOURCE.snippet(("facts", "urgent")).text == "urgent:\n  kind: flag\n  label: Urgent"


def test_a_note_on_what_follows_is_left_out() -> None:
    assert SOURCE.snippet(("pack",)).text == "pack: small"
    assert SOURCE.snippet(("facts", "title")).text == "title: {kind: text, label: Title}"


def test_a_key_that_shares_its_line_is_shown_with_the_line() -> None:
    assert SOURCE.snippet(("facts", "title", "kind")).text == "title: {kind: text, label: Title}"
    assert SOURCE.snippet(("rows", 1, "to")).text == "{from: 3, to: 4}"


def test_the_first_key_of_an_item_is_shown_without_the_mark_of_the_list() -> None:
    assert SOURCE.snippet(("rows", 0, "from")).text == "from: 1"


def test_a_long_piece_is_cut_after_a_whole_part() -> None:
    facts = "".join(f"  fact{n}:\n    kind: flag\n    label: Fact {n}\n" for n in range(9))
    shown = ExampleSource.read("law/long.yaml", f"facts:\n{facts}".encode()).snippet(("facts",)).text
    lines = shown.splitlines()
    assert len(lines) <= MAX_LINES + 1
    assert (lines[-2], lines[-1]) == ("    label: Fact 3", "  # …")
