"""The proof of every scheme, as `scheme check` and `law check` ask for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from console import show
from rules.errors import PackError

if TYPE_CHECKING:
    from rules.packs.library import Library
    from rules.proving.examples import Proof


def proved(library: Library) -> dict[str, Proof]:
    """The proof of every scheme by its name; raises `PackError` with every fault of the packs and of their proof.

    On standard error is told what nothing proves, and, where that is a terminal, how far the work has come.
    """
    faults = list(library.faults)
    found: dict[str, Proof] = {}
    for name in library.schemes():
        try:
            found[name] = _proof(library, name)
            faults += found[name].faults
        except PackError as error:  # what is wrong with one scheme does not hide what is wrong with the next
            faults += error.faults
    if faults:
        raise PackError(faults)
    _tell_what_is_not_proved(library, found)
    return found


def _proof(library: Library, name: str) -> Proof:
    from rules.proving.examples import prove

    scheme, watch = library.scheme(name), partial(show.watched, label=f"Proving {name}")
    return prove(scheme, library.examples(name), library.bundle(name).parts(), library.older(name), watch)


def _tell_what_is_not_proved(library: Library, found: dict[str, Proof]) -> None:
    for file in library.untaken():
        show.warning(f"{file} is taken by no scheme: it was read by itself, and nothing of it is proved")
    for scheme, proof in found.items():
        if proof.unproved:
            names = ", ".join(sorted(_set_or_cited(library, scheme) & {fault.key for fault in proof.unproved}))
            show.warning(f"as a further folder sets or cites it, no example proves {names}", scheme)
            click.echo(
                "Examples stand beside what they prove, as our-limits.examples.yaml beside our-limits.yaml.", err=True
            )


def _set_or_cited(library: Library, scheme: str) -> set[str]:
    """What the packs of a scheme set or cite of what others declare."""
    packs = [part.pack for part in library.bundle(scheme).parts()]
    return {name for pack in packs for name in (*pack.sets, *pack.cites)}
