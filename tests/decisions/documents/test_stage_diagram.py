"""The diagram of a scheme's stages in the Mermaid language."""

from __future__ import annotations

import re
from dataclasses import replace

from decisions.documents.stage_diagram import mermaid_diagram
from tests.decisions.cases import shipped_scheme


def test_every_stage_is_a_state_and_every_action_a_transition() -> None:
    diagram, scheme = mermaid_diagram(shipped_scheme()), shipped_scheme().declaration
    assert diagram.splitlines()[0] == "stateDiagram-v2"
    assert len(re.findall(r'^    state ".*" as \w+$', diagram, re.MULTILINE)) == len(scheme.stages)
    assert {line.split(" : ")[1] for line in diagram.splitlines() if " : " in line} == set(scheme.actions)
    assert "    dmpc --> publication : approve" in diagram.splitlines()


def test_the_diagram_begins_in_draft_and_ends_at_the_last_stages() -> None:
    lines = mermaid_diagram(shipped_scheme()).splitlines()
    assert "    [*] --> draft" in lines
    assert [line.split()[0] for line in lines if line.endswith("--> [*]")] == ["published", "closed"]


def test_no_name_contains_mermaid_syntax() -> None:
    scheme = shipped_scheme().declaration
    stages = {**scheme.stages, "draft": scheme.stages["draft"].model_copy(update={"label": 'The "first" draft'})}
    with_hyphen = {**stages, "sent-back": scheme.stages["closed"]}
    diagram = mermaid_diagram(replace(shipped_scheme(), declaration=scheme.model_copy(update={"stages": with_hyphen})))
    assert "state \"The 'first' draft\" as draft" in diagram
    assert "as sent_back" in diagram
    assert all(re.fullmatch(r"\w+|\[\*\]", line.split()[0]) for line in diagram.splitlines() if "-->" in line)
