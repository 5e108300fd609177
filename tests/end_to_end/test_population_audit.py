"""`assent population audit`, from files to totals and findings."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from console import population_backends
from rules.errors import InputError

CASES = """case,Title,estimated_value,dmpc.on,dmpc.outcome,publication.on,odd
A1,Cameras,"£575,000",2018-04-16,approved,2018-04-17,1
A2,Lease,"£12.50 ex VAT",31/02/2019,approved,,2
A3,Guarding,"£1,000,000 ex VAT",16/04/2019,approved,20/08/2018,2
"""


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli.assent, ["population", "audit", *words], standalone_mode=False)
    if isinstance(result.exception, Exception):
        raise result.exception
    return result.return_value, result.stdout, result.stderr


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    file = tmp_path / "decisions.csv"
    file.write_text(CASES, encoding="utf-8")
    return file


def totals(printed: str) -> dict[str, dict[str, int]]:
    return {total["control"]: total for total in json.loads(printed)["controls"]}


def test_a_register_is_audited_and_unreadable_rows_are_named(decisions: Path, tmp_path: Path) -> None:
    out = tmp_path / "findings.csv"
    words = ("--scheme", "mopac", "--act-on", "dmpc.on", "--format", "json", "--out", str(out))
    code, printed, messages = run(str(decisions), *words)
    assert code == 6
    (unread,) = json.loads(printed)["unread"]
    assert (unread["row"], unread["case"], unread["column"]) == (3, "A2", "dmpc.on")  # the header is row 1
    assert "31/02/2019" in unread["reason"]
    assert totals(printed)["past_order.publication"]["breached"] == 1
    assert "odd" in messages
    with out.open(encoding="utf-8") as file:
        breached = [row for row in csv.DictReader(file) if row["outcome"] == "breached"]
    assert [(row["case"], row["control"]) for row in breached] == [("A3", "past_order.publication")]


def test_columns_may_be_called_as_those_of_our_own_stages_are(tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text("CASE_ID,dmpc.on,value_0,Raw_0\nA,2018-04-16,x,y\n")
    _, printed, messages = run(str(file), "--scheme", "mopac", "--act-on", "dmpc.on", "--format", "json")
    assert json.loads(printed)["unread_rows"] == 0
    assert "value_0" in messages


@pytest.mark.parametrize("amount", ["9999999999.99", "10000000000.01", "999999999999999.99", "-0.01", "0.29"])
def test_an_amount_of_a_decimal_column_is_read_to_the_penny(tmp_path: Path, amount: str) -> None:
    import duckdb

    from console.population_files import PopulationReader
    from rules.packs.library import Library

    file = tmp_path / "case.parquet"
    duckdb.sql(f"SELECT 'A' \"case\", {amount}::DECIMAL(18, 2) estimated_value").write_parquet(str(file))
    facts = Library.load([]).scheme("mopac").rulebook.facts
    with population_backends.open_reader(str(tmp_path)) as engine:
        read = PopulationReader(engine, facts).read(file)
        found = [row["estimated_value"] for row in engine.pull(read.tables["case"])]
    assert found == ([] if amount.startswith("-") else [int(amount.replace(".", ""))])


def test_a_fact_without_a_column_is_not_called_left_out(decisions: Path) -> None:
    words = (str(decisions), "--scheme", "mopac", "--act-on", "dmpc.on", "--format", "json")
    assert totals(run(*words)[1])["interests.stated"]["breached"] == 0
    assert totals(run(*words, "--source", "own_record")[1])["interests.stated"]["breached"] == 2


def test_a_folder_has_a_file_for_each_kind_of_thing(tmp_path: Path) -> None:
    lines = [f'{{"case": "{case}", "act.on": "2018-04-16"}}' for case in "AB"]
    (tmp_path / "case.jsonl").write_text("\n".join(lines))
    (tmp_path / "exemption.csv").write_text("case,key,section\nA,one,s43\nC,two,s40\nB,three,s43\nB,three,s43\n")
    code, printed, _ = run(str(tmp_path), "--scheme", "mopac", "--format", "json")
    assert code in (2, 6)
    problems = [(problem["case"], problem["column"], problem["reason"]) for problem in json.loads(printed)["unread"]]
    assert problems == [("C", "case", "is the number of no case"), ("B", "key", "stands twice")]


@pytest.mark.parametrize("listed", ["{No.: case, Signed: dmpc.on}", "columns: {No.: case, Signed: dmpc.on}"])
def test_a_file_of_columns_names_the_column_of_the_case_too(tmp_path: Path, listed: str) -> None:
    register, columns = tmp_path / "register.csv", tmp_path / "columns.yaml"
    register.write_text("No.,Signed\nA,2018-04-16\nA,2018-04-17\n")
    columns.write_text(listed)
    words = ("--scheme", "mopac", "--act-on", "dmpc.on", "--columns", str(columns))
    code, printed, messages = run(str(register), *words)
    assert (code, "found" in printed) == (2, False)
    assert "register.csv, row 3, case: stands twice" in messages


def test_a_fact_of_a_column_that_nobody_knows_is_refused(decisions: Path, tmp_path: Path) -> None:
    columns = tmp_path / "columns.yaml"
    columns.write_text("columns: {Signed: dmpc.onn}")
    with pytest.raises(InputError, match=r"columns\.yaml: Signed: dmpc\.onn is not a fact of mopac"):
        run(str(decisions), "--scheme", "mopac", "--columns", str(columns))


def test_the_day_of_the_act_is_asked_for(decisions: Path) -> None:
    with pytest.raises(Exception, match="no column is the day of the act"):
        run(str(decisions), "--scheme", "mopac")


def test_a_missing_library_is_named_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch, decisions: Path) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ModuleNotFoundError(name="duckdb")

    monkeypatch.setattr("ibis.duckdb.connect", missing)
    with pytest.raises(Exception, match="duckdb") as raised:
        run(str(decisions), "--scheme", "mopac")
    assert "assent[populations]" in raised.value.advice()  # type: ignore[attr-defined]
    assert population_backends.BACKENDS == ("duckdb", "postgres", "spark")
