"""The Procurement Act 2023, as far as the shipped pack holds its limits for changes of contracts."""

from datetime import date
from typing import Any

import pytest

from tests.law.conftest import Judged

NOTICED = "procurement.change_noticed"


def change(increase: str, **facts: date | str | bool) -> dict[str, Any]:
    """A change of a contract of £1,000,000 that was procured under the Act, of which no notice is planned."""
    return {
        "contract_kind": "goods_services",
        "procurement_commenced_on": date(2025, 6, 2),
        "estimated_value": "£900,000 inc VAT",
        "procurement_route": "modification",
        "modification.original_value": "£1,000,000 inc VAT",
        "modification.increase": increase,
        "notice.contract_change": False,
        **facts,
    }


class TestSubstantialChanges:
    """Section 74(3): a change is "substantial" if a term changes by more than 10%.

    That the value is measured by the same tenth is inferred; a contract change notice is due under section 75.
    """

    @pytest.mark.parametrize(
        ("increase", "outcome"), [("£100,000 inc VAT", "not_applicable"), ("£100,000.01 inc VAT", "breached")]
    )
    def test_a_change_of_more_than_a_tenth_is_noticed(self, judged: Judged, increase: str, outcome: str) -> None:
        assert judged(change(increase), on="2025-07-01")[NOTICED].outcome == outcome

    @pytest.mark.parametrize(
        ("commenced", "outcome"), [(date(2025, 2, 23), "not_applicable"), (date(2025, 2, 24), "breached")]
    )
    def test_a_contract_procured_before_24_february_2025_stays_under_regulation_72(
        self, judged: Judged, commenced: date, outcome: str
    ) -> None:
        facts = change("£100,000.01 inc VAT", procurement_commenced_on=commenced)
        assert judged(facts, on="2025-07-01")[NOTICED].outcome == outcome

    def test_without_the_original_value_nobody_can_tell_and_it_is_asked_for(self, judged: Judged) -> None:
        facts = change("£1 inc VAT")
        del facts["modification.original_value"]
        finding = judged(facts, on="2025-07-01")[NOTICED]
        assert (finding.outcome, finding.missing) == ("undetermined", ("modification.original_value",))
        assert not finding.blocks

    def test_where_no_contract_is_awarded_nothing_is_measured(self, judged: Judged) -> None:
        facts = change("£100,000.01 inc VAT", contract_kind="none")
        assert judged(facts, on="2025-07-01")[NOTICED].outcome == "not_applicable"
