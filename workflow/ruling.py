"""A ruling as it is recorded: what the controls say of the evidence, with no word of what Part 2 alone knows.

What only Part 2 knows of a subject is never said; nor is the name of a subject that only Part 2 knows, or how many
such there are. All of one kind are called `contract:held in Part 2`, and for each control the gravest finding
speaks for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from rules.evidence import IN_PART_2, Evidence
from rules.facts import FactValue, kind_of
from rules.finding import Finding, Ruling
from rules.judging import judge
from rules.rulebook import Rulebook
from workflow.wire import encode, exempt_digest_of_all, exempt_digests

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
    findings = judge(rulebook, question.gate, evidence)
    unnamed = frozenset(filter(evidence.is_wholly_exempt, evidence.subjects))
    spoken = _without_names(findings, unnamed) if unnamed else findings
    return Ruling(*question, rulebook.digest, encode(public), _digests(withheld, unnamed, salt), spoken)


def _digests(withheld: Mapping[str, FactValue], unnamed: frozenset[str], salt: str) -> dict[str, str]:
    """A digest of each exempt fact, and one of all that is stated of subjects which may not be named."""
    inside = {where: value for where, value in withheld.items() if where.partition(".")[0] in unnamed}
    digests = exempt_digests({where: withheld[where] for where in withheld.keys() - inside.keys()}, salt)
    return {**digests, IN_PART_2: exempt_digest_of_all(inside, salt)} if inside else digests


def heard(facts: Mapping[str, FactValue], gate: str, rulebook: Rulebook) -> dict[str, FactValue]:
    """The facts that can matter at a gate: what is not heard is not kept with the ruling either."""
    hears = rulebook.at_gate(gate).hears
    return {where: value for where, value in facts.items() if hears(where)}


def _without_names(findings: Iterable[Finding], unnamed: frozenset[str]) -> tuple[Finding, ...]:
    """The findings with one name for all subjects that may not be named, and one finding for each control on them."""
    names = re.compile(rf"(?<![\w:-])({'|'.join(map(re.escape, sorted(unnamed)))})(?![\w-])", re.ASCII)

    def veiled(text: str) -> str:
        return names.sub(lambda found: f"{kind_of(found[0])}:{IN_PART_2}", text)

    spoken: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        missing = tuple(dict.fromkeys(veiled(what) for what in finding.missing))
        said = replace(finding, subject=veiled(finding.subject), missing=missing, cure=veiled(finding.cure))
        other = spoken.setdefault((said.control, said.subject), said)
        if _GRAVEST_FIRST.index(said.outcome) < _GRAVEST_FIRST.index(other.outcome):
            spoken[said.control, said.subject] = said
    return tuple(spoken.values())
