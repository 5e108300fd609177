"""`assent intake`: published decisions become papers that are audited and opened, and what is wrong is named."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from tests.decisions.intake import eras
from tests.end_to_end.conftest import RunAssent, run_or_fail
from tests.end_to_end.pseudo_terminal import PseudoTerminal

PAGE = Path("radios.html")
ADDRESS = "https://www.example.org/decisions/radios"


@pytest.fixture
def folder(assent: RunAssent, tmp_path: Path) -> RunAssent:
    (tmp_path / PAGE).write_bytes(eras.PAGE_2016)
    return assent


@pytest.fixture
def office(folder: RunAssent) -> RunAssent:
    run_or_fail("init")
    run_or_fail("officer", "add", "Ann Author", "--role", "author", "--scheme", "mopac", "--on", "2017-03-01")
    return folder


def test_a_table_shows_each_fact_with_its_place_and_its_state(folder: RunAssent) -> None:
    shown = folder("intake", PAGE)
    assert shown.exit_code == 0
    assert "radios.html: Decision page from 2016 to autumn 2021 (mopac, page_2016)" in shown.stdout
    assert "“Date signed: 03 March 2017”" in shown.stdout
    assert "it may not be the whole value" in shown.stdout
    assert shown.stdout.rstrip().endswith("to check.")
    assert not list(Path().glob("*.yaml"))


def test_json_has_every_fact_with_its_place_words_and_state(folder: RunAssent) -> None:
    [decision] = folder("intake", PAGE, "--address", ADDRESS, "--format", "json").json["decisions"]
    facts = {fact["fact"]: fact for fact in decision["facts"]}
    assert facts["dmpc.on"] == {
        "fact": "dmpc.on", "value": "2017-03-03", "part": "recorded", "page": None, "line": facts["dmpc.on"]["line"],
        "words": "Date signed: 03 March 2017", "certainty": "certain", "check": "",
    }  # fmt: skip
    assert facts["estimated_value"]["certainty"] == "check"
    assert decision["amounts"][0] == {
        "amount": "£310,000 as stated", "page": None, "line": facts["estimated_value"]["line"],
        "words": "£310,000", "of": "in the sum of",
    }  # fmt: skip
    assert (decision["form"], decision["source"], len(decision["sha256"])) == ("page_2016", "web_page", 64)


def test_a_written_paper_is_private_and_can_be_audited(folder: RunAssent) -> None:
    written = folder("intake", PAGE, "--address", ADDRESS, "--out", "radios.yaml")
    assert written.exit_code == 0
    assert stat.S_IMODE(Path("radios.yaml").stat().st_mode) == 0o600
    text = Path("radios.yaml").read_text(encoding="utf-8")
    assert f'address: "{ADDRESS}"' in text
    assert "#estimated_value:" in text
    audited = folder("audit", "radios.yaml", "--format", "json")
    assert audited.exit_code in (0, 6)
    assert audited.json["findings"]


def test_a_paper_that_is_there_is_kept_unless_it_may_be_replaced(folder: RunAssent) -> None:
    Path("radios.yaml").write_text("mine", encoding="utf-8")
    refused = folder("intake", PAGE, "--out", "radios.yaml")
    assert refused.exit_code == 2
    assert "radios.yaml is there already" in refused.stderr
    assert Path("radios.yaml").read_text(encoding="utf-8") == "mine"
    assert folder("intake", PAGE, "--out", "radios.yaml", "--force").exit_code == 0


def test_a_decision_is_opened_with_what_is_certain(office: RunAssent) -> None:
    opened = office("intake", PAGE, "--accept", "--open", "--as", "ann-author", "--format", "json")
    assert opened.exit_code == 0, opened.stderr
    [decision] = opened.json["decisions"]
    assert (decision["event"], decision["stage"]) == ("enter", "published")
    shown = run_or_fail("case", "show", decision["case"], "--format", "json").json
    assert shown["facts"]["decision.reference"] == "PCD 142"
    assert "estimated_value" not in shown["facts"]


def test_the_source_of_a_decision_is_kept_with_its_case(office: RunAssent) -> None:
    opened = office(
        "intake", PAGE, "--accept", "--open", "--as", "ann-author", "--address", ADDRESS, "--format", "json"
    )
    [decision] = opened.json["decisions"]
    source = run_or_fail("case", "show", decision["case"], "--format", "json").json["source"]
    assert {key: source[key] for key in ("kind", "address", "form", "sha256")} == {
        "kind": "web_page", "address": ADDRESS, "form": "page_2016", "sha256": decision["sha256"],
    }  # fmt: skip
    assert source["unsettled"].split() == [one["fact"] for one in decision["facts"] if one["certainty"] == "check"]
    shown = run_or_fail("case", "show", decision["case"]).stdout
    assert re.search(rf"^address +{re.escape(ADDRESS)}$", shown, re.MULTILINE)
    run_or_fail("ledger", "verify", "--replay")


def test_a_case_whose_paper_names_no_source_is_kept_as_one_from_a_web_page(office: RunAssent) -> None:
    office("intake", PAGE, "--out", "radios.yaml")
    text = Path("radios.yaml").read_text(encoding="utf-8")
    without = re.sub(r"source:\n(?:  .*\n)+", "", text)
    Path("radios.yaml").write_text(without, encoding="utf-8")
    case = run_or_fail("case", "open", "radios.yaml", "--as", "ann-author", "--format", "json").json["case"]
    assert run_or_fail("case", "show", case, "--format", "json").json["source"] == {"kind": "web_page"}


def test_one_command_and_one_confirmation_enter_a_decision(office: RunAssent, tmp_path: Path) -> None:
    del office
    with PseudoTerminal(tmp_path, "intake", str(PAGE), "--open", "--as", "ann-author") as terminal:
        terminal.type("", "Is the table right? Enter will open the case.")
        assert terminal.wait_for_end() == 0
    shown = run_or_fail("case", "list", "--format", "csv").stdout
    assert "Radios for the river unit" in shown


def test_lines_are_corrected_dropped_and_shown_before_they_are_confirmed(office: RunAssent, tmp_path: Path) -> None:
    del office
    [decision] = run_or_fail("intake", PAGE, "--format", "json").json["decisions"]
    number = {fact["fact"]: str(count) for count, fact in enumerate(decision["facts"], 1)}
    with PseudoTerminal(tmp_path, "intake", str(PAGE)) as terminal:
        terminal.type(number["estimated_value"], "Enter will write the paper.")
        terminal.type("lots", "Estimated value")
        terminal.type("£325,500 ex VAT", "has no amount in figures")
        terminal.type(f"drop {number['form.equality']}", "£325,500 excluding VAT")
        terminal.type(f"show {number['title']}", "Left out: form.equality")
        terminal.type("999", "Radios for the river unit")
        terminal.type("", "Type Enter, or the number of a line")
        assert terminal.wait_for_end() == 0
    text = Path("radios.yaml").read_text(encoding="utf-8")
    assert '\n  estimated_value: "£325,500 excluding VAT"' in text
    assert "form.equality" not in text


def test_nothing_is_written_if_the_table_is_left(office: RunAssent, tmp_path: Path) -> None:
    del office
    with PseudoTerminal(tmp_path, "intake", str(PAGE), "--open", "--as", "ann-author") as terminal:
        terminal.type("q", "Is the table right?")
        assert terminal.wait_for_end() != 0
    assert not list(Path().glob("*.yaml"))
    assert "Radios" not in run_or_fail("case", "list").stdout


def test_several_files_are_read_and_one_that_cannot_be_is_named(folder: RunAssent) -> None:
    Path("scan.pdf").write_bytes(eras.scanned_pdf())
    Path("horses.pdf").write_bytes(eras.signed_form())
    read = folder("intake", PAGE, "scan.pdf", "horses.pdf", "--out", "papers")
    assert read.exit_code == 2
    assert "scan.pdf has no text on its 1 page: it is a scan" in read.stderr
    assert "Run OCR" in read.stderr
    assert sorted(path.name for path in Path("papers").iterdir()) == ["horses.yaml", "radios.yaml"]
    as_json = folder("intake", PAGE, "scan.pdf", "--format", "json")
    assert [decision["file"] for decision in as_json.json["decisions"]] == ["radios.html"]
    assert as_json.json["unread"][0]["file"] == "scan.pdf"


def test_files_of_one_name_and_two_kinds_become_two_papers(folder: RunAssent) -> None:
    Path("radios.pdf").write_bytes(eras.signed_form())
    assert folder("intake", PAGE, "radios.pdf", "--out", "papers").exit_code == 0
    assert sorted(path.name for path in Path("papers").iterdir()) == ["radios.html.yaml", "radios.pdf.yaml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--open",), "--open needs an officer"),
        (("--open", "--as", "x"), "nobody can confirm the facts without a terminal"),
        (("--form", "page_2017"), "radios.html cannot be read so"),
        (("--scheme", "lfc"), "no published form"),
        (("--scheme", "lfd"), "is not a scheme"),
        (("--address", "x" * 501), "--address has more than 500 characters"),
        ((PAGE, "--address", "https://example.org"), "--address belongs to one file"),
    ],
)
def test_wrong_options_are_refused(folder: RunAssent, arguments: tuple[str, ...], message: str) -> None:
    refused = folder("intake", PAGE, *arguments)
    assert refused.exit_code == 2
    assert message in refused.stderr


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("empty.html", b"", "empty.html is empty"),
        ("locked.pdf", eras.encrypted_pdf(), "locked.pdf is protected by a password"),
        ("old.doc", bytes.fromhex("d0cf11e0a1b11ae1"), "old.doc is protected by a password, or in the format"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_what_to_do(
    assent: RunAssent, name: str, data: bytes, message: str
) -> None:
    Path(name).write_bytes(data)
    refused = assent("intake", name)
    assert refused.exit_code == 2
    assert message in refused.stderr


def test_a_missing_file_is_named(assent: RunAssent) -> None:
    assert "could not be read" in assent("intake", "none.html").stderr


def test_part_2_of_a_word_file_is_printed_and_written_nowhere(assent: RunAssent) -> None:
    Path("saddles.docx").write_bytes(eras.save(eras.word_form()))
    shown = assent("intake", "saddles.docx", "--out", "saddles.yaml")
    assert shown.exit_code == 0
    as_json = assent("intake", "saddles.docx", "--format", "json")
    for text in (shown.stdout, shown.stderr, as_json.stdout, Path("saddles.yaml").read_text(encoding="utf-8")):
        assert "7,412" not in text
        assert "saddler" not in text
    assert "Part 2 begins here" in shown.stdout
