"""The scenes of the authorities that are data alone: an officers' form by level, and a prior approval."""

from __future__ import annotations

from collections.abc import Iterator

from tests.golden.rulings.scenes import EXEMPT, Done, Office, Scene, but
from tests.workflow.walk import REASON

PARK = Office("gla", "pocket-park.story.yaml", "drafting-officer", "2018-04-10")
SETS = Office("lfc", "breathing-apparatus.story.yaml", "report-author", "2018-06-01")
CONFIDENTIAL = {where: value for where, value in EXEMPT.items() if where.startswith("exemption")}
WITHHELD = {
    "part_2.exists": "true",
    "part_2.made_on": "2018-04-10",
    "exemption:s43.section": "s43",
    "exemption:s43.review_on": "2023-03-07",
}
DEFERRED = {"deferral.asked": "true", "deferral.reason": "Talks.", "deferral.until": "2018-06-29"}
SIGNED = {"interests.considered": "true", "interests.declared": "none"}
COMMON = {
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


def asked(body: str) -> dict[str, str]:
    """A recommendation to a body."""
    told = {"body": body, "number": "1", "verb": "approve", "text": "It."}
    return {f"recommendation:{body}.{fact}": value for fact, value in told.items()}


FORM = {
    **COMMON,
    **asked("decider"),
    **dict.fromkeys([f"form.{name}" for name in ("introduction", "objectives", "equality", "considerations")], "Said."),
    **dict.fromkeys([f"form.{name}" for name in ("financial", "legal", "next_steps")], "Said."),
    "decision.form": "dd",
    "matter.novel": "false",
    "matter.reserved": "none",
    "expenditure.routine": "false",
}
REVIEWED = {"declaration.reviewed": "true", "declaration.advice": "true"}
SEND = Done("submit", "drafting-officer", "2018-04-10")
DECLARE = Done("declare-officer-form", "sponsoring-director", "2018-04-16", REVIEWED)
TO_MAYOR = Done("declare", "sponsoring-director", "2018-04-16", REVIEWED)
APPROVE = Done("approve", "corporate-director", "2018-04-18", SIGNED | {"decision.reference": "DD0000"})
PUBLISH = Done("publish", "governance-team", "2018-04-19")
FORM_CHAIN = (SEND, DECLARE, APPROVE, PUBLISH)

REPORT = {
    **COMMON,
    **asked("deputy_mayor"),
    **asked("commissioner"),
    **dict.fromkeys([f"report.{name}" for name in ("background", "finance", "workforce", "legal")], "Said."),
    **dict.fromkeys([f"report.{name}" for name in ("sustainability", "equalities")], "Said."),
    "estimated_value": "£420,000 ex VAT",
    "procurement_route": "framework",
    "direction.other_head": "false",
    "report.protective_marking": "not_marked",
    "publication.status": "full",
}
REPORTED = Done("submit", "report-author", "2018-06-01")
SUPPORTED = Done("board-support", "chair-of-the-board", "2018-06-06")
CLEARED = Done("board-clear", "chair-of-the-board", "2018-06-06")
RESILIENT = Done("resilience-support", "chair-of-the-resilience-board", "2018-06-13")
INVESTED = Done("gla-board-support", "chair-of-the-investment-board", "2018-06-18")
PRIOR = {"prior_approval.reference": "DMFD00", "prior_approval.interests": "none"}
APPROVED_BEFORE = Done("approve-prior", "deputy-mayor", "2018-06-20", PRIOR)
DECIDE = Done("decide", "the-commissioner", "2018-06-21", SIGNED | {"decision.reference": "LFC-0000-D"})
PUBLISHED = Done("publish", "governance-team", "2018-06-22")
REPORT_CHAIN = (REPORTED, SUPPORTED, RESILIENT, INVESTED, APPROVED_BEFORE, DECIDE, PUBLISHED)


def scenes_elsewhere() -> Iterator[Scene]:
    """Every scene of the corpus that is not of the first authority."""
    yield from scenes_by_level()
    yield from scenes_of_prior_approval()


def scenes_by_level() -> Iterator[Scene]:
    """What is decided on the form of its level."""
    withheld = but(FORM, "estimated_value") | WITHHELD
    yield Scene("level-whole", FORM, {}, FORM_CHAIN, PARK)
    yield Scene("level-in-part-2", withheld, CONFIDENTIAL | {"estimated_value": "£62,500 ex VAT"}, FORM_CHAIN, PARK)
    yield Scene("level-nothing-stated", {"title": "Bare"}, {}, (SEND,), PARK)
    yield Scene("level-no-value", but(FORM, "estimated_value"), {}, (SEND,), PARK)
    for name, form, value in [
        ("add-at", "add", "£50,000 ex VAT"),
        ("add-above", "add", "£50,000.01 ex VAT"),
        ("dd-at", "dd", "£150,000 ex VAT"),
        ("dd-above", "dd", "£150,000.01 ex VAT"),
        ("dar-at", "dar", "£10,000 ex VAT"),
    ]:
        yield Scene(f"level-{name}", FORM | {"decision.form": form, "estimated_value": value}, {}, (SEND,), PARK)
    wrong = Done("approve", "assistant-director", "2018-04-18", APPROVE.stated)
    yield Scene("level-too-low", FORM, {}, (SEND, TO_MAYOR, DECLARE, wrong, APPROVE), PARK)
    yield Scene("level-too-early", FORM, {}, (DECLARE, APPROVE, PUBLISH), PARK)
    yield Scene("level-routine", FORM | {"expenditure.routine": "true"}, {}, FORM_CHAIN[:1], PARK)
    novel = FORM | {"matter.novel": "true"}
    certify = Done("certify", "chief-of-staff", "2018-04-17", {"certificate.appropriate": "true"})
    yield Scene("level-novel", novel, {}, (SEND,), PARK)
    yield Scene("level-for-the-top", novel | {"decision.form": "md"}, {}, (SEND, DECLARE, TO_MAYOR, certify), PARK)
    yield Scene("level-late", FORM | {"required_by": "2018-04-14"}, {}, FORM_CHAIN[:3], PARK)
    late = Done("publish", "governance-team", "2018-04-20")
    yield Scene("level-published-late", FORM, {}, (*FORM_CHAIN[:3], late), PARK)
    yield Scene("level-deferred", FORM | DEFERRED, {}, FORM_CHAIN, PARK)
    back = Done("declaration-return", "sponsoring-director", "2018-04-16", REASON)
    amend = Done("amend", "drafting-officer", "2018-04-17", {"title": "Trees, again"})
    unsaid = Done("declaration-return", "sponsoring-director", "2018-04-16")
    yield Scene("level-returned", FORM, {}, (SEND, amend, unsaid, back, amend), PARK)


def scenes_of_prior_approval() -> Iterator[Scene]:
    """What is decided after another's approval, or without it."""
    withheld = but(REPORT, "estimated_value") | WITHHELD | {"publication.status": "in_part"}
    yield Scene("prior-whole", REPORT, {}, REPORT_CHAIN, SETS)
    yield Scene("prior-in-part-2", withheld, CONFIDENTIAL | {"estimated_value": "£420,000 ex VAT"}, REPORT_CHAIN, SETS)
    yield Scene("prior-nothing-stated", {"title": "Bare"}, {}, (REPORTED,), SETS)
    for name, value in [("at", "£150,000 ex VAT"), ("below", "£149,999.99 ex VAT")]:
        yield Scene(f"prior-{name}", REPORT | {"estimated_value": value}, {}, (REPORTED, CLEARED, DECIDE), SETS)
    yield Scene("prior-no-value", but(REPORT, "estimated_value"), {}, (REPORTED,), SETS)
    yield Scene("prior-other-head-unsaid", but(REPORT, "direction.other_head"), {}, (REPORTED,), SETS)
    yield Scene("prior-other-head", REPORT | {"direction.other_head": "true"}, {}, (REPORTED, CLEARED), SETS)
    yield Scene("prior-too-early", REPORT, {}, (REPORTED, SUPPORTED, APPROVED_BEFORE, DECIDE, INVESTED), SETS)
    bare = Done("approve-prior", "deputy-mayor", "2018-06-20", {"prior_approval.reference": "DMFD00"})
    yield Scene("prior-without-interests", REPORT, {}, (*REPORT_CHAIN[:4], bare), SETS)
    undecided = Done("decide", "the-commissioner", "2018-06-21", {"interests.declared": "recorded"})
    yield Scene("prior-interests-unsaid", REPORT, {}, (*REPORT_CHAIN[:5], undecided), SETS)
    yield Scene("prior-status-unfit", withheld | {"publication.status": "full"}, CONFIDENTIAL, (REPORTED,), SETS)
    until = Done("publish", "governance-team", "2018-06-29")
    yield Scene("prior-deferred", REPORT | DEFERRED, {}, (*REPORT_CHAIN, until), SETS)
    back = Done("board-return", "chair-of-the-board", "2018-06-06", REASON)
    amend = Done("amend", "report-author", "2018-06-07", {"title": "Sets, again"})
    yield Scene("prior-returned", REPORT, {}, (REPORTED, amend, back, amend), SETS)
    against = Done("reject", "the-commissioner", "2018-06-21", REASON)
    yield Scene("prior-rejected", REPORT, {}, (*REPORT_CHAIN[:5], against), SETS)
