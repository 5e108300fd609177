"""Each value in a file, changed by itself, shows in the digest of one aspect and of no other."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from rules.packs.bundle import Bundle
from rules.packs.digests import Aspect, AspectDigests, _divide, compute_digests
from rules.packs.language_versions import FIRST_VERSION, LANGUAGE_VERSIONS
from rules.packs.letterhead_schema import is_image
from rules.packs.scheme_schema import is_scheme_head
from rules.reading.yaml_reader import KeyPath, YamlFile, read_pack_yaml
from tests.rules.manual_packs import DAYS, HEAD, LAW, RULES, SHARED, manual_bundle, manual_files

DECLARING_FILES = sorted(name for name in manual_files() if name not in (DAYS, SHARED) and not is_image(name))
"""Shared parts are divided where they stand in the scheme that uses them."""


def divided(source: YamlFile) -> dict[Aspect, dict[str, Any]] | None:
    """Return what a file declares by aspect; nothing if its form is wrong."""
    version = LANGUAGE_VERSIONS[FIRST_VERSION]
    if is_scheme_head(source.data):
        head, _ = source.validate(version.scheme_head)
        return _divide(head) if head else None
    pack, _ = source.validate(version.pack)
    return _divide(pack) if pack else None


@cache
def divided_as_it_is(name: str) -> dict[Aspect, dict[str, Any]]:
    parts = divided(source_of(name))
    assert parts is not None
    return parts


def leaf_paths(data: Any, path: KeyPath = ()) -> Iterator[KeyPath]:  # noqa: ANN401 - any of what YAML gives
    """Yield the place of each single value."""
    if isinstance(data, (dict, list)):
        for key, inner in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaf_paths(inner, (*path, key))
    else:
        yield path


def other_values(value: object) -> list[object]:
    """Return other values of the same type; for a word, one of those that the form may allow in its place."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, date):
        return [value + timedelta(1), value - timedelta(1)]
    text = str(value)
    words = [
        "secondary", "read", "warning", "blocking", "text", "count", "flag", "contract", "at_least", "more_than",
        "publish", "decide", "submit", "support", "send_back", "amend", "unverified", "tenths_of_a_percent", "percent",
    ]  # fmt: skip
    in_list = [word for word in words if word != text] if text in {*words, "money", "day", "choice", "case"} else []
    return [*in_list, text + "x", text.replace("0", "1"), f"x-{text}", f"{text}-{{year}}"]


def with_value(source: YamlFile, path: KeyPath, value: object) -> YamlFile:
    data = deepcopy(source.data)
    around: Any = data
    for step in path[:-1]:
        around = around[step]
    around[path[-1]] = value
    return replace(source, data=data)


@cache
def source_of(name: str) -> YamlFile:
    return read_pack_yaml(manual_files()[name], name)


def changed_aspects(name: str, path: KeyPath, value: object) -> set[Aspect] | None:
    before, after = divided_as_it_is(name), divided(with_value(source_of(name), path, value))
    return None if after is None else {aspect for aspect in Aspect if before[aspect] != after[aspect]}


def value_at(name: str, path: KeyPath) -> object:
    value: Any = source_of(name).data
    for step in path:
        value = value[step]
    found: object = value
    return found


@pytest.mark.parametrize("name", DECLARING_FILES)
def test_a_change_of_any_one_value_shows_in_one_aspect(name: str) -> None:
    without_change = []
    paths = list(leaf_paths(source_of(name).data))
    for path in paths:
        value = value_at(name, path)
        results = (changed_aspects(name, path, other) for other in other_values(value) if other != value)
        changed = next((result for result in results if result is not None), None)
        if changed is None:
            without_change.append(path)
        else:
            assert len(changed) == 1, (path, changed)
    # What no other value was found for is one of a few words, such as a kind.
    assert len(without_change) < len(paths) / 10, without_change


DIVIDED_PLACES = {
    (HEAD, ("roles", "author", "label")): Aspect.LAYOUT,
    (HEAD, ("stages", "closed", "last")): Aspect.FLOW,
    (HEAD, ("actions", "submit", "who", 0)): Aspect.FLOW,
    (HEAD, ("given", "discount", "is")): Aspect.LAW,
    (HEAD, ("documents", 0, "blocks", 0, "heading")): Aspect.LAYOUT,
    (HEAD, ("reviews", "release", "about")): Aspect.LAYOUT,
    (HEAD, ("reviews", "release", "ends")): Aspect.FLOW,
    (RULES, ("cites", "declaration.made", "note")): Aspect.LAYOUT,
    (RULES, ("cites", "stages.in_order", "in_force", "to")): Aspect.LAW,
    (RULES, ("facts", "confidential.marking", "choices", "members")): Aspect.LAYOUT,
    (LAW, ("values", "parks.limit", "not_found", 0, "why")): Aspect.LAYOUT,
    (LAW, ("values", "parks.limit", "not_found", 0, "to")): Aspect.LAW,
    (LAW, ("values", "parks.limit", "history", 0, "for", "work")): Aspect.LAW,
}


@pytest.mark.parametrize("place", DIVIDED_PLACES, ids=lambda place: ".".join(map(str, place[1])))
def test_the_aspect_of_a_value_is_that_of_its_key(place: tuple[str, KeyPath]) -> None:
    name, path = place
    value = value_at(name, path)
    changed = [changed_aspects(name, path, other) for other in other_values(value) if other != value]
    assert {DIVIDED_PLACES[place]} in changed


def test_the_digests_do_not_depend_on_the_order_of_files() -> None:
    files = manual_files()
    backwards = Bundle({name: files[name] for name in reversed(list(files))})
    assert compute_digests(backwards) == compute_digests(manual_bundle())
    assert backwards == manual_bundle()


@pytest.mark.parametrize("aspect", Aspect)
def test_two_sets_of_digests_differ_in_what_they_differ_in(aspect: Aspect) -> None:
    digests = AspectDigests("a", "b", "c")
    other = replace(digests, **{aspect.value: "x"})
    assert digests.changed_aspects(other) == other.changed_aspects(digests) == (aspect,)
    assert digests.changed_aspects(digests) == ()
    assert AspectDigests("x", "y", "z").changed_aspects(digests) == tuple(Aspect)
