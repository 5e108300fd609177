"""`assent case act --dry-run`: the answer of the act, and nothing recorded."""

from __future__ import annotations

from tests.end_to_end.conftest import RunAssent

CASE = "MOPAC-2018-1"


def head(assent: RunAssent) -> str:
    return str(assent("ledger", "head", "--format", "json").json["head"])


def submit(assent: RunAssent, *more: str):  # type: ignore[no-untyped-def] # noqa: ANN201
    return assent("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07", "--dry-run", *more)


def test_a_dry_run_shows_what_would_be_recorded_and_records_nothing(sound: RunAssent) -> None:
    before = head(sound)
    result = submit(sound, "--format", "json")
    assert result.exit_code == 0, result.stderr
    answer = result.json
    assert (answer["case"], answer["version"], answer["event"]) == (CASE, 3, "submit")
    assert (answer["seal"], answer["stage"], answer["dry_run"], answer["open"]) == (None, "pib", True, True)
    assert {finding["outcome"] for finding in answer["findings"]} <= {
        "satisfied",
        "not_applicable",
        "breached",
        "undetermined",
        "not_held",
    }
    assert head(sound) == before
    assert sound("case", "next", CASE, "--format", "json").json["version"] == 2


def test_a_dry_run_lists_the_facts_that_the_act_would_record(sound: RunAssent) -> None:
    for action, officer, on in (("submit", "author", "2018-03-07"), ("pib-support", "pib-chair", "2018-03-14")):
        shown = sound("case", "act", CASE, action, "--as", officer, "--on", on, "--dry-run").stdout
        assert "Nothing was recorded." in shown
        assert sound("case", "act", CASE, action, "--as", officer, "--on", on).exit_code == 0
    recorded = ("case", "act", CASE, "iab-support", "--as", "iab-chair", "--on", "2018-03-22", "--dry-run")
    assert sound(*recorded, "--format", "json").json["recorded"] == {
        "iab.by": "iab_chair",
        "iab.on": {"day": "2018-03-22"},
        "iab.outcome": "supported",
        "iab.role": "iab_chair",
    }


def test_a_dry_run_that_is_refused_exits_as_the_act_does_and_records_no_refusal(opened: RunAssent) -> None:
    before = head(opened)
    result = submit(opened, "--format", "json")
    assert result.exit_code == 3
    assert result.json["open"] is False
    assert head(opened) == before
    assert [item["event"] for item in opened("case", "history", CASE, "--format", "json").json["entries"]] == ["opened"]


def test_a_dry_run_fails_as_the_act_does(sound: RunAssent) -> None:
    before = head(sound)
    assert submit(sound, "--expect-version", "1").exit_code == 5
    assert submit(sound, "--set", "title=A title").exit_code == 2
    assert sound("case", "act", CASE, "submit", "--as", "dmpc", "--on", "2018-03-07", "--dry-run").exit_code == 4
    assert head(sound) == before
