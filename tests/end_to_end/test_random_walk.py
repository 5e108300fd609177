"""Random commands: each gets a result or a plain refusal, the record stays intact, and Part 2 stays secret."""

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
from tests.plain_run import only_long

CASE = "MOPAC-2018-1"
MARK = "Okapi"
ALLOWED = {0, 2, 3, 4, 5, 6, 7, 8}
SHOWS_PART_2 = ("--part", "2")
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
NEXT_ACTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "draft": ("submit", "author", ()),
    "pib": ("pib-support", "pib-chair", ()),
    "iab": ("iab-support", "iab-chair", ()),
    "declaration": ("declare", "head-of-unit", (*DECLARED, "declaration.equalities=true")),
    "chief_executive": ("certify", "chief-executive", ("certificate.advice_considered=true",)),
    "dmpc": ("approve", "dmpc", DECIDED),
    "publication": ("publish", "governance", ()),
}
"""The act that takes a case from each stage to the next, who does it, and the facts it needs."""
NEW_TEST = ("exemption:s43.public_interest=withhold", f"exemption:s43.public_interest_reasons={MARK} 8")


@dataclass
class Walk:
    """One random walk: `random` chooses each command, and `day` is the business day so far."""

    random: Random
    day: date = date(2018, 3, 7)

    def one_of(self, *choices: str) -> str:
        return self.random.choice(choices)

    def mostly(self, good: str, others: tuple[str, ...]) -> str:
        return good if self.random.random() < 0.8 else self.one_of(*others)

    def some(self, option: str, values: tuple[str, ...], most: int = 3) -> list[str]:
        return [word for _ in range(self.random.randint(0, most)) for word in (option, self.one_of(*values))]

    def request(self, officer: str) -> list[str]:
        """Return the options for who acts (mostly the right one), on which day and at which version."""
        version = ["--expect-version", self.one_of("1", "2", "3", "9", "-1", "x")] if self.random.random() < 0.1 else []
        self.day += timedelta(days=self.random.randint(0, 1))
        on = self.mostly(self.day.isoformat(), DAYS)
        return ["--as", self.mostly(officer, OFFICERS), "--on", on, *version]

    def next(self) -> list[str]:
        """Return the next command."""
        kinds: tuple[Callable[[], list[str]], ...] = (
            self.advance,
            self.advance,
            self.act,
            self.amend,
            self.review,
            self.read,
        )
        return self.random.choice((*kinds, self.law, self.paper, self.document))()

    def advance(self) -> list[str]:
        """Return the act that takes the case to its next stage, if nothing blocks it."""
        action, officer, facts = NEXT_ACTS.get(stage(), ("publish", "governance", ()))
        stated = [word for fact in facts for word in ("--set", fact)]
        return ["case", "act", CASE, action, *self.request(officer), *stated]

    def act(self) -> list[str]:
        action = self.one_of(*ACTIONS)
        stated = ["--set", "send_back.reason=Not yet."] if self.random.random() < 0.5 else self.some("--set", STATED)
        officer = next(
            (who for done, who, _ in NEXT_ACTS.values() if done == action), NEXT_ACTS.get(stage(), ("", "author"))[1]
        )
        return ["case", "act", self.mostly(CASE, CASES), action, *self.request(officer), *stated]

    def amend(self) -> list[str]:
        hidden = self.some("--set-exempt", HIDDEN, 1) or ["--set", self.one_of(*STATED)]
        removed = self.some("--unset", ("title", "x"), 1) if self.random.random() < 0.2 else []
        return ["case", "amend", self.mostly(CASE, CASES), *self.request("author"), *hidden, *removed]

    def review(self) -> list[str]:
        outcome = self.mostly("extend", ("release-in-part", "release-in-full", "x"))
        day = f"exemption:s43.review_on={(self.day + timedelta(days=400)).isoformat()}"
        fresh = [word for fact in NEW_TEST for word in ("--set-exempt", fact)]
        stated = [*self.some("--set", STATED, 1), *self.some("--set-exempt", HIDDEN, 2)]
        stated = ["--set", day, *fresh] if self.random.random() < 0.6 else stated
        subject = self.mostly("exemption:s43", ("exemption:s99", "case", ""))
        who = self.request("governance")
        return ["review", "record", self.mostly(CASE, CASES), "--of", subject, "--outcome", outcome, *who, *stated]

    def read(self) -> list[str]:
        case, on = self.mostly(CASE, CASES), self.some("--on", DAYS, 1)
        return self.random.choice(
            [
                ["case", "next", case, *on],
                ["case", "explain", case, self.one_of(*ACTIONS), *on, *self.some("--what-if", STATED, 2)],
                ["case", "explain", case, "--all", "--what-would-change", *on],
                ["case", "show", case, *self.random.choice([(), SHOWS_PART_2])],
                ["case", "history", case],
                ["case", "list"],
                ["officer", "list"],
                ["audit", case, *self.some("--as-of", DAYS, 1), "--every"],
                ["review", "due", *self.some("--by", DAYS, 1)],
                ["ledger", "head"],
            ]
        )

    def law(self) -> list[str]:
        return self.random.choice(
            [
                ["law", "impact", "--on", self.one_of(*DAYS), *self.some("--known-at", DAYS, 1)],
                [
                    "law",
                    "show",
                    self.one_of("procurement.threshold", "procurment.threshold", ""),
                    *self.some("--on", DAYS, 1),
                ],
                ["law", "calendar", "--by", self.one_of(*DAYS)],
                ["scheme", "show", self.one_of("mopac", "mopca", "")],
                [self.one_of("cse", "case", "law", "--store", "-x", "")],
            ]
        )

    def paper(self) -> list[str]:
        file = self.one_of(*PAPERS, "none.yaml", ".")
        if self.random.random() < 0.3:
            return ["audit", file]
        if self.random.random() < 0.5:
            return ["case", "amend", self.mostly(CASE, CASES), file, *self.request("author")]
        return ["case", "open", file, "--scheme", self.mostly("mopac", ("gla", "mopca")), *self.request("author")]

    def document(self) -> list[str]:
        kind, part = self.mostly("decision-form", ("iab-report", "form")), self.one_of("1", "2")
        file = self.mostly(f"part-{part}.html", ("nowhere.docx", "paper/x.html", ""))
        return ["document", "render", self.mostly(CASE, CASES), kind, "--part", part, "-o", file]


