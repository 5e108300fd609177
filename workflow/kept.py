"""The scheme to read a case by: that of today, or where none bears its name the one that its last packs make."""

from __future__ import annotations

from rules.scheme import Scheme
from workflow.ports import Library, Reading, Store
from workflow.record import as_readable, body_of


def scheme_of(case: str, scheme: str, record: Reading, library: Library, store: Store) -> tuple[Scheme | None, str]:
    """The scheme to read a case by, and what must be known of that: nothing where it is the scheme of today.

    No other scheme ever takes its place. Where neither it nor the last packs of the case are there, it is none.
    """
    if scheme in library.schemes():
        return library.scheme(scheme), ""
    last = record.stream(case)[-1]
    with as_readable(last):
        packs = str(body_of(last)["packs"])
    bundle = store.bundle(packs)
    unknown = f"its scheme {scheme} is not known here (give its folder with --packs)"
    if bundle is None:
        return None, f"{unknown}, and its packs {packs[:12]} are not kept"
    return bundle.scheme(), f"{unknown}: it is read by the packs {packs[:12]} of {last.on}"
