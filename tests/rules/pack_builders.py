"""Small packs for tests: YAML as it would stand in a file, read and put together as the shipped ones are."""

from collections.abc import Iterable
from datetime import date
from textwrap import dedent

import pytest

from rules.errors import Fault, FileError, PackError
from rules.judging.findings import Finding
from rules.judging.rulebook import Rulebook
from rules.language.condition_parser import ConditionParser
from rules.language.conditions import Condition
from rules.language.pack_schema import Pack
from rules.packs.linker import link_packs
from rules.packs.pack_file import PackFile
from rules.reading.yaml_reader import read_yaml
from rules.values.calendar import Calendar
from rules.values.evidence import Evidence
from rules.values.facts import FactDeclaration, FactValue
from rules.values.money import Money, Vat
from tests.gate_findings import gate_findings

GIVEN_FACTS = {
    "act.on": FactDeclaration(kind="day", label="Day of the act"),
    "act.by": FactDeclaration(kind="text", label="Officer who acts"),
}
CALENDAR = Calendar("somewhere", "Somewhere", 2017, 2019, {date(2018, 3, 30): "Good Friday"})
FACTS_YAML = """
facts:
  value: {kind: money, label: Value}
  budget: {kind: money, label: Budget}
  number: {kind: count, label: Number}
  other: {kind: count, label: Other number}
  urgent: {kind: flag, label: Urgent}
  agreed: {kind: flag, label: Agreed}
  due: {kind: day, label: Due}
  done: {kind: day, label: Done}
  colour: {kind: choice, label: Colour, choices: {red: Red, green: Green, blue: Blue}}
  shade: {kind: choice, label: Shade, choices: {red: Red, green: Green, blue: Blue}}
  reason: {kind: text, label: Reason}
  comment: {kind: text, label: Comment}
  exemption.section: {kind: choice, label: Section, choices: {s43: Section 43, s40: Section 40}}
  exemption.reason: {kind: text, label: Reason}
  exemption.until: {kind: day, label: Until}
  recommendation.body: {kind: choice, label: Body, choices: {board: Board, mayor: Mayor}}
  recommendation.verb: {kind: choice, label: Verb, choices: {approve: Approve, note: Note}}
  recommendation.matter: {kind: text, label: Matter}
  recommendation.cost: {kind: money, label: Cost}
"""
VALUES_YAML = """
values:
  limit:
    kind: money
    label: The limit
    history:
      - {from: 2018-01-01, to: 2018-12-31, is: £500 ex VAT, operator: at_least, citation: {provision: s 1, basis: read}}
      - {from: 2019-01-01, is: £600 ex VAT, operator: more_than, citation: {provision: s 1, basis: read}}
  limit.by_colour:
    kind: count
    label: A limit that hangs on the colour
    by: [colour]
    history:
      - {from: 2018-01-01, for: {colour: red}, is: 5, operator: at_least, citation: {provision: cl 2, basis: read}}
      - {from: 2018-01-01, for: {colour: green}, is: 9, operator: at_least, citation: {provision: cl 2, basis: read}}
  years:
    kind: count
    label: How long
    history:
      - {from: 2000-01-01, is: 20, citation: {provision: cl 3, basis: read}}
  best:
    kind: choice
    label: The best colour
    history:
      - {from: 2018-01-01, is: green, citation: {provision: cl 4, basis: read}}
"""
PACK_HEADER = "pack: small\ntitle: A small pack\ninstrument: The Small Act 2018\n"


def ex_vat(pounds: int) -> Money:
    """Pounds without VAT."""
    return Money(pounds * 100, Vat.EXCLUDED)


def inc_vat(pounds: int) -> Money:
    """Pounds with VAT."""
    return Money(pounds * 100, Vat.INCLUDED)


