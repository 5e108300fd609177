"""Facts: how each kind is typed, read from a file and formatted, and how facts are addressed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from rules.packs.stated_facts import MAX_FACTS, parse_stated_facts
from rules.reading.yaml_reader import read_yaml
from rules.values.fact_table import FactTable
from rules.values.facts import (
    MAX_COUNT,
    MAX_LISTED_CHOICES,
    MAX_TEXT_BYTES,
    FactDeclaration,
    FactKind,
    address_of,
    clean_text,
    format_value,
    group_by_subject,
    kind_of_subject,
    split_address,
    subject_of_address,
)
from rules.values.money import Money, Vat
from rules.values.text import MAX_COMBINING_MARKS

CHOICES = {"open": "Open procedure", "none": "No contract"}
DECLARED_FACTS = {
    "title": FactDeclaration(kind="text", label="Title"),
    "estimated_value": FactDeclaration(kind="money", label="Value"),
    "number": FactDeclaration(kind="count", label="Number"),
    "exemption.section": FactDeclaration(kind="text", label="Section"),
    "recommendation.number": FactDeclaration(kind="count", label="Number"),
}
DECLARED = FactTable(DECLARED_FACTS, ("exemption", "recommendation"))


def declared(kind: FactKind) -> FactDeclaration:
    return FactDeclaration(kind=kind, label="A fact", choices=CHOICES if kind == "choice" else {})


def refusal(kind: FactKind, raw: object) -> str:
    with pytest.raises(InputError) as caught:
        declared(kind).coerce(raw)
    return caught.value.message


class TestEachKind:
    @pytest.mark.parametrize(
        ("kind", "typed", "value"),
        [
            ("money", "£181,302 ex VAT", Money(18130200, Vat.EXCLUDED)),
            ("count", "12", 12),
            ("count", "0", 0),
            ("count", "1,200", 1200),
            ("money", "£1.4m", Money(140_000_000, Vat.UNSTATED)),
            *(("flag", text, True) for text in ("true", "True", "yes", "YES", "y", "Y", " yes ")),
            *(("flag", text, False) for text in ("false", "False", "no", "NO", "n", "N")),
            ("day", "2018-04-16", date(2018, 4, 16)),
            ("day", "16 April 2018", date(2018, 4, 16)),
            *(("choice", text, "open") for text in ("open", "Open", "OPEN", "Open procedure", "open-procedure")),
            ("text", " words ", "words"),
        ],
    )
    def test_a_typed_value_is_parsed(self, kind: FactKind, typed: str, value: object) -> None:
        assert declared(kind).parse(typed) == value

    @pytest.mark.parametrize(
        ("kind", "raw", "value"),
        [
            ("money", "£5 inc VAT", Money(500, Vat.INCLUDED)),
            ("count", 12, 12),
            ("flag", True, True),
            ("day", date(2018, 4, 16), date(2018, 4, 16)),
            ("choice", "none", "none"),
            ("text", "words", "words"),
        ],
    )
    def test_a_value_from_a_file_is_accepted(self, kind: FactKind, raw: object, value: object) -> None:
        assert declared(kind).coerce(raw) == value

    @pytest.mark.parametrize(
        ("kind", "raw"),
        [
            ("money", 500), ("money", True), ("money", "500,00 ex VAT"), ("money", "£5"), ("money", "-£5 ex VAT"),
            ("money", "NaN ex VAT"), ("money", "£5 as stated"), ("money", {"pence": 1}),
            ("count", "12"), ("count", -1), ("count", True), ("count", 10**15), ("count", 1.0), ("count", None),
            ("flag", "true"), ("flag", 1), ("flag", "yes"),
            ("day", "2018-04-16"), ("day", 20180416),
            ("choice", "Open"), ("choice", 1), ("choice", ""),
            ("text", 5), ("text", True), ("text", date(2018, 4, 16)), ("text", ["a"]), ("text", ""), ("text", " \n "),
        ],
    )  # fmt: skip
    def test_a_value_of_another_kind_is_refused(self, kind: FactKind, raw: object) -> None:
        assert refusal(kind, raw)

    @pytest.mark.parametrize(
        ("kind", "typed"),
        [("count", "-1"), ("count", "1e3"), ("count", "007"), ("count", "٣"), ("count", "1,00"), ("count", "1" * 16),
         ("flag", "on"), ("flag", "1"), ("flag", "yess"), ("flag", ""), ("day", "16.4.18"), ("day", "2018-02-30"),
         ("day", "٢٠١٨-٠٤-١٦"),
         ("choice", "opne"), ("text", "  ")],
    )  # fmt: skip
    def test_a_mistyped_value_is_refused(self, kind: FactKind, typed: str) -> None:
        with pytest.raises(InputError):
            declared(kind).parse(typed)

    def test_a_day_in_quotes_is_refused(self) -> None:
        assert refusal("day", "2018-04-16") == "'2018-04-16' is not a day such as 2018-04-16, written without quotes"

    def test_the_largest_count_is_accepted(self) -> None:
        assert declared("count").coerce(MAX_COUNT - 1) == MAX_COUNT - 1

    @pytest.mark.parametrize("kind", ["money", "count", "flag", "day", "choice"])
    def test_a_long_text_in_the_wrong_place_is_not_repeated_in_full(self, kind: FactKind) -> None:
        assert len(refusal(kind, "x" * 100_000)) < 250
        assert len(refusal(kind, {"x": "x" * 100_000})) < 250


class TestManyChoices:
    """A message lists all of a few choices, or the first of many, so that it stays readable."""

    def declare_choices(self, number: int) -> FactDeclaration:
        choices = {f"limb_{n:02}": f"Limb {n}" for n in range(1, number + 1)}
        return FactDeclaration(kind="choice", label="A fact", choices=choices)

    @pytest.mark.parametrize(
        ("number", "end"),
        [(MAX_LISTED_CHOICES, "limb_12"), (43, "31 more")],
    )
    def test_a_message_lists_twelve_choices_and_counts_the_rest(self, number: int, end: str) -> None:
        with pytest.raises(InputError) as caught:
            self.declare_choices(number).coerce("x")
        assert caught.value.message.startswith("'x' is not one of limb_01, limb_02")
        assert caught.value.message.endswith(end)

    @pytest.mark.parametrize("number", [MAX_LISTED_CHOICES + 1, 30])
    def test_the_choices_of_a_longer_list_stand_once_in_the_advice(self, number: int) -> None:
        with pytest.raises(InputError) as caught:
            self.declare_choices(number).coerce("x")
        assert caught.value.message == f"'x' is not one of the {number} choices"
        assert caught.value.advice().startswith("They are: limb_01, limb_02")
        assert caught.value.advice().endswith(f"limb_{number}.")

    @pytest.mark.parametrize("typed", ["false", "False", "no", "y"])
    def test_no_choice_is_suggested_for_a_yes_or_no_of_another_fact(self, typed: str) -> None:
        choices = {"final_sale": "Final sale", "none_of_these": "None", "yearly": "Yearly"}
        many = {**choices, **self.declare_choices(20).choices}
        with pytest.raises(InputError) as caught:
            FactDeclaration(kind="choice", label="A fact", choices=many).parse(typed)
        assert "Did you mean" not in caught.value.advice()

    def test_the_closest_of_many_choices_is_suggested(self) -> None:
        with pytest.raises(InputError) as caught:
            self.declare_choices(43).coerce("lim_40")
        assert caught.value.advice() == "Did you mean limb_40?"


class TestFormatValue:
    @pytest.mark.parametrize(
        ("kind", "value", "words"),
        [
            ("money", Money(18130200, Vat.EXCLUDED), "£181,302 excluding VAT"),
            ("count", 12, "12"),
            ("flag", True, "yes"),
            ("flag", False, "no"),
            ("day", date(2023, 3, 7), "7 March 2023"),
            ("choice", "open", "Open procedure"),
            ("text", "words", "words"),
        ],
    )
    def test_a_value_is_formatted_for_people(self, kind: FactKind, value: object, words: str) -> None:
        assert declared(kind).format_value(value) == words  # type: ignore[arg-type]

    def test_a_flag_is_not_formatted_as_a_number(self) -> None:
        assert (format_value(True), format_value(1)) == ("yes", "1")


class TestCleanText:
    def test_text_is_stored_in_composed_form(self) -> None:
        assert clean_text("cafe\u0301") == "café"

    @pytest.mark.parametrize(
        "character", ["\0", "\x07", "\r", "\x7f", "\u200b", "\u202e", "\ufeff", "\ue000", "\U000e0041"]
    )
    def test_an_unprintable_character_is_refused_with_its_position(self, character: str) -> None:
        with pytest.raises(InputError, match=r"in line 2, column 3 of the text"):
            clean_text(f"one\ntw{character}o")

    def test_a_lone_surrogate_is_refused(self) -> None:
        with pytest.raises(InputError, match=r"U\+D800"):
            clean_text("a\ud800")

    def test_text_is_bounded_in_bytes(self) -> None:
        assert clean_text("é" * (MAX_TEXT_BYTES // 2))
        with pytest.raises(InputError, match="longer than 60,000 bytes"):
            clean_text("é" * (MAX_TEXT_BYTES // 2) + "x")

    def test_the_bound_also_holds_for_the_composed_form(self) -> None:
        grows = "\U0001d160"  # four bytes that become twelve
        with pytest.raises(InputError, match="longer than 60,000 bytes"):
            clean_text(grows * (MAX_TEXT_BYTES // 4))

    def test_combining_marks_on_a_letter_are_bounded(self) -> None:
        assert clean_text("a" + "\u0323\u0301" * (MAX_COMBINING_MARKS // 2))
        with pytest.raises(InputError, match="cannot be printed"):
            clean_text("a" + "\u0323\u0301" * 10_000)

    @given(st.text(max_size=50))
    def test_cleaning_cleaned_text_changes_nothing(self, text: str) -> None:
        try:
            cleaned = clean_text(text)
        except InputError:
            return
        assert clean_text(cleaned) == cleaned


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "fact", "key"),
        [
            ("title", "title", ""),
            ("pib.outcome", "pib.outcome", ""),
            ("exemption:s43.section", "exemption.section", "s43"),
            ("recommendation:dmpc-1_a.number", "recommendation.number", "dmpc-1_a"),
        ],
    )
    def test_an_address_names_a_fact_and_its_subject(self, address: str, fact: str, key: str) -> None:
        assert split_address(address) == (fact, key)
        assert address_of(fact, key) == address

    @pytest.mark.parametrize(
        "text",
        ["", "Title", "title ", "a b", "exemption:", "exemption:s43", "exemption:S43.section",
         "exemption:.x", "exemption:a.b:c.d", "exemption:" + "k" * 41 + ".x", "é", "title\n"],
    )  # fmt: skip
    def test_other_text_is_refused(self, text: str) -> None:
        with pytest.raises(InputError):
            split_address(text)

    def test_subjects_have_kinds(self) -> None:
        assert [subject_of_address(address) for address in ("title", "exemption:s43.section")] == [
            "case",
            "exemption:s43",
        ]
        assert [kind_of_subject(subject) for subject in ("case", "exemption:s43")] == ["case", "exemption"]

    def test_facts_are_grouped_by_subject(self) -> None:
        case_facts, subjects = group_by_subject(
            {"exemption:b.section": "s40", "title": "T", "exemption:a.section": "s43"}
        )
        assert case_facts == {"title": "T"}
        assert subjects == {"exemption:a": {"exemption.section": "s43"}, "exemption:b": {"exemption.section": "s40"}}


def stated(text: str) -> tuple[dict[str, object], list[str]]:
    source = read_yaml(text, "paper.yaml")
    facts, faults = parse_stated_facts(source, (), source.data, DECLARED)
    return dict(facts), [str(fault) for fault in faults]


class TestStatedFacts:
    def test_facts_of_the_case_and_of_its_subjects_are_read(self) -> None:
        facts, faults = stated("title: T\nexemption: {s43: {section: x}, s40: {section: z}}\n")
        assert facts == {"title": "T", "exemption:s43.section": "x", "exemption:s40.section": "z"}
        assert not faults

    def test_every_fault_is_listed_with_its_line_and_key(self) -> None:
        _, faults = stated("titel: T\nestimated_value: £500,00\nexemption:\n  s43:\n    section: 5\n    sektion: x\n")
        assert [fault.split(": ")[:2] for fault in faults] == [
            ["paper.yaml:1", "titel"],
            ["paper.yaml:2", "estimated_value"],
            ["paper.yaml:5", "exemption.s43.section"],
            ["paper.yaml:6", "exemption.s43.sektion"],
        ]
        assert "Did you mean title?" in faults[0]
        assert "Did you mean exemption.section?" in faults[3]

    @pytest.mark.parametrize(
        "text",
        ["exemption.section: x", "exemption: {S43: {section: x}}", "exemption: {s4.3: {section: x}}",
         "exemption: {s4.x: {section: x}}", 'exemption: {"a b": {section: x}}', "exemption: {s43: {}}", "exemption: {}",
         "exemption: [x]", "exemption: s43", "exemption: {s43: x}", "exemption: {s43: {section: {a: b}}}",
         '"exemption:s43.section": x', "exemption: {s43: {title: x}}", "exemption: {s43: {exemption.section: x}}"],
    )  # fmt: skip
    def test_a_subject_or_fact_that_cannot_exist_is_refused(self, text: str) -> None:
        facts, faults = stated(text)
        assert not facts
        assert len(faults) == 1

    def test_the_number_of_stated_facts_is_bounded(self) -> None:
        facts, faults = stated("".join(f"k{n}: 1\n" for n in range(MAX_FACTS + 1)))
        assert not facts
        assert faults == ["paper.yaml:1: states 2,001 facts; at most 2,000 are taken"]

    def test_a_thousand_unknown_facts_are_all_listed(self) -> None:
        _, faults = stated("".join(f"titlx{n}: 1\n" for n in range(1_000)))
        assert len(faults) == 1_000

    def test_stated_facts_must_be_a_mapping(self) -> None:
        source = read_yaml("facts: [1]\n", "paper.yaml")
        _, faults = parse_stated_facts(source, ("facts",), source.data["facts"], DECLARED)
        assert [str(fault) for fault in faults] == ["paper.yaml:1: facts: must be a mapping of facts to their values"]