def stage() -> str:
    """Return the stage of the case."""
    with closing(sqlite3.connect("file:assent.db?mode=ro", uri=True)) as store:
        return str(store.execute('SELECT stage FROM case_view WHERE "case" = ?', (CASE,)).fetchone()[0])


def ledger() -> tuple[tuple[str, str], ...]:
    """Return the stream and kind of every entry, in order."""
    with closing(sqlite3.connect("file:assent.db?mode=ro", uri=True)) as store:
        return tuple(store.execute("SELECT stream, kind FROM ledger ORDER BY position"))


def check(words: list[str], result: CommandResult, before: tuple[tuple[str, str], ...]) -> None:
    """Check what must hold after every command."""
    assert result.exit_code in ALLOWED, result.stderr
    added = ledger()[len(before) :]
    writes = " ".join(words[:2]) in WRITES
    if result.exit_code == 3:
        assert [kind for _, kind in added] == ["refused"]
    elif result.exit_code or not writes:
        assert added == ()
    else:
        assert len(added) <= 1
    if result.exit_code in (0, 3) and "json" in words:
        json.loads(result.stdout)
    if not {*SHOWS_PART_2} <= {*words}:
        assert MARK.lower() not in (result.stdout + result.stderr).lower()


def wander(assent: RunAssent, seed: int, steps: int) -> None:
    """Run random commands and check each; verify the whole record now and then."""
    walk = Walk(Random(seed))  # noqa: S311 - not used for secrets
    for name, text in PAPERS.items():
        Path(name).write_text(text, encoding="utf-8")
    for step in range(steps):
        before = ledger()
        words = walk.next()
        if words[0] in ("case", "review", "audit", "law", "officer") and walk.random.random() < 0.5:
            words += ["--format", "json"]
        result = assent(*words)
        check(words, result, before)
        if step % 25 == 24:
            assert assent("ledger", "verify", "--replay").exit_code == 0
        page = Path("part-1.html")
        assert not page.exists() or MARK not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", [0, 1, *only_long(2)])
def test_a_short_random_walk_keeps_every_invariant(sound: RunAssent, seed: int) -> None:
    wander(sound, seed, 50)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 108))
def test_a_long_random_walk_keeps_every_invariant(sound: RunAssent, seed: int) -> None:
    wander(sound, seed, 250)
