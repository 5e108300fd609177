"""An edited Word file as a revision of its paper: which facts, in which part, at which version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from decisions.issuing.editing import EditProposal, propose_revision
from decisions.issuing.issue import RenderTarget, issue_document
from decisions.output.pdf import render_file
from decisions.output.word.package import MAIN_DOCUMENT, PROPERTIES, read_parts
from rules.errors import InputError
from tests.decisions.cases import DECISION_FORM, IAB_REPORT, PAPER_FILE
from tests.decisions.fixed_services import services_at
from tests.decisions.output.word.office_programs import PROGRAMS, edit_part, resave_by
from workflow.errors import Conflict
from workflow.services import commands as at_desk
from workflow.services import queries
from workflow.services.commands import Request, Revision, Services

ROSA = Request("rosa-lee", date(2018, 3, 7))
SHORT = ("Money is limited.", "Money is short.")


@pytest.fixture
def desk(tmp_path: Path) -> Services:
    desk = services_at(tmp_path / "assent.db")
    at_desk.add_officer(desk, "Rosa Lee", "mopac", ["author"], Request("", date(2018, 3, 1)))
    at_desk.open_case_from_paper(desk, "mopac", PAPER_FILE.read_bytes(), "paper.yaml", ROSA)
    return desk


CASE = "MOPAC-2018-1"


def draft(desk: Services, part: int = 1, kind: str = DECISION_FORM) -> bytes:
    return issue_document(desk, CASE, RenderTarget(kind, part, "docx"), Request(""), render_file)[1]


def proposed(desk: Services, data: bytes, asked: Request = ROSA) -> EditProposal:
    return propose_revision(desk, CASE, data, asked, render_file)


class TestWhatIsProposed:
    @pytest.mark.parametrize("kind_and_part", [(DECISION_FORM, 1), (DECISION_FORM, 2), (IAB_REPORT, 1)])
    @pytest.mark.parametrize("program", PROGRAMS)
    def test_a_file_that_was_only_saved_again_changes_nothing(
        self, desk: Services, kind_and_part: tuple[str, int], program: str
    ) -> None:
        kind, part = kind_and_part
        found = proposed(desk, resave_by(program, draft(desk, part, kind)))
        assert (found.changes, found.unrecorded_changes, found.revision) == ((), (), Revision({}, {}))

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_only_the_facts_that_were_edited_change(self, desk: Services, program: str) -> None:
        found = proposed(desk, resave_by(program, edit_part(draft(desk), SHORT)))
        [change] = found.changes
        assert (change.fact, change.label) == ("executive_summary", "Executive summary")
        assert found.revision.public == {"executive_summary": change.before.replace(*SHORT)}
        assert not found.revision.exempt
        assert [line[:2] for line in change.diff()] == ["- ", "+ "]

    def test_it_is_recorded_as_any_amendment_is(self, desk: Services) -> None:
        found = proposed(desk, edit_part(draft(desk), SHORT))
        made = at_desk.amend_paper(desk, CASE, found.revision, found.request)
        known, head = queries.load_public_case(desk, CASE)
        assert (made.version, made.event, made.seal) == (2, "amend", head)
        assert "Money is short." in str(known.facts["executive_summary"])
        assert proposed(desk, draft(desk)).changes == ()

    def test_what_is_edited_in_part_2_stays_there(self, desk: Services) -> None:
        changes = (("Illustrative text: capital", "Other text: capital"), ("The device supplier", "The supplier"))
        found = proposed(desk, edit_part(draft(desk, 2), *changes))
        assert sorted(found.revision.exempt) == ["confidential.financial", "exemption:s43.whose_interest"]
        assert not found.revision.public

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_a_recommendation_can_be_edited_as_it_stands_in_its_list(self, desk: Services, program: str) -> None:
        found = proposed(
            desk, resave_by(program, edit_part(draft(desk), ("the urgency of the request", "the great urgency")))
        )
        assert list(found.revision.public) == ["recommendation:dmpc-3.text"]
        assert found.unrecorded_changes == ()

    def test_a_text_that_was_not_stated_can_be_written(self, desk: Services) -> None:
        at_desk.amend_paper(desk, CASE, Revision({}, {}, frozenset(["form.equality"])), ROSA)
        body = read_parts(draft(desk))[MAIN_DOCUMENT].decode()
        assert "Not recorded." in body
        found = proposed(desk, edit_part(draft(desk), ("Not recorded.", "All was looked at.")))
        assert [(change.before, change.after) for change in found.changes] == [("", "All was looked at.")]

    def test_where_the_words_that_say_so_are_taken_out_nothing_is_stated_still(self, desk: Services) -> None:
        at_desk.amend_paper(desk, CASE, Revision({}, {}, frozenset(["form.equality"])), ROSA)
        assert proposed(desk, edit_part(draft(desk), ("Not recorded.", ""))).changes == ()

    def test_what_was_changed_elsewhere_is_told_and_not_recorded(self, desk: Services) -> None:
        found = proposed(desk, edit_part(draft(desk), ("Request for a decision", "Plea for a decision")))
        assert found.changes == ()
        assert [line[:9] for line in found.unrecorded_changes] == ["- Request", "+ Plea fo"]


class TestAtWhichVersion:
    def test_another_amendment_in_between_is_a_conflict(self, desk: Services) -> None:
        data = edit_part(draft(desk), SHORT)
        at_desk.amend_paper(desk, CASE, Revision({"form.legal": "None."}, {}), ROSA)
        with pytest.raises(Conflict, match="is at version 2, not 1: somebody acted first"):
            proposed(desk, data)

    def test_a_version_that_is_named_counts_and_the_file_is_held_against_that(self, desk: Services) -> None:
        data = edit_part(draft(desk), SHORT)
        at_desk.amend_paper(desk, CASE, Revision({"form.legal": "None."}, {}), ROSA)
        found = proposed(desk, data, replace(ROSA, expect_version=2))
        assert [change.fact for change in found.changes] == ["executive_summary", "form.legal"]
        assert found.unrecorded_changes == ()

    def test_a_conflict_is_met_too_where_somebody_acts_while_it_is_looked_at(self, desk: Services) -> None:
        found = proposed(desk, edit_part(draft(desk), SHORT))
        at_desk.amend_paper(desk, CASE, Revision({"form.legal": "None."}, {}), ROSA)
        with pytest.raises(Conflict):
            at_desk.amend_paper(desk, CASE, found.revision, found.request)


class TestRefusals:
    def test_a_text_that_was_taken_out_altogether_is_named(self, desk: Services) -> None:
        body = read_parts(draft(desk))[MAIN_DOCUMENT].decode()
        tag = body.index('<w:tag w:val="assent:form.issues"/>')
        gone = body[body.rindex("<w:bookmarkStart", 0, tag) : body.index("<w:bookmarkEnd", tag)]
        with pytest.raises(InputError, match=r"no longer has the text of form\.issues$") as refused:
            proposed(desk, edit_part(draft(desk), (gone, "")))
        assert "--unset" in refused.value.advice()

    def test_a_text_that_was_changed_in_two_ways_is_named(self, desk: Services) -> None:
        body = read_parts(draft(desk))[MAIN_DOCUMENT].decode()
        control = body[body.index("<w:sdt>") : body.index("</w:sdt>") + len("</w:sdt>")]
        both = control.replace("Money", "Gold") + control.replace("Money", "Silver")
        with pytest.raises(InputError, match="executive_summary in several places, changed in several ways"):
            proposed(desk, edit_part(draft(desk), (control, both)))

    def test_a_file_of_another_case_is_refused(self, desk: Services) -> None:
        at_desk.open_case_from_paper(desk, "mopac", PAPER_FILE.read_bytes(), "paper.yaml", ROSA)
        with pytest.raises(InputError, match="is of another case than MOPAC-2018-2"):
            propose_revision(desk, "MOPAC-2018-2", draft(desk), ROSA, render_file)

    def test_a_file_of_a_later_version_than_there_is_comes_from_another_store(self, desk: Services) -> None:
        version = queries.load_public_case(desk, CASE)[0].version
        later = edit_part(draft(desk), (f">{version}<", f">{version + 1}<"), part=PROPERTIES)
        with pytest.raises(InputError, match="was made from another store"):
            proposed(desk, later)

    def test_a_file_of_another_store_is_refused(self, desk: Services) -> None:
        head = queries.load_public_case(desk, CASE)[1]
        other = edit_part(draft(desk), (head, head[::-1]), part=PROPERTIES)
        with pytest.raises(InputError, match="was made from another store"):
            proposed(desk, other)

    def test_a_text_of_part_2_is_not_taken_over_by_part_1(self, desk: Services) -> None:
        at_desk.amend_paper(desk, CASE, Revision({}, {"form.equality": "A secret."}), ROSA)
        with pytest.raises(InputError, match=r"has a text for form\.equality, which Part 2 states") as refused:
            proposed(desk, edit_part(draft(desk), ("Not recorded.", "Something public.")))
        assert "secret" not in str(refused.value)

    @pytest.mark.parametrize(
        ("words", "told"), [("日", r"U\+65E5"), ("a\u202eb", "cannot be printed"), ("[^x]", "note")]
    )
    def test_what_no_paper_may_say_is_refused_before_it_is_shown(self, desk: Services, words: str, told: str) -> None:
        for part, before in ((1, "Money is limited."), (2, "Illustrative text: capital")):
            with pytest.raises(InputError, match=told) as refused:
                proposed(desk, edit_part(draft(desk, part), (before, f"Secretly {words}")))
            assert "Secretly" not in f"{refused.value} {refused.value.advice()}"
