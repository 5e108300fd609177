"""Rulings given once are given again, byte for byte, by the code of today and the packs of their day.

To add to the corpus: python -m tests.golden.rulings. Nothing in it is ever overwritten or mended; until the first
release, with --anew it is made again from the packs as they are.
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
LEAST = 40
SCHEMES = ("gla", "lfc", "mopac")


@cache
def packs(digest: str) -> Bundle:
    """The packs of a digest, as they are kept beside the rulings."""
    folder = HERE / "packs" / digest
    return Bundle({path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.yaml")})


@cache
def kept(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_ruling_comes_out_as_it_did(path: Path) -> None:
    file = kept(path)
    bundle = packs(file["ruling"]["packs"])
    assert bundle.digest == file["ruling"]["packs"]
    again = judge_again(file["ruling"], file["texts"], deserialize_facts(file["weighed"]), file["salt"], bundle)
    assert (to_canonical_json({**file, "ruling": again.as_receipt()}) + "\n").encode() == path.read_bytes()


def test_there_are_enough_of_them_open_and_refused() -> None:
    outcomes = Counter(path.stem.rpartition("-")[2] for path in CORPUS)
    assert len(CORPUS) >= LEAST
    assert min(outcomes["open"], outcomes["refused"]) >= LEAST // 3


def rulings_of(scheme: str) -> list[dict[str, Any]]:
    """The rulings of a scheme."""
    return [file["ruling"] for file in map(kept, CORPUS) if packs(file["ruling"]["packs"]).scheme().id == scheme]


def test_they_are_of_every_authority() -> None:
    assert {packs(kept(path)["ruling"]["packs"]).scheme().id for path in CORPUS} == set(SCHEMES)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_they_pass_or_shut_every_gate(scheme: str) -> None:
    asked = {ruling["gate"] for ruling in rulings_of(scheme)}
    actions = packs(rulings_of(scheme)[0]["packs"]).scheme().declaration.actions
    assert asked == {"amend", *(action.gate for action in actions.values())}


@pytest.mark.parametrize("part", ["facts", "weighed"])
def test_they_rest_on_every_kind_of_fact_in_either_part(part: str) -> None:
    kinds = {
        "money" if isinstance(value, dict) and "pence" in value else type(value).__name__
        for path in CORPUS
        for value in (kept(path)["ruling"]["facts"] if part == "facts" else kept(path)["weighed"]).values()
    }
    assert kinds == {"money", "dict", "bool", "int", "str"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_they_hold_every_outcome(scheme: str) -> None:
    found = {
        (finding["severity"], finding["outcome"]) for ruling in rulings_of(scheme) for finding in ruling["findings"]
    }
    outcomes = {"satisfied", "breached", "undetermined", "not_applicable"}
    assert {outcome for severity, outcome in found if severity == "blocking"} == outcomes
    assert {outcome for severity, outcome in found if severity == "warning"} >= outcomes - {"undetermined"}


def test_no_packs_are_kept_that_no_ruling_names() -> None:
    named = {kept(path)["ruling"]["packs"] for path in CORPUS}
    assert {folder.name for folder in (HERE / "packs").iterdir()} == named


def test_what_was_weighed_in_part_2_does_not_stand_in_the_ruling() -> None:
    sought = [
        (said, to_canonical_json(kept(path)["ruling"])) for path in CORPUS for said in _withheld(kept(path)["weighed"])
    ]
    assert {"The supplier", "245000000"} <= {said for said, _ in sought}
    assert [said for said, ruling in sought if said in ruling] == []


def _withheld(weighed: Mapping[str, object]) -> Iterator[str]:
    """The amounts, in pence, and the texts of more than one word."""
    for value in weighed.values():
        if isinstance(value, dict) and "pence" in value:
            yield str(value["pence"])
        if isinstance(value, str) and " " in value:
            yield value
