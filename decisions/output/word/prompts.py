"""The prompts in the empty fields of the forms that assent makes.

They stand in brackets, so that no answer is one by chance: some programs drop the mark by which a prompt is known.
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.values.facts import FactKind

PROMPTS: Mapping[FactKind, str] = {
    "money": "[Amount, such as £40,000 ex VAT]",
    "count": "[Whole number, such as 1]",
    "flag": "[Choose yes or no]",
    "day": "[Day, such as 28 June 2024]",
    "choice": "[Choose one]",
    "text": "[Write here]",
}
"""What an empty field shows, by the kind of its fact."""
QUESTION_PROMPT = "[Choose a question]"
OWN_PROMPTS = frozenset(prompt.lower() for prompt in (*PROMPTS.values(), QUESTION_PROMPT))
"""All of them, in small letters."""


def find_prompt(text: str) -> str:
    """Return the prompt that a text still has among its words; empty if it has none."""
    return next((prompt for prompt in (*PROMPTS.values(), QUESTION_PROMPT) if prompt in text), "")
