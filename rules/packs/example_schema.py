"""Worked examples and walks as their YAML is written: facts in, outcomes out.

Examples prove packs and are no part of them: they belong to no bundle and no digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from pydantic import Field, model_validator

from rules.errors import Fault, PackError
from rules.language.dated_values import Day
from rules.language.schema_types import Explanation, Identifier, Outcome
from rules.packs.walk_schema import StatedFacts, Walk, WalkPaper
from rules.reading.yaml_reader import YamlFile, read_yaml
from rules.values.citation import Declaration


class WorkedExample(Declaration, title="Example"):
    """A worked example that proves controls. `given` has the facts, `then` maps each control to its outcome.

    The control of a subject is named with it: `foia.limb_stated@exemption:s43`. `without` leaves out what the file
    shares: one fact (`exemption:s43.limb`) or a whole subject (`exemption:s43`).
    """

    name: str = Field(min_length=8, description="What the example shows, in a sentence.")
    on: Day = Field(description="The day of the act.")
    given: StatedFacts = Field(
        default_factory=dict, description="The facts in which it differs from the shared ones, or that it adds."
    )
    then: dict[str, Outcome] = Field(
        min_length=1, description="Controls with their outcomes; `foia.limb_stated@exemption:s43` is of one exemption."
    )
    without: tuple[str, ...] = Field(
        default=(), description="Shared facts that it leaves out, or whole subjects such as `exemption:s43`."
    )


class ExampleFile(Declaration, title="Examples"):
    """One file of examples: the facts that they share, and the examples, which add to these.

    `equivalent` names changed versions of the law (`rules.proving.mutations`) that no example can tell from the right
    one, each with the reason.
    """

    shared: StatedFacts = Field(default_factory=dict, description="Facts that all examples of the file share.")
    equivalent: dict[str, Explanation] = Field(
        default_factory=dict,
        description="Changes of the law, named by `law check --mutants`, that mean the same; each with the reason.",
    )
    examples: tuple[WorkedExample, ...] = Field(default=(), min_length=1, description="The examples.")
    papers: dict[str, WalkPaper] = Field(default_factory=dict, description="Papers with which walks begin, by name.")
    guards: dict[Identifier, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Every blocking control of each gate, listed again: a control that is lost or lowered is noticed.",
    )
    walks: tuple[Walk, ...] = Field(
        default=(), min_length=1, description="Walks through the stages, which prove the flow."
    )

    @model_validator(mode="after")
    def _require_examples_or_walks(self) -> ExampleFile:
        if not self.examples and not self.walks:
            raise ValueError("must have examples or walks")
        return self


class ParsedExamples(NamedTuple):
    """A file of examples as read, what it states, and its faults."""

    source: YamlFile
    example_file: ExampleFile | None
    faults: tuple[Fault, ...]


@lru_cache(maxsize=64)
def parse_examples(data: bytes, name: str) -> ParsedExamples:
    """Parse a file of examples; raises `FileError` for one that cannot be read.

    Results are cached, because several schemes use the same law, and a proof reads walks after examples.
    """
    source = read_yaml(data, name)
    example_file, faults = source.validate(ExampleFile)
    return ParsedExamples(source, example_file, tuple(faults))


def read_examples(files: Mapping[str, bytes]) -> Iterator[tuple[str, WorkedExample]]:
    """Every example in some files, each with the name of its file; raises `PackError` for a faulty file."""
    for name, data in files.items():
        _, example_file, faults = parse_examples(data, name)
        if example_file is None:
            raise PackError(faults)
        yield from ((name, example) for example in example_file.examples)
