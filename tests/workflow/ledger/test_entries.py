"""Each entry is sealed over its contents and the seal before it, and every change is found."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.ledger.entries import (
    GENESIS,
    Entry,
    ExemptText,
    UnsealedEntry,
    exempt_text_digest,
    find_ledger_faults,
    seal_entry,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
DRAFTS = st.builds(
    UnsealedEntry,
    stream=st.sampled_from(["A-1", "A-2", "refusals/A-1"]),
    kind=st.sampled_from(["acted", "refused"]),
    on=st.dates(),
    officer=TEXT,
    body=TEXT,
    ruling=TEXT,
    exempt=TEXT,
    salt=TEXT,
)


def chain(drafts: list[UnsealedEntry]) -> tuple[list[Entry], dict[int, ExemptText]]:
    entries: list[Entry] = []
    texts: dict[int, ExemptText] = {}
    versions: dict[str, int] = {}
    previous = GENESIS
    for position, draft in enumerate(drafts, start=1):
        versions[draft.stream] = versions.get(draft.stream, 0) + 1
        entry = seal_entry(draft, position, versions[draft.stream], "2018-03-07T09:00:00.000000+00:00", previous)
        if draft.exempt:
            texts[position] = ExemptText(position, draft.stream, entry.version, draft.salt, draft.exempt)
        entries.append(entry)
        previous = entry.seal
    return entries, texts


def faults_of(entries: list[Entry], texts: Mapping[int, ExemptText]) -> list[str]:
    return list(find_ledger_faults(entries, texts.values()))


@given(st.lists(DRAFTS, max_size=6))
def test_entries_sealed_in_order_have_no_faults(drafts: list[UnsealedEntry]) -> None:
    assert faults_of(*chain(drafts)) == []


@settings(max_examples=300)
@given(st.lists(DRAFTS, min_size=1, max_size=5), st.data())
def test_a_change_in_any_column_of_an_entry_is_found(drafts: list[UnsealedEntry], data: st.DataObject) -> None:
    entries, texts = chain(drafts)
    place = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from(Entry._fields))
    original = getattr(entries[place], name)
    other = data.draw(
        (st.integers(0, 99) if isinstance(original, int) else st.one_of(TEXT, st.binary())).filter(
            lambda new: new != original
        )
    )
    entries[place] = entries[place]._replace(**{name: other})  # type: ignore[arg-type]
    assert faults_of(entries, texts)


@settings(max_examples=200)
@given(st.lists(DRAFTS, min_size=2, max_size=6), st.data())
def test_a_change_of_order_is_found(drafts: list[UnsealedEntry], data: st.DataObject) -> None:
    entries, texts = chain(drafts)
    other = data.draw(st.permutations(entries).filter(lambda order: order != entries))
    assert faults_of(other, texts)


@given(st.lists(DRAFTS, min_size=2, max_size=6), st.data())
def test_a_removed_entry_is_found_unless_it_was_the_last(drafts: list[UnsealedEntry], data: st.DataObject) -> None:
    entries, texts = chain(drafts)
    place = data.draw(st.integers(0, len(entries) - 2))
    texts.pop(entries[place].position, None)
    del entries[place]
    assert faults_of(entries, texts)


def test_only_a_head_on_paper_shows_that_the_last_entry_was_removed() -> None:
    entries, texts = chain([draft("one"), draft("two")])
    assert faults_of(entries[:-1], texts) == []


def draft(body: str, exempt: str = "", stream: str = "A-1") -> UnsealedEntry:
    return UnsealedEntry(stream, "acted", date(2018, 3, 7), "A Reed", body, "", exempt, "salt" if exempt else "")


@pytest.mark.parametrize("name", ExemptText._fields)
@pytest.mark.parametrize("other", ["other", b"other", 7])
def test_a_change_in_any_column_of_a_part_2_text_is_found(name: str, other: object) -> None:
    entries, texts = chain([draft("one", "secret"), draft("two", "more")])
    altered = {text.position: text for text in (texts[1]._replace(**{name: other}), texts[2])}  # type: ignore[arg-type]
    assert faults_of(entries, altered)


def test_a_missing_part_2_text_is_found() -> None:
    entries, _ = chain([draft("one", "secret")])
    assert faults_of(entries, {}) == ["entry 1 (A-1 version 1): its Part 2 text is gone"]


def test_swapped_part_2_texts_are_found() -> None:
    entries, texts = chain([draft("one", "secret"), draft("two", "more")])
    swapped = {1: texts[2]._replace(position=1), 2: texts[1]._replace(position=2)}
    assert len(faults_of(entries, swapped)) == 2


def test_a_part_2_text_that_no_entry_seals_is_found() -> None:
    entries, texts = chain([draft("one")])
    texts[1] = ExemptText(1, "A-1", 1, "salt", "planted")
    texts[9] = ExemptText(9, "A-1", 9, "salt", "planted")
    assert faults_of(entries, texts) == [
        "entry 1: has a Part 2 text that no entry seals",
        "entry 9: has a Part 2 text that no entry seals",
    ]


def test_each_fault_names_its_entry() -> None:
    entries, _ = chain([draft("one"), draft("two", "secret"), draft("three", stream="A-2")])
    entries[1] = entries[1]._replace(body="other")
    entries[2] = entries[2]._replace(previous=GENESIS)
    assert faults_of(entries, {}) == [
        "entry 2 (A-1 version 2): was altered after it was sealed",
        "entry 2 (A-1 version 2): its Part 2 text is gone",
        "entry 3 (A-2 version 1): does not follow the entry before it",
        "entry 3 (A-2 version 1): was altered after it was sealed",
    ]


def test_a_seal_depends_on_the_borders_between_columns() -> None:
    one = seal_entry(replace(draft("ab"), ruling="c"), 1, 1, "now", GENESIS)
    other = seal_entry(replace(draft("a"), ruling="bc"), 1, 1, "now", GENESIS)
    assert one.seal != other.seal


def test_the_method_of_sealing_never_changes() -> None:
    """Another seal for the same entry would break every ledger that exists."""
    entry = seal_entry(draft("one", "secret"), 1, 1, "2018-03-07T09:00:00.000000+00:00", GENESIS)
    assert tuple(entry) == (
        1,
        "A-1",
        1,
        "acted",
        "2018-03-07",
        "2018-03-07T09:00:00.000000+00:00",
        "A Reed",
        "one",
        "",
        "9ec298e2f314832a1b68206279d3ce57a1524b9195a8ab17bda9a02b9a32e192",
        GENESIS,
        "2e77a8b05afad7e49309c6d05ef27c8ac7ec83e48002b17630870da282baf876",
    )


def test_the_digest_of_a_part_2_text_depends_on_its_salt() -> None:
    assert exempt_text_digest("salt", "secret") != exempt_text_digest("other", "secret")
    assert exempt_text_digest("sal", "tsecret") != exempt_text_digest("salt", "secret")
    assert draft("one").exempt_digest() == ""
