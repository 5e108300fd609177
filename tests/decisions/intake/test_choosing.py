"""The form of a file is chosen by its day, reference, labels and headings, and doubts are told."""

from __future__ import annotations

import pytest

from decisions.intake.choosing import choose_form
from rules.errors import InputError
from tests.decisions.intake.reading import shipped_schemes, source_of

HEAD = ("A title", "Reference code: PCD 5", "Decision by: A, Deputy Mayor for Policing and Crime", "Executive summary")


@pytest.mark.parametrize(
    ("day", "form"), [("3 March 2017", "page_2016"), ("3 March 2022", "page_2021"), ("3 March 2020", "page_2016")]
)
def test_a_form_of_another_era_is_never_chosen(day: str, form: str) -> None:
    assert choose_form(source_of(*HEAD, f"Date signed: {day}"), shipped_schemes()).form == form


def test_a_form_that_somebody_names_is_taken() -> None:
    choice = choose_form(source_of("Anything"), shipped_schemes(), "page_2016")
    assert (choice.scheme.id, choice.form, choice.check) == ("mopac", "page_2016", "")


def test_an_unknown_form_is_refused_with_the_closest_name() -> None:
    with pytest.raises(InputError) as refused:
        choose_form(source_of("Anything"), shipped_schemes(), "page_2017")
    assert "page_201" in refused.value.advice()


@pytest.mark.parametrize("lines", [(), ("A recipe", "Stir well."), ("PCD 5 alone",)])
def test_a_file_of_no_known_form_is_refused_with_the_forms_that_there_are(lines: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="no published form") as refused:
        choose_form(source_of(*lines), shipped_schemes())
    assert "page_2016" in refused.value.advice()


def test_forms_that_fit_alike_are_told() -> None:
    choice = choose_form(source_of(*HEAD, "Date signed: 20 September 2021"), shipped_schemes())
    lines = (*HEAD, "Date signed: 20 September 2021", "Key information", "FACTS AND ADVICE TO THE DMPC")
    assert choose_form(source_of(*lines), shipped_schemes()).form == "page_2021"
    assert choice.form in ("page_2016", "page_2021")


def test_a_form_without_its_number_is_known_by_all_its_marks() -> None:
    marks = ("ORIGINATING OFFICER DECLARATION", "OFFICER APPROVAL", "The above request has my approval.")
    assert choose_form(source_of("Title: A", *marks), shipped_schemes()).form == "form_2018"
