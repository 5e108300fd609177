"""Nothing of Part 2 stands in what is public of the record. Every fact of a case is put there, each with a mark."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from decisions.issuing.issue import issue_document
from decisions.issuing.jobs import RenderJob
from decisions.output.pdf import render_file
from rules.errors import Error
from rules.values.facts import FactValue, address_of, format_value, split_address, subject_kind_of
from rules.values.money import Money, Vat
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
from workflow.services import commands as at_desk
from workflow.services import queries, verification
from workflow.services.audit import _RecordedCase, audit_cases
from workflow.services.commands import Request, Revision, Services
from workflow.services.diary import find_due_dates

SCHEME = shipped_library().scheme("mopac")
CLAIM = {"section": "s43", "limb": "commercial_interests"}
KEY = "zebra-quagga"  # the key of subjects that only Part 2 knows


def marks() -> dict[str, FactValue]:
    """Every fact that a paper may state, each with a value that stands nowhere else, in Part 2."""
    real = read_paper(paper_bytes(), "p", SCHEME)
    facts: dict[str, FactValue] = {**real.public, **real.exempt}
    for name, declared in SCHEME.rulebook.facts.items():
        keys = [""] if subject_kind_of(name) == "case" else ["s43", KEY] if name.startswith("exemption") else [KEY]
        for key in keys:
            where = address_of(name, key)
            if SCHEME.may_be_stated(where):
                facts[where] = _mark(declared.kind, declared.choices, len(facts))
    for place, where in enumerate(facts):
        declared = SCHEME.fact_declaration(split_address(where)[0])
        if declared.kind in ("text", "count"):
            facts[where] = _mark(declared.kind, {}, place)
    # Where the choice matters for getting on; these values stand in the packs as well, and are no marks.
    chosen: dict[str, FactValue] = {
        "exemption:s43.public_interest": "withhold",
        f"exemption:{KEY}.public_interest": "withhold",
        **{f"exemption:{key}.{fact}": choice for key in ("s43", KEY) for fact, choice in CLAIM.items()},
        **{f"{kind}:{KEY}.under": "s43" for kind in ("section", "recommendation", "figure")},
        f"section:{KEY}.marking": "official",
        "part_2.marking": "official_sensitive_commercial",
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
    return {where: value for where, value in facts.items() if where in ("procurement_route", "modification_ground")}


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
    """How each mark could be written."""
    yield from ("Okapi", "Narwhal", KEY, "zebra", "quagga")
    for where, value in MARKS.items():
        if isinstance(value, Money):
            yield from (str(value.pence), str(value).split()[0])
        elif isinstance(value, date) and where != "deferral.until":
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
def said_aloud(path: Path) -> dict[str, str]:
    """Everything that the desk says of the case on its way, by what was asked."""
    desk = new_services(path)
    told: dict[str, list[object]] = {"receipts": [], "refusals": [], "next": [], "explain": [], "errors": []}
    at_desk.add_officer(desk, "Two Hats", "mopac", ["governance", "author"], request_by("", "2018-03-01"))
    told["receipts"].append(receipt(at_desk.open_case(desk, "mopac", {}, MARKS, request_by(AUTHOR, "2018-03-07"))))
    look(desk, told)
    for step in accepted_steps():
        if not step.act:
            continue
        tries = [("approve", DMPC), (step.act, "two-hats"), ("declare", step.officer), (step.act, step.officer)]
        for other, officer in tries:
            try:  # a stage too early, who may not, what is left out
                at_desk.perform_action(desk, CASE_ID, other, {}, Request(officer, step.on))
            except Refusal as refused:
                told["refusals"] += [
                    str(refused),
                    refused.advice(),
                    refused.ruling.as_receipt(),
                    [f.as_json() for f in refused.ruling.findings],
                ]
            except Error as error:
                told["errors"] += [str(error), error.advice()]
            else:
                break
        else:
            told["receipts"].append(
                receipt(at_desk.perform_action(desk, CASE_ID, step.act, step.stated, Request(step.officer, step.on)))
            )
        look(desk, told)
    told["history"] = [[tuple(entry) for entry in queries.list_case_entries(desk, CASE_ID)]]
    told["list"] = [[tuple(row) for row in queries.list_cases(desk)]]
    for kind in ("decision-form", "iab-report"):
        made, data, _ = issue_document(desk, RenderJob(CASE_ID, kind, 1, "html"), Request(""), render_file)
        told[kind] = [made.as_json(), data.decode()]
    issue_document(desk, RenderJob(CASE_ID, "decision-form", 2, "html"), Request(""), render_file)
    [found] = audit_cases(desk, [CASE_ID]).cases
    told["audit"] = [found.as_json(), [one.as_json() for one in found.findings]]
    entered = _RecordedCase("past.yaml", SCHEME, "published", queries.load_public_case(desk, CASE_ID)[0].facts, MARKS)
    told["file"] = [
        [finding.as_json() for finding in ruling.findings] for ruling, _ in entered.make_all_rulings(date(2018, 5, 1))
    ]
    # The day itself is what the diary is for, also where it stands in Part 2: it is for officers.
    told["diary"] = [{**one.as_json(), "day": ""} for one in find_due_dates(desk, date(2099, 1, 1))]
    desk.store.close()
    return {what: repr(words) for what, words in told.items()}


def receipt(made: at_desk.Receipt) -> list[object]:
    return [made.as_json(), [f.as_json() for f in made.ruling.findings] if made.ruling else None]


def look(desk: Services, told: dict[str, list[object]]) -> None:
    case, head = queries.load_public_case(desk, CASE_ID)
    told.setdefault("show", []).append([case.id, case.title, case.stage, serialize_facts(case.facts), head])
    on = date(2018, 5, 1)
    _, steps = queries.list_next_actions(desk, CASE_ID, on)
    told["next"] += [
        [step.action, step.label, step.asks, *(f.as_json() for f in step.ruling.findings)] for step in steps
    ]
    for name in SCHEME.declaration.actions:
        told["explain"] += [finding.as_json() for finding in explain_action(desk, CASE_ID, name, {}, on).findings]


def test_the_case_went_all_the_way_with_everything_in_part_2(said_aloud: dict[str, str], path: Path) -> None:
    desk = services_at(path)
    assert queries.load_public_case(desk, CASE_ID)[0].stage == "published"
    assert said_aloud["refusals"].count("'action': 'approve'") > 3
    verification.verify_ledger(desk, with_replay=True)


@pytest.mark.parametrize(
    "what",
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
        "file",
        "diary",
    ],
)
def test_no_mark_is_said_aloud(said_aloud: dict[str, str], what: str) -> None:
    assert len(said_aloud[what]) > 2
    assert leaks(said_aloud[what]) == []


def test_no_mark_stands_in_a_public_table(said_aloud: dict[str, str], path: Path) -> None:
    assert said_aloud
    with closing(sqlite3.connect(path)) as raw:
        tables = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert set(tables) == {"ledger", "exempt", "pack", "case_view"}
        for table in ("ledger", "case_view", "pack"):
            for row in raw.execute(f'SELECT * FROM "{table}"'):  # noqa: S608
                assert leaks(repr(row)) == []


def test_every_mark_stands_in_the_whole_record(said_aloud: dict[str, str], path: Path) -> None:
    assert said_aloud
    file = queries.load_case_snapshot(services_at(path), CASE_ID)
    assert dict(file.exempt_part.facts) == MARKS
    whole = to_canonical_json(serialize_facts(file.exempt_part.facts))
    with closing(sqlite3.connect(path)) as raw:
        kept = "".join(row[0] for row in raw.execute("SELECT body FROM exempt"))
    for text in (whole, kept):
        assert {"Okapi", KEY} <= set(leaks(text))
        for value in MARKS.values():
            spelt = (
                str(value.pence) if isinstance(value, Money) else value.isoformat() if isinstance(value, date) else ""
            )
            assert spelt in text


def test_the_names_of_files_tell_nothing(path: Path) -> None:
    assert leaks(" ".join(file.name for file in path.parent.iterdir())) == []


class TestSubjectsThatOnlyPart2Knows:
    """Their keys are words of the author's, and how many there are is a figure of the case."""

    def rulings(self, path: Path, number: int) -> tuple[str, list[str]]:
        desk = new_services(path)
        real = read_paper(paper_bytes(), "p", SCHEME)
        exempt = dict(real.exempt)
        for place in range(number):
            exempt |= {f"exemption:{KEY}{place}.section": "s43", f"recommendation:{KEY}{place}.body": "pib"}
        at_desk.open_case(desk, "mopac", real.public, exempt, request_by(AUTHOR, "2018-03-07"))
        ruling = explain_action(desk, CASE_ID, "submit", {}, date(2018, 3, 7))
        with pytest.raises(Refusal) as refused:
            at_desk.perform_action(desk, CASE_ID, "submit", {}, request_by(AUTHOR, "2018-03-07"))
        verification.verify_ledger(desk, with_replay=True)
        desk.store.close()
        public = refused.value.ruling.as_receipt()
        return repr([refused.value.advice(), [f.as_json() for f in ruling.findings], public]), [
            f"{finding.control} {finding.subject} {finding.outcome}" for finding in ruling.findings
        ]

    def test_they_have_no_name(self, tmp_path: Path) -> None:
        text, findings = self.rulings(tmp_path / "a.db", 2)
        assert leaks(text) == []
        assert "foia.limb_stated exemption:held in Part 2 undetermined" in findings or (
            "foia.limb_stated exemption:held in Part 2 breached" in findings
        )
        assert "State exemption:held in Part 2.limb" in text

    def test_they_are_not_counted(self, tmp_path: Path) -> None:
        counted = {}
        for number in (1, 2, 5):
            text, findings = self.rulings(tmp_path / f"{number}.db", number)
            digests = text.count("held in Part 2': '")
            counted[number] = (findings, digests)
        assert counted[1] == counted[2] == counted[5]


