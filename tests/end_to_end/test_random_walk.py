"""Whatever is typed, in whatever order: an answer or a plain refusal, a sound record, nothing of Part 2 in public."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.end_to_end.conftest import PAPER, CommandResult, RunAssent

CASE = "MOPAC-2018-1"
MARK = "Okapi"
ALLOWED = {0, 2, 3, 4, 5, 6, 7, 8}
TELLS_PART_2 = ("--part", "2")
WRITES = ("officer add", "case open", "case amend", "case act", "review record", "document render")

OFFICERS = (
    *("author", "pib-chair", "iab-chair", "head-of-unit", "chief-executive", "dmpc", "governance"),
    *("Author", "stranger", "nobody", "", "x" * 300, "a\nb", "\x1b[31m"),
)
CASES = (
    CASE,
    CASE,
    CASE,
    "mopac-2018-1",
    "MOPAC-2018-2",
    "MOPAC-2018-9",
    "officers",
    "refusals/MOPAC-2018-1",
    "",
    "🦓",
)
DAYS = (
    *("2018-03-07", "2018-03-08", "2018-03-14", "2018-03-30", "2018-04-16", "2018-04-17", "2019-01-01", "2023-03-07"),
    *("2018-02-30", "2019-02-29", "2018-4-16", "0001-01-01", "9999-12-31", "2011-12-31", "2199-01-01", "", "soon"),
)
ACTIONS = (
    *("submit", "withdraw", "pib-support", "pib-return", "iab-support", "iab-defer", "declare", "declaration-return"),
    *("certify", "approve", "reject", "dmpc-return", "publish", "submt", "open", "amend", "extend", "", "\x00"),
)
STATED = (
    *("title=Another title", "title=", "title", "=x", "titel=x", "title=a\x1b[2J", "title==cmd|' /C calc'!A0"),
    *("required_by=2018-03-29", "required_by=2018-02-30", "deferral.asked=yes", "deferral.asked=true", "a.b.c=1"),
    *("estimated_value=£500,00", "estimated_value=NaN", "estimated_value=-1 ex VAT"),
    "estimated_value=499999.99 ex VAT",
    *("estimated_value=£500,000 ex VAT", "estimated_value=1e5 ex VAT", "contract_kind=works", "contract_kind=wroks"),
    *("exemption:s43.section=s99", "exemption:S.x=1", "exemption.section=s43", "decided_on=2018-03-08"),
    "case.stage=dmpc",
    *("declaration.finance=true", "declaration.legal=not_required", "declaration.financial_advice=true"),
    *("declaration.equalities=true", "certificate.advice_considered=true", "send_back.reason="),
    "send_back.reason=Not yet.",
    *("interests.considered=true", "interests.declared=none", "decision.reference=PCD 361"),
    "decision.late_reason=Late.",
    *("exemption:s43.review_on=2024-03-07", "exemption:s43.released=The prices.", "exemption:zebra.section=s43"),
)  # fmt: skip
HIDDEN = (
    f"confidential.financial={MARK} 1", f"title={MARK} 2", f"{MARK} 3=x", f"{MARK} 4",
    f"executive_summary={MARK}",
    f"exemption:s43.public_interest_reasons={MARK} 5", "exemption:s43.public_interest=withhold",
    f"estimated_value=£{MARK}", f"required_by={MARK}", f"contract_kind={MARK}", f"matter.novel={MARK}",
    f"exemption:s43.{MARK}=x", "exemption:s43.public_interest=disclose", "estimated_value=£2,450,000 ex VAT",
)  # fmt: skip
PAPERS = {
    "sound.yaml": PAPER.read_text(encoding="utf-8"),
    "small.yaml": f"public: {{title: Small}}\nexempt: {{confidential.financial: {MARK} 6}}\n",
    "slip.yaml": f"public: {{title: Slip}}\nexempt: {{estimated_value: £2,4 {MARK} ex VAT, {MARK}: x, b: !{MARK} c}}\n",
    "twice.yaml": f"public: {{title: a}}\nexempt: {{title: {MARK}, title: {MARK} 7, author: &{MARK} x}}\n",
    "past.yaml": "scheme: mopac\nstage: published\npublic: {title: Past}\nrecorded: {decided_on: 2018-04-16}\n",
    "wrong.yaml": "public: yes\n",
    "empty.yaml": "",
}  # fmt: skip


DECLARED = ("declaration.finance=true", "declaration.legal=not_required", "declaration.financial_advice=true")
DECIDED = (
    "interests.considered=true",
    "interests.declared=none",
    "decision.reference=PCD 361",
    "decision.late_reason=Late.",
)
RIGHT: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "draft": ("submit", "author", ()),
    "pib": ("pib-support", "pib-chair", ()),
    "iab": ("iab-support", "iab-chair", ()),
    "declaration": ("declare", "head-of-unit", (*DECLARED, "declaration.equalities=true")),
    "chief_executive": ("certify", "chief-executive", ("certificate.advice_considered=true",)),
    "dmpc": ("approve", "dmpc", DECIDED),
    "publication": ("publish", "governance", ()),
}
"""What brings a case from one stage to the next: the act, who does it, and what is stated with it."""
FRESH = ("exemption:s43.public_interest=withhold", f"exemption:s43.public_interest_reasons={MARK} 8")


@dataclass
class Walk:
    """A walk of its own: what is typed next is drawn from `chance`, and `day` is the business day it has come to."""

    chance: Random
    day: date = date(2018, 3, 7)

    def one(self, *given: str) -> str:
        return self.chance.choice(given)

    def mostly(self, good: str, others: tuple[str, ...]) -> str:
        return good if self.chance.random() < 0.8 else self.one(*others)

    def some(self, option: str, given: tuple[str, ...], most: int = 3) -> list[str]:
        return [word for _ in range(self.chance.randint(0, most)) for word in (option, self.one(*given))]

    def asked(self, officer: str) -> list[str]:
        """Who acts, mostly the right one, on what day and at which version."""
        version = ["--expect-version", self.one("1", "2", "3", "9", "-1", "x")] if self.chance.random() < 0.1 else []
        self.day += timedelta(days=self.chance.randint(0, 1))
        on = self.mostly(self.day.isoformat(), DAYS)
        return ["--as", self.mostly(officer, OFFICERS), "--on", on, *version]

    def next(self) -> list[str]:
        """One command."""
        kinds: tuple[Callable[[], list[str]], ...] = (self.on, self.on, self.act, self.amend, self.look, self.read)
        return self.chance.choice((*kinds, self.law, self.paper, self.document))()

    def on(self) -> list[str]:
        """What brings the case on, if nothing stands against it."""
        action, officer, facts = RIGHT.get(stage(), ("publish", "governance", ()))
        stated = [word for fact in facts for word in ("--set", fact)]
        return ["case", "act", CASE, action, *self.asked(officer), *stated]

    def act(self) -> list[str]:
        action = self.one(*ACTIONS)
        stated = ["--set", "send_back.reason=Not yet."] if self.chance.random() < 0.5 else self.some("--set", STATED)
        officer = next(
            (who for done, who, _ in RIGHT.values() if done == action), RIGHT.get(stage(), ("", "author"))[1]
        )
        return ["case", "act", self.mostly(CASE, CASES), action, *self.asked(officer), *stated]

    def amend(self) -> list[str]:
        hidden = self.some("--set-exempt", HIDDEN, 1) or ["--set", self.one(*STATED)]
        removed = self.some("--unset", ("title", "x"), 1) if self.chance.random() < 0.2 else []
        return ["case", "amend", self.mostly(CASE, CASES), *self.asked("author"), *hidden, *removed]

    def look(self) -> list[str]:
        outcome = self.mostly("extend", ("release-in-part", "release-in-full", "x"))
        day = f"exemption:s43.review_on={(self.day + timedelta(days=400)).isoformat()}"
        fresh = [word for fact in FRESH for word in ("--set-exempt", fact)]
        stated = [*self.some("--set", STATED, 1), *self.some("--set-exempt", HIDDEN, 2)]
        stated = ["--set", day, *fresh] if self.chance.random() < 0.6 else stated
        subject = self.mostly("exemption:s43", ("exemption:s99", "case", ""))
        who = self.asked("governance")
        return ["review", "record", self.mostly(CASE, CASES), "--of", subject, "--outcome", outcome, *who, *stated]

    def read(self) -> list[str]:
        case, on = self.mostly(CASE, CASES), self.some("--on", DAYS, 1)
        return self.chance.choice(
            [
                ["case", "next", case, *on],
                ["case", "explain", case, self.one(*ACTIONS), *on, *self.some("--what-if", STATED, 2)],
                ["case", "explain", case, "--all", "--what-would-change", *on],
                ["case", "show", case, *self.chance.choice([(), TELLS_PART_2])],
                ["case", "history", case],
                ["case", "list"],
                ["officer", "list"],
                ["audit", case, *self.some("--as-of", DAYS, 1), "--every"],
                ["review", "due", *self.some("--by", DAYS, 1)],
                ["ledger", "head"],
            ]
        )

    def law(self) -> list[str]:
        return self.chance.choice(
            [
                ["law", "impact", "--on", self.one(*DAYS), *self.some("--known-at", DAYS, 1)],
                [
                    "law",
                    "show",
                    self.one("procurement.threshold", "procurment.threshold", ""),
                    *self.some("--on", DAYS, 1),
                ],
                ["law", "calendar", "--by", self.one(*DAYS)],
                ["scheme", "show", self.one("mopac", "mopca", "")],
                [self.one("cse", "case", "law", "--store", "-x", "")],
            ]
        )

    def paper(self) -> list[str]:
        file = self.one(*PAPERS, "none.yaml", ".")
        if self.chance.random() < 0.3:
            return ["audit", file]
        if self.chance.random() < 0.5:
            return ["case", "amend", self.mostly(CASE, CASES), file, *self.asked("author")]
        return ["case", "open", file, "--scheme", self.mostly("mopac", ("gla", "mopca")), *self.asked("author")]

    def document(self) -> list[str]:
        kind, part = self.mostly("decision-form", ("iab-report", "form")), self.one("1", "2")
        file = self.mostly(f"part-{part}.html", ("nowhere.docx", "paper/x.html", ""))
        return ["document", "render", self.mostly(CASE, CASES), kind, "--part", part, "-o", file]


def stage() -> str:
    """The stage at which the case stands."""
    with closing(sqlite3.connect("file:assent.db?mode=ro", uri=True)) as store:
        return str(store.execute('SELECT stage FROM case_view WHERE "case" = ?', (CASE,)).fetchone()[0])


def ledger() -> tuple[tuple[str, str], ...]:
    """The stream and kind of every entry, in order."""
    with closing(sqlite3.connect("file:assent.db?mode=ro", uri=True)) as store:
        return tuple(store.execute("SELECT stream, kind FROM ledger ORDER BY position"))


def check(words: list[str], said: CommandResult, before: tuple[tuple[str, str], ...]) -> None:
    """What holds of every command."""
    assert said.exit_code in ALLOWED, said.stderr
    added = ledger()[len(before) :]
    writes = " ".join(words[:2]) in WRITES
    if said.exit_code == 3:
        assert [kind for _, kind in added] == ["refused"]
    elif said.exit_code or not writes:
        assert added == ()
    else:
        assert len(added) <= 1
    if said.exit_code in (0, 3) and "json" in words:
        json.loads(said.stdout)
    if not {*TELLS_PART_2} <= {*words}:
        assert MARK.lower() not in (said.stdout + said.stderr).lower()


def wander(assent: RunAssent, seed: int, steps: int) -> None:
    """Type so many commands, and look at each; now and then at the whole record."""
    walk = Walk(Random(seed))  # noqa: S311 - no secret is drawn
    for name, text in PAPERS.items():
        Path(name).write_text(text, encoding="utf-8")
    for step in range(steps):
        before = ledger()
        words = walk.next()
        if words[0] in ("case", "review", "audit", "law", "officer") and walk.chance.random() < 0.5:
            words += ["--format", "json"]
        said = assent(*words)
        check(words, said, before)
        if step % 25 == 24:
            assert assent("ledger", "verify", "--replay").exit_code == 0
        page = Path("part-1.html")
        assert not page.exists() or MARK not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", range(3))
def test_a_short_walk(sound: RunAssent, seed: int) -> None:
    wander(sound, seed, 50)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 108))
def test_a_long_walk(sound: RunAssent, seed: int) -> None:
    wander(sound, seed, 250)
