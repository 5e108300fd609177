"""The scenes of the corpus: what was stated in each part, and what officers then did or tried.

Those of the first authority; the others are in `scenes_elsewhere`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.workflow.walk import APPROVED, AUTHOR, CHIEF, DECLARED, DMPC, GOVERNANCE, IAB, PIB, REASON, UNIT

CERTIFIED = {"certificate.advice_considered": "true"}
SECTIONS = [
    "executive_summary",
    *(f"form.{name}" for name in ("introduction", "issues", "financial", "legal", "equality", "background_papers")),
    *(f"report.{name}" for name in ("introduction", "issues", "time_sensitivity", "financial", "legal", "equality")),
    *(f"report.{name}" for name in ("privacy", "environment")),
]
PUBLIC = {
    "title": "Devices",
    "author": "A Reed",
    "required_by": "2018-03-29",
    **dict.fromkeys(SECTIONS, "Said."),
    **{
        f"recommendation:{body}-1.{fact}": value
        for body in ("pib", "iab", "dmpc")
        for fact, value in {"body": body, "number": "1", "matter": "devices", "verb": "approve", "text": "It."}.items()
    },
    "matter.kind": "business_case",
    "matter.novel": "false",
    "deferral.asked": "false",
    "part_2.exists": "true",
    "part_2.made_on": "2018-03-07",
    "part_2.marking": "official_sensitive_commercial",
    "exemption:s43.section": "s43",
    "exemption:s43.review_on": "2023-03-07",
}
EXEMPT = {
    "estimated_value": "£750,000 ex VAT",
    "contract_kind": "goods_services",
    "procurement_route": "modification",
    "modification_ground": "reg_72_1_b",
    "modification.original_value": "£3,000,000 ex VAT",
    "modification.increase": "£750,000 ex VAT",
    "procurement_commenced_on": "2018-03-07",
    "exemption:s43.limb": "commercial_interests",
    "exemption:s43.prejudice": "would_be_likely",
    "exemption:s43.whose_interest": "The supplier",
    "exemption:s43.rationale": "It would harm the next competition.",
    "exemption:s43.public_interest": "withhold",
    "exemption:s43.public_interest_reasons": "Harm outweighs openness until the contract has run.",
}
OPEN = {where: value for where, value in {**PUBLIC, **EXEMPT}.items() if not where.startswith(("exemption", "part_2"))}


@dataclass(frozen=True)
class Done:
    """An act, by whom, on which day, and what is stated with it; `amend` states facts of Part 1."""

    action: str
    officer: str
    on: str
    stated: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Office:
    """Where a scene is set: the scheme, the story whose officers it has, and who opens the case on which day."""

    scheme: str
    story: str
    author: str
    on: str


BUSINESS = Office("mopac", "smarter-working.story.yaml", AUTHOR, "2018-03-07")


@dataclass(frozen=True)
class Scene:
    """A paper and what becomes of it."""

    name: str
    public: Mapping[str, str]
    exempt: Mapping[str, str]
    done: tuple[Done, ...]
    office: Office = BUSINESS


SUBMIT = Done("submit", AUTHOR, "2018-03-07")
PIB_SUPPORT = Done("pib-support", PIB, "2018-03-14")
IAB_SUPPORT = Done("iab-support", IAB, "2018-03-22")
DECLARE = Done("declare", UNIT, "2018-04-09", DECLARED)
CERTIFY = Done("certify", CHIEF, "2018-04-11", CERTIFIED)
APPROVE = Done("approve", DMPC, "2018-04-16", APPROVED)
PUBLISH = Done("publish", GOVERNANCE, "2018-04-17")
CHAIN = (SUBMIT, PIB_SUPPORT, IAB_SUPPORT, DECLARE, CERTIFY, APPROVE, PUBLISH)


def but(facts: Mapping[str, str], *left_out: str, **changed: str) -> dict[str, str]:
    """Facts less some, and with others (`__` stands for a dot)."""
    kept = {where: value for where, value in facts.items() if where not in left_out}
    return {**kept, **{where.replace("__", "."): value for where, value in changed.items()}}


def scenes() -> Iterator[Scene]:
    """Every scene of the first authority."""
    yield Scene("whole", PUBLIC, EXEMPT, CHAIN)
    yield Scene("too-early", PUBLIC, EXEMPT, (PIB_SUPPORT, DECLARE, CERTIFY, APPROVE, PUBLISH))
    yield Scene("nothing-stated", {"title": "Bare"}, {}, (SUBMIT,))
    yield Scene("all-in-part-2", {}, {**PUBLIC, **EXEMPT}, CHAIN)
    yield Scene("all-in-part-1", OPEN | {"part_2.exists": "false"}, {}, CHAIN)
    others = {
        "exemption:harbour.section": "s43",
        "exemption:harbour.limb": "trade_secret",
        "exemption:quay.section": "s43",
    }
    yield Scene("unnamed-subjects", PUBLIC, EXEMPT | others | {"recommendation:harbour.text": "It."}, (SUBMIT,))
    for where in ("public_interest", "limb", "prejudice", "whose_interest", "rationale"):
        yield Scene(f"without-{where}", PUBLIC, but(EXEMPT, f"exemption:s43.{where}"), (SUBMIT,))
    yield Scene("disclose", PUBLIC, EXEMPT | {"exemption:s43.public_interest": "disclose"}, (SUBMIT,))
    yield Scene("trade-secret", PUBLIC, EXEMPT | {"exemption:s43.limb": "trade_secret"}, (SUBMIT,))
    yield Scene("no-review", but(PUBLIC, "exemption:s43.review_on"), EXEMPT, (SUBMIT,))
    yield Scene("review-too-late", PUBLIC | {"exemption:s43.review_on": "2049-01-01"}, EXEMPT, (SUBMIT,))
    yield Scene("no-part-2-said", but(PUBLIC, part_2__exists="false"), EXEMPT, (SUBMIT,))
    for name, value in [("at", "£181,302 ex VAT"), ("below", "£181,301.99 ex VAT"), ("inc", "£181,302 inc VAT")]:
        yield Scene(f"threshold-{name}", OPEN | {"part_2.exists": "false", "estimated_value": value}, {}, (SUBMIT,))
    yield Scene("unmarked", but(PUBLIC, "part_2.marking"), EXEMPT, (SUBMIT,))
    yield Scene("unaddressed", but(PUBLIC, "recommendation:dmpc-1.body"), EXEMPT, (SUBMIT,))
    yield Scene("no-route", PUBLIC, but(EXEMPT, "procurement_route"), (SUBMIT,))
    yield Scene("no-ground", PUBLIC, but(EXEMPT, "modification_ground"), (SUBMIT,))
    yield Scene("old-procurement", PUBLIC, EXEMPT | {"procurement_commenced_on": "2012-02-01"}, (SUBMIT,))
    yield Scene("no-value", PUBLIC, but(EXEMPT, "estimated_value"), (SUBMIT,))
    yield Scene("no-contract", OPEN | {"part_2.exists": "false", "contract_kind": "none"}, {}, (SUBMIT,))
    yield Scene("bank-holiday", PUBLIC | {"required_by": "2018-03-30"}, EXEMPT, (SUBMIT,))
    deferred = {"deferral.asked": "true", "deferral.reason": "Talks.", "deferral.until": "2018-06-01"}
    yield Scene("deferred", PUBLIC | deferred, EXEMPT, (*CHAIN, Done("publish", GOVERNANCE, "2018-06-01")))
    yield Scene("deferral-without-day", but(PUBLIC | deferred, "deferral.until"), EXEMPT, (SUBMIT,))
    verbs = PUBLIC | {"recommendation:pib-1.verb": "note", "recommendation:iab-1.verb": "acknowledge"}
    yield Scene("verbs-differ", verbs, EXEMPT, (SUBMIT, PIB_SUPPORT, IAB_SUPPORT))
    back = Done("pib-return", PIB, "2018-03-14", REASON)
    amend = Done("amend", AUTHOR, "2018-03-15", {"title": "Devices, again"})
    again = Done("submit", AUTHOR, "2018-03-15")
    yield Scene("returned", PUBLIC, EXEMPT, (SUBMIT, amend, Done("pib-return", PIB, "2018-03-14"), back, amend, again))
    yield Scene(
        "deferred-by-board", PUBLIC, EXEMPT, (SUBMIT, Done("pib-defer", PIB, "2018-03-14", REASON), PIB_SUPPORT)
    )
    yield Scene("rejected", PUBLIC, EXEMPT, (*CHAIN[:5], Done("reject", DMPC, "2018-04-16", REASON)))
    yield Scene("withdrawn", PUBLIC, EXEMPT, (Done("withdraw", AUTHOR, "2018-03-08", REASON),))
    unsaid = Done("declare", UNIT, "2018-04-09", {"declaration.finance": "false", "declaration.legal": "taken"})
    yield Scene("declared-in-part", PUBLIC, EXEMPT, (*CHAIN[:3], unsaid, DECLARE, Done("certify", CHIEF, "2018-04-11")))
    recorded = APPROVED | {"interests.declared": "recorded"}
    named = recorded | {"interests.recorded": "A share in the supplier."}
    by_dmpc = [Done("approve", DMPC, "2018-04-16", stated) for stated in ({}, recorded, named)]
    yield Scene("interests", PUBLIC, EXEMPT, (*CHAIN[:5], *by_dmpc))
    yield Scene("in-time", PUBLIC | {"required_by": "2018-04-16"}, EXEMPT, CHAIN[:6])
    yield Scene("small", OPEN | {"part_2.exists": "false", "estimated_value": "£499,999.99 ex VAT"}, {}, CHAIN[:6])
