"""An edited Word file proposes changes to the right facts, in the right part, at the right version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from decisions.issuing.editing import EditProposal, propose_revision
from decisions.issuing.issue import issue_document
from decisions.issuing.jobs import RenderJob
from decisions.output.word.package import MAIN_DOCUMENT, PROPERTIES, read_parts
from rules.errors import InputError
from tests.decisions.cases import DECISION_FORM, IAB_REPORT, PAPER_FILE
from tests.decisions.fixed_services import services_at
from tests.decisions.output.word.office_programs import PROGRAMS, edit_part, resave_by
from tests.rendered_documents import render_once
from workflow.errors import Conflict
from workflow.services import commands, officer_commands, queries
from workflow.services.commands import Request, Revision, Services

ROSA = Request("rosa-lee", date(2018, 3, 7))
SHORT_OF_MONEY = ("Money is limited.", "Money is short.")


@pytest.fixture
def services(tmp_path: Path) -> Services:
    services = services_at(tmp_path / "assent.db")
    officer_commands.add_officer(
        services, "Rosa Lee", officer_commands.RoleAppointment("mopac", ("author",)), Request("", date(2018, 3, 1))
    )
    commands.open_case_from_paper(services, "mopac", PAPER_FILE.read_bytes(), "paper.yaml", ROSA)
    return services


CASE = "MOPAC-2018-1"


def draft_file(services: Services, part: int = 1, kind: str = DECISION_FORM) -> bytes:
    return issue_document(services, RenderJob(CASE, kind, part, "docx"), Request(""), render_once).data


def control_of(data: bytes, fact: str) -> str:
    """Return the content control of a fact in a Word file."""
    body = read_parts(data)[MAIN_DOCUMENT].decode()
    start = body.rindex("<w:sdt>", 0, body.index(f'"assent:{fact}"'))
    return body[start : body.index("</w:sdt>", start) + len("</w:sdt>")]


def with_answer(data: bytes, fact: str, answer: str) -> bytes:
    """Return a Word file with an answer typed into each field of a fact."""
    control = control_of(data, fact)
    shown = control[control.rindex("<w:t") : control.rindex("</w:t>")]
    answered = control.replace(shown, f"<w:t>{answer}")
    return edit_part(data, *[(control, answered)] * read_parts(data)[MAIN_DOCUMENT].decode().count(control))


def stated_of(services: Services) -> set[str]:
    return set(queries.load_public_case(services, CASE)[0].facts)


def propose(services: Services, data: bytes, request: Request = ROSA) -> EditProposal:
    return propose_revision(services, CASE, data, request, render_once)


class TestProposedChanges:
    @pytest.mark.parametrize("kind_and_part", [(DECISION_FORM, 1), (DECISION_FORM, 2), (IAB_REPORT, 1)])
    @pytest.mark.parametrize("program", PROGRAMS)
    def test_a_file_that_was_only_saved_again_changes_nothing(
        self, services: Services, kind_and_part: tuple[str, int], program: str
    ) -> None:
        kind, part = kind_and_part
        proposal = propose(services, resave_by(program, draft_file(services, part, kind)))
        assert (proposal.changes, proposal.unrecorded_changes, proposal.revision) == ((), (), Revision({}, {}))

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_only_the_facts_that_were_edited_change(self, services: Services, program: str) -> None:
        proposal = propose(services, resave_by(program, edit_part(draft_file(services), SHORT_OF_MONEY)))
        [change] = proposal.changes
        assert (change.fact, change.label) == ("executive_summary", "Executive summary")
        assert proposal.revision.public == {"executive_summary": change.before.replace(*SHORT_OF_MONEY)}
        assert not proposal.revision.exempt
        assert [line[:2] for line in change.diff()] == ["- ", "+ "]

    def test_a_proposal_is_recorded_like_any_amendment(self, services: Services) -> None:
        proposal = propose(services, edit_part(draft_file(services), SHORT_OF_MONEY))
        receipt = commands.amend_paper(services, CASE, proposal.revision, proposal.request)
        case, head = queries.load_public_case(services, CASE)
        assert (receipt.version, receipt.event, receipt.seal) == (2, "amend", head)
        assert "Money is short." in str(case.facts["executive_summary"])
        assert propose(services, draft_file(services)).changes == ()

    def test_a_text_edited_in_part_2_stays_in_part_2(self, services: Services) -> None:
        edits = (("Illustrative text: capital", "Other text: capital"), ("The device supplier", "The supplier"))
        proposal = propose(services, edit_part(draft_file(services, 2), *edits))
        assert sorted(proposal.revision.exempt) == ["confidential.financial", "exemption:s43.whose_interest"]
        assert not proposal.revision.public

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_a_recommendation_can_be_edited_within_its_list(self, services: Services, program: str) -> None:
        proposal = propose(
            services,
            resave_by(program, edit_part(draft_file(services), ("the urgency of the request", "the great urgency"))),
        )
        assert list(proposal.revision.public) == ["recommendation:dmpc-3.text"]
        assert proposal.unrecorded_changes == ()

    def test_a_text_that_was_not_stated_can_be_added(self, services: Services) -> None:
        commands.amend_paper(services, CASE, Revision({}, {}, frozenset(["form.equality"])), ROSA)
        body = read_parts(draft_file(services))[MAIN_DOCUMENT].decode()
        assert "Not recorded." in body
        proposal = propose(services, edit_part(draft_file(services), ("Not recorded.", "All was looked at.")))
        assert [(change.before, change.after) for change in proposal.changes] == [("", "All was looked at.")]

    @pytest.mark.parametrize("program", PROGRAMS)
    @pytest.mark.parametrize(
        ("fact", "typed", "value"),
        [
            ("required_by", "28 June 2018", date(2018, 6, 28)),
            ("required_by", "28/06/2018", date(2018, 6, 28)),
            ("deferral.asked", "yes", True),
            ("deferral.asked", "No", False),
        ],
    )
    def test_days_and_yes_or_no_come_back(
        self, services: Services, program: str, fact: str, typed: str, value: object
    ) -> None:
        commands.amend_paper(services, CASE, Revision({}, {}, frozenset(stated_of(services) & {fact})), ROSA)
        data = draft_file(services)
        proposal = propose(services, resave_by(program, with_answer(data, fact, typed)))
        assert proposal.revision == Revision({fact: typed}, {})
        commands.amend_paper(services, CASE, proposal.revision, proposal.request)
        assert queries.load_public_case(services, CASE)[0].facts[fact] == value
        assert propose(services, draft_file(services)).changes == ()

    def test_a_choice_comes_back_by_its_label(self, services: Services) -> None:
        data = draft_file(services, 2)
        assert propose(services, data).changes == ()
        proposal = propose(services, with_answer(data, "exemption:s43.section", "Section 31"))
        commands.amend_paper(services, CASE, proposal.revision, proposal.request)
        exempt = queries.load_case_snapshot(services, CASE)
        facts = {**exempt.case.facts, **exempt.exempt_part.facts}
        assert facts["exemption:s43.section"] == "s31"

    @pytest.mark.parametrize("typed", ["tomorrow", "31 June 2018", "6/28/2018"])
    def test_an_answer_that_is_no_day_is_refused(self, services: Services, typed: str) -> None:
        with pytest.raises(InputError, match=r"Decision needed by \(required_by\): "):
            propose(services, with_answer(draft_file(services), "required_by", typed))

    def test_an_answer_in_a_form_of_part_2_is_never_repeated(self, services: Services) -> None:
        wrong = with_answer(draft_file(services, 2), "exemption:s43.release_on", "when Canary ends")
        with pytest.raises(
            InputError, match=r"\(exemption:s43.release_on\): this value, in Part 2, must be"
        ) as refused:
            propose(services, wrong)
        assert "Canary" not in f"{refused.value} {refused.value.advice()}"

    def test_all_answers_that_cannot_be_recorded_are_named_at_once(self, services: Services) -> None:
        wrong = with_answer(with_answer(draft_file(services), "required_by", "soon"), "deferral.asked", "perhaps")
        with pytest.raises(InputError, match="has answers that cannot be recorded") as refused:
            propose(services, wrong)
        assert all(fact in str(refused.value) for fact in ("(required_by)", "(deferral.asked)"))

    def test_removing_the_words_not_recorded_changes_nothing(self, services: Services) -> None:
        commands.amend_paper(services, CASE, Revision({}, {}, frozenset(["form.equality"])), ROSA)
        assert propose(services, edit_part(draft_file(services), ("Not recorded.", ""))).changes == ()

    def test_a_change_to_the_wording_of_the_form_is_listed_and_not_recorded(self, services: Services) -> None:
        proposal = propose(services, edit_part(draft_file(services), ("Request for a decision", "Plea for a decision")))
        assert proposal.changes == ()
        assert [change.line[:9] for change in proposal.unrecorded_changes] == ["- Request", "+ Plea fo"]


class TestVersion:
    def test_an_amendment_made_after_the_file_is_a_conflict(self, services: Services) -> None:
        data = edit_part(draft_file(services), SHORT_OF_MONEY)
        commands.amend_paper(services, CASE, Revision({"form.legal": "None."}, {}), ROSA)
        with pytest.raises(Conflict, match="is at version 2, not 1: somebody acted first"):
            propose(services, data)

    def test_a_file_is_compared_with_the_version_that_the_officer_names(self, services: Services) -> None:
        data = edit_part(draft_file(services), SHORT_OF_MONEY)
        commands.amend_paper(services, CASE, Revision({"form.legal": "None."}, {}), ROSA)
        proposal = propose(services, data, replace(ROSA, expect_version=2))
        assert [change.fact for change in proposal.changes] == ["executive_summary", "form.legal"]
        assert proposal.unrecorded_changes == ()

    def test_an_amendment_made_after_the_proposal_is_a_conflict(self, services: Services) -> None:
        proposal = propose(services, edit_part(draft_file(services), SHORT_OF_MONEY))
        commands.amend_paper(services, CASE, Revision({"form.legal": "None."}, {}), ROSA)
        with pytest.raises(Conflict):
            commands.amend_paper(services, CASE, proposal.revision, proposal.request)


class TestRefusals:
    def test_a_text_that_was_removed_is_named(self, services: Services) -> None:
        body = read_parts(draft_file(services))[MAIN_DOCUMENT].decode()
        tag = body.index('<w:tag w:val="assent:form.issues"/>')
        removed = body[body.rindex("<w:bookmarkStart", 0, tag) : body.index("<w:bookmarkEnd", tag)]
        with pytest.raises(InputError, match=r"no longer has the text of .* \(form\.issues\)$") as refused:
            propose(services, edit_part(draft_file(services), (removed, "")))
        assert "--unset" in refused.value.advice()

    def test_a_text_that_was_changed_in_two_ways_is_named(self, services: Services) -> None:
        control = control_of(draft_file(services), "executive_summary")
        both = control.replace("Money", "Gold") + control.replace("Money", "Silver")
        with pytest.raises(InputError, match=r"\(executive_summary\) in several places, changed in several ways"):
            propose(services, edit_part(draft_file(services), (control, both)))

    def test_a_text_that_stands_twice_with_different_words_is_named(self, services: Services) -> None:
        control = control_of(draft_file(services), "executive_summary")
        twice = edit_part(draft_file(services), (control, control + control.replace("Money", "Gold")))
        with pytest.raises(InputError, match=r"the text of Executive summary \(executive_summary\) 2 times"):
            propose(services, twice)
        assert propose(services, edit_part(draft_file(services), (control, control * 2))).changes == ()

    def test_two_forms_in_one_file_are_refused(self, services: Services) -> None:
        first, second = (
            draft_file(services),
            edit_part(draft_file(services), SHORT_OF_MONEY, ("the urgency", "an urgency")),
        )
        content = read_parts(second)[MAIN_DOCUMENT].decode()
        pasted = content[content.index("<w:body>") + len("<w:body>") : content.rindex("<w:sectPr")]
        with pytest.raises(InputError, match="holds two forms in one file: 2 fields stand in it twice") as refused:
            propose(services, edit_part(first, ("<w:body>", f"<w:body>{pasted}")))
        assert refused.value.advice() == "Give each form a file of its own."

    def test_a_field_of_another_form_is_refused(self, services: Services) -> None:
        pasted = control_of(draft_file(services, 2), "confidential.financial")
        with pytest.raises(InputError, match="has a field of another form in it") as refused:
            propose(services, edit_part(draft_file(services), ("<w:body>", f"<w:body>{pasted}")))
        assert "Illustrative" not in f"{refused.value} {refused.value.advice()}"

    def test_a_fault_names_the_field_and_the_place_in_it(self, services: Services) -> None:
        struck = ("<w:r><w:t>The Metropolitan", "<w:r><w:rPr><w:strike/></w:rPr><w:t>The Metropolitan")
        with pytest.raises(InputError, match=r"struck through, in Executive summary, paragraph 1$"):
            propose(services, edit_part(draft_file(services), struck))
        hidden = ("<w:r><w:t>The device supplier", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>The device supplier")
        with pytest.raises(InputError, match=r"holds hidden text, in Whose interests$"):
            propose(services, edit_part(draft_file(services, 2), hidden))

    def test_a_form_that_the_scheme_does_not_have_any_more_is_of_an_older_scheme(self, services: Services) -> None:
        gone = edit_part(draft_file(services), (">decision-form<", ">old-form<"), part=PROPERTIES)
        with pytest.raises(InputError, match="is a form of an older scheme: mopac has no old-form Part 1 now"):
            propose(services, gone)

    def test_a_changed_marking_of_a_page_is_said(self, services: Services) -> None:
        parts = read_parts(draft_file(services))
        header = next(name for name, each in sorted(parts.items()) if "header" in name and b"OFFICIAL" in each)
        [change, *_] = propose(
            services, edit_part(draft_file(services), ("OFFICIAL", "SECRET"), part=header)
        ).unrecorded_changes
        assert change.place == "Header"

    def test_a_file_of_another_case_is_refused(self, services: Services) -> None:
        commands.open_case_from_paper(services, "mopac", PAPER_FILE.read_bytes(), "paper.yaml", ROSA)
        with pytest.raises(InputError, match="is of another case than MOPAC-2018-2"):
            propose_revision(services, "MOPAC-2018-2", draft_file(services), ROSA, render_once)

    def test_a_form_of_another_authority_says_so(self, services: Services) -> None:
        other = edit_part(draft_file(services), (f">{CASE}<", ">LFC-2018-1<"), part=PROPERTIES)
        with pytest.raises(InputError, match=rf"is of another case than {CASE}, of London Fire Commissioner$"):
            propose(services, other)

    def test_a_file_of_a_later_version_than_the_case_has_is_refused(self, services: Services) -> None:
        version = queries.load_public_case(services, CASE)[0].version
        later = edit_part(draft_file(services), (f">{version}<", f">{version + 1}<"), part=PROPERTIES)
        with pytest.raises(InputError, match="was made from another store"):
            propose(services, later)

    def test_a_file_of_another_store_is_refused(self, services: Services) -> None:
        head = queries.load_public_case(services, CASE)[1]
        other = edit_part(draft_file(services), (head, head[::-1]), part=PROPERTIES)
        with pytest.raises(InputError, match="was made from another store"):
            propose(services, other)

    def test_part_1_cannot_state_a_fact_of_part_2(self, services: Services) -> None:
        commands.amend_paper(services, CASE, Revision({}, {"form.equality": "A secret."}), ROSA)
        edited = edit_part(draft_file(services), ("Withheld (see Part 2)", "Something public"))
        proposal = propose(services, edited)
        assert (proposal.changes, proposal.revision.public) == ((), {})
        assert [change.text for change in proposal.unrecorded_changes if change.is_added] == ["Something public."]
        assert "secret" not in str(proposal)

    @pytest.mark.parametrize(
        ("words", "message"), [("日", r"U\+65E5"), ("a\u202eb", "cannot be printed"), ("[^x]", "note")]
    )
    def test_an_edit_that_no_paper_may_state_is_refused_without_being_repeated(
        self, services: Services, words: str, message: str
    ) -> None:
        for part, before in ((1, "Money is limited."), (2, "Illustrative text: capital")):
            with pytest.raises(InputError, match=message) as refused:
                propose(services, edit_part(draft_file(services, part), (before, f"Secretly {words}")))
            assert "Secretly" not in f"{refused.value} {refused.value.advice()}"
