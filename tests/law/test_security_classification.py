"""The words of the Government Security Classifications by date, through the shipped scheme."""

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
    def test_the_older_words_are_retired_on_2_april_2014(
        self, judged: JudgeFacts, marking: str, on: str, outcome: str
    ) -> None:
        finding = judged({"part_2.marking": marking}, on=on)[self.CONTROL]
        assert (finding.outcome, finding.severity) == (outcome, "warning")

    @pytest.mark.parametrize(("on", "outcome"), [("2014-04-01", "breached"), ("2014-04-02", "satisfied")])
    @pytest.mark.parametrize("marking", NEW)
    def test_official_and_its_caveat_are_in_use_from_that_day(
        self, judged: JudgeFacts, marking: str, on: str, outcome: str
    ) -> None:
        assert judged({"part_2.marking": marking}, on=on)[self.CONTROL].outcome == outcome

    @pytest.mark.parametrize("on", ["2014-04-01", "2014-04-02"])
    @pytest.mark.parametrize("marking", BOTH)
    def test_secret_and_top_secret_are_in_both(self, judged: JudgeFacts, marking: str, on: str) -> None:
        assert judged({"part_2.marking": marking}, on=on)[self.CONTROL].outcome == "satisfied"

    def test_the_marking_of_the_real_case_is_written_with_its_descriptor(self, scheme: Scheme) -> None:
        said = scheme.rulebook.facts["part_2.marking"].choices["official_sensitive_commercial"]
        assert said == "OFFICIAL-SENSITIVE [COMMERCIAL]"

    def test_every_marking_has_its_days(self, scheme: Scheme) -> None:
        markings = scheme.rulebook.facts["part_2.marking"].choices
        value = scheme.rulebook.law.values["classification.in_use"]
        assert sorted(markings) == sorted({*OLD, *NEW, *BOTH})
        for marking in markings:
            assert isinstance(value.in_force_on("", date(2005, 1, 1), {"part_2.marking": marking}).figure, bool)

    @pytest.mark.parametrize(("on", "outcome"), [("2023-06-29", "not_applicable"), ("2023-06-30", "breached")])
    def test_a_part_2_without_a_marking_is_found_from_30_june_2023(
        self, judged: JudgeFacts, on: str, outcome: str
    ) -> None:
        assert judged({"part_2.exists": True}, on=on)["classification.marked"].outcome == outcome
        marked = judged({"part_2.exists": True, "part_2.marking": "official"}, on="2023-06-30")
        assert marked["classification.marked"].outcome == "satisfied"


class TestHighestContent:
    """A document bears the marking of its highest content: what is sensitive is kept in parts that can be taken off."""

    HIGHER, HIGHEST = "classification.no_part_is_higher", "classification.highest_content"
    TIERS = (["official"], SENSITIVE, ["secret"], ["top_secret"])

    @pytest.mark.parametrize("whole", range(4))
    @pytest.mark.parametrize("inner", range(4))
    def test_no_part_that_is_held_back_is_marked_higher_than_part_2(
        self, judged: JudgeFacts, whole: int, inner: int
    ) -> None:
        for marking in self.TIERS[whole]:
            for other in self.TIERS[inner]:
                found = judged({"part_2.marking": marking, "section": part(marking=other)})
                assert found[self.HIGHER].outcome == ("satisfied" if inner <= whole else "breached")
                assert found[self.HIGHEST].outcome == ("satisfied" if inner >= whole else "breached")

    def test_a_part_that_is_marked_higher_keeps_the_paper_back_and_a_part_2_that_is_too_high_does_not(
        self, judged: JudgeFacts
    ) -> None:
        low = judged({"part_2.marking": "official", "section": part(marking="official_sensitive")})
        high = judged({"part_2.marking": "secret", "section": part(marking="official_sensitive")})
        assert low[self.HIGHER].blocks_gate
        assert not high[self.HIGHEST].blocks_gate

    def test_the_marking_of_a_part_without_one_of_part_2_cannot_be_compared(self, judged: JudgeFacts) -> None:
        finding = judged({"section": part(marking="official")})[self.HIGHER]
        assert (finding.outcome, finding.missing) == ("undetermined", ("part_2.marking",))

    @pytest.mark.parametrize("on", ["2014-04-01", "2014-04-02"])
    def test_the_parts_are_compared_from_the_day_of_the_new_tiers(self, judged: JudgeFacts, on: str) -> None:
        found = judged({"part_2.marking": "official", "section": part(marking="secret")}, on=on)
        assert (found[self.HIGHER].outcome == "breached") is (on == "2014-04-02")


class TestWhatIsPublished:
    """Sensitive matter is kept in appendices that can be taken off, so that the rest can be published."""

    CONTROL = "classification.published_is_not_sensitive"

    @pytest.mark.parametrize("marking", [*NEW, *BOTH])
    def test_only_what_is_marked_official_is_published(self, judged: JudgeFacts, marking: str) -> None:
        outcome = "satisfied" if marking == "official" else "breached"
        published = {"section": part(False, marking=marking)}
        held_back = {"section": part(True, marking=marking)}
        assert judged(published)[self.CONTROL].outcome == outcome
        assert judged(held_back)[self.CONTROL].outcome == "not_applicable"


class TestMarkingIsNoExemption:
    """How a paper is handled and whether it may be withheld are two questions, each decided apart."""

    def test_a_marking_does_not_ground_a_part_2(self, judged: JudgeFacts) -> None:
        found = judged({"part_2.exists": True, "part_2.marking": "official_sensitive_commercial"})
        assert found["foia.part_2_grounded"].outcome == "breached"

    def test_an_exemption_does_not_mark_it(self, judged: JudgeFacts) -> None:
        claimed = {"part_2.exists": True, "exemption": {"s43": {"section": "s43"}}}
        found = judged(claimed, on="2024-01-01")
        assert found["foia.part_2_grounded"].outcome == "satisfied"
        assert found["classification.marked"].outcome == "breached"
