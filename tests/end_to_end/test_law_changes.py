"""`law changes`: what today's packs changed since those kept in the store; `law impact` after an upgrade."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest
from lxml import etree

from rules.proving.dmn import MODEL, TESTS
from tests.end_to_end.conftest import PreparedFolders, RunAssent
from tests.end_to_end.test_impact import CASE, changed_packs, submit_case
from tests.house.releases import add_release

__all__ = ["changed_packs"]

INSTALLED = version("assent")


@pytest.fixture
def submitted(assent: RunAssent, prepared: PreparedFolders) -> RunAssent:
    """The command line with the case submitted to the first board."""
    prepared.begin("submitted", submit_case)
    return assent


def find_kept_digest(run: RunAssent) -> str:
    [kept] = run("law", "changes", "--format", "json").json["packs"]
    assert kept == {"packs": kept["packs"], "scheme": "mopac", "release": INSTALLED, "changed": []}
    return str(kept["packs"])


def test_nothing_changed_under_the_packs_that_judged(submitted: RunAssent) -> None:
    digest = find_kept_digest(submitted)
    result = submitted("law", "changes", "--since", digest, "--format", "json").json
    assert result == {"scheme": "mopac", "release": "", "since": digest, "today": digest, "aspects": [], "changes": []}


def test_a_changed_figure_is_named_with_what_it_was(submitted: RunAssent, changed_packs: Path) -> None:
    digest = find_kept_digest(submitted)
    result = submitted("--packs", changed_packs, "law", "changes", "--since", digest[:8], "--format", "json").json
    [change] = result["changes"]
    assert (change["id"], change["change"], result["aspects"]) == ("procurement.threshold", "changed", ["law"])
    [detail] = change["details"]
    assert "£9,000,000" in detail
    assert "was at least £181,302" in detail
    table = submitted("--packs", changed_packs, "law", "changes", "--since", digest[:8]).stdout
    assert "1 value or control changed in mopac since" in table
    assert "differ in law" in table


def test_the_impact_of_an_upgrade_needs_no_option(submitted: RunAssent, changed_packs: Path) -> None:
    assert submitted("law", "impact").stdout.endswith("0 findings would change.\n")
    result = submitted("--packs", changed_packs, "law", "impact", "--format", "json").json
    assert {(found["case"], found["control"]) for found in result["findings"]} == {
        (CASE, "procurement.route_stated"),
        (CASE, "not_held.public_contracts_2015_performance"),
    }


@pytest.mark.parametrize("typed", ["ffffff", "", "abc"])
def test_packs_that_the_store_does_not_keep_are_refused(submitted: RunAssent, typed: str) -> None:
    result = submitted("law", "changes", "--since", typed)
    assert result.exit_code == 2
    assert "is not the digest of packs that this store keeps" in result.stderr
    assert "All are listed by: assent law changes" in result.stderr


@pytest.mark.parametrize("typed", [INSTALLED, f"v{INSTALLED}"])
def test_packs_are_compared_with_those_of_the_release_that_is_installed(
    submitted: RunAssent, changed_packs: Path, typed: str
) -> None:
    """The store keeps packs of one scheme, so that one is meant. The folder changes one figure of the release."""
    nothing = f"0 values and controls changed in mopac since release {INSTALLED}.\n"
    assert submitted("law", "changes", "--since", typed).stdout == nothing
    result = submitted("--packs", changed_packs, "law", "changes", "--since", typed, "--format", "json").json
    assert (result["scheme"], result["release"]) == ("mopac", INSTALLED)
    assert [change["id"] for change in result["changes"]] == ["procurement.threshold"]
    other = submitted("law", "changes", "--since", typed, "--scheme", "lfc", "--format", "json").json
    assert (other["scheme"], other["changes"]) == ("lfc", [])


@pytest.fixture
def record_release(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put another record of releases in the place of the one that is shipped."""

    def put(text: str) -> None:
        monkeypatch.setattr("rules.reading.pack_folder.read_beside_packs", lambda *_: text.encode())

    return put


def record(number: str, **digests: str) -> str:
    """Return a record with one release."""
    return add_release("releases: {}\n", number, date(2026, 6, 1), digests)


def test_an_earlier_release_is_compared_by_the_packs_that_the_store_keeps(
    submitted: RunAssent, changed_packs: Path, record_release: Callable[[str], None]
) -> None:
    digest = find_kept_digest(submitted)
    record_release(record("0.0.7", mopac=digest, lfc="0" * 64))
    [kept] = submitted("law", "changes", "--format", "json").json["packs"]
    assert kept["release"] == "0.0.7"
    result = submitted("--packs", changed_packs, "law", "changes", "--since", "0.0.7", "--format", "json").json
    assert (result["release"], result["since"]) == ("0.0.7", digest)
    assert [change["id"] for change in result["changes"]] == ["procurement.threshold"]
    assert "changed in mopac since release 0.0.7" in submitted("law", "changes", "--since", "0.0.7").stdout
    lost = submitted("law", "changes", "--since", "0.0.7", "--scheme", "lfc")
    assert lost.exit_code == 2
    assert "this store does not keep the packs of release 0.0.7 for lfc" in lost.stderr
    unknown = submitted("law", "changes", "--since", "0.0.7", "--scheme", "mopca")
    assert unknown.exit_code == 2
    assert "Did you mean mopac?" in unknown.stderr


def test_a_release_that_nobody_recorded_is_refused_with_those_known(submitted: RunAssent) -> None:
    result = submitted("law", "changes", "--since", "9.9.9")
    assert result.exit_code == 2
    assert "9.9.9 is not a release that is recorded here" in result.stderr
    assert f"Known: {INSTALLED}." in result.stderr


def test_a_release_of_several_schemes_asks_which_is_meant(assent: RunAssent) -> None:
    assert assent("init").exit_code == 0
    result = assent("law", "changes", "--since", INSTALLED)
    assert result.exit_code == 2
    assert "Add --scheme with one of: board, council, gla, lfc, mopac." in result.stderr


def test_packs_named_by_their_digest_have_one_scheme(submitted: RunAssent) -> None:
    digest = find_kept_digest(submitted)
    assert submitted("law", "changes", "--since", digest, "--scheme", "mopac").exit_code == 0
    result = submitted("law", "changes", "--since", digest, "--scheme", "lfc")
    assert result.exit_code == 2
    assert "are of mopac, not of" in result.stderr


def test_the_register_of_the_law_has_the_same_rows_in_both_formats(assent: RunAssent) -> None:
    rows = assent("law", "export", "--pack", "vat").json["register"]
    table = list(csv.DictReader(io.StringIO(assent("law", "export", "--pack", "vat", "--format", "csv").stdout)))
    assert [row["figure"] for row in rows] == [row["Figure"] for row in table]
    assert {row["Pence"] for row in table} == {""}
    refused = assent("law", "export", "--pack", "vatt")
    assert refused.exit_code == 2
    assert "Did you mean vat?" in refused.stderr


@pytest.mark.parametrize(
    ("output_format", "root", "item"), [("dmn", MODEL, "decision"), ("dmn-tests", TESTS, "testCase")]
)
def test_the_law_is_exported_as_decision_tables(assent: RunAssent, output_format: str, root: str, item: str) -> None:
    result = assent("law", "export", "--pack", "vat", "--format", output_format)
    assert result.exit_code == 0
    found = etree.fromstring(result.stdout.encode()).findall(f"{{{root}}}{item}")
    assert found
    assert all("vat_rate" in str(each.get("name") or each.get("id")) for each in found)
