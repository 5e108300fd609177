"""`assent law check`: the law proved by its worked examples, and whether they notice when it is written wrongly."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from console import output
from console.proof_progress import verify_schemes
from console.session import JSON, TABLE, Session, format_option, help_examples, pass_session
from rules.proving.catalogue import BASES, catalogue_entries, count_by_basis

if TYPE_CHECKING:
    from rules.packs.library import Library
    from rules.proving.examples import ExampleReport
    from rules.proving.mutations import MutationScore


@click.command(
    short_help="Prove the law, and count how it was checked.", epilog=help_examples("assent law check --mutants")
)
@click.option("--mutants", is_flag=True, help="Also try whether the examples notice the law written wrongly.")
@format_option(TABLE, JSON)
@pass_session
def check(session: Session, mutants: bool, output_format: str) -> None:
    """Prove the law: tables without gaps or dead rows, examples on both sides of every boundary, all of it cited.

    Every fault is listed, with file, line and key. The counts say on what basis citations rest.
    """
    library = session.library
    proofs = verify_schemes(library)
    scores = _score_mutants(library, proofs) if mutants else {}
    listed = [_pack_row(library, part.pack.pack) for part in library.pack_files]
    heads = ("Pack", "Values", "Rows", "Controls", *(basis.capitalize() for basis in BASES), "Proved by")
    if output_format == JSON:
        keys = [head.lower().replace(" ", "_") for head in heads]
        told = {name: {"caught": score.caught, "of": score.total} for name, score in scores.items()}
        output.print_json({"packs": [dict(zip(keys, row, strict=True)) for row in listed], "mutants": told})
        return
    output.print_rows(heads, listed, output_format, "packs")
    for name, score in scores.items():
        click.echo(f"{name}: {score}")


def _pack_row(library: Library, pack: str) -> tuple[object, ...]:
    """A pack by what it holds, on what basis, and by the examples of which schemes it is proved."""
    found = [entry for entry in catalogue_entries(library.pack_files) if entry.pack == pack]
    values = [entry for entry in found if entry.kind == "value"]
    rows = sum(len(entry.citations) for entry in values)
    file = next(part.source.name for part in library.pack_files if part.pack.pack == pack)
    taking = library.schemes_using(file) or ["no scheme takes it"]
    return (pack, len(values), rows, len(found) - len(values), *count_by_basis(found).values(), taking)


def _score_mutants(library: Library, proofs: Mapping[str, ExampleReport]) -> dict[str, MutationScore]:
    """How the examples of every scheme judge wrong versions of it; raises `PackError` where one goes unnoticed.

    They are wrong versions of what was there before a further folder sets or cites anything.
    """
    from rules.errors import Fault, PackError
    from rules.proving import mutations

    faults: list[Fault] = []
    scores: dict[str, MutationScore] = {}
    for name, proof in proofs.items():
        found = _with_mutant_progress(
            name, mutations.run_mutants(library.base_scheme(name).scheme.rulebook, proof.runs)
        )
        scores[name] = mutations.score_mutants(found, proof.equivalent_mutants)
        home = f"schemes/{name}/examples.yaml"
        faults += [Fault(home, 0, missed, "no example notices that") for missed in scores[name].missed]
        stale = "is called equivalent, but is caught after all, or there is no such mutant"
        faults += [Fault(home, 0, one, stale) for one in scores[name].not_equivalent]
    if faults:
        raise PackError(faults)
    return scores


def _with_mutant_progress(scheme_name: str, mutants: Iterator[Any]) -> Iterator[Any]:
    """The mutants as they are judged, counted on standard error where that is a terminal."""
    watching = sys.stderr.isatty()
    for number, mutant in enumerate(mutants, start=1):
        if watching and number % 100 == 0:
            click.echo(f"\r{scheme_name}: {number:,} mutants", err=True, nl=False)
        yield mutant
    if watching:
        click.echo("\r", err=True, nl=False)
