"""What the packs of today changed since earlier packs, which the store keeps with the cases judged by them.

Nothing is judged here: for the findings that a change would alter, see `workflow.services.impact`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rules.errors import InputError
from rules.packs.bundle import Bundle
from rules.packs.digests import Aspect, compute_digests
from rules.proving.catalogue import catalogue_entries
from rules.proving.pack_changes import PackChange, compare_entries
from rules.values.text import quote
from workflow.history.scheme_version import load_kept_bundle
from workflow.ledger.ports import SchemeLibrary, Store

_MIN_PREFIX = 6


@dataclass(frozen=True, slots=True)
class KeptPacks:
    """Packs that the store keeps: their scheme, and in what today's differ from them (None: cannot be compared)."""

    digest: str
    scheme: str
    changed: tuple[Aspect, ...] | None

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {
            "packs": self.digest,
            "scheme": self.scheme,
            "changed": None if self.changed is None else [*self.changed],
        }


@dataclass(frozen=True, slots=True)
class LawChanges:
    """The differences between kept packs and those of today."""

    scheme: str
    since: str
    today: str
    aspects: tuple[Aspect, ...]
    changes: tuple[PackChange, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {
            "scheme": self.scheme,
            "since": self.since,
            "today": self.today,
            "aspects": [*self.aspects],
            "changes": [change.as_json() for change in self.changes],
        }


def list_kept_packs(library: SchemeLibrary, store: Store) -> list[KeptPacks]:
    """The packs that the store keeps, in the order in which they came into it."""
    return [_describe_kept_packs(digest, library, store) for digest in store.pack_digests()]


def find_law_changes(library: SchemeLibrary, store: Store, typed_digest: str) -> LawChanges:
    """What today's packs changed since those of a digest, or of its beginning.

    Raises `InputError` if the store keeps no such packs, several, or packs that cannot be compared with today's.
    """
    digest = _find_digest(store.pack_digests(), typed_digest)
    kept = _load_kept(digest, library, store)
    if kept is None:
        raise InputError(
            f"the packs {digest[:12]} cannot be compared: their scheme is not known here, or they cannot be read",
            "Give the folder of the scheme with --packs.",
        )
    scheme_id = kept.head()[1].scheme
    today = library.bundle(scheme_id)
    before, after = catalogue_entries(kept.pack_files()), catalogue_entries(today.pack_files())
    aspects = compute_digests(kept).changed_aspects(compute_digests(today))
    return LawChanges(scheme_id, digest, today.digest, aspects, tuple(compare_entries(before, after)))


def _find_digest(kept: Sequence[str], typed: str) -> str:
    """The digest that begins as typed; raises `InputError` unless there is just one."""
    found = [digest for digest in kept if digest.startswith(typed.lower())] if len(typed) >= _MIN_PREFIX else []
    if len(found) == 1:
        return found[0]
    problem = "names several packs of this store" if found else "is not the digest of packs that this store keeps"
    advice = f"Give at least {_MIN_PREFIX} characters. All are listed by: assent law changes"
    raise InputError(f"{quote(typed, 80)} {problem}", advice)


def _describe_kept_packs(digest: str, library: SchemeLibrary, store: Store) -> KeptPacks:
    kept = _load_kept(digest, library, store)
    if kept is None:
        return KeptPacks(digest, "", None)
    scheme_id = kept.head()[1].scheme
    return KeptPacks(
        digest, scheme_id, compute_digests(kept).changed_aspects(compute_digests(library.bundle(scheme_id)))
    )


def _load_kept(digest: str, library: SchemeLibrary, store: Store) -> Bundle | None:
    """Kept packs whose scheme is known here; none if it is not, or if their files cannot be read."""
    raw = store.load_bundle(digest)
    if raw is None:
        return None
    for scheme_id in library.schemes():
        today = library.bundle(scheme_id)
        kept = load_kept_bundle(digest, today, store)
        if kept is None:
            return None
        if kept.head()[1].scheme == scheme_id:
            return kept
    return None
