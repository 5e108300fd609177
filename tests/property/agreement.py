"""Three readings of the same packs and facts: the plain evaluator, durable-rules, and a naive one of the raw data.

The third shares no code with the first two: it walks the data as YAML would give it. Run as a program
(`python -m tests.property.agreement SEED PACKS FACTS`) it compares so many random packs with so many random sets
of facts each, and prints what it found as JSON: durable-rules never gives back what a ruleset took, so that many
packs are compared by several processes.
"""

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from rules.errors import PackError
from rules.judging import durable_adapter
from rules.judging.durable_adapter import SettledControl
from rules.judging.judge import plain_outcome
from rules.judging.rulebook import Rulebook
from rules.language.pack_schema import Pack
from rules.packs.linker import Part, put_together
from rules.reading.yaml_reader import Source
from rules.values.calendar import Calendar
from rules.values.facts import FactDeclaration, FactValue

Raw: TypeAlias = Any  # plain data as YAML gives it
Truth: TypeAlias = bool | None

DAYS = [date(2017, 12, 31), date(2018, 1, 1), date(2018, 6, 30), date(2018, 7, 1), date(2019, 2, 28)]
COUNTS = [0, 1, 2, 3, 999_999_999_999_999]
AMOUNTS = [f"£{pounds} {basis} VAT" for pounds in ("0", "4.99", "5", "5.01", "1,000,000") for basis in ("ex", "inc")]
TEXTS = ["one", "two", 'with "quotes"', "Straße – Ελλάδα", "x" * 1_200, "x" * 1_199 + "y"]
CHOICES = {"red": "Red", "green": "Green", "blue": "Blue"}
POOLS: dict[str, list[Raw]] = {
    "money": AMOUNTS, "count": COUNTS, "flag": [True, False], "day": DAYS, "choice": list(CHOICES), "text": TEXTS,
}  # fmt: skip
ORDERED = ["at_least", "more_than", "at_most", "less_than"]
WORDS = {
    "money": ["is", "is_not", *ORDERED, "within", "reaches", "falls_short_of"],
    "count": ["is", "is_not", *ORDERED, "within", "reaches", "falls_short_of"],
    "day": ["is", "is_not", "before", "on_or_before", "after", "on_or_after", "within"],
    "choice": ["is", "is_not", "one_of", "none_of"],
    "flag": ["is", "is_not"],
    "text": ["is", "is_not"],
}
CITED = {"instrument": "A random Act", "provision": "s.1", "basis": "read"}


