"""Labels of facts, subjects and actions for documents, which never print their names in packs.

A name that the scheme does not know any more stands as it is.
"""

from __future__ import annotations

import re

from rules.packs.scheme import Scheme
from rules.values.facts import is_address, split_address

_ADDRESS_OF_LABEL = re.compile(r"” \([a-z][\w:.-]*\)", re.ASCII)
_ADDRESS = re.compile(r"(?<![\w.:/-])(?<!--set )[a-z][a-z0-9_]*(?::[a-z0-9][\w-]*)?(?:\.[a-z][a-z0-9_]*)*(?![\w:/=-])")
"""A possible address of a fact in a text: `required_by`, `exemption:s43.section`. What is to be typed stays."""


def label_fact(scheme: Scheme, address: str) -> str:
    """Return the label of a fact, with the key of its subject if it has one; a text that names none stays as it is."""
    if not is_address(address):  # what a finding misses may be a figure, or a fact in words
        return address
    fact, key = split_address(address)
    facts = scheme.rulebook.facts
    label = facts[fact].label if fact in facts else address
    return f"{label} ({key})" if key else label


def label_facts_in(scheme: Scheme, text: str) -> str:
    """Return a text with the addresses of facts replaced by their labels in quotation marks.

    An address beside its label is left out.
    """
    return _ADDRESS.sub(lambda match: _quote_if_fact(scheme, match.group()), _ADDRESS_OF_LABEL.sub("”", text))


def _quote_if_fact(scheme: Scheme, word: str) -> str:
    """Return the label of a fact, or the word itself: a plain word is taken for a fact only if it is written as one."""
    is_written_as_name = any(mark in word for mark in "._:") and is_address(word)
    is_fact = is_written_as_name and split_address(word)[0] in scheme.rulebook.facts
    return f"“{label_fact(scheme, word)}”" if is_fact else word


def label_subject(scheme: Scheme, subject: str) -> str:
    """Return what a subject is called: `Exemption s43`, or `The case`."""
    return scheme.name_subject(subject) or "The case"


def label_action(scheme: Scheme, action: str) -> str:
    """Return what an action or a review is called."""
    declaration = scheme.declaration
    declared = declaration.actions.get(action) or declaration.reviews.get(action)
    return declared.label if declared else action
