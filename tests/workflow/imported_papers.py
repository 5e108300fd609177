"""An imported paper: the Smarter Working case as if it was decided elsewhere."""

from __future__ import annotations

from tests.workflow.walk import paper_bytes

RECORDED_FACTS = """
  pib.outcome: supported
  pib.on: 2018-03-14
  iab.outcome: supported
  iab.on: 2018-03-22
  declaration.outcome: declared
  declaration.on: 2018-04-09
  declaration.finance: true
  declaration.legal: not_required
  declaration.financial_advice: true
  declaration.equalities: true
  chief_executive.outcome: certified
  chief_executive.on: 2018-04-11
  certificate.advice_considered: true
  dmpc.outcome: approved
  dmpc.on: 2018-04-16
  dmpc.by: Sophie Linden
  dmpc.role: dmpc
  decided_on: 2018-04-16
"""


def imported_paper_bytes(stage: str = "published", recorded: str = RECORDED_FACTS) -> bytes:
    """Return the paper of the Smarter Working case, with the facts that its acts recorded."""
    return paper_bytes() + f"\nscheme: mopac\nstage: {stage}\nrecorded:{recorded or ' {}'}\n".encode()