class Packs:
    """Random packs as raw data, and random facts for them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        kinds = [*POOLS, *random.choices(list(POOLS), k=random.randint(0, 6)), "choice", "choice", "day"]
        self.kinds = {f"{kind}{number}": kind for number, kind in enumerate(kinds)}
        self.values = {f"value.v{number}": self.value() for number in range(random.randint(1, 4))}
        self.controls = {f"control.c{number}": self.control() for number in range(random.randint(1, 4))}

    def data(self) -> Raw:
        facts = {
            name: {"kind": kind, "label": name, "choices": CHOICES if kind == "choice" else {}}
            for name, kind in self.kinds.items()
        }
        return {"pack": "random", "title": "Random", "facts": facts, "values": self.values, "controls": self.controls}

    def facts(self) -> dict[str, Raw]:
        """Facts as a file would state them; about a third of them are missing."""
        few = self.random.random() * 0.7
        return {
            name: self.random.choice(POOLS[kind]) for name, kind in self.kinds.items() if self.random.random() > few
        }

    def named(self, kind: str) -> list[str]:
        return [name for name, other in self.kinds.items() if other == kind]

    def value(self) -> Raw:
        kind = self.random.choice(["money", "count", "flag", "day", "choice"])
        by = self.random.sample(self.named("choice"), self.random.choice([0, 0, 1, 2]))
        keys = [self.random.choice(list(CHOICES)) for _ in by]
        rows = [row for _ in range(2) for row in self.rows(kind, dict(zip(by, keys, strict=True)))]
        if by:
            keys[0] = next(choice for choice in CHOICES if choice != keys[0])
            rows = rows[: len(rows) // 2] + list(self.rows(kind, dict(zip(by, keys, strict=True))))
        else:
            rows = rows[: len(rows) // 2]
        return {"kind": kind, "label": "A value", "by": by, "history": rows}

    def rows(self, kind: str, keys: dict[str, str]) -> list[Raw]:
        pool = [*AMOUNTS, "£5 as stated"] if kind == "money" else POOLS[kind]
        spans = [(DAYS[1], DAYS[2]), (DAYS[3], None)]
        return [
            {
                "from": first,
                "to": last,
                "for": keys,
                "is": self.random.choice(pool),
                "operator": self.random.choice(["at_least", "more_than"]),
                "citation": CITED,
            }
            for first, last in spans
        ]

    def control(self) -> Raw:
        control = {
            "requirement": "Something is required.", "wrong": "Something is wrong.", "cure": "Put it right.",
            "gates": ["submit"], "citation": CITED, "governed_by": self.random.choice(self.named("day")),
            "in_force": {"from": self.random.choice(DAYS[:2]), "to": self.random.choice([None, *DAYS[3:]])},
            "requires": self.condition(3),
        }  # fmt: skip
        for key in ("when", "except"):
            if self.random.random() < 0.5:
                control[key] = self.condition(2)
        return control

    def condition(self, depth: int) -> Raw:
        if depth and self.random.random() < 0.6:
            word = self.random.choice(["all", "any", "none"])
            return {word: [self.condition(depth - 1) for _ in range(self.random.randint(1, 3))]}
        name, kind = self.random.choice(list(self.kinds.items()))
        if self.random.random() < 0.15:
            return {name: {"known": self.random.random() < 0.5}}
        word = self.random.choice(WORDS[kind])
        return {name: {word: self.right(kind, word)}}

    def right(self, kind: str, word: str) -> Raw:
        pool = POOLS[kind]
        if word in ("one_of", "none_of"):
            return self.random.sample(pool, self.random.randint(1, len(pool)))
        if word == "within":
            low, high = sorted(self.random.choices(pool, k=2), key=_order)
            return [low, high]
        values = [name for name, value in self.values.items() if value["kind"] == kind]
        if word in ("reaches", "falls_short_of"):
            return {"value": self.random.choice(values)} if values else {"value": "none.such"}
        asked = self.random.random()
        if asked < 0.25:
            return {"fact": self.random.choice(self.named(kind))}
        return {"value": self.random.choice(values)} if values and asked < 0.5 else self.random.choice(pool)


def _order(raw: Raw) -> Raw:
    return _money(raw) if isinstance(raw, str) else raw


def _money(text: str) -> tuple[str, int]:
    amount, _, basis = text.removeprefix("£").replace(",", "").partition(" ")
    pounds, _, pence = amount.partition(".")
    return basis, int(pounds) * 100 + int(pence or 0)


class Naive:
    """The outcome of one control of some raw facts, by the raw data alone, in Kleene's three truths."""

    def __init__(self, values: Raw, kinds: dict[str, str], facts: dict[str, Raw]) -> None:
        self.values, self.kinds, self.facts = values, kinds, facts

    def outcome(self, control: Raw) -> str:
        day = self.facts.get(control["governed_by"])
        parts = [self.in_force(control["in_force"], day)]
        if "when" in control:
            parts.append(self.truth(control["when"], day))
        if "except" in control:
            exempted = self.truth(control["except"], day)
            parts.append(None if exempted is None else not exempted)
        if False in parts:
            return "not_applicable"
        required = self.truth(control["requires"], day)
        if None in parts or required is None:
            return "undetermined"
        return "satisfied" if required else "breached"

    @staticmethod
    def in_force(period: Raw, day: date | None) -> Truth:
        if day is None:
            return None
        return bool(period["from"] <= day and (period["to"] is None or day <= period["to"]))

    def truth(self, condition: Raw, day: date | None) -> Truth:
        ((key, inner),) = condition.items()
        if key == "all":
            truths = [self.truth(part, day) for part in inner]
            return False if False in truths else None if None in truths else True
        if key in ("any", "none"):
            truths = [self.truth(part, day) for part in inner]
            some: Truth = True if True in truths else None if None in truths else False
            return some if key == "any" or some is None else not some
        ((word, right),) = inner.items()
        return self.test(key, word, right, day)

    def test(self, name: str, word: str, right: Raw, day: date | None) -> Truth:
        if word == "known":
            return (name in self.facts) is right
        left = self.facts.get(name)
        if isinstance(right, dict) and "fact" in right:
            right = self.facts.get(right["fact"])
        elif isinstance(right, dict):
            row = self.row(self.values[right["value"]], day)
            if row is None:
                return None
            right = row["is"]
            if word in ("reaches", "falls_short_of"):
                operator = row["operator"]
                word = operator if word == "reaches" else {"at_least": "less_than", "more_than": "at_most"}[operator]
        if left is None or right is None:
            return None
        return self.compare(word, left, right, money=self.kinds[name] == "money")

    def row(self, value: Raw, day: date | None) -> Raw:
        if day is None or any(fact not in self.facts for fact in value["by"]):
            return None
        for row in value["history"]:
            chosen = all(self.facts[fact] == choice for fact, choice in row["for"].items())
            if chosen and row["from"] <= day and (row["to"] is None or day <= row["to"]):
                return row
        return None

    def compare(self, word: str, left: Raw, right: Raw, *, money: bool) -> Truth:
        if word in ("one_of", "none_of"):
            return (left in right) is (word == "one_of")
        if word == "within":
            low = self.compare("at_least", left, right[0], money=money)
            high = self.compare("at_most", left, right[1], money=money)
            return None if None in (low, high) else bool(low and high)
        if money:
            (left_basis, left), (right_basis, right) = _money(left), _money(right)
            if left_basis != right_basis and "as stated" not in (left_basis, right_basis):
                return None
        if word in ("is", "is_not"):
            return (left == right) is (word == "is")
        return self.ordered(left, right)[word]

    @staticmethod
    def ordered(left: Raw, right: Raw) -> dict[str, bool]:
        return {
            "at_least": left >= right, "on_or_after": left >= right, "more_than": left > right, "after": left > right,
            "at_most": left <= right, "on_or_before": left <= right, "less_than": left < right, "before": left < right,
        }  # fmt: skip


