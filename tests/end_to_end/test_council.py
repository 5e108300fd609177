"""An English council takes matters from notice to implementation, by commands alone.

The matters are made up. Regulation 9(2) of SI 2012/2089: a key decision needs a notice "at least 28 clear days before";
regulation 10(1)(c): under the general exception five clear days must "have elapsed"; regulation 7(3): an agenda is
available "at least five clear days before the meeting". The period for a call-in is the example council's own.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.end_to_end.conftest import CommandResult, isolate_environment, run_assent, run_or_fail

PAPERS = Path(__file__).parent / "council"
WRONG_INPUT, REFUSED = 2, 3
OFFICERS = {
    "report-author": "author",
    "monitoring-officer": "monitoring_officer",
    "treasurer": "finance_officer",
    "proper-officer": "proper_officer",
    "leader": "leader",
    "cabinet-member": "cabinet_member",
    "director": "chief_officer",
    "scrutiny-chair": "scrutiny_chair",
    "scrutiny-member": "scrutiny_member",
    "mayor": "council_chair",
}
RECORD = {
    "record.decision": "As recommended.",
    "record.reasons": "For the reasons in the report.",
    "record.alternatives": "Those in the report were rejected.",
    "record.conflicts": "none",
}
REPORT = {
    "report.summary": "The lease of the depot ends in 2027. The owner offers to sell.",
    "report.recommendations": "That the depot is bought on the terms in the exempt part.",
    "report.options": "Renewing the lease was considered, and costs more over ten years.",
    "record.background_papers": "Survey of the depot, January 2026",
}


class Matter:
    """A case of the council, and the commands on it."""

    def __init__(self, paper: str, on: str) -> None:
        words = ("open", PAPERS / f"{paper}.yaml", "--scheme", "council", "--as", "report-author")
        self.case: str = run_or_fail("case", *words, "--on", on, "--format", "json").json["case"]

    def act(self, action: str, officer: str, on: str, **facts: str) -> str:
        """Do an action, which must be allowed, and return the stage after it."""
        result = self._run("act", action, officer, on, facts)
        assert result.exit_code == 0, (action, result.stdout, result.stderr)
        stage: str = result.json["stage"]
        return stage

    def attempt(self, action: str, officer: str, on: str, **facts: str) -> CommandResult:
        """Try an action, and return what comes of it."""
        return self._run("act", action, officer, on, facts)

    def refused(self, action: str, officer: str, on: str, **facts: str) -> list[str]:
        """Try an action, which must be refused, and return why, apart from its late recording."""
        result = self._run("act", action, officer, on, facts)
        assert result.exit_code == REFUSED, (action, result.stdout, result.stderr)
        unmet = [one for one in result.json["findings"] if one["outcome"] in ("breached", "undetermined")]
        return sorted(one["control"] for one in unmet if one["control"] != "recording.in_time")

    def amend(self, on: str, **facts: str) -> None:
        words = ("amend", self.case, *_set(facts), "--as", "report-author", "--on", on)
        run_or_fail("case", *words)

    def clear(self, *days: str) -> None:
        """Have law and finance clear the report, in this order, and take it up."""
        legal, finance, taken = days
        self.act("clear-legal", "monitoring-officer", legal, report__legal="The powers are there.")
        self.act("clear-finance", "treasurer", finance, report__finance="The budget of 2026/27 pays.")
        assert self.act("take-up", "proper-officer", taken) == "agenda"

    def document_text(self, kind: str, part: int = 1) -> str:
        """Render a document to PDF and return its text on one line."""
        path = Path(f"{self.case}-{kind}-{part}.pdf")
        run_or_fail("document", "render", self.case, kind, "--part", part, "--to", "pdf", "-o", path)
        pages = PdfReader(io.BytesIO(path.read_bytes())).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def facts(self) -> dict[str, Any]:
        shown: dict[str, Any] = run_or_fail("case", "show", self.case, "--format", "json").json["facts"]
        return shown

    def _run(self, verb: str, action: str, officer: str, on: str, facts: dict[str, str]) -> CommandResult:
        return run_assent(
            "case", verb, self.case, action, *_set(facts), "--as", officer, "--on", on, "--format", "json"
        )


def _set(facts: dict[str, str]) -> list[str]:
    """Return facts as options; two underscores stand for a dot."""
    return [word for name, value in facts.items() for word in ("--set", f"{name.replace('__', '.')}={value}")]


@pytest.fixture(scope="module", autouse=True)
def _council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One store for the module, with an officer in each role."""
    with pytest.MonkeyPatch.context() as here:
        isolate_environment(here, tmp_path_factory.mktemp("council"))
        run_or_fail("init")
        for name, role in OFFICERS.items():
            run_or_fail("officer", "add", name, "--role", role, "--scheme", "council", "--on", "2026-01-05")
        yield


