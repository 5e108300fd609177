"""`assent law check`: prove the law by its worked examples, and try whether they notice mistakes in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from console import output
from console.law_readings import READING_HEADS, format_without_text, reading_rows
from console.output_formats import CSV, JSON, TABLE
from console.proof_progress import print_proof_warnings
from console.session import Session, format_option, help_examples, pass_session
from rules.proving.pack_summaries import summarize_packs
from rules.proving.reading_coverage import ReadingCount, count_readings, find_uncited, find_unread

if TYPE_CHECKING:
    from rules.proving.mutations import Mutant

_MUTANTS_BETWEEN_COUNTS = 100


@click.command(
    short_help="Prove the law, and count how it was checked.", epilog=help_examples("assent law check --mutants")
)
@click.option("--mutants", is_flag=True, help="Also try whether the examples notice mistakes in the law.")
@click.option("--readings", is_flag=True, help="Only count what was read at the source, pack by pack.")
@format_option(TABLE, JSON, CSV)
@pass_session
def check(session: Session, mutants: bool, readings: bool, output_format: str) -> None:
    """Prove the law by the worked examples of every scheme.

    Tables have no gaps and no rows that cannot be reached, examples stand on both sides of every boundary, and
    everything is cited. Every fault is listed, with file, line and key. The counts show the basis of citations.

    Each citation that says it was read, though no reading of it is kept, is named on standard error.
    """
    from decisions.proving.flow_mutants import run_flow_mutants
    from decisions.proving.walk_proof import prove_walks
    from rules.proving.mutation_scores import MutationReport, score_schemes
    from rules.proving.scheme_proof import prove_schemes

    library = session.library
    unread = (*find_unread(library), *find_uncited(library))
    for fault in unread:
        output.print_warning(str(fault))
    if readings:
        _print_readings(count_readings(library), output_format)
        return
    report = prove_schemes(library, library.schemes(), output.with_progress, prove_walks)
    print_proof_warnings(report)
    scores = MutationReport({})
    if mutants:
        scores = score_schemes(library, report, _with_mutant_progress, run_flow_mutants)
    packs = [pack.as_json() for pack in summarize_packs(library)]
    if output_format == JSON:
        counted = [count.as_json() for count in count_readings(library)]
        output.print_json({"packs": packs, "readings": counted, "mutants": scores.as_json()})
        return
    heads = [key.replace("_", " ").capitalize() for key in packs[0]]
    output.print_rows(heads, [list(pack.values()) for pack in packs], output_format, "packs")
    for name, score in scores.scores.items():
        click.echo(f"{name}: {score}")


def _print_readings(counts: Sequence[ReadingCount], output_format: str) -> None:
    if output_format == JSON:
        output.print_json({"readings": [count.as_json() for count in counts]})
    else:
        output.print_rows(READING_HEADS, reading_rows(counts), output_format, "packs")
        click.echo(f"\n{format_without_text(counts)}".rstrip(), err=output_format == CSV)


def _with_mutant_progress(scheme: str, mutants: Iterator[Mutant]) -> Iterator[Mutant]:
    """Yield the mutants as they are judged, counted on standard error where that is a terminal."""
    is_terminal = sys.stderr.isatty()
    for number, mutant in enumerate(mutants, start=1):
        if is_terminal and number % _MUTANTS_BETWEEN_COUNTS == 0:
            click.echo(f"\r{scheme}: {number:,} mutants", err=True, nl=False)
        yield mutant
    if is_terminal:
        click.echo("\r", err=True, nl=False)
