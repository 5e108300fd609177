"""The stages of a scheme as Mermaid draws them."""

from __future__ import annotations

import re
from dataclasses import replace

from decisions.documents.stage_diagram import mermaid_diagram
from tests.decisions.cases import shipped_scheme


def test_every_stage_is_a_state_and_every_action_a_way() -> None:
    drawn, text = mermaid_diagram(shipped_scheme()), shipped_scheme().declaration
    assert drawn.splitlines()[0] == "stateDiagram-v2"
    assert len(re.findall(r'^    state ".*" as \w+$', drawn, re.MULTILINE)) == len(text.stages)
    assert {line.split(" : ")[1] for line in drawn.splitlines() if " : " in line} == set(text.actions)
    assert "    dmpc --> publication : approve" in drawn.splitlines()


def test_it_begins_in_draft_and_ends_at_the_last_stages() -> None:
    lines = mermaid_diagram(shipped_scheme()).splitlines()
    assert "    [*] --> draft" in lines
    assert [line.split()[0] for line in lines if line.endswith("--> [*]")] == ["published", "closed"]


def test_a_name_holds_nothing_that_mermaid_would_read() -> None:
    text = shipped_scheme().declaration
    stages = {**text.stages, "draft": text.stages["draft"].model_copy(update={"label": 'The "first" draft'})}
    hyphened = {**stages, "sent-back": text.stages["closed"]}
    drawn = mermaid_diagram(replace(shipped_scheme(), declaration=text.model_copy(update={"stages": hyphened})))
    assert "state \"The 'first' draft\" as draft" in drawn
    assert "as sent_back" in drawn
    assert all(re.fullmatch(r"\w+|\[\*\]", line.split()[0]) for line in drawn.splitlines() if "-->" in line)
