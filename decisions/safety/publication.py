"""The check before anything is recorded: could Part 1 of a case be published as it stands?

It searches every public text of the case, whether or not a document prints it, and it builds the view of each Part 1
document as `document render` would. What would stop a file stops the act before it.

Two things stop a file and cannot be known here: a machine without the libraries of WeasyPrint, and a PDF that breaks a
standard. Such a PDF is a fault of assent or of a form, not of a paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain

from decisions.documents.build import PUBLIC_PART, build_document
from decisions.documents.printability import refuse_unprintable
from decisions.documents.record_views import ExemptRecord, PublicRecord, build_exempt_record, build_public_record
from decisions.documents.view import Document, texts_in
from decisions.errors import DocumentError, NoSuchDocument
from decisions.output.extraction import TextPiece
from decisions.safety.derivable_figures import find_derivable_facts
from decisions.safety.disclosure import build_amount_patterns, scheme_texts
from decisions.safety.likenesses import (
    ExemptFact,
    PublicKnowledge,
    WithheldContent,
    figure_values,
    join_words,
    split_words,
)
from decisions.safety.plain_text import flatten
from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.facts import CASE, FactValue, address_of, key_of_subject, split_address
from rules.values.money import Money
from workflow.cases.case import Case, FullCase
from workflow.cases.publication import Disclosure, PublicationFindings, are_confirmed

VAT_RATE = "vat.rate"
"""The dated value of the law that holds the rates of VAT, in tenths of a percent."""
MAX_WORDS_OF_NAME = 8
"""The most words of a text of Part 1 that can be the name or the post of somebody, and not prose."""
_FILE_ADVICE = (
    "Nothing has been written. Say it in words that give nothing away. If they are public already, say so with the "
    "next act: --already-public 'WORDS' --reason 'Where they were published'."
)
_NO_ARTICLE = ("the", "what", "who", "whose", "how", "why", "when", "where", "whether")
"""The first words of labels that need no article inside a sentence."""
_SMALL_WORDS = ("and", "for", "of", "the", "&", "to")
_DIGIT = re.compile("[0-9]")
_Place = tuple[str, str, str]
"""A public text: the address of its fact, its place for people, and its words."""


def check_publication(full_case: FullCase, scheme: Scheme) -> PublicationFindings:
    """Return what in Part 1 gives away Part 2 or may, and why its documents cannot be made.

    This is the `PublicationCheck` of the workflow.
    """
    public_record = build_public_record(full_case.case, "", scheme)
    views, blockers = _build_views(public_record)
    if not full_case.exempt_part.facts:
        return PublicationFindings((), blockers)
    exempt_record = build_exempt_record(full_case.case, full_case.exempt_part, "", scheme)
    found = find_disclosures(exempt_record, public_record)
    if not any(one.is_refused for one in found):
        blockers = (*blockers, *_find_repeated_amounts(exempt_record, public_record))
    named = {address for one in found for address in one.exempt}
    derivable = [one for one in _find_derivable(exempt_record, public_record, views) if named.isdisjoint(one.exempt)]
    return PublicationFindings((*found, *derivable), blockers)


def find_disclosures(exempt_record: ExemptRecord, public_record: PublicRecord) -> tuple[Disclosure, ...]:
    """Return the words of Part 1 that give away something of Part 2 or may, but for those confirmed as public."""
    content = _withheld_content(exempt_record, public_record)
    already_public = exempt_record.already_public
    return tuple(
        Disclosure(address, place, one.words, one.exempt, one.description, one.is_refused)
        for address, place, text in _public_texts(public_record.case, public_record.scheme)
        for one in content.find_likenesses(text)
        if not are_confirmed(one.words, one.exempt, already_public)
    )


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


def _build_views(record: PublicRecord) -> tuple[list[Document], tuple[str, ...]]:
    """Return the view of each Part 1 document, and why some of them cannot be made."""
    views, blockers = [], []
    for template in record.scheme.declaration.documents:
        if template.part != PUBLIC_PART:
            continue
        try:
            view = build_document(template, record)
            refuse_unprintable(view)
            views.append(view)
        except NoSuchDocument:
            continue
        except (DocumentError, InputError) as error:
            blockers.append(f"{template.name} cannot be made: {error}")
    return views, tuple(blockers)


def _find_repeated_amounts(exempt_record: ExemptRecord, public_record: PublicRecord) -> Iterator[str]:
    """Yield why the last check of a file would stop it, should it find an amount that the search here does not."""
    patterns = build_amount_patterns(exempt_record, public_record)
    texts = (text for _, _, text in _public_texts(public_record.case, public_record.scheme) if _DIGIT.search(text))
    for disclosure in patterns.find_disclosures(TextPiece(text, is_prose=False) for text in texts):
        yield f"no document of Part 1 can be made: it would give away {disclosure}"


def _find_derivable(
    exempt_record: ExemptRecord, public_record: PublicRecord, views: Iterable[Document]
) -> Iterator[Disclosure]:
    """Yield a warning for each withheld figure that the figures of a document together give away."""
    scheme = public_record.scheme
    names = chain.from_iterable(find_derivable_facts(exempt_record, public_record, view) for view in views)
    for name in dict.fromkeys(names):
        label = _fact_name(name, CASE, scheme)
        yield Disclosure("", "Part 1", "", (name,), label, is_refused=False)


def _withheld_content(exempt_record: ExemptRecord, public_record: PublicRecord) -> WithheldContent:
    evidence, scheme = exempt_record.evidence, exempt_record.scheme
    stated = [(subject, fact, evidence.facts_of(subject)[fact]) for subject, fact in sorted(evidence.exempt)]
    # Derived facts come last, so that an amount has the name of the fact that somebody stated. A derived choice is a
    # term of the law, such as the regime that governs a contract: Part 1 names such terms for other reasons too.
    derived = {each.name for each in scheme.rulebook.derived_facts}
    facts = [
        _exempt_fact(subject, fact, value, scheme)
        for subject, fact, value in sorted(stated, key=lambda one: one[1] in derived)
        if not (isinstance(value, bool) or (fact in derived and isinstance(value, str)))
    ]
    return WithheldContent(tuple(facts), _public_knowledge(public_record))


def _exempt_fact(subject: str, fact: str, value: FactValue, scheme: Scheme) -> ExemptFact:
    address = address_of(fact, key_of_subject(subject))
    name = _fact_name(fact, subject, scheme)
    if not isinstance(value, str):
        return ExemptFact(address, name, value)
    return ExemptFact(address, name, value, scheme.describe_value(fact, value), scheme.is_text(fact, value))


def _fact_name(fact: str, subject: str, scheme: Scheme) -> str:
    """Return a fact's label inside a sentence, with its subject: `the rationale (exemption s43)`."""
    declared = scheme.rulebook.facts.get(fact)
    label = declared.label if declared else fact
    inside = label[:1].lower() + label[1:] if label[1:2].islower() else label
    article = "" if inside.split()[0] in _NO_ARTICLE else "the "
    return article + inside + _name_subject(subject, scheme)


