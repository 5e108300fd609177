"""Packs of a ledger are foreign if their law or flow is not that of a library, or if nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from rules.packs.bundle import Bundle
from rules.packs.digests import Aspect
from rules.packs.library import Library
from tests.rules.manual_packs import HEAD, LAW, RULES, manual_bundle, manual_files
from workflow.services.verification import find_foreign_packs

LIBRARY = Library(manual_files())
LAYOUT = (HEAD, "  author: {label: Author, about", "  author: {label: Writer, about")
FLOW = (HEAD, "  amend: [author, clerk]", "  amend: [author]")
LAW_CHANGE = (LAW, "is: £50,000 ex VAT", "is: £50,001 ex VAT")


class KeptPacks:
    """The packs that a store keeps, by their digests."""

    def __init__(self, *bundles: Bundle) -> None:
        self.bundles = {bundle.digest: bundle for bundle in bundles}

    def load_bundle(self, digest: str) -> Bundle | None:
        return self.bundles.get(digest)


def foreign(bundle: Bundle, *, is_kept: bool = True, library: Library = LIBRARY) -> Mapping[str, tuple[Aspect, ...]]:
    store = KeptPacks(*[bundle] * is_kept)
    return find_foreign_packs(store, [bundle.digest], library)  # type: ignore[arg-type]  # all that it uses


def test_packs_that_are_those_of_the_library_are_not_foreign_though_nobody_kept_them() -> None:
    assert foreign(manual_bundle(), is_kept=False) == {}


@pytest.mark.parametrize(
    ("changes", "aspects"),
    [
        ([LAYOUT], None),
        ([FLOW], (Aspect.FLOW,)),
        ([LAW_CHANGE], (Aspect.LAW,)),
        ([LAW_CHANGE, LAYOUT], (Aspect.LAW, Aspect.LAYOUT)),
        ([FLOW, LAW_CHANGE, LAYOUT], (Aspect.LAW, Aspect.FLOW, Aspect.LAYOUT)),
    ],
)
def test_packs_are_foreign_by_a_change_of_law_or_flow(
    changes: list[tuple[str, str, str]], aspects: tuple[Aspect, ...] | None
) -> None:
    bundle = manual_bundle(*changes)
    assert foreign(bundle) == ({} if aspects is None else {bundle.digest: aspects})


def test_packs_that_are_not_kept_are_foreign_for_all_that_is_known() -> None:
    bundle = manual_bundle(LAYOUT)
    assert foreign(bundle, is_kept=False) == {bundle.digest: ()}


def test_packs_of_a_scheme_that_the_library_has_not_are_foreign() -> None:
    bundle = manual_bundle()
    elsewhere = Library(
        {
            name.replace("/example/", "/other/"): data.replace(b"\nscheme: example\n", b"\nscheme: other\n")
            for name, data in manual_files().items()
        }
    )
    assert foreign(bundle, library=elsewhere) == {bundle.digest: ()}


@pytest.mark.parametrize("file", [HEAD, RULES])
def test_packs_that_cannot_be_read_are_foreign(file: str) -> None:
    bundle = Bundle({**manual_files(), file: b"language: 99\nscheme: example\npack: x\n"})
    assert foreign(bundle) == {bundle.digest: ()}


def test_foreign_packs_stand_in_the_order_of_the_ledger() -> None:
    first, second = manual_bundle(LAW_CHANGE), manual_bundle(FLOW)
    store = KeptPacks(first, second)
    found = find_foreign_packs(store, [second.digest, first.digest], LIBRARY)  # type: ignore[arg-type]
    assert list(found) == [second.digest, first.digest]
