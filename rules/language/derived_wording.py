"""Functions that compare the words of one text of a paper with those of another.

Invariants:
- A result quotes both places, so that a person can look. Nothing found says nothing about texts that are not stated.
- A text that has the words of both sides agrees with either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from rules.language.derivation_context import DerivationContext, DerivationFunction
from rules.language.derived_text import LocatedText, PhrasePatterns, join_quotes, quote_at, texts_of
from rules.language.text_schema import ComparedCounts, ComparedTexts, ComparedWords, OpeningVerb, OtherReference
from rules.values.facts import Facts, FactValue
from rules.values.lazy_pattern import compile_lazily

# No word is given back in part: that would take twice as long and find nothing more.
_REPEATED = compile_lazily(r"(?<![\w-])([a-z]++(?:\s[a-z]++){0,2})\s\1(?![\w-])", re.ASCII)
_MAY_REPEAT = frozenset({"that", "had"})
_NUMBERED_PARAGRAPH = compile_lazily(r"(?:^|\n|[.;:]\s)\s*([0-9]{1,2})\.([0-9]{1,2})\.?\s+(?=[^\W\d_])")
_NUMBER_REFERRED_TO = compile_lazily(
    r"(?<!\w)(?:sections?|paragraphs?|paras?)\s+([0-9]{1,2})\.([0-9]{1,2})(?![\w.]*[0-9])(?!\s+of\s)", re.IGNORECASE
)
_REFERENCE = compile_lazily(r"([A-Z]{2,6})[ -]?0*([0-9]{1,6})(?![0-9])")
_PERIOD = compile_lazily(r"(?<![0-9/£,.-])(?:20)?([0-9]{2})\s?[-/–]\s?(?:20)?([0-9]{2})(?![0-9/-]|[.,][0-9])")
_MAY_HAVE_PERIOD = compile_lazily(r"[0-9]\s?[-/–]\s?[0-9]")
_CENTURY = 100


def words_apart(arguments: ComparedWords) -> DerivationFunction:
    """Find a text with words of one side of a pair alone, beside one with words of the other side alone."""
    pairs = tuple((PhrasePatterns(pair.one), PhrasePatterns(pair.other)) for pair in arguments.pairs)

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        ours = list(texts_of(context, facts, arguments.facts, arguments.each))
        others = list(texts_of(context, facts, arguments.beside, arguments.beside_each))
        for one, other in (*pairs, *((other, one) for one, other in pairs)):
            for ours_only in _with_one_side(ours, one, other):
                for others_only in _with_one_side(others, other, one):
                    return f"{ours_only}; {others_only}"
        return None

    return compute


def _with_one_side(texts: Iterable[LocatedText], wanted: PhrasePatterns, unwanted: PhrasePatterns) -> Iterator[str]:
    """Yield the places of texts that have wanted words and no unwanted ones."""
    for place, text in texts:
        excerpt = wanted.find_excerpt(text)
        if excerpt and not unwanted.find_excerpt(text):
            yield f"{place}: “{excerpt}”"


class _Counted(NamedTuple):
    """How many of a thing a text counts: the numbers, whether it has a plural without one, and the first words."""

    numbers: frozenset[int]
    has_plural: bool
    words: str

    def agrees_with(self, other: _Counted) -> bool:
        """Whether both can be about the same number of things."""
        if self.numbers & other.numbers:
            return True
        return any(
            one.has_plural and (other_one.has_plural or max(other_one.numbers, default=0) > 1)
            for one, other_one in ((self, other), (other, self))
        )


_NUMBERS_FROM_TWO = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER_WORDS = {
    **dict.fromkeys(("a", "an", "one", "single", "the", "this"), 1),
    **{word: value for value, word in enumerate(_NUMBERS_FROM_TWO, 2)},
}
_NOT_OF_NOUN = frozenset(
    {"of", "for", "to", "by", "in", "and", "or", "with", "from", "against", "at", "on", "as", "that"}
)
_WORD_BEFORE = compile_lazily(r"[\w’'/.£-]+[,;:]?")
_WORDS_BEFORE_NOUN, _FARTHEST_NUMBER = 4, 60


def counts_apart(arguments: ComparedCounts) -> DerivationFunction:
    """Find a noun that a text counts otherwise than another text does.

    A plural without a number agrees with any number above one. Beside a text about one thing, it says nothing: it may
    be of things in general.
    """

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        ours = list(texts_of(context, facts, arguments.facts, arguments.each))
        others = list(texts_of(context, facts, arguments.beside, arguments.beside_each))
        for noun in arguments.nouns:
            for place, text in ours:
                for other_place, other_text in others:
                    counted, other = _count_noun(text, noun), _count_noun(other_text, noun)
                    if not counted.words or not other.numbers or counted.agrees_with(other) or other.has_plural:
                        continue
                    return f"{place}: “{counted.words}”; {other_place}: “{other.words}”"
        return None

    return compute


@lru_cache(maxsize=1024)
def _count_noun(text: str, noun: str) -> _Counted:
    numbers: set[int] = set()
    has_plural, words = False, ""
    for match in _noun_pattern(noun).finditer(text):
        number, start = _find_number_before(text, match.start())
        is_plural = bool(match["plural"])
        if number is not None and is_plural is not (number == 1):
            numbers.add(number)
        elif is_plural:
            has_plural = True
        else:
            continue  # without a word of number before it, it can be part of a name
        words = words or " ".join(text[start : match.end()].split())
    return _Counted(frozenset(numbers), has_plural, words)


@lru_cache(maxsize=64)
def _noun_pattern(noun: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(noun)}(?P<plural>s)?(?![\w-])", re.IGNORECASE)


def _find_number_before(text: str, end: int) -> tuple[int | None, int]:
    """Return the number that the words before a noun give, and where they begin: “two former police” officers."""
    start = end
    for match in list(_WORD_BEFORE.finditer(text, max(end - _FARTHEST_NUMBER, 0), end))[: -_WORDS_BEFORE_NOUN - 1 : -1]:
        word = match[0].strip().casefold()
        if word.isdecimal() or word in _NUMBER_WORDS:
            return int(word) if word.isdecimal() else _NUMBER_WORDS[word], match.start()
        if text[match.end() : start].strip() or word in _NOT_OF_NOUN or not word.isalpha():
            break
        start = match.start()
    return None, start


def periods_apart(arguments: ComparedTexts) -> DerivationFunction:
    """Find a financial year in a text, such as 2015-16, where the other texts have other years alone.

    A text with several years also has those between them.
    """

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        others = [
            (place, years)
            for place, text in texts_of(context, facts, arguments.beside, arguments.beside_each)
            if (years := _find_years(text))
        ]
        for place, text in texts_of(context, facts, arguments.facts, arguments.each):
            years = _find_years(text)
            span = range(min(years, default=0), max(years, default=0) + 1)
            if years and others and all(found.keys().isdisjoint(span) for _, found in others):
                other_place, found = others[0]
                return f"{place}: “{next(iter(years.values()))}”; {other_place}: “{next(iter(found.values()))}”"
        return None

    return compute


@lru_cache(maxsize=1024)
def _find_years(text: str) -> Mapping[int, str]:
    """Return the first year of each pair of years in a row, with its words."""
    if not _MAY_HAVE_PERIOD.search(text):
        return {}
    pairs = ((int(match[1]), int(match[2]), match[0]) for match in _PERIOD.finditer(text))
    return {first: words for first, last, words in pairs if last == (first + 1) % _CENTURY}


def repeated_words(context: DerivationContext, facts: Facts, names: tuple[str, ...], each: tuple[str, ...]) -> str:
    """Return each place where one to three words stand twice in a row, or an empty text."""
    texts = texts_of(context, facts, names, each)
    return join_quotes(quote_at(place, text, *match.span()) for place, text in texts for match in _find_repeated(text))


def has_repeated_words(text: str) -> bool:
    """Return whether one to three words stand twice in a row in a text."""
    return any(True for _ in _find_repeated(text))


def _find_repeated(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _REPEATED.finditer(text) if match[1] not in _MAY_REPEAT)


def dangling_number(context: DerivationContext, facts: Facts, names: tuple[str, ...], each: tuple[str, ...]) -> str:
    """Return the first reference to a paragraph that is missing among those of its section, or an empty text.

    Sections of which no paragraph has its number in the texts say nothing. Where a source need not show a whole
    section, only a gap counts: a later paragraph of it is there.
    """
    texts = list(texts_of(context, facts, names, each))
    if not any(map(_may_refer_to_number, texts)):
        return ""
    sections: dict[str, set[int]] = {}
    for found in (found for _, text in texts for found in _NUMBERED_PARAGRAPH.finditer(text)):
        sections.setdefault(found[1], set()).add(int(found[2]))
    for place, text in texts:
        for match in _NUMBER_REFERRED_TO.finditer(text):
            numbers, number = sections.get(match[1], set()), int(match[2])
            is_shown = context.asked is None or max(numbers, default=0) > number
            if numbers and is_shown and number not in numbers:
                return quote_at(place, text, match.start(), match.end())
    return ""


def _may_refer_to_number(located: LocatedText) -> bool:
    """Return whether a text has the word for a section or a paragraph: a quick test."""
    folded = located[1].casefold()
    return "para" in folded or "section" in folded


def other_reference(arguments: OtherReference) -> DerivationFunction:
    """Find a reference at the beginning of a text with the letters or the number of the case's own, but not both."""

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        reference = facts.get(arguments.reference)
        own = _REFERENCE.match(reference) if isinstance(reference, str) else None
        for place, text in texts_of(context, facts, arguments.facts, arguments.each):
            found = _REFERENCE.match(text)
            if own and found and (found[1] == own[1]) is not (found[2] == own[2]):
                return f"{place}: “{found[0]}”; {arguments.reference}: “{reference}”"
        return None

    return compute


