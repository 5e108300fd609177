"""The page on papers says which forms are read and which are refused, and each of them is."""

from __future__ import annotations

import re
from itertools import groupby

import pytest

from rules.errors import InputError
from rules.packs.library import Library
from rules.values.facts import FactDeclaration
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "how-to" / "write-a-paper.md").read_text(encoding="utf-8")
SCHEME = Library.load([]).scheme("mopac")
FACTS = {"day": "required_by", "yes or no": "matter.novel", "amount": "estimated_value", "choice": "contract_kind"}


def forms_on_the_page() -> list[tuple[str, str, str]]:
    """Each form on the page, with its kind, and the words in which it is kept."""
    rows = re.findall(r"^\| ([a-z ]+) \| (`.+`(?: · `.+`)+) \| (.+) \|$", PAGE, re.MULTILINE)
    return [(kind, form.strip("`"), kept) for kind, forms, kept in rows for form in forms.split(" · ")]


def fact_of(kind: str) -> FactDeclaration:
    return SCHEME.rulebook.facts[FACTS[kind]]


@pytest.mark.parametrize(("kind", "form", "kept"), forms_on_the_page())
def test_each_form_on_the_page_is_kept_as_it_says(kind: str, form: str, kept: str) -> None:
    declared = fact_of(kind)
    assert declared.format_value(declared.parse(form)) == kept


def test_the_page_shows_each_kind() -> None:
    assert {kind for kind, _ in groupby(form[0] for form in forms_on_the_page())} == set(FACTS)


@pytest.mark.parametrize(
    ("kind", "form"), [("day", "06/28/2019"), ("day", "28/06/19"), ("amount", "£1.4"), ("amount", "1.400.000")]
)
def test_each_form_that_the_page_calls_refused_is(kind: str, form: str) -> None:
    assert f"`{form}`" in PAGE
    with pytest.raises(InputError) as refused:
        fact_of(kind).parse(form)
    assert refused.value.advice()
