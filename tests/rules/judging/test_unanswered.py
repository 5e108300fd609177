"""Which questions must be answered before a control can apply."""

from datetime import date

import pytest

from rules.judging.unanswered import find_unanswered
from rules.values.facts import FactValue
from tests.rules.pack_builders import controls_yaml, small_rulebook

REQUIRES = "requires: {urgent: {is: true}}"


def unanswered(when: str, facts: dict[str, FactValue], in_force: str = "2018-01-01") -> tuple[str, ...]:
    rules = small_rulebook(controls_yaml(a_b=f"when: {when}\n{REQUIRES}"))
    control = rules.controls["a.b"]
    known: dict[str, FactValue] = {"act.on": date.fromisoformat(in_force), **facts}
    return find_unanswered(rules.resolve_control(control, known), known)


@pytest.mark.parametrize(
    ("when", "facts", "waits_for"),
    [
        ("{colour: {known: true}}", {}, ("colour",)),
        ("{colour: {known: true}}", {"colour": "red"}, ()),
        ("{all: [{colour: {known: true}}, {colour: {is: red}}]}", {}, ("colour",)),
        ("{all: [{colour: {known: true}}, {colour: {is: red}}]}", {"colour": "green"}, ()),
        ("{all: [{colour: {known: true}}, {due: {known: true}}]}", {}, ("colour", "due")),
        ("{all: [{colour: {known: true}}, {due: {known: true}}]}", {"due": date(2018, 1, 1)}, ("colour",)),
        ("{any: [{colour: {known: true}}, {due: {known: true}}]}", {}, ("colour", "due")),
        ("{any: [{colour: {known: true}}, {due: {known: true}}]}", {"due": date(2018, 1, 1)}, ()),
        ("{all: [{colour: {known: true}}, {urgent: {is: true}}]}", {"urgent": True}, ("colour",)),
        ("{all: [{colour: {known: true}}, {urgent: {is: true}}]}", {"urgent": False}, ()),
        ("{colour: {known: false}}", {"colour": "red"}, ()),
        ("{colour: {is: red}}", {}, ()),
    ],
)
def test_it_waits_for_what_nobody_stated_alone(
    when: str, facts: dict[str, FactValue], waits_for: tuple[str, ...]
) -> None:
    assert unanswered(when, facts) == waits_for


def test_before_its_first_day_it_waits_for_nothing() -> None:
    assert unanswered("{colour: {known: true}}", {}, in_force="1999-12-31") == ()
