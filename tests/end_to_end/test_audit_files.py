"""`assent audit` reads files, folders and standard input, and names what it cannot read."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from tests.end_to_end.conftest import PreparedFolders, RunAssent
from tests.end_to_end.test_audit_and_diary import publish_case
from tests.workflow.papers.readers import release

DAY = ("--as-of", "2025-06-01")
CSV = (
    "case,title,procurement_commenced_on,estimated_value,contract_kind,buyer,procurement_route\n"
    'A1,Lamps,1/5/2023,"£250,000 inc VAT",goods_services,sub_central,quotations\n'
    "A2,Posts,31/02/2019,5,works,central,open\n"
    "A3,Bins,1/5/2023,5000,goods_services,sub_central,quotations\n"
)
EMPTY = "scheme: mopac\nstage: published\npublic: {}\nrecorded: {}\n"


def write(name: str, text: str | bytes) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


def outcomes(result: dict[str, object], case: str) -> dict[str, str]:
    findings = result["findings"]
    assert isinstance(findings, list)
    return {one["control"]: one["outcome"] for one in findings if one["case"] == case}


def test_a_table_is_judged_row_by_row_and_a_wrong_row_is_named(assent: RunAssent) -> None:
    audited = assent("audit", write("all.csv", CSV), *DAY, "--format", "json")
    assert audited.exit_code == 6
    assert [case["case"] for case in audited.json["cases"]] == ["A1", "A3"]
    assert outcomes(audited.json, "A1")["procurement.route_stated"] == "breached"
    assert outcomes(audited.json, "A3")["procurement.route_stated"] == "not_applicable"
    assert audited.json["unread"] == [
        {
            "file": "all.csv", "row": 3, "column": "procurement_commenced_on",
            "reason": "31/02/2019 is not a day: February 2019 has 28 days. Use 01 to 28 for February 2019",
        }
    ]  # fmt: skip


def test_a_row_that_is_not_read_exits_with_2_if_nothing_is_breached(assent: RunAssent) -> None:
    rows = CSV.splitlines(keepends=True)
    assert assent("audit", write("all.csv", "".join([rows[0], *rows[2:]])), *DAY).exit_code == 2
    assert assent("audit", write("all.csv", "".join([rows[0], rows[3]])), *DAY).exit_code == 0


def test_strict_stops_at_the_first_row_that_is_not_read(assent: RunAssent) -> None:
    stopped = assent("audit", write("all.csv", CSV), *DAY, "--strict", "--format", "jsonl")
    assert stopped.exit_code == 2
    assert "all.csv, row 3, procurement_commenced_on could not be read" in stopped.stderr
    assert '"A3"' not in stopped.stdout


def test_a_folder_gives_all_its_files_in_order(assent: RunAssent) -> None:
    write("papers/b/notices.json", json.dumps({"releases": [release(), release(id="0002-1")]}))
    write("papers/a.yaml", f"{EMPTY}---\n{EMPTY}")
    write("papers/c.jsonl", json.dumps(release(id="0003-1")) + "\n")
    write("papers/scan.pdf", "%PDF")
    write("papers/.hidden.csv", "x")
    write("papers/blank.csv", "")
    audited = assent("audit", "papers", *DAY, "--format", "json")
    assert [case["case"] for case in audited.json["cases"]] == [
        "papers/a.yaml 1", "papers/a.yaml 2", "0003-1", "0001-1", "0002-1",
    ]  # fmt: skip
    assert [row["file"] for row in audited.json["unread"]] == ["papers/blank.csv", "papers/scan.pdf"]
    assert "read it first with assent intake" in audited.json["unread"][1]["reason"]


def test_several_files_are_audited_together(assent: RunAssent) -> None:
    audited = assent("audit", write("one.yaml", EMPTY), write("two.csv", CSV), *DAY, "--format", "json")
    assert [case["case"] for case in audited.json["cases"]] == ["one.yaml", "A1", "A3"]


@pytest.mark.parametrize(
    ("text", "words", "cases"),
    [
        (CSV, (), 2),
        (json.dumps([release(), release()]), (), 2),
        (f"{EMPTY}---\n{EMPTY}", (), 2),
        (json.dumps(release()) + "\nnonsense\n" + json.dumps(release()), ("--input", "jsonl"), 2),
    ],
    ids=["csv", "json", "yaml", "lines"],
)
def test_standard_input_is_read(
    assent: RunAssent, monkeypatch: pytest.MonkeyPatch, text: str, words: tuple[str, ...], cases: int
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert len(assent("audit", "-", *words, *DAY, "--format", "json").json["cases"]) == cases


def test_a_paper_without_facts_breaches_nothing(assent: RunAssent) -> None:
    for text in (EMPTY, "public: {}\n", "source: procurement_notice\npublic: {}\n"):
        assert assent("audit", write("empty.yaml", text), *DAY).exit_code == 0


def test_a_paper_without_a_scheme_must_not_need_one(assent: RunAssent) -> None:
    refused = assent("audit", write("one.yaml", "stage: published\npublic: {title: x}\nexempt: {title: SECRET}\n"))
    assert refused.exit_code == 2
    assert "one.yaml:1: stage: is what only a scheme knows: add the key scheme" in refused.stderr
    assert "SECRET" not in refused.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("audit", "all.csv", "MOPAC-2018-1"), "cases and files cannot be audited together"),
        (("audit", "scan.pdf"), "scan.pdf is a document, not the facts of a case: read it first with assent intake"),
        (("audit", "all.csv", "missing.csv"), "missing.csv could not be read: No such file"),
        (("audit", "all.csv", "--mapping", "missing.yaml"), "missing.yaml could not be read"),
        (("audit", "all.csv", "--mapping", "codes.yaml"), "Did you mean buyer_names?"),
        (("audit", "MOPAC-2018-1", "--strict"), "--mapping, --input and --strict are for files"),
        (("audit", "all.csv", "--input", "xml"), "'xml' is not one of"),
    ],
)
def test_wrong_words_exit_with_2_before_anything_is_audited(
    assent: RunAssent, words: tuple[str, ...], message: str
) -> None:
    write("all.csv", CSV)
    write("scan.pdf", b"%PDF-1.4")
    write("codes.yaml", "codes: {buyer_name: {DESNZ: central}}\n")
    refused = assent(*words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert message in refused.stderr


def test_a_mapping_file_can_say_what_further_codes_mean(assent: RunAssent) -> None:
    write("scan.pdf", b"%PDF-1.4")
    write("codes.yaml", "codes: {buyer_names: {DESNZ: central}}\n")
    notice = write("notice.json", json.dumps(release(buyer={"name": "DESNZ"})))
    control = "notice.award_on_contracts_finder"
    assert outcomes(assent("audit", notice, *DAY, "--format", "json").json, "0001-1")[control] == "undetermined"
    mapped = assent("audit", notice, "--mapping", "codes.yaml", *DAY, "--format", "json")
    assert outcomes(mapped.json, "0001-1")[control] == "breached"


def test_a_case_as_it_is_shown_in_json_can_be_audited_elsewhere(assent: RunAssent, prepared: PreparedFolders) -> None:
    prepared.begin("published", publish_case)
    shown = assent("case", "show", "MOPAC-2018-1", "--format", "json")
    audited = assent("audit", write("shown.json", shown.stdout), "--format", "json")
    assert audited.json["unread"] == []
    (case,) = audited.json["cases"]
    assert (case["case"], case["stage"], case["decided_on"]) == ("MOPAC-2018-1", "published", "2018-04-16")
    assert outcomes(audited.json, "MOPAC-2018-1")["decision.in_time"] == "breached"


def test_a_report_of_what_no_figure_is_known_for_can_be_made(assent: RunAssent) -> None:
    paper = write("one.yaml", "scheme: mopac\nstage: published\npublic: {}\nrecorded: {decided_on: 2016-08-22}\n")
    missing = [name for one in assent("audit", paper, "--format", "json").json["findings"] for name in one["missing"]]
    assert any(" on 2016-08-22, first in force on " in name for name in missing)
    assent("audit", paper, "--format", "html", "-o", "a.html")
    assert Path("a.html").exists()


def test_a_figure_that_was_not_in_force_is_missing_on_the_day_of_each_case(assent: RunAssent) -> None:
    for day in ("2016-08-21", "2016-08-22"):
        write(f"papers/{day}.yaml", f"scheme: mopac\nstage: published\npublic: {{}}\nrecorded: {{decided_on: {day}}}\n")
    findings = assent("audit", "papers", "--format", "json").json["findings"]
    missing = {(one["case"], name) for one in findings for name in one["missing"] if ", first in force on " in name}
    days = {(case.removesuffix(".yaml"), name.split(" on ")[1].split(",")[0]) for case, name in missing}
    assert {case.removeprefix("papers/") for case, _ in days} == {"2016-08-21", "2016-08-22"}
    assert all(case.endswith(day) for case, day in days)


def test_a_pipe_in_a_folder_is_not_opened(assent: RunAssent) -> None:
    write("papers/one.yaml", EMPTY)
    os.mkfifo("papers/pipe.json")
    audited = assent("audit", "papers", *DAY, "--format", "json")
    assert audited.json["unread"][0]["reason"] == "papers/pipe.json is not a regular file"


@pytest.mark.parametrize("output_format", ["table", "json", "jsonl", "csv"])
def test_every_format_names_what_was_not_read(assent: RunAssent, output_format: str) -> None:
    audited = assent("audit", write("all.csv", CSV), *DAY, "--format", output_format)
    assert "31/02/2019 is not a day" in audited.stdout + audited.stderr


def test_a_figure_of_a_day_that_nobody_stated_asks_for_the_day(assent: RunAssent) -> None:
    value = "public: {contract_kind: goods_services, estimated_value: £300000 ex VAT}"
    paper = write("one.yaml", f"scheme: mopac\nstage: published\n{value}\nrecorded: {{decided_on: 2018-08-22}}\n")
    missing = [name for one in assent("audit", paper, "--format", "json").json["findings"] for name in one["missing"]]
    assert "procurement_commenced_on" in missing
    assert not [name for name in missing if "1900" in name]
