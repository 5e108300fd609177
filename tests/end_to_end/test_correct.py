"""`assent case correct`, from the command to the documents that show it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.end_to_end.conftest import RunAssent
from tests.end_to_end.test_contract import ACTS, CASE, act

WITHHELD = "walnut furniture"
DAY = ("--on", "2018-05-01")


def correct(assent: RunAssent, *words: str):  # type: ignore[no-untyped-def] # noqa: ANN201
    return assent("case", "correct", CASE, "--as", "governance", *DAY, *words)


def rendered(assent: RunAssent, part: str) -> str:
    result = assent("document", "render", CASE, "decision-form", "--part", part, "--to", "html", "-o", f"{part}.html")
    assert result.exit_code == 0, result.stderr
    return " ".join(re.sub(r"<[^>]+>", " ", Path(f"{part}.html").read_text(encoding="utf-8")).split())


def test_a_correction_of_each_part_stands_in_its_own_document(sound: RunAssent) -> None:
    for action, officer, on, stated in ACTS:
        assert act(sound, action, officer, on, stated).exit_code == 0
    assert "Corrections" not in rendered(sound, "1")
    result = correct(sound, "--set", "title=Smarter Working", "--reason", "It was too long.", "--format", "json")
    assert (result.exit_code, result.json["event"], result.json["stage"]) == (0, "correct", "published")
    text = f"confidential.business_case=The {WITHHELD} was dropped."
    secret = ("--set-exempt", text, "--reason", "It was struck out.")
    assert correct(sound, *secret).exit_code == 0
    public = rendered(sound, "1")
    assert "Corrected on 1 May 2018: Title It said" in public
    assert "It should say Smarter Working Reason It was too long." in public
    assert not {WITHHELD, "struck out"} & {word for word in (WITHHELD, "struck out") if word in public}
    assert f"The {WITHHELD} was dropped. Reason It was struck out." in rendered(sound, "2")
    assert sound("ledger", "verify", "--replay").exit_code == 0
    assert sound("audit", CASE).exit_code == 6  # as before: the real case has breaches


def test_a_correction_names_what_it_corrects_and_why(sound: RunAssent) -> None:
    assert correct(sound, "--reason", "Why?").exit_code == 2
    assert correct(sound, "--set", "title=x").exit_code == 2
    assert correct(sound, "--set", "title=x", "--reason", "").exit_code == 2
    secret = correct(sound, "--set-exempt", f"titel={WITHHELD}", "--reason", "x")
    assert secret.exit_code == 2
    assert WITHHELD not in secret.stderr + secret.stdout


def test_a_draft_is_amended_and_a_correction_of_it_refused(sound: RunAssent) -> None:
    result = correct(sound, "--set", "title=x", "--reason", "A slip.", "--format", "json")
    assert (result.exit_code, result.json["open"], result.json["action"]) == (3, False, "correct")
    assert "assent case amend" in result.stderr


def test_a_public_correction_that_gives_away_part_2_is_refused_before_it_is_recorded(sound: RunAssent) -> None:
    for action, officer, on, stated in ACTS:
        assert act(sound, action, officer, on, stated).exit_code == 0
    text = f"confidential.business_case=The {WITHHELD} was dropped."
    assert correct(sound, "--set-exempt", text, "--reason", "It was struck out.").exit_code == 0
    for words in (
        ("--set", f"title=The {WITHHELD}", "--reason", "It was too long."),
        ("--set", "title=Smarter Working", "--reason", f"It named the {WITHHELD}."),
    ):
        refused = correct(sound, *words)
        assert refused.exit_code == 3
        assert f"says “{WITHHELD}”, which is confidential in Part 2 as words of" in refused.stderr
    single = ("--set", "title=A walnut", "--reason", "It was too long.")
    assert correct(sound, *single).exit_code == 3
    assert correct(sound, *single, "--already-public", "walnut").exit_code == 0
    assert correct(sound, "--set", "title=Smarter Working", "--reason", "It was too long.").exit_code == 0
    assert "Corrected on 1 May 2018: Title" in rendered(sound, "1")
