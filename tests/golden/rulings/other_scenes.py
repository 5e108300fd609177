"""Scenes of the other authorities: decisions on the form of their level, and decisions after a prior approval."""

from __future__ import annotations

from collections.abc import Iterator

from tests.golden.rulings.scenes import EXEMPT_FACTS, Scene, SceneAct, SceneSetting, changed_facts
from tests.workflow.walk import SEND_BACK_FACTS

POCKET_PARK = SceneSetting("gla", "pocket-park.story.yaml", "drafting-officer", "2018-04-10")
BREATHING_SETS = SceneSetting("lfc", "breathing-apparatus.story.yaml", "report-author", "2018-06-01")
EXEMPTION_FACTS = {address: value for address, value in EXEMPT_FACTS.items() if address.startswith("exemption")}
WITHHELD_FACTS = {
    "part_2.exists": "true",
    "part_2.made_on": "2018-04-10",
    "exemption:s43.section": "s43",
    "exemption:s43.review_on": "2023-03-07",
}
DEFERRAL_FACTS = {"deferral.asked": "true", "deferral.reason": "Talks.", "deferral.until": "2018-06-29"}
INTEREST_FACTS = {"interests.considered": "true", "interests.declared": "none"}
COMMON_FACTS = {
    "title": "Trees",
    "author": "An author",
    "executive_summary": "Said.",
    "estimated_value": "£62,500 ex VAT",
    "contract_kind": "goods_services",
    "procurement_route": "quotations",
    "procurement_commenced_on": "2018-04-02",
    "required_by": "2018-06-29",
    "deferral.asked": "false",
    "part_2.exists": "false",
}


def recommendation_to(body: str) -> dict[str, str]:
    """Return the facts of a recommendation to a body."""
    facts = {"body": body, "number": "1", "verb": "approve", "text": "It."}
    return {f"recommendation:{body}.{fact}": value for fact, value in facts.items()}


FORM_FACTS = {
    **COMMON_FACTS,
    **recommendation_to("decider"),
    **dict.fromkeys([f"form.{name}" for name in ("introduction", "objectives", "equality", "considerations")], "Said."),
    **dict.fromkeys([f"form.{name}" for name in ("financial", "legal", "next_steps")], "Said."),
    "decision.form": "dd",
    "matter.novel": "false",
    "matter.reserved": "none",
    "expenditure.routine": "false",
}
REVIEW_FACTS = {"declaration.reviewed": "true", "declaration.advice": "true"}
SUBMIT_FORM = SceneAct("submit", "drafting-officer", "2018-04-10")
DECLARE_FORM = SceneAct("declare-officer-form", "sponsoring-director", "2018-04-16", REVIEW_FACTS)
DECLARE_TO_MAYOR = SceneAct("declare", "sponsoring-director", "2018-04-16", REVIEW_FACTS)
APPROVE_FORM = SceneAct(
    "approve", "corporate-director", "2018-04-18", INTEREST_FACTS | {"decision.reference": "DD0000"}
)
PUBLISH_FORM = SceneAct("publish", "governance-team", "2018-04-19")
FORM_CHAIN = (SUBMIT_FORM, DECLARE_FORM, APPROVE_FORM, PUBLISH_FORM)

