"""The check before anything is recorded: could Part 1 of a case be published as it stands?

It searches every public text of the case, whether or not a document prints it, and it builds the view of each Part 1
document as `document render` would. What would stop a file stops the act before it.

Two things stop a file and cannot be known here: a machine without the libraries of WeasyPrint, and a PDF that breaks a
standard. Such a PDF is a fault of assent or of a form, not of a paper.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from decisions.documents.build import build_document
from decisions.documents.printability import refuse_unprintable
from decisions.documents.record_views import ExemptRecord, PublicRecord, build_exempt_record, build_public_record
from decisions.documents.view import Document, texts_in
from decisions.errors import DocumentError, NoSuchDocument
from decisions.output.extraction import TextPiece
from decisions.safety.derivable_figures import CaseFigures
from decisions.safety.disclosure import ExemptPatterns, build_amount_patterns, build_exempt_patterns
from decisions.safety.likenesses import join_words
from decisions.safety.plain_text import flatten
from decisions.safety.public_knowledge import build_public_knowledge, build_stated_knowledge, find_figure_facts
from decisions.safety.public_texts import PublicText, describe_place, list_added_texts, list_public_texts
from decisions.safety.sure_documents import SureDocuments
from decisions.safety.withheld_content import Hits, WithheldContent, split_words
from decisions.safety.withheld_facts import (
    MakeContent,
    SearchedFor,
    add_to_content,
    find_derived_facts,
    gather_content,
    name_fact,
    narrow_to_inputs,
)
from rules.errors import InputError
from rules.packs.document_schema import PUBLIC_PART
from rules.packs.scheme import Scheme
from rules.values.facts import CASE
from workflow.cases.case import Case, FullCase
from workflow.cases.events import AlreadyPublic
from workflow.cases.publication import Disclosure, PublicationFindings, are_confirmed

MAX_CASES_KEPT = 32
"""The most cases for whose Part 2 a search keeps what it found."""
_FILE_ADVICE = (
    "Nothing has been written. Say it in words that give nothing away. If they are public already, say so with the "
    "next act: --already-public 'WORDS' --reason 'Where they were published'."
)


@dataclass(frozen=True, slots=True)
class EarlierSearch:
    """What a search found in a case as it stood before, as far as it was asked for.

    What is public only grows while nothing that Part 1 states is changed or taken out. So texts without a finding stay
    without one, as long as the content of Part 2 is the same.
    """

    full_case: FullCase
    scheme: Scheme
    searched_for: SearchedFor | None
    suspects: tuple[Suspect, ...] | None
    has_no_blockers: bool
    sure_documents: SureDocuments | None

    def is_part_of(self, full_case: FullCase, scheme: Scheme) -> bool:
        """Whether all that it searched stands in a case as it did, and the case can only have more."""
        before, after = self.full_case.case, full_case.case
        confirmed = self.full_case.exempt_part.already_public
        return (
            scheme is self.scheme
            and before.facts.items() <= after.facts.items()
            and before.acts == after.acts[: len(before.acts)]
            and confirmed == full_case.exempt_part.already_public[: len(confirmed)]
        )


@dataclass(frozen=True)
class PublicationSearch:
    """Searches Part 1 of cases for Part 2, and looks whether its documents can be made.

    This is the `PublicationCheck` of the workflow. Of the cases seen last it keeps what it found, so that an act is
    searched for what it adds. The answer is that of a search of everything.
    """

    _make_content: MakeContent = field(
        default_factory=lambda: lru_cache(maxsize=MAX_CASES_KEPT)(WithheldContent), repr=False
    )
    _slot_of: Callable[[str], _Slot] = field(
        default_factory=lambda: lru_cache(maxsize=MAX_CASES_KEPT)(lambda _: _Slot()), repr=False
    )

    def __call__(self, full_case: FullCase, scheme: Scheme) -> PublicationFindings:
        """Return the findings in a case, each kind worked out when it is asked for."""
        slot = self._slot_of(full_case.case.id)
        earlier = slot.findings.as_earlier_search() if slot.findings else None
        is_part = earlier is not None and earlier.is_part_of(full_case, scheme)
        slot.findings = _SearchFindings(full_case, scheme, self._make_content, earlier if is_part else None)
        return slot.findings


@dataclass(slots=True)
class _Slot:
    """The findings in one case when it was searched last."""

    findings: _SearchFindings | None = None


@dataclass(frozen=True)
class _SearchFindings(PublicationFindings):
    """The findings in a case; `earlier` is the search of the case before it had more, if there was one."""

    full_case: FullCase
    scheme: Scheme
    make_content: MakeContent
    earlier: EarlierSearch | None = None

    def as_earlier_search(self) -> EarlierSearch:
        """Return what is known from these findings, for a search of the case after its next event."""
        known = vars(self)  # nothing is worked out for it
        return EarlierSearch(
            self.full_case,
            self.scheme,
            known.get("_searched_for"),
            suspects=known.get("_suspects"),
            has_no_blockers=known.get("blockers") == (),
            sure_documents=known.get("_sure_documents"),
        )

    @cached_property
    def disclosures(self) -> tuple[Disclosure, ...]:
        """Return the words of Part 1 that give away something of Part 2, or may."""
        return self._grade(self._suspects)

    @cached_property
    def refused(self) -> tuple[Disclosure, ...]:
        """Return those of the disclosures that are refused."""
        if not any(suspect.may_be_refused for suspect in self._suspects):
            return ()
        return tuple(one for one in self.disclosures if one.is_refused)

    def find_at(self, addresses: Collection[str]) -> tuple[Disclosure, ...]:
        """Return those of the disclosures that stand in texts at some addresses."""
        return self._grade([suspect for suspect in self._suspects if suspect.text.address in addresses])

    def _grade(self, suspects: Sequence[Suspect]) -> tuple[Disclosure, ...]:
        if not suspects:
            return ()
        case, confirmed = self.full_case.case, self.full_case.exempt_part.already_public
        return tuple(_grade_suspects(suspects, case, self.scheme, confirmed, lambda: self._public_figures))

    @cached_property
    def _suspects(self) -> tuple[Suspect, ...]:
        """The texts that are like something of Part 2, but for those that what Part 1 states explains.

        Those of the earlier search stay among them, as they were then: Part 1 may explain more of them by now, never
        less.
        """
        case, earlier = self.full_case.case, self.earlier
        if not self.full_case.exempt_part.facts:
            return ()
        if earlier is None or earlier.suspects is None or not self._is_same_content:
            return find_suspects(self._content, self._texts, case, self.scheme)
        added = find_suspects(self._content, self._list_added_texts(), case, self.scheme)
        if not added or not earlier.suspects:
            return (*earlier.suspects, *added)
        places = {text: place for place, text in enumerate(self._texts)}
        return tuple(sorted((*earlier.suspects, *added), key=lambda suspect: places[suspect.text]))

    @cached_property
    def derivable(self) -> tuple[Disclosure, ...]:
        """Return a warning for each figure of Part 2 that the figures of a document together give away."""
        if not self.full_case.exempt_part.facts:
            return ()
        views, _ = self._views
        named = {address for one in self.disclosures for address in one.exempt}
        derivable = _find_derivable(self._exempt_record, self._public_record, views)
        return tuple(one for one in derivable if named.isdisjoint(one.exempt))

    @cached_property
    def blockers(self) -> tuple[str, ...]:
        """Return why files of Part 1 cannot be made."""
        blockers = () if self._sure_documents else self._views[1]
        if not self.full_case.exempt_part.facts or self.refused:
            return blockers
        is_added = self.earlier is not None and self.earlier.has_no_blockers and self._is_same_content
        texts = self._list_added_texts() if is_added else self._texts
        repeated = _find_repeated_amounts(self._content, texts, lambda: (self._exempt_record, self._public_record))
        return (*blockers, *repeated)

    def find_words_of_part_2(self, addresses: Collection[str]) -> tuple[Disclosure, ...]:
        """Return the words of texts at some addresses that stand in Part 2 and nowhere else in Part 1."""
        case, exempt_part = self.full_case.case, self.full_case.exempt_part
        if not exempt_part.facts:
            return ()
        others = {address: value for address, value in case.facts.items() if address not in addresses}
        exempt_record = build_exempt_record(case, exempt_part, "", self.scheme)
        public_record = build_public_record(replace(case, facts=others), "", self.scheme)
        patterns = build_exempt_patterns(exempt_record, public_record)
        texts = [text for text in self._texts if text.address in addresses]
        return tuple(self._name_words(text, words) for text in texts for words in self._left_words(text, patterns))

    def _left_words(self, text: PublicText, patterns: ExemptPatterns) -> Iterator[str]:
        """Yield the words of Part 2 in a text, but for those within words that are found or confirmed already."""
        known = [found.words for found in self.disclosures if found.address == text.address]
        known += [confirmed.words for confirmed in self.full_case.exempt_part.already_public]
        inside = [join_words([words]) for words in known]
        for stretch in patterns.find_stretches(flatten(text.words)):
            if not any(join_words([stretch]) in words for words in inside):
                yield stretch

    def _name_words(self, text: PublicText, words: str) -> Disclosure:
        """Return the disclosure of words of Part 2, with the facts there that have one of them."""
        found = set(split_words(words))
        facts = [fact for fact in self._content.facts if not found.isdisjoint(split_words(flatten(fact.text)))]
        named = facts or self._content.facts
        exempt = tuple(fact.address for fact in named)
        place = describe_place(text, self.scheme)
        return Disclosure(text.address, place, words, exempt, f"words of {named[0].name}", is_refused=True)

    @property
    def _is_same_content(self) -> bool:
        """Whether the earlier search looked for the same content of Part 2."""
        earlier = self.earlier.searched_for if self.earlier else None
        return earlier is not None and earlier.content is self._content

    def _list_added_texts(self) -> Iterable[PublicText]:
        """Return the texts of Part 1 that the earlier search had not."""
        before = self.earlier.full_case.case if self.earlier else None
        return list_added_texts(before, self.full_case.case, self.scheme) if before else self._texts

    @cached_property
    def _texts(self) -> tuple[PublicText, ...]:
        return tuple(list_public_texts(self.full_case.case, self.scheme))

    @cached_property
    def _sure_documents(self) -> SureDocuments | None:
        earlier = self.earlier.sure_documents if self.earlier else None
        return SureDocuments.prove(self.full_case.case, self.scheme, earlier)

    @cached_property
    def _public_record(self) -> PublicRecord:
        return build_public_record(self.full_case.case, "", self.scheme)

    @cached_property
    def _public_figures(self) -> PublicRecord:
        """The public record with no more derived facts than its figures and days need."""
        return build_public_record(self.full_case.case, "", self.scheme, find_figure_facts(self.scheme))

    @cached_property
    def _exempt_record(self) -> ExemptRecord:
        case, exempt_part = self.full_case.case, self.full_case.exempt_part
        derived = find_derived_facts(self.scheme, exempt_part.facts)
        return build_exempt_record(case, exempt_part, "", self.scheme, derived)

    @property
    def _content(self) -> WithheldContent:
        return self._searched_for.content

    @cached_property
    def _searched_for(self) -> SearchedFor:
        earlier = self.earlier.searched_for if self.earlier else None
        if self.earlier and earlier:
            before, after, make_content = self.earlier.full_case, self.full_case, self.make_content
            if (found := add_to_content(earlier, before, after, self.scheme, make_content)) is not None:
                return found
        case, exempt_part = self.full_case.case, self.full_case.exempt_part
        derived = find_derived_facts(self.scheme, exempt_part.facts)
        searched = build_exempt_record(narrow_to_inputs(case, derived), exempt_part, "", self.scheme, derived)
        return gather_content(searched, case, self.make_content)

    @cached_property
    def _views(self) -> tuple[list[Document], tuple[str, ...]]:
        return _build_views(self._public_record, are_sure=self._sure_documents is not None)


def find_disclosures(exempt_record: ExemptRecord, public_record: PublicRecord) -> tuple[Disclosure, ...]:
    """Return the words of Part 1 that give away something of Part 2 or may, but for those confirmed as public."""
    case, scheme = public_record.case, public_record.scheme
    content = gather_content(exempt_record, case, WithheldContent).content
    suspects = find_suspects(content, list_public_texts(case, scheme), case, scheme)
    return tuple(_grade_suspects(suspects, case, scheme, exempt_record.already_public, lambda: public_record))


class Suspect(NamedTuple):
    """A text of Part 1 that is like something of Part 2, and whether it may be refused for that."""

    text: PublicText
    hits: Hits
    may_be_refused: bool


def find_suspects(
    content: WithheldContent, texts: Iterable[PublicText], case: Case, scheme: Scheme
) -> tuple[Suspect, ...]:
    """Return the texts that are like something of Part 2, but for those that what Part 1 states explains."""
    found = [(text, hits) for text in texts if (hits := content.find_in(text.words))]
    if not found:
        return ()
    stated = build_stated_knowledge(case, scheme)
    graded = ((text, hits, stated.grade(hits)) for text, hits in found)
    return tuple(Suspect(text, hits, any(one.is_refused for one in alike)) for text, hits, alike in graded if alike)


def _grade_suspects(
    suspects: Iterable[Suspect],
    case: Case,
    scheme: Scheme,
    confirmed: Collection[AlreadyPublic],
    public_record: Callable[[], PublicRecord],
) -> Iterator[Disclosure]:
    """Yield the words of suspects that give away something of Part 2 or may, but for those confirmed as public.

    The figures and days that rules derive from Part 1 are public too. They take long to work out, and only a text with
    such figures or days needs them.
    """
    stated, public = build_stated_knowledge(case, scheme), None
    for text, hits, _ in suspects:
        if stated.tells_figures(hits):
            public = public or build_public_knowledge(public_record())
        for one in (public or stated).grade(hits):
            if not are_confirmed(one.words, one.exempt, confirmed):
                yield Disclosure(text.address, describe_place(text, scheme), *one)


def refuse_disclosures(exempt_record: ExemptRecord, public_record: PublicRecord, view: Document) -> None:
    """Raise `DocumentError` if a document shows words of Part 1 that say what Part 2 withholds."""
    shown = f" {' '.join(split_words(flatten(' '.join(texts_in(view)))))} "
    refused = [
        found.describe()
        for found in find_disclosures(exempt_record, public_record)
        if found.is_refused and f" {' '.join(split_words(found.words))} " in shown
    ]
    if refused:
        raise DocumentError(f"{public_record.case.id}: {'; '.join(refused)}", _FILE_ADVICE)


def _build_views(record: PublicRecord, *, are_sure: bool) -> tuple[list[Document], tuple[str, ...]]:
    """Return the view of each Part 1 document, and why some of them cannot be made."""
    views, blockers = [], []
    for template in record.scheme.declaration.documents:
        if template.part != PUBLIC_PART:
            continue
        try:
            view = build_document(template, record)
            if not are_sure:
                refuse_unprintable(view)
            views.append(view)
        except NoSuchDocument:
            continue
        except (DocumentError, InputError) as error:
            blockers.append(f"{template.name} cannot be made: {error}")
    return views, tuple(blockers)


def _find_repeated_amounts(
    content: WithheldContent,
    texts: Iterable[PublicText],
    both_records: Callable[[], tuple[ExemptRecord, PublicRecord]],
) -> Iterator[str]:
    """Yield why the last check of a file would stop it, should it find an amount that the search here does not."""
    pieces = [TextPiece(text.words, is_prose=False) for text in texts if content.repeats_amount(text.words)]
    # Of most cases there are none: what is public takes longer to list.
    patterns = build_amount_patterns(*both_records()) if pieces else None
    for disclosure in patterns.find_disclosures(pieces) if patterns else ():
        yield f"no document of Part 1 can be made: it would give away {disclosure}"


def _find_derivable(
    exempt_record: ExemptRecord, public_record: PublicRecord, views: Iterable[Document]
) -> Iterator[Disclosure]:
    """Yield a warning for each withheld figure that the figures of a document together give away."""
    scheme = public_record.scheme
    figures = CaseFigures.of(exempt_record, public_record)
    names = chain.from_iterable(map(figures.find_derivable, views))
    for name in dict.fromkeys(names):
        label = name_fact(name, CASE, scheme)
        yield Disclosure("", "Part 1", "", (name,), label, is_refused=False)
