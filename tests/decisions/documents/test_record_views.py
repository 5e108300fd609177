"""Two records of a case: one that cannot know Part 2, and one that knows both."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from decisions.documents.record_views import ExemptRecord, PublicRecord, build_exempt_record, build_public_record
from rules.values.evidence import Evidence
from rules.values.money import Money, Vat
from tests.decisions.cases import (
    CERTIFIED_FACTS,
    DECIDED_FACTS,
    OPENED_FACTS,
    case_at,
    decided_case,
    shipped_paper,
    shipped_scheme,
)
from tests.decisions.sample import LEDGER_HEAD
from workflow.cases.case import Case, ExemptFacts


def public(of: Case | None = None) -> PublicRecord:
    return build_public_record(of or decided_case(), LEDGER_HEAD, shipped_scheme())


def whole() -> ExemptRecord:
    return build_exempt_record(decided_case(), ExemptFacts(shipped_paper().exempt), LEDGER_HEAD, shipped_scheme())


class TestWhatEachKnows:
    def test_no_exempt_fact_is_known_to_the_public_record(self) -> None:
        record = public()
        known = {(subject, fact) for subject in ("case", "exemption:s43") for fact in record.evidence.facts_of(subject)}
        hidden = {
            ("exemption:s43" if ":" in w else "case", "exemption." + w.split(".")[-1] if ":" in w else w)
            for w in shipped_paper().exempt
        }
        assert hidden
        assert not hidden & known

    def test_nor_is_anything_that_is_worked_out_from_one(self) -> None:
        """The limb is in Part 2, so that whether it guards against prejudice is too."""
        assert public().value("exemption.basis", "exemption:s43") is None
        assert whole().value("exemption.basis", "exemption:s43") == "prejudice"

    def test_what_is_worked_out_from_public_facts_is_public(self) -> None:
        assert public().value("exemption.lapses_on", "exemption:s43") == date(2048, 12, 31)
        assert public().value("decision.working_days_late") == 10

    def test_the_whole_record_knows_both_parts(self) -> None:
        record = whole()
        assert record.value("estimated_value") == Money(2_450_000_00, Vat.EXCLUDED)
        assert record.value("executive_summary") == public().value("executive_summary")

    def test_neither_type_is_the_other(self) -> None:
        assert not isinstance(public(), ExemptRecord)
        assert not isinstance(whole(), PublicRecord)
        assert {field.name for field in fields(PublicRecord)} == {"case", "head", "scheme", "evidence"}
        assert isinstance(public().evidence, Evidence)


class TestWords:
    @pytest.mark.parametrize(
        ("fact", "words"),
        [
            ("required_by", "30 March 2018"),
            ("part_2.exists", "Yes"),
            ("deferral.asked", "No"),
            ("dmpc.outcome", "Approved"),
            ("dmpc.role", "Deputy Mayor for Policing and Crime"),
            ("interests.recorded", ""),
            ("part_2.marking", "OFFICIAL-SENSITIVE [COMMERCIAL]"),
        ],
    )
    def test_a_fact_is_said_as_people_read_it(self, fact: str, words: str) -> None:
        assert public().format_fact(fact) == words

    def test_money_says_its_vat(self) -> None:
        assert whole().format_fact("estimated_value") == "£2,450,000 excluding VAT"


class TestWhereTheCaseStands:
    @pytest.mark.parametrize(
        ("stage", "end"),
        [
            ("draft", ""),
            ("dmpc", ""),
            ("publication", ""),
            ("published", "Published"),
            ("closed", "Closed without a decision"),
        ],
    )
    def test_only_a_last_stage_is_an_end(self, stage: str, end: str) -> None:
        assert public(case_at(stage, OPENED_FACTS)).final_stage_label == end

    def test_a_record_tells_the_same_on_any_day(self) -> None:
        """What hangs on the day of an act is told as of the last one: no clock is asked."""
        assert public(case_at("dmpc", CERTIFIED_FACTS)).value("act.on") == date(2018, 4, 16)
        assert public(case_at("dmpc", DECIDED_FACTS)).evidence == public(case_at("dmpc", DECIDED_FACTS)).evidence
