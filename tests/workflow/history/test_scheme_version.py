"""Cases are read by today's scheme, or by kept packs if their scheme is unknown; changes of law and flow are named."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from rules.errors import InputError
from rules.packs.bundle import Bundle
from rules.packs.digests import Aspect
from rules.packs.library import Library
from tests.workflow.walk import (
    AUTHOR,
    CASE_ID,
    new_services,
    paper_bytes,
    request_by,
    services_at,
    shipped_library,
    two_authorities,
    walk_to_stage,
)
from workflow.history.scheme_version import changes_rules, find_changed_aspects, join_aspects
from workflow.services import act_queries, commands, officer_commands, queries
from workflow.services.commands import Request, Services
from workflow.services.diary import find_due_dates, read_diary
from workflow.services.ledger_audit import audit_cases

OTHER = "MOPAC-2018-2"
LAST = date(2099, 1, 1)


@pytest.fixture
def services(path: Path) -> Services:
    """A store with a case of each of two authorities; the scheme of one is not in the library."""
    both = new_services(path, two_authorities())
    for scheme in ("mopac", "elsewhere"):
        officer_commands.add_officer(
            both,
            f"Author of {scheme}",
            officer_commands.RoleAppointment(scheme, ("author",)),
            request_by("", "2018-03-01"),
        )
    for scheme in ("mopac", "elsewhere"):
        commands.open_case_from_paper(
            both, scheme, paper_bytes(), "p.yaml", request_by(f"Author of {scheme}", "2018-03-07")
        )
    return services_at(path)


def delete_other_packs(path: Path) -> None:
    """Delete the kept packs of the unknown scheme."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM pack WHERE digest IN (SELECT digest FROM pack WHERE file LIKE '%elsewhere%')")


def test_a_case_of_an_unknown_scheme_is_audited_by_kept_packs_with_a_warning(path: Path, services: Services) -> None:
    with_both = list(audit_cases(services_at(path, two_authorities()), []).cases)
    cases = list(audit_cases(services, []).cases)
    assert [case.scheme for case in cases] == ["mopac", "elsewhere"]
    assert [case.findings for case in cases] == [case.findings for case in with_both]
    next_acts = "it is at Draft: what its next acts must meet is not judged yet (see: assent case explain)"
    founding = "nobody is recorded as having appointed Author of {}"
    late = "open of 2018-03-07 was recorded 299 days later"
    assert cases[0].warnings == (founding.format("mopac"), late, next_acts)
    appointed, _, warning, *others = cases[1].warnings
    assert [appointed, *others] == [founding.format("elsewhere"), next_acts]
    assert warning.startswith(
        "its scheme elsewhere is not known here (give its folder with --packs): it is read by the"
    )
    assert warning.endswith(" of 2018-03-07")


def test_a_case_of_an_unknown_scheme_has_its_days_in_the_diary_and_is_named(path: Path, services: Services) -> None:
    assert find_due_dates(services, LAST) == find_due_dates(services_at(path, two_authorities()), LAST)
    assert {one.case for one in find_due_dates(services, LAST)} == {CASE_ID, OTHER}
    assert [
        (case, warning.partition(" is not known")[0]) for case, warning in read_diary(services).unknown_schemes
    ] == [(OTHER, "its scheme elsewhere")]
    assert read_diary(services_at(path, two_authorities())).unknown_schemes == ()


def test_a_case_without_scheme_and_packs_is_named_and_does_not_hide_others(path: Path, services: Services) -> None:
    delete_other_packs(path)
    assert {one.case for one in find_due_dates(services, LAST)} == {CASE_ID}
    assert [warning.partition(", and its packs")[2][-13:] for _, warning in read_diary(services).unknown_schemes] == [
        " are not kept"
    ]
    mine, other = audit_cases(services, []).cases
    assert mine.findings
    assert (other.case, other.findings) == (OTHER, ())
    assert [warning for warning in other.warnings if "are not kept" in warning]
    assert queries.load_scheme_to_read(services, OTHER)[0] is None


def test_no_other_scheme_takes_the_place_of_an_unknown_one(services: Services) -> None:
    for query in (
        lambda: act_queries.list_next_actions(services, OTHER),
        lambda: act_queries.build_hypothetical_act(services, OTHER, "submit", {}, Request("")),
    ):
        with pytest.raises(InputError, match="'elsewhere' is not a scheme that is known here") as refused:
            query()
        assert "--packs" in refused.value.advice()
    with pytest.raises(InputError, match="'elsewhere' is not a scheme that is known here"):
        commands.perform_action(services, OTHER, commands.TypedAct("submit"), request_by(AUTHOR, "2018-03-07"))


class TestChangedPacks:
    RULES = "schemes/mopac/rules.yaml"

    def library_with(self, file: str, old: str, new: str) -> Library:
        """The shipped packs with one thing changed."""
        files = dict(shipped_library().files)
        assert old in files[file].decode()
        return Library({**files, file: files[file].decode().replace(old, new, 1).encode()})

    @pytest.fixture
    def opened(self, path: Path) -> Services:
        services = new_services(path)
        walk_to_stage(services, "draft")
        return services

    def test_packs_of_the_same_law_and_flow_are_not_warned_of(self, path: Path, opened: Services) -> None:
        reworded = self.library_with(self.RULES, "wrong: The decision form", "wrong: Some section")
        digest = opened.library.bundle("mopac").digest
        assert find_changed_aspects(digest, reworded, opened.store) == (Aspect.LAYOUT,)
        assert queries.describe_case_pack_change(services_at(path, reworded), CASE_ID) == ""

    def test_what_changed_is_named(self, path: Path, opened: Services) -> None:
        changed = self.library_with(self.RULES, "gates: [submit, decide]", "gates: [submit]")
        warning = queries.describe_case_pack_change(services_at(path, changed), CASE_ID)
        assert warning == (
            f"the law changed after its last act, on 2018-03-07 (packs {opened.library.bundle('mopac').digest[:12]}): "
            "what comes next is judged by the packs of today"
        )

    def test_packs_that_are_not_kept_cannot_be_compared(self, path: Path, opened: Services) -> None:
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("DELETE FROM pack")
        changed = self.library_with(self.RULES, "gates: [submit, decide]", "gates: [submit]")
        assert find_changed_aspects(opened.library.bundle("mopac").digest, changed, opened.store) is None
        assert "are not kept" in queries.describe_case_pack_change(services_at(path, changed), CASE_ID)

    def test_packs_that_cannot_be_read_cannot_be_compared(self, opened: Services) -> None:
        for name in ("schemes/mopac/scheme.yaml", self.RULES):
            files = {**opened.library.bundle("mopac").files, name: b"language: 99\nscheme: mopac\npack: x\n"}
            bundle = Bundle(files)
            with opened.store.write_transaction() as transaction:
                transaction.save_bundle(bundle)
            assert find_changed_aspects(bundle.digest, opened.library, opened.store) is None


@pytest.mark.parametrize(
    ("aspects", "text", "changes"),
    [
        ([Aspect.LAW], "law", True),
        ([Aspect.FLOW, Aspect.LAYOUT], "flow and layout", True),
        (list(Aspect), "law, flow and layout", True),
        ([Aspect.LAYOUT], "layout", False),
    ],
)
def test_aspects_are_joined_and_weighed(aspects: list[Aspect], text: str, changes: bool) -> None:
    assert join_aspects(aspects) == text
    assert changes_rules(aspects) is changes


def test_packs_that_do_not_differ_change_no_rules() -> None:
    assert not changes_rules([])