def read_in(packs: Packs) -> Rulebook | None:
    """The rulebook of a random pack; none where a condition is too wide, or asks for a value that there is not."""
    source = Source("random.yaml", packs.data(), {})
    pack, faults = source.validate(Pack)
    assert pack is not None, faults
    try:
        calendar = Calendar("x", "X", 2018, 2018, {})
        return put_together([Part(source, pack)], {"act.on": FactDeclaration(kind="day", label="Day")}, calendar, "")
    except PackError as error:
        expected = ("are compiled", "none.such is a value", "in some of its rows", "same VAT basis")
        if all(any(words in fault.message for words in expected) for fault in error.faults):
            return None
        raise


def compared(packs: Packs, rules: Rulebook, raw: dict[str, Raw]) -> list[str]:
    """The outcome of each control of a pack on some facts; fails where the three readings differ."""
    facts: dict[str, FactValue] = {name: rules.facts[name].accept(given) for name, given in raw.items()}
    settled = tuple(
        SettledControl(
            one.id,
            rules.law.settle(one.applies, facts, one.declared.governed_by),
            rules.law.settle(one.requires, facts, one.declared.governed_by),
        )
        for one in rules.controls.values()
    )
    second = durable_adapter.outcomes(settled, facts)
    naive = Naive(packs.values, packs.kinds, raw)
    for one in settled:
        three = (plain_outcome(one, facts), second[one.id], naive.outcome(packs.controls[one.id]))
        assert len(set(three)) == 1, f"{three} of {packs.controls[one.id]} with {packs.values} and {raw}"
    return list(second.values())


def some_pack(random: Random) -> tuple[Packs, Rulebook]:
    """A random pack that can be read."""
    while True:
        packs = Packs(random)
        rules = read_in(packs)
        if rules is not None:
            return packs, rules


def main(seed: int, packs: int, facts: int) -> None:
    """Compare so many packs on so many sets of facts each, and print what the outcomes were."""
    random = Random(seed)  # noqa: S311 - tests, not secrets
    told: Counter[str] = Counter()
    pairs = 0
    for _ in range(packs):
        pack, rules = some_pack(random)
        for _ in range(facts):
            told.update(compared(pack, rules, pack.facts()))
            pairs += 1
    peak = int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 // 10**6
    sys.stdout.write(json.dumps({"pairs": pairs, "outcomes": told, "megabytes": peak}))


if __name__ == "__main__":
    main(*(int(figure) for figure in sys.argv[1:]))
