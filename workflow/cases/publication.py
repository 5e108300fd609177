"""Obstacles to publication: words of Part 1 that give away Part 2, and files that cannot be made.

The search itself is a port, `PublicationCheck`: it knows how documents are made, and the workflow does not.

Invariants:
- A draft is only warned of, because its author can still change it. What an act states cannot be changed any more, so
  it is refused at any stage.
- Words that an officer confirmed as already public stay confirmed for the facts of Part 2 that they resembled.
- Confirmed words and the reason stand in Part 2: they say which words of Part 1 resemble what is withheld.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeAlias

from rules.errors import InputError
from rules.packs.corrections_schema import CORRECT_VALUE, REASON
from rules.packs.scheme import Scheme
from rules.values.facts import Facts, split_address
from workflow.cases.case import FullCase
from workflow.cases.events import AlreadyPublic, Event
from workflow.errors import PublicationRefused

_PAPER_KINDS = ("opened", "entered", "amended")
"""The events that state a paper, which can be amended as long as the case is a draft."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Words of Part 1 that give away something of Part 2, or may.

    `address` is the fact of Part 1 that has the words, `place` its name for people, and `exempt` the addresses of the
    facts of Part 2. `likeness` says what the words are there. Without `words`, its figures together give the facts
    away. Words that are not `is_refused` are only warned of.
    """

    address: str
    place: str
    words: str
    exempt: tuple[str, ...]
    likeness: str
    is_refused: bool

    def describe(self) -> str:
        """Return what is wrong in one sentence, without its full stop."""
        if not self.words:
            return f"the figures of {self.place} together reveal {self.likeness}, which Part 2 keeps confidential"
        verb = "is" if self.is_refused else "may be"
        return f"{self.place}, says “{self.words}”, which {verb} confidential in Part 2 as {self.likeness}"

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "place": self.place,
            "fact": self.address,
            "words": self.words,
            "part_2_facts": list(self.exempt),
            "likeness": self.likeness,
            "refused": self.is_refused,
        }


class PublicationFindings:
    """The findings of a check, each kind worked out when it is asked for; here there are none.

    `disclosures` are words of Part 1, `derivable` are warnings of figures that reveal another one together, and
    `blockers` say why files of Part 1 cannot be made.
    """

    @property
    def disclosures(self) -> tuple[Disclosure, ...]:
        """Return the words of Part 1 that give away something of Part 2, or may."""
        return ()

    @property
    def refused(self) -> tuple[Disclosure, ...]:
        """Return those of the disclosures that are refused."""
        return tuple(found for found in self.disclosures if found.is_refused)

    def find_at(self, addresses: Collection[str]) -> tuple[Disclosure, ...]:
        """Return those of the disclosures that stand in texts at some addresses."""
        return tuple(found for found in self.disclosures if found.address in addresses)

    @property
    def derivable(self) -> tuple[Disclosure, ...]:
        """Return a warning for each figure of Part 2 that figures of Part 1 together give away."""
        return ()

    @property
    def blockers(self) -> tuple[str, ...]:
        """Return why files of Part 1 cannot be made."""
        return ()

    def find_words_of_part_2(self, addresses: Collection[str]) -> tuple[Disclosure, ...]:  # noqa: ARG002  # none here
        """Return the words of texts at some addresses that stand in Part 2 and nowhere else in Part 1.

        It is stricter than `disclosures`, and not among them: ordinary texts share single words by chance.
        """
        return ()


class PublicationCheck(Protocol):
    """Searches Part 1 of a case for what would give away its Part 2, and for what no file could show."""

    def __call__(self, full_case: FullCase, scheme: Scheme) -> PublicationFindings:
        """Return what there is to find, but for words that were confirmed as already public."""


class ConfirmedWords(NamedTuple):
    """Words of Part 1 that an officer says are already public, as typed, and the reason."""

    words: tuple[str, ...] = ()
    reason: str = ""

    def include(self, words: str) -> bool:
        """Whether they include some words, however spaced and in capitals or not."""
        return bool(words) and _normalize(words) in map(_normalize, self.words)


NOTHING_CONFIRMED = ConfirmedWords()


FindWarnings: TypeAlias = Callable[[], tuple[Disclosure, ...]]
"""Works out what an officer is warned of: it takes long, is not recorded, and can wait until it is shown."""


def find_no_warnings() -> tuple[Disclosure, ...]:
    """Warn of nothing."""
    return ()


class PublicationVerdict(NamedTuple):
    """The confirmations that an event records, and how to find what its officer is warned of."""

    already_public: tuple[AlreadyPublic, ...]
    find_warnings: FindWarnings


def judge_publication(
    findings: PublicationFindings, before: FullCase | None, event: Event, confirmed: ConfirmedWords, scheme: Scheme
) -> PublicationVerdict:
    """Return what an event may record; raise `PublicationRefused` if it would give away Part 2 or block a file.

    Raises `InputError` for confirmed words that nothing was found in.
    """
    stated, of_correction = event.public.stated, _find_words_of_correction(findings, event.public.stated)
    confirmable = (*findings.disclosures, *of_correction) if confirmed.words else ()
    already_public = tuple(_confirm(words, confirmed.reason, confirmable) for words in confirmed.words)

    def leave_out_confirmed(disclosures: Iterable[Disclosure]) -> list[Disclosure]:
        return [found for found in disclosures if not are_confirmed(found.words, found.exempt, already_public)]

    left = leave_out_confirmed((*findings.refused, *of_correction))
    refused = [found for found in left if found.is_refused and not _can_be_amended(found, event, scheme)]
    blockers = () if event.stage == scheme.first_stage else findings.blockers
    if refused or blockers:
        raise PublicationRefused(event.case, event.action, refused, blockers)

    def find_warnings() -> tuple[Disclosure, ...]:
        if _are_all_news(before, event, scheme):
            return (*leave_out_confirmed((*findings.disclosures, *of_correction)), *findings.derivable)
        at_stated = sorted(findings.find_at(stated), key=lambda found: not found.is_refused)
        return tuple(leave_out_confirmed((*at_stated, *of_correction)))

    return PublicationVerdict(already_public, find_warnings)


def find_stated_words(findings: PublicationFindings, stated: Facts) -> tuple[Disclosure, ...]:
    """Return the words of facts just stated that may not be recorded, but for those of a confirmation to come."""
    found = (*findings.refused, *_find_words_of_correction(findings, stated))
    return tuple(one for one in found if one.address in stated)


def _find_words_of_correction(findings: PublicationFindings, stated: Facts) -> tuple[Disclosure, ...]:
    """Return the words of Part 2 in a correction just stated: nobody can take it back, so each single word counts."""
    texts = [address for address in stated if split_address(address)[0] in (CORRECT_VALUE, REASON)]
    return findings.find_words_of_part_2(texts) if texts else ()


def are_confirmed(words: str, exempt: Iterable[str], already_public: Iterable[AlreadyPublic]) -> bool:
    """Whether words of Part 1 were confirmed as already public for all of some facts of Part 2.

    Neither capitals nor spaces tell words apart.
    """
    of_words = [known for known in already_public if _normalize(known.words) == _normalize(words)]
    return {name for known in of_words for name in known.exempt}.issuperset(exempt)


def _are_all_news(before: FullCase | None, event: Event, scheme: Scheme) -> bool:
    """Whether an officer is warned of all words: when Part 2 changes, and when an act sends on a draft.

    At any other event the officer is warned of words just stated.
    """
    sends_on_draft = event.kind not in _PAPER_KINDS and before is not None and before.case.stage == scheme.first_stage
    return bool(event.exempt.stated) or sends_on_draft


def _can_be_amended(found: Disclosure, event: Event, scheme: Scheme) -> bool:
    """Whether the words stand in a paper that its author can still change."""
    is_of_act = event.kind not in _PAPER_KINDS and found.address in event.public.stated
    return event.stage == scheme.first_stage and not is_of_act


def _confirm(words: str, reason: str, disclosures: Iterable[Disclosure]) -> AlreadyPublic:
    same = [found for found in disclosures if ConfirmedWords((words,)).include(found.words)]
    if not same:
        raise InputError(
            "--already-public has words in which nothing of Part 2 was found",
            "Copy the words from the message, as they stand there between quotation marks. Or leave out the option.",
        )
    exempt = tuple(sorted({name for found in same for name in found.exempt}))
    return AlreadyPublic(same[0].words, exempt, reason)


def _normalize(words: str) -> str:
    return " ".join(words.split()).casefold()
