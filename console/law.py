"""`assent law`: every value and control of the law and of schemes, looked up and explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from console import show
from console.law_calendar import calendar
from console.law_check import check
from console.law_impact import impact
from console.session import CSV, JSON, TABLE, Session, day, examples, in_session, reads
from rules.language.dated_values import Hole, Row, Value
from rules.language.pack_schema import ControlDeclaration
from rules.proving.catalogue import (
    KINDS,
    Entry,
    entries,
    find,
    in_words,
    set_over,
    standing_on,
    when_it_applies,
)
from rules.values.citation import Citation
from rules.values.money import Money
from rules.values.suggestions import did_you_mean
from rules.values.text import quoted

if TYPE_CHECKING:
    from rules.judging.rulebook import Control, Rulebook
    from rules.packs.library import Library
    from rules.packs.linker import Part

NOT_SET = "declared, not set"


@click.group(epilog=examples("assent law show procurement.threshold --on 2018-04-16"))
def law() -> None:
    """Values and requirements of the law and of schemes, with their citations."""


law.add_command(impact)
law.add_command(calendar)
law.add_command(check)


@law.command(
    "list",
    short_help="List every value and control.",
    epilog=examples("assent law list --kind value --pack public-contracts-2015"),
)
@click.option("--pack", metavar="PACK", help="Only what this pack declares.")
@click.option("--kind", type=click.Choice(KINDS), help="Only values, or only controls.")
@reads(TABLE, JSON, CSV)
@in_session
def list_(session: Session, pack: str | None, kind: str | None, form: str) -> None:
    """List every value and control, with its pack, its days in force and how well its source was checked."""
    found = list(entries(session.library.parts))
    _refuse_unknown(pack, session.library)
    kept = [entry for entry in found if pack in (None, entry.pack) and kind in (None, entry.kind)]
    heads = ("Id", "Kind", "Pack", "From", "To", "Basis", "Label")
    listed = [_line(entry, set_over(entry, found, session.library.taking)) for entry in kept]
    show.rows(heads, listed, form, "entries")


def _refuse_unknown(pack: str | None, library: Library) -> None:
    packs = dict.fromkeys(part.pack.pack for part in library.parts)
    if pack is not None and pack not in packs:
        raise click.UsageError(f"{quoted(pack, 120)} is not a pack. {did_you_mean(pack, packs)}".strip())


def _line(entry: Entry, setting: Sequence[Entry]) -> tuple[object, ...]:
    head = entry.id, entry.kind, entry.pack
    if setting:
        return (*head, f"set by {', '.join(one.pack for one in setting)}", "", [], entry.label)
    first = entry.first.isoformat() if entry.first else NOT_SET
    bases = list(dict.fromkeys(citation.basis for citation in entry.citations))
    return (*head, first, _day(entry.last), bases, entry.label)


def _day(given: date | None) -> str:
    return given.isoformat() if given else ""


@law.command(
    "show",
    short_help="Show the value or control ID as each pack has it.",
    epilog=examples("assent law show procurement.threshold --on 2018-04-16"),
)
@click.argument("name", metavar="ID")
@click.option("--on", "on", metavar="DAY", help="Only what is in force on this day. [default: the whole history]")
@reads(TABLE, JSON)
@in_session
def show_(session: Session, name: str, on: str | None, form: str) -> None:
    """Show the value or control ID as each pack has it: figures, days in force, citations.

    Where an authority sets a value, what it sets is shown, and by whom, not that it was declared without a figure.
    """
    asked = day(on)
    named = find(list(entries(session.library.parts)), name)
    found = standing_on([one for one in named if not set_over(one, named, session.library.taking)], asked)
    told = [_told(session.library, entry, asked) for entry in found]
    if form == JSON:
        show.as_json({"id": name, "on": asked and asked.isoformat(), "entries": told})
        return
    click.echo("\n\n".join(_printed(session.library, entry, asked) for entry in found))


def _told(library: Library, entry: Entry, on: date | None) -> dict[str, Any]:
    """An entry in the form that other programs read."""
    head = {"id": entry.id, "kind": entry.kind, "pack": entry.pack, "label": entry.label}
    declared = entry.declared
    if isinstance(declared, Value):
        rows = [_row(row) for row in entry.rows_on(on)]
        holes = [hole.model_dump(mode="json", by_alias=True) for hole in entry.holes_on(on)]
        value = {"of": declared.kind, "about": declared.about, "by": list(declared.by)}
        value |= {"unit": declared.unit} if declared.unit else {}
        value |= {"declared_by": entry.home.pack.pack} if entry.home else {}
        return {**head, **value, "rows": rows, "not_found": holes}
    own = declared.model_dump(mode="json", by_alias=True, exclude={"when", "requires", "unless"})
    return {**head, **own, "applies": _applies(library, entry), "requires": _requires(library, entry)}


def _row(row: Row) -> dict[str, Any]:
    money = {"pence": row.figure.pence, "vat": row.figure.vat.code} if isinstance(row.figure, Money) else {}
    return {
        "for": row.choices,
        "figure": row.figure if isinstance(row.figure, (bool, int)) else _figure(row.figure),
        **money,
        "operator": row.operator,
        "from": row.first.isoformat(),
        "to": _day(row.last) or None,
        "citation": row.citation.model_dump(),
    }


def _figure(figure: object) -> str:
    return figure.isoformat() if isinstance(figure, date) else str(figure)


def _printed(library: Library, entry: Entry, on: date | None) -> str:
    """An entry in the form that people read."""
    title = click.style(entry.id, bold=True)
    head = f"{title}  {entry.kind} of {_titled(entry.home or entry.part)}"
    if isinstance(entry.declared, Value):
        return f"{head}\n{_value_printed(library, entry, entry.declared, on)}"
    return f"{head}\n{show.labelled(_control_pairs(library, entry, entry.declared), '  ')}"


def _titled(part: Part) -> str:
    return f"{part.pack.title} ({part.pack.pack})"


def _set_by(library: Library, entry: Entry) -> str:
    """Which pack sets a value that another declares; empty where it is its own."""
    if not entry.home:
        return ""
    untaken = "" if library.taking(entry.file) else ", which no scheme takes, so that it does not count"
    return f"{_titled(entry.part)}{untaken}"


def _value_printed(library: Library, entry: Entry, value: Value, on: date | None) -> str:
    said = [
        ("label", value.label), ("about", value.about), ("by", ", ".join(value.by)), ("set by", _set_by(library, entry))
    ]  # fmt: skip
    pairs = [(label, words) for label, words in said if words]
    rows = entry.rows_on(on)
    if not rows:
        return show.labelled([*pairs, ("figure", NOT_SET)], "  ")
    heads = ("For", "Figure", "Operator", "From", "To", "Basis", "Provision")
    listed = [_row_printed(value, row) for row in rows]
    sources = dict.fromkeys(_source(row.citation) for row in rows)
    notes = dict.fromkeys(row.citation.note for row in rows if row.citation.note)
    holes = (("not found", _hole(hole)) for hole in entry.holes_on(on))
    below = [*(("source", source) for source in sources), *(("note", note) for note in notes), *holes]
    return f"{show.labelled(pairs, '  ')}\n\n{show.table(heads, listed)}\n\n{show.labelled(below, '  ')}"


def _hole(hole: Hole) -> str:
    whom = f"for {', '.join(hole.choices.values())}, " if hole.choices else ""
    return f"{whom}from {hole.first.isoformat()} to {hole.last.isoformat()}: {hole.why}"


def _row_printed(value: Value, row: Row) -> tuple[str, ...]:
    return (
        ", ".join(row.choices.values()) or "all", value.say(row.figure), (row.operator or "").replace("_", " "),
        row.first.isoformat(), _day(row.last) or "open", row.citation.basis, row.citation.provision,
    )  # fmt: skip


def _source(citation: Citation) -> str:
    return f"{citation.instrument} <{citation.link}>" if citation.link else citation.instrument


def _clause(citation: Citation) -> str:
    link = f" <{citation.link}>" if citation.link else ""
    note = f" – {citation.note}" if citation.note else ""
    return f"{citation.instrument}, {citation.provision}{link}{note}"


def _control_pairs(library: Library, entry: Entry, declared: ControlDeclaration) -> Iterator[tuple[str, object]]:
    yield "requires", declared.requirement
    yield "wrong", declared.wrong
    yield "cure", declared.cure
    yield "of", "the case" if declared.of == "case" else f"each {declared.of}"
    for place, line in enumerate(_applies(library, entry)):
        yield "" if place else "applies", line
    for place, line in enumerate(_requires(library, entry)):
        yield "" if place else "asks that", line
    yield "gates", ", ".join(declared.gates)
    yield "severity", declared.severity
    yield "in force", _period(declared)
    yield "by the day", declared.governed_by
    yield "clause", _clause(declared.citation)
    yield "basis", declared.citation.basis


def _period(declared: ControlDeclaration) -> str:
    first, last = declared.in_force.first.isoformat(), _day(declared.in_force.last)
    return f"from {first} to {last}" if last else f"from {first}"


def _read(library: Library, entry: Entry) -> tuple[Rulebook, Control] | None:
    """A control as the first scheme that takes its pack reads it; None where none does."""
    for name in library.taking(entry.part.source.name):
        book = library.scheme(name).rulebook
        return book, book.controls[entry.id]
    return None


def _applies(library: Library, entry: Entry) -> list[str]:
    read = _read(library, entry)
    return list(in_words(when_it_applies(read[1]), read[0].facts)) or ["always"] if read else _unread(entry)


def _requires(library: Library, entry: Entry) -> list[str]:
    read = _read(library, entry)
    return list(in_words(read[1].requires, read[0].facts)) if read else _unread(entry)


def _unread(entry: Entry) -> list[str]:
    return [f"no scheme takes the pack {entry.pack}, so that its conditions are not read"]


@law.command(short_help="Explain CONTROL in full.", epilog=examples("assent law explain procurement.route_stated"))
@click.argument("control")
@reads(TABLE, JSON)
@in_session
def explain(session: Session, control: str, form: str) -> None:
    """Explain CONTROL in full: what it asks, of which facts, when, why, and which worked examples prove it."""
    found = find(list(entries(session.library.parts)), control, "control")
    told = [_explained(session.library, entry) for entry in found]
    if form == JSON:
        show.as_json({"control": control, "entries": told})
    else:
        click.echo("\n\n".join(map(_prose, told)))


def _explained(library: Library, entry: Entry) -> dict[str, Any]:
    """A control, the facts and values that it asks, and its examples."""
    read = _read(library, entry)
    facts = {fact: read[0].facts[fact].label for fact in read[1].facts} if read else {}
    values = list(read[1].values) if read else []
    proofs = list(_proofs(library, entry))
    return {**_told(library, entry, None), "facts": facts, "values": values, "examples": proofs}


def _proofs(library: Library, entry: Entry) -> Iterator[dict[str, str]]:
    """The worked examples that ask about a control: name, subject and outcome."""
    from rules.packs.example_schema import examples_in

    files = {file: data for name in library.taking(entry.part.source.name)
             for file, data in library.examples(name).items()}  # fmt: skip
    for file, example in examples_in(files):
        for asked, outcome in example.then.items():
            name, _, subject = asked.partition("@")
            if name == entry.id:
                yield {"example": example.name, "file": file, "subject": subject or "case", "outcome": outcome}


def _prose(told: dict[str, Any]) -> str:
    """A control in sentences."""
    cited = Citation.model_validate(told["citation"])
    of = "the case" if told["of"] == "case" else f"each {told['of']}"
    period = told["in_force"]
    days = f"from {period['from']}" + (f" to {period['to']}" if period["to"] else "")
    weight = "keeps the gate shut" if told["severity"] == "blocking" else "is a warning, and shuts no gate"
    pairs = [
        ("It requires", f"{told['requirement']} It is asked of {of}."),
        ("Its source", _clause(cited)),
        ("", _CHECKED[cited.basis]),
        ("Its days", f"In force {days}, by the day in {told['governed_by']}."),
        *_listed("It applies", told["applies"]),
        *_listed("It asks that", told["requires"]),
        ("Where not", f"{told['wrong']} A breach {weight}: {', '.join(told['gates'])}."),
        ("The cure", told["cure"]),
        *_listed("Its facts", [f"{fact}: {label}" for fact, label in told["facts"].items()]),
        *_listed("Its values", told["values"]),
        *_listed("Its proof", [f"{one['outcome'].replace('_', ' ')}: {one['example']}" for one in told["examples"]]),
    ]
    return f"{click.style(told['id'], bold=True)}  of {told['pack']}\n{show.labelled(pairs, '  ')}"


_CHECKED = {
    "read": "The text itself was read.",
    "secondary": "An account of the text was read, not the text itself.",
    "unverified": "It was not verified.",
}


def _listed(label: str, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for place, line in enumerate(lines):
        yield ("" if place else label), line
