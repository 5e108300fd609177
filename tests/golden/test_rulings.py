"""Recorded rulings are judged again with the packs of their day, and come out the same byte for byte.

To add rulings: python -m tests.golden.rulings. Recorded rulings are never overwritten or edited; until the first
release, `--anew` records all of them again from the packs as they are now.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rules.packs.bundle import Bundle
from tests.workflow.walk import judge_again
from workflow.ledger.canonical_json import deserialize_facts, to_canonical_json

HERE = Path(__file__).parent / "rulings"
CORPUS = sorted((HERE / "rulings").glob("*.json"))
MIN_RULINGS = 40
SCHEMES = ("gla", "lfc", "mopac")


@cache
def packs(digest: str) -> Bundle:
    """Return the packs of a digest, which are kept beside the rulings."""
    folder = HERE / "packs" / digest
    return Bundle({path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.yaml")})


@cache
def recorded(path: Path) -> dict[str, Any]:
    file: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return file


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_recorded_ruling_is_judged_the_same_again(path: Path) -> None:
    file = recorded(path)
    bundle = packs(file["ruling"]["packs"])
    assert bundle.digest == file["ruling"]["packs"]
    again = judge_again(file["ruling"], file["texts"], deserialize_facts(file["weighed"]), file["salt"], bundle)
    assert (to_canonical_json({**file, "ruling": again.as_receipt()}) + "\n").encode() == path.read_bytes()


def test_there_are_enough_open_and_refused_rulings() -> None:
    outcomes = Counter(path.stem.rpartition("-")[2] for path in CORPUS)
    assert len(CORPUS) >= MIN_RULINGS
    assert min(outcomes["open"], outcomes["refused"]) >= MIN_RULINGS // 3


def rulings_of(scheme: str) -> list[dict[str, Any]]:
    """Return the recorded rulings of a scheme."""
    return [file["ruling"] for file in map(recorded, CORPUS) if packs(file["ruling"]["packs"]).scheme().id == scheme]


def test_every_scheme_has_rulings() -> None:
    assert {packs(recorded(path)["ruling"]["packs"]).scheme().id for path in CORPUS} == set(SCHEMES)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_gate_of_a_scheme_has_rulings(scheme: str) -> None:
    gates = {ruling["gate"] for ruling in rulings_of(scheme)}
    actions = packs(rulings_of(scheme)[0]["packs"]).scheme().declaration.actions
    assert gates == {"amend", *(action.gate for action in actions.values())}


@pytest.mark.parametrize("part", ["facts", "weighed"])
def test_the_rulings_use_every_kind_of_fact_in_both_parts(part: str) -> None:
    kinds = {
        "money" if isinstance(value, dict) and "pence" in value else type(value).__name__
        for path in CORPUS
        for value in (recorded(path)["ruling"]["facts"] if part == "facts" else recorded(path)["weighed"]).values()
    }
    assert kinds == {"money", "dict", "bool", "int", "str"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_rulings_have_every_outcome(scheme: str) -> None:
    found = {
        (finding["severity"], finding["outcome"]) for ruling in rulings_of(scheme) for finding in ruling["findings"]
    }
    outcomes = {"satisfied", "breached", "undetermined", "not_applicable"}
    assert {outcome for severity, outcome in found if severity == "blocking"} == outcomes
    assert {outcome for severity, outcome in found if severity == "warning"} >= outcomes - {"undetermined"}


def test_every_kept_pack_belongs_to_a_ruling() -> None:
    named = {recorded(path)["ruling"]["packs"] for path in CORPUS}
    assert {folder.name for folder in (HERE / "packs").iterdir()} == named


def test_no_fact_of_part_2_stands_in_a_ruling() -> None:
    pairs = [
        (text, to_canonical_json(recorded(path)["ruling"]))
        for path in CORPUS
        for text in _exempt_texts(recorded(path)["weighed"])
    ]
    assert {"The supplier", "245000000"} <= {text for text, _ in pairs}
    assert [text for text, ruling in pairs if text in ruling] == []


def _exempt_texts(weighed: Mapping[str, object]) -> Iterator[str]:
    """Yield the amounts in pence, and the texts of more than one word."""
    for value in weighed.values():
        if isinstance(value, dict) and "pence" in value:
            yield str(value["pence"])
        if isinstance(value, str) and " " in value:
            yield value
