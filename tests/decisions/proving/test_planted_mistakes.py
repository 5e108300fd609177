"""Realistic mistakes, planted one by one in schemes and packs: the proof finds each, and says what to write.

Each mistake is a change of text, as somebody would make it in an editor. Those that come with a changed example are not
here, since no proof can find them: `assent scheme check --review` lists what a second reader must compare.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from decisions.proving.walk_proof import prove_walks
from rules.authoring.data_files import MANUAL_FOLDER
from rules.errors import PackError
from rules.packs.library import Library
from rules.proving.scheme_proof import prove_schemes
from tests.plain_run import in_turn
from tests.schemes.conftest import TextChange, shipped_library

LFC, LFC_RULES = "schemes/lfc/scheme.yaml", "schemes/lfc/rules.yaml"
GLA, GLA_RULES = "schemes/gla/scheme.yaml", "schemes/gla/rules.yaml"
MOPAC = "schemes/mopac/scheme.yaml"
HEAD, RULES = "schemes/example/scheme.yaml", "schemes/example/rules.yaml"
EXAMPLES, LAW, PRACTICE = "schemes/example/examples.yaml", "law/parks-act.yaml", "law/parks-practice.yaml"


class Mistake(NamedTuple):
    """A mistake in a scheme: what is wrong, the changes of text, and a piece of what is said about it."""

    what: str
    scheme: str
    changes: tuple[TextChange, ...]
    message: str


ROLES_AND_ACTS = [
    Mistake(
        "two roles are swapped", "lfc",
        ((LFC, "who: [deputy_mayor]\n    outcome: approved", "who: [commissioner]\n    outcome: approved"),),
        "approve-prior by deputy_mayor is not allowed",
    ),
    Mistake(
        "an author may decide", "lfc",
        ((LFC, "gate: decide\n    who: [commissioner]", "gate: decide\n    who: [commissioner, author]"),),
        "can act as deputy_mayor, and then do decide as author. Name author in it, or take author out of",
    ),
    Mistake(
        "an author may certify", "example",
        ((HEAD, "gate: certify\n    who: [clerk]", "gate: certify\n    who: [clerk, author, sponsor]"),),
        "certify by sponsor was not to be allowed, and succeeds: take sponsor out of the `who` of certify",
    ),
    Mistake(
        "a role does nothing", "example",
        ((HEAD, "  clerk: {label", "  mayor: {label: Mayor}\n  clerk: {label"),),
        "roles.mayor: is a role that nobody needs",
    ),
    Mistake(
        "a role is misspelt", "example",
        ((HEAD, "gate: decide\n    who: [chair]", "gate: decide\n    who: [chiar]"),),
        "Did you mean chair?",
    ),
    Mistake(
        "a day has no owner", "example",
        ((HEAD, "  decision_needed: [clerk]\n", ""),),
        "nobody sees to the day decision_needed: add `decision_needed: [ROLE]`",
    ),
    Mistake(
        "duties that must be apart are no longer kept apart", "gla",
        ((GLA, "    from: [mayor, director, assistant_director,", "    from: [mayor, assistant_director,"),),
        "Name director in it, or take director out of actions.approve.who",
    ),
]  # fmt: skip

STAGES = [
    Mistake(
        "a stage is skipped", "mopac",
        ((MOPAC, "stage: iab, to: declaration, gate: support", "stage: iab, to: chief_executive, gate: support"),),
        "stages.declaration: cannot be reached from draft",
    ),
    Mistake(
        "an act skips a stage that another act leads to", "lfc",
        ((LFC, "    to: resilience_board\n", "    to: gla_board\n"),
         (LFC, "    stage: board\n    to: commissioner", "    stage: board\n    to: resilience_board")),
        "leaves the case at gla_board, not at resilience_board: look at the `to` of board-support",
    ),
    Mistake(
        "a link is missing, so that a stage cannot be left", "lfc",
        ((LFC, """  approve-prior:
    label: Give prior approval
    stage: deputy_mayor
    to: commissioner
    gate: certify
    who: [deputy_mayor]
    outcome: approved
    asks: [prior_approval.reference, prior_approval.interests]
