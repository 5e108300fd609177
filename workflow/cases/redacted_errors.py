"""Errors about Part 2: they say what a value should look like, and never repeat it.

Errors are printed, kept by terminals and sent to those who help, so they must not hold anything exempt.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from rules.errors import Fault, InputError
from rules.values.fact_table import FactTable
from rules.values.facts import FactDeclaration, FactValue

_EXPECTED_VALUES = {
    "money": "an amount, such as £1.4m or £181,302.50 ex VAT",
    "count": "a whole number",
    "flag": "yes or no",
    "day": "a day that exists, such as 16 April 2018",
    "text": "text",
}
_NAME_PATTERN = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*(\.[a-z0-9_-]+)*)?", re.ASCII)
_NOT_A_NAME = "this key is not a name: names have small letters, digits, _ and -"
_AMBIGUOUS_VALUE = "this value, in Part 2, could be read in more than one way; quote it if it is text"


class RedactingDeclaration(FactDeclaration):
    """A declaration of a fact whose errors do not repeat the refused value."""

    def parse(self, text: str) -> FactValue:
        """Return the value of a typed text; raise a redacted `InputError`."""
        try:
            return super().parse(text)
        except InputError as error:
            raise self._redact_error(text, error) from None

    def coerce(self, raw: object) -> FactValue:
        """Return the value of what a file holds; raise a redacted `InputError`."""
        try:
            return super().coerce(raw)
        except InputError as error:
            raise self._redact_error(raw, error) from None

    def _redact_error(self, given: object, error: InputError) -> InputError:
        if self.kind == "text" and isinstance(given, str):
            return error  # it names the place of one invisible character, and repeats nothing else
        expected = f"one of {self.choices_summary}" if self.kind == "choice" else _EXPECTED_VALUES[self.kind]
        return InputError(f"this value, in Part 2, must be {expected}")


def redact_declaration(declaration: FactDeclaration) -> FactDeclaration:
    """Return the same declaration with redacted errors."""
    return RedactingDeclaration.model_construct(**dict(declaration))


class RedactingTable(FactTable):
    """A table of facts whose declarations have redacted errors, each made when it is looked up."""

    def __init__(self, declarations: FactTable) -> None:
        super().__init__(declarations, declarations.subject_kinds)
        self.choice_groups = declarations.choice_groups

    def __getitem__(self, fact: str) -> FactDeclaration:
        return redact_declaration(super().__getitem__(fact))


def redact_faults(faults: Iterable[Fault], part: str, printable_keys: Collection[str]) -> list[Fault]:
    """Return the faults of a file without the content of one of its parts.

    A slip in the indentation can turn an exempt value into a key. So a key that is not a name is left out too, unless
    it stands under one of `printable_keys`.
    """
    return [_redact_fault(fault, part, printable_keys) for fault in faults]


def _redact_fault(fault: Fault, part: str, printable_keys: Collection[str]) -> Fault:
    top_key = fault.key.split(".")[0]
    if fault.key and top_key not in printable_keys and not _NAME_PATTERN.fullmatch(fault.key):
        return Fault(fault.file, fault.line, part if top_key == part else "", _NOT_A_NAME)
    if fault.repeats_content and top_key == part:
        return Fault(fault.file, fault.line, fault.key, _AMBIGUOUS_VALUE)
    return fault
