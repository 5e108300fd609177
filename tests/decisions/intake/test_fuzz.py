"""Whatever a file holds: it is read or refused in words, proposals fit their facts, and Part 2 stays unread."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.intake.reading import read_source
from rules.errors import InputError
from rules.values.facts import split_address
from tests.decisions.intake import eras
from tests.decisions.intake.reading import form, propose, propose_lines

WORDS = """1. |1.1 |a. |(A)i. |• |- |PCD 5|PCD-36I|DMPCD 2015 7|Reference code:|Date signed:|Decision by:|Anna Webb
(Past staff), |Deputy Mayor for Policing and Crime|31/02/2019|3 May 2019|16/04/18|£5.7m|£2,165,00|in the sum of
Executive summary|Recommendation|The DMPC is asked to|approve |note |:|And to note|Section 43|[^1]|<p>|&amp;|ﬁ|#|'
exempt from disclosure under |Financial Comments|in Part 2|ééééé"""
PIECES = st.sampled_from([*re.split(r"[|\n]", WORDS), "\n", "\n\n", "|", "\u202e", "\x07", "\ufffd", "\u00a0"])
WHOLE = {"page": eras.PAGE_2016, "word": eras.save(eras.word_form()), "pdf": eras.signed_form()}
TEXTS = st.lists(PIECES, max_size=40).map("".join)
FORMS = st.sampled_from(
    [("mopac", "page_2016"), ("mopac", "form_2018"), ("gla", "page_2020"), ("lfc", "approval_page")]
)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(InputError):
        assert all(block.text.strip() and block.place.line >= 1 for block in read_source(data).blocks)


@pytest.mark.parametrize("kind", WHOLE)
@settings(max_examples=60)
@given(cut=st.integers(0, 10**6), byte=st.integers(0, 255))
def test_a_damaged_file_is_read_or_refused(kind: str, cut: int, byte: int) -> None:
    data = WHOLE[kind]
    at = cut % len(data)
    for damaged in (data[:at], data[:at] + bytes([byte]) + data[at + 1 :]):
        with suppress(InputError):
            assert propose(damaged).facts is not None


@given(text=TEXTS, choice=FORMS)
def test_every_proposal_fits_its_fact_and_has_a_place(text: str, choice: tuple[str, str]) -> None:
    lines = text.split("\n")
    chosen = form(*choice)
    proposal = propose_lines(chosen, *filter(None, (" ".join(line.split()) for line in lines)))
    facts = chosen.scheme.rulebook.facts
    for fact in proposal.facts:
        assert facts[split_address(fact.address)[0]].fits(fact.value)
        assert 1 <= fact.place.line <= max(1, len(lines))
    assert len({fact.address for fact in proposal.facts}) == len(proposal.facts)
    assert propose_lines(chosen, *filter(None, (" ".join(line.split()) for line in lines))) == proposal


@given(before=TEXTS, after=TEXTS, choice=FORMS)
def test_words_below_part_2_change_nothing(before: str, after: str, choice: tuple[str, str]) -> None:
    chosen = form(*choice)

    def lines(*texts: str) -> list[str]:
        return [words for text in texts for line in text.split("\n") if (words := " ".join(line.split()))]

    heading = "PART 2 - CONFIDENTIAL FACTS AND ADVICE"
    with_part_2 = propose_lines(chosen, *lines(before), heading, *lines(after))
    without = propose_lines(chosen, *lines(before), heading)
    assert with_part_2 == without
