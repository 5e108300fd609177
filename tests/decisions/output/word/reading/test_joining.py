"""Runs are joined to one text, as if their words stood in one: single spaces, none at the ends."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from decisions.output.word.reading.text_runs import TextRun, join_runs

WORDS = st.text(alphabet="ab \t\n\xa0", max_size=5)
RUNS = st.lists(WORDS | st.integers(min_value=1, max_value=9), max_size=12)


def join_plainly(contents: list[str | int]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text and the places of notes, by joining from the start for each run."""
    text, cites = "", []
    for content in contents:
        if isinstance(content, int):
            text = text.rstrip()
            cites.append((len(text), content))
        else:
            text = re.sub(r"[ \t\n]+", " ", text + content).lstrip()
    return text.rstrip(), cites


@given(RUNS)
def test_runs_are_joined_as_if_one_by_one(contents: list[str | int]) -> None:
    text, cites = join_runs(map(TextRun, contents))
    assert (text, [(cite.offset, cite.number) for cite in cites]) == join_plainly(contents)
