"""Leakage: the public record holds nothing of Part 2.

Every fact that a paper may state is put into Part 2, each with a value (a mark) that stands nowhere else.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from decisions.issuing.issue import issue_document
from decisions.issuing.jobs import RenderJob
from rules.errors import Error
from rules.values.facts import FactValue, address_of, format_value, split_address
from rules.values.money import Money, Vat
from tests.rendered_documents import render_once
from tests.workflow.walk import (
    AUTHOR,
    CASE_ID,
    DMPC,
    PIB_CHAIR,
    accepted_steps,
    explain_action,
    new_services,
    paper_bytes,
    request_by,
    services_at,
    shipped_library,
)
from workflow.cases.paper import read_paper
from workflow.errors import Refusal
from workflow.ledger.canonical_json import serialize_facts, to_canonical_json
from workflow.services import act_queries, commands, officer_commands, queries, verification
from workflow.services.command_context import Receipt
from workflow.services.commands import Request, Revision, Services
from workflow.services.diary import find_due_dates
from workflow.services.ledger_audit import audit_cases
from workflow.services.recorded_case import RecordedCase

SCHEME = shipped_library().scheme("mopac")
CLAIM = {"section": "s43", "limb": "commercial_interests"}
KEY = "zebra-quagga"  # the key of subjects that only Part 2 names


def marks() -> dict[str, FactValue]:
    """Return every fact that a paper may state, each with a value that stands nowhere else."""
    real = read_paper(paper_bytes(), "p", SCHEME)
    facts: dict[str, FactValue] = {**real.public, **real.exempt}
    for name, declared in SCHEME.rulebook.facts.items():
        kind = SCHEME.rulebook.facts.subject_kind_of(name)
        keys = [""] if kind == "case" else ["s43", KEY] if kind == "exemption" else [KEY]
        for key in keys:
            address = address_of(name, key)
            if SCHEME.may_be_stated(address) and not declared.names_case:  # the number of a case is no mark
                facts[address] = _mark(declared.kind, declared.choices, len(facts))
    for place, address in enumerate(facts):
        declared = SCHEME.fact_declaration(split_address(address)[0])
        if declared.kind in ("text", "count"):
            facts[address] = _mark(declared.kind, {}, place)
    # The case needs these choices to be accepted; the values stand in the packs too, so they are not marks.
    chosen: dict[str, FactValue] = {
        "exemption:s43.public_interest": "withhold",
        f"exemption:{KEY}.public_interest": "withhold",
        **{f"exemption:{key}.{fact}": choice for key in ("s43", KEY) for fact, choice in CLAIM.items()},
        **{f"{kind}:{KEY}.under": "s43" for kind in ("section", "recommendation", "figure")},
        f"section:{KEY}.marking": "official",
        "part_2.marking": "official_sensitive_commercial",
        "function.listed": "objectives",
        "function.passed_to": "deputy_mayor",
    }
    answers: dict[str, FactValue] = {
        "deferral.asked": True,
        "deferral.until": date(2018, 4, 17),
        "part_2.exists": True,
        "matter.novel": True,
        "modification.original_value": Money(987_654_320_99, Vat.EXCLUDED),  # so that a change is within bounds
    }
    days: dict[str, FactValue] = {"procurement_commenced_on": date(2019, 11, 23), "part_2.made_on": date(2017, 2, 23)}
    return {**facts, **real_choices(real.exempt), **chosen, **answers, **days}


def real_choices(facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
    return {
        address: value for address, value in facts.items() if address in ("procurement_route", "modification_ground")
    }


def _mark(kind: str, choices: Mapping[str, str], number: int) -> FactValue:
    values: dict[str, FactValue] = {
        "text": f"Okapi {number} Narwhal",
        "money": Money(98_765_432_00 + number, Vat.EXCLUDED),
        "day": date(2031, 7, 1) + timedelta(days=number),
        "count": 765_432_100_000 + number,
        "flag": True,
    }
    return values[kind] if kind in values else next(iter(choices))


MARKS = marks()


def spellings() -> Iterator[str]:
    """Yield each way to write each mark."""
    yield from ("Okapi", "Narwhal", KEY, "zebra", "quagga")
    for address, value in MARKS.items():
        if isinstance(value, Money):
            yield from (str(value.pence), str(value).split()[0])
        elif isinstance(value, date) and address != "deferral.until":
            yield from (value.isoformat(), format_value(value))
        elif isinstance(value, int) and not isinstance(value, bool):
            yield str(value)


SPELLINGS = tuple(dict.fromkeys(spellings()))


def leaks(text: str) -> list[str]:
    return [mark for mark in SPELLINGS if mark in text]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("leakage") / "assent.db"


@pytest.fixture(scope="module")
def everything_shown(path: Path) -> dict[str, str]:
    """Return all that queries, receipts, errors and documents show of the case on its way, by their kind."""
    services = new_services(path)
    shown: dict[str, list[object]] = {"receipts": [], "refusals": [], "next": [], "explain": [], "errors": []}
    officer_commands.add_officer(
        services,
        "Two Hats",
        officer_commands.RoleAppointment("mopac", ("governance", "author")),
        request_by("", "2018-03-01"),
    )
    shown["receipts"].append(
        receipt_json(commands.open_case(services, "mopac", {}, MARKS, request_by(AUTHOR, "2018-03-07")))
    )
    add_query_results(services, shown)
    for step in accepted_steps():
        if not step.act:
            continue
        tries = [("approve", DMPC), (step.act, "two-hats"), ("declare", step.officer), (step.act, step.officer)]
        for other, officer in tries:
            try:  # at the wrong stage, without entitlement, without answers
                commands.perform_action(services, CASE_ID, commands.TypedAct(other), Request(officer, step.on))
            except Refusal as refused:
                shown["refusals"] += [
                    str(refused),
                    refused.advice(),
                    refused.ruling.as_receipt(),
                    [f.as_json() for f in refused.ruling.findings],
                ]
            except Error as error:
                shown["errors"] += [str(error), error.advice()]
            else:
                break
        else:
            shown["receipts"].append(
                receipt_json(
                    commands.perform_action(
                        services, CASE_ID, commands.TypedAct(step.act, step.stated), Request(step.officer, step.on)
                    )
                )
            )
        add_query_results(services, shown)
    shown["history"] = [[tuple(entry) for entry in queries.list_case_entries(services, CASE_ID)]]
    shown["history"] += [item.as_json() for item in queries.list_case_history(services, CASE_ID)]
    shown["list"] = [[tuple(row), row.as_json()] for row in queries.list_cases(services)]
    for kind in ("decision-form", "iab-report"):
        issued, data, _ = issue_document(services, RenderJob(CASE_ID, kind, 1, "html"), Request(""), render_once)
        shown[kind] = [issued.as_json(), data.decode()]
    issue_document(services, RenderJob(CASE_ID, "decision-form", 2, "html"), Request(""), render_once)
    [audited] = audit_cases(services, [CASE_ID]).cases
    shown["audit"] = [audited.as_json(), *(found.as_json() for found in audited.findings)]
    recorded_case = RecordedCase(
        "past.yaml", SCHEME, "published", queries.load_public_case(services, CASE_ID)[0].facts, MARKS
    )
    shown["paper"] = [
        [finding.as_json() for finding in ruling.findings]
        for ruling, _ in recorded_case.make_all_rulings(date(2018, 5, 1))
    ]
    # The diary is for officers, so it may show a day of Part 2.
    shown["diary"] = [{**due.as_json(), "day": ""} for due in find_due_dates(services, date(2099, 1, 1))]
    services.store.close()
    return {kind: repr(values) for kind, values in shown.items()}


def receipt_json(receipt: Receipt) -> list[object]:
    return [receipt.as_json(), [f.as_json() for f in receipt.ruling.findings] if receipt.ruling else None]


def add_query_results(services: Services, shown: dict[str, list[object]]) -> None:
    shown.setdefault("show", []).append(queries.load_case_view(services, CASE_ID, with_part_2=False).as_json())
    on = date(2018, 5, 1)
    found = act_queries.list_next_actions(services, CASE_ID, on)
    shown["next"] += [found.as_json(), [f.as_json() for action in found.actions for f in action.ruling.findings]]
    for name in SCHEME.declaration.actions:
        shown["explain"] += [finding.as_json() for finding in explain_action(services, CASE_ID, name, {}, on).findings]


def test_the_case_is_published_with_every_fact_in_part_2(everything_shown: dict[str, str], path: Path) -> None:
    services = services_at(path)
    assert queries.load_public_case(services, CASE_ID)[0].stage == "published"
    assert everything_shown["refusals"].count("'action': 'approve'") > 3
    verification.verify_ledger(services, with_replay=True)


@pytest.mark.parametrize(
    "kind",
    [
        "show",
        "next",
        "explain",
        "receipts",
        "refusals",
        "errors",
        "history",
        "list",
        "decision-form",
        "iab-report",
        "audit",
        "paper",
        "diary",
    ],
)
def test_nothing_shown_holds_a_mark(everything_shown: dict[str, str], kind: str) -> None:
    assert len(everything_shown[kind]) > 2
    assert leaks(everything_shown[kind]) == []


def test_no_public_table_holds_a_mark(everything_shown: dict[str, str], path: Path) -> None:
    assert everything_shown
    with closing(sqlite3.connect(path)) as raw:
        tables = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert set(tables) == {"ledger", "exempt", "pack", "case_view", "alembic_version"}
        for table in ("ledger", "case_view", "pack", "alembic_version"):
            for row in raw.execute(f'SELECT * FROM "{table}"'):  # noqa: S608
                assert leaks(repr(row)) == []


def test_part_2_holds_every_mark(everything_shown: dict[str, str], path: Path) -> None:
    assert everything_shown
    snapshot = queries.load_case_snapshot(services_at(path), CASE_ID)
    assert dict(snapshot.exempt_part.facts) == MARKS
    whole = to_canonical_json(serialize_facts(snapshot.exempt_part.facts))
    with closing(sqlite3.connect(path)) as raw:
        kept = "".join(row[0] for row in raw.execute("SELECT body FROM exempt"))
    for text in (whole, kept):
        assert {"Okapi", KEY} <= set(leaks(text))
        for value in MARKS.values():
            spelt = (
                str(value.pence) if isinstance(value, Money) else value.isoformat() if isinstance(value, date) else ""
            )
            assert spelt in text


def test_no_file_name_holds_a_mark(path: Path) -> None:
    assert leaks(" ".join(file.name for file in path.parent.iterdir())) == []


class TestSubjectsThatOnlyPart2Names:
    """Their keys are words of the author, and their number is a figure of the case."""

    def rulings(self, path: Path, number: int) -> tuple[str, list[str]]:
        services = new_services(path)
        real = read_paper(paper_bytes(), "p", SCHEME)
        exempt = dict(real.exempt)
        for place in range(number):
            exempt |= {f"exemption:{KEY}{place}.section": "s43", f"recommendation:{KEY}{place}.body": "pib"}
        commands.open_case(services, "mopac", real.public, exempt, request_by(AUTHOR, "2018-03-07"))
        ruling = explain_action(services, CASE_ID, "submit", {}, date(2018, 3, 7))
        with pytest.raises(Refusal) as refused:
            commands.perform_action(services, CASE_ID, commands.TypedAct("submit"), request_by(AUTHOR, "2018-03-07"))
        verification.verify_ledger(services, with_replay=True)
        services.store.close()
        public = refused.value.ruling.as_receipt()
        return repr([refused.value.advice(), [f.as_json() for f in ruling.findings], public]), [
            f"{finding.control} {finding.subject} {finding.outcome}" for finding in ruling.findings
        ]

    def test_their_keys_stay_hidden(self, tmp_path: Path) -> None:
        text, findings = self.rulings(tmp_path / "a.db", 2)
        assert leaks(text) == []
        assert "foia.limb_stated exemption:held in Part 2 undetermined" in findings or (
            "foia.limb_stated exemption:held in Part 2 breached" in findings
        )
        assert "“Limb of the section” (exemption:held in Part 2.limb)" in text

    def test_their_number_stays_hidden(self, tmp_path: Path) -> None:
        counted = {}
        for number in (1, 2, 5):
            text, findings = self.rulings(tmp_path / f"{number}.db", number)
            digests = text.count("held in Part 2': '")
            counted[number] = (findings, digests)
        assert counted[1] == counted[2] == counted[5]


class TestErrors:
    """Errors are printed, kept and sent on, so they must not repeat what an officer typed for Part 2."""

    @pytest.mark.parametrize(
        ("address", "typed"),
        [
            ("estimated_value", "£2,45O,777 ex VAT"),
            ("estimated_value", "2450777.9"),
            ("estimated_value", "£2450777 plus tax"),
            ("estimated_value", "2450777.999 ex VAT"),
            ("estimated_value", "-2450777 ex VAT"),
            ("estimated_value", "2450777e9 ex VAT"),
            ("contract_kind", "2450777"),
            ("procurement_commenced_on", "2450777"),
            ("procurement_commenced_on", "2018-02-30"),
            ("matter.novel", "2450777"),
            ("recommendation:x.number", "2450777-"),
            ("confidential.financial", "2450777\u202e"),
            ("confidential.financial", "2450777" * 10_000),
            ("exemption:s43.limb", "2450777" * 10_000),
        ],
    )
    def test_a_malformed_value_of_part_2_is_not_repeated(self, tmp_path: Path, address: str, typed: str) -> None:
        services = new_services(tmp_path / "a.db")
        commands.open_case_from_paper(services, "mopac", paper_bytes(), "p.yaml", request_by(AUTHOR, "2018-03-07"))
        with pytest.raises(Error, match=address) as error:
            commands.amend_paper(services, CASE_ID, Revision({}, {address: typed}), request_by(AUTHOR, "2018-03-08"))
        text = f"{error.value} {error.value.advice()}"
        assert not any(part in text for part in ("2450777", "2,45O", "777", "02-30", "February"))
        assert len(text) < 500

    def test_a_malformed_public_value_is_repeated(self, tmp_path: Path) -> None:
        services = new_services(tmp_path / "a.db")
        commands.open_case_from_paper(services, "mopac", paper_bytes(), "p.yaml", request_by(AUTHOR, "2018-03-07"))
        with pytest.raises(Error, match="2450777"):
            commands.amend_paper(
                services, CASE_ID, Revision({"required_by": "2450777"}, {}), request_by(AUTHOR, "2018-03-08")
            )

    def test_the_error_of_a_refused_act_holds_no_mark(self, tmp_path: Path) -> None:
        services = new_services(tmp_path / "a.db")
        commands.open_case(services, "mopac", {}, MARKS, request_by(AUTHOR, "2018-03-07"))
        for action in SCHEME.declaration.actions:
            with pytest.raises(Error) as error:
                commands.perform_action(
                    services, CASE_ID, commands.TypedAct(action), request_by(PIB_CHAIR, "2018-03-08")
                )
            assert leaks(f"{error.value} {error.value.advice()}") == []
