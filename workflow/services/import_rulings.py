"""The rulings on an imported case: what each act that its paper records would have met at its gate.

An import passes no gate and is refused by none. Its rulings are recorded all the same, so that they can be judged again
like those of acts done here. In them an act without a day was done before its scheme ended, as in those that ledgers
already keep.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from rules.judging.findings import Ruling
from rules.packs.scheme import Scheme
from workflow.cases.case import FullCase
from workflow.ledger.canonical_json import to_canonical_json
from workflow.services.recorded_case import RecordedCase
from workflow.services.sourced_case import SourcedCase

RULINGS_KEY = "rulings"


def serialize_import_rulings(full_case: FullCase, scheme: Scheme, on: date, salt: str) -> str:
    """The rulings on the acts of a case that was imported on a day, as its entry keeps them; empty without any."""
    case, sourced_case = full_case.case, SourcedCase.from_import(full_case, scheme, on, salt)
    if sourced_case:
        return _serialize(replace(sourced_case, ends_with_scheme=True).act_rulings(), scheme)
    recorded_case = RecordedCase(case.id, scheme, case.stage, case.facts, full_case.exempt_part.facts, salt)
    return _serialize((ruling for ruling, _ in recorded_case.make_act_rulings(on)), scheme)


def _serialize(rulings: Iterable[Ruling], scheme: Scheme) -> str:
    receipts = [ruling.as_receipt() for ruling in rulings]
    return to_canonical_json({"packs": scheme.rulebook.digest, RULINGS_KEY: receipts}) if receipts else ""
