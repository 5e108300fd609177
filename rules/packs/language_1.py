"""The fixed words of language 1: its gates, its kinds of subject and its day of decision.

A file of language 1 declares none of these words and may use them all. Ledgers keep packs of this language, so these
words never change; nothing else in assent may name one of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.language.vocabulary import GateDeclaration, SubjectKindDeclaration

DECISION_DAY = "decided_on"

GATES: Mapping[str, GateDeclaration] = {
    name: GateDeclaration(label=label, about=about)
    for name, label, about in (
        ("submit", "Submission", "The author sends the paper to those who advise or decide."),
        ("support", "Support", "A board or an officer advises that the paper goes on."),
        ("send_back", "Sending back", "The paper is returned, deferred, rejected or withdrawn."),
        ("declare", "Declaration", "An officer makes the declaration that the form has."),
        ("certify", "Certification", "A senior officer certifies the paper, or gives prior approval."),
        ("decide", "Decision", "The decision is taken."),
        ("publish", "Publication", "The decision is published."),
        ("review", "Review", "What is withheld is looked at again, with `assent review record`."),
    )
}

SUBJECT_KINDS: Mapping[str, SubjectKindDeclaration] = {
    name: SubjectKindDeclaration(label=label, plural=plural, about=about)
    for name, label, plural, about in (
        ("exemption", "Exemption", "Exemptions", "A ground on which something is withheld from publication."),
        ("recommendation", "Recommendation", "Recommendations", "One thing that a body is to approve, note or accept."),
        ("contract", "Contract", "Contracts", "A lot, an option, a renewal or an earlier award."),
        ("section", "Section", "Sections", "A part of the paper."),
        ("figure", "Figure", "Figures", "A figure that the paper states in its text."),
        ("milestone", "Milestone", "Milestones", "A day that the paper promises in its text."),
    )
}
