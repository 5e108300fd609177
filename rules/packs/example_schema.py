"""Worked examples as their YAML is written: facts in, outcomes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, TypeAlias

from pydantic import Field, WithJsonSchema

from rules.errors import PackError
from rules.language.dated_values import Day
from rules.language.pack_schema import Explanation, Outcome
from rules.reading.yaml_reader import read_yaml
from rules.values.citation import Declaration

StatedFacts: TypeAlias = Annotated[dict[str, object], WithJsonSchema({"x-definition": "Facts"})]
"""Facts as a paper states them; `rules.packs.stated_facts` reads them."""


class WorkedExample(Declaration, title="Example"):
    """A worked example that proves controls: facts in, outcomes out. `then` maps a control to its outcome.

    A subject's control is named with its subject: `foia.limb_stated@exemption:s43`. Of what its file shares, it may
    leave out one fact (`without` names it, as `exemption:s43.limb`) or a whole subject (`exemption:s43`).
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
    """One file of examples: the facts that all of them share, and how each differs from those.

    `equivalent` names wrong versions of the law (`rules.proving.mutations`) that mean the same as the right one, each
    with the reason.
    """

    shared: StatedFacts = Field(default_factory=dict, description="Facts that all examples of the file share.")
    equivalent: dict[str, Explanation] = Field(
        default_factory=dict,
        description="Changes of the law, named by `law check --mutants`, that mean the same; each with the reason.",
    )
    examples: tuple[WorkedExample, ...] = Field(min_length=1, description="The examples.")


def read_examples(files: Mapping[str, bytes]) -> Iterator[tuple[str, WorkedExample]]:
    """Every example in some files, each with its file; raises `PackError` for one that cannot be read."""
    for name, data in files.items():
        source = read_yaml(data, name)
        given, faults = source.validate(ExampleFile)
        if given is None:
            raise PackError(faults)
        yield from ((name, example) for example in given.examples)
