"""Prove from the record alone that every Part 1 document of a case can be made, without building one.

Building the views of a case takes several milliseconds, and most acts add a day, a name and an outcome. A proof is
rough: where it fails, the documents are built.

Invariants:
- It never holds for a case of which `build_document` or `refuse_unprintable` would refuse a document.
- Every reason for which these refuse one is looked at here; the functions below name each of them.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from decisions.documents.blocks.point_list import MAX_LETTER_LENGTH
from decisions.documents.view import MAX_TEXTS
from decisions.documents.wording import FIXED_WORDING
from decisions.safety.disclosure import scheme_texts
from rules.packs.corrections_schema import CORRECTION
from rules.packs.document_schema import PUBLIC_PART, BlockSpec, DocumentTemplate
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, kind_of_subject, split_address, subject_of_address
from rules.values.font_coverage import find_missing_glyph
from rules.values.text import first_unprintable
from workflow.cases.case import Case, RecordedAct

HIGHEST_LEVEL = 2
"""The level of the headings below the title."""
_TEXTS_PER_PIECE = 4
"""The most texts that one line of prose, field or cell is made of: a number or label, a verb, the words, a suffix."""
_TEXTS_PER_ACT = 10
_TEXTS_OF_FRAME = 40
_LONG_WORD = 180
_UNSURE_SIGNS = ("|", "[^")
"""The signs of tables and notes, which can be malformed."""
_COMMON = bytes((ord("\t"), ord("\n"), *range(0x20, 0x7F)))
"""Characters that have a glyph or need none, and print."""


@dataclass(frozen=True, slots=True)
class SureDocuments:
    """A proof that nothing in a case keeps a Part 1 document from being made, and what it counted."""

    facts: Mapping[str, FactValue]
    acts: int
    subjects: frozenset[str]
    lines: int

    @classmethod
    def prove(cls, case: Case, scheme: Scheme, earlier: SureDocuments | None = None) -> SureDocuments | None:
        """Return the proof; None if there is none.

        `earlier` is the proof for an earlier event, if nothing that the case then stated was changed or taken out: only
        what was added is read.
        """
        if not _is_sound_layout(scheme):
            return None
        earlier = earlier or cls({}, 0, frozenset(), 0)
        new = {address: value for address, value in case.facts.items() if address not in earlier.facts}
        texts = {address: value for address, value in new.items() if isinstance(value, str)}
        stated = "\n".join(texts.values())
        if not is_plain("\n".join((case.id, case.stage, stated, *_texts_of_acts(case.acts[earlier.acts :])))):
            return None
        lines = earlier.lines + stated.count("\n") - max(len(texts) - 1, 0)
        subjects = earlier.subjects.union([subject_of_address(address) for address in new if ":" in address])
        proof = cls(case.facts, len(case.acts), subjects, lines)
        return proof if proof._fits(scheme) and not _has_long_letter(texts, scheme) else None

    def _fits(self, scheme: Scheme) -> bool:
        """Whether no document can have too many texts."""
        subjects = Counter(map(kind_of_subject, self.subjects))
        rows = self.acts + len(scheme.declaration.stages) + len(scheme.declaration.tasks())
        return all(bound.most_texts(subjects, rows, self.lines) <= MAX_TEXTS for bound in _text_bounds(scheme))


def is_plain(text: str) -> bool:
    """Whether every character of a text has a glyph and prints, no word is long, and nothing can be malformed."""
    if any(sign in text for sign in _UNSURE_SIGNS) or _has_long_word(text):
        return False
    rare = _find_rare(text)
    different = "".join(set(rare))
    if any(map(unicodedata.combining, different)):
        different = rare  # too many marks in a row do not print, though each of them does
    return find_missing_glyph(different) is None and not first_unprintable(different)


def _has_long_word(text: str) -> bool:
    """Whether a word is long: it then fills one of the pieces, each half as long, from end to end."""
    half = _LONG_WORD // 2
    pieces = (text[start : start + half] for start in range(0, len(text) - half + 1, half))
    is_possible = any(piece.split(maxsplit=1) == [piece] for piece in pieces)
    return is_possible and max(map(len, text.split()), default=0) >= _LONG_WORD


def _find_rare(text: str) -> str:
    """Return the characters of a text that may have no glyph, or not print."""
    return text.encode(errors="surrogatepass").translate(None, _COMMON).decode(errors="surrogatepass")


def _texts_of_acts(acts: Iterable[RecordedAct]) -> Iterator[str]:
    """Yield every text that a document may take from some acts."""
    for act in acts:
        yield from (act.action, act.stage, act.officer, act.capacity, act.acts_for, act.under)
        yield from chain.from_iterable(act.overrides.items())
        yield from (value for value in act.facts.values() if isinstance(value, str))


def _has_long_letter(texts: Mapping[str, str], scheme: Scheme) -> bool:
    long = [address for address, text in texts.items() if len(text) > MAX_LETTER_LENGTH]
    return any(split_address(address)[0] in _letter_facts(scheme) for address in long)


def _public_templates(scheme: Scheme) -> Iterator[DocumentTemplate]:
    return (template for template in scheme.declaration.documents if template.part == PUBLIC_PART)


@lru_cache(maxsize=8)
def _letter_facts(scheme: Scheme) -> frozenset[str]:
    specs = chain.from_iterable(template.blocks for template in scheme.declaration.documents)
    return frozenset(spec.points.letter for spec in specs if spec.points and spec.points.letter)


@lru_cache(maxsize=8)
def _is_sound_layout(scheme: Scheme) -> bool:
    """Whether the texts of a scheme print, and no heading can skip a level, whichever blocks are shown."""
    labels = (label for fact in scheme.rulebook.facts.values() for label in fact.choices.values())
    checks = (control.declaration.requirement for control in scheme.rulebook.controls.values())
    texts = "\n".join((*scheme_texts(scheme), *labels, *checks, *FIXED_WORDING))
    prints = find_missing_glyph(texts) is None and not first_unprintable(texts)
    return prints and all(map(_keeps_levels, _public_templates(scheme)))


def _keeps_levels(template: DocumentTemplate) -> bool:
    """Whether a heading of level 2 always stands before those of level 3."""
    has_level_2 = False
    for spec in template.blocks:
        begins_level_2 = bool(spec.heading) and spec.level == HIGHEST_LEVEL and not spec.boxed
        if not (has_level_2 or begins_level_2) and (spec.heading or spec.corrections) and not spec.boxed:
            return False
        has_level_2 |= begins_level_2 and not spec.when and not spec.corrections
    return True


@dataclass(frozen=True, slots=True)
class _TextBound:
    """A bound on the texts of a document: those of any case, and those for each subject of a kind, act and line."""

    fixed: int
    by_kind: Mapping[str, int]
    by_act: int
    by_line: int

    @classmethod
    def of(cls, template: DocumentTemplate) -> _TextBound:
        """Return the bound on the documents of a template."""
        by_kind: Counter[str] = Counter()
        fixed, by_act = _TEXTS_OF_FRAME, _TEXTS_PER_ACT  # the frame ends with overrides, one for each act at most
        for spec in template.blocks:
            kinds = spec.subject_kinds()
            by_kind.update({kind: _TEXTS_PER_PIECE * (2 + 2 * len(facts)) for kind, facts in kinds.items()})
            by_kind.update({CORRECTION: _TEXTS_PER_ACT} if spec.corrections else {})
            fixed += _TEXTS_PER_PIECE * (4 + len(spec.words) + 2 * len(list(spec.facts())))
            fixed += _TEXTS_PER_PIECE * sum(2 + 2 * len(facts) for facts in kinds.values())
            by_act += _TEXTS_PER_ACT if spec.acts or spec.signature else 0
        mentions = Counter(chain.from_iterable(map(_facts_of, template.blocks)))
        return cls(fixed, by_kind, by_act, _TEXTS_PER_PIECE * max(mentions.values(), default=1))

    def most_texts(self, subjects: Mapping[str, int], acts: int, lines: int) -> int:
        """Return the bound for a case; `lines` are those of its texts beyond the first of each."""
        rows = sum(self.by_kind.get(kind, 0) * number for kind, number in subjects.items())
        return self.fixed + rows + self.by_act * acts + self.by_line * lines


@lru_cache(maxsize=8)
def _text_bounds(scheme: Scheme) -> tuple[_TextBound, ...]:
    return tuple(map(_TextBound.of, _public_templates(scheme)))


def _facts_of(spec: BlockSpec) -> Iterator[str]:
    return chain(spec.facts(), spec.subject_facts())
