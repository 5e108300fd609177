"""Officers' decisions of the example council, one command after another, in a store of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rules.values.facts import FactValue
from tests.workflow.walk import services_at
from workflow.services import commands, officer_commands, queries
from workflow.services.command_context import Receipt
from workflow.services.commands import Request, Revision, Services, TypedAct

ROLES = ("author", "monitoring_officer", "finance_officer", "proper_officer", "chief_officer")
TODAY = date(2026, 6, 30)
PAPER = {
    "author": "A. Author, Communities Officer",
    "executive.decision_maker": "officer",
    "executive.key_decision": "false",
    "executive.key_because": "neither",
    "delegation.kind": "finances",
    "exempt_part.exists": "false",
    "estimated_value": "£90,000 ex VAT",
    "report.summary": "The roof leaks.",
    "report.recommendations": "Make the grant.",
    "report.options": "A loan.",
    "record.background_papers": "Application of the club",
}
RECORD = {
    "record.decision": "As recommended.",
    "record.reasons": "As in the report.",
    "record.alternatives": "As in the report.",
    "record.conflicts": "none",
}
TO_DECISION: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("propose", "author", {}),
    ("skip-notice", "proper-officer", {}),
    ("send-for-clearance", "author", {}),
    ("clear-legal", "monitoring-officer", {"report.legal": "The powers are there."}),
    ("clear-finance", "finance-officer", {"report.finance": "The budget pays."}),
    ("take-up", "proper-officer", {}),
    ("hand-over", "proper-officer", {}),
)


@dataclass(frozen=True)
class Matters:
    """The cases of a council, and the commands on them; days are those of 2026, as `05-04`."""

    services: Services

    def open(self, on: str, title: str = "Grant to a youth club") -> str:
        """Open a case on an officer's decision, and return its number."""
        request = self._request("author", on)
        number = commands.open_case(self.services, "council", {"title": title}, {}, request).case
        self.amend(number, on, PAPER)
        return number

    def amend(self, case: str, on: str, public: Mapping[str, str], exempt: Mapping[str, str] | None = None) -> Receipt:
        """State facts in both parts of the paper, by address."""
        return commands.amend_paper(self.services, case, Revision(public, exempt or {}), self._request("author", on))

    def act(self, case: str, action: str, officer: str, on: str, stated: Mapping[str, str] | None = None) -> Receipt:
        """Do an action."""
        return commands.perform_action(self.services, case, TypedAct(action, stated or {}), self._request(officer, on))

    def bring_to_decision(self, case: str, on: str) -> None:
        """Take a case to the stage of decision."""
        for action, officer, stated in TO_DECISION:
            self.act(case, action, officer, on, stated)

    def decide(self, case: str, on: str, reference: str = "OD 1") -> Receipt:
        """Decide as recommended."""
        return self.act(case, "decide", "chief-officer", on, RECORD | {"decision.reference": reference})

    def facts(self, case: str) -> Mapping[str, FactValue]:
        """Return the public facts of a case."""
        return queries.load_public_case(self.services, case)[0].facts

    @staticmethod
    def _request(officer: str, on: str) -> Request:
        return Request(officer, date.fromisoformat(f"2026-{on}"))


def new_matters(path: Path) -> Matters:
    """Return a council with an officer in each role that an officer's decision needs, and no cases."""
    services = services_at(path, today=TODAY)
    services.store.create()
    for role in ROLES:
        name = role.replace("_", " ").title()
        appointment = officer_commands.RoleAppointment("council", (role,))
        officer_commands.add_officer(services, name, appointment, Request("", date(2026, 1, 5)))
    return Matters(services)
