"""The markings of the Government Security Classifications by date, judged by the shipped scheme."""

from datetime import date
from typing import Any

import pytest

from rules.packs.scheme import Scheme
from tests.law.conftest import JudgeFacts

OLD = ["unclassified", "protect", "restricted", "confidential"]
SENSITIVE = [
    "official_sensitive", "official_sensitive_commercial", "official_sensitive_locsen", "official_sensitive_personal",
]  # fmt: skip
NEW = ["official", *SENSITIVE]
BOTH = ["secret", "top_secret"]


def part(withheld: bool = True, **facts: str) -> dict[str, Any]:
    return {"one": {"withheld": withheld, **facts}}


class TestWordsInUse:
    """On 2 April 2014 UNCLASSIFIED, PROTECT, RESTRICTED, CONFIDENTIAL, SECRET and TOP SECRET gave way to OFFICIAL,
    SECRET and TOP SECRET. SENSITIVE is a handling caveat within OFFICIAL.
    """

    CONTROL = "classification.word_in_use"

    @pytest.mark.parametrize(("on", "outcome"), [("2014-04-01", "satisfied"), ("2014-04-02", "breached")])
    @pytest.mark.parametrize("marking", OLD)
    def test_the_older_markings_are_retired_on_2_april_2014(
        self, judge: JudgeFacts, marking: str, on: str, outcome: str
    ) -> None:
        finding = judge({"part_2.marking": marking}, on=on)[self.CONTROL]
        assert (finding.outcome, finding.severity) == (outcome, "warning")

    @pytest.mark.parametrize(("on", "outcome"), [("2014-04-01", "breached"), ("2014-04-02", "satisfied")])
    @pytest.mark.parametrize("marking", NEW)
    def test_official_and_its_caveat_are_in_use_from_2_april_2014(
        self, judge: JudgeFacts, marking: str, on: str, outcome: str
    ) -> None:
        assert judge({"part_2.marking": marking}, on=on)[self.CONTROL].outcome == outcome

    @pytest.mark.parametrize("on", ["2014-04-01", "2014-04-02"])
    @pytest.mark.parametrize("marking", BOTH)
    def test_secret_and_top_secret_are_in_use_before_and_after(self, judge: JudgeFacts, marking: str, on: str) -> None:
        assert judge({"part_2.marking": marking}, on=on)[self.CONTROL].outcome == "satisfied"

    def test_the_marking_of_the_real_case_is_written_with_its_descriptor(self, scheme: Scheme) -> None:
        label = scheme.rulebook.facts["part_2.marking"].choices["official_sensitive_commercial"]
        assert label == "OFFICIAL-SENSITIVE [COMMERCIAL]"

    def test_every_marking_has_its_days_in_use(self, scheme: Scheme) -> None:
        markings = scheme.rulebook.facts["part_2.marking"].choices
        value = scheme.rulebook.law.values["classification.in_use"]
        assert sorted(markings) == sorted({*OLD, *NEW, *BOTH})
        for marking in markings:
            assert isinstance(value.in_force_on("", date(2005, 1, 1), {"part_2.marking": marking}).figure, bool)

    @pytest.mark.parametrize(("on", "outcome"), [("2023-06-29", "not_applicable"), ("2023-06-30", "breached")])
    def test_a_part_2_needs_a_marking_from_30_june_2023(self, judge: JudgeFacts, on: str, outcome: str) -> None:
        assert judge({"part_2.exists": True}, on=on)["classification.marked"].outcome == outcome
        marked = judge({"part_2.exists": True, "part_2.marking": "official"}, on="2023-06-30")
        assert marked["classification.marked"].outcome == "satisfied"


class TestHighestContent:
    """A document has the marking of its highest content; sensitive content is kept in parts that can be removed."""

    HIGHER, HIGHEST = "classification.no_part_is_higher", "classification.highest_content"
    TIERS = (["official"], SENSITIVE, ["secret"], ["top_secret"])

    @pytest.mark.parametrize("whole", range(4))
    @pytest.mark.parametrize("inner", range(4))
    def test_no_withheld_part_is_marked_higher_than_part_2(self, judge: JudgeFacts, whole: int, inner: int) -> None:
        for marking in self.TIERS[whole]:
            for other in self.TIERS[inner]:
                findings = judge({"part_2.marking": marking, "section": part(marking=other)})
                assert findings[self.HIGHER].outcome == ("satisfied" if inner <= whole else "breached")
                assert findings[self.HIGHEST].outcome == ("satisfied" if inner >= whole else "breached")

    def test_a_part_2_marked_too_low_blocks_and_one_marked_too_high_does_not(self, judge: JudgeFacts) -> None:
        marked_too_low = judge({"part_2.marking": "official", "section": part(marking="official_sensitive")})
        marked_too_high = judge({"part_2.marking": "secret", "section": part(marking="official_sensitive")})
        assert marked_too_low[self.HIGHER].blocks_gate
        assert not marked_too_high[self.HIGHEST].blocks_gate

    def test_a_marked_part_without_a_marking_of_part_2_is_undetermined(self, judge: JudgeFacts) -> None:
        finding = judge({"section": part(marking="official")})[self.HIGHER]
        assert (finding.outcome, finding.missing) == ("undetermined", ("part_2.marking",))

    @pytest.mark.parametrize("on", ["2014-04-01", "2014-04-02"])
    def test_parts_are_compared_from_the_first_day_of_the_new_markings(self, judge: JudgeFacts, on: str) -> None:
        findings = judge({"part_2.marking": "official", "section": part(marking="secret")}, on=on)
        assert (findings[self.HIGHER].outcome == "breached") is (on == "2014-04-02")


class TestPublishedParts:
    """Sensitive content is kept in appendices that can be removed, so that the rest can be published."""

    CONTROL = "classification.published_is_not_sensitive"

    @pytest.mark.parametrize("marking", [*NEW, *BOTH])
    def test_only_a_part_marked_official_can_be_published(self, judge: JudgeFacts, marking: str) -> None:
        outcome = "satisfied" if marking == "official" else "breached"
        published = {"section": part(False, marking=marking)}
        withheld = {"section": part(True, marking=marking)}
        assert judge(published)[self.CONTROL].outcome == outcome
        assert judge(withheld)[self.CONTROL].outcome == "not_applicable"


class TestMarkingIsNoExemption:
    """How a paper is handled and whether it can be withheld are separate questions."""

    def test_a_marking_does_not_ground_a_part_2(self, judge: JudgeFacts) -> None:
        findings = judge({"part_2.exists": True, "part_2.marking": "official_sensitive_commercial"})
        assert findings["foia.part_2_grounded"].outcome == "breached"

    def test_an_exemption_is_no_marking(self, judge: JudgeFacts) -> None:
        claim = {"part_2.exists": True, "exemption": {"s43": {"section": "s43"}}}
        findings = judge(claim, on="2024-01-01")
        assert findings["foia.part_2_grounded"].outcome == "satisfied"
        assert findings["classification.marked"].outcome == "breached"
