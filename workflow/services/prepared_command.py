"""A command on a case that can be decided, for those who record it and for those who only try it."""

from __future__ import annotations

from typing import NamedTuple

from rules.packs.scheme import Scheme
from workflow.cases.case import FullCase
from workflow.cases.events import ActContext, Command
from workflow.cases.officers import Officer
from workflow.history.scheme_version import CaseScheme


class PreparedCommand(NamedTuple):
    """A command, the case as it stands, the scheme that it runs under, who acts, and the day."""

    full_case: FullCase
    command: Command
    case_scheme: CaseScheme
    officer: Officer
    act_context: ActContext

    @property
    def scheme(self) -> Scheme:
        """The scheme that the case runs under."""
        return self.case_scheme.scheme
