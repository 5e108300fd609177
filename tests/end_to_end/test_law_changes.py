"""`law changes`: what today's packs changed since those kept in the store; `law impact` after an upgrade."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from lxml import etree

from rules.proving.dmn import MODEL, TESTS
from tests.end_to_end.conftest import PreparedFolders, RunAssent
from tests.end_to_end.test_impact import CASE, changed_packs, submit_case

__all__ = ["changed_packs"]


@pytest.fixture
def submitted(assent: RunAssent, prepared: PreparedFolders) -> RunAssent:
    """The command line with the case submitted to the first board."""
    prepared.begin("submitted", submit_case)
    return assent


def find_kept_digest(run: RunAssent) -> str:
    [kept] = run("law", "changes", "--format", "json").json["packs"]
    assert kept == {"packs": kept["packs"], "scheme": "mopac", "changed": []}
    return str(kept["packs"])


def test_nothing_changed_under_the_packs_that_judged(submitted: RunAssent) -> None:
    digest = find_kept_digest(submitted)
    result = submitted("law", "changes", "--since", digest, "--format", "json").json
    assert result == {"scheme": "mopac", "since": digest, "today": digest, "aspects": [], "changes": []}


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
