"""An edited Word file as a revision of its paper: which facts, in which part, at which version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from decisions.issuing.editing import Proposal, proposal
from decisions.issuing.issue import Order, issue
from decisions.output.pdf import press
from decisions.output.word.package import MAIN, PROPERTIES, parts_of
from rules.errors import InputError
from tests.decisions.cases import FORM, PAPER, REPORT
from tests.decisions.desks import desk_at
from tests.decisions.output.word.office import BOTH, by, edited
from workflow.errors import Conflict
from workflow.services import commands as at_desk
from workflow.services import queries
from workflow.services.commands import Asked, Desk, Revision

ROSA = Asked("rosa-lee", date(2018, 3, 7))
SHORT = ("Money is limited.", "Money is short.")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = desk_at(tmp_path / "assent.db")
    at_desk.add_officer(desk, "Rosa Lee", "mopac", ["author"], Asked("", date(2018, 3, 1)))
    at_desk.open_paper(desk, "mopac", PAPER.read_bytes(), "paper.yaml", ROSA)
    return desk


CASE = "MOPAC-2018-1"


def draft(desk: Desk, part: int = 1, kind: str = FORM) -> bytes:
    return issue(desk, CASE, Order(kind, part, "docx"), Asked(""), press)[1]


def proposed(desk: Desk, data: bytes, asked: Asked = ROSA) -> Proposal:
    return proposal(desk, CASE, data, asked, press)


class TestWhatIsProposed:
    @pytest.mark.parametrize("kind_and_part", [(FORM, 1), (FORM, 2), (REPORT, 1)])
    @pytest.mark.parametrize("program", BOTH)
    def test_a_file_that_was_only_saved_again_changes_nothing(
        self, desk: Desk, kind_and_part: tuple[str, int], program: str
    ) -> None:
        kind, part = kind_and_part
        found = proposed(desk, by(program, draft(desk, part, kind)))
        assert (found.changes, found.elsewhere, found.revision) == ((), (), Revision({}, {}))

    @pytest.mark.parametrize("program", BOTH)
    def test_only_the_facts_that_were_edited_change(self, desk: Desk, program: str) -> None:
        found = proposed(desk, by(program, edited(draft(desk), SHORT)))
        [change] = found.changes
        assert (change.fact, change.label) == ("executive_summary", "Executive summary")
        assert found.revision.public == {"executive_summary": change.before.replace(*SHORT)}
        assert not found.revision.exempt
        assert [line[:2] for line in change.lines()] == ["- ", "+ "]

    def test_it_is_recorded_as_any_amendment_is(self, desk: Desk) -> None:
        found = proposed(desk, edited(draft(desk), SHORT))
        made = at_desk.amend(desk, CASE, found.revision, found.asked)
        known, head = queries.public_record(desk, CASE)
        assert (made.version, made.event, made.seal) == (2, "amend", head)
        assert "Money is short." in str(known.facts["executive_summary"])
        assert proposed(desk, draft(desk)).changes == ()

    def test_what_is_edited_in_part_2_stays_there(self, desk: Desk) -> None:
        changes = (("Illustrative text: capital", "Other text: capital"), ("The device supplier", "The supplier"))
        found = proposed(desk, edited(draft(desk, 2), *changes))
        assert sorted(found.revision.exempt) == ["confidential.financial", "exemption:s43.whose_interest"]
        assert not found.revision.public

    @pytest.mark.parametrize("program", BOTH)
    def test_a_recommendation_can_be_edited_as_it_stands_in_its_list(self, desk: Desk, program: str) -> None:
        found = proposed(desk, by(program, edited(draft(desk), ("the urgency of the request", "the great urgency"))))
        assert list(found.revision.public) == ["recommendation:dmpc-3.text"]
        assert found.elsewhere == ()

    def test_a_text_that_was_not_stated_can_be_written(self, desk: Desk) -> None:
        at_desk.amend(desk, CASE, Revision({}, {}, frozenset(["form.equality"])), ROSA)
        body = parts_of(draft(desk))[MAIN].decode()
        assert "Not recorded." in body
        found = proposed(desk, edited(draft(desk), ("Not recorded.", "All was looked at.")))
        assert [(change.before, change.after) for change in found.changes] == [("", "All was looked at.")]

    def test_where_the_words_that_say_so_are_taken_out_nothing_is_stated_still(self, desk: Desk) -> None:
        at_desk.amend(desk, CASE, Revision({}, {}, frozenset(["form.equality"])), ROSA)
        assert proposed(desk, edited(draft(desk), ("Not recorded.", ""))).changes == ()

    def test_what_was_changed_elsewhere_is_told_and_not_recorded(self, desk: Desk) -> None:
        found = proposed(desk, edited(draft(desk), ("Request for a decision", "Plea for a decision")))
        assert found.changes == ()
        assert [line[:9] for line in found.elsewhere] == ["- Request", "+ Plea fo"]


class TestAtWhichVersion:
    def test_another_amendment_in_between_is_a_conflict(self, desk: Desk) -> None:
        data = edited(draft(desk), SHORT)
        at_desk.amend(desk, CASE, Revision({"form.legal": "None."}, {}), ROSA)
        with pytest.raises(Conflict, match="is at version 2, not 1: somebody acted first"):
            proposed(desk, data)

    def test_a_version_that_is_named_counts_and_the_file_is_held_against_that(self, desk: Desk) -> None:
        data = edited(draft(desk), SHORT)
        at_desk.amend(desk, CASE, Revision({"form.legal": "None."}, {}), ROSA)
        found = proposed(desk, data, replace(ROSA, expect_version=2))
        assert [change.fact for change in found.changes] == ["executive_summary", "form.legal"]
        assert found.elsewhere == ()

    def test_a_conflict_is_met_too_where_somebody_acts_while_it_is_looked_at(self, desk: Desk) -> None:
        found = proposed(desk, edited(draft(desk), SHORT))
        at_desk.amend(desk, CASE, Revision({"form.legal": "None."}, {}), ROSA)
        with pytest.raises(Conflict):
            at_desk.amend(desk, CASE, found.revision, found.asked)


class TestRefusals:
    def test_a_text_that_was_taken_out_altogether_is_named(self, desk: Desk) -> None:
        body = parts_of(draft(desk))[MAIN].decode()
        tag = body.index('<w:tag w:val="assent:form.issues"/>')
        gone = body[body.rindex("<w:bookmarkStart", 0, tag) : body.index("<w:bookmarkEnd", tag)]
        with pytest.raises(InputError, match=r"no longer has the text of form\.issues$") as refused:
            proposed(desk, edited(draft(desk), (gone, "")))
        assert "--unset" in refused.value.advice()

    def test_a_text_that_was_changed_in_two_ways_is_named(self, desk: Desk) -> None:
        body = parts_of(draft(desk))[MAIN].decode()
        control = body[body.index("<w:sdt>") : body.index("</w:sdt>") + len("</w:sdt>")]
        both = control.replace("Money", "Gold") + control.replace("Money", "Silver")
        with pytest.raises(InputError, match="executive_summary in several places, changed in several ways"):
            proposed(desk, edited(draft(desk), (control, both)))

    def test_a_file_of_another_case_is_refused(self, desk: Desk) -> None:
        at_desk.open_paper(desk, "mopac", PAPER.read_bytes(), "paper.yaml", ROSA)
        with pytest.raises(InputError, match="is of another case than MOPAC-2018-2"):
            proposal(desk, "MOPAC-2018-2", draft(desk), ROSA, press)

    def test_a_file_of_a_later_version_than_there_is_comes_from_another_store(self, desk: Desk) -> None:
        version = queries.public_record(desk, CASE)[0].version
        later = edited(draft(desk), (f">{version}<", f">{version + 1}<"), part=PROPERTIES)
        with pytest.raises(InputError, match="was made from another store"):
            proposed(desk, later)

    def test_a_file_of_another_store_is_refused(self, desk: Desk) -> None:
        head = queries.public_record(desk, CASE)[1]
        other = edited(draft(desk), (head, head[::-1]), part=PROPERTIES)
        with pytest.raises(InputError, match="was made from another store"):
            proposed(desk, other)

    def test_a_text_of_part_2_is_not_taken_over_by_part_1(self, desk: Desk) -> None:
        at_desk.amend(desk, CASE, Revision({}, {"form.equality": "A secret."}), ROSA)
        with pytest.raises(InputError, match=r"has a text for form\.equality, which Part 2 states") as refused:
            proposed(desk, edited(draft(desk), ("Not recorded.", "Something public.")))
        assert "secret" not in str(refused.value)

    @pytest.mark.parametrize(
        ("words", "told"), [("日", r"U\+65E5"), ("a\u202eb", "cannot be printed"), ("[^x]", "note")]
    )
    def test_what_no_paper_may_say_is_refused_before_it_is_shown(self, desk: Desk, words: str, told: str) -> None:
        for part, before in ((1, "Money is limited."), (2, "Illustrative text: capital")):
            with pytest.raises(InputError, match=told) as refused:
                proposed(desk, edited(draft(desk, part), (before, f"Secretly {words}")))
            assert "Secretly" not in f"{refused.value} {refused.value.advice()}"
