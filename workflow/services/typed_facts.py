"""Facts as officers type them, read as what the scheme declares them to be."""

from __future__ import annotations

from collections.abc import Mapping

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, is_address, split_address
from workflow.cases.redacted_errors import redact_declarations
from workflow.history.snapshots import CaseSnapshot

_ADDRESS_EXAMPLES = "title=VALUE, or exemption:s43.section=VALUE"


def parse_typed_parts(
    scheme: Scheme, snapshot: CaseSnapshot, public: Mapping[str, str], exempt: Mapping[str, str]
) -> tuple[dict[str, FactValue], dict[str, FactValue]]:
    """What was typed for each part of a case."""
    return parse_typed_facts(scheme, snapshot, public), parse_typed_facts(scheme, snapshot, exempt, in_part_2=True)


def parse_typed_facts(
    scheme: Scheme, snapshot: CaseSnapshot, typed_facts: Mapping[str, str], *, in_part_2: bool = False
) -> dict[str, FactValue]:
    """Facts as they were typed, by address; raises `InputError` naming the fact.

    It does not repeat what is typed for Part 2, nor of a fact that is held there: what is nearly right tells it too.
    """
    found: dict[str, FactValue] = {}
    for where, words in typed_facts.items():
        if in_part_2 and not is_address(where):  # it may be text of Part 2 that has an equals sign in it
            raise InputError("what is given for Part 2 does not name a fact", f"Write {_ADDRESS_EXAMPLES}.")
        fact = split_address(where)[0]
        declared = scheme.fact_declaration(fact)
        if in_part_2 or where in snapshot.exempt_part.facts:
            declared = redact_declarations({fact: declared})[fact]
        try:
            found[where] = declared.parse(words)
        except InputError as error:
            raise InputError(f"{where}: {error}", error.advice()) from None
    return found
