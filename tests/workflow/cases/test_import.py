"""Import of a case that was decided elsewhere: it keeps its own record and is marked as imported."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import FileError, InputError
from tests.workflow.imported_papers import RECORDED_FACTS, imported_paper_bytes
from tests.workflow.walk import AUTHOR, CASE_ID, DMPC, PIB_CHAIR, act_on_case, request_by
from workflow.cases.paper import is_imported_paper, read_imported_paper
from workflow.errors import NotEntitled
from workflow.services import commands, queries, verification
from workflow.services.commands import Services

ON = "2018-05-01"


class TestImporting:
    def test_the_case_has_the_stage_and_the_recorded_facts_of_the_paper(self, services: Services) -> None:
        receipt = commands.open_case_from_paper(
            services, "", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, ON)
        )
        assert (receipt.case, receipt.version, receipt.event, receipt.stage, receipt.ruling) == (
            CASE_ID,
            1,
            "enter",
            "published",
            None,
        )
        case, _ = queries.load_public_case(services, CASE_ID)
        assert case.facts["decided_on"] == date(2018, 4, 16)
        assert case.facts["dmpc.by"] == "Sophie Linden"
        assert case.imported_on == date(2018, 5, 1)
        assert "estimated_value" not in case.facts
        assert "estimated_value" in queries.load_case_snapshot(services, CASE_ID).exempt_part.facts

    def test_the_ledger_records_the_import_and_replays_it(self, services: Services) -> None:
        commands.open_case_from_paper(services, "mopac", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, ON))
        [entry] = queries.list_case_entries(services, CASE_ID)
        assert (entry.kind, entry.on, entry.ruling) == ("entered", ON, "")
        verification.verify_ledger(services, with_replay=True)

    def test_a_case_that_was_opened_here_is_not_marked(self, services: Services) -> None:
        commands.open_case(services, "mopac", {"title": "A case"}, {}, request_by(AUTHOR, ON))
        assert queries.load_public_case(services, CASE_ID)[0].imported_on is None

    def test_an_imported_case_can_go_on_here(self, services: Services) -> None:
        commands.open_case_from_paper(
            services, "mopac", imported_paper_bytes("draft", ""), "past.yaml", request_by(AUTHOR, ON)
        )
        receipt = act_on_case(services, "withdraw", AUTHOR, "2018-05-02", send_back__reason="It was decided elsewhere.")
        assert receipt.stage == "closed"
        verification.verify_ledger(services, with_replay=True)

    @pytest.mark.parametrize(
        ("on", "act_day"), [("2018-04-15", "dmpc.on is 2018-04-16"), ("2018-04-10", "chief_executive.on is 2018-04-11")]
    )
    def test_no_act_may_be_dated_after_the_import(self, services: Services, on: str, act_day: str) -> None:
        with pytest.raises(InputError, match=f"recorded.{act_day}, after {on}"):
            commands.open_case_from_paper(
                services, "mopac", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, on)
            )
        assert not queries.list_cases(services)
        assert (
            commands.open_case_from_paper(
                services, "mopac", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, "2018-04-16")
            ).case
            == CASE_ID
        )

    @pytest.mark.parametrize("officer", [PIB_CHAIR, DMPC])
    def test_only_those_who_may_open_a_case_may_import_one(self, services: Services, officer: str) -> None:
        with pytest.raises(NotEntitled, match="may not open a case"):
            commands.open_case_from_paper(
                services, "mopac", imported_paper_bytes(), "past.yaml", request_by(officer, ON)
            )

    def test_the_paper_cannot_be_imported_under_another_scheme(self, services: Services) -> None:
        with pytest.raises(InputError, match="is a paper under mopac, not elsewhere"):
            commands.open_case_from_paper(
                services, "elsewhere", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, ON)
            )

    def test_a_paper_that_names_no_scheme_needs_the_option(self, services: Services) -> None:
        with pytest.raises(InputError, match="under which scheme"):
            commands.open_case_from_paper(
                services, "", b"public: {title: A case}\n", "paper.yaml", request_by(AUTHOR, ON)
            )


class TestImportedPaper:
    @pytest.mark.parametrize(
        ("text", "is_imported"),
        [
            (b"public: {title: A}\n", False),
            (b"public: {title: A}\nexempt: {}\n", False),
            (b"public: {title: A}\nrecorded: {}\n", True),
            (b"public: {title: A}\nstage: draft\n", True),
        ],
    )
    def test_it_is_recognised_by_its_keys(self, text: bytes, is_imported: bool) -> None:
        assert is_imported_paper(text, "p.yaml") is is_imported

    @pytest.mark.parametrize(
        ("text", "message"),
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
    def test_a_fault_names_file_line_and_key(self, services: Services, text: bytes, message: str) -> None:
        with pytest.raises(FileError) as error:
            read_imported_paper(text, "p.yaml", services.library.scheme)
        assert message in str(error.value)

    def test_all_faults_are_listed_at_once(self, services: Services) -> None:
        text = b"scheme: mopac\nstage: dream\npublic: {tilte: A}\nrecorded: {title: A}\n"
        with pytest.raises(FileError) as error:
            read_imported_paper(text, "p.yaml", services.library.scheme)
        assert len(error.value.faults) == 3

    def test_a_fault_does_not_repeat_an_exempt_value(self, services: Services) -> None:
        text = b"scheme: mopac\nstage: draft\npublic: {}\nexempt: {estimated_value: Okapi}\n"
        with pytest.raises(FileError) as error:
            read_imported_paper(text, "p.yaml", services.library.scheme)
        assert "Okapi" not in str(error.value)

    def test_recorded_facts_are_parsed(self, services: Services) -> None:
        imported = read_imported_paper(imported_paper_bytes(), "p.yaml", services.library.scheme)
        assert imported.recorded["dmpc.on"] == date(2018, 4, 16)
        assert len(imported.recorded) == RECORDED_FACTS.count(": ")
