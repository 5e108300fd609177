"""Withheld figures that a reader could work out from published ones are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.documents.record_views import build_exempt_record, build_public_record
from decisions.safety.derivable_figures import CaseFigures, figures_in
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.decisions.cases import (
    DECISION_FORM,
    DOCUMENTS,
    case_at,
    decided_case,
    document_view,
    shipped_paper,
    shipped_scheme,
)
from workflow.cases.case import Case, ExemptFacts


def derivable_from_text(text: str, kind: str = DECISION_FORM, **exempt: FactValue) -> tuple[str, ...]:
    """Return the derivable facts of the decided case with a text as its public financial comments."""
    return derivable_from(decided_case(form__financial=text), kind, **exempt)


def derivable_from(case: Case, kind: str = DECISION_FORM, **exempt: FactValue) -> tuple[str, ...]:
    exempt_facts = {**shipped_paper().exempt, **{name.replace("__", "."): value for name, value in exempt.items()}}
    exempt_record = build_exempt_record(case, ExemptFacts(exempt_facts), "", shipped_scheme())
    public_record = build_public_record(case, "", shipped_scheme())
    return CaseFigures.of(exempt_record, public_record).find_derivable(document_view(kind, 1, case, exempt_facts))


WITHHELD_VALUE = ("estimated_value", "modification.increase")


class TestFiguresIn:
    @pytest.mark.parametrize(
        ("text", "figures"),
        [
            ("£1,900,000", [1_900_000_00]),
            ("£1,900,000.50 excluding VAT", [1_900_000_50]),
            ("£1.9m, £300k and 2.25 million.", [1_900_000_00, 300_000_00, 2_250_000_00]),
            ("of 12,000 devices", [12_000_00]),
            ("£5", [5_00]),
            ("30000", [30_000_00]),
            ("30000 devices in 2018, section 43", []),
            ("2018", []),
            ("£1,2345; 12,34; 1.2.3", []),
            ("", []),
        ],
    )
    def test_years_sections_and_pages_are_not_figures(self, text: str, figures: list[int]) -> None:
        assert figures_in(text) == figures

    @given(st.integers(min_value=0, max_value=10**13))
    def test_every_printed_amount_is_read_back(self, pence: int) -> None:
        assert figures_in(str(Money(pence, Vat.EXCLUDED))) == [pence]


class TestDerivable:
    """Withheld are the estimated value of the case, £2,450,000, and the increase of the contract, the same amount."""

    @pytest.mark.parametrize(
        "text",
        [
            "In all it is £3,000,000, of which £550,000 is for support.",
            "Devices are £2m and their support £450,000.",
            "| Part | Cost |\n| Support | £300,000 |\n| Staff | £50,000 |\n| Rest | withheld |\n| Total | £2,800,000 |",
            "| Part | Cost |\n| One | 1000000 |\n| Two | 1000000.50 |\n| Three | 449999.50 |",
            "| Part | 2018 |\n| Support | £300,000 |\n| Staff | £50,000 |\n| Rest | – |\n| Total | £2,800,000 |",
            "| Part | One | Two | Three | All |\n| Cost | £300,000 | £50,000 | withheld | £2,800,000 |",
            "| Part | £000 |\n| Devices | 2,450 |",
            "| Part | Cost (£’000s) |\n| Support | 550 |\n| Total | 3,000 |",
            "| Part | £m |\n| Support | 0.55 |\n| Total | 3 |",
            "It is £4,000,000 with £1,000,000 for staff, £500,000 for support and £50,000 for advice.",
        ],
    )
    def test_the_rest_of_a_total_is_found(self, text: str) -> None:
        assert derivable_from_text(text) == WITHHELD_VALUE

    @pytest.mark.parametrize(
        "text",
        [
            "In all it is £3,000,000, of which £550,001 is for support.",
            "There are 2,450 devices, in 2018.",
            "| Part | Devices |\n| Units | 2,450 |",
            "| Part | Cost |\n| Support | £300,000 |\n| Rest | withheld |\n| Also | withheld |\n| Total | £3,750,000 |",
        ],
    )
    def test_figures_that_do_not_add_up_are_not_found(self, text: str) -> None:
        assert derivable_from_text(text) == ()

    def test_two_figures_of_different_texts_are_combined(self) -> None:
        parted = decided_case(
            form__financial="In all, £3,000,000.", form__legal="Of this £550,000 was approved in 2016."
        )
        assert derivable_from(parted) == WITHHELD_VALUE

    def test_many_figures_hide_nothing(self) -> None:
        many = " ".join(f"£{pounds:,}," for pounds in range(5_000, 6_000))
        parted = decided_case(
            form__financial=f"{many} and £3,000,000 in all.", form__legal="Of this £550,000 was approved."
        )
        assert derivable_from(parted) == WITHHELD_VALUE

    def test_a_stated_amount_counts_even_if_no_document_prints_it(self) -> None:
        known = {
            **decided_case(form__financial="In all, £3,000,000.").facts,
            "contract:old.value": Money(550_000_00, Vat.EXCLUDED),
        }
        assert derivable_from(case_at("publication", known, {})) == WITHHELD_VALUE

    def test_an_amount_that_part_1_states_is_not_withheld(self) -> None:
        known: dict[str, FactValue] = {
            "estimated_value": Money(2_450_000_00, Vat.EXCLUDED),
            "form.financial": "£3,000,000 and £550,000.",
        }
        assert derivable_from(case_at("publication", {**decided_case().facts, **known}, {})) == ()

    def test_a_count_is_found_too_unless_it_is_small(self) -> None:
        text = "There are 12,500 devices, 11,000 of them in use."
        assert derivable_from_text(text, performance__indicators=1_500) == ("performance.indicators",)
        assert derivable_from_text("There are 650 and 250.", performance__indicators=400) == ()

    @pytest.mark.parametrize(("kind", "part"), [each for each in DOCUMENTS if each[1] == 1])
    def test_nothing_is_derivable_from_the_documents_of_the_real_case(self, kind: str, part: int) -> None:
        assert part == 1
        assert derivable_from(decided_case(), kind) == ()
