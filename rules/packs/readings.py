"""Find what was read for a citation, by its instrument and provision.

Invariants:
- A citation has at most one reading. Two files that read the same instrument must cite different provisions of it.
- An instrument `has_text` if a file of readings names it: then `basis: read` needs a passage.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from rules.errors import Fault, PackError
from rules.packs.bundle import SourceReader
from rules.packs.readings_schema import READINGS_FOLDER, Passage, ReadText
from rules.reading.yaml_reader import YamlFile
from rules.values.citation import Citation

_LEGISLATION = re.compile(r"https?://(?:www\.)?legislation\.gov\.uk\.?/(?:id/)?(?P<path>[a-z]+/[0-9]{4}/[0-9]+[^?#]*)")
_VERSION_AT_END = re.compile(r"/(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|made|enacted|notes/.*|data\.[a-z]+)$")


class Reading(NamedTuple):
    """What was read for a citation: the words it turns on, and the passage, its version and the day of reading."""

    words: str
    passage: str
    on: date
    version: str
    since: date | None
    digest: str
    place: str
    """The link to what is read, without a version."""

    @property
    def link(self) -> str:
        """The link to the version that was read."""
        return link_on(self.place, self.version)

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "words": self.words,
            "passage": self.passage,
            "on": self.on.isoformat(),
            "version": self.version,
            "since": self.since.isoformat() if self.since else None,
            "digest": self.digest,
            "link": self.link,
        }


class Readings:
    """The readings of some files, by instrument and provision."""

    def __init__(self, files: Iterable[tuple[YamlFile, ReadText]] = ()) -> None:
        self.files = tuple(files)
        self._by_citation: dict[tuple[str, str], Reading] = {}
        self._reasons: dict[tuple[str, str], str] = {}
        faults: list[Fault] = []
        for source, text in self.files:
            faults += self._add(source, text)
        if faults:
            raise PackError(faults)

    def _add(self, source: YamlFile, text: ReadText) -> Iterator[Fault]:
        read = {provision: reading for passage in text.passages for provision, reading in _readings_of(text, passage)}
        for instrument in text.cited_as:
            for provision, reading in read.items():
                if (instrument, provision) in self._by_citation:
                    yield source.fault_at(("cited_as",), f"{instrument}, {provision} has a reading in another file")
                self._by_citation[instrument, provision] = reading
            self._reasons |= {(instrument, provision): why for provision, why in text.not_read.items()}

    @property
    def instruments(self) -> frozenset[str]:
        """The instruments whose text was read, as packs name them."""
        return frozenset(instrument for _, text in self.files for instrument in text.cited_as)

    def has_text(self, citation: Citation) -> bool:
        """Return whether the text of the instrument can be read, and holds what is cited."""
        cited = (citation.instrument, citation.provision)
        return citation.instrument in self.instruments and cited not in self._reasons

    def find(self, citation: Citation) -> Reading | None:
        """Return the reading of what is cited; None if there is none."""
        return self._by_citation.get((citation.instrument, citation.provision))

    def provisions(self) -> Mapping[tuple[str, str], Reading]:
        """Return every reading by its instrument and provision."""
        return dict(self._by_citation)


def _readings_of(text: ReadText, passage: Passage) -> Iterator[tuple[str, Reading]]:
    version = passage.version or text.version
    named = version.isoformat() if isinstance(version, date) else version
    place = f"{text.link}/{passage.at}".rstrip("/")
    for provision, words in passage.words.items():
        yield provision, Reading(words, passage.of, text.read_on, named, passage.since, passage.digest, place)


def parse_readings_file(file: str, data: bytes, read_source: SourceReader) -> tuple[YamlFile, ReadText]:
    """Return a file of readings as read, and what is in it; raises `PackError` with every fault."""
    source = read_source(data, file)
    text, faults = source.validate(ReadText)
    name = file.removeprefix(READINGS_FOLDER).removesuffix(".yaml")
    if text is not None and text.readings != name:
        faults.append(source.fault_at(("readings",), f"must be {name}, as its file is called"))
    if text is None or faults or source.faults:
        raise PackError(source.merge_faults(faults))
    return source, text


def digest_passage(passage: str) -> str:
    """Return the SHA-256 of a passage as 64 hexadecimal figures.

    Marks of lists, tables and emphasis are no part of a passage, and each run of white space counts as one space.
    """
    return hashlib.sha256(" ".join(passage.split()).encode()).hexdigest()


def link_on(link: str, version: date | str) -> str:
    """Return the link to a provision of UK legislation as it stood on a day, or as it was made.

    A link that names a version already, leads to a file of data or leads elsewhere stays as it is.
    """
    found = _LEGISLATION.fullmatch(link)
    if not found or _VERSION_AT_END.search(link):
        return link
    named = version.isoformat() if isinstance(version, date) else version
    return f"https://www.legislation.gov.uk/{found['path'].rstrip('/')}/{named}"
