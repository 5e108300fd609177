"""The JSON shapes and exit codes that other programs rely on (DESIGN, section 8)."""

from __future__ import annotations

import csv
import io
import shlex
from importlib import import_module

import click
import pytest

import cli
from tests.end_to_end.conftest import RunAssent

CASE = "MOPAC-2018-1"
ACTS = (
    ("submit", "author", "2018-03-07", ()),
    ("pib-support", "pib-chair", "2018-03-14", ()),
    ("iab-support", "iab-chair", "2018-03-22", ()),
    (
        "declare",
        "head-of-unit",
        "2018-04-09",
        (
            "declaration.finance=true",
            "declaration.legal=not_required",
            "declaration.financial_advice=true",
            "declaration.equalities=true",
        ),
    ),
    ("certify", "chief-executive", "2018-04-11", ("certificate.advice_considered=true",)),
    (
        "approve",
        "dmpc",
        "2018-04-16",
        ("decision.reference=PCD 361", "interests.considered=true", "interests.declared=none"),
    ),
    ("publish", "governance", "2018-04-17", ()),
)


def act(assent: RunAssent, action: str, officer: str, on: str, stated: tuple[str, ...] = ()):  # type: ignore[no-untyped-def] # noqa: ANN201
    facts = [word for fact in stated for word in ("--set", fact)]
    return assent("case", "act", CASE, action, "--as", officer, "--on", on, *facts, "--format", "json")


def test_a_case_goes_from_open_to_published_with_a_receipt_for_each_act(sound: RunAssent) -> None:
    version = 2
    for action, officer, on, stated in ACTS:
        result = act(sound, action, officer, on, stated)
        assert result.exit_code == 0, result.stderr
        version += 1
        assert set(result.json) >= {"case", "version", "event", "seal"}
        assert (result.json["case"], result.json["version"], result.json["event"]) == (CASE, version, action)
        assert len(result.json["seal"]) == 64
    left = sound("case", "next", CASE, "--format", "json").json["actions"]
    assert [action["action"] for action in left] == [
        "record-publication", "record-contract", "record-duty", "record-replacement"
    ]  # fmt: skip


def test_adding_an_officer_prints_a_receipt(office: RunAssent) -> None:
    result = office("officer", "add", "New Name", "--role", "author", "--scheme", "mopac", "--format", "json")
    assert set(result.json) >= {"case", "version", "event", "seal"}


def test_next_names_who_may_act_and_what_blocks_each_action(opened: RunAssent) -> None:
    answer = opened("case", "next", CASE, "--on", "2018-03-07", "--format", "json").json
    assert (answer["case"], answer["version"], answer["stage"]) == (CASE, 1, "draft")
    submit, withdraw = answer["actions"]
    assert submit["action"] == "submit"
    assert submit["who"] == ["author"]
    assert submit["open"] is False
    assert submit["blocked_by"] == ["foia.public_interest_test"]
    assert submit["awaits"] == []
    assert withdraw["open"] is False
    assert withdraw["blocked_by"] == ["send_back.reason_stated"]
    assert withdraw["awaits"] == ["send_back.reason"]


def test_next_shows_facts_to_give_with_the_act_as_needed_and_not_as_blocked(sound: RunAssent) -> None:
    for action, officer, on, _ in ACTS[:3]:
        act(sound, action, officer, on)
    needed = [fact.partition("=")[0] for fact in ACTS[3][3]]
    declare, *_ = sound("case", "next", CASE, "--on", "2018-04-09", "--format", "json").json["actions"]
    assert (declare["action"], declare["open"], declare["awaits"]) == ("declare", False, needed)
    text = " ".join(sound("case", "next", CASE, "--on", "2018-04-09").stdout.split())
    label = "Make the originating officer's declaration"
    assert f"declare {label} Head of Unit needs --set {', '.join(needed)}" in text
    assert "missing" not in text


