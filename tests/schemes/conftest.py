"""The shipped packs, and the same with one thing changed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TypeAlias

import pytest

from rules.errors import Fault, PackError
from rules.packs.library import Library
from rules.packs.scheme import Scheme
from rules.proving.examples import ExampleReport, run_examples
from rules.proving.scope import SchemeMaterial
from rules.values.citation import Citation
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.gate_findings import gate_findings

SCHEME_FILE = "schemes/mopac/scheme.yaml"
RULES_FILE = "schemes/mopac/rules.yaml"
EXAMPLES_FILE = "schemes/mopac/examples.yaml"
PROCUREMENT_FILE = "law/public-contracts-2015.yaml"
THRESHOLDS_FILE = "law/procurement-thresholds.yaml"
FOIA_FILE = "law/foia-2000.yaml"
PRACTICE_FILE = "law/decision-practice.yaml"
SHARED_FILE = "shared/part-2.yaml"

ACT_DAY = date(2018, 6, 20)

TextChange: TypeAlias = tuple[str, str, str]
ChangePacks: TypeAlias = Callable[..., Library]


@cache
def shipped_library() -> Library:
    return Library.load([])


def library_with_changes(*changes: TextChange) -> Library:
    """The shipped library with some changes, each a file, the text that stands in it once, and what replaces it."""
    files = dict(shipped_library().files)
    for file, old, new in changes:
        text = files[file].decode()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        files[file] = text.replace(old, new).encode()
    return Library(files)


@pytest.fixture(scope="session")
def library() -> Library:
    return shipped_library()


@pytest.fixture(scope="session")
def scheme(library: Library) -> Scheme:
    return library.scheme("mopac")


@pytest.fixture
def altered() -> ChangePacks:
    """Return a function that gives the shipped library with some changes."""
    return library_with_changes


def scheme_faults(library: Library) -> tuple[Fault, ...]:
    """The faults for which the scheme is refused."""
    with pytest.raises(PackError) as refused:
        library.scheme("mopac")
    return refused.value.faults


def only_fault(library: Library) -> Fault:
    """The only fault for which the scheme is refused."""
    faults = scheme_faults(library)
    assert len(faults) == 1, "\n".join(map(str, faults))
    return faults[0]


def control_outcome(scheme: Scheme, control: str, facts: Mapping[str, FactValue]) -> str:
    """The outcome of a control on facts of Part 1, on a day on which every scheme was in force."""
    found = gate_findings(
        scheme.rulebook, None, Evidence.from_parts({**scheme.authority_facts, "act.on": ACT_DAY, **facts}, {})
    )
    return next(finding.outcome for finding in found if finding.control == control)


def line_number_of(library: Library, file: str, text: str) -> int:
    """The line of a text that stands in a file once."""
    lines = [n for n, line in enumerate(library.files[file].decode().splitlines(), start=1) if text in line]
    assert len(lines) == 1, f"{text!r} stands in the lines {lines} of {file}"
    return lines[0]


def scheme_citations(scheme: Scheme) -> Iterator[tuple[str, Citation]]:
    """Every citation of a scheme, with the name of the value or control that has it."""
    yield scheme.id, scheme.declaration.citation
    for control in scheme.rulebook.controls.values():
        yield control.id, control.declaration.citation
    for name, value in scheme.rulebook.law.values.items():
        for row in value.history:
            yield f"{name} from {row.first}", row.citation


def prove_scheme_examples(library: Library, name: str, *files: str) -> ExampleReport:
    """The report of a scheme's examples, or of those in some files."""
    material = SchemeMaterial.load(library, name)
    examples = {file: library.files[file] for file in files}
    return run_examples(replace(material, example_files=examples) if examples else material)