""", ""),),
        "controls.prior_approval.obtained.requires.all.1.deputy_mayor.outcome.is: 'approved' is not one of returned",
    ),
    Mistake(
        "an act leads nowhere new", "example",
        ((HEAD, "stage: certificate\n    to: decision", "stage: certificate\n    to: certificate"),),
        "stages.certificate: leads to no last stage",
    ),
    Mistake(
        "no end can be reached", "example",
        ((HEAD, "    to: published", "    to: publication"), (HEAD, "    to: closed", "    to: draft")),
        "stages.draft: leads to no last stage",
    ),
    Mistake(
        "a stage is misspelt", "example",
        ((HEAD, "    to: certificate", "    to: certificat"),),
        "Did you mean certificate?",
    ),
    Mistake(
        "a return reopens nothing", "mopac",
        ((MOPAC, "    stage: dmpc\n    to: draft\n    reopens: draft\n", "    stage: dmpc\n    to: draft\n"),),
        "to void it, let dmpc-return say `reopens: STAGE`",
    ),
    Mistake(
        "an act has lost its outcome", "example",
        ((HEAD, "    outcome: certified\n", ""),),
        "certificate is not a stage that has an outcome",
    ),
    Mistake(
        "an outcome is misspelt", "example",
        ((HEAD, "    outcome: certified\n", "    outcome: certifyed\n"),),
        "certifyed is not a declared outcome. Did you mean certified?",
    ),
    Mistake(
        "an act no longer dates the publication", "mopac",
        ((MOPAC, "    outcome: published\n    dates: [published_on]", "    outcome: published"),),
        "add published_on to the `dates` of publish",
    ),
    Mistake(
        "the decision is not dated", "example",
        ((HEAD, "    dates: [decided_on]\n", ""),),
        "add decided_on to the `dates` of decide",
    ),
    Mistake(
        "a task too many must be done", "example",
        ((HEAD, "    needed: 1\n", "    needed: 2\n"),),
        "declare by sponsor is refused by checks.made",
    ),
]  # fmt: skip

FACTS = [
    Mistake(
        "an act does not ask for what its gate requires", "lfc",
        ((LFC, "asks: [prior_approval.reference, prior_approval.interests]", "asks: [prior_approval.reference]"),),
        "add prior_approval.interests to the `asks` of approve-prior",
    ),
    Mistake(
        "one fact is recorded at two stages", "lfc",
        ((LFC, "asks: [prior_approval.reference, prior_approval.interests]",
          "asks: [prior_approval.reference, prior_approval.interests, decision.reference]"),),
        "asks for decision.reference, as approve-prior does at another stage",
    ),
    Mistake(
        "a form of Part 1 prints what is withheld", "mopac",
        ((MOPAC, "          dmpc.role: Taken by\n          required_by",
          "          dmpc.role: Taken by\n          estimated_value: Value\n          required_by"),),
        "prints estimated_value in Part 1, and a walk states it in Part 2",
    ),
    Mistake(
        "a document names a fact that does not exist", "example",
        ((HEAD, "          visits: Visits in a year", "          vists: Visits in a year"),),
        "Did you mean visits?",
    ),
    Mistake(
        "a control names a fact that does not exist", "example",
        ((RULES, "        - summary: {known: true}", "        - sumary: {known: true}"),),
        "Did you mean summary?",
    ),
    Mistake(
        "a document no longer says who acted", "example",
        ((HEAD, "        acts: [advice, declaration, certificate, decision, publication]",
          "        acts: [advice, declaration, certificate, publication]"),),
        "does not say who decided. Add a block without when, such as: {heading: Who acted, acts: [advice",
    ),
]  # fmt: skip

GATES = [
    Mistake(
        "a rule that shuts a gate only warns", "lfc",
        ((LFC_RULES, "  prior_approval.obtained:\n", "  prior_approval.obtained:\n    severity: warning\n"),),
        "prior_approval.obtained only warns: take out `severity: warning`",
    ),
    Mistake(
        "a control stands at the wrong gate", "lfc",
        ((LFC_RULES, "        - deputy_mayor.on: {on_or_before: {fact: act.on}}\n    gates: [decide]",
          "        - deputy_mayor.on: {on_or_before: {fact: act.on}}\n    gates: [publish]"),),
        "prior_approval.obtained does not guard the gate decide: add decide to its `gates`",
    ),
    Mistake(
        "a control is taken off one of its gates", "example",
        ((PRACTICE, "    gates: [decide, publish]", "    gates: [decide]"),),
        "decision.referenced does not shut it",
    ),
    Mistake(
        "a control guards a gate that no act passes", "example",
        ((RULES, "    gates: [submit, support, decide]", "    gates: [submit, support, decide, audit, implement]"),),
        "implement is not a gate. There are: amend, audit, audit_elsewhere, submit",
    ),
    Mistake(
        "a guard is missing, so that a control waits for what comes later", "lfc",
        ((LFC_RULES, "    when:\n      act.stage: {one_of: [gla_board, deputy_mayor]}\n", ""),),
        "needs resilience_board.outcome, which only resilience-support and resilience-return can record, later. Take",
    ),
    Mistake(
        "an act passes another gate than its own", "lfc",
        ((LFC, "    to: commissioner\n    gate: declare", "    to: commissioner\n    gate: support"),),
        "prior_approval.not_needed guards no gate that an action passes",
    ),
    Mistake(
        "acts can be done out of order", "example",
        ((PRACTICE, "gates: [submit, support, send_back, declare, seal, decide, publish]",
          "gates: [submit, support, send_back, declare, seal, publish]"),),
        "at the gate decide no control requires",
    ),
    Mistake(
        "a review can never be recorded", "gla",
        (("shared/part-2.yaml", """    asks:
      [exemption.public_interest, exemption.public_interest_reasons, exemption.review_on, exemption.release_on]
