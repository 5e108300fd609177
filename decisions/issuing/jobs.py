"""What can be rendered: one document of one case, in one output format. Plain data, sent between processes."""

from __future__ import annotations

from typing import NamedTuple

OUTPUT_FORMATS = ("html", "pdf", "docx")


class RenderJob(NamedTuple):
    """One document of one case: its kind, its part (1 or 2), and one of `OUTPUT_FORMATS`."""

    case: str
    kind: str
    part: int
    output_format: str

    @property
    def is_private(self) -> bool:
        """Whether the document may be read only by those who may see Part 2."""
        return self.part != 1
