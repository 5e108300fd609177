"""What the packs of today changed since earlier packs, which the store keeps with the cases judged by them.

Earlier packs are named by their digest, or by the release of assent that shipped them.

Nothing is judged here: for the findings that a change would alter, see `workflow.services.impact`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.errors import InputError
from rules.packs.bundle import Bundle
from rules.packs.digests import Aspect, compute_digests
from rules.packs.releases import VERSION_PATTERN, Release
from rules.proving.catalogue import catalogue_entries
from rules.proving.pack_changes import PackChange, compare_entries
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.history.scheme_version import load_kept_bundle
from workflow.ledger.ports import SchemeLibrary, Store

_MIN_PREFIX = 6
_VERSION = re.compile(f"v?(?P<version>{VERSION_PATTERN})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Releases:
    """The releases of assent: those recorded, and the one installed with the packs that it ships."""

    recorded: Mapping[str, Release]
    installed: str
    shipped: SchemeLibrary

    def digests(self, version: str) -> Mapping[str, str]:
        """Return the digest of the packs of each scheme of a release; raises `InputError` for an unknown one."""
        if version in self.recorded:
            return self.recorded[version].packs
        if version == self.installed:
            return {name: self.shipped.bundle(name).digest for name in self.shipped.schemes()}
        known = ", ".join(dict.fromkeys([*self.recorded, self.installed]))
        raise InputError(
            f"{version} is not a release that is recorded here",
            f"Known: {known}. To compare with packs that this store keeps, give their digest: assent law changes",
        )

    def version_of(self, digest: str, scheme: str) -> str:
        """Return the release that shipped some packs of a scheme; empty if none that is known did."""
        versions = [*self.recorded, self.installed]
        return next((each for each in versions if self.digests(each).get(scheme) == digest), "")


@dataclass(frozen=True, slots=True)
class KeptPacks:
    """Packs that the store keeps: their scheme, and in what today's differ from them (None: cannot be compared).

    `release` is the release of assent that shipped them; empty if none that is known did.
    """

    digest: str
    scheme: str
    release: str
    changed: tuple[Aspect, ...] | None

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {
            "packs": self.digest,
            "scheme": self.scheme,
            "release": self.release,
            "changed": None if self.changed is None else [*self.changed],
        }


@dataclass(frozen=True, slots=True)
class LawChanges:
    """The differences between earlier packs and those of today; `release` is set if a release named the earlier."""

    scheme: str
    release: str
    since: str
    today: str
    aspects: tuple[Aspect, ...]
    changes: tuple[PackChange, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {
            "scheme": self.scheme,
            "release": self.release,
            "since": self.since,
            "today": self.today,
            "aspects": [*self.aspects],
            "changes": [change.as_json() for change in self.changes],
        }


def list_kept_packs(library: SchemeLibrary, store: Store, releases: Releases) -> list[KeptPacks]:
    """The packs that the store keeps, in the order in which they came into it."""
    return [_describe_kept_packs(digest, library, store, releases) for digest in store.pack_digests()]


def find_law_changes(
    library: SchemeLibrary, store: Store, typed: str, releases: Releases, scheme: str = ""
) -> LawChanges:
    """What today's packs changed since those of a digest, or of its beginning, or of a release such as `1.4.0`.

    A release may have shipped packs of several schemes: `scheme` says which. Raises `InputError` if there are no such
    packs, several, or packs that cannot be compared with today's.
    """
    named = _VERSION.fullmatch(typed.strip())
    if named:
        kept = _load_release(named["version"], scheme, library, store, releases)
    else:
        kept = _load_by_digest(typed, scheme, library, store)
    scheme_id = kept.head()[1].scheme
    today = library.bundle(scheme_id)
    before, after = catalogue_entries(kept.pack_files()), catalogue_entries(today.pack_files())
    aspects = compute_digests(kept).changed_aspects(compute_digests(today))
    release = named["version"] if named else ""
    found = tuple(compare_entries(before, after))
    return LawChanges(scheme_id, release, kept.digest, today.digest, aspects, found)


def _load_by_digest(typed: str, scheme: str, library: SchemeLibrary, store: Store) -> Bundle:
    digest = _find_digest(store.pack_digests(), typed)
    kept = _load_kept(digest, library, store)
    if kept is None:
        raise InputError(
            f"the packs {digest[:12]} cannot be compared: their scheme is not known here, or they cannot be read",
            "Give the folder of the scheme with --packs.",
        )
    kept_scheme = kept.head()[1].scheme
    if scheme not in ("", kept_scheme):
        raise InputError(
            f"the packs {digest[:12]} are of {kept_scheme}, not of {quote(scheme, 80)}", "Leave --scheme out."
        )
    return kept


def _load_release(version: str, scheme: str, library: SchemeLibrary, store: Store, releases: Releases) -> Bundle:
    """The packs that a release shipped for a scheme: those installed, or those that the store keeps."""
    digests = releases.digests(version)
    scheme_id = scheme or _find_only_scheme(version, digests, library, store)
    if scheme_id not in digests:
        known = did_you_mean(scheme_id, list(digests)) or f"It shipped: {', '.join(digests)}."
        raise InputError(f"release {version} shipped no scheme called {quote(scheme_id, 80)}", known)
    digest = digests[scheme_id]
    if scheme_id in releases.shipped.schemes() and releases.shipped.bundle(scheme_id).digest == digest:
        return releases.shipped.bundle(scheme_id)
    kept = _load_kept(digest, library, store)
    if kept is None:
        raise InputError(
            f"this store does not keep the packs of release {version} for {scheme_id}: they judged none of its cases",
            "Choose among the packs that it keeps: assent law changes",
        )
    return kept


def _find_only_scheme(version: str, digests: Mapping[str, str], library: SchemeLibrary, store: Store) -> str:
    """The one scheme of a release whose packs judged cases of the store; raises `InputError` if there are several."""
    kept = [_load_kept(digest, library, store) for digest in store.pack_digests()]
    judged = {bundle.head()[1].scheme for bundle in kept if bundle} & digests.keys()
    if len(judged) == 1:
        return judged.pop()
    names = ", ".join(sorted(judged or digests))
    raise InputError(f"release {version} shipped packs of several schemes", f"Add --scheme with one of: {names}.")


def _find_digest(kept: Sequence[str], typed: str) -> str:
    """The digest that begins as typed; raises `InputError` unless there is just one."""
    found = [digest for digest in kept if digest.startswith(typed.lower())] if len(typed) >= _MIN_PREFIX else []
    if len(found) == 1:
        return found[0]
    problem = "names several packs of this store" if found else "is not the digest of packs that this store keeps"
    advice = (
        f"Give at least {_MIN_PREFIX} characters, or a release such as 0.1.0. All are listed by: assent law changes"
    )
    raise InputError(f"{quote(typed, 80)} {problem}", advice)


def _describe_kept_packs(digest: str, library: SchemeLibrary, store: Store, releases: Releases) -> KeptPacks:
    kept = _load_kept(digest, library, store)
    if kept is None:
        return KeptPacks(digest, "", "", None)
    scheme_id = kept.head()[1].scheme
    changed = compute_digests(kept).changed_aspects(compute_digests(library.bundle(scheme_id)))
    return KeptPacks(digest, scheme_id, releases.version_of(digest, scheme_id), changed)


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
