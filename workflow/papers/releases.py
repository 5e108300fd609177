"""Records that others publish, such as releases of procurement notices, as papers: by the forms and tables of packs.

Invariants:
- A fact is stated only where a form names its place, and a code means a choice only by a table. Whatever else stands
  there is noted, and the fact is not stated.
- Amounts in other currencies than the form's are noted, never converted.
- A day is the day in the form's time zone. What is no day or amount is left as it stands, to be refused with its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from rules.errors import InputError
from rules.language.record_forms import CodeTable, FactPlace, OtherPlace, RecordForm
from rules.packs.national_law import NationalLaw
from rules.reading.time_zones import day_in_zone
from rules.values.facts import FactDeclaration
from rules.values.suggestions import describe_unknown
from rules.values.text import quote
from workflow.cases.paper import PUBLIC
from workflow.papers.records import PaperData, format_number

PROCESS_KEY: Final = "ocid"
"""The key of every release and record of the Open Contracting Data Standard."""
_STEP = re.compile(r"(?P<key>[A-Za-z]*)(?:\[(?P<filter>[A-Za-z]+)=(?P<value>[^\]]+)\])?")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(?:Z|[+-][0-9:]+)?")
_MAX_NOTED = 60
_SAME = str.maketrans({"’": "'", ",": " ", "&": " and "})


class UnreadableRecordError(Exception):
    """A record that no form can read; its text says why."""


def read_release(
    record: Mapping[str, Any], law: NationalLaw, codes: Mapping[str, Mapping[str, str]] | None = None
) -> PaperData:
    """Return a release or record as the data of a paper; raise `UnreadableRecordError`.

    `codes` has what further codes mean, by the names of tables.
    """
    release = _find_release(record)
    form_name = _find_form(release, law.forms)
    form = law.forms[form_name]
    if form.not_held:
        raise UnreadableRecordError(f"is not judged: {form.not_held}")
    reader = _FormReader(form, _add_codes(law.tables, codes or {}))
    facts: dict[str, Any] = {}
    columns: dict[str, str] = {}
    for fact, places in form.facts.items():
        stated = reader.read_fact(release, fact, places, law.rulebook.facts[fact])
        if stated:
            facts[fact], columns[f"{PUBLIC}.{fact}"] = stated
    facts |= {fact: value for fact, value in law.given[form_name].items() if fact not in facts}
    address = _first_text(release, form.address) if form.address else ""
    source = {"kind": form.source} | ({"address": address} if address else {})
    return PaperData({PUBLIC: facts, "source": source}, columns, _name_release(release, form), tuple(reader.notes))


def _name_release(release: Mapping[str, Any], form: RecordForm) -> str:
    """Return the name of a release; with its process before it where it is a mere number, as `1` is in many files."""
    name, process = _first_text(release, form.name), _first_text(release, PROCESS_KEY)
    return f"{process} {name}".strip() if process and (not name or name.isdecimal()) else name


def refuse_unknown_codes(codes: Mapping[str, Mapping[str, str]], law: NationalLaw) -> None:
    """Raise `InputError` for further codes of a table that no pack has, or that mean no choice of its fact."""
    for name, more in codes.items():
        if name not in law.tables:
            raise InputError(f"codes: {describe_unknown(name, 'table of codes', law.tables)}")
        choices = law.rulebook.facts[law.tables[name].fact].choices
        for code, choice in more.items():
            if choice not in choices:
                raise InputError(f"codes: {name}: {code}: {describe_unknown(choice, 'choice', choices)}")


def _add_codes(tables: Mapping[str, CodeTable], codes: Mapping[str, Mapping[str, str]]) -> Mapping[str, CodeTable]:
    """Return the tables with further codes, which count before their own."""
    further = {
        name: tables[name].model_copy(update={"codes": {**tables[name].codes, **more}})
        for name, more in codes.items()
        if name in tables
    }
    return {**tables, **further} if further else tables


def _find_release(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the release of a record: the compiled one, or the only one."""
    if isinstance(compiled := record.get("compiledRelease"), dict):
        return compiled
    releases = record.get("releases")
    if not isinstance(releases, list):
        return record
    if len(releases) == 1 and isinstance(releases[0], dict) and "url" not in releases[0]:
        return releases[0]
    raise UnreadableRecordError(
        f"holds {len(releases)} releases and no compiled one: compile it first, such as with ocdskit compile"
    )


def _find_form(release: Mapping[str, Any], forms: Mapping[str, RecordForm]) -> str:
    """Return the name of the form that a release has: of several, the one with the longest beginnings."""
    fitting = [
        name
        for name, form in forms.items()
        if all(_first_text(release, place).startswith(beginning) for place, beginning in form.begins.items())
    ]
    if not fitting:
        raise UnreadableRecordError("is a record of no publisher that is known here")
    return max(fitting, key=lambda name: sum(map(len, forms[name].begins.values())))


