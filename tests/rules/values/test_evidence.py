"""Evidence: the facts of a case and its subjects, and which of them may be published."""

import pytest

from rules.values.evidence import Evidence
from rules.values.facts import FactValue

PUBLIC: dict[str, FactValue] = {
    "title": "T",
    "exemption:b.section": "s40",
    "exemption:a.section": "s43",
    "recommendation:1.verb": "approve",
}
EXEMPT: dict[str, FactValue] = {"value": 5, "exemption:a.reason": "secret", "contract:x.price": 9}
EVIDENCE = Evidence.from_parts(PUBLIC, EXEMPT)


class TestFacts:
    def test_a_subject_also_has_the_facts_of_its_case(self) -> None:
        assert EVIDENCE.facts_of("case") == {"title": "T", "value": 5}
        assert EVIDENCE.facts_of("exemption:b") == {"title": "T", "value": 5, "exemption.section": "s40"}

    def test_a_subject_has_no_facts_of_another_subject(self) -> None:
        assert "exemption.reason" not in EVIDENCE.facts_of("exemption:b")

    def test_subjects_are_listed_in_order(self) -> None:
        assert list(EVIDENCE.subjects_of_kind("exemption")) == ["exemption:a", "exemption:b"]
        assert list(EVIDENCE.subjects_of_kind("contract")) == ["contract:x"]
        assert list(EVIDENCE.subjects_of_kind("case")) == ["case"]
        assert list(EVIDENCE.subjects_of_kind("stage")) == []

    def test_a_case_without_facts_is_still_a_subject(self) -> None:
        empty = Evidence.from_parts({}, {})
        assert list(empty.subjects_of_kind("case")) == ["case"]
        assert empty.facts_of("case") == {}


class TestPart2:
    @pytest.mark.parametrize(
        ("subject", "fact", "exempt"),
        [
            ("case", "value", True),
            ("case", "title", False),
            ("exemption:a", "exemption.reason", True),
            ("exemption:b", "exemption.reason", False),
            ("exemption:a", "exemption.section", False),
            ("exemption:a", "value", True),
            ("exemption:b", "value", True),
        ],
    )
    def test_a_fact_is_exempt_for_its_own_subject(self, subject: str, fact: str, exempt: bool) -> None:
        assert EVIDENCE.is_exempt(subject, fact) is exempt

    def test_a_fact_in_both_parts_is_hidden(self) -> None:
        both = Evidence.from_parts({"value": 1}, {"value": 2})
        assert both.facts_of("case") == {"value": 2}
        assert both.is_exempt("case", "value")

    def test_a_subject_that_only_part_2_states_is_wholly_exempt(self) -> None:
        assert EVIDENCE.is_wholly_exempt("contract:x")
        assert not EVIDENCE.is_wholly_exempt("exemption:a")
        assert not EVIDENCE.is_wholly_exempt("exemption:b")
