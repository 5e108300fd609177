"""A small authority whose flow has every shape: tasks, votes, several stages for one action, loops and reopening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from rules.packs.bundle import Bundle
from rules.packs.library import SHIPPED_FOLDER, Library
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue
from workflow.cases.appointments import Appointment
from workflow.cases.case import Case, FullCase
from workflow.cases.events import Act, ActContext, Amend, Event, Import, Open
from workflow.cases.life import decide
from workflow.cases.officers import Officer, make_officer_id
from workflow.cases.records import evolve_full_case

FIRST_DAY = date(2024, 6, 3)
HEAD = """
language: 2
scheme: village
name: Example Village
short: Village
about: Decisions of a village that does not exist.
citation: {instrument: Standing orders, provision: "1", basis: unverified}
in_force: {from: 2024-01-01}
calendar: england-and-wales
packs: [decision-facts]
decision_day: decided_on
gates:
  sign: {label: Sign-off}
  vote: {label: Vote}
  note: {label: Note}
roles:
  author: {label: Author}
  finance: {label: Finance}
  legal: {label: Legal}
  risk: {label: Risk}
  member: {label: Member}
  chair: {label: Chair}
paper: {open: [author], amend: [author]}
numbering: {case: "V-{number}"}
stages:
  draft: {label: Draft}
  signoff:
    label: Sign-off
    needed: 2
    tasks:
      finance_check: {label: Finance, done: [signed]}
      legal_check: {label: Legal, done: [signed]}
      risk_check: {label: Risk, done: [signed]}
  board: {label: Board}
  done: {label: Done, last: true}
  closed: {label: Closed, last: true}
actions:
  submit: {label: Submit, stage: draft, to: signoff, gate: submit, who: [author]}
  sign-finance: &s {label: Sign, stage: signoff, task: finance_check, gate: sign, who: [finance], outcome: signed}
  refuse-finance: {label: Refuse, stage: signoff, task: finance_check, gate: sign, who: [finance], outcome: refused}
  sign-legal: {label: Sign, stage: signoff, task: legal_check, gate: sign, who: [legal], outcome: signed}
  sign-risk: {label: Sign, stage: signoff, task: risk_check, gate: sign, who: [risk], outcome: signed}
  to-board: {label: To the board, stage: signoff, to: board, gate: support, who: [author]}
  recall: {label: Recall, stage: [signoff, board], to: draft, reopens: draft, gate: send_back, who: [author]}
  return: {label: Return, stage: board, to: draft, reopens: draft, gate: send_back, who: [chair], outcome: returned,
           asks: [send_back.reason]}
  defer: {label: Defer, stage: board, to: board, gate: send_back, who: [chair], outcome: deferred,
          asks: [send_back.reason]}
  look-again: {label: Look again, stage: board, to: signoff, gate: support, who: [chair], outcome: looked_at_again}
  vote: {label: Vote, stage: board, gate: vote, who: [member, chair], asks: [vote.position], own: true}
  approve: {label: Approve, stage: board, to: done, gate: decide, who: [chair], outcome: approved, dates: [decided_on],
            asks: [decision.reference], sets: {decision.final: true}}
  withdraw: {label: Withdraw, stage: [draft, signoff, board], to: closed, gate: send_back, who: [author]}
  note-contract: {label: Note the contract, stage: done, gate: note, who: [author], asks: [contract_copy]}
outcomes: {signed: Signed, refused: Refused, returned: Returned, deferred: Deferred, looked_at_again: Looked at again,
           approved: Approved}
""".replace("&s ", "")
RULES = """
language: 2
pack: village-rules
title: Standing orders of a village that does not exist
instrument: Standing orders
subjects:
  vote: {label: Vote, plural: Votes}
facts:
  decision.reference: {kind: text, label: Reference}
  decision.final: {kind: flag, label: The decision is final}
  send_back.reason: {kind: text, label: Reason}
  contract_copy: {kind: text, label: Copy of the contract}
  vote.position: {kind: choice, label: Vote, choices: {for: For, against: Against, abstains: Abstains}}
derived:
  votes.for: {label: Votes for, count: {of: vote, where: {vote.position: {is: for}}}}
  votes.against: {label: Votes against, count: {of: vote, where: {vote.position: {is: against}}}}