def test_next_counts_what_is_missing_and_says_how_to_see_it(opened: RunAssent) -> None:
    text = opened("case", "next", CASE, "--on", "2018-03-07").stdout
    assert "Report author  2 answers are missing" in text
    assert f"See what is missing with: assent case explain {CASE} submit" in text


def test_explain_names_control_fact_expected_actual_clause_and_cure(opened: RunAssent) -> None:
    ruling = opened("case", "explain", CASE, "submit", "--on", "2018-03-07", "--format", "json").json
    assert (ruling["case"], ruling["action"], ruling["open"]) == (CASE, "submit", False)
    [finding] = [f for f in ruling["findings"] if f["outcome"] == "breached" and f["severity"] == "blocking"]
    assert finding["control"] == "foia.public_interest_test"
    assert finding["subject"] == "exemption:s43"
    assert finding["facts"][0] == {"fact": "exemption.public_interest", "expected": "is known", "actual": None}
    assert finding["citation"]["provision"] == "s.2(2)(b)"
    assert finding["citation"]["basis"] == "read"
    assert finding["citation"]["link"].startswith("https://")
    assert finding["cure"]
    assert finding["missing"] == []
    for other in ruling["findings"]:
        assert other["outcome"] in {"satisfied", "breached", "not_applicable", "undetermined", "not_held"}
        assert {"control", "subject", "severity", "facts", "citation", "missing", "cure"} <= set(other)


def test_explain_shows_a_blocked_action_in_words(opened: RunAssent) -> None:
    result = opened("case", "explain", CASE, "submit", "--on", "2018-03-07")
    assert result.stdout.startswith(f"You cannot submit {CASE} yet: 2 answers are missing.\n")
    for word in ("--set exemption:s43.public_interest=withhold", "Outcome of the public-interest test",
                 "foia.public_interest_test", "s.2(2)(b)"):  # fmt: skip
        assert word in result.stdout


def test_explain_without_an_action_takes_the_first_of_the_stage(sound: RunAssent) -> None:
    ruling = sound("case", "explain", CASE, "--on", "2018-03-07", "--format", "json").json
    assert (ruling["action"], ruling["open"]) == ("submit", True)


def test_what_if_records_nothing(opened: RunAssent) -> None:
    hypotheses = ("--what-if", "required_by=2018-03-29", "--what-if", "exemption:s43.public_interest=withhold",
               "--what-if", "exemption:s43.public_interest_reasons=x")  # fmt: skip
    ruling = opened("case", "explain", CASE, "submit", "--on", "2018-03-07", *hypotheses, "--format", "json").json
    outcomes = {f["control"]: f["outcome"] for f in ruling["findings"]}
    assert ruling["open"] is True
    assert outcomes["decision.required_by_working_day"] == "satisfied"
    assert opened("case", "show", CASE, "--format", "json").json["version"] == 1


def test_a_skipped_stage_is_refused_with_its_ruling_on_standard_output(opened: RunAssent) -> None:
    result = act(opened, "approve", "dmpc", "2018-03-07")
    assert result.exit_code == 3
    assert result.json["open"] is False
    assert "stages.in_order" in [f["control"] for f in result.json["findings"] if f["outcome"] == "breached"]
    assert "stages.in_order" in result.stderr


def test_one_of_a_thing_is_in_the_singular(sound: RunAssent) -> None:
    sound("--store", "new.db", "init")
    sound("--store", "new.db", "officer", "add", "Rosa Lee", "--role", "author")
    assert sound("--store", "new.db", "ledger", "verify").stdout.startswith("1 entry is intact.\n")
    assert "1 ruling gave the same result." in sound("ledger", "verify", "--replay").stdout
    sound("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07")
    result = sound("case", "amend", CASE, "--as", "author", "--on", "2018-03-07", "--set", "title=Other")
    assert result.stdout.startswith(f"You cannot amend {CASE} yet: 1 thing is wrong.\n")


