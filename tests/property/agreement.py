"""Three readings of the same packs and facts: the plain evaluator, durable-rules, and a naive one of the raw data.

The naive one shares no code with the others: it walks the data as YAML gives it.
"""

from collections import Counter
from datetime import date
from random import Random
from typing import Any, TypeAlias

from rules.errors import PackError
from rules.judging import durable_adapter
from rules.judging.judge import plain_outcome
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rulebook import Rulebook
from rules.language.pack_schema import Pack
from rules.packs.linker import link_packs
from rules.packs.pack_file import PackFile
from rules.reading.yaml_reader import YamlFile
from rules.values.calendar import Calendar
from rules.values.facts import FactDeclaration, FactValue

RawData: TypeAlias = Any  # plain data as YAML gives it
Truth: TypeAlias = bool | None

DAYS = [date(2017, 12, 31), date(2018, 1, 1), date(2018, 6, 30), date(2018, 7, 1), date(2019, 2, 28)]
COUNTS = [0, 1, 2, 3, 999_999_999_999_999]
AMOUNTS = [f"£{pounds} {basis} VAT" for pounds in ("0", "4.99", "5", "5.01", "1,000,000") for basis in ("ex", "inc")]
AMOUNTS_AS_STATED = [f"£{pounds} as stated" for pounds in ("0", "4.99", "5", "5.01")]
TEXTS = ["one", "two", 'with "quotes"', "Straße – Ελλάδα", "x" * 1_200, "x" * 1_199 + "y"]
CHOICES = {"red": "Red", "green": "Green", "blue": "Blue"}
VALUES_BY_KIND: dict[str, list[RawData]] = {
    "money": AMOUNTS, "count": COUNTS, "flag": [True, False], "day": DAYS, "choice": list(CHOICES), "text": TEXTS,
}  # fmt: skip
ORDER_OPERATORS = ["at_least", "more_than", "at_most", "less_than"]
OPERATORS_BY_KIND = {
    "money": ["is", "is_not", *ORDER_OPERATORS, "within", "reaches", "falls_short_of"],
    "count": ["is", "is_not", *ORDER_OPERATORS, "within", "reaches", "falls_short_of"],
    "day": ["is", "is_not", "before", "on_or_before", "after", "on_or_after", "within"],
    "choice": ["is", "is_not", "one_of", "none_of"],
    "flag": ["is", "is_not"],
    "text": ["is", "is_not"],
}
CITATION = {"instrument": "A random Act", "provision": "s.1", "basis": "read"}


