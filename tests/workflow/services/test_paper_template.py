"""The YAML of a paper to fill in: it reads back as the same paper, and says of each question what to write and why."""

from __future__ import annotations

from datetime import date

import pytest

from rules.packs.scheme import Scheme
from rules.values.facts import MAX_TEXT_BYTES, Facts, FactValue, clean_text
from rules.values.money import Money, Vat, parse_money
from tests.plain_run import in_turn
from tests.rules.manual_packs import manual_scheme
from tests.workflow.services.filled_papers import DAYS, choose_answer, fill_paper
from tests.workflow.walk import shipped_library
from workflow.cases.paper import Paper, read_paper
from workflow.services.paper_drafts import PaperDraft, make_draft
from workflow.services.paper_questions import plan_paper
from workflow.services.paper_template import format_paper_template

HOSTILE = [
    "key: value",
    "- item\n- item: [1, {a: b}]",
    "\"quoted\" and 'quoted' \\ back",
    "# no comment",
    "first\n    indented by four\n\ttab\n  \nlast",
    "one\n\n\ntwo",
    "%YAML 1.2\n---\n...",
    "&anchor *alias !!tag |- >+ @ `",
    "true",
    "yes",
    "2024-01-01",
    "1.5",
    "~",
    "null",
    "Ünïcödé ½ € “curly” – dash",
    "trailing  \nspaces \n   and a line",
    "a" * 5_000,
]


@pytest.fixture(scope="module")
def mopac() -> Scheme:
    return shipped_library().scheme("mopac")


def write(scheme: Scheme, public: Facts | None = None, exempt: Facts | None = None) -> str:
    """The YAML of a paper, without what answers lead to."""
    plan = plan_paper(scheme, Paper(public or {}, exempt or {}), DAYS[scheme.id])
    return format_paper_template(PaperDraft(scheme, DAYS[scheme.id], plan), "paper.yaml")


def read_back(text: str, scheme: Scheme) -> Paper:
    return read_paper(text.encode(), "paper.yaml", scheme)


@pytest.mark.parametrize("name", in_turn(list(DAYS)))
def test_a_paper_that_nobody_filled_in_states_nothing_but_what_is_always_so(name: str) -> None:
    scheme = shipped_library().scheme(name)
    paper = read_back(write(scheme), scheme)
    assert {address.rpartition(".")[2] for address in paper.public} <= {"body"}
    assert not paper.exempt


@pytest.mark.parametrize("name", in_turn(list(DAYS)))
def test_a_paper_that_is_filled_in_line_by_line_has_nothing_left_to_answer(name: str) -> None:
    scheme = shipped_library().scheme(name)
    paper = Paper({}, {})
    for _ in range(6):  # an answer may lead to further questions
        template = write(scheme, paper.public, paper.exempt)
        filled = fill_paper(template, lambda address: choose_answer(scheme, address))
        if filled == template:
            break
        paper = read_back(filled, scheme)
    assert not plan_paper(scheme, paper, DAYS[name]).needed_now


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_reads_back_as_it_was(mopac: Scheme, text: str) -> None:
    stated = {"title": clean_text(text), "recommendation:pib-1.text": clean_text(text)}
    paper = read_back(write(mopac, stated, {"confidential.financial": clean_text(text)}), mopac)
    assert {address: paper.public[address] for address in stated} == stated
    assert paper.exempt == {"confidential.financial": clean_text(text)}


def test_the_longest_text_reads_back(mopac: Scheme) -> None:
    longest = ("Line of a long text: with a colon.\n" * 2_000)[:MAX_TEXT_BYTES].strip()
    assert read_back(write(mopac, {"form.legal": longest}), mopac).public["form.legal"] == longest


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("estimated_value", parse_money("£1,234,567.89 inc VAT")),
        ("modification.increase", parse_money("£40,000 ex VAT")),
        ("estimated_value", Money(7, Vat.UNSTATED)),
        ("required_by", date(2024, 2, 29)),
        ("matter.novel", False),
        ("part_2.exists", True),
        ("performance.indicators", 12),
        ("matter.kind", "award"),
        ("recommendation:pib-2.withheld", True),
    ],
)
def test_an_answer_of_each_kind_reads_back_in_either_part(mopac: Scheme, address: str, value: FactValue) -> None:
    assert read_back(write(mopac, {address: value}), mopac).public[address] == value
    assert read_back(write(mopac, {}, {address: value}), mopac).exempt == {address: value}


def test_an_amount_below_zero_reads_back() -> None:
    scheme, on = manual_scheme(), date(2024, 3, 1)
    paper = Paper({"contract:one.change": Money(-500_000, Vat.INCLUDED)}, {})
    text = format_paper_template(PaperDraft(scheme, on, plan_paper(scheme, paper, on)), "paper.yaml")
    assert read_back(text, scheme).public["contract:one.change"] == Money(-500_000, Vat.INCLUDED)


def test_each_question_says_what_to_write_and_why(mopac: Scheme) -> None:
    text = format_paper_template(make_draft(mopac, Paper({}, {}), DAYS["mopac"]), "paper.yaml")
    assert "# Estimated value\n" in text
    assert "# An amount, such as: £40,000 ex VAT" in text
    assert "#   quotations: Quotations, no regulated procedure" in text
    assert "# If yes, also: deferral.reason (Why is publication deferred?)" in text
    assert "# Only if procurement_route (Procurement route) is modification." in text
    assert "# Optional. Decision needed by" in text
    assert "# ==== 2. Issues for consideration ====" in text
    assert "# Why: The form has a title" in text
    assert "(unverified)" in text or "(secondary)" in text  # a source that was not read is never printed without it
    assert all(len(line) <= 100 for line in text.split("\n"))


def test_a_repeated_requirement_is_printed_once(mopac: Scheme) -> None:
    assert write(mopac).count("# Why: The form has a title") == 1
    assert "# Why: as for title (" in write(mopac)


def test_confidential_answers_stand_under_exempt_alone(mopac: Scheme) -> None:
    value = parse_money("£777,123 ex VAT")
    text = write(mopac, {"part_2.exists": True}, {"estimated_value": value, "confidential.financial": "Zebra."})
    public, _, exempt = text.partition("\nexempt:")
    assert "777,123" not in public
    assert "Zebra" not in public
    assert "777,123" in exempt
    assert "Zebra" in exempt
    assert "#" not in next(line for line in exempt.split("\n") if "Zebra" in line)


def test_questions_that_only_confidential_documents_show_stand_under_exempt(mopac: Scheme) -> None:
    public, _, exempt = write(mopac, {"part_2.exists": True}).partition("\nexempt:")
    assert "confidential.financial: |-" in exempt
    assert "confidential.financial" not in public


def test_choices_that_depend_on_another_answer_are_listed_once_that_is_given(mopac: Scheme) -> None:
    assert "# The choices depend on exemption:exemption-1.section: answer that first." in write(
        mopac, {"part_2.exists": True}
    )
    text = write(mopac, {"part_2.exists": True, "exemption:one.section": "s43"})
    assert "#   trade_secret: " in text
    assert "#   crime: " not in text
