"""A paper states what was confirmed, with its place, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from decisions.intake.paper_file import PaperFile
from decisions.intake.proposal import Proposal
from tests.decisions.intake import eras
from tests.decisions.intake.reading import certain, propose, shipped_schemes, values
from workflow.cases.paper import ImportedPaper, read_imported_paper

READ_ON = date(2024, 6, 28)
DATA = {
    "2015": eras.PAGE_2015, "2016": eras.PAGE_2016, "2021": eras.PAGE_2021, "2023": eras.PAGE_2023,
    "director": eras.GLA_PAGE, "fire": eras.LFC_PAGE, "form": eras.signed_form(),
}  # fmt: skip


def read_back(text: str) -> ImportedPaper:
    schemes = {scheme.id: scheme for scheme in shipped_schemes()}
    return read_imported_paper(text.encode(), "paper.yaml", schemes.__getitem__)


def write(proposal: Proposal, confirmed: set[str]) -> str:
    return PaperFile(proposal, confirmed, READ_ON).format()


@pytest.mark.parametrize("era", DATA)
def test_a_paper_is_read_back_with_every_fact_that_was_confirmed(era: str) -> None:
    proposal = propose(DATA[era])
    paper = read_back(write(proposal, set(values(proposal))))
    assert {**paper.paper.public, **paper.recorded} == values(proposal)
    assert paper.paper.exempt == {}
    assert (paper.scheme, paper.stage) == (proposal.choice.scheme, proposal.stage)


@pytest.mark.parametrize("era", DATA)
def test_what_nobody_confirmed_is_in_comments_alone(era: str) -> None:
    proposal = propose(DATA[era])
    paper = read_back(write(proposal, set(certain(proposal))))
    assert {**paper.paper.public, **paper.recorded} == certain(proposal)


@pytest.mark.parametrize("era", DATA)
def test_a_comment_becomes_a_fact_once_its_sign_is_taken_away(era: str) -> None:
    proposal = propose(DATA[era])
    text = write(proposal, set(certain(proposal)))
    paper = read_back(re.sub(r"^( *)#(?=[^ #\n])", r"\1", text, flags=re.MULTILINE))
    assert {**paper.paper.public, **paper.recorded} == values(proposal)


def test_nothing_confirmed_is_a_paper_without_facts() -> None:
    paper = read_back(write(propose(eras.PAGE_2016), set()))
    assert (paper.paper.public, paper.recorded) == ({}, {})


def test_the_source_is_kept_with_its_digest_address_day_and_form() -> None:
    proposal = replace(propose(eras.PAGE_2016), address="https://example.org/a?b=1#c")
    source = read_back(write(proposal, set())).source
    assert (source.kind, source.form, source.read_on) == ("web_page", "page_2016", READ_ON)
    assert source.address == "https://example.org/a?b=1#c"
    assert source.sha256 == proposal.sha256
    assert len(proposal.sha256) == 64


def test_each_value_has_its_place_and_its_words_above_it() -> None:
    proposal = propose(eras.PAGE_2016)
    lines = write(proposal, set(values(proposal))).split("\n")
    at = lines.index("  dmpc.on: 2017-03-03")
    place = next(fact.place for fact in proposal.facts if fact.address == "dmpc.on")
    assert lines[at - 1] == f"  # {place}: “Date signed: 03 March 2017”"


def test_only_what_is_not_confirmed_says_why_to_check_it() -> None:
    proposal = propose(eras.PAGE_2016)
    assert "Check, because it may not be the whole value." in write(proposal, set(certain(proposal)))
    assert "Check, because" not in write(proposal, set(values(proposal)))


def test_what_could_not_be_taken_is_listed_at_the_end() -> None:
    text = write(propose(eras.PAGE_2023), set())
    listed = text[text.index("# What could not be taken:") :]
    assert "'£2,165,00' is not one amount in pounds" in listed


@pytest.mark.parametrize("era", DATA)
def test_what_nobody_confirmed_is_unsettled_in_its_source(era: str) -> None:
    proposal = propose(DATA[era])
    source = read_back(write(proposal, set(certain(proposal)))).source
    assert set(source.unsettled) == set(values(proposal)) - set(certain(proposal))
    assert read_back(write(proposal, set(values(proposal)))).source.unsettled == ()
