"""Choose the packs by which a case is read and acted on, and say how they differ from those of today.

Invariants:
- A case stays under the flow of its last entry. Law and limits are those of today's packs by their dates. If the flow
  of today is the same, all packs are today's; else see `rules.packs.pinned_flow`.
- A case whose scheme is unknown here can be read by the packs kept with its last entry, and not acted on. No other
  scheme ever takes its place.
- A case whose packs are lost is read by today's, and a warning says so.
- Packs are distinguished by their bytes and compared by what they declare: a change of layout alone is never warned of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rules.errors import FileError
from rules.packs.bundle import Bundle
from rules.packs.digests import Aspect, compute_digests, compute_flow_digest
from rules.packs.pinned_flow import PinnedPacks, RuleSource, pin_flow
from rules.packs.scheme import Scheme
from workflow.history.replay import kept_scheme_loader
from workflow.history.serialization import parse_body, report_unreadable
from workflow.ledger.entries import Entry
from workflow.ledger.ports import PackStore, ReadTransaction, SchemeLibrary

_RULES_KEPT = {
    RuleSource.TODAY: "",
    RuleSource.OWN_KEPT: "; the authority's own rules of today do not fit that flow, so those of that day apply",
    RuleSource.KEPT: "; the law of today does not fit that flow, so the law and rules of that day apply",
}


class CaseScheme(NamedTuple):
    """The scheme that a case runs under, and its packs."""

    scheme: Scheme
    bundle: Bundle


def find_case_scheme(scheme_id: str, packs_digest: str, library: SchemeLibrary, store: PackStore) -> CaseScheme:
    """The scheme to act on a case by, from the packs of its last entry; raises `InputError` for an unknown scheme."""
    pinned = find_pinned_packs(scheme_id, packs_digest, library, store)
    bundle = pinned.bundle if pinned else library.bundle(scheme_id)
    return CaseScheme(bundle.scheme(), bundle)


def find_pinned_packs(
    scheme_id: str, packs_digest: str, library: SchemeLibrary, store: PackStore
) -> PinnedPacks | None:
    """The packs of a case that runs under an earlier flow; none if it runs under today's, or if its packs are lost."""
    today = library.bundle(scheme_id)
    if today.digest == packs_digest:
        return None
    kept = load_kept_bundle(packs_digest, today, store)
    if kept is None or compute_flow_digest(kept) == compute_flow_digest(today):
        return None
    pinned = pin_flow(kept, today)
    try:
        pinned.bundle.scheme()
    except FileError:
        return None
    return pinned


def load_kept_bundle(packs_digest: str, today: Bundle, store: PackStore) -> Bundle | None:
    """Kept packs that can be read by the cache of today's; none if they are lost, or their head cannot be read."""
    kept = store.load_bundle(packs_digest)
    if kept is None:
        return None
    bundle = Bundle(kept.files, today.read_source)
    try:
        compute_flow_digest(bundle)
    except FileError:
        return None
    return bundle


def find_scheme_to_read(
    case_id: str, scheme_id: str, transaction: ReadTransaction, library: SchemeLibrary, store: PackStore
) -> tuple[Scheme | None, str]:
    """The scheme to read a case by, and a warning if its scheme is unknown; none if its packs are not there either."""
    return find_scheme_after(transaction.entries_without_rulings(case_id)[-1], scheme_id, library, store)


def find_scheme_after(
    last: Entry, scheme_id: str, library: SchemeLibrary, store: PackStore
) -> tuple[Scheme | None, str]:
    """The scheme to read a case by after its last entry, and a warning, as `find_scheme_to_read` gives them."""
    return find_scheme_of(scheme_id, scheme_used_for(last)[1], last.on, library, store)


def find_scheme_of(
    scheme_id: str, packs: str, on: object, library: SchemeLibrary, store: PackStore
) -> tuple[Scheme | None, str]:
    """The scheme to read a case by whose last entry is of a day and names some packs, and a warning, as above."""
    if scheme_id in library.schemes():
        return find_case_scheme(scheme_id, packs, library, store).scheme, ""
    bundle = store.load_bundle(packs)
    unknown = f"its scheme {scheme_id} is not known here (give its folder with --packs)"
    if bundle is None:
        return None, f"{unknown}, and its packs {packs[:12]} are not kept"
    return bundle.scheme(), f"{unknown}: it is read by the packs {packs[:12]} of {on}"