@pytest.fixture(scope="module")
def depot(_council: None) -> Matter:
    """A key decision of the cabinet, with an exempt part, from notice to implementation."""
    depot = Matter("depot", "2026-02-16")
    depot.act("propose", "report-author", "2026-02-18")
    assert depot.refused("use-general-exception", "proper-officer", "2026-02-20", notice__reference="KD 12") == [
        "route.followed"
    ]
    assert depot.act("publish-notice", "proper-officer", "2026-02-23", notice__reference="KD 12") == "report"
    reasons = "The price that the owner asks is discussed, and bidding for other depots goes on"
    announced = {"meeting__private_notice_for": "2026-03-24", "meeting__private_notice_reasons": reasons}
    depot.act("announce-private", "proper-officer", "2026-02-23", **announced)
    assert "report.complete" in depot.refused("send-for-clearance", "report-author", "2026-02-27")
    depot.amend("2026-03-02", **REPORT)
    assert depot.act("send-for-clearance", "report-author", "2026-03-09") == "clearance"
    assert depot.refused("take-up", "proper-officer", "2026-03-09") == ["clearance.complete"]
    depot.clear("2026-03-10", "2026-03-11", "2026-03-12")
    heard = {"meeting__representations": "None was received.", "meeting__response": "There was nothing to answer."}
    further = {"meeting__further_notice_for": "2026-03-24", **heard}
    depot.act("announce-private-again", "proper-officer", "2026-03-18", **further)
    agenda = {"meeting__on": "2026-03-24", "agenda__timing": "usual"}
    assert depot.act("publish-agenda", "proper-officer", "2026-03-18", **agenda) == "decision"
    decision = {**RECORD, "decision__reference": "EX 40", "meeting__exclusion_resolved": "true"}
    assert depot.refused("decide", "leader", "2026-03-23", **decision) == [
        "executive.decided_at_meeting",
        "executive.notice_given",
    ]
    assert depot.act("decide", "leader", "2026-03-24", **decision) == "publication"
    assert depot.act("publish", "proper-officer", "2026-03-26") == "call_in"
    assert depot.refused("implement", "director", "2026-04-02") == ["call_in.period_over"]
    assert depot.act("implement", "director", "2026-04-07") == "implemented"
    return depot


def test_a_key_decision_goes_from_its_notice_to_its_implementation(depot: Matter) -> None:
    facts = depot.facts()
    days = ("notice.published_on", "agenda.published_on", "decided_on", "published_on", "implemented_on")
    assert [facts[day]["day"] for day in days] == ["2026-02-23", "2026-03-18", "2026-03-24", "2026-03-26", "2026-04-07"]
    assert (facts["legal.outcome"], facts["finance.by"]) == ("cleared", "treasurer")


def test_the_notice_names_the_first_day_on_which_the_decision_can_be_made(depot: Matter) -> None:
    text = depot.document_text("notice")
    for words in ("Notice of key decision", "KD 12", "23 February 2026", "24 March 2026", "Councillors Ash (Leader)"):
        assert words in text


