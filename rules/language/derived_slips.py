"""A function that finds sentences that lost a word, or words that ran together, by what cannot stand side by side.

Invariants:
- Only what no sound sentence has is found. Most broken sentences are sound in each pair of words, and are left alone.
- A search takes linear time, because anybody may write the text that is searched.
"""

from __future__ import annotations

import re

from rules.language.derivation_context import DerivationContext
from rules.language.derived_text import quote_at, texts_of
from rules.values.facts import Facts

_SIGNS = (
    # An article before a word that begins no name of a thing: “the of”. Not “the in-house team”.
    r"(?<![\w’'-])(?:the|an)\s(?!(?:to|of|for)\sthe\s)(?:of|and|to|from|for|is|are|was|were|has|have|be)(?![\w’'-])",
    # A limit without “to”: “of up £52,000”.
    r"(?<![\w-])up\s£[0-9]",
    # What is changed is named after “to”: “amendments to in Appendix B”.
    r"(?<![\w-])(?:amendments?|changes?|revisions?|additions?|variations?)\sto\s(?:in|of|for|from|by)(?![\w-])",
    # A verb is missing after an auxiliary one: “the aim would also to provide”.
    r"(?<![\w-])(?:would|could|should|must|shall|cannot)(?:\salso)?\sto(?![\w-])",
    # What is included cannot include: “is now included a separate case”.
    r"(?<![\w-])(?:is|are|was|were|been)\s(?:(?:now|also|not)\s)?(?:included|contained)\s(?:a|an|the)(?![\w-])",
    # One purpose that “include”.
    r"(?<![\w-])the\s(?:purpose|aim|objective)\sof\s(?:this|the)\s[a-z]+\s(?:include|are|have)(?![\w-])",
    # Power that is conferred by nothing: “delegated authority conferred Mayoral Decision”.
    r"(?<![\w-])(?:authority|powers?)\s(?:conferred|delegated)\s(?-i:[A-Z])",
    # More of something “that” another has.
    r"(?<![\w-])(?:greater|better|higher|lower|fewer)\s(?:[a-z]+\s){1,4}that\sthe\s[a-z]+[’']s\s[a-z]+[.;]",
    # A year with a figure too many: “Act 20111”, “the 20123 Games”.
    r"(?<![\w£.,/#-])(?<!no\s)(?<!no\.\s)(?<!ref\s)(?<!number\s)20[0-4][0-9]{2}\s(?-i:[A-Z])(?=[a-z])",
    r"(?-i:Act)\s(?:19|20)[0-9]{3}(?![0-9])",
    # A letter that stayed behind before a dash: “two l– collections”.
    r"(?<![^\s])(?<!option\s)(?<!part\s)(?<!lot\s)(?-i:[b-hj-z])[–—](?=\s)",
    # A year of a plan, without the plan: “for the 2025-30, to procure”.
    r"(?<![\w-])the\s20[0-9]{2}[-/–][0-9]{2},\s(?:to|for|of)(?![\w-])",
)
_SLIPS = re.compile("|".join(_SIGNS), re.IGNORECASE)


def broken_words(context: DerivationContext, facts: Facts, names: tuple[str, ...], each: tuple[str, ...]) -> str:
    """Return the first place with words that cannot stand side by side, or an empty text."""
    for place, text in texts_of(context, facts, names, each):
        if match := _SLIPS.search(text):
            return quote_at(place, text, match.start(), match.end())
    return ""