REPORT_FACTS = {
    **COMMON_FACTS,
    **recommendation_to("deputy_mayor"),
    **recommendation_to("commissioner"),
    **dict.fromkeys([f"report.{name}" for name in ("background", "finance", "workforce", "legal")], "Said."),
    **dict.fromkeys([f"report.{name}" for name in ("sustainability", "equalities")], "Said."),
    "estimated_value": "£420,000 ex VAT",
    "procurement_route": "framework",
    "direction.other_head": "false",
    "report.protective_marking": "not_marked",
    "publication.status": "full",
}
SUBMIT_REPORT = SceneAct("submit", "report-author", "2018-06-01")
BOARD_SUPPORT = SceneAct("board-support", "chair-of-the-board", "2018-06-06")
BOARD_CLEAR = SceneAct("board-clear", "chair-of-the-board", "2018-06-06")
RESILIENCE_SUPPORT = SceneAct("resilience-support", "chair-of-the-resilience-board", "2018-06-13")
INVESTMENT_SUPPORT = SceneAct("gla-board-support", "chair-of-the-investment-board", "2018-06-18")
PRIOR_APPROVAL_FACTS = {"prior_approval.reference": "DMFD00", "prior_approval.interests": "none"}
APPROVE_PRIOR = SceneAct("approve-prior", "deputy-mayor", "2018-06-20", PRIOR_APPROVAL_FACTS)
DECIDE = SceneAct("decide", "the-commissioner", "2018-06-21", INTEREST_FACTS | {"decision.reference": "LFC-0000-D"})
PUBLISH_REPORT = SceneAct("publish", "governance-team", "2018-06-22")
REPORT_CHAIN = (
    SUBMIT_REPORT,
    BOARD_SUPPORT,
    RESILIENCE_SUPPORT,
    INVESTMENT_SUPPORT,
    APPROVE_PRIOR,
    DECIDE,
    PUBLISH_REPORT,
)


def other_scenes() -> Iterator[Scene]:
    """Yield every scene of the other authorities."""
    yield from level_scenes()
    yield from prior_approval_scenes()


def level_scenes() -> Iterator[Scene]:
    """Yield scenes of decisions on the form of their level."""
    withheld = changed_facts(FORM_FACTS, "estimated_value") | WITHHELD_FACTS
    yield Scene("level-whole", FORM_FACTS, {}, FORM_CHAIN, POCKET_PARK)
    yield Scene(
        "level-in-part-2", withheld, EXEMPTION_FACTS | {"estimated_value": "£62,500 ex VAT"}, FORM_CHAIN, POCKET_PARK
    )
    yield Scene("level-nothing-stated", {"title": "Bare"}, {}, (SUBMIT_FORM,), POCKET_PARK)
    yield Scene("level-no-value", changed_facts(FORM_FACTS, "estimated_value"), {}, (SUBMIT_FORM,), POCKET_PARK)
    for name, form, value in [
        ("add-at", "add", "£50,000 ex VAT"),
        ("add-above", "add", "£50,000.01 ex VAT"),
        ("dd-at", "dd", "£150,000 ex VAT"),
        ("dd-above", "dd", "£150,000.01 ex VAT"),
        ("dar-at", "dar", "£10,000 ex VAT"),
    ]:
        yield Scene(
            f"level-{name}",
            FORM_FACTS | {"decision.form": form, "estimated_value": value},
            {},
            (SUBMIT_FORM,),
            POCKET_PARK,
        )
    wrong = SceneAct("approve", "assistant-director", "2018-04-18", APPROVE_FORM.stated)
    yield Scene(
        "level-too-low", FORM_FACTS, {}, (SUBMIT_FORM, DECLARE_TO_MAYOR, DECLARE_FORM, wrong, APPROVE_FORM), POCKET_PARK
    )
    yield Scene("level-too-early", FORM_FACTS, {}, (DECLARE_FORM, APPROVE_FORM, PUBLISH_FORM), POCKET_PARK)
    yield Scene("level-routine", FORM_FACTS | {"expenditure.routine": "true"}, {}, FORM_CHAIN[:1], POCKET_PARK)
    novel = FORM_FACTS | {"matter.novel": "true"}
    certify = SceneAct("certify", "chief-of-staff", "2018-04-17", {"certificate.appropriate": "true"})
    yield Scene("level-novel", novel, {}, (SUBMIT_FORM,), POCKET_PARK)
    yield Scene(
        "level-for-the-top",
        novel | {"decision.form": "md"},
        {},
        (SUBMIT_FORM, DECLARE_FORM, DECLARE_TO_MAYOR, certify),
        POCKET_PARK,
    )
    yield Scene("level-late", FORM_FACTS | {"required_by": "2018-04-14"}, {}, FORM_CHAIN[:3], POCKET_PARK)
    late = SceneAct("publish", "governance-team", "2018-04-20")
    yield Scene("level-published-late", FORM_FACTS, {}, (*FORM_CHAIN[:3], late), POCKET_PARK)
    yield Scene("level-deferred", FORM_FACTS | DEFERRAL_FACTS, {}, FORM_CHAIN, POCKET_PARK)
    back = SceneAct("declaration-return", "sponsoring-director", "2018-04-16", SEND_BACK_FACTS)
    amend = SceneAct("amend", "drafting-officer", "2018-04-17", {"title": "Trees, again"})
    without_reason = SceneAct("declaration-return", "sponsoring-director", "2018-04-16")
    yield Scene("level-returned", FORM_FACTS, {}, (SUBMIT_FORM, amend, without_reason, back, amend), POCKET_PARK)