""", "    asks: [exemption.public_interest, exemption.public_interest_reasons]\n"),),
        "extend does not ask for exemption:s43.review_on: add exemption:s43.review_on to the `asks` of extend",
    ),
]  # fmt: skip

LAWS = [
    Mistake(
        "a figure is wrong", "lfc",
        ((LFC_RULES, "        is: £150,000 as stated", "        is: £105,000 as stated"),),
        "prior_approval.not_needed: no example shows it satisfied",
    ),
    Mistake(
        "a limit has another operator", "lfc",
        ((LFC_RULES, "        operator: at_least", "        operator: more_than"),),
        "then.prior_approval.not_needed: is satisfied, not breached",
    ),
    Mistake(
        "clear and working days are confused", "gla",
        ((GLA_RULES, "    working_days: {from: decided_on,", "    clear_days: {from: decided_on,"),),
        "then.publication.in_time: is breached, not satisfied (publication.working_days is at most 1",
    ),
    Mistake(
        "a figure has a gap in its history", "example",
        ((LAW, "      - from: 2022-05-01\n        is: £60,000", "      - from: 2022-05-03\n        is: £60,000"),),
        "parks.limit.history.1.from: leaves a gap after 2022-03-31",
    ),
    Mistake(
        "two rows of a figure overlap", "example",
        ((LAW, "        to: 2022-03-31\n", "        to: 2022-05-31\n"),),
        "parks.limit.history.1.from: overlaps the row from 2020-04-01",
    ),
    Mistake(
        "a figure is not cited", "example",
        ((LAW, "        is: 14\n        citation: {provision: s.15(1), basis: read}\n", "        is: 14\n"),),
        "parks.notice_days.history.0.citation: is missing",
    ),
    Mistake(
        "a control begins on another day", "lfc",
        ((LFC_RULES, """        - publication.status: {known: true}
    gates: [submit, decide, publish]
    in_force: {from: 2018-04-01}""", """        - publication.status: {known: true}
    gates: [submit, decide, publish]
    in_force: {from: 2018-04-02}"""),),
        "report.marked",
    ),
    Mistake(
        "a control lacks the example that breaches it", "example",
        ((EXAMPLES, """  - name: Nobody has checked the work
    on: 2026-03-02
    given:
      act.tasks_done: 0
    then:
      checks.made: breached

""", ""),),
        "checks.made: no example shows it breached",
    ),
    Mistake(
        "an exception is lost", "example",
        ((LAW, "    except:\n      urgent: {is: true}\n", ""),),
        "then.consultation.held: is satisfied, not not_applicable",
    ),
    Mistake(
        "all of several facts are asked where one would do", "lfc",
        ((LFC_RULES, """            any:
              - direction.other_head""", """            all:
              - direction.other_head"""),),
        "then.prior_approval.not_needed: is satisfied, not breached",
    ),
]  # fmt: skip
MISTAKES = [*ROLES_AND_ACTS, *STAGES, *FACTS, *GATES, *LAWS]


@pytest.mark.parametrize("mistake", in_turn(MISTAKES, keep=15), ids=lambda mistake: mistake.what)
def test_the_proof_finds_a_planted_mistake(mistake: Mistake) -> None:
    found = messages_of_proof(mistake)
    assert any(mistake.message in message for message in found), found


def test_most_mistakes_of_the_trial_are_planted() -> None:
    assert len(MISTAKES) >= 41


def messages_of_proof(mistake: Mistake) -> list[str]:
    """Return the faults of a scheme with a mistake, or its warnings if it has no fault."""
    library = changed_library(mistake)
    try:
        report = prove_schemes(library, [mistake.scheme], prove_walks=prove_walks)
    except PackError as error:
        return [str(fault) for fault in error.faults]
    return [str(warning) for warning in report.proofs[mistake.scheme].warnings]


def changed_library(mistake: Mistake) -> Library:
    shipped = Library.load([MANUAL_FOLDER]) if mistake.scheme == "example" else shipped_library()
    files = dict(shipped.files)
    for file, old, new in mistake.changes:
        text = files[file].decode()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        files[file] = text.replace(old, new).encode()
    return Library(files)
