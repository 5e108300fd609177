"""The search that remembers the earlier events of a case finds what a search of everything finds, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decisions.documents.build import build_document
from decisions.documents.printability import refuse_unprintable
from decisions.documents.record_views import ExemptRecord, PublicRecord, build_exempt_record, build_public_record
from decisions.documents.view import Document, texts_in
from decisions.errors import DocumentError, NoSuchDocument
from decisions.output.extraction import TextPiece
from decisions.safety.derivable_figures import CaseFigures
from decisions.safety.disclosure import build_amount_patterns
from decisions.safety.public_knowledge import build_public_knowledge
from decisions.safety.public_texts import describe_place, list_public_texts
from decisions.safety.publication import PublicationSearch
from decisions.safety.sure_documents import SureDocuments, _text_bounds
from decisions.safety.withheld_content import WithheldContent
from decisions.safety.withheld_facts import SearchedFor, add_to_content, gather_content
from rules.errors import InputError
from rules.packs.document_schema import PUBLIC_PART
from rules.values.facts import CASE, FactValue, kind_of_subject, subject_of_address
from rules.values.money import Money, Vat
from tests.decisions.safety.test_leaks import REFUSED, SECRET, WARNED, real_case, scheme
from workflow.cases.case import FullCase, RecordedAct
from workflow.cases.events import AlreadyPublic
from workflow.cases.publication import Disclosure, are_confirmed

PUBLIC_TEXTS = ("executive_summary", "public_explanation.legal", "recommendation:pib-1a.text", "title", "risks")
SNIPPETS = (
    *REFUSED.values(),
    *WARNED.values(),
    "Nothing of note was found.",
    "A word " + "x" * 190,
    "A word " + "x" * 2_500,
    "Right to left: \u202e.",
    "No glyph: \u4e2d.",
    "| a | b |\n| 1 | 2 |",
    "A figure of £3,456,789.50 and one of £1,000,000.",
    "A note[^1].\n\n[^1]: It is £2m.",
)
EXEMPT_VALUES: dict[str, Sequence[FactValue]] = {
    "estimated_value": (SECRET["estimated_value"], Money(3_456_789_50, Vat.EXCLUDED), Money(819_000_00, Vat.INCLUDED)),
    "procurement_commenced_on": (date(2019, 6, 28), date(2018, 3, 7), date(2020, 2, 14)),
    "confidential.financial": (
        SECRET["confidential.financial"],
        "It is late. Nobody else has bid.",
        "Nothing of note was found.",
    ),
    "exemption:s43.whose_interest": ("Kingfisher Devices Ltd", "Nobody else has bid."),
}


class Story:
    """A case to which random things happen."""

    def __init__(self, random: Random) -> None:
        self.random, self.full_case = random, real_case()

    def go_on(self) -> FullCase:
        """Let one thing happen, and return the case after it."""
        happen = self.random.choice(
            [self._act, self._act, self._act, self._add, self._write, self._take_out, self._amend_part_2, self._confirm]
        )
        happen()
        return self.full_case

    def _state(self, facts: dict[str, FactValue]) -> None:
        case = self.full_case.case
        self.full_case = replace(self.full_case, case=replace(case, facts={**case.facts, **facts}))

    def _act(self) -> None:
        case, random = self.full_case.case, self.random
        stage = random.choice(list(scheme().declaration.stages))
        on = case.last_on + timedelta(days=random.choice([0, 0, 1, 30]))
        number = len(case.acts) + 1
        name = random.choice(["Aimee Reed", "Ms Okafor", "Kingfisher"])
        facts: dict[str, FactValue] = {"pib.on": on, "pib.by": name, "pib.outcome": "supported"}
        if random.random() < 0.4:
            facts = {"send_back.reason": random.choice(SNIPPETS)}
        overrides = {"some-control": random.choice(SNIPPETS)} if random.random() < 0.2 else {}
        act = RecordedAct(
            number, "acted", "support", stage, 1, name, "pib_chair", on, facts, entered=True, overrides=overrides
        )
        self.full_case = replace(self.full_case, case=replace(case, stage=stage, last_on=on, acts=(*case.acts, act)))
        self._state(facts)

    def _add(self) -> None:
        number = self.random.randrange(40, 99)
        self._state({f"recommendation:pib-{number}.text": self.random.choice(SNIPPETS)})

    def _write(self) -> None:
        self._state({self.random.choice(PUBLIC_TEXTS): self.random.choice(SNIPPETS)})

    def _take_out(self) -> None:
        case = self.full_case.case
        gone = self.random.choice(sorted(case.facts))
        facts = {address: value for address, value in case.facts.items() if address != gone}
        self.full_case = replace(self.full_case, case=replace(case, facts=facts))

    def _amend_part_2(self) -> None:
        address = self.random.choice(sorted(EXEMPT_VALUES))
        exempt_part = self.full_case.exempt_part
        facts = {**exempt_part.facts, address: self.random.choice(EXEMPT_VALUES[address])}
        self.full_case = replace(self.full_case, exempt_part=replace(exempt_part, facts=facts))

    def _confirm(self) -> None:
        found = PublicationSearch()(self.full_case, scheme()).disclosures
        exempt_part = self.full_case.exempt_part
        confirmed = tuple(AlreadyPublic(one.words, one.exempt, "It was in a notice.") for one in found[:2])
        already_public = (*exempt_part.already_public, *confirmed)
        self.full_case = replace(self.full_case, exempt_part=replace(exempt_part, already_public=already_public))


def search_everything(full_case: FullCase) -> tuple[tuple[Disclosure, ...], tuple[str, ...], tuple[str, ...]]:
    """Return disclosures, the names of derivable facts, and blockers, by looking at everything."""
    public = build_public_record(full_case.case, "", scheme())
    exempt = build_exempt_record(full_case.case, full_case.exempt_part, "", scheme())
    disclosures = tuple(every_disclosure(exempt, public))
    views, blockers = every_view(public)
    named = {address for one in disclosures for address in one.exempt}
    names = dict.fromkeys(name for view in views for name in CaseFigures.of(exempt, public).find_derivable(view))
    if not any(one.is_refused for one in disclosures):
        pieces = [TextPiece(text.words, is_prose=False) for text in list_public_texts(full_case.case, scheme())]
        repeated = build_amount_patterns(exempt, public).find_disclosures(pieces)
        blockers += [f"no document of Part 1 can be made: it would give away {one}" for one in repeated]
    return disclosures, tuple(name for name in names if name not in named), tuple(blockers)


def every_disclosure(exempt: ExemptRecord, public: PublicRecord) -> Iterator[Disclosure]:
    content, knowledge = gather_content(exempt, exempt.case, WithheldContent).content, build_public_knowledge(public)
    for text in list_public_texts(public.case, scheme()):
        for one in knowledge.grade(hits) if (hits := content.find_in(text.words)) else ():
            if not are_confirmed(one.words, one.exempt, exempt.already_public):
                yield Disclosure(text.address, describe_place(text, scheme()), *one)


def every_view(public: PublicRecord) -> tuple[list[Document], list[str]]:
    views, blockers = [], []
    for template in scheme().declaration.documents:
        if template.part != PUBLIC_PART:
            continue
        try:
            view = build_document(template, public)
            refuse_unprintable(view)
            views.append(view)
        except NoSuchDocument:
            continue
        except (DocumentError, InputError) as error:
            blockers.append(f"{template.name} cannot be made: {error}")
    return views, blockers


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_a_search_of_what_was_added_finds_what_a_search_of_everything_finds(random: Random) -> None:
    search, story = PublicationSearch(), Story(random)
    search(story.full_case, scheme())
    for _ in range(7):
        full_case = story.go_on()
        findings = search(full_case, scheme())
        if random.random() < 0.2:
            continue  # nobody asked what was found
        disclosures, derivable, blockers = search_everything(full_case)
        assert findings.refused == tuple(one for one in disclosures if one.is_refused)
        assert findings.find_at(PUBLIC_TEXTS) == tuple(one for one in disclosures if one.address in PUBLIC_TEXTS)
        if random.random() < 0.5:
            assert findings.disclosures == disclosures
        assert findings.blockers == blockers
        assert tuple(one.exempt[0] for one in findings.derivable) == derivable


def test_only_the_words_that_an_act_adds_are_searched() -> None:
    search, full_case = PublicationSearch(), real_case()
    assert search(full_case, scheme()).refused == ()
    case = replace(full_case.case, facts={**full_case.case.facts, "pib.by": "The bid of A Okafor was lowest."})
    later = search(replace(full_case, case=case), scheme())
    assert {found.address for found in later.refused} == {"pib.by"}
    assert "_texts" not in vars(later)


def test_a_change_of_part_2_is_searched_for_in_all_of_part_1() -> None:
    search, full_case = PublicationSearch(), real_case()
    words = {**full_case.case.facts, "executive_summary": "A figure of £3,456,789.50 is public."}
    full_case = replace(full_case, case=replace(full_case.case, facts=words))
    assert search(full_case, scheme()).disclosures == ()
    exempt = {**full_case.exempt_part.facts, "estimated_value": Money(3_456_789_50, Vat.EXCLUDED)}
    later = search(replace(full_case, exempt_part=replace(full_case.exempt_part, facts=exempt)), scheme())
    assert [found.address for found in later.disclosures] == ["executive_summary"]


def gather(full_case: FullCase) -> SearchedFor:
    case = full_case.case
    return gather_content(build_exempt_record(case, full_case.exempt_part, "", scheme()), case, WithheldContent)


def content_of(full_case: FullCase) -> WithheldContent:
    return gather(full_case).content


def content_added_to(before: FullCase, after: FullCase) -> tuple[WithheldContent, WithheldContent | None]:
    """What is searched for before, and afterwards if a quick look shows it."""
    known = gather(before)
    found = add_to_content(known, before, after, scheme(), WithheldContent)
    return known.content, found.content if found else None


def with_more_in_part_2(full_case: FullCase, facts: dict[str, FactValue]) -> FullCase:
    exempt = {**full_case.exempt_part.facts, **facts}
    return replace(full_case, exempt_part=replace(full_case.exempt_part, facts=exempt))


def with_more(full_case: FullCase, facts: dict[str, FactValue], days: int = 0) -> FullCase:
    case = full_case.case
    later = case.last_on + timedelta(days=days)
    return replace(full_case, case=replace(case, facts={**case.facts, **facts}, last_on=later))


@pytest.mark.parametrize(
    "facts",
    [
        {"pib.outcome": "supported", "pib.on": date(2018, 3, 14), "pib.by": "Ms Okafor"},
        {"decision.reference": "PCD 361", "published_on": date(2018, 4, 17)},
    ],
)
def test_an_act_that_changes_no_input_of_part_2_searches_for_the_same(facts: dict[str, FactValue]) -> None:
    before, after = real_case(), with_more(real_case(), facts, days=7)
    content, added = content_added_to(before, after)
    assert added is content
    assert content_of(after) == content


@pytest.mark.parametrize(
    "facts",
    [
        {"requirement:w.value": Money(9_000_000_00, Vat.EXCLUDED), "contract:b.value": Money(1_00, Vat.EXCLUDED)},
        {"exemption:s41.section": "s41"},
    ],
)
def test_what_rules_hang_on_is_worked_out_again(facts: dict[str, FactValue]) -> None:
    before = real_case()
    _, added = content_added_to(before, with_more(before, facts))
    assert added is None


def test_another_value_of_part_2_is_worked_out_again() -> None:
    before = real_case()
    _, added = content_added_to(
        before, with_more_in_part_2(before, {"estimated_value": Money(3_456_789_50, Vat.EXCLUDED)})
    )
    assert added is None


@pytest.mark.parametrize(
    "facts",
    [
        {"exemption:s43.qualified_person": "The Commissioner", "confidential.legal": "Counsel advises against it."},
        {"exemption:s43.public_interest": True},
        {"confidential.background": "Until 30 June 2021 nobody is told."},
    ],
)
def test_what_is_added_to_part_2_is_searched_for_beside_the_rest(facts: dict[str, FactValue]) -> None:
    before = real_case()
    left_out = {address: value for address, value in before.exempt_part.facts.items() if address not in facts}
    before = replace(before, exempt_part=replace(before.exempt_part, facts=left_out))
    after = with_more_in_part_2(before, facts)
    _, added = content_added_to(before, after)
    assert added == content_of(after)


@pytest.mark.parametrize(
    "facts",
    [
        {"decided_on": date(2018, 4, 16)},  # an input of derived amounts
        {"decided_on": date(2010, 6, 1)},  # the rate of VAT was another
        {"decided_on": date(2018, 4, 16), "interests.declared": False},
    ],
)
def test_only_what_rests_on_added_facts_is_derived_again(facts: dict[str, FactValue]) -> None:
    before, after = real_case(), with_more(real_case(), facts)
    _, added = content_added_to(before, after)
    assert added == content_of(after)


@pytest.mark.parametrize(
    "facts",
    [
        {"exemption:s40.section": "s40"},
        {"requirement:w.value": Money(9_000_000_00, Vat.EXCLUDED)},
        {"decided_on": date(2018, 6, 1)},
        {"consistency.value_at_decision": Money(1_00, Vat.EXCLUDED)},
    ],
)
def test_what_rules_rest_on_in_part_2_is_worked_out_again(facts: dict[str, FactValue]) -> None:
    before = real_case()
    _, added = content_added_to(before, with_more_in_part_2(before, facts))
    assert added is None


def test_another_day_counts_only_if_the_law_is_another_then() -> None:
    before = real_case()
    by_days = {days: with_more(before, {}, days) for days in (1, 30, 365, 3_650, -365, -3_650, -9_000)}
    added = {days: content_added_to(before, after)[1] for days, after in by_days.items()}
    known = {days: content for days, content in added.items() if content is not None}
    assert 1 in known
    assert -9_000 not in known
    assert all(content_of(by_days[days]) == content for days, content in known.items())


def test_the_proof_counts_at_least_the_texts_that_documents_have() -> None:
    full_case = real_case()
    proof = SureDocuments.prove(full_case.case, scheme())
    assert proof is not None
    views, _ = every_view(build_public_record(full_case.case, "", scheme()))
    subjects: dict[str, int] = {}
    for subject in {subject_of_address(address) for address in full_case.case.facts} - {CASE}:
        subjects[kind_of_subject(subject)] = subjects.get(kind_of_subject(subject), 0) + 1
    most = [bound.most_texts(subjects, len(full_case.case.acts), proof.lines) for bound in _text_bounds(scheme())]
    assert max(most) >= max(sum(1 for _ in texts_in(view)) for view in views)
