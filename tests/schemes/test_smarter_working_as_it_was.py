"""The Smarter Working case as it was published: what an auditor finds in it, each finding with what it rests on.

The case is entered after the fact from the decision form and the board's report of 2018. What those do not tell is
absent, and a finding that hangs on it names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from rules.judging.findings import Finding
from rules.language.pack_schema import Outcome
from rules.packs.scheme import Scheme
from rules.packs.stated_facts import parse_stated_facts
from rules.reading.yaml_reader import YamlFile, read_yaml
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.gate_findings import gate_findings

PAPER = Path(__file__).parents[2] / "decisions" / "examples" / "smarter-working-as-it-was.yaml"
Found = Mapping[tuple[str, str], Finding]


@dataclass(frozen=True)
class Shown:
    """What is found by one control on one subject: the outcome, a fact with what it is, and what is missing."""

    control: str
    outcome: Outcome
    fact: str = ""
    actual: str | None = None
    subject: str = "case"
    missing: tuple[str, ...] = ()


S43 = "exemption:s43"
NO_GROUND = "Withheld with no ground"
# S1 to S25 are the findings that were read off the published papers, by hand, before any of this was written.
SHOWN: Mapping[str, tuple[Shown, ...]] = {
    "S1 signed after the day it was required by, without a reason": (
        Shown("decision.in_time", "breached", "decision.working_days_late", "10"),
        Shown("decision.lateness_explained", "breached", "decision.late_reason"),
    ),
    "S2 required by a bank holiday": (
        Shown("decision.required_by_working_day", "breached", "required_by.day_off", "Good Friday"),
    ),
    "S3 one body approves what the other notes": (
        Shown("recommendation.verbs_agree", "breached", "recommendation.verb", "Note", "recommendation:dmpc-1b"),
    ),
    "S4 a risk that one body accepts does not reach the next, which is asked what the first was not": (
        Shown("recommendation.carried_on", "breached", "recommendation.verb_at_iab", None, "recommendation:pib-2"),
        *(
            Shown("recommendation.seen_before", "breached", "recommendation.verb_at_pib", None, f"recommendation:{key}")
            for key in ("dmpc-2", "dmpc-3", "dmpc-4", "dmpc-5")
        ),
    ),
    "S5 no outcome of the first board": (Shown("stages.pib_supported", "breached", "pib.outcome"),),
    "S6 no value": (Shown("paper.value_stated", "breached", "estimated_value"),),
    "S7 neither a procurement route nor a ground for changing the contract": (
        Shown("procurement.modification_ground", "undetermined", "procurement_route", missing=("procurement_route",)),
        Shown("procurement.route_stated", "undetermined", "procurement_route", missing=("estimated_value",)),
        Shown(
            "procurement.limit_applied",
            "breached",
            "procurement.limit_quoted",
            "form.legal: “Public contracts for goods or services with a…”",
        ),
        Shown(
            "procurement.extension_explained",
            "breached",
            "procurement.extension",
            "report.financial: “As an extension of an existing service, this…”",
        ),
    ),
    "S8 advice is certified that the declaration says was not required": (
        Shown("certificate.matches_declaration", "breached", "declaration.legal", "Legal advice is not required"),
    ),
    "S9 a declaration without a name or a day": (
        Shown("declaration.signed", "breached", "declaration.by"),
        Shown("declaration.signed", "breached", "declaration.on"),
    ),
    "S10 section 43 without its limb, its prejudice or the public-interest test": (
        Shown("foia.limb_stated", "breached", "exemption.limb", None, S43),
        Shown("foia.prejudice_stated", "undetermined", "exemption.basis", None, S43, ("exemption.limb",)),
        Shown("foia.public_interest_test", "breached", "exemption.public_interest", None, S43),
    ),
    "S11 a section of one Act cited with another": (
        Shown(
            "wording.section_with_its_act",
            "breached",
            "wording.mispaired_section",
            "report.part_2_statement: “…Order 2011 (Data Protection Section 43 –…”",
        ),
    ),
    "S12 ceases to be exempt until": (
        Shown(
            "wording.end_is_clear",
            "breached",
            "wording.unclear_end",
            "report.part_2_statement: “…will cease to be exempt until 07/03/2023.”",
        ),
    ),
    "S13 one day for the end and for the review": (
        Shown("part_2.end_and_review_apart", "breached", "part_2.release_or_review_on", "7 March 2023"),
        Shown("foia.end_or_review_set", "breached", "exemption.review_on", None, S43),
    ),
    "S14 that day is not counted from any day in the papers": (
        Shown(
            "part_2.stated_day_fits", "undetermined", "part_2.release_or_review_on", "7 March 2023", S43,
            ("part_2.made_on",),
        ),
    ),
    "S15 a marking that is no classification": (
        Shown("marking.in_use", "breached", "report.marking", "OFFICIAL – PUBLIC"),
    ),
    "S16 a marking that was retired": (
        Shown(
            "wording.no_retired_marking",
            "breached",
            "wording.retired_marking",
            "report.financial: “…is in the restricted section of the report.”",
        ),
    ),
    "S17 no deferral, and neither a reason nor a day for one, which is right": (
        Shown("deferral.complete", "satisfied", "deferral.asked", "no"),
        Shown("deferral.complete", "satisfied", "deferral.until"),
    ),
    "S18 what is withheld has no legal rationale": (
        Shown("foia.rationale_stated", "breached", "exemption.rationale", None, S43),
        Shown("foia.section_grounded", "breached", "section.standing", NO_GROUND, "section:financial"),
        Shown("foia.section_grounded", "breached", "section.standing", NO_GROUND, "section:real-estate"),
    ),
    "S19 one hour of a shift is 5% of no shift that is stated": (
        Shown("figure.whole_stated", "breached", "figure.whole", None, "figure:hour-per-shift"),
        Shown("figure.adds_up", "undetermined", "figure.percent", "5%", "figure:hour-per-shift", ("figure.whole",)),
    ),
    "S20 no equality issues, and inequality": (
        Shown(
            "equality.comments_agree",
            "breached",
            "equality.raised",
            "report.issues: “…two: the inequality that our people feel in…”",
        ),
        Shown(
            "equality.comments_agree",
            "breached",
            "equality.nothing_found",
            "form.equality: “There are no equality and diversity issues…”",
        ),
        Shown("equality.comments_agree", "breached", "equality.assessment"),
    ),
    "S21 the author owns the programme": (
        Shown(
            "author.apart_from_owner",
            "breached",
            "author.owner",
            "author: “…Reed; Senior Responsible Owner; Smarter…”",
        ),
    ),
    "S22 a background paper that is not named; the numbering, lost in scanning, is whole on the web": (
        Shown("background_papers.named", "breached", "background_papers.unnamed", "form.background_papers: “Report”"),
        Shown("recommendations.numbered", "satisfied", "recommendations.gap_to_dmpc"),
    ),
    "S23 interests are recorded below, and nothing stands below": (
        Shown("interests.stated", "breached", "interests.declared"),
    ),
    "S24 no reference on the form": (Shown("decision.reference_assigned", "breached", "decision.reference"),),
    "S25 a day that is promised had passed": (
        Shown("milestone.ahead", "breached", "milestone.due_on", "1 April 2018", "milestone:rollout"),
        Shown("milestone.ahead", "satisfied", "milestone.due_on", "30 June 2018", "milestone:factory"),
    ),
}  # fmt: skip


def stated(source: YamlFile, part: str, scheme: Scheme) -> dict[str, FactValue]:
    """The facts under one key of the file, which has no faults."""
    facts, faults = parse_stated_facts(source, (part,), source.data[part], scheme.rulebook.facts)
    assert faults == []
    return facts


@pytest.fixture(scope="module")
def source() -> YamlFile:
    return read_yaml(PAPER.read_bytes(), PAPER.name)


@pytest.fixture(scope="module")
def found(source: YamlFile, scheme: Scheme) -> Found:
    """The findings of every control on the case as it stood when it was decided."""
    public = {**scheme.authority_facts, **stated(source, "public", scheme), **stated(source, "recorded", scheme)}
    act: dict[str, FactValue] = {"case.stage": "dmpc", "act.stage": "dmpc", "act.on": public["decided_on"]}
    evidence = Evidence.from_parts({**public, **act}, stated(source, "exempt", scheme))
    return {(one.control, one.subject): one for one in gate_findings(scheme.rulebook, None, evidence)}


CASES = [pytest.param(shown, id=f"{name} ({shown.control})") for name, several in SHOWN.items() for shown in several]


@pytest.mark.parametrize("shown", CASES)
def test_it_is_found_with_its_evidence(found: Found, shown: Shown) -> None:
    finding = found[shown.control, shown.subject]
    assert finding.outcome == shown.outcome
    assert (shown.fact, shown.actual) in [(seen.fact, seen.actual) for seen in finding.observed_facts]
    assert set(shown.missing) <= set(finding.missing)
    assert bool(finding.missing) is (finding.outcome == "undetermined")


def test_all_twenty_five_are_shown() -> None:
    assert [name.partition(" ")[0] for name in SHOWN] == [f"S{number}" for number in range(1, 26)]


def test_only_what_is_right_in_the_papers_is_satisfied() -> None:
    right = {
        name.partition(" ")[0] for name, several in SHOWN.items() if {one.outcome for one in several} == {"satisfied"}
    }
    assert right == {"S17"}


def test_the_file_says_which_scheme_and_stage_it_is_of_and_keeps_the_parts_apart(source: YamlFile) -> None:
    assert list(source.data) == ["scheme", "stage", "public", "exempt", "recorded"]
    assert (source.data["scheme"], source.data["stage"], source.data["exempt"]) == ("mopac", "published", {})


def test_nothing_that_an_act_records_stands_in_the_paper_and_nothing_that_a_paper_states_in_the_record(
    source: YamlFile, scheme: Scheme
) -> None:
    assert [where for where in stated(source, "public", scheme) if not scheme.may_be_stated(where)] == []
    assert [where for where in stated(source, "recorded", scheme) if scheme.may_be_stated(where)] == []


@pytest.mark.parametrize("where", ["pib.outcome", "pib.on", "iab.outcome", "decision.reference", "declaration.on"])
def test_what_the_papers_do_not_tell_is_not_made_up(source: YamlFile, scheme: Scheme, where: str) -> None:
    assert where not in stated(source, "recorded", scheme)


def test_no_control_is_called_after_a_finding_of_one_case(scheme: Scheme) -> None:
    """Ids name the matter; the number of a finding stands in this test only."""
    for control in scheme.rulebook.controls.values():
        words = (control.id, control.declaration.requirement, control.declaration.citation.note)
        assert not any(f"S{number}" in f"{words}".split() for number in range(1, 26))
