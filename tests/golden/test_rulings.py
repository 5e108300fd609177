"""Recorded rulings come out the same, byte for byte, by today's code and the packs of their day.

To add rulings: python -m tests.golden.rulings. None is ever overwritten. Until the first release, --anew records all of
them again by the packs as they are.
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
from workflow.cases.ruling import serialize_ruling
from workflow.ledger.canonical_json import deserialize_facts, to_canonical_json

HERE = Path(__file__).parent / "rulings"
CORPUS = sorted((HERE / "rulings").glob("*.json"))
MINIMUM_RULINGS = 40
SCHEMES = ("gla", "lfc", "mopac")


@cache
def load_packs(digest: str) -> Bundle:
    """The packs of a digest that are kept beside the rulings."""
    folder = HERE / "packs" / digest
    return Bundle({path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.yaml")})


@cache
def load_ruling(path: Path) -> dict[str, Any]:
    """A kept ruling with its evidence."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_kept_ruling_comes_out_the_same(path: Path) -> None:
    content = load_ruling(path)
    bundle = load_packs(content["ruling"]["packs"])
    assert bundle.digest == content["ruling"]["packs"]
    again = judge_again(
        content["ruling"], content["texts"], deserialize_facts(content["weighed"]), content["salt"], bundle
    )
    assert (to_canonical_json({**content, "ruling": again.as_receipt()}) + "\n").encode() == path.read_bytes()
    assert serialize_ruling(again) == to_canonical_json(again.as_receipt())


def test_there_are_enough_rulings_of_open_and_shut_gates() -> None:
    outcomes = Counter(path.stem.rpartition("-")[2] for path in CORPUS)
    assert len(CORPUS) >= MINIMUM_RULINGS
    assert min(outcomes["open"], outcomes["refused"]) >= MINIMUM_RULINGS // 3


def rulings_of(scheme: str) -> list[dict[str, Any]]:
    """The rulings of a scheme."""
    return [
        content["ruling"]
        for content in map(load_ruling, CORPUS)
        if load_packs(content["ruling"]["packs"]).scheme().id == scheme
    ]


def test_there_are_rulings_of_every_authority() -> None:
    assert {load_packs(load_ruling(path)["ruling"]["packs"]).scheme().id for path in CORPUS} == set(SCHEMES)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_there_are_rulings_of_every_gate(scheme: str) -> None:
    gates = {ruling["gate"] for ruling in rulings_of(scheme)}
    actions = load_packs(rulings_of(scheme)[0]["packs"]).scheme().declaration.actions
    assert gates == {"amend", *(action.gate for action in actions.values())}


@pytest.mark.parametrize("part", ["facts", "weighed"])
def test_there_are_rulings_on_every_kind_of_fact_in_each_part(part: str) -> None:
    kinds = {
        "money" if isinstance(value, dict) and "pence" in value else type(value).__name__
        for path in CORPUS
        for value in (
            load_ruling(path)["ruling"]["facts"] if part == "facts" else load_ruling(path)["weighed"]
        ).values()
    }
    assert kinds == {"money", "dict", "bool", "int", "str"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_there_are_findings_of_every_outcome(scheme: str) -> None:
    outcomes_found = {
        (finding["severity"], finding["outcome"]) for ruling in rulings_of(scheme) for finding in ruling["findings"]
    }
    outcomes = {"satisfied", "breached", "undetermined", "not_applicable"}
    assert {outcome for severity, outcome in outcomes_found if severity == "blocking"} == outcomes
    assert {outcome for severity, outcome in outcomes_found if severity == "warning"} >= outcomes - {"undetermined"}


def test_every_kept_pack_is_named_by_a_ruling() -> None:
    named = {load_ruling(path)["ruling"]["packs"] for path in CORPUS}
    assert {folder.name for folder in (HERE / "packs").iterdir()} == named


def test_no_ruling_repeats_its_evidence_in_part_2() -> None:
    pairs = [
        (exempt, to_canonical_json(load_ruling(path)["ruling"]))
        for path in CORPUS
        for exempt in _distinctive_texts(load_ruling(path)["weighed"])
    ]
    assert {"The supplier", "245000000"} <= {exempt for exempt, _ in pairs}
    assert [exempt for exempt, ruling in pairs if exempt in ruling] == []


def _distinctive_texts(exempt_evidence: Mapping[str, object]) -> Iterator[str]:
    """The amounts in pence and the texts of more than one word, which no public text has by chance."""
    for value in exempt_evidence.values():
        if isinstance(value, dict) and "pence" in value:
            yield str(value["pence"])
        if isinstance(value, str) and " " in value:
            yield value
