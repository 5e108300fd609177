"""A lawyer's sign-off beside a row outranks `read` wherever the law is shown, and changes nothing that is judged."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from rules.packs.library import SHIPPED_FOLDER
from tests.end_to_end.conftest import PreparedFolders, RunAssent, make_case_sound

CASE = "MOPAC-2018-1"
PACK = "law/public-contracts-2015.yaml"
CONTROL = "procurement.route_stated"
SIGNED = '{by: "A. Lawyer", on: 2026-12-01, note: "Checked against the text of 2018."}'
SIGNED_JSON = {"by": "A. Lawyer", "on": "2026-12-01", "note": "Checked against the text of 2018."}


@pytest.fixture
def signed_packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a lawyer signed off one control of a shipped pack."""
    head, _, rest = (SHIPPED_FOLDER / PACK).read_text(encoding="utf-8").partition(f"\n  {CONTROL}:\n")
    before, cited, after = rest.partition("\n    citation:\n")
    assert cited
    folder = tmp_path_factory.mktemp("signed")
    file = folder / PACK
    file.parent.mkdir(parents=True)
    file.write_text(f"{head}\n  {CONTROL}:\n{before}{cited}      signed_off: {SIGNED}\n{after}", encoding="utf-8")
    return folder


@pytest.fixture
def signed(assent: RunAssent, signed_packs: Path) -> RunAssent:
    """The command line with that folder."""
    return lambda *args, **options: assent("--packs", signed_packs, *args, **options)


def test_each_look_at_the_law_shows_the_sign_off_above_the_basis(signed: RunAssent) -> None:
    listed = signed("law", "list", "--format", "json").json["entries"]
    assert {row["id"] for row in listed if row["basis"] == ["signed_off"]} == {CONTROL}
    [shown] = signed("law", "show", CONTROL, "--format", "json").json["entries"]
    assert shown["citation"]["signed_off"] == SIGNED_JSON
    assert "signed_off" in signed("law", "show", CONTROL).stdout
    explained = signed("law", "explain", CONTROL).stdout
    assert "A. Lawyer" in explained
    assert "2026-12-01" in explained
    assert "Checked against the text of 2018." in explained


def test_a_row_of_a_value_is_explained_with_its_sign_off(
    assent: RunAssent, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("signed")
    head, first, rest = (SHIPPED_FOLDER / "law/vat.yaml").read_text(encoding="utf-8").partition("        citation:\n")
    (folder / "law").mkdir()
    (folder / "law/vat.yaml").write_text(f"{head}{first}          signed_off: {SIGNED}\n{rest}", encoding="utf-8")
    explained = assent("--packs", folder, "law", "explain", "vat.rate")
    assert explained.exit_code == 0
    assert explained.stdout.count("Signed off") == 1
    assert "by A. Lawyer on 2026-12-01. Checked against the text of 2018." in explained.stdout
    shown = assent("--packs", folder, "law", "show", "vat.rate", "--format", "json").json["entries"][0]["rows"]
    assert [row["citation"]["signed_off"] is not None for row in shown] == [True, *[False] * (len(shown) - 1)]


def test_the_exported_register_has_it_in_both_formats(signed: RunAssent) -> None:
    pack = ("--pack", "public-contracts-2015")
    rows = signed("law", "export", *pack).json["register"]
    table = list(csv.DictReader(io.StringIO(signed("law", "export", *pack, "--format", "csv").stdout)))
    assert [row["id"] for row in rows if row["basis"] == "signed_off"] == [CONTROL]
    assert [row["Id"] for row in table if row["Basis"] == "signed_off"] == [CONTROL]
    [cited] = [row for row in rows if row["id"] == CONTROL]
    assert (cited["signed_by"], cited["signed_on"]) == ("A. Lawyer", "2026-12-01")


def test_a_finding_names_it_and_comes_out_as_before(
    assent: RunAssent, signed: RunAssent, prepared: PreparedFolders
) -> None:
    prepared.begin("sound", make_case_sound)
    explain = ("case", "explain", CASE, "submit", "--on", "2018-03-07", "--format", "json")
    plain = {each["control"]: each for each in assent(*explain).json["findings"]}
    found = {each["control"]: each for each in signed(*explain).json["findings"]}
    assert {name: each["outcome"] for name, each in found.items()} == {
        name: each["outcome"] for name, each in plain.items()
    }
    assert [name for name, each in found.items() if "signed_off" in each["citation"]] == [CONTROL]
    assert found[CONTROL]["citation"]["basis"] == plain[CONTROL]["citation"]["basis"]
    submitted = ("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07")
    assert assent(*submitted).exit_code == 0
    assert signed("law", "impact").stdout.endswith("0 findings would change.\n")


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ('{by: "A. Lawyer"}', "signed_off.on"),
        ("{on: 2026-12-01}", "signed_off.by"),
        ('{by: "A. Lawyer", on: "1 December"}', "signed_off.on"),
        ('{by: "A. Lawyer", on: 2026-12-01, bar: 5}', "signed_off.bar"),
    ],
)
def test_a_sign_off_without_who_and_when_is_refused_with_its_place(
    assent: RunAssent, signed_packs: Path, written: str, wrong: str
) -> None:
    file = signed_packs / PACK
    file.write_text(file.read_text(encoding="utf-8").replace(SIGNED, written), encoding="utf-8")
    result = assent("--packs", signed_packs, "law", "show", CONTROL)
    assert result.exit_code == 2
    assert wrong in result.stderr
    assert PACK in result.stderr
