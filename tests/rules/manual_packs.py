"""The authority of the manual, small and sound, with one thing changed: for faults that need a whole scheme."""

from __future__ import annotations

from functools import cache

import pytest

from rules.authoring.data_files import read_manual_example
from rules.errors import Fault, PackError
from rules.packs.bundle import Bundle
from rules.packs.scheme import Scheme

HEAD, RULES = "schemes/example/scheme.yaml", "schemes/example/rules.yaml"
LAW, PRACTICE, DAYS = "law/parks-act.yaml", "law/parks-practice.yaml", "days/example.yaml"
SHARED = "shared/parks-forms.yaml"


@cache
def manual_files() -> dict[str, bytes]:
    files = read_manual_example()
    beside = ("examples.yaml", "readings/parks-act.yaml")
    return {name: data for name, data in files.items() if not name.endswith(beside)}


@cache
def manual_scheme() -> Scheme:
    return Bundle(manual_files()).scheme()


def manual_bundle(*changes: tuple[str, str, str]) -> Bundle:
    """Return the bundle with texts changed, each of which stands once in its file."""
    files = dict(manual_files())
    for file, old, new in changes:
        text = files[file].decode()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        files[file] = text.replace(old, new).encode()
    return Bundle(files)


def manual_faults(*changes: tuple[str, str, str]) -> tuple[Fault, ...]:
    """Return what the changed scheme is refused for."""
    with pytest.raises(PackError) as refused:
        manual_bundle(*changes).scheme()
    return refused.value.faults