class TestErrors:
    """What an officer typed for Part 2 is not repeated: errors are printed, kept, and sent on."""

    @pytest.mark.parametrize(
        ("where", "typed"),
        [
            ("estimated_value", "£2,45O,777 ex VAT"),
            ("estimated_value", "2450777"),
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
    def test_a_malformed_value_of_part_2_is_not_repeated(self, tmp_path: Path, where: str, typed: str) -> None:
        desk = new_services(tmp_path / "a.db")
        at_desk.open_case_from_paper(desk, "mopac", paper_bytes(), "p.yaml", request_by(AUTHOR, "2018-03-07"))
        with pytest.raises(Error, match=where) as error:
            at_desk.amend_paper(desk, CASE_ID, Revision({}, {where: typed}), request_by(AUTHOR, "2018-03-08"))
        text = f"{error.value} {error.value.advice()}"
        assert not any(part in text for part in ("2450777", "2,45O", "777", "02-30", "February"))
        assert len(text) < 500

    def test_a_malformed_public_value_is_repeated_so_that_it_can_be_found(self, tmp_path: Path) -> None:
        desk = new_services(tmp_path / "a.db")
        at_desk.open_case_from_paper(desk, "mopac", paper_bytes(), "p.yaml", request_by(AUTHOR, "2018-03-07"))
        with pytest.raises(Error, match="2450777"):
            at_desk.amend_paper(
                desk, CASE_ID, Revision({"required_by": "2450777"}, {}), request_by(AUTHOR, "2018-03-08")
            )

    def test_a_refused_act_on_a_case_with_part_2_tells_nothing_in_its_error(self, tmp_path: Path) -> None:
        desk = new_services(tmp_path / "a.db")
        at_desk.open_case(desk, "mopac", {}, MARKS, request_by(AUTHOR, "2018-03-07"))
        for action in SCHEME.declaration.actions:
            with pytest.raises(Error) as error:
                at_desk.perform_action(desk, CASE_ID, action, {}, request_by(PIB_CHAIR, "2018-03-08"))
            assert leaks(f"{error.value} {error.value.advice()}") == []