class RandomPack:
    """Random packs as raw data, and random facts for them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        kinds = [
            *VALUES_BY_KIND,
            *random.choices(list(VALUES_BY_KIND), k=random.randint(0, 6)),
            "choice",
            "choice",
            "day",
        ]
        self.kinds = {f"{kind}{number}": kind for number, kind in enumerate(kinds)}
        self.values = {f"value.v{number}": self.random_value() for number in range(random.randint(1, 4))}
        self.controls = {f"control.c{number}": self.random_control() for number in range(random.randint(1, 4))}

    def pack_data(self) -> RawData:
        facts = {
            name: {"kind": kind, "label": name, "choices": CHOICES if kind == "choice" else {}}
            for name, kind in self.kinds.items()
        }
        return {"pack": "random", "title": "Random", "facts": facts, "values": self.values, "controls": self.controls}

    def random_facts(self) -> dict[str, RawData]:
        """Facts as a file would state them; about a third of them are missing."""
        missing_share = self.random.random() * 0.7
        return {
            name: self.random.choice([*VALUES_BY_KIND[kind], *(AMOUNTS_AS_STATED if kind == "money" else [])])
            for name, kind in self.kinds.items()
            if self.random.random() > missing_share
        }

    def facts_of_kind(self, kind: str) -> list[str]:
        return [name for name, other in self.kinds.items() if other == kind]

    def random_value(self) -> RawData:
        kind = self.random.choice(["money", "count", "flag", "day", "choice"])
        by = self.random.sample(self.facts_of_kind("choice"), self.random.choice([0, 0, 1, 2]))
        keys = [self.random.choice(list(CHOICES)) for _ in by]
        rows = [row for _ in range(2) for row in self.random_rows(kind, dict(zip(by, keys, strict=True)))]
        if by:
            keys[0] = next(choice for choice in CHOICES if choice != keys[0])
            rows = rows[: len(rows) // 2] + list(self.random_rows(kind, dict(zip(by, keys, strict=True))))
        else:
            rows = rows[: len(rows) // 2]
        return {"kind": kind, "label": "A value", "by": by, "history": rows}

    def random_rows(self, kind: str, keys: dict[str, str]) -> list[RawData]:
        pool = [*AMOUNTS, "£5 as stated"] if kind == "money" else VALUES_BY_KIND[kind]
        spans = [(DAYS[1], DAYS[2]), (DAYS[3], None)]
        return [
            {
                "from": first,
                "to": last,
                "for": keys,
                "is": self.random.choice(pool),
                "operator": self.random.choice(["at_least", "more_than"]),
                "citation": CITATION,
            }
            for first, last in spans
        ]

    def random_control(self) -> RawData:
        control = {
            "requirement": "Something is required.", "wrong": "Something is wrong.", "cure": "Put it right.",
            "gates": ["submit"], "citation": CITATION, "governed_by": self.random.choice(self.facts_of_kind("day")),
            "in_force": {"from": self.random.choice(DAYS[:2]), "to": self.random.choice([None, *DAYS[3:]])},
            "requires": self.random_condition(3),
        }  # fmt: skip
        for key in ("when", "except"):
            if self.random.random() < 0.5:
                control[key] = self.random_condition(2)
        return control

    def random_condition(self, depth: int) -> RawData:
        if depth and self.random.random() < 0.6:
            word = self.random.choice(["all", "any", "none"])
            return {word: [self.random_condition(depth - 1) for _ in range(self.random.randint(1, 3))]}
        name, kind = self.random.choice(list(self.kinds.items()))
        if self.random.random() < 0.15:
            return {name: {"known": self.random.random() < 0.5}}
        word = self.random.choice(OPERATORS_BY_KIND[kind])
        return {name: {word: self.random_right_side(kind, word)}}

    def random_right_side(self, kind: str, operator: str) -> RawData:
        pool = VALUES_BY_KIND[kind]
        if operator in ("one_of", "none_of"):
            return self.random.sample(pool, self.random.randint(1, len(pool)))
        if operator == "within":
            low, high = sorted(self.random.choices(pool, k=2), key=_sort_key)
            return [low, high]
        values = [name for name, value in self.values.items() if value["kind"] == kind]
        if operator in ("reaches", "falls_short_of"):
            return {"value": self.random.choice(values)} if values else {"value": "none.such"}
        side = self.random.random()
        if side < 0.25:
            return {"fact": self.random.choice(self.facts_of_kind(kind))}
        return {"value": self.random.choice(values)} if values and side < 0.5 else self.random.choice(pool)


def _sort_key(raw: RawData) -> RawData:
    return _parse_money(raw) if isinstance(raw, str) else raw


def _parse_fact(declaration: FactDeclaration, raw: RawData) -> FactValue:
    return declaration.parse(raw) if raw in AMOUNTS_AS_STATED else declaration.coerce(raw)


def _parse_money(text: str) -> tuple[str, int]:
    amount, _, basis = text.removeprefix("£").replace(",", "").partition(" ")
    pounds, _, pence = amount.partition(".")
    return basis, int(pounds) * 100 + int(pence or 0)


class NaiveEvaluator:
    """Evaluates one control on raw facts by the raw data alone, in Kleene's three truth values."""

    def __init__(self, values: RawData, kinds: dict[str, str], facts: dict[str, RawData]) -> None:
        self.values, self.kinds, self.facts = values, kinds, facts

    def outcome(self, control: RawData) -> str:
        day = self.facts.get(control["governed_by"])
        parts = [self.is_in_force(control["in_force"], day)]
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
    def is_in_force(period: RawData, day: date | None) -> Truth:
        if day is None:
            return None
        return bool(period["from"] <= day and (period["to"] is None or day <= period["to"]))

    def truth(self, condition: RawData, day: date | None) -> Truth:
        ((key, inner),) = condition.items()
        if key == "all":
            truths = [self.truth(part, day) for part in inner]
            return False if False in truths else None if None in truths else True
        if key in ("any", "none"):
            truths = [self.truth(part, day) for part in inner]
            some: Truth = True if True in truths else None if None in truths else False
            return some if key == "any" or some is None else not some
        ((word, right),) = inner.items()
        return self.evaluate_test(key, word, right, day)

    def evaluate_test(self, name: str, operator_name: str, right: RawData, day: date | None) -> Truth:
        if operator_name == "known":
            return (name in self.facts) is right
        left = self.facts.get(name)
        if isinstance(right, dict) and "fact" in right:
            right = self.facts.get(right["fact"])
            if self.kinds[name] == "money" and not self.have_one_basis(left, right):
                return None
        elif isinstance(right, dict):
            row = self.row_in_force(self.values[right["value"]], day)
            if row is None:
                return None
            right = row["is"]
            if operator_name in ("reaches", "falls_short_of"):
                operator = row["operator"]
                operator_name = (
                    operator
                    if operator_name == "reaches"
                    else {"at_least": "less_than", "more_than": "at_most"}[operator]
                )
        if left is None or right is None:
            return None
        return self.compare(operator_name, left, right, money=self.kinds[name] == "money")

    def row_in_force(self, value: RawData, day: date | None) -> RawData:
        if day is None or any(fact not in self.facts for fact in value["by"]):
            return None
        for row in value["history"]:
            chosen = all(self.facts[fact] == choice for fact, choice in row["for"].items())
            if chosen and row["from"] <= day and (row["to"] is None or day <= row["to"]):
                return row
        return None

    @staticmethod
    def have_one_basis(left: RawData, right: RawData) -> bool:
        return (
            left is None
            or right is None
            or "£0 as stated" in (left, right)
            or (_parse_money(left)[0] == _parse_money(right)[0])
        )

    def compare(self, operator: str, left: RawData, right: RawData, *, money: bool) -> Truth:
        if money and left.endswith("as stated"):
            return self.compare_each_meaning(operator, left, right)
        if operator in ("one_of", "none_of"):
            return (left in right) is (operator == "one_of")
        if operator == "within":
            low = self.compare("at_least", left, right[0], money=money)
            high = self.compare("at_most", left, right[1], money=money)
            return None if None in (low, high) else bool(low and high)
        if money:
            (left_basis, left), (right_basis, right) = _parse_money(left), _parse_money(right)
            if left_basis != right_basis and "as stated" not in (left_basis, right_basis):
                return None
        if operator in ("is", "is_not"):
            return (left == right) is (operator == "is")
        return self.compare_ordered(left, right)[operator]

    def compare_each_meaning(self, operator: str, left: RawData, right: RawData) -> Truth:
        """Compare an amount as stated: only where it is true, or false, of all that it may mean is there an answer."""
        pence = _parse_money(left)[1]
        figures = [_parse_money(figure) for figure in (right if isinstance(right, list) else [right])]
        bases = {basis for basis, _ in figures}
        if len(bases) > 1:
            raise AssertionError("the figures of a list are on one VAT basis")
        # VAT only adds: it may mean any smaller sum without VAT, and any greater one with it. Those at a figure tell.
        near = {figure + step for _, figure in figures for step in (-1, 0, 1)}
        without = {pence, min(pence, 1), *(less for less in near if 0 < less <= pence)}
        with_vat = {pence, *((pence + 10**12, *(more for more in near if more >= pence)) if pence else ())}
        basis = bases.pop()
        meant = {"ex VAT": without, "inc VAT": with_vat, "as stated": {pence}}[basis]
        meanings = [f"£{sum_ // 100}.{sum_ % 100:02} {'as known' if basis == 'as stated' else basis}" for sum_ in meant]
        truths = {self.compare(operator, meaning, right, money=True) for meaning in meanings}
        return truths.pop() if len(truths) == 1 else None

    @staticmethod
    def compare_ordered(left: RawData, right: RawData) -> dict[str, bool]:
        return {
            "at_least": left >= right, "on_or_after": left >= right, "more_than": left > right, "after": left > right,
            "at_most": left <= right, "on_or_before": left <= right, "less_than": left < right, "before": left < right,
        }  # fmt: skip