def test_the_public_report_gives_away_nothing_that_is_exempt(depot: Matter) -> None:
    public, exempt = depot.document_text("report"), depot.document_text("report", 2)
    assert "Paragraph 3" in public
    assert "740,000" not in public
    assert "£740,000" in exempt
    assert "NOT FOR PUBLICATION" in exempt


def test_the_record_of_the_decision_has_what_the_regulations_ask_for(depot: Matter) -> None:
    text = depot.document_text("decision")
    for words in ("EX 40", "24 March 2026", "For the reasons in the report.", "None declared", "3 April 2026"):
        assert words in text


def test_a_decision_of_the_cabinet_has_no_record_of_an_officer(depot: Matter) -> None:
    result = run_assent("document", "render", depot.case, "officer-decision")
    assert (result.exit_code, "has no Record of an officer's decision" in result.stderr) == (WRONG_INPUT, True)


def test_a_decision_that_is_called_in_is_suspended_and_referred_back() -> None:
    parking = Matter("parking", "2026-03-02")
    parking.act("propose", "report-author", "2026-03-02")
    assert parking.act("skip-notice", "proper-officer", "2026-03-03") == "report"
    parking.act("send-for-clearance", "report-author", "2026-03-04")
    parking.clear("2026-03-05", "2026-03-06", "2026-03-09")
    assert parking.act("hand-over", "proper-officer", "2026-03-09") == "decision"
    first = {**RECORD, "decision__reference": "CM 7"}
    assert "decision.by_who_decides" in parking.refused("decide", "director", "2026-03-10", **first)
    parking.act("decide", "cabinet-member", "2026-03-10", **first)
    parking.act("publish", "proper-officer", "2026-03-11")

    why = {"send_back__reason": "Traders were not asked."}
    assert parking.refused("call-in", "scrutiny-member", "2026-03-18", call_in__members="2", **why) == [
        "call_in.by_enough"
    ]
    assert parking.act("call-in", "scrutiny-member", "2026-03-18", call_in__members="3", **why) == "scrutiny"
    assert parking.refused("implement", "director", "2026-03-25") == ["implementation.not_suspended", "stages.in_order"]
    assert "Traders were not asked." in parking.document_text("decision")

    again = {"send_back__reason": "Ask the traders of Station Road first."}
    assert parking.act("refer-back", "scrutiny-chair", "2026-03-25", **again) == "agenda"
    assert "decided_on" not in parking.facts()
    parking.act("hand-over", "proper-officer", "2026-04-13")
    parking.act("decide", "cabinet-member", "2026-04-14", **{**first, "decision__reference": "CM 9"})
    assert parking.act("publish", "proper-officer", "2026-04-15") == "call_in"
    assert parking.refused("call-in", "scrutiny-chair", "2026-04-16", **why) == ["call_in.in_time"]
    assert parking.act("implement", "director", "2026-04-16") == "implemented"
    text = parking.document_text("decision")
    assert "CM 9" in text
    assert "It cannot be called in a second time." in text
    history = run_or_fail("case", "history", parking.case).stdout
    assert history.count("decide") >= 2


def test_a_decision_can_be_referred_to_full_council_which_lets_it_stand() -> None:
    parking = Matter("parking", "2026-05-05")
    parking.act("propose", "report-author", "2026-05-05")
    parking.act("skip-notice", "proper-officer", "2026-05-05")
    parking.act("send-for-clearance", "report-author", "2026-05-06")
    parking.clear("2026-05-06", "2026-05-06", "2026-05-06")
    parking.act("hand-over", "proper-officer", "2026-05-07")
    parking.act("decide", "cabinet-member", "2026-05-07", **RECORD, decision__reference="CM 10")
    parking.act("publish", "proper-officer", "2026-05-08")
    why = {"send_back__reason": "It is against the budget."}
    assert parking.refused("call-in", "scrutiny-chair", "2026-05-16", **why) == ["call_in.in_time"]
    assert parking.act("call-in", "scrutiny-chair", "2026-05-15", **why) == "scrutiny"
    assert parking.act("refer-to-council", "scrutiny-chair", "2026-05-20", **why) == "council"
    assert parking.refused("implement", "director", "2026-05-21") == ["implementation.not_suspended", "stages.in_order"]
    assert parking.act("council-release", "mayor", "2026-05-27") == "implementation"
    assert parking.act("implement", "director", "2026-05-28") == "implemented"
    assert "What full council decided Let stand" in parking.document_text("decision")