controls:
  stages.in_order:
    requirement: Stages are taken in order.
    wrong: They are not taken in order.
    cure: See what can be done with case next.
    requires: {case.stage: {is: {fact: act.stage}}}
    gates: [submit, sign, support, send_back, vote, decide, note]
    in_force: {from: 2024-01-01}
    citation: {provision: "2", basis: unverified}
  paper.in_draft:
    requirement: A paper is amended in draft.
    wrong: It is not in draft.
    cure: Have it returned to draft.
    requires: {case.stage: {is: draft}}
    gates: [amend]
    in_force: {from: 2024-01-01}
    citation: {provision: "3", basis: unverified}
  tasks.enough:
    requirement: Enough sign-offs are given.
    wrong: Some sign-offs are missing.
    cure: Ask for another sign-off.
    when: {act.action: {is: to-board}}
    requires: {act.tasks_done: {at_least: {fact: act.tasks_needed}}}
    gates: [support]
    in_force: {from: 2024-01-01}
    citation: {provision: "4", basis: unverified}
  tasks.by_different_people:
    requirement: Each sign-off is given by another person.
    wrong: The same person has signed off already.
    cure: Let somebody else sign.
    when: {act.tasks_needed: {known: true}}
    requires: {act.tasks_done_by_officer: {is: 0}}
    gates: [sign]
    in_force: {from: 2024-01-01}
    citation: {provision: "5", basis: unverified}
  board.majority:
    requirement: More members vote for it than against it.
    wrong: There is no majority for it.
    cure: Defer it, or vote again.
    requires: {votes.for: {more_than: {fact: votes.against}}}
    gates: [decide]
    in_force: {from: 2024-01-01}
    citation: {provision: "6", basis: unverified}
  recall.by_sender:
    requirement: Only who sent a paper recalls it, until somebody has acted.
    wrong: Somebody has acted, or another sent it.
    cure: Ask for it to be returned.
    when: {act.action: {is: recall}}
    requires: {all: [{case.sent_by: {is: {fact: act.by}}}, {case.acts_since_sent: {is: 0}}]}
    gates: [send_back]
    in_force: {from: 2024-01-01}
    citation: {provision: "7", basis: unverified}
  board.rounds:
    requirement: The board defers a paper twice at most.
    wrong: It was deferred twice.
    cure: Decide it now.
    when: {act.action: {is: defer}}
    requires: {board.rounds: {at_most: 2}}
    gates: [send_back]
    in_force: {from: 2024-01-01}
    citation: {provision: "8", basis: unverified}
"""


def village_bundle(head: str = HEAD, rules: str = RULES) -> Bundle:
    """Return the files of the village, or of a changed one."""
    shipped = ("law/decision-facts.yaml", "days/england-and-wales.yaml")
    files = {name: (SHIPPED_FOLDER / name).read_bytes() for name in shipped}
    own = {"schemes/village/scheme.yaml": head.encode(), "schemes/village/rules.yaml": rules.encode()}
    return Bundle({**files, **own})


@cache
def village() -> Scheme:
    """Return the scheme of the village."""
    return village_bundle().scheme()


def person(name: str, *roles: str) -> Officer:
    """Return somebody who holds some roles in the village for ever."""
    return Officer(make_officer_id(name), name, tuple(Appointment(role, "village") for role in roles))


PEOPLE = {role: person(f"{role.capitalize()} Person", role) for role in village().declaration.roles}


@dataclass
class VillageCase:
    """A case of the village that is led by its people, one for each role, a day after another."""

    scheme: Scheme = field(default_factory=village)
    day: date = FIRST_DAY
    full_case: FullCase | None = None
    events: list[Event] = field(default_factory=list)

    @property
    def case(self) -> Case:
        assert self.full_case is not None
        return self.full_case.case

    def open(self) -> VillageCase:
        return self._take(Open("V-1", {"title": "A bench"}, {}), PEOPLE["author"])

    def import_at(self, stage: str, **recorded: FactValue) -> VillageCase:
        """Enter a case that was acted on elsewhere; `a__b` names the fact `a.b`."""
        facts = {name.replace("__", "."): value for name, value in recorded.items()}
        return self._take(Import("V-1", {"title": "A bench"}, {}, facts, stage), PEOPLE["author"])

    def act(self, action: str, by: Officer | None = None, **stated: FactValue) -> VillageCase:
        facts = {name.replace("__", ":", 1).replace("_o_", "."): value for name, value in stated.items()}
        return self.act_with(action, facts, by)

    def act_with(self, action: str, stated: Mapping[str, FactValue], by: Officer | None = None) -> VillageCase:
        return self._take(Act(action, stated), by or PEOPLE[self.scheme.action(action).who[0]])

    def amend(self, **public: FactValue) -> VillageCase:
        return self._take(Amend(public, {}), PEOPLE["author"])

    def _take(self, command: Open | Import | Act | Amend, officer: Officer) -> VillageCase:
        accepted = decide(self.full_case, command, self.scheme, officer, ActContext(self.day, ""))
        self.full_case = evolve_full_case(self.full_case, accepted.event)
        self.events.append(accepted.event)
        self.day += timedelta(days=1)
        return self


OFFICE_HEAD = HEAD.replace(
    "packs: [decision-facts]",
    "packs: [decision-facts, {pack: corrections, as_cited: Its own., stages: {published: done}}]",
)
OFFICE_HEAD = OFFICE_HEAD.replace("  chair: {label: Chair}\n", "  chair: {label: Chair}\n  clerk: {label: Clerk}\n")
OFFICE_HEAD += """
appointments: {who: [clerk], backdating: 3}
corrections: {who: [clerk], gate: correct, stages: [board, done]}
separation:
  author_and_chair:
    requirement: Nobody presides over what they wrote.
    apart: [author, chair]
    citation: {instrument: Standing orders, provision: "10", basis: unverified}
"""


@cache
def office_library() -> Library:
    """Return the packs of the village with a clerk who appoints and corrects, and with separation of duties."""
    corrections = "law/corrections.yaml"
    return Library({**village_bundle(OFFICE_HEAD).files, corrections: (SHIPPED_FOLDER / corrections).read_bytes()})
