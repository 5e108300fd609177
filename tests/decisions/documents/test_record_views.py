"""Two records of a case: one that cannot know Part 2, and one that knows both parts."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from decisions.documents.record_views import ExemptRecord, PublicRecord, build_exempt_record, build_public_record
from rules.values.evidence import Evidence
from rules.values.facts import split_address
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


def public(case: Case | None = None) -> PublicRecord:
    return build_public_record(case or decided_case(), LEDGER_HEAD, shipped_scheme())


def exempt() -> ExemptRecord:
    return build_exempt_record(decided_case(), ExemptFacts(shipped_paper().exempt), LEDGER_HEAD, shipped_scheme())


class TestFacts:
    def test_no_exempt_fact_is_known_to_the_public_record(self) -> None:
        record = public()
        exempt_facts = [split_address(address) for address in shipped_paper().exempt]
        assert {key for _, key in exempt_facts} == {"", "s43"}
        for fact, key in exempt_facts:
            assert record.value(fact, f"exemption:{key}" if key else "case") is None

    def test_no_fact_derived_from_an_exempt_one_is_known_to_it_either(self) -> None:
        """The limb of section 43 is stated in Part 2, so its kind (`exemption.basis`) is exempt too."""
        assert public().value("exemption.basis", "exemption:s43") is None
        assert exempt().value("exemption.basis", "exemption:s43") == "prejudice"

    def test_a_fact_derived_from_public_facts_is_public(self) -> None:
        assert public().value("exemption.lapses_on", "exemption:s43") == date(2048, 12, 31)
        assert public().value("decision.working_days_late") == 10

    def test_the_exempt_record_knows_both_parts(self) -> None:
        record = exempt()
        assert record.value("estimated_value") == Money(2_450_000_00, Vat.EXCLUDED)
        assert record.value("executive_summary") == public().value("executive_summary")

    def test_neither_type_is_a_kind_of_the_other(self) -> None:
        assert not isinstance(public(), ExemptRecord)
        assert not isinstance(exempt(), PublicRecord)
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
    def test_a_fact_is_formatted_as_people_read_it(self, fact: str, words: str) -> None:
        assert public().format_fact(fact) == words

    def test_money_states_its_vat_basis(self) -> None:
        assert exempt().format_fact("estimated_value") == "£2,450,000 excluding VAT"


class TestStage:
    @pytest.mark.parametrize(
        ("stage", "label"),
        [
            ("draft", ""),
            ("dmpc", ""),
            ("publication", ""),
            ("published", "Published"),
            ("closed", "Closed without a decision"),
        ],
    )
    def test_only_a_last_stage_has_a_final_label(self, stage: str, label: str) -> None:
        assert public(case_at(stage, OPENED_FACTS)).final_stage_label == label

    def test_a_record_is_the_same_on_any_day(self) -> None:
        """The day of the last act stands for today, since a record has no clock."""
        assert public(case_at("dmpc", CERTIFIED_FACTS)).value("act.on") == date(2018, 4, 16)
        assert public(case_at("dmpc", DECIDED_FACTS)).evidence == public(case_at("dmpc", DECIDED_FACTS)).evidence
