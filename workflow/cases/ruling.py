"""A ruling as it is recorded: what the controls say of the evidence, with no word of what Part 2 alone knows.

What only Part 2 knows of a subject is never said; nor is the name of a subject that only Part 2 knows, or how many
such there are. All of one kind are called `contract:held in Part 2`, and for each control the gravest finding
speaks for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, TypeVar

from rules.judging.findings import Finding, Judgement, Ruling, Verdict
from rules.judging.judge import judged
from rules.judging.rulebook import Rulebook
from rules.values.evidence import IN_PART_2, Evidence
from rules.values.facts import FactValue, kind_of
from workflow.ledger.canonical_json import exempt_digest_of_all, exempt_digests, receipt_of

Said = TypeVar("Said", bound=Verdict)

_GRAVEST_FIRST = ("breached", "undetermined", "satisfied", "not_applicable")


class Question(NamedTuple):
    """What is asked: whether, on a case, an action may pass a gate."""

    case: str
    action: str
    gate: str


def ruled(
    question: Question,
    public: Mapping[str, FactValue],
    exempt: Mapping[str, FactValue],
    rulebook: Rulebook,
    salt: str,
) -> Ruling:
    """The ruling of a gate on the facts of both parts; what is public counts where both state a fact."""
    public = heard(public, question.gate, rulebook)
    withheld = {w: value for w, value in heard(exempt, question.gate, rulebook).items() if w not in public}
    evidence = Evidence.gather(public, withheld)
    unnamed = frozenset(filter(evidence.is_wholly_exempt, evidence.subjects))
    given: Judgement = judged(rulebook, question.gate, evidence)
    spoken = _Veiled(given, unnamed) if unnamed else given
    return Ruling(*question, rulebook.digest, receipt_of(public), _digests(withheld, unnamed, salt), spoken)


def _digests(withheld: Mapping[str, FactValue], unnamed: frozenset[str], salt: str) -> dict[str, str]:
    """A digest of each exempt fact, and one of all that is stated of subjects which may not be named."""
    inside = {where: value for where, value in withheld.items() if where.partition(".")[0] in unnamed}
    digests = exempt_digests({where: withheld[where] for where in withheld.keys() - inside.keys()}, salt)
    return {**digests, IN_PART_2: exempt_digest_of_all(inside, salt)} if inside else digests


def heard(facts: Mapping[str, FactValue], gate: str, rulebook: Rulebook) -> dict[str, FactValue]:
    """The facts that can matter at a gate: what is not heard is not kept with the ruling either."""
    hearing = rulebook.at_gate(gate)
    own = {where: facts[where] for where in hearing.facts if where in facts}
    if not hearing.kinds:
        return own
    return own | {where: facts[where] for where in facts if ":" in where and kind_of(where) in hearing.kinds}


@dataclass(frozen=True)
class _Veiled:
    """What was judged, with one name for all subjects that may not be named and one word for each control on them."""

    whole: Judgement
    unnamed: frozenset[str]

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts, the gravest of a control speaking for all subjects without a name."""
        return self._gravest(replace(said, subject=self._veiled(said.subject)) for said in self.whole.verdicts)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, in the same way."""
        return self._gravest(map(self._unnamed, self.whole.findings))

    @staticmethod
    def _gravest(said: Iterable[Said]) -> tuple[Said, ...]:
        found: dict[tuple[str, str], Said] = {}
        for one in said:
            other = found.setdefault((one.control, one.subject), one)
            if _GRAVEST_FIRST.index(one.outcome) < _GRAVEST_FIRST.index(other.outcome):
                found[one.control, one.subject] = one
        return tuple(found.values())

    def _unnamed(self, finding: Finding) -> Finding:
        missing = tuple(dict.fromkeys(map(self._veiled, finding.missing)))
        return replace(finding, subject=self._veiled(finding.subject), missing=missing, cure=self._veiled(finding.cure))

    def _veiled(self, text: str) -> str:
        return self._names.sub(lambda found: f"{kind_of(found[0])}:{IN_PART_2}", text)

    @cached_property
    def _names(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w:-])({'|'.join(map(re.escape, sorted(self.unnamed)))})(?![\w-])", re.ASCII)
