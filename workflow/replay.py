"""Judging again what was judged: a recorded ruling must come out the same, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rules.bundle import Bundle
from rules.errors import Error
from rules.evidence import Evidence
from rules.facts import FactValue
from rules.finding import Ruling
from rules.judging import judge
from workflow.ledger import Entry, ExemptText
from workflow.ports import Store
from workflow.wire import canonical, decode, encode, exempt_digests


def judged_again(recorded: Mapping[str, Any], weighed: Mapping[str, FactValue], salt: str, bundle: Bundle) -> Ruling:
    """The ruling that the same facts and packs give today."""
    public = decode(recorded["facts"])
    exempt = {where: value for where, value in weighed.items() if where not in public}
    findings = judge(bundle.scheme().rulebook, recorded["gate"], Evidence.gather(public, exempt))
    digests = exempt_digests(exempt, salt)
    return Ruling(
        recorded["case"], recorded["action"], recorded["gate"], bundle.digest, encode(public), digests, findings
    )


def replay(entries: Iterable[Entry], exempt: Mapping[int, ExemptText], store: Store) -> Iterator[str]:
    """A line for each recorded ruling that cannot be judged again, or that comes out otherwise."""
    bundles: dict[str, Bundle | None] = {}
    for entry in entries:
        if not entry.ruling:
            continue
        name = f"entry {entry.position} ({entry.stream} version {entry.version})"
        recorded = json.loads(entry.ruling)
        packs = recorded["packs"]
        if packs not in bundles:
            bundles[packs] = store.bundle(packs)
        bundle, text = bundles[packs], exempt.get(entry.position)
        if bundle is None:
            yield f"{name}: cannot be judged again, its packs {packs[:12]} are not in the store"
            continue
        weighed = decode(json.loads(text.body).get("weighed", {})) if text else {}
        try:
            again = judged_again(recorded, weighed, text.salt if text else "", bundle)
        except Error as error:
            yield f"{name}: could not be judged again: {error}"
            continue
        if canonical(again.as_json()) != entry.ruling:
            yield f"{name}: comes out otherwise when judged again"
