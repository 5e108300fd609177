"""Suggest the fact of a scheme that somebody meant, by its name, its label or the label that a document gives it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.packs.scheme_schema import SchemeDeclaration
from rules.values.facts import FactDeclaration
from rules.values.names import fold_name
from rules.values.suggestions import closest, names_with_words
from rules.values.text import list_alternatives


def suggest_fact(typed: str, facts: Mapping[str, FactDeclaration], scheme: SchemeDeclaration) -> str:
    """Return a question with the facts that may be meant, and who records those that a paper does not state; or ""."""
    names = _find_labelled(typed, scheme)
    if not names and (near := closest(typed, facts)):
        names = [near]
    if not names:
        labels = {name: declared.label for name, declared in facts.items()}
        names = names_with_words(typed, labels)
    if not names:
        return ""
    question = f"Did you mean {list_alternatives(names)}?"
    recorders = ((name, _describe_recorders(name, scheme)) for name in names)
    return " ".join([question, *(f"{name} {recorded}" for name, recorded in recorders if recorded)])


def _find_labelled(typed: str, scheme: SchemeDeclaration) -> list[str]:
    """Return the facts that the scheme also calls by what was typed, or that a document shows under that label."""
    folded = fold_name(typed)
    return list(dict.fromkeys(fact for fact, label in _labels(scheme) if fold_name(label) == folded))


def _labels(scheme: SchemeDeclaration) -> Iterator[tuple[str, str]]:
    yield from ((fact, name) for name, fact in scheme.also_called.items())
    for template in scheme.documents:
        for block in template.blocks:
            yield from (*block.fields.items(), *block.boxed.items())


def _describe_recorders(fact: str, scheme: SchemeDeclaration) -> str:
    """Return which acts record a fact that a paper does not state; an empty text for others."""
    acts = [name for name, action in scheme.actions.items() if fact in action.recorded_facts()]
    acts += [name for name, review in scheme.reviews.items() if fact in review.recorded_facts]
    return f"is recorded by {list_alternatives(acts)}." if acts else ""
