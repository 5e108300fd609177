"""Turn pydantic's errors into plain words for pack authors, who know YAML and not Python.

No message names a Python type or shows a regular expression that has words here; a test checks both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "string_type": "must be text; quote it if it looks like something else",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "date_type": "must be a day such as 2018-04-16, written without quotes",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "tuple_type": "must be a list",
    "literal_error": "must be {expected}",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length}; it has {actual_length}",
    "too_long": "must have at most {max_length}; it has {actual_length}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
LONG_NAME_PATTERN, SHORT_NAME_PATTERN = r"^[a-z][a-z0-9-]{1,40}$", r"^[a-z][a-z0-9-]{1,20}$"
ACTION_NAME_PATTERN, IDENTIFIER_PATTERN = r"^[a-z][a-z0-9-]{0,39}$", r"^[a-z][a-z0-9_]{0,39}$"
WORD_PATTERN, PICTURE_PATTERN = r"\w", r"^[a-z0-9][a-z0-9-]{0,39}\.png$"
REFERENCE_PATTERN = r"^[A-Za-z0-9{}/ .-]{3,60}$"
_RECORD_KEY = r"[A-Za-z]+(?:\[[A-Za-z]+=[^\[\]=]+\])?"
RECORD_PLACE_PATTERN = rf"^(?:\[[A-Za-z]+=[^\[\].=]+\]\.)?{_RECORD_KEY}(?:\.{_RECORD_KEY})*$"
CASE_NUMBER_PATTERN = r"^([A-Za-z0-9._/-]|\{year\})*\{number\}([A-Za-z0-9._/-]|\{year\})*$"
PATTERN_MESSAGES = {
    LONG_NAME_PATTERN: "must be 2 to 41 small letters, digits and hyphens, starting with a letter",
    SHORT_NAME_PATTERN: "must be 2 to 21 small letters, digits and hyphens, starting with a letter",
    ACTION_NAME_PATTERN: "must be 1 to 40 small letters, digits and hyphens, starting with a letter",
    IDENTIFIER_PATTERN: "must be 1 to 40 small letters, digits and underscores, starting with a letter",
    PICTURE_PATTERN: "must be the name of a PNG picture beside this file: small letters, digits and hyphens, then .png",
    REFERENCE_PATTERN: "must have 3 to 60 letters, digits, spaces and the signs { } / . -",
    RECORD_PLACE_PATTERN: "must be keys with full stops between them, such as `tender.value` or `parties[roles=buyer]`",
    WORD_PATTERN: "must have a letter or a digit",
    CASE_NUMBER_PATTERN: (
        "must have {number} once; beside it only letters, digits, {year} and the signs . - _ / are allowed"
    ),
}
"""What each pattern of a text in packs, schemes and forms requires. Any other pattern would be shown as it is."""


def describe_pydantic_error(kind: str, message: str, context: Mapping[str, Any]) -> str:
    """Describe one pydantic error in plain words.

    `kind`, `message` and `context` are pydantic's `type`, `msg` and `ctx`. A message of our own validators is kept.
    """
    if kind == "string_pattern_mismatch":
        return PATTERN_MESSAGES.get(context["pattern"], f"must match {context['pattern']}")
    if kind in _MESSAGES:
        return _MESSAGES[kind].format_map(context)
    validator_message = message.removeprefix("Value error, ")
    return validator_message[:1].lower() + validator_message[1:]
