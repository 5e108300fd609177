"""A case whose scheme is not known here is shown and audited by the packs that are kept, and keeps no other from it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from rules.errors import InputError
from tests.workflow.walk import AUTHOR, CASE_ID, new_services, paper_bytes, request_by, services_at, two_authorities
from workflow.services import commands as at_desk
from workflow.services import queries
from workflow.services.audit import audit_cases
from workflow.services.commands import Services
from workflow.services.diary import find_due_dates, find_unknown_schemes

OTHER = "MOPAC-2018-2"
LAST = date(2099, 1, 1)


@pytest.fixture
def desk(path: Path) -> Services:
    """A store with a case of each of two authorities, where only one of them is known."""
    both = new_services(path, two_authorities())
    for scheme in ("mopac", "elsewhere"):
        at_desk.add_officer(both, f"Author of {scheme}", scheme, ["author"], request_by("", "2018-03-01"))
        at_desk.open_case_from_paper(
            both, scheme, paper_bytes(), "p.yaml", request_by(f"Author of {scheme}", "2018-03-07")
        )
    return services_at(path)


def gone(path: Path) -> None:
    """The packs of the other authority are lost as well."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM pack WHERE digest IN (SELECT digest FROM pack WHERE file LIKE '%elsewhere%')")


def test_it_is_audited_by_the_packs_that_are_kept_with_a_warning(path: Path, desk: Services) -> None:
    whole = audit_cases(services_at(path, two_authorities()), [])
    found = audit_cases(desk, [])
    assert [case.scheme for case in found.cases] == ["mopac", "elsewhere"]
    assert [case.findings for case in found.cases] == [case.findings for case in whole.cases]
    awaited = "it stands at Draft: what its next acts must meet is not judged yet (case explain tells it)"
    assert found.cases[0].warnings == (awaited,)
    warning, *others = found.cases[1].warnings
    assert others == [awaited]
    assert warning.startswith(
        "its scheme elsewhere is not known here (give its folder with --packs): it is read by the"
    )
    assert warning.endswith(" of 2018-03-07")


def test_its_days_are_in_the_diary_and_it_is_named(path: Path, desk: Services) -> None:
    assert find_due_dates(desk, LAST) == find_due_dates(services_at(path, two_authorities()), LAST)
    assert {one.case for one in find_due_dates(desk, LAST)} == {CASE_ID, OTHER}
    assert [(case, told.partition(" is not known")[0]) for case, told in find_unknown_schemes(desk)] == [
        (OTHER, "its scheme elsewhere")
    ]
    assert find_unknown_schemes(services_at(path, two_authorities())) == ()


def test_without_its_packs_it_is_named_and_the_others_are_looked_at(path: Path, desk: Services) -> None:
    gone(path)
    assert {one.case for one in find_due_dates(desk, LAST)} == {CASE_ID}
    assert [told.partition(", and its packs")[2][-13:] for _, told in find_unknown_schemes(desk)] == [" are not kept"]
    mine, other = audit_cases(desk, []).cases
    assert mine.findings
    assert (other.case, other.findings, len(other.warnings)) == (OTHER, (), 1)
    assert queries.load_scheme_for_case(desk, OTHER)[0] is None


def test_nothing_is_done_with_it_and_no_other_scheme_takes_its_place(desk: Services) -> None:
    for ask in (
        lambda: queries.list_next_actions(desk, OTHER),
        lambda: queries.build_hypothetical_act(desk, OTHER, "submit", {}),
    ):
        with pytest.raises(InputError, match="'elsewhere' is not a scheme that is known here") as refused:
            ask()
        assert "--packs" in refused.value.advice()
    with pytest.raises(InputError, match="'elsewhere' is not a scheme that is known here"):
        at_desk.perform_action(desk, OTHER, "submit", {}, request_by(AUTHOR, "2018-03-07"))
