"""Kinds of source and published forms say what their silence means; a faulty one is refused at its line."""

from __future__ import annotations

from datetime import date

import pytest

from rules.language.schema_types import Period
from rules.language.source_schema import SourceKind, expand_asks, merge_sources
from rules.packs.published_forms import PublishedForm, forms_in_use
from rules.packs.scheme import Scheme
from tests.rules.manual_packs import HEAD, PRACTICE, manual_bundle, manual_faults, manual_scheme

FACTS, KINDS = ("title", "form.legal", "form.finance", "exemption.section"), ("exemption",)


def period(first: str, last: str | None = None) -> Period:
    return Period.model_validate({"from": date.fromisoformat(first), "to": date.fromisoformat(last) if last else None})


def form(first: str, last: str | None = None, *asks: str) -> PublishedForm:
    return PublishedForm(label="A form", source="register_row", in_force=period(first, last), asks=asks)


class TestAsks:
    @pytest.mark.parametrize(
        ("asks", "expected"),
        [
            (["title"], frozenset(["title"])),
            (["form.*"], frozenset(["form.legal", "form.finance"])),
            (["exemption", "exemption.section"], frozenset(["exemption", "exemption.section"])),
            ([], frozenset()),
        ],
    )
    def test_names_and_prefixes_are_facts_and_kinds_of_subject(self, asks: list[str], expected: frozenset[str]) -> None:
        assert expand_asks(asks, FACTS, KINDS) == expected

    def test_a_star_is_everything(self) -> None:
        assert expand_asks(["title", "*"], FACTS, KINDS) is None

    def test_what_several_files_say_of_a_kind_counts_together(self) -> None:
        page = SourceKind(label="Page", asks=("title",))
        merged = merge_sources([{"page": page}, {"page": SourceKind(asks=("form.*",))}])
        assert (merged["page"].label, merged["page"].asks) == ("Page", ("title", "form.*"))


class TestFormsInUse:
    FIRST, SECOND = form("2018-01-01", "2019-12-31"), form("2020-01-01")

    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            (period("2019-12-31", "2019-12-31"), [FIRST]),
            (period("2020-01-01", "2020-06-01"), [SECOND]),
            (period("2019-12-01", "2020-02-01"), [FIRST, SECOND]),
            (period("2017-12-31", "2018-02-01"), []),
            (None, []),
        ],
    )
    def test_a_form_counts_if_every_day_has_one(self, days: Period | None, expected: list[PublishedForm]) -> None:
        assert forms_in_use([self.SECOND, self.FIRST], days) == expected

    def test_a_gap_between_two_forms_leaves_none(self) -> None:
        later = form("2020-02-01")
        assert forms_in_use([self.FIRST, later], period("2019-06-01", "2020-06-01")) == []


class TestWhatASchemeAsks:
    scheme: Scheme = manual_scheme()

    def test_the_packs_and_the_head_ask_together(self) -> None:
        asked = self.scheme.asked_by("register_row", "", None)
        assert asked == frozenset(["decision.reference", "decided_on", "title"])

    def test_the_form_of_the_days_adds_to_it(self) -> None:
        asked = self.scheme.asked_by("register_row", "", period("2021-05-01", "2021-05-01"))
        assert asked is not None
        assert {"recommendation", "recommendation.verb", "part_2.exists"} <= asked
        assert "recommendation" not in (self.scheme.asked_by("register_row", "", period("2023-05-01")) or ())

    def test_a_named_form_counts_whatever_the_day(self) -> None:
        asked = self.scheme.asked_by("register_row", "register_of_2020", None)
        assert asked is not None
        assert "recommendation.verb" in asked

    def test_an_unknown_kind_asks_for_nothing(self) -> None:
        assert self.scheme.asked_by("leaflet", "", None) == frozenset()


class TestFaults:
    def test_a_fact_that_nobody_declares_is_named_with_the_nearest(self) -> None:
        [fault] = manual_faults(
            (PRACTICE, "asks: [decision.reference, decided_on]", "asks: [decision.reference, decided]")
        )
        assert (fault.file, fault.key) == (PRACTICE, "sources.register_row.asks.1")
        assert "decided is a fact that nobody declares. Did you mean decided_on?" in fault.message

    def test_a_kind_without_a_label_is_refused(self) -> None:
        [fault] = manual_faults((HEAD, "sources:\n", "sources:\n  leaflet: {asks: [title]}\n"))
        assert (fault.key, fault.message) == (
            "sources.leaflet", "has no label in any file: say what this kind of source is",
        )  # fmt: skip

    def test_a_form_of_an_unknown_kind_is_refused(self) -> None:
        [fault] = manual_faults((HEAD, "source: register_row", "source: register"))
        assert fault.key == "published_forms.register_of_2020.source"
        assert "register is not a kind of source. Did you mean register_row?" in fault.message

    def test_only_a_day_is_presumed_and_only_of_a_day(self) -> None:
        presumed = "presumed: {of: decided_on, years_before: 0, years_after: 1}"
        [fault] = manual_faults((PRACTICE, presumed, "presumed: {of: checked}"))
        assert (fault.key, fault.message) == (
            "facts.published_on.presumed.of", "checked is not a declared fact of kind day",
        )  # fmt: skip

    def test_a_pack_that_is_mapped_asks_by_the_schemes_own_names(self) -> None:
        asks = "asks: [decision.reference, decided_on, plan, opinion.on]"
        scheme = manual_bundle((PRACTICE, "asks: [decision.reference, decided_on]", asks)).scheme()
        asked = scheme.asked_by("register_row", "", None)
        assert asked is not None
        assert {"drawing", "advice.on"} <= asked
