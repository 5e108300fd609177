"""An opened Word file: its main part and what that refers to, found by relationships and not by name.

- Each part is parsed once, and its wrappers are taken out of the way (`decisions.output.word.reading.wrappers`).
- Files with macros, and other kinds of Office file, are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from decisions.output.word.file_kinds import SAVE_ADVICE
from decisions.output.word.package import CONTENT_TYPES, Element, W, parse_part, related_parts
from decisions.output.word.reading.wrappers import simplify
from rules.errors import InputError

_MACRO_MARKS = ("vbaproject", "macroenabled")
_MACRO_ADVICE = "In Word: File, Save As, Word Document (.docx), which has no macros."


@dataclass(frozen=True, slots=True)
class OpenedPackage:
    """The parts of a Word file by name, the name of its main part, and the prompts in the parts read so far."""

    parts: Mapping[str, bytes]
    main_name: str
    prompts: list[str] = field(default_factory=list)
    _roots: dict[str, Element] = field(default_factory=dict)

    @classmethod
    def open(cls, parts: Mapping[str, bytes]) -> OpenedPackage:
        """Return the package of some parts; raise `InputError` if it is no Word file, or has macros."""
        content_types = parts[CONTENT_TYPES].lower()
        if any(mark.encode() in content_types or any(mark in name.lower() for name in parts) for mark in _MACRO_MARKS):
            raise InputError("has macros", _MACRO_ADVICE)
        main_names = related_parts(parts, "", "officeDocument")
        if len(main_names) != 1:
            raise InputError("is not a Word file", SAVE_ADVICE)
        package = cls(parts, main_names[0])
        if package.root(package.main_name).tag != f"{W}document":
            raise InputError("is not a Word file", SAVE_ADVICE)
        return package

    @property
    def main(self) -> Element:
        """The root of the main part."""
        return self.root(self.main_name)

    def root(self, name: str) -> Element:
        """Return the root of a part."""
        if name not in self._roots:
            root = parse_part(self.parts[name], with_comments=False)
            self.prompts.extend(simplify(root))
            self._roots[name] = root
        return self._roots[name]

    def related_names(self, kind: str, source: str = "") -> list[str]:
        """Return the names of the parts that the main part, or another one, refers to by one kind of relationship."""
        return related_parts(self.parts, source or self.main_name, kind)

    def related(self, kind: str) -> Iterator[Element]:
        """Yield the root of each part that the main part refers to by one kind of relationship."""
        yield from (self.root(name) for name in self.related_names(kind))

    def first_related(self, kind: str) -> Element | None:
        """Return the root of the first such part; None without one."""
        return next(self.related(kind), None)