def test_a_refusal_is_recorded_and_does_not_change_the_version(opened: RunAssent) -> None:
    act(opened, "submit", "author", "2018-03-07")
    entries = opened("case", "history", CASE, "--format", "json").json["entries"]
    assert [entry["event"] for entry in entries] == ["opened", "refused"]
    assert opened("case", "show", CASE, "--format", "json").json["version"] == 1


def test_the_wrong_officer_is_not_entitled(sound: RunAssent) -> None:
    result = act(sound, "submit", "dmpc", "2018-03-07")
    assert result.exit_code == 4
    assert "Report author (author)" in result.stderr


def test_a_stale_version_is_a_conflict_and_writes_nothing(sound: RunAssent) -> None:
    result = sound("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07", "--expect-version", "1")
    assert result.exit_code == 5
    assert "somebody acted first" in result.stderr
    assert sound("case", "show", CASE, "--format", "json").json["version"] == 2


def test_documents_are_rendered_listed_and_verified(sound: RunAssent) -> None:
    made = sound("document", "render", CASE, "decision-form", "--part", "1", "--to", "html", "-o", "a.html",
                 "--format", "json").json  # fmt: skip
    assert set(made) >= {"case", "version", "kind", "part", "path", "sha256", "head"}
    assert made["gives_away"] == []
    again = sound("document", "verify", "a.html", "--format", "json")
    assert (again.exit_code, again.json["sha256"]) == (0, made["sha256"])
    listed = sound("document", "list", CASE, "--format", "json").json["documents"]
    assert [row["issued"] for row in listed] == [["html of version 2"], *[[]] * (len(listed) - 1)]


def test_an_altered_document_fails_verification(sound: RunAssent, tmp_path) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    sound("document", "render", CASE, "decision-form", "--to", "html", "-o", "a.html")
    page = (tmp_path / "a.html").read_text()
    (tmp_path / "a.html").write_text(page.replace("Approve", "Reject"))
    result = sound("document", "verify", "a.html")
    assert result.exit_code == 7
    assert "altered" in result.stderr


def test_verify_reports_an_altered_ledger(sound: RunAssent, tmp_path) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    import sqlite3
    from contextlib import closing

    assert sound("ledger", "verify", "--replay").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "assent.db")) as store, store:
        store.execute("UPDATE ledger SET officer = 'somebody' WHERE kind = 'opened'")
    result = sound("ledger", "verify")
    assert result.exit_code == 7
    assert "was altered after it was sealed" in result.stderr


def test_an_altered_ledger_is_reported_in_json_without_a_word_of_part_2(sound: RunAssent) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect("assent.db")) as store, store:
        store.execute("UPDATE ledger SET officer = 'somebody' WHERE kind = 'opened'")
        store.execute("UPDATE exempt SET body = replace(body, '245000000', '245000001')")
    result = sound("ledger", "verify", "--replay", "--format", "json")
    assert result.exit_code == 7
    assert result.json["verified"] is False
    assert any(fault.endswith("was altered after it was sealed") for fault in result.json["faults"])
    assert any(fault.endswith("its Part 2 text was altered") for fault in result.json["faults"])
    assert all(fault in result.stderr for fault in result.json["faults"])
    assert "24500000" not in result.stdout + result.stderr
    assert "Prices are still" not in result.stdout + result.stderr


def test_an_altered_document_is_reported_in_json(sound: RunAssent, tmp_path) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    sound("document", "render", CASE, "decision-form", "--to", "html", "-o", "a.html")
    assert sound("document", "verify", "a.html", "--format", "json").json["verified"] is True
    (tmp_path / "a.html").write_text((tmp_path / "a.html").read_text() + " ")
    result = sound("document", "verify", "a.html", "--format", "json")
    assert (result.exit_code, result.json["verified"], len(result.json["faults"])) == (7, False, 1)
    assert result.json["faults"][0] in result.stderr


