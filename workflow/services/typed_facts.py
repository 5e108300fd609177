"""Facts as officers type them, parsed as the scheme declares them.

An error about Part 2 never repeats the typed text: a value that is nearly right gives away the right one.
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.facts import Facts, FactValue, clean_text, is_address
from workflow.cases.redacted_errors import redact_declaration
from workflow.history.snapshots import CaseSnapshot

MAX_NOTE_LENGTH = 500
_ADDRESS_EXAMPLES = "title=VALUE, or exemption:s43.section=VALUE"


def parse_typed_parts(
    scheme: Scheme, snapshot: CaseSnapshot, public: Mapping[str, str], exempt: Mapping[str, str]
) -> tuple[dict[str, FactValue], dict[str, FactValue]]:
    """Return the facts typed for each part of a case."""
    return parse_typed_facts(scheme, snapshot, public), parse_typed_facts(scheme, snapshot, exempt, in_part_2=True)


def parse_typed_facts(
    scheme: Scheme, snapshot: CaseSnapshot, typed_facts: Mapping[str, str], *, in_part_2: bool = False
) -> dict[str, FactValue]:
    """Return typed facts by address; raise `InputError` naming the fact.

    The error repeats no value that was typed for Part 2, nor one of a fact that Part 2 holds.
    """
    return parse_answers(scheme, typed_facts, snapshot.exempt_part.facts, in_part_2=in_part_2)


def parse_answers(
    scheme: Scheme, typed_facts: Mapping[str, str], exempt_facts: Facts, *, in_part_2: bool = False
) -> dict[str, FactValue]:
    """Return typed facts by address, as `parse_typed_facts` does; `exempt_facts` are those that Part 2 holds."""
    parsed: dict[str, FactValue] = {}
    for address, text in typed_facts.items():
        if in_part_2 and not is_address(address):  # it may be text of Part 2 with an equals sign in it
            raise InputError("an answer for Part 2 does not name a fact", f"Write {_ADDRESS_EXAMPLES}.")
        fact = scheme.rulebook.facts.split_address(address)[0]
        declaration = scheme.fact_declaration(fact)
        if in_part_2 or address in exempt_facts:
            declaration = redact_declaration(declaration)
        try:
            parsed[address] = declaration.parse(text)
        except InputError as error:
            raise InputError(f"{address}: {error}", error.advice()) from None
    return parsed


def clean_note(text: str, option: str) -> str:
    """Return an instrument or a reason as it is recorded, on one line; raise `InputError` that names the option."""
    cleaned = " ".join(clean_typed_text(text, option).split()) if text.strip() else ""
    if len(cleaned) > MAX_NOTE_LENGTH:
        raise InputError(f"{option} has more than {MAX_NOTE_LENGTH} characters", "Say it in fewer words.")
    return cleaned


def clean_typed_text(text: str, option: str) -> str:
    """Return a text as it is recorded; raise `InputError` that names the option if it is empty or cannot be printed."""
    try:
        return clean_text(text)
    except InputError as error:
        raise InputError(f"{option}: {error}", f"Write a sentence: {option} '...'") from None
