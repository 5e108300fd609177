"""A case whose scheme is not known here is shown and audited by the packs that are kept, and keeps no other from it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from rules.errors import InputError
from tests.workflow.walk import AUTHOR, CASE, by, desk_at, new_desk, paper, two_authorities
from workflow.services import commands as at_desk
from workflow.services import queries
from workflow.services.audit import audit
from workflow.services.commands import Desk
from workflow.services.diary import due, unknown

OTHER = "MOPAC-2018-2"
LAST = date(2099, 1, 1)


@pytest.fixture
def desk(path: Path) -> Desk:
    """A store with a case of each of two authorities, where only one of them is known."""
    both = new_desk(path, two_authorities())
    for scheme in ("mopac", "elsewhere"):
        at_desk.add_officer(both, f"Author of {scheme}", scheme, ["author"], by("", "2018-03-01"))
        at_desk.open_paper(both, scheme, paper(), "p.yaml", by(f"Author of {scheme}", "2018-03-07"))
    return desk_at(path)


def gone(path: Path) -> None:
    """The packs of the other authority are lost as well."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM pack WHERE digest IN (SELECT digest FROM pack WHERE file LIKE '%elsewhere%')")


def test_it_is_audited_by_the_packs_that_are_kept_with_a_warning(path: Path, desk: Desk) -> None:
    whole = audit(desk_at(path, two_authorities()), [])
    found = audit(desk, [])
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


def test_its_days_are_in_the_diary_and_it_is_named(path: Path, desk: Desk) -> None:
    assert due(desk, LAST) == due(desk_at(path, two_authorities()), LAST)
    assert {one.case for one in due(desk, LAST)} == {CASE, OTHER}
    assert [(case, told.partition(" is not known")[0]) for case, told in unknown(desk)] == [
        (OTHER, "its scheme elsewhere")
    ]
    assert unknown(desk_at(path, two_authorities())) == ()


def test_without_its_packs_it_is_named_and_the_others_are_looked_at(path: Path, desk: Desk) -> None:
    gone(path)
    assert {one.case for one in due(desk, LAST)} == {CASE}
    assert [told.partition(", and its packs")[2][-13:] for _, told in unknown(desk)] == [" are not kept"]
    mine, other = audit(desk, []).cases
    assert mine.findings
    assert (other.case, other.findings, len(other.warnings)) == (OTHER, (), 1)
    assert queries.read_by(desk, OTHER)[0] is None


def test_nothing_is_done_with_it_and_no_other_scheme_takes_its_place(desk: Desk) -> None:
    for ask in (lambda: queries.steps(desk, OTHER), lambda: queries.suppose(desk, OTHER, "submit", {})):
        with pytest.raises(InputError, match="'elsewhere' is not a scheme that is known here") as refused:
            ask()
        assert "--packs" in refused.value.advice()
    with pytest.raises(InputError, match="'elsewhere' is not a scheme that is known here"):
        at_desk.act(desk, OTHER, "submit", {}, by(AUTHOR, "2018-03-07"))