def test_a_head_that_is_missing_from_the_ledger_fails_verification(sound: RunAssent) -> None:
    head = sound("ledger", "head", "--format", "json").json["head"]
    assert sound("ledger", "verify", "--against", head, "--format", "json").json["head"] == head
    gone = sound("ledger", "verify", "--against", "1" * 64, "--format", "json")
    assert (gone.exit_code, gone.json["verified"]) == (7, False)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("case", "list"), "cases"),
        (("case", "history", CASE), "entries"),
        (("officer", "list"), "officers"),
        (("scheme", "list"), "schemes"),
        (("document", "list", CASE), "documents"),
    ],
)
def test_every_list_has_table_json_and_csv(opened: RunAssent, words: tuple[str, ...], name: str) -> None:
    rows = opened(*words, "--format", "json").json[name]
    lines = list(csv.DictReader(io.StringIO(opened(*words, "--format", "csv").stdout)))
    assert len(rows) == len(lines) > 0
    assert len(opened(*words).stdout.splitlines()) >= len(rows) + 1


def test_a_receipt_in_csv_has_headings(opened: RunAssent) -> None:
    render = ("document", "render", CASE, "decision-form", "--to", "html", "-o", "a.html")
    heads, *rows = csv.reader(io.StringIO(opened(*render, "--format", "csv").stdout))
    assert heads == ["Case", "Version", "Kind", "Part", "To", "SHA256", "Head", "Path"]
    assert [row[0] for row in rows] == [CASE]


def test_json_keeps_numbers_as_numbers(opened: RunAssent) -> None:
    assert opened("case", "list", "--format", "json").json["cases"][0]["version"] == 1


def test_a_case_name_may_be_typed_in_lower_case(opened: RunAssent) -> None:
    assert opened("case", "show", "mopac-2018-1", "--format", "json").json["case"] == CASE


def test_show_prints_part_2_on_request_only(opened: RunAssent) -> None:
    assert "2450000" not in opened("case", "show", CASE, "--format", "json").stdout
    whole = opened("case", "show", CASE, "--part", "2", "--format", "json").json
    assert whole["exempt"]["estimated_value"] == {"pence": 245000000, "vat": "ex"}


def test_the_diagram_is_mermaid_and_has_every_stage(assent: RunAssent) -> None:
    diagram = assent("scheme", "diagram", "mopac").stdout
    as_json = assent("scheme", "diagram", "mopac", "--format", "json").json
    assert (as_json["scheme"], f"{as_json['mermaid']}\n") == ("mopac", diagram)
    assert diagram.startswith("stateDiagram-v2")
    assert "draft --> pib : submit" in diagram
    assert "published --> [*]" in diagram


def test_every_scheme_is_proved_by_its_examples(assent: RunAssent) -> None:
    schemes = assent("scheme", "check", "--format", "json").json["schemes"]
    assert [(proved["scheme"], proved["verdict"]) for proved in schemes] == [
        ("board", "sound"),
        ("council", "sound"),
        ("gla", "sound"),
        ("lfc", "sound"),
        ("mopac", "sound"),
    ]
    assert all(proved["examples"] > 80 and proved["walks"] > 3 for proved in schemes)


def test_doctor_exits_with_0_before_a_store_is_made(assent: RunAssent) -> None:
    result = assent("doctor", "--format", "json")
    assert result.exit_code == 0, result.stdout
    assert {check["state"] for check in result.json["checks"]} == {"there", "not made yet"}
    assert "A store that is not made yet does not count." in " ".join(assent("doctor", "--help").stdout.split())


def test_the_examples_of_head_and_verify_work_together(opened: RunAssent, tmp_path) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    assert "assent ledger head > head.txt" in opened("ledger", "head", "--help").stdout
    assert 'assent ledger verify --replay --against "$(cat head.txt)"' in opened("ledger", "verify", "--help").stdout
    (tmp_path / "head.txt").write_text(opened("ledger", "head").stdout)
    head = (tmp_path / "head.txt").read_text().rstrip("\n")
    assert opened("ledger", "verify", "--replay", "--against", head).exit_code == 0