# Words that may stand before the verb beside the name of a post: “That the Deputy Mayor is hereby asked to”.
_BEFORE_VERB = frozenset(
    {"that", "the", "is", "are", "be", "asked", "recommended", "requested", "invited", "hereby", "to", "of", "for"}
    | {"and", "by", "in", "principle", "also", "following"}
)
_MOST_WORDS_BEFORE_VERB = 16
_ASKED_TO = compile_lazily(
    r"^.{0,120}?(?<!\w)(?:asked|recommended|requested|invited|decided|resolved|decision)\s+(?:to|that)(?!\w)", re.DOTALL
)
# A verb of the sentence itself, whatever its word: “To revise”, “be changed”, “has taken”. Not “to be paid”.
_ANY_VERB = compile_lazily(
    r"^\W*to\s+[a-z]+|^(?:(?!(?<!\w)(?:which|who|whose|where|when|if)(?!\w))[^.;]){0,200}?(?<!\w)(?<!to\s)"
    r"(?:(?:be|been|has|have)\s+(?:[a-z]+ly\s+)?(?:[a-z]+e[dn]|made|put|set|sent|held|left|kept)"
    r"|(?:will|shall|must|should)\s+(?:not\s+)?(?:be|[a-z]+))(?!\w)",
    re.IGNORECASE,
)
_CLAUSE_BEFORE = compile_lazily(
    r"^(?:after|following|further to|having|in|on|pursuant to|subject to|under|with)\s[^.;:]{0,160}?,\s+", re.IGNORECASE
)
_LIST_MARK = compile_lazily(r"^\W*(?:[ivx]{1,4}|[a-z]|[0-9]{1,2})[.)]+\s", re.IGNORECASE)
_PLAIN_WORD = compile_lazily(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|[.;:]")


def opening_verb(arguments: OpeningVerb) -> DerivationFunction:
    """Choose by the verb that a text opens with, or that is stated beside it.

    A verb that is not listed, but can be told by its form, counts as the first choice.
    """
    choices = {form: choice for choice, verbs in arguments.verbs.items() for verb in verbs for form in _forms_of(verb)}
    rank = {choice: place for place, choice in enumerate(arguments.verbs)}

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        stated, text = facts.get(arguments.stated), facts.get(arguments.text)
        if isinstance(stated, str):
            return choices.get(stated)
        if not isinstance(text, str):
            return None
        found = _opening_choices(text, choices)
        if found:
            return min(found, key=rank.__getitem__)
        if _is_item(context, facts, arguments):
            return arguments.item
        return (
            next(iter(arguments.verbs)) if _ANY_VERB.search(_LIST_MARK.sub("", text, count=1)) else arguments.otherwise
        )

    return compute


def _forms_of(verb: str) -> Iterator[str]:
    """Yield a verb as it can stand: approve, approves, approved, approving."""
    stem = verb.removesuffix("e")
    yield from (verb, f"{verb}s", f"{stem}es", f"{stem}ed", f"{stem}ing", f"{verb.removesuffix('y')}ies")


def _opening_choices(text: str, choices: Mapping[str, str]) -> list[str]:
    """Return the choice of the first verb, and of a second one that “and” joins to it.

    It follows the words *asked to* and the like, or a clause such as *Subject to contract*, if the text does not begin
    with a verb.
    """
    whole = _LIST_MARK.sub("", text, count=1)
    texts = (whole, _ASKED_TO.sub("", whole, count=1), _CLAUSE_BEFORE.sub("", whole, count=1))
    return next((found for one in texts if (found := _first_choices(one, choices))), [])


def _first_choices(text: str, choices: Mapping[str, str]) -> list[str]:
    words = _PLAIN_WORD.findall(text)[:_MOST_WORDS_BEFORE_VERB]
    for place, word in enumerate(words):
        if word.casefold() in choices and not (word.istitle() and "of" in words[:place]):  # the Director of Support
            joined = words[place + 1 : place + 4]
            others = (later.casefold() for later in joined if joined[0].casefold() == "and")
            return [choices[word.casefold()], *(choices[other] for other in others if other in choices)]
        if word.casefold() not in _BEFORE_VERB and not word[0].isupper() and not word.endswith("ly"):
            break
    return []


def _is_item(context: DerivationContext, facts: Facts, arguments: OpeningVerb) -> bool:
    """Return whether a text belongs to a list whose verb stands elsewhere.

    That is a letter under a number, a text after one that ends with a colon, or one of several without a number.
    """
    number, letter = arguments.number in facts, arguments.letter in facts
    texts = [other.get(arguments.text) for other in context.related_subjects()]
    if (number and letter) or (not number and not letter and len(texts) > 1):
        return True
    earlier = texts[: texts.index(facts.get(arguments.text))]
    return any(isinstance(text, str) and text.rstrip().endswith(":") for text in earlier)
