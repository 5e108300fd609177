"""By which packs a case is read: those of today, or where no scheme bears its name those that it was left under."""

from __future__ import annotations

from rules.packs.scheme import Scheme
from workflow.history.record import parse_body, report_unreadable
from workflow.ledger.entries import Entry
from workflow.ledger.ports import ReadTransaction, SchemeLibrary, Store


def find_scheme_version(
    case_id: str, scheme_id: str, transaction: ReadTransaction, library: SchemeLibrary, store: Store
) -> tuple[Scheme | None, str]:
    """The scheme to read a case by, and what must be known of that: nothing where it is the scheme of today.

    No other scheme ever takes its place. Where neither it nor the last packs of the case are there, it is none.
    """
    if scheme_id in library.schemes():
        return library.scheme(scheme_id), ""
    last = transaction.entries_without_rulings(case_id)[-1]
    _, packs = scheme_used_for(last)
    bundle = store.load_bundle(packs)
    unknown = f"its scheme {scheme_id} is not known here (give its folder with --packs)"
    if bundle is None:
        return None, f"{unknown}, and its packs {packs[:12]} are not kept"
    return bundle.scheme(), f"{unknown}: it is read by the packs {packs[:12]} of {last.on}"


def scheme_used_for(entry: Entry) -> tuple[str, str]:
    """The scheme under which an entry of a case was made, and the digest of its packs."""
    with report_unreadable(entry):
        body = parse_body(entry)
        return str(body["scheme"]), str(body["packs"])


def describe_pack_change(entry: Entry, library: SchemeLibrary) -> str:
    """What must be known of a case whose last entry was made under other packs than those of today; else nothing."""
    scheme, packs = scheme_used_for(entry)
    if scheme not in library.schemes() or library.bundle(scheme).digest == packs:
        return ""
    return f"it was left on {entry.on} under the packs {packs[:12]}: what comes next is judged by those of today"
