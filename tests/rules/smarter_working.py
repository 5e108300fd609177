"""The Smarter Working case as it stood before the Deputy Mayor: facts by address, in both parts."""

from datetime import date

from rules.packs.library import Library
from rules.packs.scheme import Scheme
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from rules.values.money import Money, Vat

PUBLIC_FACTS: dict[str, FactValue] = {
    "separation.author_and_approval": False,
    "separation.certifier_and_decision": False,
    "case.stage": "dmpc",
    "case.withholds": True,
    "act.stage": "dmpc",
    "act.role": "dmpc",
    "act.by": "The Deputy Mayor",
    "act.on": date(2018, 4, 16),
    "opened.by": "Report author",
    "opened.on": date(2018, 3, 7),
    "title": "Smarter Working: business justification paper",
    "author": "Senior responsible owner",
    "executive_summary": "Mobile devices for officers, so that they work away from their stations.\n" * 12,
    "form.introduction": "Where the programme stands.\n" * 40,
    "form.issues": "What is to be weighed.\n" * 40,
    "form.financial": "Held in the confidential part.",
    "form.legal": "The threshold of the Regulations and the Scheme of Consent.\n" * 10,
    "form.equality": "No equality issues are known.",
    "form.background_papers": "Report",
    "report.on_behalf_of": "Deputy Commissioner",
    "report.introduction": "What the board is told.\n" * 40,
    "report.issues": "Three challenges.\n" * 40,
    "report.plan": "Better working.\n" * 10,
    "report.time_sensitivity": "A decision is needed before the end of the financial year.",
    "report.financial": "Held in the confidential part.",
    "report.legal": "The threshold of the Regulations.\n" * 10,
    "report.equality": "None.",
    "report.privacy": "No personal data.",
    "report.real_estate": "Held in the confidential part.",
    "report.environment": "Less travel.",
    "report.background_papers": "Nil",
    "required_by": date(2018, 3, 30),
    "decided_on": date(2018, 4, 16),
    "buyer": "sub_central",
    "contract_kind": "goods_services",
    "procurement_route": "modification",
    "modification_ground": "reg_72_1_b",
    "modification.original_value": Money(9_000_000_00, Vat.EXCLUDED),
    "modification.increase": Money(2_417_365_00, Vat.EXCLUDED),
    "procurement_commenced_on": date(2018, 3, 7),
    "matter.kind": "business_case",
    "matter.novel": False,
    "decision.reference": "PCD 361",
    "deferral.asked": False,
    "part_2.exists": True,
    "part_2.marking": "official_sensitive_commercial",
    "part_2.made_on": date(2018, 3, 7),
    "pib.outcome": "supported",
    "pib.on": date(2018, 3, 14),
    "pib.by": "The chair of the board",
    "pib.role": "pib_chair",
    "iab.outcome": "supported",
    "iab.on": date(2018, 3, 22),
    "iab.by": "The chair of the advisory board",
    "iab.role": "iab_chair",
    "declaration.outcome": "declared",
    "declaration.on": date(2018, 4, 4),
    "declaration.by": "Head of Unit",
    "declaration.role": "head_of_unit",
    "declaration.finance": True,
    "declaration.legal": "not_required",
    "declaration.financial_advice": True,
    "declaration.equalities": True,
    "chief_executive.outcome": "certified",
    "chief_executive.on": date(2018, 4, 11),
    "chief_executive.by": "Chief Executive",
    "chief_executive.role": "chief_executive",
    "certificate.advice_considered": True,
    "dmpc.outcome": "approved",
    "dmpc.on": date(2018, 4, 16),
    "dmpc.by": "The Deputy Mayor",
    "dmpc.role": "dmpc",
    "interests.considered": True,
    "interests.declared": "none",
    "section:financial.title": "Financial comments",
    "section:financial.withheld": True,
    "section:financial.under": "s43",
    "exemption:s43.section": "s43",
    "exemption:s43.limb": "commercial_interests",
    "exemption:s43.prejudice": "would_be_likely",
    "exemption:s43.whose_interest": "The supplier and MOPAC",
    "exemption:s43.public_interest": "withhold",
    "exemption:s43.review_on": date(2023, 3, 7),
}

EXEMPT_FACTS: dict[str, FactValue] = {
    "estimated_value": Money(2_417_365_00, Vat.EXCLUDED),
    "confidential.business_case": "What it costs, and what the supplier offered.\n" * 60,
    "confidential.financial": "The funding in detail.\n" * 40,
    "confidential.real_estate": "Which stations close.\n" * 10,
    "exemption:s43.rationale": "The price would tell competitors the supplier's margin.",
    "exemption:s43.public_interest_reasons": "The next competition would yield worse prices.",
}

_VERBS_BY_BODY = {
    "pib": ("a", "approve", "approve", "approve", "note", "note"),
    "iab": ("a", "approve", "note", "approve", "note", "note"),
    "dmpc": ("a", "approve", "note", "approve", "note", "note"),
}


def recommendation_facts() -> dict[str, FactValue]:
    """Five recommendations to each of the three bodies; in one matter two bodies are asked for different things."""
    facts: dict[str, FactValue] = {}
    for body, verbs in _VERBS_BY_BODY.items():
        for number in range(1, 6):
            at = f"recommendation:{body}-{number}"
            facts |= {
                f"{at}.body": body,
                f"{at}.number": number,
                f"{at}.verb": verbs[number],
                f"{at}.matter": f"matter {number}",
                f"{at}.text": f"What the body is asked in matter {number}.",
            }
    return facts


def decision_evidence(**changes: FactValue) -> Evidence:
    """The evidence at the decision; a change is named with two underscores for its dot."""
    changed = {name.replace("__", "."): value for name, value in changes.items()}
    public = {**PUBLIC_FACTS, **recommendation_facts(), "act.late_by": 0, **changed}
    return Evidence.from_parts(public, EXEMPT_FACTS)


def mopac_scheme() -> Scheme:
    """The scheme that the case was decided under."""
    return Library.load(()).scheme("mopac")