COMMANDS = [
    (noun, verb)
    for noun, verbs in {
        "officer": ("add", "appoint", "deputise", "end", "list"),
        "scheme": ("list", "show", "check", "diagram", "facts", "new", "schema"),
        "law": ("list", "show", "check", "explain", "calendar", "impact", "changes", "coverage", "export"),
        "case": (
            "new", "open", "list", "show", "history", "amend", "next", "explain", "act", "migrate", "correct",
            "respond",
        ),
        "document": ("list", "render", "verify"),
        "review": ("due", "record"),
        "ledger": ("verify", "head", "backup", "restore", "copy", "upgrade"),
        "population": ("audit",),
    }.items()
    for verb in verbs
] + [("demo", ""), ("init", ""), ("doctor", ""), ("audit", ""), ("intake", "")]  # fmt: skip


@pytest.mark.parametrize(("noun", "verb"), COMMANDS)
def test_every_command_has_help_with_an_example(assent: RunAssent, noun: str, verb: str) -> None:
    result = assent(noun, *([verb] if verb else []), "--help")
    assert result.exit_code == 0
    assert f"Example: assent {noun} {verb}".strip() in " ".join(result.stdout.split()) or noun == "init"


@pytest.mark.parametrize(("noun", "verb"), COMMANDS)
def test_help_examples_fit_80_columns_and_use_existing_options(
    assent: RunAssent, monkeypatch: pytest.MonkeyPatch, noun: str, verb: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown, sign, examples = assent(noun, *([verb] if verb else []), "--help").stdout.partition("Example: ")
    assert max(map(len, examples.splitlines())) < 80
    for example in (sign + examples).replace("\\\n", "").split("Example: ")[1:]:
        assert len(example.strip().splitlines()) == 1
        program, *words = shlex.split(example.partition(" > ")[0])
        assert (program, *(word for word in words if word in (noun, verb))) == ("assent", noun, *filter(None, [verb]))
        options = {word for word in words if word.startswith("-")} - {"--store"}
        assert not [option for option in options if f" {option} " not in shown and f" {option}," not in shown]


def test_every_option_has_help() -> None:
    for noun, verb in COMMANDS:
        command: click.Command = getattr(import_module(cli._COMMANDS[noun][0]), noun)
        if isinstance(command, click.Group):
            command = command.commands[verb]
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, (noun, verb, option.name)
                assert option.is_flag or option.metavar or not isinstance(option.type, click.types.StringParamType)


NOUNS = sorted({noun for noun, verb in COMMANDS if verb})


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_has_help_with_an_example_that_is_one_of_its_commands(assent: RunAssent, noun: str) -> None:
    text = " ".join(assent(noun, "--help").stdout.split())
    example = text.partition(f"Example: assent {noun} ")[2]
    assert (noun, example.split()[0]) in COMMANDS


@pytest.mark.parametrize("noun", NOUNS)
def test_each_verb_is_described_on_one_line_of_80_columns(
    assent: RunAssent, monkeypatch: pytest.MonkeyPatch, noun: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    listed = assent(noun, "--help").stdout.partition("Commands:")[2].partition("Example:")[0]
    assert "..." not in listed
    assert len(listed.strip().splitlines()) == len([verb for known, verb in COMMANDS if known == noun])


def test_the_help_of_case_open_says_when_a_scheme_is_required(assent: RunAssent) -> None:
    assert "[required, unless PAPER names it]" in " ".join(assent("case", "open", "--help").stdout.split())


def test_the_help_lists_exactly_these_commands(assent: RunAssent) -> None:
    listed = {
        line.split()[0] for line in assent("--help").stdout.partition("Commands:")[2].splitlines() if line.strip()
    }
    assert listed == {noun for noun, _ in COMMANDS}
