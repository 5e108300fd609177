"""Provisions as citations name them, taken apart: `ss.57 to 59 and Schedule 6` is four of them.

Invariants:
- A subsection or paragraph counts as its section, regulation, article or Schedule.
- What a citation says of another instrument (`with regulations 12 and 14 of SI 2004/3391`) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OTHER_INSTRUMENT = re.compile(r", (?:with|as|later|without)\b|; (?:before|from|S?SI)\b| of the \w+ ?\w* Act\b")
_BRACKETS = re.compile(r"\([^()]*\)")
_TOKEN = re.compile(
    r"(?P<kind>\bss?\b\.?|\bsections?\b|\bregs?\b\.?|\bregulations?\b|\barts?\b\.?|\barticles?\b|\bSchedules?\b|\bsch\b\.?"
    r"|\bParts?\b|\bparas?\b\.?|\bparagraphs?\b)|(?P<number>\b\d+[A-Z]*\b)|(?P<to>\bto\b(?=\s*\d))|(?P<other>[A-Za-z]+)"
)
_KINDS = {
    "s": "s.", "sec": "s.", "reg": "reg ", "art": "art ", "sch": "Schedule ", "par": "", "Par": "Part ",
}  # fmt: skip
"""The kind of provision by the first letters of its name; a paragraph belongs to what stands before it."""
_IDENTIFIER = re.compile(r"\((?P<instrument>S?SI \d{4}/\d+)\)|(?P<year>\d{4}) \((?:\d{4} )?c\. ?(?P<chapter>\d+)\)")
MAX_RANGE = 400


def identify_instruments(named: str) -> tuple[str, ...]:
    """Return the numbers in the name of an instrument, or of several: `SI 2015/102`, `2000 c. 36`."""
    found = (each["instrument"] or f"{each['year']} c. {each['chapter']}" for each in _IDENTIFIER.finditer(named))
    return tuple(dict.fromkeys(found))


def split_provisions(cited: str) -> frozenset[str]:
    """Return the sections, regulations, articles, Schedules and Parts that a citation names: `s.57`, `Schedule 6`."""
    return frozenset(_read(_BRACKETS.sub("", _OTHER_INSTRUMENT.split(cited)[0])))


def _read(text: str) -> Iterator[str]:
    kind, last, is_range = "", "", False
    for token in _TOKEN.finditer(text):
        if token["kind"]:
            kind, last, is_range = _kind_of(token["kind"], kind), "", False
            if token["kind"] == "Schedule" and not re.match(r"\s*\d", text[token.end() :]):
                yield "Schedule"
        elif token["number"] and kind:
            yield from (f"{kind}{number}" for number in _numbers(last if is_range else "", token["number"]))
            last, is_range = token["number"], False
        elif token["to"]:
            is_range = bool(last)
        elif token["other"] not in (None, "and", "or", "to"):
            kind, last, is_range = "", "", False


def _kind_of(word: str, before: str) -> str:
    """Return the kind that a word begins; nothing for a paragraph, whose numbers are of the Schedule before it."""
    if word.startswith(("para", "paragraph")):
        return ""
    if word.lower().startswith(("sch",)):
        return _KINDS["sch"]
    return next((kind for start, kind in _KINDS.items() if word.startswith(start)), before)


def _numbers(first: str, last: str) -> Iterator[str]:
    """Yield every number of a range; only the last where it is no range of whole numbers."""
    if first.isdigit() and last.isdigit() and int(first) < int(last) <= int(first) + MAX_RANGE:
        yield from map(str, range(int(first) + 1, int(last) + 1))
    else:
        yield last
