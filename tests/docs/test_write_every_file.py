"""Whoever follows the page on every file of an authority, and nothing else, has an authority that is sound."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from rules.authoring.file_kinds import kind_of_file
from rules.authoring.json_schema import file_schema
from rules.errors import Fault, FileError
from rules.packs.library import Library
from rules.reading.pack_folder import read_pack_files
from rules.reading.yaml_reader import read_yaml
from tests.docs.pages import ROOT, FileText, read_steps
from tests.rules.authoring.proofs import proof_faults
from tests.rules.authoring.test_json_schema import as_editors_see

PAGE = ROOT / "docs" / "how-to" / "write-every-file.md"
MESSAGES = ROOT / "docs" / "how-to" / "mend-a-scheme.md"
PACKS = "packs"
SCHEME = "wexcombe"
MISTAKE_ROW = re.compile(r"^\| `(.+?)` \| ", re.MULTILINE)
LAW, EXAMPLES = "law/grants-act.yaml", "law/grants-act.examples.yaml"
HEAD, RULES = "schemes/wexcombe/scheme.yaml", "schemes/wexcombe/rules.yaml"
WALKS = "schemes/wexcombe/examples.yaml"


def written(folder: Path) -> Path:
    """Return the folder of packs after every file of the page has been written."""
    for step in read_steps(PAGE):
        if isinstance(step, FileText):
            step.write(folder)
    return folder / PACKS


def test_the_authority_is_sound(tmp_path: Path) -> None:
    assert proof_faults(Library.load([written(tmp_path)]), SCHEME) == ()


def test_each_file_keeps_to_its_schema(tmp_path: Path) -> None:
    for name, data in read_pack_files(written(tmp_path)).items():
        read = read_yaml(data, name).data
        assert list(Draft7Validator(file_schema(kind_of_file(name, read))).iter_errors(as_editors_see(read))) == []


MISTAKES = {
    "is missing": (LAW, "    citation: {provision: s.4, basis: read}\n", ""),
    "is not a known key": (LAW, "    cure:", "    remedy:"),
    "must be a day such as 2018-04-16, written without quotes": (LAW, "{from: 2021-04-01}", '{from: "2021-04-01"}'),
    "is neither text nor a flag; write true or false, or quote it": (EXAMPLES, "_seen: false", "_seen: no"),
    "is not a gate": (LAW, "    gates: [submit, decide]\n", "    gates: [submit, decied]\n"),
    "needs the pack": (HEAD, "  - grants-act\n", "  - grants-act\n  - decision-practice\n"),
    "is a fact that nobody declares": (LAW, "      accounts_seen: {is: true}", "      accounts_sean: {is: true}"),
    "is declared more than once": (RULES, "facts:\n", "facts:\n  title: {kind: text, label: Title}\n"),
    "cannot be used with": (LAW, "accounts_seen: {is: true}", "accounts_seen: {at_least: 1}"),
    "leaves a gap after": (LAW, "to: 2024-03-31", "to: 2024-03-30"),
    "overlaps the row from": (LAW, "to: 2024-03-31", "to: 2024-04-01"),
    "has no blocking control, so it could never be shut": (
        RULES, "    gates: [amend]\n", "    gates: [amend]\n    severity: warning\n",
    ),
    "so stages could be skipped": (RULES, "[submit, decide, send_back, publish]", "[submit, decide, send_back]"),
    "cannot be reached from draft": (HEAD, "to: publication", "to: closed"),
    "leads to no last stage": (HEAD, "  published: {label: Published, last: true}", "  published: {label: Published}"),
    "no example shows it breached": (
        EXAMPLES,
        "      accounts_seen: false\n    then:\n      grants.accounts: breached\n",
        "      accounts_seen: true\n    then:\n      grants.accounts: satisfied\n",
    ),
    "no walk does": (
        WALKS,
        """      - do: refuse
        as: chair
        on: 2026-01-12
        set: {send_back.reason: The fund is spent.}
        at: closed
        then: {decision.outcome: refused}
        unknown: [decided_on]
""",
        "",
    ),
    "was to be refused by": (WALKS, 'set: {title: A grant, grant: "£15,000', 'set: {title: A grant, grant: "£1,000'),
    "no example stands at": (EXAMPLES, "£11,999.99", "£11,000"),
    "not_applicable, not satisfied": (EXAMPLES, "grant: £12,000 ex VAT\n  acc", "grant: £1,000 ex VAT\n  acc"),
    "is not there": (HEAD, "  - grants-act", "  - grant-act"),
}  # fmt: skip


def faults_of(library: Library) -> Sequence[Fault]:
    """Return what is wrong with the authority, in its packs or in their proof."""
    try:
        return library.faults or proof_faults(library, SCHEME)
    except FileError as error:
        return error.faults


@pytest.mark.parametrize("message", MISTAKES)
def test_a_mistake_has_the_message_that_the_page_explains(tmp_path: Path, message: str) -> None:
    name, old, new = MISTAKES[message]
    folder = written(tmp_path)
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))
    assert [fault for fault in faults_of(Library.load_unchecked([folder])) if message in fault.message]


def test_each_mistake_of_the_page_is_tried() -> None:
    assert MISTAKE_ROW.findall(MESSAGES.read_text(encoding="utf-8")) == list(MISTAKES)
