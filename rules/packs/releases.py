"""Which packs each release of assent shipped: the digest of the packs of each scheme, by version.

Invariants:
- A release is recorded once, when it is made. The packs themselves are not here: a store keeps those that judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from rules.errors import PackError
from rules.language.dated_values import Day
from rules.language.schema_types import Identifier
from rules.reading.yaml_reader import read_pack_yaml
from rules.values.citation import Declaration

RELEASES_FILE: Final = "releases.yaml"
VERSION_PATTERN: Final = r"[0-9]{1,6}(\.[0-9]{1,6}){1,3}((a|b|rc)[0-9]{1,3})?"
"""A version as releases are numbered, such as `1.4.0`."""
_Version: TypeAlias = Annotated[str, Field(pattern=rf"^{VERSION_PATTERN}$")]
_Digest: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Release(Declaration):
    """One release: its day, and the digest of the packs of each scheme that it shipped."""

    on: Day
    packs: dict[Identifier, _Digest]


class _ReleaseRecord(Declaration):
    releases: dict[_Version, Release]


def parse_releases(data: bytes) -> Mapping[str, Release]:
    """Return the releases in a record by their versions; raises `PackError` with every fault."""
    source = read_pack_yaml(data, RELEASES_FILE)
    record, faults = source.validate(_ReleaseRecord)
    if record is None or source.faults:
        raise PackError(source.merge_faults(faults))
    return record.releases
