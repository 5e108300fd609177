"""A paper names other cases of the same store by their numbers, and only such."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.errors import InputError
from tests.workflow.walk import AUTHOR, CASE_ID, new_services, request_by, walk_to_stage
from workflow.services import commands, queries
from workflow.services.commands import Revision, Services

SECOND = "MOPAC-2018-2"
PUBLIC, NOTHING = {"link:part.case": SECOND, "link:part.relation": "part_of"}, dict[str, str]()


@pytest.fixture
def two_cases(path: Path) -> Services:
    """Two drafts, of which neither names the other."""
    services = new_services(path)
    walk_to_stage(services, "draft")
    commands.open_case(services, "mopac", {"title": "Second part"}, {}, request_by(AUTHOR, "2018-03-07"))
    return services


def amend(services: Services, public: dict[str, str], exempt: dict[str, str]) -> None:
    commands.amend_paper(services, CASE_ID, Revision(public, exempt), request_by(AUTHOR, "2018-03-08"))


def test_a_linked_case_is_shown_with_its_title_and_stage(two_cases: Services) -> None:
    amend(two_cases, PUBLIC, NOTHING)
    shown = queries.load_case_view(two_cases, CASE_ID, with_part_2=False).as_json()
    assert shown["links"] == [{"fact": "link:part.case", "case": SECOND, "title": "Second part", "stage": "draft"}]


def test_a_case_without_links_shows_none(two_cases: Services) -> None:
    assert queries.load_case_view(two_cases, SECOND, with_part_2=False).links == ()


def test_a_number_of_no_case_is_refused_with_the_nearest(two_cases: Services) -> None:
    with pytest.raises(InputError, match=r"link:part\.case: 'MOPAC-2018-3' is not a case") as refused:
        amend(two_cases, {"link:part.case": "MOPAC-2018-3"}, NOTHING)
    assert "MOPAC-2018-" in refused.value.advice()


def test_a_number_in_other_letters_is_refused_with_what_to_write(two_cases: Services) -> None:
    with pytest.raises(InputError, match="the number is MOPAC-2018-2") as refused:
        amend(two_cases, {"link:part.case": "mopac-2018-2"}, NOTHING)
    assert refused.value.advice() == "Write --set link:part.case=MOPAC-2018-2."


def test_a_case_does_not_name_itself(two_cases: Services) -> None:
    with pytest.raises(InputError, match="names the case itself"):
        amend(two_cases, {"link:part.case": CASE_ID}, NOTHING)


def test_a_link_in_part_2_is_checked_and_never_repeated_nor_shown(two_cases: Services) -> None:
    with pytest.raises(InputError, match="there is no case of this number") as refused:
        amend(two_cases, NOTHING, {"link:part.case": "SECRET-1"})
    assert "SECRET" not in f"{refused.value} {refused.value.advice()}"
    amend(two_cases, NOTHING, {"link:part.case": SECOND})
    for with_part_2 in (False, True):
        assert queries.load_case_view(two_cases, CASE_ID, with_part_2=with_part_2).links == ()


def test_a_new_case_can_name_an_earlier_one(two_cases: Services) -> None:
    receipt = commands.open_case(
        two_cases, "mopac", {"title": "Third", "link:first.case": CASE_ID}, {}, request_by(AUTHOR, "2018-03-09")
    )
    [link] = queries.load_case_view(two_cases, receipt.case, with_part_2=False).links
    assert (link.case, link.stage) == (CASE_ID, "draft")
