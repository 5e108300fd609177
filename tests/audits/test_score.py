"""The audit finds most of what a reader found in published decisions, and little that the reader did not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.audits.score import (
    FIRST_SET,
    FURTHER_SETS,
    Anomaly,
    Breach,
    Scored,
    add_up,
    describe,
    find_entries,
    matches,
    score_all,
)
from tests.workflow.walk import new_services
from workflow.services.paper_audit import audit_paper

EMPTY = "scheme: {}\nstage: {}\npublic: {{}}\nrecorded: {{}}\n"
LAST_STAGES = [("mopac", "published"), ("gla", "published"), ("lfc", "commissioner"), ("council", "implemented")]


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> list[Scored]:
    return list(score_all(new_services(tmp_path_factory.mktemp("score") / "score.db")))


@pytest.mark.long
def test_every_decision_with_expected_anomalies_is_scored(scored: list[Scored]) -> None:
    assert len(scored) == len(list(find_entries())) >= 73


@pytest.mark.long
def test_four_of_five_breaches_are_right_and_three_of_five_anomalies_are_found(scored: list[Scored]) -> None:
    figures = add_up(scored)
    assert figures.precision >= Fraction(80, 100), str(figures)
    assert figures.recall >= Fraction(60, 100), str(figures)


@pytest.mark.long
def test_breaches_in_decisions_that_were_only_measured_are_mostly_right_too(scored: list[Scored]) -> None:
    measured = add_up(one for one in scored if not one.is_for_building)
    assert measured.precision >= Fraction(80, 100), str(measured)
    assert measured.recall >= Fraction(50, 100), str(measured)


@pytest.mark.parametrize(("scheme", "stage"), LAST_STAGES)
def test_a_paper_that_states_nothing_breaches_nothing(scheme: str, stage: str, tmp_path: Path) -> None:
    audit = audit_paper(new_services(tmp_path / "a.db"), EMPTY.format(scheme, stage).encode(), "empty.yaml")
    assert [one.finding.control for one in audit.findings if one.finding.outcome == "breached"] == []


PLAIN = Anomaly("amounts_differ", ("title", "recommendation:r1.text"), ("£5,000",), is_plain=True)
MISSING = Anomaly("post_missing", ("decision.role",), (), is_plain=True)


@pytest.mark.parametrize(
    ("quotes", "anomaly", "is_match"),
    [
        ((("title", "up to £5,000 for it"),), PLAIN, True),
        ((("title", "up to £50,000 for it"),), PLAIN, False),
        ((("executive_summary", "up to £5,000 for it"),), PLAIN, False),
        ((("decision.role", ""),), MISSING, True),
        ((("decision.by", ""),), MISSING, False),
    ],
)
def test_a_breach_matches_by_its_place_and_the_words_there(
    quotes: tuple[tuple[str, str], ...], anomaly: Anomaly, *, is_match: bool
) -> None:
    assert matches(Breach("a.control", "case", quotes), anomaly) is is_match


def test_the_report_has_both_halves_and_the_list_behind_each_figure() -> None:
    one = Scored("XCD-0361", (Breach("a.control", "case", (("title", "£5,000"),)),), (PLAIN, MISSING))
    lines = list(describe([one], with_list=True))
    assert lines[1] == (
        "built with (odd): 1 decisions, precision 100 % (1 of 1 breaches), recall 50 % (1 of 2 plain anomalies)"
    )
    assert lines[3].startswith("right: XCD-0361: a.control")
    assert lines[4].startswith("missed: XCD-0361: post_missing")


def test_the_report_has_each_further_set_on_a_line_of_its_own() -> None:
    one = Scored("XCD-0362", (Breach("a.control", "case", (("title", "£5,000"),)),), (PLAIN, MISSING))
    lines = list(describe([], {"second": [one]}, with_list=False))
    assert lines == ["second set: 1 decisions, precision 100 % (1 of 1 breaches), recall 50 % (1 of 2 plain anomalies)"]


@pytest.mark.long
@pytest.mark.parametrize("name", FURTHER_SETS)
def test_every_decision_of_a_further_set_is_scored(name: str, tmp_path: Path) -> None:
    of_set = list(score_all(new_services(tmp_path / "score.db"), find_entries(FURTHER_SETS[name])))
    figures = add_up(of_set)
    assert figures.precision >= Fraction(80, 100), str(figures)
    assert figures.recall >= Fraction(55, 100), str(figures)
    others = [FIRST_SET, *(entries for other, entries in FURTHER_SETS.items() if other != name)]
    assert {one.entry for one in of_set}.isdisjoint(path.stem for part in others for path, _ in find_entries(part))
