"""Read a pack under a scheme's own names for stages.

Invariants:
- A mapped name is replaced wherever the file uses it as a stage: in the names of the facts of a stage, and where a
  condition or an example names the stage of a case or an act. No text for people is changed.
- Places keep their lines, so that a fault is reported where the author wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from rules.packs.flow_schema import STAGE_FACTS
from rules.packs.pack_use import PackUse
from rules.packs.workflow_facts import ACT_STAGE, CASE_STAGE, ROUNDS
from rules.reading.yaml_reader import YamlFile

_FACTS_OF_STAGES = (*STAGE_FACTS, ROUNDS)
_REFERENCES = ("fact", "value")
"""Keys of a right side that name another fact or a dated value, and so no stage."""
_MAPPED_SECTIONS = ("values", "derived", "controls", "diary", "shared", "examples")


def rename_for_use(source: YamlFile, uses: Iterable[PackUse]) -> YamlFile:
    """Return a pack, or its examples, with the names that a scheme maps replaced; other files as they are."""
    use = next((use for use in uses if source.name in (use.file, use.example_file)), None)
    if use is None or not use.stages:
        return source
    renamer = _Renamer(use.stages)
    data = {key: renamer.rename(value) if key in _MAPPED_SECTIONS else value for key, value in source.data.items()}
    lines = {tuple(map(renamer.rename_fact, path)): line for path, line in source.lines.items()}
    return replace(source, data=data, lines=lines)


class _Renamer:
    """Replaces names of stages in what a pack declares."""

    def __init__(self, stages: Mapping[str, str]) -> None:
        self.stages = stages

    def rename(self, data: Any) -> Any:  # noqa: ANN401 - any part of a file
        """Return a part of a file with each name of a fact of a stage replaced, and each choice of a stage."""
        if isinstance(data, dict):
            return {
                self.rename_fact(key): self._rename_choices(value)
                if key in (CASE_STAGE, ACT_STAGE)
                else self.rename(value)
                for key, value in data.items()
            }
        if isinstance(data, list):
            return [self.rename(item) for item in data]
        return self.rename_fact(data)

    def rename_fact(self, name: Any) -> Any:  # noqa: ANN401 - a name, or the place in a list
        """Return the name of a fact of a stage under the scheme's name of the stage; anything else as it is."""
        if not isinstance(name, str):
            return name
        stage, dot, fact = name.partition(".")
        return f"{self.stages.get(stage, stage)}.{fact}" if dot and fact in _FACTS_OF_STAGES else name

    def _rename_choices(self, value: Any) -> Any:  # noqa: ANN401
        """Return the right side of a test of a stage, or a stated stage, with the names of stages replaced."""
        if isinstance(value, dict):
            return {key: inner if key in _REFERENCES else self._rename_choices(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._rename_choices(item) for item in value]
        return self.stages.get(value, value) if isinstance(value, str) else value
