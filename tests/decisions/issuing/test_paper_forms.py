"""A form that somebody filled in states what was written in it, in the right part, and names each fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from decisions.issuing.paper_forms import FormProposal, ReadForm, make_word_form, propose_answers, read_word_form
from decisions.output.word.forms.form_marks import confidential_markers
from decisions.output.word.package import MAIN_DOCUMENT, PROPERTIES, read_parts
from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.facts import Facts, FactValue
from tests.decisions.fixed_services import services_at
from tests.decisions.output.word.forms.form_filling import answers_for, fill_form, marks_of
from tests.decisions.output.word.libreoffice import resave_with_libreoffice
from tests.decisions.output.word.office_programs import PROGRAMS, edit_part, resave_by
from tests.decisions.output.word.word_forms import word_file
from tests.plain_run import in_turn
from tests.workflow.services.filled_papers import DAYS, WalkedPaper, walked_papers
from tests.workflow.walk import shipped_library
from workflow.services import commands, officer_commands
from workflow.services.commands import Request, Revision, Services
from workflow.services.paper_drafts import KnownAnswers, draft_paper, make_draft
from workflow.services.paper_questions import plan_paper

ROSA = Request("rosa-lee", date(2018, 3, 7))
CASE = "MOPAC-2018-1"


def scheme_of(name: str) -> Scheme:
    return shipped_library().scheme(name)


@cache
def form(name: str, kind: str = "", value: str = "", on: date | None = None) -> bytes:
    """Return a form without answers, but for its kind and value."""
    scheme = scheme_of(name)
    draft = make_draft(scheme, draft_paper(scheme, KnownAnswers(kind, value)), on or DAYS[name])
    return make_word_form(draft, shipped_library().bundle(name).digest, "paper.docx")


def read(data: bytes, scheme: str = "") -> ReadForm:
    return read_word_form(shipped_library(), data, scheme)


def fault_of(data: bytes, scheme: str = "") -> str:
    with pytest.raises(InputError) as fault:
        read(data, scheme)
    return f"{fault.value.message}\n{fault.value.advice()}"


@cache
def papers(name: str) -> list[WalkedPaper]:
    return list(walked_papers(name))


def parts_of(walked: WalkedPaper, scheme: Scheme) -> tuple[Facts, Facts]:
    """Return what the paper of a walk states in each part."""
    public, exempt = (
        {address: value for address, value in facts.items() if scheme.may_be_stated(address)}
        for facts in (walked.full_case.case.facts, walked.full_case.exempt_part.facts)
    )
    return public, exempt


def filled_for(name: str, walked: WalkedPaper) -> bytes:
    """Return a form of a scheme, filled in with the paper of a walk by somebody who named kind and value."""
    scheme = scheme_of(name)
    public, exempt = parts_of(walked, scheme)
    kind, value = (public.get(fact, "") for fact in (scheme.declaration.paper.kind, scheme.declaration.paper.value))
    blank = form(name, str(kind), str(value), walked.on)
    return fill_form(blank, answers_for(scheme, blank, public, exempt))


def fullest(name: str) -> WalkedPaper:
    """Return the paper of a scheme with the most in Part 2."""
    return max(papers(name), key=lambda walked: len(walked.full_case.exempt_part.facts))


@cache
def most_confidential(name: str) -> bytes:
    """Return the filled form of that paper."""
    return filled_for(name, fullest(name))


def refuse_missing(name: str, walked: WalkedPaper, data: bytes) -> None:
    """Fail if the form of a paper leaves a first act without an answer, or states it otherwise or in another part."""
    filled = read(data)
    plan = plan_paper(scheme_of(name), filled.paper, walked.on)
    assert [asked.address for asked in plan.needed_now] == [], walked.walk
    assert [problem.control for problem in plan.problems] == [], walked.walk
    assert not filled.outside
    public, exempt = parts_of(walked, scheme_of(name))
    stated = {**filled.paper.public, **filled.paper.exempt}
    of_case = {address: value for address, value in {**public, **exempt}.items() if address in stated}
    assert {address: stated[address] for address in of_case} == of_case
    confidential = {address for address in filled.paper.exempt if ":" not in address}
    assert {address for address in exempt if ":" not in address} == confidential


@pytest.mark.parametrize("name", in_turn(list(DAYS), keep=len(DAYS)))
class TestEveryScheme:
    def test_a_form_with_the_answers_of_a_walk_leaves_nothing_missing(self, name: str) -> None:
        refuse_missing(name, fullest(name), most_confidential(name))

    @pytest.mark.long
    def test_a_form_with_the_answers_of_any_walk_leaves_nothing_missing(self, name: str) -> None:
        for walked in papers(name):
            refuse_missing(name, walked, filled_for(name, walked))

    def test_a_form_that_nobody_touched_states_nothing(self, name: str) -> None:
        blank = read(form(name))
        assert not blank.paper.public
        assert not blank.paper.exempt
        assert not blank.outside

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_word_and_libreoffice_keep_what_was_written(self, name: str, program: str) -> None:
        filled = most_confidential(name)
        saved = read(resave_by(program, filled))
        assert (saved.paper, saved.outside) == (read(filled).paper, ())

    def test_the_answers_given_before_stand_in_a_further_form(self, name: str) -> None:
        scheme, paper = scheme_of(name), read(most_confidential(name)).paper
        further = make_word_form(make_draft(scheme, paper, DAYS[name]), "", "paper.docx")
        assert read(further).paper == paper

    def test_the_scheme_is_taken_from_the_form(self, name: str) -> None:
        assert read(form(name)).scheme.id == name


@pytest.mark.long
def test_libreoffice_itself_keeps_every_answer_of_every_scheme(tmp_path: Path) -> None:
    files = {name: most_confidential(name) for name in DAYS} | {f"{name}-blank": form(name) for name in DAYS}
    saved = resave_with_libreoffice(files, tmp_path)
    for name, data in files.items():
        assert read(saved[name]).paper == read(data).paper, name
        assert not read(saved[name]).outside, name


class TestAnswers:
    def paper(self, answers: dict[str, str]) -> tuple[Facts, Facts]:
        paper = read(fill_form(form("mopac"), answers)).paper
        return paper.public, paper.exempt

    @pytest.mark.parametrize(
        ("address", "typed", "value"),
        [
            ("required_by", "28 June 2019", date(2019, 6, 28)),
            ("required_by", "28/06/2019", date(2019, 6, 28)),
            ("deferral.asked", "no", False),
            ("deferral.asked", "Yes", True),
            ("contract_kind", "Goods or services", "goods_services"),
            ("contract_kind", "works", "works"),
            ("performance.indicators", "3", 3),
            ("title", "  Radios ", "Radios"),
        ],
    )
    def test_common_formats_are_read(self, address: str, typed: str, value: FactValue) -> None:
        assert self.paper({address: typed}) == ({address: value}, {})

    def test_an_amount_keeps_its_vat_basis(self) -> None:
        public, _ = self.paper({"estimated_value": "£1.4m ex VAT"})
        assert str(public["estimated_value"]) == "£1,400,000 excluding VAT"

    def test_a_text_keeps_its_paragraphs(self) -> None:
        assert self.paper({"executive_summary": "One.\n\nTwo."})[0] == {"executive_summary": "One.\n\nTwo."}

    def test_part_2_answers_are_recorded_in_the_exempt_part(self) -> None:
        question, answer = confidential_markers(1)
        public, exempt = self.paper(
            {
                "confidential.financial": "A bid.",
                question.fact: f"{number_of('contract_kind')}. Kind of contract",
                answer.fact: "Works",
            }
        )
        assert not public
        assert exempt == {"confidential.financial": "A bid.", "contract_kind": "works"}

    def test_a_block_that_is_filled_in_by_the_form_counts_once_something_is_written_in_it(self) -> None:
        public, _ = self.paper({"recommendation:pib-1.text": "the purchase."})
        assert public == {"recommendation:pib-1.text": "the purchase.", "recommendation:pib-1.body": "pib"}


def number_of(address: str) -> int:
    return marks_of(form("mopac")).addresses.index(address) + 1


class TestFaults:
    def fault(self, answers: dict[str, str]) -> str:
        return fault_of(fill_form(form("mopac"), answers))

    def test_every_fault_is_named_at_once_with_its_field_and_what_to_write(self) -> None:
        message = self.fault({"deferral.asked": "perhaps", "required_by": "28 Juni", "estimated_value": "dear"})
        assert "3 faults" in message
        assert f"{number_of('deferral.asked')}. Is publication deferred? 'perhaps' is neither yes nor no" in message
        assert "Write yes or no." in message
        assert "Decision needed by" in message
        assert "Estimated value" in message
        assert "Nothing was recorded." in message

    def test_no_word_of_part_2_is_repeated(self) -> None:
        question, answer = confidential_markers(1)
        message = self.fault(
            {
                "exemption:exemption-1.section": "Section 43 – Commercial interests",
                "exemption:exemption-1.limb": "Zebra",
                question.fact: f"{number_of('estimated_value')}. Estimated value",
                answer.fact: "seven zebras",
            }
        )
        assert "zebra" not in message.lower()
        assert "Estimated value" in message
        assert "trade_secret" in message
        assert "british_islands" not in message

    @pytest.mark.parametrize(
        ("question", "answer", "expected"),
        [
            ("4. Estimated value", "", "names a question and has no answer"),
            ("", "Works", "names no question"),
            ("nonsense", "Works", "does not name a question"),
            ("999. Nothing", "Works", "does not name a question"),
        ],
    )
    def test_half_a_confidential_answer_is_refused(self, question: str, answer: str, expected: str) -> None:
        first, second = confidential_markers(1)
        typed = {first.fact: question, second.fact: answer}
        assert expected in self.fault({fact: text for fact, text in typed.items() if text})

    def test_a_wrong_choice_names_those_that_the_list_of_the_box_shows(self) -> None:
        message = self.fault({"contract_kind": "Chairs"})
        assert "'Chairs' is not one of goods_services, works" in message
        assert "The list of the box has: Goods or services; Works;" in message

    def test_a_question_that_is_answered_in_both_parts_is_refused(self) -> None:
        question, answer = confidential_markers(1)
        chosen = f"{number_of('contract_kind')}. Kind of contract"
        message = self.fault({"contract_kind": "Works", question.fact: chosen, answer.fact: "Works"})
        assert "Kind of contract is answered twice" in message

    def test_a_prompt_beside_an_answer_is_refused(self) -> None:
        assert "Title still has the words [Write here]" in self.fault({"title": "[Write here] Radios"})

    def test_a_form_of_another_authority_is_named(self) -> None:
        message = fault_of(form("gla"), "mopac")
        assert "is a form of gla (Greater London Authority), not of mopac" in message

    def test_a_form_of_an_unknown_scheme_is_named(self) -> None:
        data = edit_part(form("board"), (">board<", ">elsewhere<"), part=PROPERTIES)
        assert "'elsewhere', which is not known here" in fault_of(data)

    def test_another_word_file_is_no_form(self) -> None:
        assert "is no form of a paper" in fault_of(word_file())
        assert "Google Docs and Pages remove what assent reads a file by" in fault_of(word_file())

    def test_a_field_that_the_scheme_does_not_ask_for_any_more_is_named_with_the_age_of_the_form(self) -> None:
        data = edit_part(form("board"), ("author", "old.fact"), part=PROPERTIES)
        digest = marks_of(data).packs
        data = edit_part(data, (digest, "0" * 64), part=PROPERTIES)
        control = read_parts(data)[MAIN_DOCUMENT].decode()
        data = edit_part(data, *[('"assent:author"', '"assent:old.fact"')] * control.count('"assent:author"'))
        message = fault_of(fill_form(data, {"old.fact": "Rosa"}))
        assert "old.fact: is no longer a question" in message
        assert "was made by the rules of 8 April 2024" in message

    def test_an_older_form_whose_answers_still_fit_is_read_with_a_warning(self) -> None:
        data = edit_part(form("board"), (marks_of(form("board")).packs, "0" * 64), part=PROPERTIES)
        assert "before the packs of board changed" in read(fill_form(data, {"title": "Roof"})).warning
        assert not read(form("board")).warning


class TestStructure:
    def test_a_field_that_was_deleted_is_named(self) -> None:
        data = form("board")
        body = read_parts(data)[MAIN_DOCUMENT].decode()
        start = body.rindex("<w:bookmarkStart", 0, body.index('"assent:title"'))
        end = body.index("<w:bookmarkEnd", start)
        message = fault_of(edit_part(data, (body[start:end], "")))
        assert "the field 1. Title is missing" in message
        assert "Undo" in message

    def test_two_forms_in_one_file_are_refused(self) -> None:
        one = fill_form(form("board"), {"title": "Roof", "author": "Ann"})
        other = read_parts(fill_form(form("board"), {"title": "Door", "author": "Ben"}))[MAIN_DOCUMENT].decode()
        pasted = other[other.index("<w:body>") + len("<w:body>") : other.index("<w:sectPr")]
        message = fault_of(edit_part(one, ("<w:sectPr", f"{pasted}<w:sectPr")))
        assert "it holds two forms" in message
        assert "Roof" not in message

    def test_a_field_of_another_form_is_refused(self) -> None:
        data = edit_part(form("board"), ('"assent:title"', '"assent:foreign"'))
        assert "a field of another form" in fault_of(data)

    def test_a_foreign_control_is_no_answer_and_is_listed(self) -> None:
        control = "<w:p><w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>What of it?</w:t></w:r></w:sdtContent></w:sdt></w:p>"
        outside = read(edit_part(form("board"), ("<w:sectPr", f"{control}<w:sectPr"))).outside
        assert [(each.place, each.text) for each in outside] == [("Form", "What of it?")]

    def test_what_is_written_outside_the_boxes_of_part_2_is_not_repeated(self) -> None:
        line = "<w:p><w:r><w:t>Zebra</w:t></w:r></w:p>"
        outside = read(edit_part(form("mopac"), ("<w:sectPr", f"{line}<w:sectPr"))).outside
        assert len(outside) == 1
        assert "Zebra" not in f"{outside[0]}"

    def test_hidden_words_in_two_fields_are_both_named(self) -> None:
        data = fill_form(form("board"), {"title": "Roof", "author": "Ann"})
        hide = [
            (f'<w:r><w:t xml:space="preserve">{word}', f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{word}")
            for word in ("Roof", "Ann")
        ]
        message = fault_of(edit_part(data, *hide))
        assert "2 reasons" in message
        assert "1. Title" in message


class TestAmending:
    @pytest.fixture
    def services(self, tmp_path: Path) -> Services:
        services = services_at(tmp_path / "assent.db")
        officer_commands.add_officer(
            services, "Rosa Lee", officer_commands.RoleAppointment("mopac", ("author",)), Request("", date(2018, 3, 1))
        )
        commands.open_case(services, "mopac", {"title": "Radios"}, {"contract_kind": "works"}, ROSA)
        return services

    def propose(self, services: Services, answers: dict[str, str]) -> FormProposal:
        return propose_answers(services, CASE, fill_form(form("mopac"), answers), ROSA)

    def test_answers_are_added_to_a_case_that_was_opened_otherwise(self, services: Services) -> None:
        proposal = self.propose(services, {"title": "New radios", "required_by": "28 June 2018"})
        assert [(change.fact, change.before, change.after) for change in proposal.changes] == [
            ("title", "Radios", "New radios"),
            ("required_by", "", "28 June 2018"),
        ]
        assert proposal.request.expect_version == 1
        commands.amend_paper(services, CASE, proposal.revision, proposal.request)
        assert not self.propose(services, {"title": "New radios"}).changes

    def test_what_is_left_empty_stays_as_it_is(self, services: Services) -> None:
        assert self.propose(services, {"title": "Radios"}).revision == Revision({}, {})

    def test_a_confidential_answer_is_never_made_public(self, services: Services) -> None:
        with pytest.raises(
            InputError, match=r"answers in Part 1 what Part 2 of MOPAC-2018-1 states: .*Kind of contract"
        ):
            self.propose(services, {"contract_kind": "Works"})

    def test_a_form_of_another_authority_is_refused(self, services: Services) -> None:
        with pytest.raises(InputError, match="is a form of gla"):
            propose_answers(services, CASE, form("gla"), ROSA)

    def test_a_version_that_the_officer_named_is_kept(self, services: Services) -> None:
        proposal = propose_answers(services, CASE, form("mopac"), replace(ROSA, expect_version=1))
        assert proposal.request.expect_version == 1
