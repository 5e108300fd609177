"""By which packs a case is read: those of today, or where no scheme bears its name those that it was left under."""

from __future__ import annotations

from rules.packs.scheme import Scheme
from workflow.history.record import as_readable, body_of
from workflow.ledger.entries import Entry
from workflow.ledger.ports import Library, Reading, Store


def scheme_of(case: str, scheme: str, record: Reading, library: Library, store: Store) -> tuple[Scheme | None, str]:
    """The scheme to read a case by, and what must be known of that: nothing where it is the scheme of today.

    No other scheme ever takes its place. Where neither it nor the last packs of the case are there, it is none.
    """
    if scheme in library.schemes():
        return library.scheme(scheme), ""
    last = record.stream(case)[-1]
    _, packs = made_under(last)
    bundle = store.bundle(packs)
    unknown = f"its scheme {scheme} is not known here (give its folder with --packs)"
    if bundle is None:
        return None, f"{unknown}, and its packs {packs[:12]} are not kept"
    return bundle.scheme(), f"{unknown}: it is read by the packs {packs[:12]} of {last.on}"


def made_under(entry: Entry) -> tuple[str, str]:
    """The scheme under which an entry of a case was made, and the digest of its packs."""
    with as_readable(entry):
        body = body_of(entry)
        return str(body["scheme"]), str(body["packs"])


def changed_since(entry: Entry, library: Library) -> str:
    """What must be known of a case whose last entry was made under other packs than those of today; else nothing."""
    scheme, packs = made_under(entry)
    if scheme not in library.schemes() or library.bundle(scheme).digest == packs:
        return ""
    return f"it was left on {entry.on} under the packs {packs[:12]}: what comes next is judged by those of today"
