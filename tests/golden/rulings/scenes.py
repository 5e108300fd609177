"""Scenes of the first authority: what a paper states in each part, and what officers then do or try.

The names of scenes are part of the names of recorded rulings. Scenes of other authorities are in `other_scenes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.workflow.walk import (
    APPROVAL_FACTS,
    AUTHOR,
    CHIEF_EXECUTIVE,
    DECLARATION_FACTS,
    DMPC,
    GOVERNANCE_TEAM,
    HEAD_OF_UNIT,
    IAB_CHAIR,
    PIB_CHAIR,
    SEND_BACK_FACTS,
)

CERTIFICATE_FACTS = {"certificate.advice_considered": "true"}
SECTION_FACTS = [
    "executive_summary",
    *(f"form.{name}" for name in ("introduction", "issues", "financial", "legal", "equality", "background_papers")),
    *(f"report.{name}" for name in ("introduction", "issues", "time_sensitivity", "financial", "legal", "equality")),
    *(f"report.{name}" for name in ("privacy", "environment")),
]
PUBLIC_FACTS = {
    "title": "Devices",
    "author": "A Reed",
    "required_by": "2018-03-29",
    **dict.fromkeys(SECTION_FACTS, "Said."),
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
EXEMPT_FACTS = {
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
ALL_PUBLIC_FACTS = {
    address: value
    for address, value in {**PUBLIC_FACTS, **EXEMPT_FACTS}.items()
    if not address.startswith(("exemption", "part_2"))
}


@dataclass(frozen=True)
class SceneAct:
    """An act: the officer, the day, and the facts stated with it. `amend` states facts of Part 1."""

    action: str
    officer: str
    on: str
    stated: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SceneSetting:
    """The setting of a scene: its scheme, the story whose officers it uses, and who opens the case on which day."""

    scheme: str
    story: str
    author: str
    on: str


MOPAC_SETTING = SceneSetting("mopac", "smarter-working.story.yaml", AUTHOR, "2018-03-07")


@dataclass(frozen=True)
class Scene:
    """A paper, and the acts on it."""

    name: str
    public: Mapping[str, str]
    exempt: Mapping[str, str]
    acts: tuple[SceneAct, ...]
    setting: SceneSetting = MOPAC_SETTING


SUBMIT = SceneAct("submit", AUTHOR, "2018-03-07")
PIB_SUPPORT = SceneAct("pib-support", PIB_CHAIR, "2018-03-14")
IAB_SUPPORT = SceneAct("iab-support", IAB_CHAIR, "2018-03-22")
DECLARE = SceneAct("declare", HEAD_OF_UNIT, "2018-04-09", DECLARATION_FACTS)
CERTIFY = SceneAct("certify", CHIEF_EXECUTIVE, "2018-04-11", CERTIFICATE_FACTS)
APPROVE = SceneAct("approve", DMPC, "2018-04-16", APPROVAL_FACTS)
PUBLISH = SceneAct("publish", GOVERNANCE_TEAM, "2018-04-17")
FULL_CHAIN = (SUBMIT, PIB_SUPPORT, IAB_SUPPORT, DECLARE, CERTIFY, APPROVE, PUBLISH)


def changed_facts(facts: Mapping[str, str], *removed: str, **changed: str) -> dict[str, str]:
    """Return facts with some removed and some changed, as in `part_2__exists="false"` for `part_2.exists`."""
    kept = {address: value for address, value in facts.items() if address not in removed}
    return {**kept, **{name.replace("__", "."): value for name, value in changed.items()}}


def mopac_scenes() -> Iterator[Scene]:
    """Yield every scene of the first authority."""
    yield Scene("whole", PUBLIC_FACTS, EXEMPT_FACTS, FULL_CHAIN)
    yield Scene("too-early", PUBLIC_FACTS, EXEMPT_FACTS, (PIB_SUPPORT, DECLARE, CERTIFY, APPROVE, PUBLISH))
    yield Scene("nothing-stated", {"title": "Bare"}, {}, (SUBMIT,))
    yield Scene("all-in-part-2", {}, {**PUBLIC_FACTS, **EXEMPT_FACTS}, FULL_CHAIN)
    yield Scene("all-in-part-1", ALL_PUBLIC_FACTS | {"part_2.exists": "false"}, {}, FULL_CHAIN)
    others = {
        "exemption:harbour.section": "s43",
        "exemption:harbour.limb": "trade_secret",
        "exemption:quay.section": "s43",
    }
    yield Scene(
        "unnamed-subjects", PUBLIC_FACTS, EXEMPT_FACTS | others | {"recommendation:harbour.text": "It."}, (SUBMIT,)
    )
    for fact in ("public_interest", "limb", "prejudice", "whose_interest", "rationale"):
        yield Scene(f"without-{fact}", PUBLIC_FACTS, changed_facts(EXEMPT_FACTS, f"exemption:s43.{fact}"), (SUBMIT,))
    yield Scene("disclose", PUBLIC_FACTS, EXEMPT_FACTS | {"exemption:s43.public_interest": "disclose"}, (SUBMIT,))
    yield Scene("trade-secret", PUBLIC_FACTS, EXEMPT_FACTS | {"exemption:s43.limb": "trade_secret"}, (SUBMIT,))
    yield Scene("no-review", changed_facts(PUBLIC_FACTS, "exemption:s43.review_on"), EXEMPT_FACTS, (SUBMIT,))
    yield Scene("review-too-late", PUBLIC_FACTS | {"exemption:s43.review_on": "2049-01-01"}, EXEMPT_FACTS, (SUBMIT,))
    yield Scene("no-part-2-said", changed_facts(PUBLIC_FACTS, part_2__exists="false"), EXEMPT_FACTS, (SUBMIT,))
    for name, value in [("at", "£181,302 ex VAT"), ("below", "£181,301.99 ex VAT"), ("inc", "£181,302 inc VAT")]:
        yield Scene(
            f"threshold-{name}", ALL_PUBLIC_FACTS | {"part_2.exists": "false", "estimated_value": value}, {}, (SUBMIT,)
        )
    yield Scene("unmarked", changed_facts(PUBLIC_FACTS, "part_2.marking"), EXEMPT_FACTS, (SUBMIT,))
    yield Scene("unaddressed", changed_facts(PUBLIC_FACTS, "recommendation:dmpc-1.body"), EXEMPT_FACTS, (SUBMIT,))
    yield Scene("no-route", PUBLIC_FACTS, changed_facts(EXEMPT_FACTS, "procurement_route"), (SUBMIT,))
    yield Scene("no-ground", PUBLIC_FACTS, changed_facts(EXEMPT_FACTS, "modification_ground"), (SUBMIT,))
    yield Scene("old-procurement", PUBLIC_FACTS, EXEMPT_FACTS | {"procurement_commenced_on": "2012-02-01"}, (SUBMIT,))
    yield Scene("no-value", PUBLIC_FACTS, changed_facts(EXEMPT_FACTS, "estimated_value"), (SUBMIT,))
    yield Scene("no-contract", ALL_PUBLIC_FACTS | {"part_2.exists": "false", "contract_kind": "none"}, {}, (SUBMIT,))
    yield Scene("bank-holiday", PUBLIC_FACTS | {"required_by": "2018-03-30"}, EXEMPT_FACTS, (SUBMIT,))
    deferred = {"deferral.asked": "true", "deferral.reason": "Talks.", "deferral.until": "2018-06-01"}
    yield Scene(
        "deferred",
        PUBLIC_FACTS | deferred,
        EXEMPT_FACTS,
        (*FULL_CHAIN, SceneAct("publish", GOVERNANCE_TEAM, "2018-06-01")),
    )
    yield Scene(
        "deferral-without-day", changed_facts(PUBLIC_FACTS | deferred, "deferral.until"), EXEMPT_FACTS, (SUBMIT,)
    )
    verbs = PUBLIC_FACTS | {"recommendation:pib-1.verb": "note", "recommendation:iab-1.verb": "acknowledge"}
    yield Scene("verbs-differ", verbs, EXEMPT_FACTS, (SUBMIT, PIB_SUPPORT, IAB_SUPPORT))
    back = SceneAct("pib-return", PIB_CHAIR, "2018-03-14", SEND_BACK_FACTS)
    amend = SceneAct("amend", AUTHOR, "2018-03-15", {"title": "Devices, again"})
    again = SceneAct("submit", AUTHOR, "2018-03-15")
    yield Scene(
        "returned",
        PUBLIC_FACTS,
        EXEMPT_FACTS,
        (SUBMIT, amend, SceneAct("pib-return", PIB_CHAIR, "2018-03-14"), back, amend, again),
    )
    yield Scene(
        "deferred-by-board",
        PUBLIC_FACTS,
        EXEMPT_FACTS,
        (SUBMIT, SceneAct("pib-defer", PIB_CHAIR, "2018-03-14", SEND_BACK_FACTS), PIB_SUPPORT),
    )
    yield Scene(
        "rejected",
        PUBLIC_FACTS,
        EXEMPT_FACTS,
        (*FULL_CHAIN[:5], SceneAct("reject", DMPC, "2018-04-16", SEND_BACK_FACTS)),
    )
    yield Scene("withdrawn", PUBLIC_FACTS, EXEMPT_FACTS, (SceneAct("withdraw", AUTHOR, "2018-03-08", SEND_BACK_FACTS),))
    in_part = SceneAct(
        "declare", HEAD_OF_UNIT, "2018-04-09", {"declaration.finance": "false", "declaration.legal": "taken"}
    )
    yield Scene(
        "declared-in-part",
        PUBLIC_FACTS,
        EXEMPT_FACTS,
        (*FULL_CHAIN[:3], in_part, DECLARE, SceneAct("certify", CHIEF_EXECUTIVE, "2018-04-11")),
    )
    recorded = APPROVAL_FACTS | {"interests.declared": "recorded"}
    named = recorded | {"interests.recorded": "A share in the supplier."}
    by_dmpc = [SceneAct("approve", DMPC, "2018-04-16", stated) for stated in ({}, recorded, named)]
    yield Scene("interests", PUBLIC_FACTS, EXEMPT_FACTS, (*FULL_CHAIN[:5], *by_dmpc))
    yield Scene("in-time", PUBLIC_FACTS | {"required_by": "2018-04-16"}, EXEMPT_FACTS, FULL_CHAIN[:6])
    yield Scene(
        "small",
        ALL_PUBLIC_FACTS | {"part_2.exists": "false", "estimated_value": "£499,999.99 ex VAT"},
        {},
        FULL_CHAIN[:6],
    )
