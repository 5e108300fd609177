"""The source of a case that was decided elsewhere: what its facts were taken from, and what that asks for.

Invariants:
- A paper that names no source was taken from a web page.
- A fact that the kind of source or the form of the day asks for, and that is not stated, was left empty. Of every other
  fact the source says nothing: it is not carried.
- What is `unsettled` is neither: the source seems to state it, and nobody has compared it yet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from rules.errors import InputError
from rules.language.schema_types import Period
from rules.language.source_schema import OWN_RECORD
from rules.packs.scheme import Scheme
from rules.reading.yaml_reader import KeyPath, LocatedFault
from rules.values.days import parse_day
from rules.values.facts import clean_text, is_address, split_address
from rules.values.suggestions import describe_unknown

WEB_PAGE: Final = "web_page"
_KEYS = ("kind", "address", "sha256", "read_on", "form", "unsettled")
_MOST_UNSETTLED = 2_000
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PaperSource:
    """What the facts of a paper were taken from.

    `address` is where it was found, `sha256` the digest of its bytes, `read_on` the day it was read, and `form` the
    published form of the authority that it follows; each is empty if it is not known. `unsettled` are the addresses of
    facts that it seems to state and that nobody has confirmed.
    """

    kind: str = WEB_PAGE
    address: str = ""
    sha256: str = ""
    read_on: date | None = None
    form: str = ""
    unsettled: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, stated: Mapping[str, str]) -> PaperSource:
        """Read the form that `as_json` gives; raises `KeyError` or `ValueError` for anything else."""
        texts = {key: stated.get(key, "") for key in ("address", "sha256", "form")}
        read_on = stated.get("read_on")
        return cls(
            kind=stated["kind"],
            read_on=date.fromisoformat(read_on) if read_on else None,
            unsettled=tuple(stated.get("unsettled", "").split()),
            **texts,
        )

    @property
    def is_own_record(self) -> bool:
        """Whether the case was recorded here, so that everything was asked for."""
        return self.kind == OWN_RECORD

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read, without what is not known."""
        read_on = self.read_on.isoformat() if self.read_on else ""
        stated = {"kind": self.kind, "address": self.address, "sha256": self.sha256, "read_on": read_on}
        further = {"form": self.form, "unsettled": " ".join(self.unsettled)}
        return {key: value for key, value in {**stated, **further}.items() if value}


def parse_source(
    raw: object, kinds: Collection[str], facts: Collection[str], forms: Collection[str] = ()
) -> tuple[PaperSource, list[LocatedFault]]:
    """Return the source that a paper names, and every fault in it; None stands for a paper that names none.

    `kinds` are the kinds of source and `facts` the facts that packs declare, and `forms` the published forms of its
    authority.
    """
    if raw is None or isinstance(raw, str):
        stated: dict[str, object] = {} if raw is None else {"kind": raw}
        prefix: KeyPath = ()
    elif isinstance(raw, dict):
        stated, prefix = raw, ("kind",)
    else:
        return PaperSource(), [((), "must be a kind of source such as web_page, or a mapping with its kind")]
    faults: list[LocatedFault] = [
        ((key,), f"is not a key of a source: the keys are {', '.join(_KEYS)}") for key in stated.keys() - _KEYS
    ]
    kind, form = stated.get("kind", WEB_PAGE), stated.get("form", "")
    sources = {OWN_RECORD, WEB_PAGE, *kinds}
    if kind not in sources:
        faults.append((prefix, describe_unknown(str(kind), "kind of source", sorted(sources))))
    if form and form not in forms:
        faults.append((("form",), describe_unknown(str(form), "published form of the scheme", forms)))
    unsettled = stated.get("unsettled") or []
    faults += [*_value_faults(stated), *_unsettled_faults(unsettled, facts)]
    if faults or not isinstance(unsettled, list):
        return PaperSource(), sorted(faults, key=str)
    texts = {key: str(value) for key, value in stated.items() if value and key not in ("read_on", "unsettled")}
    return PaperSource(**texts, read_on=_parse_day(stated.get("read_on")), unsettled=tuple(map(str, unsettled))), []


def _unsettled_faults(unsettled: object, facts: Collection[str]) -> Iterator[LocatedFault]:
    if not isinstance(unsettled, list) or len(unsettled) > _MOST_UNSETTLED:
        yield ("unsettled",), f"must be a list of facts, such as [title], with at most {_MOST_UNSETTLED:,} of them"
        return
    for place, address in enumerate(unsettled):
        if not isinstance(address, str) or not is_address(address):
            yield ("unsettled", place), "must be a fact, such as title or recommendation:r1.text"
        elif split_address(address)[0] not in facts:
            yield ("unsettled", place), describe_unknown(split_address(address)[0], "fact that is known here", facts)


def _value_faults(stated: dict[str, object]) -> Iterator[LocatedFault]:
    address, digest, read_on = (stated.get(key, "") for key in ("address", "sha256", "read_on"))
    if not isinstance(address, str):
        yield ("address",), "must be text"
    elif address:
        try:
            clean_text(address)
        except InputError as error:
            yield ("address",), error.message
    if digest and not (isinstance(digest, str) and _DIGEST.fullmatch(digest)):
        yield ("sha256",), "must be a SHA-256 digest: 64 of 0 to 9 and a to f"
    try:
        _parse_day(read_on)
    except InputError as error:
        yield ("read_on",), f"{error.message}. {error.advice()}".strip()


def _parse_day(raw: object) -> date | None:
    """Return a day as written; None for nothing. Raises `InputError` for anything else."""
    return raw if isinstance(raw, date) else parse_day(str(raw)) if raw else None


def asked_facts(source: PaperSource, scheme: Scheme, decided: Period | None) -> frozenset[str] | None:
    """Return the facts and kinds of subject that a source asks for; None for every one.

    The form is the one that the paper names, or else those of the authority that were in use on the days of decision,
    as far as the source states these.
    """
    return None if source.is_own_record else scheme.asked_by(source.kind, source.form, decided)
