"""The Elected Local Policing Bodies (Specified Information) Order 2011, as far as its text was read."""

from datetime import date
from typing import Any

import pytest

from rules.packs.scheme import Scheme
from rules.values.money import Money, Vat
from tests.law.conftest import JudgeFacts

DECISION, SPENDING = "specified.decision_published", "specified.spending_published"
CONTRACT, TENDER = "specified.contract_published", "specified.tender_published"


def decided(value: str = "£750,000 ex VAT", on: date = date(2018, 4, 16), **facts: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a paper may state
    """Return a decided contract without any publication yet."""
    unpublished: dict[str, Any] = {
        "decided_on": on,
        "decision.significant": True,
        "estimated_value": value,
        "contract_kind": "goods_services",
        "publication.spending_listed": False,
        "publication.contract_copy": False,
        "tender.invited": True,
        "publication.tender_copy": False,
    }
    return unpublished | {fact.replace("__", "."): value for fact, value in facts.items()}


class TestDecisionsOfSignificantPublicInterest:
    """Schedule, para 5(d): "a record of each decision of significant public interest arising from the exercise of the
    elected local policing body's functions".
    """

    def test_a_significant_decision_must_be_published(self, judge: JudgeFacts) -> None:
        assert judge(decided())[DECISION].outcome == "breached"
        assert judge(decided(published_on=date(2018, 4, 17)))[DECISION].outcome == "satisfied"

    def test_other_decisions_and_undecided_papers_need_no_publication(self, judge: JudgeFacts) -> None:
        facts = decided()
        assert judge({**facts, "decision.significant": False})[DECISION].outcome == "not_applicable"
        del facts["decided_on"]
        assert judge(facts)[DECISION].outcome == "not_applicable"

    def test_significance_is_never_assumed(self, judge: JudgeFacts) -> None:
        facts = decided()
        del facts["decision.significant"]
        finding = judge(facts)[DECISION]
        assert (finding.outcome, finding.missing) == ("undetermined", ("decision.significant",))

    @pytest.mark.parametrize(("on", "applies"), [(date(2012, 1, 15), False), (date(2012, 1, 16), True)])
    def test_the_order_is_in_force_from_16_january_2012(self, judge: JudgeFacts, on: date, applies: bool) -> None:
        findings = judge(decided(on=on))
        assert findings[DECISION].outcome == ("breached" if applies else "not_applicable")
        assert findings[SPENDING].outcome == ("breached" if applies else "not_applicable")


class TestExpenditure:
    """Schedule, para 3(g): each item of expenditure exceeding £500, with recipient, purpose and the reasons why value
    for money would be obtained, monthly.
    """

    def test_the_limit_is_more_than_500_pounds(self, scheme: Scheme) -> None:
        row = scheme.rulebook.law.values["specified.spending_limit"].in_force_on("", date(2018, 4, 16), {})
        assert (row.figure, row.operator) == (Money(500_00, Vat.UNSTATED), "more_than")

    @pytest.mark.parametrize(
        ("value", "outcome"),
        [
            ("£499.99 ex VAT", "not_applicable"),
            ("£500 ex VAT", "not_applicable"),
            ("£500 inc VAT", "not_applicable"),
            ("£500.01 ex VAT", "breached"),
            ("£500.01 inc VAT", "breached"),
        ],
    )
    def test_items_above_the_limit_are_listed_to_the_penny(self, judge: JudgeFacts, value: str, outcome: str) -> None:
        assert judge(decided(value))[SPENDING].outcome == outcome

    @pytest.mark.parametrize(
        ("listed", "reasons", "every", "outcome"),
        [
            (True, True, "month", "satisfied"),
            (True, True, "quarter", "breached"),
            (True, True, "year", "breached"),
            (True, False, "month", "breached"),
            (False, True, "month", "breached"),
        ],
    )
    def test_the_list_is_monthly_and_gives_reasons(
        self, judge: JudgeFacts, listed: bool, reasons: bool, every: str, outcome: str
    ) -> None:
        facts = decided(
            publication__spending_listed=listed,
            publication__spending_reasons=reasons,
            publication__spending_every=every,
        )
        assert judge(facts)[SPENDING].outcome == outcome


class TestContracts:
    """Schedule, para 4(b) and (c): a copy of each contract "with a value exceeding £500", from 22 November 2012
    "exceeding £10,000", and of each invitation to tender for one; 4(d): a list of every other contract.
    """

    @pytest.mark.parametrize(
        ("value", "outcome"),
        [
            ("£9,999.99 ex VAT", "not_applicable"),
            ("£10,000 ex VAT", "not_applicable"),
            ("£10,000.01 ex VAT", "breached"),
        ],
    )
    @pytest.mark.parametrize("control", [CONTRACT, TENDER])
    def test_a_copy_is_published_above_10000_pounds(
        self, judge: JudgeFacts, control: str, value: str, outcome: str
    ) -> None:
        assert judge(decided(value))[control].outcome == outcome

    @pytest.mark.parametrize(("control", "fact"), [(CONTRACT, "contract_copy"), (TENDER, "tender_copy")])
    def test_a_published_copy_is_enough(self, judge: JudgeFacts, control: str, fact: str) -> None:
        assert judge({**decided(), f"publication.{fact}": True})[control].outcome == "satisfied"

    @pytest.mark.parametrize(
        ("on", "value", "outcome"),
        [
            (date(2012, 1, 15), "£500.01 ex VAT", "not_applicable"),
            (date(2012, 1, 16), "£500.01 ex VAT", "breached"),
            (date(2012, 11, 21), "£500.01 ex VAT", "breached"),
            (date(2012, 11, 21), "£500 ex VAT", "not_applicable"),
            (date(2012, 11, 22), "£500.01 ex VAT", "not_applicable"),
            (date(2012, 11, 22), "£10,000.01 ex VAT", "breached"),
        ],
    )
    @pytest.mark.parametrize("control", [CONTRACT, TENDER])
    def test_the_limit_is_raised_on_22_november_2012(
        self, judge: JudgeFacts, control: str, on: date, value: str, outcome: str
    ) -> None:
        assert judge(decided(value, on=on))[control].outcome == outcome

    @pytest.mark.parametrize(
        ("on", "value", "outcome"),
        [
            (date(2012, 11, 21), "£500 ex VAT", "not_applicable"),
            (date(2012, 11, 22), "£500 ex VAT", "breached"),
            (date(2012, 11, 22), "£10,000 ex VAT", "breached"),
            (date(2012, 11, 22), "£10,000.01 ex VAT", "not_applicable"),
        ],
    )
    def test_a_contract_that_is_not_above_the_limit_is_listed(
        self, judge: JudgeFacts, on: date, value: str, outcome: str
    ) -> None:
        facts = decided(value, on=on, publication__contract_listed=False)
        assert judge(facts)["specified.contract_listed"].outcome == outcome

    def test_without_a_contract_or_tender_no_copy_is_needed(self, judge: JudgeFacts) -> None:
        findings = judge({**decided(), "contract_kind": "none", "tender.invited": False})
        assert (findings[CONTRACT].outcome, findings[TENDER].outcome) == ("not_applicable", "not_applicable")


class TestScope:
    """The Order specifies what elected local policing bodies publish."""

    @pytest.mark.parametrize("control", [DECISION, SPENDING, CONTRACT, TENDER])
    def test_the_order_does_not_apply_to_other_bodies(self, judge: JudgeFacts, control: str) -> None:
        assert judge({**decided(), "body.kind": "fire_authority"})[control].outcome == "not_applicable"
        assert judge(decided())[control].outcome == "breached"

    @pytest.mark.parametrize("control", [DECISION, SPENDING, CONTRACT, TENDER])
    def test_the_controls_are_for_auditors_and_block_no_act(self, scheme: Scheme, control: str) -> None:
        assert scheme.rulebook.controls[control].declaration.gates == ("audit",)


class TestMoneyThatIsNotSpent:
    """Schedule, para 3(g): "each item of expenditure ... (other than a crime and disorder reduction grant)"; 3(f)."""

    @pytest.mark.parametrize(
        ("money", "spending", "grant"),
        [
            ("spent", "breached", "not_applicable"),
            ("received", "not_applicable", "not_applicable"),
            ("crime_grant", "not_applicable", "breached"),
        ],
    )
    def test_receipts_and_grants_are_not_expenditure(
        self, judge: JudgeFacts, money: str, spending: str, grant: str
    ) -> None:
        findings = judge(decided(decision__money=money, publication__grant_listed=False))
        assert (findings[SPENDING].outcome, findings["specified.grant_published"].outcome) == (spending, grant)


class TestExceptions:
    """Article 2(2): national security, the safety of any person, and crime and justice, each "in the view of the chief
    officer of police", and what is "prohibited by or under any enactment".
    """

    def test_there_are_four_and_none_is_for_commercial_interests(self, scheme: Scheme) -> None:
        required = scheme.rulebook.controls["specified.exception_exists"].declaration.requires
        assert required == {
            "exemption.order_exception": {"one_of": ["national_security", "safety", "crime", "enactment"]}
        }


@pytest.mark.parametrize(("shown", "outcome"), [(True, "satisfied"), (False, "breached")])
def test_the_register_of_gifts_says_whether_an_offer_was_accepted(judge: JudgeFacts, shown: bool, outcome: str) -> None:
    """Schedule, paragraph 2(e): each offer, "indicating whether the offer was accepted or refused"."""
    facts = decided() | {"gift": {"one": {"registered": True, "outcome_registered": shown}}}
    assert judge(facts)["gift.in_register"].outcome == outcome
