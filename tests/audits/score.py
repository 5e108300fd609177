"""Score the audit against published decisions in which a reader found anomalies before any audit judged them.

Run it as `python -m tests.audits.score`; `--list` shows what stands behind each figure, and `--list third` that of one
further set alone.

- A breach is right if it quotes the words of an anomaly at its place, or names what the anomaly says is missing. It may
  be plain or arguable, and go by another name.
- Recall counts plain anomalies alone. Precision counts every breach.
- Decisions with an odd number were used to build the controls. Those with an even one, or none, only measure them.
- Each further set was read after the controls were written, and its kinds of fault were mended then. It has a line of
  its own and is in no other figure.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, NamedTuple

from rules.judging.findings import Finding
from rules.reading.yaml_reader import read_yaml
from tests.workflow.walk import new_services
from workflow.services.commands import Services
from workflow.services.paper_audit import audit_paper

HERE = Path(__file__).parent
PUBLISHED = HERE / "published"
SAMPLES = HERE.parents[2] / "shared" / "samples" / "decisions"
"""Five further decisions that are kept beside the project; left out where they are not there."""
EXPECTED = ".expected.yaml"
_DECIDERS = ("decision", "dmpc", "deputy_mayor", "commissioner")
DECIDER_PLACES = {
    "act.by": tuple(f"{stage}.by" for stage in _DECIDERS),
    "act.role": tuple(f"{stage}.role" for stage in _DECIDERS),
}
"""For what is known of who acts: where a paper states it of whoever decided."""
MISSING_PLACES = {
    **DECIDER_PLACES,
    "recommendations.number_stated": ("recommendation:r1.text",),
    "consistency.legal_under_finance": ("form.legal", "report.legal"),
}
"""For a fact that shows that something is missing: where that would stand."""
COMPARED_PLACES = dict.fromkeys(
    (
        "consistency.begins_on",
        "consistency.contract_ends_on",
        "consistency.approved_until",
        "consistency.decided_in_text",
    ),
    ("decided_on",),
)
"""For a day that was read from a text, the day with which it is compared."""
_WORDS_OF_OPENING = 12
_QUOTED = re.compile(r"(?P<place>[a-z0-9_]+(?::[a-z0-9_-]+)?(?:\.[a-z0-9_]+)?): “(?P<words>[^”]*)”")
_WORD = re.compile(r"£?\w[\w,.]*\w|\w")
_MONTH_FIRST = re.compile(r"\b([A-Z][a-z]+) ([0-9]{1,2}), ([0-9]{4})\b")
"""A day as in March 31, 2020; a finding has it as 31 March 2020."""


class Breach(NamedTuple):
    """A breach, with the places that it quotes and the words there; no words for a fact that is not stated."""

    control: str
    subject: str
    quotes: tuple[tuple[str, str], ...]


class Anomaly(NamedTuple):
    """What a reader found: its kind, its places, the words there, and whether the text alone shows it."""

    kind: str
    places: tuple[str, ...]
    words: tuple[str, ...]
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """One decision with its breaches and its anomalies, and which of them match."""

    entry: str
    breaches: tuple[Breach, ...]
    anomalies: tuple[Anomaly, ...]

    @property
    def is_for_building(self) -> bool:
        """Whether the controls were built with it: the last number of its name is odd."""
        numbers = re.findall(r"[0-9]+", self.entry)
        return bool(numbers) and int(numbers[-1]) % 2 == 1

    @property
    def right(self) -> list[Breach]:
        """The breaches that match an anomaly."""
        return [breach for breach in self.breaches if any(matches(breach, one) for one in self.anomalies)]

    @property
    def plain(self) -> list[Anomaly]:
        """The anomalies that the text alone shows."""
        return [one for one in self.anomalies if one.is_plain]

    @property
    def found(self) -> list[Anomaly]:
        """The plain anomalies that a breach matches."""
        return [one for one in self.plain if any(matches(breach, one) for breach in self.breaches)]


class Figures(NamedTuple):
    """How many breaches are right, of how many, and how many plain anomalies were found, of how many."""

    right: int
    raised: int
    found: int
    plain: int

    @property
    def precision(self) -> Fraction:
        """The share of breaches that are right."""
        return Fraction(self.right, self.raised or 1)

    @property
    def recall(self) -> Fraction:
        """The share of plain anomalies that were found."""
        return Fraction(self.found, self.plain or 1)

    def __str__(self) -> str:
        precision, recall = (round(100 * share) for share in (self.precision, self.recall))
        return (
            f"precision {precision} % ({self.right} of {self.raised} breaches), "
            f"recall {recall} % ({self.found} of {self.plain} plain anomalies)"
        )


def matches(breach: Breach, anomaly: Anomaly) -> bool:
    """Return whether a breach is about the words of an anomaly at its place, or about what it says is missing."""
    if not anomaly.words:
        return any(place in anomaly.places for place, _ in breach.quotes)
    return any(
        place in anomaly.places and any(_share_words(quoted, words) for words in anomaly.words)
        for place, quoted in breach.quotes
    )


def _share_words(quoted: str, expected: str) -> bool:
    """Return whether two excerpts of a text are about the same words: a figure, or two words in a row."""
    texts = (_MONTH_FIRST.sub(r"\2 \1 \3", text).casefold() for text in (quoted, expected))
    ours, theirs = map(_WORD.findall, texts)
    if len(ours) == 1 or len(theirs) == 1:
        return bool(set(ours) & set(theirs))
    figures = {word for word in ours if word.startswith("£")} & {word for word in theirs if word.startswith("£")}
    return bool(figures or set(pairwise(ours)) & set(pairwise(theirs)))


def score_all(services: Services, entries: Iterable[tuple[Path, Path]] | None = None) -> Iterator[Scored]:
    """Audit decisions and match their breaches with what is expected; without others, those of the first set."""
    for entry, expected in entries or find_entries():
        audit = audit_paper(services, entry.read_bytes(), entry.name)
        findings = (audited.finding for audited in audit.findings if audited.finding.outcome == "breached")
        openings = _read_openings(entry)
        breaches = tuple(_as_breach(finding, openings.get(finding.subject, "")) for finding in findings)
        yield Scored(entry.stem, breaches, tuple(_read_anomalies(expected)))


FIRST_SET = ((PUBLISHED, PUBLISHED), (PUBLISHED / "samples", SAMPLES))
FURTHER_SETS = {
    name: ((PUBLISHED / name, PUBLISHED / name),) for name in ("second", "third", "fourth", "fifth", "sixth")
}


def find_entries(of_set: Iterable[tuple[Path, Path]] = FIRST_SET) -> Iterator[tuple[Path, Path]]:
    """Yield each decision of a set with the file of its expected anomalies."""
    for folder, entries in of_set:
        for expected in sorted(folder.glob(f"*{EXPECTED}")):
            entry = entries / expected.name.replace(EXPECTED, ".yaml")
            if entry.exists():
                yield entry, expected


def _read_anomalies(path: Path) -> Iterator[Anomaly]:
    content: dict[str, Any] = dict(read_yaml(path.read_bytes(), path.name, scalars_as_text=True).data)
    for one in content["anomalies"]:
        yield Anomaly(one["kind"], tuple(one["place"]), tuple(one["words"]), one["certainty"] == "plain")


def _read_openings(path: Path) -> dict[str, str]:
    """Return the first words of each recommendation, by its subject: its verb is among them or missing there."""
    content: dict[str, Any] = dict(read_yaml(path.read_bytes(), path.name, scalars_as_text=True).data)
    stated = content["public"].get("recommendation", {})
    return {
        f"recommendation:{key}": " ".join(str(one.get("text", "")).split()[:_WORDS_OF_OPENING])
        for key, one in stated.items()
    }


def _as_breach(finding: Finding, opening: str) -> Breach:
    quotes: list[tuple[str, str]] = []
    for row in finding.as_json()["facts"]:
        fact, actual = str(row["fact"]), row["actual"]
        if fact == "recommendation.opening":
            quotes.append((f"{finding.subject}.text", opening))
        quoted_there = [(quoted["place"], quoted["words"]) for quoted in _QUOTED.finditer(str(actual or ""))]
        quotes += [
            (_address(finding.subject, place), words)
            for at, words in quoted_there
            for place in (at, *DECIDER_PLACES.get(at, ()))
        ]
        quotes += [(place, "") for place in MISSING_PLACES.get(fact, ())]
        quotes += [(place, str(actual)) for place in COMPARED_PLACES.get(fact, ()) if actual is not None]
        quotes.append((_address(finding.subject, fact), str(actual if actual is not None else "")))
    return Breach(finding.control, finding.subject, tuple(quotes))


def _address(subject: str, fact: str) -> str:
    kind, _, name = fact.partition(".")
    return f"{subject}.{name}" if subject.startswith(f"{kind}:") else fact


def add_up(scored: Iterable[Scored]) -> Figures:
    """Return the figures of some decisions together."""
    rows = [(len(one.right), len(one.breaches), len(one.found), len(one.plain)) for one in scored]
    return Figures(*map(sum, zip(*rows, strict=True))) if rows else Figures(0, 0, 0, 0)


def describe(
    scored: list[Scored], further: Mapping[str, list[Scored]] = MappingProxyType({}), *, with_list: bool
) -> Iterator[str]:
    """Yield the lines of the report: all decisions, those used for building, those only measured, each further set."""
    first = {
        "all": scored,
        "built with (odd)": [one for one in scored if one.is_for_building],
        "only measured": [one for one in scored if not one.is_for_building],
    }
    parts = {**(first if scored else {}), **{f"{name} set": of_set for name, of_set in further.items()}}
    for name, part in parts.items():
        yield f"{name}: {len(part)} decisions, {add_up(part)}"
    for one in [*scored, *chain(*further.values())] if with_list else ():
        for breach in one.breaches:
            label, place = "right" if breach in one.right else "wrong", next(iter(breach.quotes), "")
            yield f"{label}: {one.entry}: {breach.control} {breach.subject}: {place}"
        for anomaly in one.plain:
            if anomaly not in one.found:
                yield f"missed: {one.entry}: {anomaly.kind} at {', '.join(anomaly.places)}: {anomaly.words}"


def main(arguments: list[str]) -> None:
    """Write the report of all sets, or of one further set."""
    chosen = [name for name in FURTHER_SETS if name in arguments]
    with TemporaryDirectory() as folder:
        services = new_services(Path(folder) / "score.db")
        first = [] if chosen else list(score_all(services))
        further = {name: list(score_all(services, find_entries(FURTHER_SETS[name]))) for name in chosen or FURTHER_SETS}
        lines = list(describe(first, further, with_list="--list" in arguments))
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    main(sys.argv[1:])
