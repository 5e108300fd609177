"""A case that was decided elsewhere comes into the record as it was told, and is marked as such."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import FileError, InputError
from tests.workflow.imported_papers import RECORDED_FACTS, imported_paper_bytes
from tests.workflow.walk import AUTHOR, CASE_ID, DMPC, PIB_CHAIR, act_on_case, request_by
from workflow.cases.paper import is_imported_paper, read_imported_paper
from workflow.errors import NotEntitled
from workflow.services import commands as at_desk
from workflow.services import queries, verification
from workflow.services.commands import Services

ON = "2018-05-01"


class TestEntering:
    def test_the_case_stands_at_the_stage_that_the_paper_names_with_what_acts_recorded(self, desk: Services) -> None:
        made = at_desk.open_case_from_paper(desk, "", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, ON))
        assert (made.case, made.version, made.event, made.stage, made.ruling) == (
            CASE_ID,
            1,
            "enter",
            "published",
            None,
        )
        case, _ = queries.load_public_case(desk, CASE_ID)
        assert case.facts["decided_on"] == date(2018, 4, 16)
        assert case.facts["dmpc.by"] == "Sophie Linden"
        assert case.imported_on == date(2018, 5, 1)
        assert "estimated_value" not in case.facts
        assert "estimated_value" in queries.load_case_snapshot(desk, CASE_ID).exempt_part.facts

    def test_the_ledger_says_so_and_can_do_it_again(self, desk: Services) -> None:
        at_desk.open_case_from_paper(desk, "mopac", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, ON))
        [entry] = queries.list_case_entries(desk, CASE_ID)
        assert (entry.kind, entry.on, entry.ruling) == ("entered", ON, "")
        verification.verify_ledger(desk, with_replay=True)

    def test_a_case_that_went_its_way_here_is_not_marked(self, desk: Services) -> None:
        at_desk.open_case(desk, "mopac", {"title": "A case"}, {}, request_by(AUTHOR, ON))
        assert queries.load_public_case(desk, CASE_ID)[0].imported_on is None

    def test_what_is_left_to_do_can_be_done_here(self, desk: Services) -> None:
        at_desk.open_case_from_paper(
            desk, "mopac", imported_paper_bytes("draft", ""), "past.yaml", request_by(AUTHOR, ON)
        )
        made = act_on_case(desk, "withdraw", AUTHOR, "2018-05-02", send_back__reason="It was decided elsewhere.")
        assert made.stage == "closed"
        verification.verify_ledger(desk, with_replay=True)

    @pytest.mark.parametrize(
        ("on", "told"), [("2018-04-15", "dmpc.on is 2018-04-16"), ("2018-04-10", "chief_executive.on is 2018-04-11")]
    )
    def test_no_act_is_told_of_a_day_after_that_of_entering(self, desk: Services, on: str, told: str) -> None:
        with pytest.raises(InputError, match=f"recorded.{told}, after {on}"):
            at_desk.open_case_from_paper(desk, "mopac", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, on))
        assert queries.list_cases(desk) == []
        assert (
            at_desk.open_case_from_paper(
                desk, "mopac", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, "2018-04-16")
            ).case
            == CASE_ID
        )

    @pytest.mark.parametrize("officer", [PIB_CHAIR, DMPC])
    def test_only_those_who_may_open_a_case_may_enter_one(self, desk: Services, officer: str) -> None:
        with pytest.raises(NotEntitled, match="may not open a case"):
            at_desk.open_case_from_paper(desk, "mopac", imported_paper_bytes(), "past.yaml", request_by(officer, ON))

    def test_the_paper_names_its_scheme_and_no_other_will_do(self, desk: Services) -> None:
        with pytest.raises(InputError, match="is a paper under mopac, not elsewhere"):
            at_desk.open_case_from_paper(desk, "elsewhere", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, ON))

    def test_a_paper_that_names_no_scheme_needs_one_said(self, desk: Services) -> None:
        with pytest.raises(InputError, match="under which scheme"):
            at_desk.open_case_from_paper(desk, "", b"public: {title: A case}\n", "paper.yaml", request_by(AUTHOR, ON))


class TestThePaper:
    @pytest.mark.parametrize(
        ("text", "past"),
        [
            (b"public: {title: A}\n", False),
            (b"public: {title: A}\nexempt: {}\n", False),
            (b"public: {title: A}\nrecorded: {}\n", True),
            (b"public: {title: A}\nstage: draft\n", True),
        ],
    )
    def test_it_is_known_by_its_keys(self, text: bytes, past: bool) -> None:
        assert is_imported_paper(text, "p.yaml") is past

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (b"stage: draft\npublic: {}\n", "p.yaml:1: has no key scheme"),
            (b"scheme: mopca\nstage: draft\npublic: {}\n", "p.yaml:1: scheme: 'mopca' is not a scheme"),
            (b"scheme: mopac\nstage: dream\npublic: {}\n", "p.yaml:2: stage: 'dream' is not a stage of mopac"),
            (b"scheme: mopac\npublic: {}\n", "p.yaml:1: has no key stage: add it, with one of draft, pib"),
            (b"scheme: mopac\nstage: draft\n", "has no key public"),
            (b"scheme: mopac\nstage: draft\npublic: {}\nreferences: {}\n", "p.yaml:4: references: is not a key"),
            (
                b"scheme: mopac\nstage: draft\npublic: {decided_on: 2018-04-16}\n",
                "p.yaml:3: public.decided_on: is not stated in a paper",
            ),
            (
                b"scheme: mopac\nstage: draft\npublic: {}\nrecorded:\n  title: A\n",
                "p.yaml:5: recorded.title: is not recorded by an act",
            ),
            (
                b"scheme: mopac\nstage: draft\npublic: {}\nrecorded:\n  case.stage: draft\n",
                "p.yaml:5: recorded.case.stage: is not recorded by an act",
            ),
            (
                b"scheme: mopac\nstage: draft\npublic: {}\nrecorded:\n  decided_on: 2018-02-30\n",
                "p.yaml:5: recorded.decided_on:",
            ),
        ],
    )
    def test_what_is_wrong_is_told_with_file_line_and_key(self, desk: Services, text: bytes, said: str) -> None:
        with pytest.raises(FileError) as error:
            read_imported_paper(text, "p.yaml", desk.library.scheme)
        assert said in str(error.value)

    def test_all_faults_are_told_at_once(self, desk: Services) -> None:
        text = b"scheme: mopac\nstage: dream\npublic: {tilte: A}\nrecorded: {title: A}\n"
        with pytest.raises(FileError) as error:
            read_imported_paper(text, "p.yaml", desk.library.scheme)
        assert len(error.value.faults) == 3

    def test_what_stands_in_part_2_is_not_repeated(self, desk: Services) -> None:
        text = b"scheme: mopac\nstage: draft\npublic: {}\nexempt: {estimated_value: Okapi}\n"
        with pytest.raises(FileError) as error:
            read_imported_paper(text, "p.yaml", desk.library.scheme)
        assert "Okapi" not in str(error.value)

    def test_what_acts_recorded_is_read_as_facts(self, desk: Services) -> None:
        past = read_imported_paper(imported_paper_bytes(), "p.yaml", desk.library.scheme)
        assert past.recorded["dmpc.on"] == date(2018, 4, 16)
        assert len(past.recorded) == RECORDED_FACTS.count(": ")
