"""Clean decisions, written in the manner of several authorities: the checks of a paper against itself find nothing."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from tests.workflow.walk import new_services
from workflow.services.commands import Services
from workflow.services.paper_audit import audit_paper


class Clean(NamedTuple):
    """A decision with nothing wrong: its title, its summary and what is decided."""

    title: str
    summary: str
    decided: tuple[str, ...]


CLEAN = {
    "council: rounded in the summary, exact in the decision": Clean(
        "Highway resurfacing contract 2023-24",
        "Cabinet approval is sought to award a contract of about £1.2m for resurfacing in 2023-24.",
        ("Approve the award of the contract at a value of £1,204,316.52",),
    ),
    "council: amounts of several years": Clean(
        "Leisure centre management",
        "Funding of £300,000 is needed: £100,000 in 2021-22, £100,000 in 2022-23 and £100,000 in 2023-24.",
        ("Approve funding of £100,000 a year for three years, £300,000 in all",),
    ),
    "council: noting with a range": Clean(
        "Parking charges review",
        "The report sets out responses to the consultation. Charges range from £1.20 to £4.80 an hour.",
        ("Note the responses to the consultation", "Agree the charges set out in Appendix A"),
    ),
    "council: a range of cost": Clean(
        "School roof repairs",
        "The works are expected to cost between £450,000 and £500,000.",
        ("Authorise the Director of Property to award a contract of up to £500,000, subject to planning consent",),
    ),
    "council: lettered list": Clean(
        "Adult social care fees",
        "Cabinet is asked to agree fee rates for 2024-25 at a total cost of £2.4m.",
        (
            "That Cabinet:",
            "a) agrees the fee rates for 2024-25 at a total cost of £2.4m;",
            "b) delegates authority to the Director to implement them; and",
            "c) notes the equality impact assessment",
        ),
    ),
    "council: VAT apart": Clean(
        "Fleet replacement",
        "Twelve vans are to be bought for £240,000 plus VAT of £48,000, a total of £288,000.",
        ("Approve the purchase of twelve vans for £240,000 (excluding VAT)",),
    ),
    "council: subject to contract": Clean(
        "Disposal of land at Mill Lane",
        "The land is to be sold for £725,000, subject to contract.",
        ("Subject to contract, approve the disposal of the land for £725,000",),
    ),
    "council: after consultation": Clean(
        "Public space protection order",
        "The order is to be renewed for three years. There is no cost.",
        ("Following consultation with the police, renew the order", "In accordance with section 60, publish it"),
    ),
    "council: VAT given beside each amount": Clean(
        "Library self-service",
        "The contract is worth £210,000 excluding VAT (£252,000 including VAT).",
        ("Approve the award of a contract worth £252,000 including VAT",),
    ),
    "council: rounded down": Clean(
        "Bridge strengthening",
        "The works will cost £2.1m, of which £1.6m is grant.",
        ("Accept the grant of £1,612,400", "Approve the works at a cost of £2,149,867"),
    ),
    "council: each contract below the threshold": Clean(
        "Framework for small works",
        "Works of £900,000 are let as contracts that are each below the procurement threshold.",
        ("Approve the framework, with works of £900,000",),
    ),
    "council: earlier contract below the threshold": Clean(
        "Payroll system",
        "The previous contract was below the procurement threshold. The new one, at £410,000, is above it.",
        ("Approve an open tender for a contract of £410,000",),
    ),
    "council: schedule 12A": Clean(
        "Lease of premises",
        "Appendix B is exempt from publication under paragraph 3 of Schedule 12A to the Local Government Act 1972.",
        ("Approve the lease on the terms in exempt Appendix B",),
    ),
    "commissioner: grants that make up a total": Clean(
        "Victims' services grants 2019-20",
        "Grants of £150,000 are proposed as follows: £90,000 to the first provider and £60,000 to the second.",
        ("Approve a grant of £90,000 to the first provider", "Approve a grant of £60,000 to the second provider"),
    ),
    "commissioner: Part 2 with its section elsewhere": Clean(
        "Insurance renewal",
        "The premium is in Part 2, which is exempt under section 43 of the Freedom of Information Act 2000.",
        ("Approve the renewal of the insurance at the premium in Part 2",),
    ),
    "commissioner: contract that has not ended": Clean(
        "Custody healthcare contract extension",
        "The contract expires on 31 March 2031. An extension of 12 months at £1.85m is sought.",
        ("Approve the extension of the contract for 12 months at a cost of £1,850,000",),
    ),
    "commissioner: below the threshold": Clean(
        "Drone purchase",
        "The purchase, at £48,500, is below the procurement threshold, so three quotations were sought.",
        ("Approve the purchase of drones for £48,500",),
    ),
    "commissioner: settlement": Clean(
        "Settlement of a claim",
        "The Commissioner is asked to settle one claim for £35,000. Legal costs are estimated at £12,000.",
        ("Approve settlement of the claim for £35,000 and costs of up to £12,000",),
    ),
    "health: increase of a contract": Clean(
        "Community nursing contract variation",
        "The value rises by £250,000, from £1,750,000 to £2,000,000.",
        ("Approve the variation of the contract by £250,000, to £2,000,000",),
    ),
    "health: share of several bodies": Clean(
        "Joint commissioning of advocacy",
        "The cost of £400,000 is shared equally by four bodies.",
        ("Approve a contribution of £100,000",),
    ),
    "health: several approvals": Clean(
        "Imaging equipment",
        "The committee is asked to approve capital of £3.6m: £2.1m for scanners and £1.5m for building works.",
        ("Approve capital expenditure of £3.6m", "Note that running costs of £180,000 a year are in the budget"),
    ),
    "health: risk words that are harmless": Clean(
        "Children at risk of harm: support service",
        "The service supports children at risk of exploitation. A contract of £90,000 is proposed.",
        ("Approve the award of a contract of £90,000",),
    ),
    "London: up to with earlier approval": Clean(
        "Housing infrastructure funding",
        "An earlier decision approved £3.5m. A further £1.5m is now sought, so that funding comes to £5m.",
        ("Approve further expenditure of up to £1.5m, which brings the total to £5m",),
    ),
    "London: income and expenditure": Clean(
        "Cultural festival sponsorship",
        "Expenditure of £120,000 is proposed: £80,000 is met by sponsorship and £40,000 by the culture budget.",
        ("Approve receipt of sponsorship of £80,000", "Approve expenditure of £120,000"),
    ),
    "London: procurement in stages": Clean(
        "Fire station refurbishment",
        "Approval is sought to begin an open tender. The estimated value is £2.25 million over four years.",
        ("Authorise the procurement of works with an estimated value of £2,250,000 over four years",),
    ),
}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return new_services(tmp_path_factory.mktemp("clean") / "clean.db")


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_decision_breaches_no_check_of_its_text(name: str, services: Services) -> None:
    clean = CLEAN[name]
    public = {
        "title": clean.title,
        "executive_summary": clean.summary,
        "decided_on": "2024-03-01",
        "buyer": "sub_central",
        "contract_kind": "goods_services",
        "recommendation": {f"r{n}": {"text": text} for n, text in enumerate(clean.decided, 1)},
    }
    audit = audit_paper(services, json.dumps({"public": public}).encode(), "clean.yaml")
    breached = [one.finding for one in audit.findings if one.finding.outcome == "breached"]
    assert [(one.control, one.subject) for one in breached] == []
