"""Random packs with subjects and every function of derived facts, and random cases for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from random import Random

from rules.errors import PackError
from rules.judging.rulebook import Rulebook
from rules.language.derivation_schema import DERIVATION_FUNCTIONS
from rules.language.pack_schema import Pack
from rules.packs.linker import link_packs
from rules.packs.pack_file import PackFile
from rules.reading.yaml_reader import YamlFile
from rules.values.calendar import Calendar
from rules.values.evidence import Evidence
from rules.values.facts import FactDeclaration, FactValue
from tests.property.agreement import (
    AMOUNTS,
    AMOUNTS_AS_STATED,
    CHOICES,
    CITATION,
    COUNTS,
    DAYS,
    VALUES_BY_KIND,
    RandomPack,
    RawData,
)

THING_FACTS = {
    "thing.money": "money", "thing.count": "count", "thing.flag": "flag", "thing.day": "day", "thing.choice": "choice",
    "thing.other_choice": "choice", "thing.text": "text",
}  # fmt: skip
ELSEWHERE = {date(2017, 7, 12): "A day off in the north", date(2018, 7, 3): "Elsewhere", date(2019, 2, 26): "Elsewhere"}
HOLIDAYS = {date(2018, 1, 1): "New Year’s Day", date(2018, 7, 2): "A Monday off", date(2019, 2, 27): "A Wednesday off"}
TEXTS = [
    "Retrospective approval. It is fine.",
    "\u017fection 43 applies",
    "ab",
    "b",
    "A",
    "a",
    "Section 43(2)",
    "MD12 A claim for £1,000,000",
    "Two claims of £1,000,001 for 2015-16",
    "The the plan of 2016-17, for £2,165,00",
    "3.5 See section 3.4. An inquest for £5.01",
    "To approve two claims and £4.99",
    "MD13 It expires on 29 June 2018",
    "The Deputy Mayor is asked to note:",
    "£10 as follows: £5 and £4",
    "Inquiries without a verb",
    "Expires on May 2018",
    "On 31 June 2018, the of it and and into to it",
]
KINDS_OF_DERIVED = {
    "sum": "count", "calendar_days": "count", "clear_days": "count", "working_days": "count",
    "clear_working_days": "count", "day_after": "day", "day_before": "day", "is_working_day": "flag", "day_off": "text",
    "end_of_years": "day", "count": "count", "counterpart": "count", "look_up": "count", "choose": "choice",
    "mentions": "text", "numbering_gap": "text", "percent_of": "count", "share_of": "count", "together": "money",
    "on_basis": "money", "portion": "money", "malformed_amount": "text", "amount_above": "text",
    "amounts_apart": "text", "amount_not_explained": "text", "parts_off_total": "text", "words_apart": "text",
    "counts_apart": "text", "periods_apart": "text", "repeated_words": "text", "dangling_number": "text",
    "broken_words": "text", "impossible_days": "text",
    "other_reference": "text", "day_in_text": "day", "amount_before": "money", "opening_verb": "choice",
}  # fmt: skip
FUNCTIONS_OF_TEXTS = (
    "malformed_amount", "parts_off_total", "repeated_words", "dangling_number", "broken_words", "impossible_days",
)  # fmt: skip
FUNCTIONS_OF_THINGS = ("counterpart", "opening_verb")


class RandomPopulation(RandomPack):
    """A random pack about cases that have things, whose controls read derived facts of both."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self.case_kinds = dict(self.kinds)
        self.values |= self.figures()
        self.derived: dict[str, RawData] = {}
        for function in random.sample(DERIVATION_FUNCTIONS, len(DERIVATION_FUNCTIONS)):
            self.add_derived(function)
        self.case_kinds = dict(self.kinds)
        with self.reading_things():
            self.controls |= {f"control.t{number}": {**self.random_control(), "of": "thing"} for number in range(3)}
        self.controls |= {f"control.d{number}": self.random_control() for number in range(4)}

    @contextmanager
    def reading_things(self) -> Iterator[None]:
        """While it lasts, conditions read the facts of a thing beside those of its case."""
        before = self.kinds
        self.kinds = {**before, **THING_FACTS}
        self.kinds |= {name: KINDS_OF_DERIVED[next(iter(keys))] for name, keys in self.derived_of_things().items()}
        yield
        self.kinds = before

    def derived_of_things(self) -> dict[str, RawData]:
        of_things = {name: declared for name, declared in self.derived.items() if name.startswith("thing.")}
        return {
            name: {key: value for key, value in declared.items() if key in KINDS_OF_DERIVED}
            for name, declared in of_things.items()
        }

    def figures(self) -> RawData:
        choose = self.random.choice

        def value(kind: str, *figures: RawData) -> RawData:
            rows = [
                {
                    "from": day,
                    "to": last,
                    "is": figure,
                    "operator": choose(["at_least", "more_than"]),
                    "citation": CITATION,
                }
                for day, last, figure in zip((DAYS[1], DAYS[3]), (DAYS[2], None), figures, strict=True)
            ]
            return {"kind": kind, "label": "A figure", "history": rows}

        return {
            "figure.years": value("count", choose([1, 3]), choose([5, 200])),
            "figure.days": value("count", choose([0, 1, 2]), choose([5, 30])),
            "figure.parts": value("count", choose([1, 2]), choose([3, 7])),
            "figure.divisor": value("count", choose([1, 3]), choose([7, 9])),
            "figure.percent": value("count", choose([0, 10]), choose([33, 120])),
            "figure.rate": value("count", choose([0, 175]), choose([150, 200])),
            "figure.limit": value("money", *self.random.choices([*AMOUNTS, "£5 as stated"], k=2)),
        }

    def add_derived(self, function: str) -> None:
        """Add one derived fact with a function; its kind is then read by what comes after it."""
        name = f"thing.{function}" if function in FUNCTIONS_OF_THINGS else f"derived.{function}"
        self.add(name, function)
        if function == "count":
            self.add("derived.all_things", function, {"of": "thing"})
            with self.reading_things():
                where = self.random_condition(1)
            shared = {"of": "thing", "same": "thing.choice", "as": "thing.other_choice"}
            self.add("thing.sharing", function, shared if self.random.random() < 0.5 else {**shared, "where": where})

    def add(self, name: str, function: str, arguments: RawData = None) -> None:
        declared = {"label": "Derived", function: arguments or self.arguments(function)}
        if function in ("choose", "opening_verb"):
            declared["choices"] = CHOICES
        self.derived[name] = {**declared, "governed_by": self.random.choice(self.plain_facts("day"))}
        if not name.startswith("thing."):
            self.kinds = {**self.kinds, name: KINDS_OF_DERIVED[function]}

    def plain_facts(self, kind: str) -> list[str]:
        return [name for name in self.facts_of_kind(kind) if not name.startswith(("derived.", "thing."))]

    def arguments(self, function: str) -> RawData:
        pick = self.random.choice

        def day() -> str:
            return pick(self.facts_of_kind("day"))

        def count() -> str:
            return pick(self.facts_of_kind("count"))

        def money() -> str:
            return pick(self.facts_of_kind("money"))

        with self.reading_things():
            where = self.random_condition(1)
        anywhere = self.random.random() < 0.5
        counting = pick(["calendar_days", "clear_days", "working_days", "clear_working_days"])
        away: RawData = {"day": day(), counting: pick([{"value": "figure.days"}, {"fact": count()}])}
        if "working" in counting:
            away["elsewhere"] = anywhere
        lines = [{"when": self.random_condition(1), "then": pick(list(CHOICES))} for _ in range(2)]
        return {
            "sum": [count(), count()],
            **{
                name: {"from": day(), "to": day(), "elsewhere": "working" in name and anywhere}
                for name in ("calendar_days", "clear_days", "working_days", "clear_working_days")
            },
            "day_after": away,
            "day_before": away,
            "is_working_day": day(),
            "day_off": day(),
            "end_of_years": {"day": day(), "years": ["figure.years"]},
            "count": {"of": "thing", "where": where},
            "counterpart": {"take": "thing.count", "same": pick(["thing.choice", "thing.money"]), "where": where},
            "look_up": ["figure.days", "figure.parts"],
            "choose": {"lines": lines, "otherwise": pick(list(CHOICES))},
            **self.arguments_of_texts(where),
            "numbering_gap": {"number": "thing.count", "letter": "thing.text", "where": where},
            "percent_of": {"part": count(), "whole": count()},
            "share_of": {"of": count(), "parts": "figure.parts", "divided_by": "figure.divisor"},
            "together": {"own": money(), "with": "thing.money"},
            "on_basis": {"amount": money(), "value": "figure.limit", "rate": "figure.rate"},
            "portion": {"of": money(), "percent": "figure.percent"},
        }[function]

    def arguments_of_texts(self, where: RawData) -> RawData:
        texts = self.plain_facts("text")

        def some() -> RawData:
            return self.random.choice(
                [{"in": texts}, {"each": ["thing.text"]}, {"in": texts[:1], "each": ["thing.text"]}]
            )

        def compared() -> RawData:
            return {**some(), **self.random.choice([{"beside": texts[-1:]}, {"beside_each": ["thing.text"]}])}

        phrases = ["retrospective", ["section 43", "applies"], "one", "s #"]
        exceptions = [{"unless": ["it"], "beside": texts}, {"unless_amount": texts}, {"unless_stated": texts[:1]}, {}]
        verbs = {"red": ["approve"], "green": ["note", "red"]}
        opening = {
            "of": "thing.text",
            "stated": "thing.choice",
            "number": "thing.count",
            "letter": "thing.other_choice",
        }
        return {
            "mentions": {**some(), "any_of": phrases, **self.random.choice(exceptions)},
            **{name: some() for name in FUNCTIONS_OF_TEXTS},
            "amount_above": {**some(), "value": "figure.limit"},
            "amounts_apart": {**compared(), "percent": 5},
            "amount_not_explained": {**compared(), "each": ["thing.text"], "where": where},
            "words_apart": {**compared(), "pairs": [{"one": ["inquest"], "other": ["inquiry", "claim", "claims"]}]},
            "counts_apart": {**compared(), "nouns": ["claim", "plan"]},
            "periods_apart": compared(),
            "other_reference": {**some(), "reference": texts[0]},
            "day_in_text": {**some(), "after": ["expires on", "fine"]},
            "amount_before": {**some(), "words": ["is small", "fine"]},
            "opening_verb": {**opening, "verbs": verbs, "item": "green", "otherwise": "blue"},
        }

    def pack_data(self) -> RawData:
        data = super().pack_data()
        kinds = {**{name: kind for name, kind in self.kinds.items() if name not in self.derived}, **THING_FACTS}
        facts = {
            name: {"kind": kind, "label": name, "choices": CHOICES if kind == "choice" else {}}
            for name, kind in kinds.items()
        }
        subjects = {"thing": {"label": "Thing", "plural": "Things"}}
        return {**data, "facts": facts, "derived": self.derived, "subjects": subjects}

    def random_cases(self, rulebook: Rulebook, number: int) -> dict[str, Evidence]:
        """Cases with up to four things each; about a third of the facts are missing."""
        case_facts = {name: kind for name, kind in self.kinds.items() if name not in self.derived}
        return {
            f"c{case}": Evidence(
                self.facts_for(rulebook, case_facts),
                {f"thing:t{thing}": facts for thing in range(self.random.randint(0, 4))
                 if (facts := self.facts_for(rulebook, THING_FACTS))},
            )
            for case in range(number)
        }  # fmt: skip

    def facts_for(self, rulebook: Rulebook, kinds: dict[str, str]) -> dict[str, FactValue]:
        missing = self.random.random() * 0.7
        return {name: self.value_of(rulebook.facts[name], name) for name in kinds if self.random.random() > missing}

    def value_of(self, declared: FactDeclaration, name: str) -> FactValue:
        kind = declared.kind
        if kind == "money":
            return declared.parse(self.random.choice([*AMOUNTS, *AMOUNTS_AS_STATED]))
        if kind == "count":
            return self.random.choice([1, 2, 3, 4] if name.startswith("thing.") else [*COUNTS, 7, 40])
        if kind == "text":
            return declared.coerce(self.random.choice(TEXTS))
        if kind == "day":
            return self.random.choice([*DAYS, date(2018, 12, 24), date(2018, 3, 3)])
        return declared.coerce(self.random.choice(VALUES_BY_KIND[kind]))


def random_population(random: Random) -> tuple[RandomPopulation, Rulebook]:
    """A random pack that can be linked, with its rulebook."""
    while True:
        pack = RandomPopulation(random)
        source = YamlFile("random.yaml", pack.pack_data(), {})
        parsed, faults = source.validate(Pack)
        assert parsed is not None, faults
        calendar = Calendar("x", "X", 2017, 2019, HOLIDAYS, random.choice([ELSEWHERE, ELSEWHERE, None]))
        try:
            act_day = {"act.on": FactDeclaration(kind="day", label="Day")}
            return pack, link_packs([PackFile(source, parsed)], act_day, calendar, "")
        except PackError as error:
            expected = ("are compiled", "none.such is a value", "in some of its rows", "same VAT basis")
            if not all(any(words in fault.message for words in expected) for fault in error.faults):
                raise
