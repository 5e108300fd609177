"""A function that finds sentences that lost a word, or words that ran together, by what cannot stand side by side.

Invariants:
- Only what no sound sentence has is found. Most broken sentences are sound in each pair of words, and are left alone.
- A search takes linear time, because anybody may write the text that is searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from rules.language.derivation_context import DerivationContext
from rules.language.derived_text import join_quotes, quote_at, texts_of
from rules.values.facts import Facts

_MAX_REMEMBERED = 2048
_DECIDE = "approve|agree|authorise|endorse|accept|delegate|confirm"
_DO = f"{_DECIDE}|provide|deliver|receive|include|allocate|identify|ensure|enable|require|continue|undertake|procure"
_SIGNS: tuple[tuple[str, str], ...] = (
    # An article before a word that begins no name of a thing, or before none: “the of”, “an.” Not “the in-house team”.
    (
        "the an",
        r"(?<![\w’'-])(?:the|an)\s(?!(?:to|of|for)\sthe\s)(?:of|and|to|from|for|is|are|was|were|has|have|be)(?![\w’'-])",
    ),
    ("the an", r"(?<![\w’'-])(?-i:the|an)[.,;](?=\s|$)"),
    (
        "the an this these those its their our",
        r"(?<![\w’'-])(?-i:the|an|this|these|those|its|their|our)\s(?-i:the|an?|this|these|those|its|their|our)(?![\w’'.)-])",
    ),
    # A limit without “to”: “of up £52,000”.
    ("up", r"(?<![\w-])up\s£[0-9]"),
    # What is changed is named after “to”: “amendments to in Appendix B”.
    (
        "amendment amendments change changes revision revisions addition additions variation variations",
        r"(?<![\w-])(?:amendments?|changes?|revisions?|additions?|variations?)\sto\s(?:in|of|for|from|by)(?![\w-])",
    ),
    # A verb is missing after an auxiliary one: “the aim would also to provide”.
    (
        "would could should must shall cannot",
        r"(?<![\w-])(?:would|could|should|must|shall|cannot)(?:\salso)?\sto(?![\w-])",
    ),
    # Another form of the verb belongs there: “has be”, “will provides”, “has approve”, “to be agree”, “to ensures”.
    (
        "has have had will would could should must shall may",
        r"(?<![\w-])(?:(?:has|have|had)\sbe|(?:will|would|could|should|must|shall|may)\sbeen)(?![\w-])",
    ),
    (
        "will would could should must shall cannot",
        (
            r"(?<![\w-])(?-i:will|would|could|should|must|shall|cannot)\s(?!always|perhaps|sometimes|towards|besides|bias|themselves)"
            r"(?-i:[a-z]{2,}[b-hj-rtv-z])s(?![\w’'-])"
        ),
    ),
    (
        "has have had be been being is are was were",
        rf"(?<![\w-])(?:has|have|had|be|been|being|is|are|was|were)\s(?-i:{_DO})(?![\w’'-])",
    ),
    ("to", rf"(?<![\w-])to\s(?:{_DO})s(?![\w’'-])"),
    # A verb where a thing is named: “supported from be existing budgets”.
    ("from of with by into at on", r"(?<![\w-])(?:from|of|with|by|into|at|on)\sbe(?![\w-])"),
    # Two verbs of one sentence: “has is requesting”. Not “have had”.
    (
        "is are was were has have",
        r"(?<![\w-])(?-i:is|are|was|were|has|have)\s(?-i:is|are|was|were|has|have|will|would|should|must)(?![\w’'-])",
    ),
    # A purpose in the wrong form: “opportunities to supporting them”, “asked approve”, “asked to approval”.
    (
        (
            "opportunity opportunities ability aim aims plan plans power powers authority proposal proposals request "
            "requests funding money grant grants accommodation order seeks wish wishes intends"
        ),
        (
            r"(?<![\w-])(?:opportunit(?:y|ies)|ability|aims?|plans?|powers?|authority|proposals?|requests?|funding|money|grants?|"
            r"accommodation|order|seeks|wish|wishes|intends)\sto\s(?!being|existing|ongoing|outstanding|emerging|policing|"
            r"housing|training|building|planning|funding|match)[a-z]{3,}ing\s(?:the|an?|our|its|their|this|[a-z]+\s(?!and|of))"
        ),
    ),
    (
        "is are",
        rf"(?<![\w-])(?:is|are)\s(?:asked|requested|recommended|invited|required|authorised)\s(?:{_DECIDE}|note)(?![\w-])",
    ),
    ("seek seeks seeking sought for", r"(?<![\w-])(?:seeks?|seeking|sought|for)\sapprove(?![\w-])"),
    (
        "asked requested recommended invited seeks seeking wish wishes",
        (
            r"(?<![\w-])(?:asked|requested|recommended|invited|seeks|seeking|wish|wishes)\sto\s"
            r"(?:approval|agreement|endorsement|delegation|authorisation|acceptance)(?![\w-])"
        ),
    ),
    # A word that needs another after it: “in order deliver”, “in accordance the”, “prior the award”, “with regard the”.
    ("in", r"(?<![\w-])in\sorder\s(?:the|an?|deliver|provide|ensure|enable|support|meet|achieve|make|allow)(?![\w-])"),
    ("in", r"(?<![\w-])in\saccordance\s(?!with(?!\w))[a-z]"),
    (
        "prior pursuant according owing in with relating",
        r"(?<![\w-])(?:prior|pursuant|according|owing|in\srelation|with\sregard|relating)\s(?:the|an?|this|these|its)(?![\w-])",
    ),
    # Two drafts of one phrase: “up to for the amount”, “into to reserves”, “over £5 or over”, “who are those at risk”.
    (
        "into to for with by of",
        r"(?<![\w-])(?:into\sto|(?:(?<!subject\s)to\sfor|(?:for|with|to|by)\sof|(?<!instead\s)of\s(?:for|from|with))\s(?:the|an?))(?![\w-])",
    ),
    (
        "of into with by at",
        r"(?<![\w-])(?:(?<!instead\s)of|into|with|by|at)\sto\s(?:the|an?|be|support|deliver|provide|ensure|approve|enable)(?![\w-])",
    ),
    ("over above", r"(?<![\w-])(?:over|above)\s£[0-9][0-9.,]*(?:\s?[a-z]+)?\s(?:or|and)\s(?:over|above)(?![\w-])"),
    ("who", r"(?<![\w-])who\s(?:is|are|was|were)\s(?:those|which|who)(?![\w-])"),
    # One of several: “a transfers to reserves”, “these services is”. Not “a series of”, “a process to”.
    (
        "a",
        r"(?<![\w-])(?-i:a)\s(?!series|means|species|news|lens|plus|works)[a-z]{3,20}[a-hj-rtv-z]s\s(?:to|of|from|for)(?![\w-])",
    ),
    (
        "these those",
        (
            r"(?<![\w-])(?<!in\s)(?<!of\s)(?<!for\s)(?<!to\s)(?<!from\s)(?<!with\s)(?<!by\s)(?<!at\s)(?<!on\s)"
            r"(?:these|those)\s[a-z]+s\s(?:is|was|has)(?![\w-])"
        ),
    ),
    (
        "for of",
        (
            r"(?<![\w-])(?:for|of)\s(?:two|three|four|five|six|seven|eight|[2-9]|1[0-9])\s(?:year|month|week|day)"
            r"(?:\s(?:from|to|until|at|with|starting|commencing|on|for)(?![\w-])|[.;])"
        ),
    ),
    # A thing that is done, without “of” before what it is done to: “approves the award the contract”.
    (
        (
            "approve approves approved agree agrees agreed authorise authorises authorised endorse endorses endorsed "
            "note notes"
        ),
        (
            r"(?<![\w-])(?:approve|agree|authorise|endorse|note)[sd]?\sthe\s(?:award|appointment|extension|purchase|"
            r"acquisition|procurement|variation|provision|allocation|transfer|disposal|renewal)\s(?:the|an?)(?![\w-])"
        ),
    ),
    # “At” for “as”: “is restricted at it contains”.
    ("at", r"(?<![\w-])at\sit\s(?:is|has|was|contains?|includes?|relates?)(?![\w-])"),
    # An article before a verb alone: “will be a delivered over two years”. Not “a need for”, “a hundred in”.
    (
        "be",
        r"(?<![\w-])be\sa\s(?!hundred)[a-z]{3,20}[a-df-z]ed\s(?:over|by|to|from|in|at|on|for|between|during)(?![\w-])",
    ),
    # The other article: “a increase”, “an contract”. Not “a one-off”, “a European”, “an hour”, “an MPS officer”.
    (
        "a an",
        r"(?<![\w-])(?:(?-i:a)\s(?!one|once|eu|ew|oui)[aeio][a-z]{4,}|an\s(?-i:[b-df-gj-np-tv-z][a-z]{3,}))(?![\w’'-])",
    ),
    # What is included cannot include: “is now included a separate case”.
    (
        "is are was were been",
        r"(?<![\w-])(?:is|are|was|were|been)\s(?:(?:now|also|not)\s)?(?:included|contained)\s(?:a|an|the)(?![\w-])",
    ),
    # One purpose that “include”.
    ("the", r"(?<![\w-])the\s(?:purpose|aim|objective)\sof\s(?:this|the)\s[a-z]+\s(?:include|are|have)(?![\w-])"),
    # Power that is conferred by nothing: “delegated authority conferred Mayoral Decision”.
    ("authority power powers", r"(?<![\w-])(?:authority|powers?)\s(?:conferred|delegated)\s(?-i:[A-Z])"),
    # More of something “that” another has.
    (
        "greater better higher lower fewer",
        r"(?<![\w-])(?:greater|better|higher|lower|fewer)\s(?:[a-z]+\s){1,4}that\sthe\s[a-z]+[’']s\s[a-z]+[.;]",
    ),
    ("act", r"(?-i:Act)\s(?:19|20)[0-9]{3}(?![0-9])"),
    # A year of a plan, without the plan: “for the 2025-30, to procure”.
    ("the", r"(?<![\w-])the\s20[0-9]{2}[-/–][0-9]{2},\s(?:to|for|of)(?![\w-])"),
)
"""Each sign of a broken sentence, after the words that it can begin with."""
_SIGNS_ANYWHERE: tuple[tuple[tuple[str, ...], str], ...] = (
    # Something that belongs to somebody, without the thing: “that the incumbent's, and”.
    (("’s,", "’s;", "'s,", "'s;"), r"(?<![\w-])(?-i:[a-z]{3,})[’']s[,;]"),
    # A year with a figure too many: “Act 20111”, “the 20123 Games”.
    (
        ("20",),
        (
            r"20(?<![\w£.,/#-]20)(?<!no\s20)(?<!no\.\s20)(?<!ref\s20)(?<!number\s20)"
            r"[0-4][0-9]{2}\s(?-i:[A-Z])(?=[a-z])"
        ),
    ),
    # A letter that stayed behind before a dash: “two l– collections”.
    (("–", "—"), r"(?<![^\s])(?<!option\s)(?<!part\s)(?<!lot\s)(?-i:[b-hj-z])[–—](?=\s)"),
)
"""Other signs, each after what a text must have."""
_FIRST_WORD = re.compile(r"\b[a-z]+", re.IGNORECASE)


def broken_words(context: DerivationContext, facts: Facts, names: tuple[str, ...], each: tuple[str, ...]) -> str:
    """Return each place with words that cannot stand side by side, or an empty text."""
    texts = texts_of(context, facts, names, each)
    return join_quotes(quote_at(place, text, *slip) for place, text in texts for slip in _find_slips(text))


@lru_cache(maxsize=_MAX_REMEMBERED)
def _find_slips(text: str) -> tuple[tuple[int, int], ...]:
    """Return where each sign of a broken sentence begins and ends; one text may be asked for at many gates."""
    slips: list[tuple[int, int]] = []
    end = 0
    for start, slip_end in sorted((*_find_by_first_word(text), *_find_anywhere(text))):
        if start >= end:
            slips.append((start, slip_end))
            end = slip_end
    return tuple(slips)


def _find_by_first_word(text: str) -> Iterator[tuple[int, int]]:
    """Yield the signs that begin with a word of theirs: to try every sign at every word takes ten times as long."""
    signs_by_word = _signs_by_word()
    for word in _FIRST_WORD.finditer(text):
        signs = signs_by_word.get(word[0].casefold())
        if signs and (slip := signs.match(text, word.start())):
            yield slip.span()


def _find_anywhere(text: str) -> Iterator[tuple[int, int]]:
    for needed, sign in _SIGNS_ANYWHERE:
        if any(part in text for part in needed):
            yield from (slip.span() for slip in re.finditer(sign, text, re.IGNORECASE))


@cache
def _signs_by_word() -> Mapping[str, re.Pattern[str]]:
    signs: dict[str, list[str]] = {}
    for words, sign in _SIGNS:
        for word in words.split():
            signs.setdefault(word, []).append(sign)
    return {word: re.compile("|".join(found), re.IGNORECASE) for word, found in signs.items()}
