"""A second case with the same reference in one audit is found, however the reference is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO

import pytest

from tests.workflow.walk import shipped_library
from workflow.papers.byte_source import ByteStream
from workflow.services.audit_findings import CaseAudit
from workflow.services.commands import Services
from workflow.services.paper_audit import FileOfPapers, audit_files
from workflow.services.seen_references import SeenReferences

PAPER = """\
scheme: {scheme}
stage: published
public: {{title: A grant}}
recorded: {{decision.reference: "{reference}"}}
"""
GLA, MOPAC = (shipped_library().scheme(name) for name in ("gla", "mopac"))


@pytest.mark.parametrize("reference", ["MD 361", "MD361", "md 0361", "MD-361", "MD_0361"])
def test_a_reference_is_the_same_without_its_spaces_signs_and_zeros(reference: str) -> None:
    seen = SeenReferences()
    assert seen.note(GLA, {"decision.reference": "MD 361"}, "first.yaml") == {}
    found = seen.note(GLA, {"decision.reference": reference}, "second.yaml")
    assert found == {"audit.same_reference": f"decision.reference: “{reference}”, as in first.yaml"}


@pytest.mark.parametrize("reference", ["MD 3610", "MD 36", "DD 361"])
def test_another_reference_is_not_the_same(reference: str) -> None:
    seen = SeenReferences()
    seen.note(GLA, {"decision.reference": "MD 361"}, "first.yaml")
    assert seen.note(GLA, {"decision.reference": reference}, "second.yaml") == {}


def test_two_authorities_may_have_one_reference_and_a_case_has_its_own() -> None:
    seen = SeenReferences()
    seen.note(GLA, {"decision.reference": "1"}, "first.yaml")
    assert seen.note(MOPAC, {"decision.reference": "1"}, "second.yaml") == {}
    assert seen.note(GLA, {"decision.reference": "1"}, "first.yaml") == {}
    assert seen.note(GLA, {"title": "A grant"}, "third.yaml") == {}


def paper(name: str, scheme: str, reference: str) -> FileOfPapers:
    @contextmanager
    def opened() -> Iterator[ByteStream]:
        yield BytesIO(PAPER.format(scheme=scheme, reference=reference).encode())

    return FileOfPapers(name, "yaml", opened)


def test_the_audit_breaches_the_second_case_alone(services: Services) -> None:
    files = [paper("a.yaml", "gla", "MD1"), paper("b.yaml", "gla", "MD 1"), paper("c.yaml", "gla", "MD2")]
    outcomes = {
        audit.case: [
            str(one.finding.outcome) for one in audit.findings if one.finding.control == "decision.reference_unique"
        ]
        for audit in audit_files(services, files, date(2018, 12, 31))
        if isinstance(audit, CaseAudit)
    }
    assert outcomes == {"a.yaml": ["satisfied"], "b.yaml": ["breached"], "c.yaml": ["satisfied"]}
