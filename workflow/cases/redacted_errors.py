"""Errors about what was given for Part 2: they say how it should look, and do not repeat it.

An error is printed, kept by terminals and sent to those who help; what is confidential does not belong in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from rules.errors import Fault, InputError
from rules.values.facts import FactDeclaration, FactValue

_SHAPES = {
    "money": "an amount with its VAT basis, such as '£181,302.00 ex VAT'",
    "count": "a whole number",
    "flag": "true or false",
    "day": "a day that there is, such as 2018-04-16",
    "text": "text",
}
_NAMES = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*(\.[a-z0-9_-]+)*)?", re.ASCII)
_NO_NAME = "what stands here as a key is no name: in names there are small letters, digits, _ and -"
_TWO_WAYS = "what stands here, in Part 2, could be read in more than one way"


class UnspokenDeclaration(FactDeclaration):
    """A fact's declaration whose errors do not repeat the value that they refuse."""

    def parse(self, typed: str) -> FactValue:
        """The value that somebody typed; raises `InputError` that does not repeat it."""
        try:
            return super().parse(typed)
        except InputError as error:
            raise self._refused(typed, error) from None

    def accept(self, given: object) -> FactValue:
        """The value that a file gives; raises `InputError` that does not repeat it."""
        try:
            return super().accept(given)
        except InputError as error:
            raise self._refused(given, error) from None

    def _refused(self, given: object, error: InputError) -> InputError:
        if self.kind == "text" and isinstance(given, str):
            return error  # which says where in the text, and no more of it than one character that nobody sees
        shape = f"one of {self.listed}" if self.kind == "choice" else _SHAPES[self.kind]
        return InputError(f"what is given here, in Part 2, is not {shape}")


def unspoken(declared: Mapping[str, FactDeclaration]) -> dict[str, FactDeclaration]:
    """The same declarations, with errors that repeat nothing."""
    return {name: UnspokenDeclaration.model_construct(**dict(one)) for name, one in declared.items()}


def faults_unspoken(faults: Iterable[Fault], part: str, spoken: Collection[str]) -> list[Fault]:
    """The faults that were found as a file was read, without what stands in one of its parts.

    A slip of the pen can make a key of what was meant for a value, so that a key which is no name is not repeated
    either, unless it stands in a part that may be `spoken` of.
    """
    return [_unspoken(fault, part, spoken) for fault in faults]


def _unspoken(fault: Fault, part: str, spoken: Collection[str]) -> Fault:
    around = fault.key.split(".")[0]
    if fault.key and around not in spoken and not _NAMES.fullmatch(fault.key):
        return Fault(fault.file, fault.line, part if around == part else "", _NO_NAME)
    if fault.quotes and around == part:
        return Fault(fault.file, fault.line, fault.key, _TWO_WAYS)
    return fault
