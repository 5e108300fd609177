"""`assent law check`: the law proved by its worked examples, and whether they notice when it is written wrongly."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from console import show
from console.proof_progress import proved
from console.session import JSON, TABLE, Session, examples, in_session, reads
from rules.proving.catalogue import BASES, by_basis, entries

if TYPE_CHECKING:
    from rules.packs.library import Library
    from rules.proving.examples import Proof
    from rules.proving.mutations import Score


@click.command(short_help="Prove the law, and count how it was checked.", epilog=examples("assent law check --mutants"))
@click.option("--mutants", is_flag=True, help="Also try whether the examples notice the law written wrongly.")
@reads(TABLE, JSON)
@in_session
def check(session: Session, mutants: bool, form: str) -> None:
    """Prove the law: tables without gaps or dead rows, examples on both sides of every boundary, all of it cited.

    Every fault is listed, with file, line and key. The counts say on what basis citations rest.
    """
    library = session.library
    proofs = proved(library)
    scores = _scores(library, proofs) if mutants else {}
    listed = [_counted(library, part.pack.pack) for part in library.parts]
    heads = ("Pack", "Values", "Rows", "Controls", *(basis.capitalize() for basis in BASES), "Proved by")
    if form == JSON:
        keys = [head.lower().replace(" ", "_") for head in heads]
        told = {name: {"caught": score.caught, "of": score.made} for name, score in scores.items()}
        show.as_json({"packs": [dict(zip(keys, row, strict=True)) for row in listed], "mutants": told})
        return
    show.rows(heads, listed, form, "packs")
    for name, score in scores.items():
        click.echo(f"{name}: {score}")


def _counted(library: Library, pack: str) -> tuple[object, ...]:
    """A pack by what it holds, on what basis, and by the examples of which schemes it is proved."""
    found = [entry for entry in entries(library.parts) if entry.pack == pack]
    values = [entry for entry in found if entry.kind == "value"]
    rows = sum(len(entry.citations) for entry in values)
    file = next(part.source.name for part in library.parts if part.pack.pack == pack)
    taking = library.taking(file) or ["no scheme takes it"]
    return (pack, len(values), rows, len(found) - len(values), *by_basis(found).values(), taking)


def _scores(library: Library, proofs: Mapping[str, Proof]) -> dict[str, Score]:
    """How the examples of every scheme judge wrong versions of it; raises `PackError` where one goes unnoticed.

    They are wrong versions of what was there before a further folder sets or cites anything.
    """
    from rules.errors import Fault, PackError
    from rules.proving import mutations

    faults: list[Fault] = []
    scores: dict[str, Score] = {}
    for name, proof in proofs.items():
        found = _watched(name, mutations.mutants(library.older(name).bare.rulebook, proof.shown))
        scores[name] = mutations.score(found, proof.equivalent)
        home = f"schemes/{name}/examples.yaml"
        faults += [Fault(home, 0, missed, "no example notices that") for missed in scores[name].missed]
        stale = "is called equivalent, but is caught after all, or there is no such mutant"
        faults += [Fault(home, 0, one, stale) for one in scores[name].not_equivalent]
    if faults:
        raise PackError(faults)
    return scores


def _watched(name: str, found: Iterator[Any]) -> Iterator[Any]:
    """The mutants as they are judged, counted on standard error where that is a terminal."""
    watching = sys.stderr.isatty()
    for number, mutant in enumerate(found, start=1):
        if watching and number % 100 == 0:
            click.echo(f"\r{name}: {number:,} mutants", err=True, nl=False)
        yield mutant
    if watching:
        click.echo("\r", err=True, nl=False)
