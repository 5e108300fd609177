"""Errors about what was given for Part 2: they say how it should look, and do not repeat it.

An error is printed, kept by terminals and sent to those who help; what is confidential does not belong in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from rules.errors import Fault, InputError
from rules.values.facts import FactDeclaration, FactValue

_EXPECTED_VALUES = {
    "money": "an amount with its VAT basis, such as '£181,302.00 ex VAT'",
    "count": "a whole number",
    "flag": "true or false",
    "day": "a day that there is, such as 2018-04-16",
    "text": "text",
}
_NAME_PATTERN = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*(\.[a-z0-9_-]+)*)?", re.ASCII)
_NOT_A_NAME = "what stands here as a key is no name: in names there are small letters, digits, _ and -"
_AMBIGUOUS_VALUE = "what stands here, in Part 2, could be read in more than one way"


class RedactingDeclaration(FactDeclaration):
    """A fact's declaration whose errors do not repeat the value that they refuse."""

    def parse(self, text: str) -> FactValue:
        """The value that somebody typed; raises `InputError` that does not repeat it."""
        try:
            return super().parse(text)
        except InputError as error:
            raise self._redact_error(text, error) from None

    def coerce(self, raw: object) -> FactValue:
        """The value that a file gives; raises `InputError` that does not repeat it."""
        try:
            return super().coerce(raw)
        except InputError as error:
            raise self._redact_error(raw, error) from None

    def _redact_error(self, given: object, error: InputError) -> InputError:
        if self.kind == "text" and isinstance(given, str):
            return error  # which says where in the text, and no more of it than one character that nobody sees
        shape = f"one of {self.choices_summary}" if self.kind == "choice" else _EXPECTED_VALUES[self.kind]
        return InputError(f"what is given here, in Part 2, is not {shape}")


def redact_declarations(declarations: Mapping[str, FactDeclaration]) -> dict[str, FactDeclaration]:
    """The same declarations, with errors that repeat nothing."""
    return {name: RedactingDeclaration.model_construct(**dict(one)) for name, one in declarations.items()}


def redact_faults(faults: Iterable[Fault], part: str, printable_keys: Collection[str]) -> list[Fault]:
    """The faults that were found as a file was read, without what stands in one of its parts.

    A slip of the pen can make a key of what was meant for a value, so that a key which is no name is not repeated
    either, unless it stands in a part that may be `spoken` of.
    """
    return [_redact_fault(fault, part, printable_keys) for fault in faults]


def _redact_fault(fault: Fault, part: str, printable_keys: Collection[str]) -> Fault:
    around = fault.key.split(".")[0]
    if fault.key and around not in printable_keys and not _NAME_PATTERN.fullmatch(fault.key):
        return Fault(fault.file, fault.line, part if around == part else "", _NOT_A_NAME)
    if fault.repeats_content and around == part:
        return Fault(fault.file, fault.line, fault.key, _AMBIGUOUS_VALUE)
    return fault
