"""The operating system's account, and where the ledger keeps it."""

from __future__ import annotations

import json
import os
import pwd
from dataclasses import replace

import pytest

from tests.workflow.walk import AUTHOR, CASE_ID, act_on_case, request_by, walk_to_stage
from workflow.adapters.account import find_account
from workflow.errors import Refusal
from workflow.history.officer_records import OFFICERS_STREAM
from workflow.services import officer_commands, queries, verification
from workflow.services.commands import Services


def fake_account(name: str) -> pwd.struct_passwd:
    return pwd.struct_passwd((name, "x", 0, 0, "", "/", "/bin/sh"))


def test_the_account_is_that_of_the_process_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME", "SUDO_USER"):
        monkeypatch.setenv(variable, "somebody-else")
    monkeypatch.setattr(pwd, "getpwuid", lambda _number: fake_account("jgreen"))
    assert find_account() == "jgreen"


def test_an_account_without_a_name_is_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_nobody(_number: int) -> pwd.struct_passwd:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", find_nobody)
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    assert find_account() == "54321"


def test_a_name_that_is_not_utf_8_can_be_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwuid", lambda _number: fake_account("j\udcffgreen"))
    assert find_account() == "j?green"


def test_acts_and_refusals_keep_the_account_and_replay_takes_it_from_them(services: Services) -> None:
    walk_to_stage(services, "draft")
    typist = replace(services, account="jgreen")
    act_on_case(typist, "submit", AUTHOR, "2018-03-08")
    with pytest.raises(Refusal):
        act_on_case(typist, "approve", "deputy-mayor", "2018-03-08")
    items = [item.as_json() for item in queries.list_case_history(services, CASE_ID)]
    assert [item["account"] for item in items] == [None, None, "jgreen", "jgreen"]
    verification.verify_ledger(services, with_replay=True)


def test_the_record_of_an_officer_keeps_the_account(services: Services) -> None:
    typist = replace(services, account="jgreen")
    officer_commands.add_officer(
        typist, "New Name", officer_commands.RoleAppointment("mopac", ("author",)), request_by("", "2018-03-01")
    )
    with services.store.read_transaction() as transaction:
        *_, last = transaction.entries_without_rulings(OFFICERS_STREAM)
    assert json.loads(last.body)["account"] == "jgreen"
    assert "New Name" in [view.officer.name for view in queries.list_officers(services)]