def scheme_used_for(entry: Entry) -> tuple[str, str]:
    """The scheme of an entry of a case, and the digest of its packs."""
    with report_unreadable(entry):
        body = parse_body(entry)
        return str(body["scheme"]), str(body["packs"])


class SchemeVersion(NamedTuple):
    """The scheme by which an entry was made (none if its packs are not kept), and a warning about its packs.

    It `is_current` if the law of its packs is that of today.
    """

    scheme: Scheme | None
    packs_digest: str
    is_current: bool
    warning: str


class SchemeVersions:
    """The schemes by which entries were made, each read once: today's if its packs are the same, else the kept ones."""

    def __init__(self, library: SchemeLibrary, store: PackStore) -> None:
        self._library, self._store = library, store
        self._load_kept = kept_scheme_loader(store)
        self._found: dict[tuple[str, str], SchemeVersion] = {}

    def find(self, entry: Entry) -> SchemeVersion:
        """The scheme as its packs were at an entry."""
        key = scheme_used_for(entry)
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, scheme_id: str, packs: str) -> SchemeVersion:
        if scheme_id in self._library.schemes() and self._library.bundle(scheme_id).digest == packs:
            return SchemeVersion(self._library.scheme(scheme_id), packs, is_current=True, warning="")
        kept = self._load_kept(packs)
        changed = find_changed_aspects(packs, self._library, self._store) if kept else ()
        warning = ""
        if changed is None or Aspect.LAW in changed:
            differ = f", and today's differ in {join_aspects(changed)}" if changed else ", which are not those of today"
            warning = f"what was done under the packs {packs[:12]} is judged by those{differ}"
        return SchemeVersion(kept, packs, is_current=not warning, warning=warning)


def find_changed_aspects(packs_digest: str, library: SchemeLibrary, store: PackStore) -> tuple[Aspect, ...] | None:
    """How kept packs differ from those of the same scheme in a library; none if the two cannot be compared."""
    kept = store.load_bundle(packs_digest)
    scheme_id = _scheme_id(kept) if kept else ""
    if kept is None or scheme_id not in library.schemes():
        return None
    today = compute_digests(library.bundle(scheme_id))
    try:
        return compute_digests(kept).changed_aspects(today)
    except FileError:
        return None


def _scheme_id(bundle: Bundle) -> str:
    """The name of the scheme that a bundle makes; empty if its files cannot be read."""
    try:
        return bundle.parse().declaration.scheme
    except FileError:
        return ""


def changes_rules(aspects: Sequence[Aspect]) -> bool:
    """Return whether a change can make a difference to a case: in law or flow, not in layout alone."""
    return not set(aspects) <= {Aspect.LAYOUT}


def join_aspects(aspects: Iterable[Aspect]) -> str:
    """Aspects as a sentence names them: `law`, `law and layout`, `law, flow and layout`."""
    *others, last = aspects
    return f"{', '.join(others)} and {last}" if others else str(last)


def describe_pinned_flow(entry: Entry, library: SchemeLibrary, store: PackStore) -> str:
    """A warning if a case runs under an earlier flow since its last entry; empty if it does not."""
    scheme_id, packs = scheme_used_for(entry)
    pinned = find_pinned_packs(scheme_id, packs, library, store) if scheme_id in library.schemes() else None
    if pinned is None:
        return ""
    move = f"To move it to the flow of today: assent case migrate {entry.stream} --to today"
    return f"it runs under the flow of {entry.on} (packs {packs[:12]}){_RULES_KEPT[pinned.rules]}. {move}"


def describe_pack_change(entry: Entry, library: SchemeLibrary, store: PackStore) -> str:
    """A warning if the law changed after a case's last entry, or if it runs under an earlier flow; else empty."""
    scheme_id, packs = scheme_used_for(entry)
    if scheme_id not in library.schemes() or library.bundle(scheme_id).digest == packs:
        return ""
    changed = find_changed_aspects(packs, library, store)
    if changed is None:
        return f"its packs of {entry.on} ({packs[:12]}) are not kept: what comes next is judged by those of today"
    if pinned := describe_pinned_flow(entry, library, store):
        return pinned
    if not changes_rules(changed):
        return ""
    return (
        f"the {join_aspects(changed)} changed after its last act, on {entry.on} (packs {packs[:12]}): "
        "what comes next is judged by the packs of today"
    )