def build_rulebook(random_pack: RandomPack) -> Rulebook | None:
    """The rulebook of a random pack; None where a condition is too wide, or names a value that does not exist."""
    source = YamlFile("random.yaml", random_pack.pack_data(), {})
    pack, faults = source.validate(Pack)
    assert pack is not None, faults
    try:
        calendar = Calendar("x", "X", 2018, 2018, {})
        return link_packs([PackFile(source, pack)], {"act.on": FactDeclaration(kind="day", label="Day")}, calendar, "")
    except PackError as error:
        expected = ("are compiled", "none.such is a value", "in some of its rows", "same VAT basis")
        if all(any(words in fault.message for words in expected) for fault in error.faults):
            return None
        raise


def compare_evaluators(random_pack: RandomPack, rulebook: Rulebook, raw_facts: dict[str, RawData]) -> list[str]:
    """The outcome of each control of a pack on some facts; fails where the three readings differ."""
    facts: dict[str, FactValue] = {name: _parse_fact(rulebook.facts[name], raw) for name, raw in raw_facts.items()}
    resolved = tuple(
        ResolvedControl(
            control.id,
            rulebook.law.resolve(control.applies, facts, control.declaration.governed_by),
            rulebook.law.resolve(control.requires, facts, control.declaration.governed_by),
        )
        for control in rulebook.controls.values()
    )
    durable_outcomes = durable_adapter.durable_outcomes(resolved, facts)
    naive = NaiveEvaluator(random_pack.values, random_pack.kinds, raw_facts)
    for control in resolved:
        declared = random_pack.controls[control.id]
        outcomes = (plain_outcome(control, facts), durable_outcomes[control.id], naive.outcome(declared))
        assert len(set(outcomes)) == 1, f"{outcomes} of {declared} with {random_pack.values} and {raw_facts}"
    return list(durable_outcomes.values())


def random_valid_pack(random: Random) -> tuple[RandomPack, Rulebook]:
    """A random pack that can be linked, with its rulebook."""
    while True:
        pack = RandomPack(random)
        rulebook = build_rulebook(pack)
        if rulebook is not None:
            return pack, rulebook


def compare_many(seed: int, pack_count: int, fact_sets: int) -> Counter[str]:
    """Compare random packs, each on some sets of facts, and count the outcomes."""
    random = Random(seed)  # noqa: S311 - tests, not secrets
    outcomes: Counter[str] = Counter()
    for _ in range(pack_count):
        pack, rulebook = random_valid_pack(random)
        for _ in range(fact_sets):
            outcomes.update(compare_evaluators(pack, rulebook, pack.random_facts()))
    return outcomes