def prior_approval_scenes() -> Iterator[Scene]:
    """Yield scenes of decisions with and without another authority's prior approval."""
    withheld = changed_facts(REPORT_FACTS, "estimated_value") | WITHHELD_FACTS | {"publication.status": "in_part"}
    yield Scene("prior-whole", REPORT_FACTS, {}, REPORT_CHAIN, BREATHING_SETS)
    yield Scene(
        "prior-in-part-2",
        withheld,
        EXEMPTION_FACTS | {"estimated_value": "£420,000 ex VAT"},
        REPORT_CHAIN,
        BREATHING_SETS,
    )
    yield Scene("prior-nothing-stated", {"title": "Bare"}, {}, (SUBMIT_REPORT,), BREATHING_SETS)
    for name, value in [("at", "£150,000 ex VAT"), ("below", "£149,999.99 ex VAT")]:
        yield Scene(
            f"prior-{name}",
            REPORT_FACTS | {"estimated_value": value},
            {},
            (SUBMIT_REPORT, BOARD_CLEAR, DECIDE),
            BREATHING_SETS,
        )
    yield Scene("prior-no-value", changed_facts(REPORT_FACTS, "estimated_value"), {}, (SUBMIT_REPORT,), BREATHING_SETS)
    yield Scene(
        "prior-other-head-unsaid",
        changed_facts(REPORT_FACTS, "direction.other_head"),
        {},
        (SUBMIT_REPORT,),
        BREATHING_SETS,
    )
    yield Scene(
        "prior-other-head",
        REPORT_FACTS | {"direction.other_head": "true"},
        {},
        (SUBMIT_REPORT, BOARD_CLEAR),
        BREATHING_SETS,
    )
    yield Scene(
        "prior-too-early",
        REPORT_FACTS,
        {},
        (SUBMIT_REPORT, BOARD_SUPPORT, APPROVE_PRIOR, DECIDE, INVESTMENT_SUPPORT),
        BREATHING_SETS,
    )
    bare = SceneAct("approve-prior", "deputy-mayor", "2018-06-20", {"prior_approval.reference": "DMFD00"})
    yield Scene("prior-without-interests", REPORT_FACTS, {}, (*REPORT_CHAIN[:4], bare), BREATHING_SETS)
    undecided = SceneAct("decide", "the-commissioner", "2018-06-21", {"interests.declared": "recorded"})
    yield Scene("prior-interests-unsaid", REPORT_FACTS, {}, (*REPORT_CHAIN[:5], undecided), BREATHING_SETS)
    yield Scene(
        "prior-status-unfit",
        withheld | {"publication.status": "full"},
        EXEMPTION_FACTS,
        (SUBMIT_REPORT,),
        BREATHING_SETS,
    )
    until = SceneAct("publish", "governance-team", "2018-06-29")
    yield Scene("prior-deferred", REPORT_FACTS | DEFERRAL_FACTS, {}, (*REPORT_CHAIN, until), BREATHING_SETS)
    back = SceneAct("board-return", "chair-of-the-board", "2018-06-06", SEND_BACK_FACTS)
    amend = SceneAct("amend", "report-author", "2018-06-07", {"title": "Sets, again"})
    yield Scene("prior-returned", REPORT_FACTS, {}, (SUBMIT_REPORT, amend, back, amend), BREATHING_SETS)
    against = SceneAct("reject", "the-commissioner", "2018-06-21", SEND_BACK_FACTS)
    yield Scene("prior-rejected", REPORT_FACTS, {}, (*REPORT_CHAIN[:5], against), BREATHING_SETS)
