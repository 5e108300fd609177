"""What was read of the law, for people: the words that a source turns on, the day of reading, and how much was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from console import output
from rules.proving.reading_coverage import ReadingCount, format_share


def reading_pairs(source: dict[str, Any], unread: str) -> Iterator[tuple[str, str]]:
    """Yield the lines about a source: any sign-off, its words and the day of reading, and where it stood on the day.

    `unread` says how it was checked where no passage was read.
    """
    reading, link = source["reading"], source["point_in_time"]
    signed = source["citation"]["signed_off"]
    if signed:
        note = f". {signed['note']}" if signed["note"] else ""
        yield "Signed off", f"by {signed['by']} on {signed['on']}{note}"
    if reading:
        yield "Words", f"“{reading['words']}”"
        yield "Read", _format_reading(reading)
    else:
        yield "", unread
    if link and (not reading or link != reading["link"]):
        yield "On the first day", link


def _format_reading(reading: dict[str, Any]) -> str:
    """Return when a passage was read and in which version, with its link and the start of its digest."""
    version = reading["version"]
    stood = f"as {version}" if version.isalpha() else f"as it stood on {version}"
    since = f", the same words since {reading['since']} or earlier" if reading["since"] else ""
    return f"on {reading['on']}, {stood}{since} <{reading['link']}> (passage {reading['digest'][:12]})"


def format_value(explanation: dict[str, Any]) -> str:
    """Return a value with each of its figures: the days, the clause, and what was read for it."""
    head = f"{click.style(explanation['id'], bold=True)}  of {explanation['pack']}"
    about = [("Label", explanation["label"]), *([("About", explanation["about"])] if explanation["about"] else [])]
    rows = [output.format_pairs(list(_row_pairs(row)), "  ") for row in explanation["rows"]]
    return "\n\n".join([f"{head}\n{output.format_pairs(about, '  ')}", *rows])


def _row_pairs(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    cited = row["citation"]
    operator = f"{row['operator'].replace('_', ' ')} " if row["operator"] else ""
    choices = f" for {', '.join(row['for'].values())}" if row["for"] else ""
    yield "Figure", f"{operator}{row['figure']}{choices}"
    yield "In force", f"from {row['from']}" + (f" to {row['to']}" if row["to"] else "")
    yield "Source", f"{cited['instrument']}, {cited['provision']}"
    yield from reading_pairs(row, f"Basis: {cited['basis']}.")
    if cited["note"]:
        yield "Note", cited["note"]


READING_HEADS = ("Pack", "Citations", "Read", "Secondary", "Unverified", "With text", "With passage", "Share")
_SUMMED = ("citations", "read", "secondary", "unverified", "with_text", "passages")


def reading_rows(counts: Sequence[ReadingCount]) -> list[list[object]]:
    """Return the rows of the table of readings, the last one with the sums."""
    rows: list[list[object]] = [list(count.as_json().values())[: len(READING_HEADS)] for count in counts]
    *sums, with_text, passages = [sum(getattr(count, name) for count in counts) for name in _SUMMED]
    return [*rows, ["all", *sums, with_text, passages, format_share(passages, with_text)]]


def format_without_text(counts: Sequence[ReadingCount]) -> str:
    """Return the instruments whose text is not at hand, each with the packs that cite it."""
    cited: dict[str, list[str]] = {}
    for count in counts:
        for instrument in count.without_text:
            cited.setdefault(instrument, []).append(count.pack)
    lines = [f"  {instrument} ({', '.join(packs)})" for instrument, packs in sorted(cited.items())]
    return "\n".join(["No text at hand, so nothing read is kept of:", *lines]) if lines else ""