def test_under_the_general_exception_five_clear_days_go_by() -> None:
    bridge = Matter("bridge", "2026-03-06")
    bridge.act("propose", "report-author", "2026-03-06")
    exception = {
        "notice__reference": "GE 1",
        "exception__chair_informed_on": "2026-03-09",
        "exception__reasons": "The flood of 2 March could not be foreseen.",
    }
    assert bridge.act("use-general-exception", "proper-officer", "2026-03-10", **exception) == "report"
    bridge.act("send-for-clearance", "report-author", "2026-03-10")
    bridge.clear("2026-03-10", "2026-03-10", "2026-03-10")
    meeting = {"meeting__on": "2026-03-16", "agenda__timing": "usual"}
    bridge.act("publish-agenda", "proper-officer", "2026-03-10", **meeting)
    decision = {**RECORD, "decision__reference": "EX 41"}
    early = bridge.refused("decide", "leader", "2026-03-15", **decision)
    assert early == ["executive.decided_at_meeting", "executive.general_exception"]
    bridge.act("decide", "leader", "2026-03-16", **decision)
    assert bridge.refused("publish", "proper-officer", "2026-03-17") == ["executive.exception_explained"]
    bridge.act("explain-exception", "proper-officer", "2026-03-17")
    assert bridge.act("publish", "proper-officer", "2026-03-17") == "call_in"
    assert bridge.act("implement", "director", "2026-03-25") == "implemented"
    assert "The flood of 2 March could not be foreseen." in bridge.document_text("notice")


def test_a_routine_decision_of_an_officer_is_recorded_and_implemented_at_once() -> None:
    grant = Matter("grant", "2026-03-02")
    grant.act("propose", "report-author", "2026-03-02")
    grant.act("skip-notice", "proper-officer", "2026-03-02")
    grant.act("send-for-clearance", "report-author", "2026-03-02")
    grant.clear("2026-03-03", "2026-03-03", "2026-03-03")
    grant.act("hand-over", "proper-officer", "2026-03-04")
    without = {name: value for name, value in RECORD.items() if name != "record.reasons"}
    grant.act("decide", "director", "2026-03-05", **without, decision__reference="OD 3")
    missing = grant.refused("publish", "proper-officer", "2026-03-06")
    assert missing == ["executive.record_complete", "openness.record_complete"]
    changed = grant.attempt("complete-record", "proper-officer", "2026-03-06", record__decision="The grant is refused.")
    assert changed.exit_code == WRONG_INPUT
    assert "record.decision was recorded with decide of 2026-03-05, and what was decided stays" in changed.stderr
    grant.act("complete-record", "proper-officer", "2026-03-06", record__reasons="The roof leaks.")
    grant.act("publish", "proper-officer", "2026-03-06")
    assert grant.act("implement", "director", "2026-03-06") == "implemented"
    text = grant.document_text("officer-decision")
    assert "The roof leaks." in text
    assert "material effect on the body's finances" in text


def test_all_of_it_replays_and_the_audit_finds_no_breach(depot: Matter) -> None:
    assert run_or_fail("ledger", "verify", "--replay").exit_code == 0
    audited = run_assent("audit", "--all", "--format", "json").json
    assert any(one["case"] == depot.case for one in audited["findings"])
    unmet = {one["control"] for one in audited["findings"] if one["outcome"] in ("breached", "undetermined")}
    assert unmet == {"recording.in_time"}  # the acts of 2026 that the tests record today
