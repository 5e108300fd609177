"""Facts as officers type them, parsed as the scheme declares them.

An error about Part 2 never repeats the typed text: a value that is nearly right gives away the right one.
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.errors import InputError, raise_together
from rules.packs.scheme import Scheme
from rules.values.facts import SUBJECT_KEY, Facts, FactValue, clean_text, is_address, split_address
from rules.values.text import list_alternatives
from workflow.cases.redacted_errors import RedactingTable
from workflow.history.snapshots import CaseSnapshot

MAX_NOTE_LENGTH = 500
_HEADING = "answers cannot be taken"
_ADDRESS_EXAMPLES = "title=VALUE, or exemption:s43.section=VALUE"


def parse_typed_parts(
    scheme: Scheme, snapshot: CaseSnapshot, public: Mapping[str, str], exempt: Mapping[str, str]
) -> tuple[dict[str, FactValue], dict[str, FactValue]]:
    """Return the facts typed for each part of a case; raise `InputError` with every fault."""
    public_known, exempt_known = snapshot.case.facts, snapshot.exempt_part.facts
    public_facts, public_errors = _parse_all(scheme, public, public_known, exempt_known, in_part_2=False)
    now_known = {**public_known, **public_facts}
    exempt_facts, exempt_errors = _parse_all(scheme, exempt, now_known, exempt_known, in_part_2=True)
    raise_together([*public_errors, *exempt_errors], _HEADING)
    return public_facts, exempt_facts


def parse_typed_facts(
    scheme: Scheme, snapshot: CaseSnapshot, typed_facts: Mapping[str, str], *, in_part_2: bool = False
) -> dict[str, FactValue]:
    """Return typed facts by address; raise `InputError` with every fault, each naming its fact.

    The error repeats no value that was typed for Part 2, nor one of a fact that Part 2 holds.
    """
    return parse_answers(scheme, typed_facts, snapshot.case.facts, snapshot.exempt_part.facts, in_part_2=in_part_2)


def parse_answers(
    scheme: Scheme, typed_facts: Mapping[str, str], public: Facts, exempt: Facts, *, in_part_2: bool = False
) -> dict[str, FactValue]:
    """Return typed facts by address, as `parse_typed_facts` does; `public` and `exempt` are those of a paper."""
    facts, errors = _parse_all(scheme, typed_facts, public, exempt, in_part_2=in_part_2)
    raise_together(errors, _HEADING)
    return facts


def _parse_all(
    scheme: Scheme, typed_facts: Mapping[str, str], public: Facts, exempt: Facts, *, in_part_2: bool
) -> tuple[dict[str, FactValue], list[InputError]]:
    """Return the facts typed for one part, and every error, which gives away none of the facts in `exempt`."""
    declared = scheme.rulebook.facts
    texts = [(declared.find_address(typed) or typed, text) for typed, text in typed_facts.items()]
    # What a choice depends on is parsed first, so that an error can list the choices that it leaves.
    texts.sort(key=lambda pair: is_address(pair[0]) and split_address(pair[0])[0] in declared.choice_groups)
    facts: dict[str, FactValue] = {}
    errors: list[InputError] = []
    for address, text in texts:
        if address in facts:
            errors.append(InputError(f"{address} is given twice", "Give each fact once."))
            continue
        try:
            is_exempt = in_part_2 or address in exempt
            facts[address] = _parse_value(scheme, address, text, {**public, **facts}, is_exempt=is_exempt)
        except InputError as error:
            errors.append(error)
    return facts, errors


def _parse_value(scheme: Scheme, address: str, text: str, known: Facts, *, is_exempt: bool) -> FactValue:
    if is_exempt and not is_address(address):  # it may be text of Part 2 with an equals sign in it
        raise InputError("an answer for Part 2 does not name a fact", f"Write {_ADDRESS_EXAMPLES}.")
    _refuse_subject_alone(scheme, address)
    declared = scheme.rulebook.facts
    fact, key = declared.split_address(address)
    scheme.fact_declaration(fact)  # refuses an unknown fact with what may be meant
    if is_exempt:
        declared = RedactingTable(declared)
    try:
        return declared.parse_typed(fact, text, known.get(declared.limiting_address(fact, key)))
    except InputError as error:
        raise InputError(f"{address}: {error}", error.advice()) from None


def _refuse_subject_alone(scheme: Scheme, address: str) -> None:
    """Raise `InputError` for a subject without a fact of it, as `exemption:s43`, with the facts that can be stated."""
    facts = scheme.rulebook.facts
    kind, _, key = address.partition(":")
    if kind in facts.subject_kinds and SUBJECT_KEY.fullmatch(key):
        names = [f".{fact.partition('.')[2]}" for fact in scheme.stated_facts() if facts.subject_kind_of(fact) == kind]
        raise InputError(f"{address} does not name a fact", f"Write {address}{list_alternatives(names)}.")


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
