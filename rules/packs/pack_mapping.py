"""Read a pack under a scheme's own names for stages, tasks, roles, actions, outcomes, gates and facts.

Invariants:
- A mapped name is replaced wherever the file uses it as what it is: a stage in the names of its facts and where a
  condition names it, a role where a condition names a role, and so on. No text for people is changed.
- A gate that is mapped is not declared by the pack: the scheme has a gate of its own in its place.
- Places keep their lines, so that a fault is reported where the author wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from rules.packs.flow_schema import STAGE_FACTS
from rules.packs.pack_use import PackUse
from rules.packs.workflow_facts import ACT_ROLE, ACT_STAGE, ACTION, CASE_STAGE, ROUNDS
from rules.reading.yaml_reader import YamlFile

_FACTS_OF_STAGES = (*STAGE_FACTS, ROUNDS)
_OUTCOME, _ON, _BY, _ROLE = STAGE_FACTS
_REFERENCES = ("fact", "value")
"""Keys of a right side that name another fact or a dated value, and so no stage."""
_FACT_KEYS = frozenset({
    "amount", "as", "asks", "by", "day", "day_off", "fact", "from", "governed_by", "in", "is_working_day", "letter",
    "number", "of", "own", "owner", "part", "same", "sum", "take", "to", "whole", "with", "without",
})  # fmt: skip
"""Keys of packs and examples below which a text, or each of a list, may be the name of a fact."""
_MAPPED_SECTIONS = ("values", "derived", "controls", "coverage", "diary", "sources", "shared", "examples")


def rename_for_use(source: YamlFile, uses: Iterable[PackUse]) -> YamlFile:
    """Return a pack, or its examples, with the names that a scheme maps replaced; other files as they are."""
    use = next((use for use in uses if source.name in (use.file, use.example_file)), None)
    if use is None or not any(use.names().values()):
        return source
    renamer = _Renamer(use)
    data = {key: renamer.rename(value) if key in _MAPPED_SECTIONS else value for key, value in source.data.items()}
    if use.gates and "gates" in data:
        data["gates"] = {name: gate for name, gate in data["gates"].items() if name not in use.gates}
    lines = {tuple(map(renamer.rename_fact, path)): line for path, line in source.lines.items()}
    return replace(source, data=data, lines=lines)


class _Renamer:
    """Replaces the names that a scheme has otherwise in what a pack declares."""

    def __init__(self, use: PackUse) -> None:
        self.use = use
        self.prefixes = {**use.stages, **use.tasks}

    def rename(self, data: Any) -> Any:  # noqa: ANN401 - any part of a file
        """Return a part of a file with each name replaced that the scheme has otherwise."""
        if isinstance(data, dict):
            return {self.rename_fact(key): self._rename_below(key, value) for key, value in data.items()}
        if isinstance(data, list):
            return [self.rename(item) for item in data]
        return self._rename_stage_fact(data)

    def rename_fact(self, name: Any) -> Any:  # noqa: ANN401 - a name, or the place in a list
        """Return the scheme's own name of a fact, or of a fact of a stage or task; anything else as it is."""
        return self.use.facts.get(name, self._rename_stage_fact(name)) if isinstance(name, str) else name

    def _rename_stage_fact(self, name: Any) -> Any:  # noqa: ANN401
        if not isinstance(name, str):
            return name
        prefix, dot, fact = name.partition(".")
        return f"{self.prefixes.get(prefix, prefix)}.{fact}" if dot and fact in _FACTS_OF_STAGES else name

    def _rename_below(self, key: str, value: Any) -> Any:  # noqa: ANN401
        """Return what stands below a key, which says what its texts are the names of."""
        if names := self._names_at(key):
            return self._rename_words(value, names)
        if key in _FACT_KEYS and isinstance(value, str | list):
            return self.rename_fact(value) if isinstance(value, str) else [self.rename_fact(item) for item in value]
        return self.rename(value)

    def _names_at(self, key: str) -> Mapping[str, str]:
        """Return the mapping of what stands below a key; none if it is not of names that can be mapped."""
        if key in (CASE_STAGE, ACT_STAGE):
            return self.use.stages
        if key == ACTION:
            return self.use.actions
        if key == "gates":
            return self.use.gates
        _, dot, fact = key.partition(".")
        if key == ACT_ROLE or (dot and fact == _ROLE):
            return self.use.roles
        return self.use.outcomes if dot and fact == _OUTCOME else {}

    def _rename_words(self, value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401
        """Return the right side of a test, a stated value or a list, with its words replaced."""
        if isinstance(value, dict):
            return {
                key: self.rename_fact(inner) if key in _REFERENCES else self._rename_words(inner, names)
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [self._rename_words(item, names) for item in value]
        return names.get(value, value) if isinstance(value, str) else value
