"""A function that finds sentences that lost a word, or words that ran together, by what cannot stand side by side.

Invariants:
- Only what no sound sentence has is found. Most broken sentences are sound in each pair of words, and are left alone.
- A search takes linear time, because anybody may write the text that is searched.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from rules.language.derivation_context import DerivationContext
from rules.language.derived_text import quote_at, texts_of
from rules.values.facts import Facts

_MAX_REMEMBERED = 2048


class _Sign(NamedTuple):
    """A pattern of a broken sentence, and the words of which a text with a match has one, in folded case."""

    needed: tuple[str, ...]
    pattern: re.Pattern[str]


def _sign(needed: str, pattern: str) -> _Sign:
    return _Sign(tuple(needed.split("|")), re.compile(pattern, re.IGNORECASE))


_ARTICLES = ("the", "an")
_NEVER_NAMED = ("of", "and", "to", "from", "for", "is", "are", "was", "were", "has", "have", "be")
_SIGNS = (
    # An article before a word that begins no name of a thing: “the of”. Not “the in-house team”.
    _sign(
        "|".join(map(" ".join, product(_ARTICLES, _NEVER_NAMED))),
        rf"(?<![\w’'-])(?:{'|'.join(_ARTICLES)})\s(?!(?:to|of|for)\sthe\s)(?:{'|'.join(_NEVER_NAMED)})(?![\w’'-])",
    ),
    # A limit without “to”: “of up £52,000”.
    _sign("up £", r"(?<![\w-])up\s£[0-9]"),
    # What is changed is named after “to”: “amendments to in Appendix B”.
    _sign(
        "amendment|change|revision|addition|variation",
        r"(?<![\w-])(?:amendments?|changes?|revisions?|additions?|variations?)\sto\s(?:in|of|for|from|by)(?![\w-])",
    ),
    # A verb is missing after an auxiliary one: “the aim would also to provide”.
    _sign(
        "would|could|should|must|shall|cannot",
        r"(?<![\w-])(?:would|could|should|must|shall|cannot)(?:\salso)?\sto(?![\w-])",
    ),
    # What is included cannot include: “is now included a separate case”.
    _sign(
        "included|contained",
        r"(?<![\w-])(?:is|are|was|were|been)\s(?:(?:now|also|not)\s)?(?:included|contained)\s(?:a|an|the)(?![\w-])",
    ),
    # One purpose that “include”.
    _sign(
        "purpose|aim|objective",
        r"(?<![\w-])the\s(?:purpose|aim|objective)\sof\s(?:this|the)\s[a-z]+\s(?:include|are|have)(?![\w-])",
    ),
    # Power that is conferred by nothing: “delegated authority conferred Mayoral Decision”.
    _sign("conferred|delegated", r"(?<![\w-])(?:authority|powers?)\s(?:conferred|delegated)\s(?-i:[A-Z])"),
    # More of something “that” another has.
    _sign(
        "greater|better|higher|lower|fewer",
        r"(?<![\w-])(?:greater|better|higher|lower|fewer)\s(?:[a-z]+\s){1,4}that\sthe\s[a-z]+[’']s\s[a-z]+[.;]",
    ),
    # A year with a figure too many: “Act 20111”, “the 20123 Games”.
    _sign(
        "200|201|202|203|204",
        r"(?<![\w£.,/#-])(?<!no\s)(?<!no\.\s)(?<!ref\s)(?<!number\s)20[0-4][0-9]{2}\s(?-i:[A-Z])(?=[a-z])",
    ),
    _sign("act 19|act 20", r"(?-i:Act)\s(?:19|20)[0-9]{3}(?![0-9])"),
    # A letter that stayed behind before a dash: “two l– collections”.
    _sign("–|—", r"(?<![^\s])(?<!option\s)(?<!part\s)(?<!lot\s)(?-i:[b-hj-z])[–—](?=\s)"),
    # A year of a plan, without the plan: “for the 2025-30, to procure”.
    _sign("the 20", r"(?<![\w-])the\s20[0-9]{2}[-/–][0-9]{2},\s(?:to|for|of)(?![\w-])"),
)


def broken_words(context: DerivationContext, facts: Facts, names: tuple[str, ...], each: tuple[str, ...]) -> str:
    """Return the first place with words that cannot stand side by side, or an empty text."""
    for place, text in texts_of(context, facts, names, each):
        if slip := _find_slip(text):
            return quote_at(place, text, *slip)
    return ""


@lru_cache(maxsize=_MAX_REMEMBERED)
def _find_slip(text: str) -> tuple[int, int] | None:
    """Return where the first sign of a broken sentence begins and ends, or None.

    Only signs of which a word stands in the text are searched for, since each search reads all of it.
    """
    folded = " ".join(text.casefold().split())
    signs = (sign for sign in _SIGNS if any(word in folded for word in sign.needed))
    matches = (match for sign in signs if (match := sign.pattern.search(text)))
    return min((match.span() for match in matches), default=None)