@dataclass(slots=True)
class _FormReader:
    """Reads facts by one form; `notes` say what was not understood."""

    form: RecordForm
    tables: Mapping[str, CodeTable]
    notes: list[str]

    def __init__(self, form: RecordForm, tables: Mapping[str, CodeTable]) -> None:
        self.form, self.tables, self.notes = form, tables, []

    def read_fact(
        self, release: Mapping[str, Any], fact: str, places: Iterable[FactPlace], declared: FactDeclaration
    ) -> tuple[object, str] | None:
        """Return what the first of some places states, and that place; None if none does."""
        puzzling: list[str] = []
        for place in places:
            values = [value for value in values_at(release, place.at) if value not in ("", None)]
            read = [each for value in values if (each := self._read_value(value, place, declared)) is not None]
            if values and not read:
                puzzling.append(f"{place.at} says {_quote_value(values[0])}")
            taken = _take(list(dict.fromkeys(read)) if place.take != "sum" else read, place.take)
            if len(set(read)) > 1 and taken is None:
                puzzling.append(f"{place.at} says several things")
            if taken is not None and place.unless and self._is_contradicted(release, place.unless, taken):
                puzzling.append(f"{place.at} and {place.unless.at} differ")
                break
            if taken is not None:
                stated = f"between {place.since.isoformat()} and {taken}" if place.since else taken
                return stated, place.at
        if puzzling:
            self.notes.append(f"{fact} is not read: {'; '.join(puzzling)}")
        return None

    def _is_contradicted(self, release: Mapping[str, Any], other: OtherPlace, taken: object) -> bool:
        """Return whether another place gives another choice."""
        texts = (value for value in values_at(release, other.at) if isinstance(value, str))
        return any(
            choice not in (taken, None) for choice in (translate(self.tables[other.table], text) for text in texts)
        )

    def _read_value(self, value: object, place: FactPlace, declared: FactDeclaration) -> object | None:
        """Return a value as a paper states it; None if it is not understood."""
        if place.table:
            text = str(value).lower() if isinstance(value, bool) else value
            return translate(self.tables[place.table], text) if isinstance(text, str) else None
        if declared.kind == "money":
            return self._read_amount(value, place)
        if declared.kind == "day":
            return self._read_day(value)
        return value if isinstance(value, (str, bool)) else None

    def _read_amount(self, value: object, place: FactPlace) -> str | None:
        amount = value.get("amount") if isinstance(value, dict) else value
        currency = value.get("currency", self.form.currency) if isinstance(value, dict) else self.form.currency
        if not isinstance(amount, str) or not amount or currency != self.form.currency:
            return None
        return f"{amount} {place.vat} VAT" if place.vat else amount

    def _read_day(self, value: object) -> str | None:
        if not isinstance(value, str):
            return None
        if not _INSTANT.fullmatch(value):
            return value
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            return value[:10]
        if instant.tzinfo is None:
            return value[:10]
        return day_in_zone(instant, self.form.time_zone).isoformat()


def values_at(data: object, place: str) -> Iterator[object]:
    """Yield the values at a place in a record, through lists."""
    found: list[object] = [data]
    for step in re.split(r"\.(?![^\[]*\])", place):
        found = list(_follow(found, step))
    yield from found


def _follow(values: Iterable[object], step: str) -> Iterator[object]:
    match = _STEP.fullmatch(step)
    if match is None:  # a schema lets no such place in
        return
    key, asked, wanted = match.groups()
    for value in values:
        inner = value.get(key) if key and isinstance(value, dict) else None if key else value
        for item in inner if isinstance(inner, list) else (inner,):
            if item is not None and _passes(item, asked, wanted):
                yield item


def _passes(item: object, key: str | None, wanted: str | None) -> bool:
    if key is None:
        return True
    value = item.get(key) if isinstance(item, dict) else None
    return wanted in value if isinstance(value, list) else value == wanted


def translate(table: CodeTable, text: str) -> str | None:
    """Return the choice that a code or text means by a table; None if it means none or several."""
    folded = _fold(text)
    if table.match == "code":
        return next((choice for code, choice in table.codes.items() if _fold(code) == folded), None)
    if table.match == "prefix":
        beginnings = [code for code in table.codes if folded.startswith(_fold(code))]
        return table.codes[max(beginnings, key=len)] if beginnings else None
    spans = [
        (match.start(), match.end(), choice)
        for phrase, choice in table.codes.items()
        for match in re.finditer(rf"(?<!\w){re.escape(_fold(phrase))}(?!\w)", folded)
    ]
    outer = [
        one
        for one in spans
        if not any(o[0] <= one[0] and one[1] <= o[1] and (o[1] - o[0]) > (one[1] - one[0]) for o in spans)
    ]
    meant = {choice for _, _, choice in outer}
    return meant.pop() if len(meant) == 1 else None


def _fold(text: str) -> str:
    """Return a text without what does not tell codes apart: case, spaces, commas, `&` for `and`."""
    return " ".join(text.casefold().translate(_SAME).split())


def _take(values: list[Any], take: str) -> str | bool | None:
    """Return the value that counts of those at a place."""
    if not values:
        return None
    if take == "sum":
        return _sum(values)
    if take == "only":
        return _only(values)
    if take == "first":
        return _only(values[:1])
    return str(min(values) if take == "earliest" else max(values))


def _only(values: list[Any]) -> str | bool | None:
    only: str | bool = values[0]
    return only if len(values) == 1 else None


def _sum(amounts: list[str]) -> str:
    """Return the sum of amounts on one VAT basis; the first of them if they cannot be added, to be refused."""
    numbers, bases = zip(*(amount.partition(" ")[::2] for amount in amounts), strict=True)
    try:
        total = format_number(sum((Decimal(number) for number in numbers), Decimal()))
    except InvalidOperation:
        return amounts[0]
    return f"{total} {bases[0]}".strip()


def _first_text(release: Mapping[str, Any], place: str) -> str:
    return next((value for value in values_at(release, place) if isinstance(value, str)), "")


def _quote_value(value: object) -> str:
    """Return a value as the release writes it, short and in quotes if it is text."""
    if isinstance(value, str):
        return quote(value, _MAX_NOTED)
    written = json.dumps(value, ensure_ascii=False, default=str)
    return written if len(written) <= _MAX_NOTED else f"{written[:_MAX_NOTED]}…"
