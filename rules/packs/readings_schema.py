"""What was read of the law: each passage once, for all the citations that rest on it.

A file under `readings/` is about one text. Packs do not name it: a citation with `basis: read` finds its passage by its
instrument and provision. A reading changes nothing that is asked of a case, and is no part of a scheme.

Invariant: the words that a passage is quoted for are short. The passage itself is named by its digest alone.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from rules.language.dated_values import Day
from rules.reading.pydantic_messages import LONG_NAME_PATTERN
from rules.values.citation import Declaration

READINGS_FOLDER = "readings/"
MAX_QUOTED_LENGTH = 240
Version: TypeAlias = Day | Literal["made", "enacted"]
_QUOTED = Annotated[str, Field(min_length=1, max_length=MAX_QUOTED_LENGTH)]


class Passage(Declaration, title="Passage"):
    """One passage that was read, and the words of it that citations turn on."""

    of: str = Field(min_length=1, description="The provision that was read, whole, such as `s.43(2)`.")
    at: str = Field(
        default="",
        description="Where it stands below the text's link, such as `section/43`. Left out: the link itself.",
    )
    version: Version | None = Field(
        default=None, description="The version that was read, where it is another than that of the file."
    )
    since: Day | None = Field(
        default=None, description="The day of the earliest version that was read too and has the same words."
    )
    digest: str = Field(
        pattern=r"^[0-9a-f]{64}$",
        description="The SHA-256 of the passage as UTF-8, without marks of lists, tables and emphasis, and with each "
        "run of white space as one space.",
    )
    words: dict[str, _QUOTED] = Field(
        min_length=1, description="The words that each provision turns on, by the provision as packs cite it."
    )


class ReadText(Declaration, title="Readings"):
    """What was read of one Act, set of regulations or other text."""

    readings: str = Field(pattern=LONG_NAME_PATTERN, description="The name of the file, without `.yaml`.")
    title: str = Field(min_length=3, description="The name of the text.")
    cited_as: tuple[str, ...] = Field(
        min_length=1, description="The instruments of citations that rest on this text, as packs name them."
    )
    link: str = Field(min_length=1, description="Where the text stands; the places of passages follow it.")
    read_on: Day = Field(description="The day on which it was read.")
    version: Version = Field(
        description="The version that was read: the day on which the law stood so, or `made` or `enacted`."
    )
    passages: tuple[Passage, ...] = Field(default=(), description="What was read of it.")
    not_read: dict[str, _QUOTED] = Field(
        default_factory=dict, description="Provisions that packs cite and that the text read does not hold, with why."
    )

    @model_validator(mode="after")
    def _name_each_provision_once(self) -> ReadText:
        """Refuse a provision that stands in two passages, or is both read and not read."""
        named = [*(provision for passage in self.passages for provision in passage.words), *self.not_read]
        if twice := sorted({provision for provision in named if named.count(provision) > 1}):
            raise ValueError(f"has {twice[0]} more than once")
        return self