def control_yaml(name: str, yaml_lines: str) -> str:
    """One control as YAML: `body` is its conditions and whatever else differs from the usual."""
    usual = {
        "requirement": "Something is required.",
        "wrong": "Something is wrong.",
        "cure": "Put it right.",
        "gates": "[submit]",
        "in_force": "{from: 2018-01-01}",
        "citation": "{provision: cl 9, basis: read}",
    }
    own = dedent(yaml_lines).strip("\n").splitlines()
    given = {line.split(":")[0] for line in own}
    lines = [f"{key}: {text}" for key, text in usual.items() if key not in given] + own
    return f"  {name}:\n" + "".join(f"    {line}\n" for line in lines)


def controls_yaml(**bodies: str) -> str:
    """The controls of a pack, each named with an underscore for its dot."""
    return "controls:\n" + "".join(control_yaml(name.replace("_", ".", 1), body) for name, body in bodies.items())


def make_pack_file(pack_yaml: str, name: str = "law/small.yaml") -> PackFile:
    """One pack; raises `PackError` for what its shape is refused for."""
    source = read_yaml(pack_yaml, name)
    pack, faults = source.validate(Pack)
    if pack is None:
        raise PackError(faults)
    return PackFile(source, pack)


def small_rulebook(*sections: str, facts: str = FACTS_YAML, values: str = VALUES_YAML) -> Rulebook:
    """The rulebook of one small pack: the usual facts and values, and further sections."""
    return link_packs(
        [make_pack_file(PACK_HEADER + facts + values + "\n".join(sections))], GIVEN_FACTS, CALENDAR, "digest"
    )


def pack_faults(*pack_yamls: str) -> tuple[Fault, ...]:
    """What packs are refused for."""
    with pytest.raises(FileError) as refused:
        link_packs(
            [make_pack_file(text, f"law/{n}.yaml") for n, text in enumerate(pack_yamls)],
            GIVEN_FACTS,
            CALENDAR,
            "digest",
        )
    return refused.value.faults


def derived_fault_key(message_part: str, derived: str, more_facts: str = "") -> str:
    """Where in its declaration a derived fact `one.more` is refused in some words; `more` are further facts."""
    declared = ", ".join(filter(None, ["label: One more", derived]))
    text = PACK_HEADER + FACTS_YAML + more_facts + VALUES_YAML + f"derived:\n  one.more: {{{declared}}}\n"
    faults = pack_faults(text)
    assert {fault.line for fault in faults} == {text.count("\n")}
    places = [fault.key for fault in faults if message_part in fault.message]
    assert places, faults
    return places[0].removeprefix("derived.one.more").removeprefix(".")


def parse_condition(data: object) -> Condition:
    """The condition that some data means, as YAML would give it; fails if it has a fault."""
    found, faults = parse_condition_with_faults(data)
    assert not faults, "\n".join(faults)
    return found


def parse_condition_with_faults(data: object) -> tuple[Condition, list[str]]:
    """The condition that some data means, and what is wrong with it."""
    known = small_rulebook()
    grammar = ConditionParser(read_yaml("a: 1", "law/small.yaml"), known.facts, known.law.values)
    found = grammar.parse(data, ("requires",))
    return found, [f"{fault.key}: {fault.message}" for fault in grammar.faults]


def findings_by_control(
    rulebook: Rulebook,
    public: dict[str, FactValue],
    exempt: dict[str, FactValue] | None = None,
    on: date | None = date(2018, 4, 16),
) -> dict[str, Finding]:
    """The findings on some facts, by control and, but for the case, subject: `a.b@exemption:s43`."""
    day = {"act.on": on} if on else {}
    found = gate_findings(rulebook, None, Evidence.from_parts({**day, **public}, exempt or {}))
    return {one.control if one.subject == "case" else f"{one.control}@{one.subject}": one for one in found}


def finding_outcomes(found: Iterable[Finding]) -> list[str]:
    """The outcomes of some findings, in order."""
    return [finding.outcome for finding in found]
