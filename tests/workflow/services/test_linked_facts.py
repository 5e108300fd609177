"""What a case knows of the cases that it names: read in public, as of a day, sealed, and made again alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from rules.packs.scheme import Scheme
from rules.values.fact_table import FactTable
from rules.values.facts import FactDeclaration, FactValue
from tests.workflow.services.council_matters import RECORD, TODAY, Matters, new_matters
from tests.workflow.services.test_verification import change_json, read, write_forged
from tests.workflow.walk import services_at
from workflow.errors import LedgerBroken, Refusal
from workflow.services import act_queries, impact, queries, verification
from workflow.services.commands import Request
from workflow.services.ledger_audit import audit_cases
from workflow.services.linked_cases import read_linked_facts, records_on

PART_DECIDED, DAY_BEFORE = "05-12", "05-11"
WAITS = {"link:roof.relation": "part_of", "link:roof.awaited": "true"}


@pytest.fixture
def matters(path: Path) -> Matters:
    return new_matters(path)


@pytest.fixture
def part(matters: Matters) -> str:
    """A part of a matter, to be decided later."""
    return matters.open("05-04", "Repair of the roof")


@pytest.fixture
def whole(matters: Matters, part: str) -> str:
    """A decision whose record is published, and that waits for the part."""
    whole = matters.open("05-04")
    matters.amend(whole, "05-04", {"link:roof.case": part, **WAITS})
    matters.bring_to_decision(whole, "05-05")
    matters.decide(whole, "05-06")
    matters.act(whole, "publish", "proper-officer", "05-07")
    return whole


def decide_part(matters: Matters, part: str) -> None:
    matters.bring_to_decision(part, DAY_BEFORE)
    matters.decide(part, PART_DECIDED, "OD 2")


def implement(matters: Matters, case: str, on: str) -> str:
    return matters.act(case, "implement", "chief-officer", on).stage


def blocked(attempt: Callable[[], object]) -> tuple[str, ...]:
    """Return the controls that refuse an attempt."""
    with pytest.raises(Refusal) as refused:
        attempt()
    return refused.value.ruling.blocking_controls()


def last_body(matters: Matters, stream: str) -> dict[str, Any]:
    with matters.services.store.read_transaction() as transaction:
        body: dict[str, Any] = json.loads(transaction.entries_without_rulings(stream)[-1].body)
    return body


def test_a_whole_waits_until_its_part_is_decided(matters: Matters, whole: str, part: str) -> None:
    assert blocked(lambda: implement(matters, whole, "05-08")) == ("awaited.decided",)
    decide_part(matters, part)
    assert implement(matters, whole, "05-13") == "implemented"
    verification.verify_ledger(matters.services, with_replay=True)


@pytest.mark.parametrize(("on", "is_refused"), [(DAY_BEFORE, True), (PART_DECIDED, False)])
def test_the_other_case_is_read_as_it_stood_on_the_day_of_the_act(
    matters: Matters, whole: str, part: str, on: str, *, is_refused: bool
) -> None:
    decide_part(matters, part)
    if is_refused:
        assert blocked(lambda: implement(matters, whole, on)) == ("awaited.decided",)
    else:
        assert implement(matters, whole, on) == "implemented"
    verification.verify_ledger(matters.services, with_replay=True)


def test_what_was_read_is_sealed_with_the_act_and_kept_out_of_the_facts(
    matters: Matters, whole: str, part: str
) -> None:
    decide_part(matters, part)
    implement(matters, whole, "05-13")
    assert last_body(matters, whole)["linked"] == {"link:roof.decided_on": {"day": "2026-05-12"}}
    assert "link:roof.decided_on" not in matters.facts(whole)
    *_, last = queries.list_case_history(matters.services, whole)
    assert last.as_json()["linked"] == {"link:roof.decided_on": {"day": "2026-05-12"}}


def test_an_act_whose_gate_reads_no_other_case_seals_nothing_of_one(matters: Matters, whole: str, part: str) -> None:
    decide_part(matters, part)
    matters.act(part, "publish", "proper-officer", PART_DECIDED)
    assert "linked" not in last_body(matters, part)
    with matters.services.store.read_transaction() as transaction:
        bodies = [json.loads(entry.body) for entry in transaction.entries_without_rulings(whole)]
    assert not [body for body in bodies if "linked" in body]


def test_a_refusal_seals_what_it_read_and_replays(matters: Matters, part: str) -> None:
    decide_part(matters, part)
    later = matters.open("05-13")
    matters.amend(later, "05-13", {"replaces.case": part})
    matters.bring_to_decision(later, "05-13")
    assert blocked(partial(matters.act, later, "decide", "chief-officer", "05-14", RECORD)) == ("decision.referenced",)
    assert last_body(matters, f"refusals/{later}")["linked"] == {"replaces.decided_on": {"day": "2026-05-12"}}
    matters.decide(later, "05-14", "OD 3")
    verification.verify_ledger(matters.services, with_replay=True)


def test_a_decision_replaces_only_what_was_decided(matters: Matters, part: str) -> None:
    later = matters.open("05-05")
    matters.amend(later, "05-05", {"replaces.case": part})
    assert blocked(lambda: matters.bring_to_decision(later, "05-05")) == ("replacement.of_decided",)


def test_a_link_stated_with_the_act_is_followed(matters: Matters, whole: str, part: str) -> None:
    decide_part(matters, part)
    implement(matters, whole, "05-13")
    other = matters.open("05-14")
    replaced = {"superseded_by": "OD 9", "replaced_by.case": other}
    record = partial(matters.act, whole, "record-replacement", "proper-officer", stated=replaced)
    assert blocked(lambda: record(on="05-14")) == ("replacement.decided",)
    matters.bring_to_decision(other, "05-15")
    matters.decide(other, "05-15", "OD 9")
    assert record(on="05-15").stage == "implemented"
    verification.verify_ledger(matters.services, with_replay=True)


def test_a_link_in_part_2_is_never_followed(matters: Matters, part: str) -> None:
    decide_part(matters, part)
    later = matters.open("05-13")
    matters.amend(later, "05-13", {}, {"replaces.case": part})
    assert "replacement.of_decided" in blocked(lambda: matters.bring_to_decision(later, "05-13"))
    body = last_body(matters, f"refusals/{later}")
    assert "linked" not in body
    assert part not in json.dumps(body)


def test_what_may_be_done_next_is_judged_with_what_is_read(matters: Matters, whole: str, part: str) -> None:
    def is_open(on: str) -> bool:
        day = date.fromisoformat(f"2026-{on}")
        [action] = [
            next_.assessment.is_open
            for next_ in act_queries.list_next_actions(matters.services, whole, day).actions
            if next_.action == "implement"
        ]
        request = Request("chief-officer", day)
        explained = act_queries.build_hypothetical_act(matters.services, whole, "implement", {}, request)
        assert explained.assessment.is_open is action
        return action

    assert not is_open("05-08")
    decide_part(matters, part)
    assert (is_open(DAY_BEFORE), is_open(PART_DECIDED)) == (False, True)


def test_an_audit_and_an_impact_judge_by_what_was_read(matters: Matters, whole: str, part: str) -> None:
    decide_part(matters, part)
    implement(matters, whole, "05-13")
    [case] = audit_cases(matters.services, [whole]).cases
    findings = [found.as_json() for found in case.findings]
    [found] = [one for one in findings if one["control"] == "awaited.decided"]
    assert found["outcome"] == "satisfied"
    library, today = matters.services.library, date(2026, 6, 30)
    query = impact.ImpactQuery(library, library, today)
    assert impact.assess_impact(matters.services.store, query).changed_findings == []


class TestWhatCanBeRead:
    """A fact is read only if the other case says it in public, and as the declaration says."""

    def read(self, matters: Matters, case: str, declared: FactDeclaration) -> FactValue | None:
        scheme = with_fact(matters.services.library.scheme("council"), "link.more", declared)
        with matters.services.store.read_transaction() as transaction:
            record_of = records_on(transaction.entries_without_rulings, date(2026, 6, 30))
            return read_linked_facts(record_of, scheme, {"link:x.case": case}).get("link:x.more")

    def test_a_public_fact_of_the_paper(self, matters: Matters, part: str) -> None:
        assert self.read(matters, part, declared_as("text", "title")) == "Repair of the roof"

    def test_no_fact_of_part_2(self, matters: Matters, part: str) -> None:
        matters.amend(part, "05-04", {}, {"report.exempt": "The owner asks for £740,000."})
        assert self.read(matters, part, declared_as("text", "report.exempt")) is None

    def test_the_stage(self, matters: Matters, part: str) -> None:
        stages = {"draft": "Draft", "notice": "Notice"}
        assert self.read(matters, part, declared_as("choice", "case.stage", stages)) == "draft"

    @pytest.mark.parametrize(
        ("kind", "fact"), [("day", "title"), ("count", "title"), ("text", "estimated_value"), ("flag", "opened.on")]
    )
    def test_no_value_of_another_kind(self, matters: Matters, part: str, kind: str, fact: str) -> None:
        assert self.read(matters, part, declared_as(kind, fact)) is None

    def test_no_choice_that_is_not_declared(self, matters: Matters, part: str) -> None:
        assert self.read(matters, part, declared_as("choice", "case.stage", {"board": "Board"})) is None

    @pytest.mark.parametrize("case", ["EBC-2026-99", "", "officers"])
    def test_nothing_of_a_case_that_is_not_there(self, matters: Matters, case: str) -> None:
        assert self.read(matters, case, declared_as("text", "title")) is None


def declared_as(kind: str, fact: str, choices: Mapping[str, str] | None = None) -> FactDeclaration:
    read_from = {"link": "link.case", "fact": fact}
    declared = {"kind": kind, "label": "Something of it", "choices": choices or {}, "from_case": read_from}
    return FactDeclaration.model_validate(declared)


def with_fact(scheme: Scheme, name: str, declared: FactDeclaration) -> Scheme:
    """Return a scheme with one more fact."""
    facts = FactTable({**scheme.rulebook.facts, name: declared}, scheme.rulebook.facts.subject_kinds)
    return replace(scheme, rulebook=replace(scheme.rulebook, facts=facts))


class TestForgedReadings:
    """A forger who seals everything anew is found by replay, which reads the other case again."""

    @pytest.fixture
    def store(self, matters: Matters, whole: str, part: str, path: Path) -> Path:
        decide_part(matters, part)
        implement(matters, whole, "05-13")
        matters.services.store.close()
        return path

    def forge(self, store: Path, change: Callable[[dict[str, Any]], object]) -> str:
        """Change the body of the act that read another case, and return the faults that replay finds."""

        def apply(body: dict[str, Any]) -> None:
            change(body)

        entries, texts = read(store)
        place = next(place for place, entry in enumerate(entries) if '"linked"' in entry.body)
        entries[place] = entries[place]._replace(body=change_json(entries[place].body, apply))
        write_forged(store, entries, texts)
        with pytest.raises(LedgerBroken) as broken:
            verification.verify_ledger(services_at(store, today=TODAY), with_replay=True)
        return str(broken.value.faults)

    def test_another_day_is_found(self, store: Path) -> None:
        faults = self.forge(store, lambda body: body["linked"].update({"link:roof.decided_on": {"day": "2026-05-02"}}))
        assert "differs from what a linked case stated then" in faults

    def test_a_reading_left_out_is_found(self, store: Path) -> None:
        faults = self.forge(store, lambda body: body.pop("linked"))
        assert "differs from what a linked case stated then" in faults

    def test_a_reading_of_a_case_that_is_not_linked_is_found(self, store: Path) -> None:
        faults = self.forge(store, lambda body: body["linked"].update({"link:wall.decided_on": {"day": "2026-05-02"}}))
        assert "differs from what a linked case stated then" in faults
