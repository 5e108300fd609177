"""The proof of every scheme, as `scheme check` and `law check` ask for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from console import output
from rules.errors import PackError

if TYPE_CHECKING:
    from rules.packs.library import Library
    from rules.proving.examples import ExampleReport


def verify_schemes(library: Library) -> dict[str, ExampleReport]:
    """The proof of every scheme by its name; raises `PackError` with every fault of the packs and of their proof.

    On standard error is told what nothing proves, and, where that is a terminal, how far the work has come.
    """
    faults = list(library.faults)
    found: dict[str, ExampleReport] = {}
    for name in library.schemes():
        try:
            found[name] = _prove_scheme(library, name)
            faults += found[name].faults
        except PackError as error:  # what is wrong with one scheme does not hide what is wrong with the next
            faults += error.faults
    if faults:
        raise PackError(faults)
    _warn_of_unproved(library, found)
    return found


def _prove_scheme(library: Library, name: str) -> ExampleReport:
    from rules.proving.examples import run_examples
    from rules.proving.scope import SchemeMaterial

    watch = partial(output.with_progress, label=f"Proving {name}")
    return run_examples(SchemeMaterial.load(library, name), watch=watch)


def _warn_of_unproved(library: Library, proofs: dict[str, ExampleReport]) -> None:
    for file in library.unused_files():
        output.print_warning(f"{file} is taken by no scheme: it was read by itself, and nothing of it is proved")
    for scheme, proof in proofs.items():
        if proof.unproved_boundaries:
            names = ", ".join(
                sorted(_names_set_or_cited(library, scheme) & {fault.key for fault in proof.unproved_boundaries})
            )
            output.print_warning(f"as a further folder sets or cites it, no example proves {names}", scheme)
            click.echo(
                "Examples stand beside what they prove, as our-limits.examples.yaml beside our-limits.yaml.", err=True
            )


def _names_set_or_cited(library: Library, scheme: str) -> set[str]:
    """What the packs of a scheme set or cite of what others declare."""
    packs = [part.pack for part in library.bundle(scheme).pack_files()]
    return {name for pack in packs for name in (*pack.sets, *pack.cites)}