def _name_subject(subject: str, scheme: Scheme) -> str:
    name = scheme.name_subject(subject)
    return f" ({name.lower()})" if name else ""


def _public_knowledge(record: PublicRecord) -> PublicKnowledge:
    case, scheme, evidence = record.case, record.scheme, record.evidence
    values = list(chain(evidence.case_facts.values(), *(facts.values() for facts in evidence.subjects.values())))
    days = {value for value in values if isinstance(value, date)} | {act.on for act in case.acts}
    stated = frozenset(chain.from_iterable(map(figure_values, values)))
    return PublicKnowledge(
        stated | _law_figures(scheme),
        frozenset(days),
        _vat_rates(scheme),
        lambda: (_scheme_wording(scheme), join_words(_public_names(case, scheme))),
        [value for value in values if isinstance(value, str)],
    )


@lru_cache(maxsize=8)
def _law_figures(scheme: Scheme) -> frozenset[int]:
    """Return the amounts that the law and the scheme fix: everybody can read them there."""
    rows = (row for value in scheme.rulebook.law.values.values() for row in value.history)
    return frozenset(abs(row.figure.pence) for row in rows if isinstance(row.figure, Money))


@lru_cache(maxsize=8)
def _vat_rates(scheme: Scheme) -> tuple[int, ...]:
    """Return the rates of VAT, past and present, in tenths of a percent; none if the scheme's packs have none."""
    declared = scheme.rulebook.law.values.get(VAT_RATE)
    rates = {row.figure for row in declared.history} if declared else set()
    return tuple(sorted((rate for rate in rates if rate), reverse=True))


@lru_cache(maxsize=8)
def _scheme_wording(scheme: Scheme) -> str:
    """Return the words of the scheme and of every control: papers repeat the terms of the law."""
    controls = (control.declaration for control in scheme.rulebook.controls.values())
    terms = chain.from_iterable((each.requirement, each.wrong, each.cure) for each in controls)
    return join_words((*scheme_texts(scheme), *terms))


def _public_names(case: Case, scheme: Scheme) -> Iterator[str]:
    """Yield who acted, and the short texts that Part 1 states of the case, but for the titles of documents."""
    yield from (name for act in case.acts for name in (act.officer, act.acts_for))
    titles = {template.title for template in scheme.declaration.documents}
    for address, value in case.facts.items():
        if isinstance(value, str) and ":" not in address and address not in titles:
            yield from [value] * (_is_name(value) and scheme.is_text(address, value))


def _is_name(text: str) -> bool:
    """Whether a text is a name or a post, such as `R Lawrence, Head of Estates`, and not a sentence."""
    words = text.split()
    if text.isupper() or text.endswith("."):
        return False
    return len(words) <= MAX_WORDS_OF_NAME and all(word[0].isupper() or word in _SMALL_WORDS for word in words)


def _public_texts(case: Case, scheme: Scheme) -> Iterator[_Place]:
    """Yield every text and amount that Part 1 states or records, also what counts no more: it stays in the record."""
    yield from _fact_texts(case.facts, scheme)
    for act in case.acts:
        earlier = {address: value for address, value in act.facts.items() if case.facts.get(address) != value}
        yield from _fact_texts(earlier, scheme)
        for control, reason in act.overrides.items():
            yield "", f"Part 1, reason for the override of {control}", reason


def _fact_texts(facts: Mapping[str, FactValue], scheme: Scheme) -> Iterator[_Place]:
    for address, value in facts.items():
        fact, key = split_address(address)
        is_text = isinstance(value, str) and scheme.is_text(fact, value)
        if is_text or isinstance(value, Money):
            declared = scheme.rulebook.facts.get(fact)
            subject = f"{fact.partition('.')[0]}:{key}" if key else CASE
            label = declared.label if declared else fact
            yield address, f"Part 1, {label}{_name_subject(subject, scheme)}", scheme.describe_value(fact, value)
