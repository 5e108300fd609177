"""The script of each kept ledger: which officers are added, and what they do, in order.

Each script has at least: a founder, appointments with first and last days, a deputy who acts, a case that is returned
and resubmitted, one that moves to the flow of changed packs, an override, an act that is recorded late, a refusal for
separation of duties, an act after the end of an appointment, an imported case, and issued documents. Those of
authorities with a Part 2 have a review of it too. The ledgers in `kept/1` came from earlier scripts.
"""

from __future__ import annotations

from tests.ledgers.board import BOARD
from tests.ledgers.council import COUNCIL
from tests.ledgers.gla import GLA
from tests.ledgers.lfc import LFC
from tests.ledgers.mopac import MOPAC

SCRIPTS = (MOPAC, GLA, LFC, BOARD, COUNCIL)
DAYS_OF_RECORDING = {script.scheme: script.today for script in SCRIPTS}
