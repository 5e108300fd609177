"""YAML is read strictly: one meaning for each scalar, bounds, and every fault with its line."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import Fault, FileError
from rules.packs.scheme_schema import AuthorityFact
from rules.reading.yaml_reader import MAX_BYTES, MAX_DEPTH, MAX_KEY_LENGTH, MAX_NODES, read_yaml
from rules.values.citation import Citation


def read_data(text: str | bytes) -> object:
    return read_yaml(text, "f.yaml").data


def faults_of(text: str | bytes) -> tuple[Fault, ...]:
    with pytest.raises(FileError) as caught:
        read_yaml(text, "f.yaml")
    return caught.value.faults


def only_fault(text: str | bytes) -> tuple[int, str, str]:
    """Return the line, key and message of the only fault of a file."""
    faults = faults_of(text)
    assert len(faults) == 1, faults
    return faults[0].line, faults[0].key, faults[0].message


class TestScalars:
    @pytest.mark.parametrize(
        ("written", "value"),
        [
            ("12", 12),
            ("0", 0),
            ("-5", -5),
            ("true", True),
            ("false", False),
            ("2018-04-16", date(2018, 4, 16)),
            ("plain words", "plain words"),
            ("'12'", "12"),
            ('"true"', "true"),
            ('""', ""),
            ('"2018-02-30"', "2018-02-30"),
            ("£181,302 ex VAT", "£181,302 ex VAT"),
            ("NaN", "NaN"),  # text: only a fact of kind text accepts it
            ("1 000", "1 000"),
            ("none", "none"),
            ("é", "é"),
            ("999999999999999999", 10**18 - 1),
        ],
    )
    def test_each_scalar_has_one_meaning(self, written: str, value: object) -> None:
        data = read_data(f"key: {written}")
        assert data == {"key": value}
        assert isinstance(data, dict)
        assert type(data["key"]) is type(value)

    @pytest.mark.parametrize(
        "written",
        ["1e6", "1E6", "0123", "00", "12:30", "190:20:30", "1_000", "1.5", ".5", "5.", "+5", "-0", "0x1F", "0b11",
         "500,00", "1,000", ".nan", ".NaN", "-.inf", "1234567890123456789",
         "2018-04-16T10:00:00", "2018-04-16 10:00:00"],
    )  # fmt: skip
    def test_a_scalar_that_yaml_libraries_read_differently_is_refused(self, written: str) -> None:
        line, key, message = only_fault(f"first: 1\nsecond: {written}\n")
        assert (line, key) == (2, "second")
        assert message == f"{written} could be read in more than one way; quote it if it is text"

    @pytest.mark.parametrize("written", ["yes", "No", "on", "OFF", "y", "N", "True", "FALSE"])
    def test_words_that_look_like_flags_are_refused(self, written: str) -> None:
        assert only_fault(f"key: {written}") == (
            1,
            "key",
            f"{written} is neither text nor a flag; write true or false, or quote it",
        )

    @pytest.mark.parametrize("written", ["", "~", "null", "NULL", "# a remark"])
    def test_empty_values_are_refused(self, written: str) -> None:
        assert only_fault(f"a: 1\nkey: {written}\n")[:2] == (2, "key")

    @pytest.mark.parametrize("written", ["2018-02-30", "2018-13-01", "2018-2-3", "1066-10-14"])
    def test_days_that_do_not_exist_are_refused(self, written: str) -> None:
        line, key, message = only_fault(f"key: {written}")
        assert (line, key) == (1, "key")
        assert written in message

    def test_the_error_about_30_february_gives_the_length_of_the_month(self) -> None:
        assert only_fault("a: 1\nb:\n  c: 2018-02-30")[2] == "2018-02-30 is not a day: February 2018 has 28 days"

    def test_a_long_scalar_is_not_repeated_in_full(self) -> None:
        assert len(only_fault("key: 1" + "0" * 400_000)[2]) < 120

    @given(st.integers(-(10**18) + 1, 10**18 - 1))
    def test_whole_numbers_are_read(self, number: int) -> None:
        assert read_data(f"key: {number}") == {"key": number}

    def test_block_scalars_are_always_text(self) -> None:
        assert read_data("key: |\n  12\n  yes\n") == {"key": "12\nyes\n"}


class TestRefusedYaml:
    def test_a_duplicate_key_is_refused_with_both_lines(self) -> None:
        assert only_fault("a: 1\nb: 2\na: 3\n") == (3, "a", "is given twice; first in line 1")

    def test_the_same_key_in_two_mappings_is_no_duplicate(self) -> None:
        assert read_data("x: {a: 1}\ny: {a: 1}\nz: [{a: 1}, {a: 1}]") == {
            "x": {"a": 1},
            "y": {"a": 1},
            "z": [{"a": 1}, {"a": 1}],
        }

    def test_a_key_and_the_same_key_in_quotes_are_duplicates(self) -> None:
        assert only_fault('1: a\n"1": b\n') == (2, "1", "is given twice; first in line 1")

    def test_merge_keys_are_refused(self) -> None:
        assert only_fault("a:\n  <<: {b: 1}\n") == (2, "a", "merge keys are not allowed; write the values out")

    def test_anchors_and_aliases_are_each_refused_with_line_and_key(self) -> None:
        faults = faults_of("a: &x word\nb: *x\nc:\n  - &y word\n  - *y\n")
        assert [(fault.line, fault.key) for fault in faults] == [(1, "a"), (2, "b"), (4, "c.0"), (5, "c.1")]

    def test_a_billion_laughs_attack_expands_nothing(self) -> None:
        bomb = "a: &a [lol]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
        )
        assert len(faults_of(bomb)) > 20

    @pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!str", "!own", "!"])
    def test_tags_are_refused(self, tag: str) -> None:
        line, key, message = only_fault(f"a: 1\nb: {tag} [x]\n")
        assert (line, key) == (2, "b")
        assert message.startswith("tags such as")

    @pytest.mark.parametrize("key", ["[a, b]", "{a: b}", "? {a: [1, 2]}\n"])
    def test_a_key_that_is_no_text_is_refused_and_later_keys_are_still_read(self, key: str) -> None:
        faults = faults_of(f"? {key.removeprefix('? ')}\n: c\nb: c\nd: c\n")
        assert {(fault.line, fault.message) for fault in faults} == {(1, "a key must be plain text")}

    @pytest.mark.parametrize("key", ['""', f'"{"k" * (MAX_KEY_LENGTH + 1)}"', '"a\\0b"', '"\\e[2J"'])
    def test_an_empty_long_or_invisible_key_is_refused_and_not_printed(self, key: str) -> None:
        (fault,) = faults_of(f"a: 1\n? {key}\n: 1\n")
        assert fault.line == 2
        assert fault.message == f"a key must have 1 to {MAX_KEY_LENGTH} visible characters"
        assert str(fault).isprintable()

    @pytest.mark.parametrize("text", ["- a list\n", "[1]", "word", "12"])
    def test_a_file_must_be_a_mapping(self, text: str) -> None:
        assert only_fault(text) == (1, "", "must be a mapping of keys to values")

    @pytest.mark.parametrize("text", ["", "# only a remark\n", "\ufeff"])
    def test_an_empty_file_is_refused_as_empty(self, text: str) -> None:
        assert only_fault(text) == (1, "", "is empty")

    def test_an_empty_document_is_refused_as_empty(self) -> None:
        assert only_fault("---\n")[2].startswith("is empty")

    def test_a_second_document_is_refused_at_its_first_line(self) -> None:
        assert only_fault("a: 1\n---\nb: 2\n") == (2, "", "has more than one document")

    @pytest.mark.parametrize(
        ("text", "line"),
        [("a:\n\tb: 1\n", 2), ("a: `x\n", 1), ("a: [1, 2\nb: 3\n", 2), ('a: "x\n', 2),
         ("%YAML 2.0\n---\na: 1\n", 1), ("a: 1\nb\n", 3)],
    )  # fmt: skip
    def test_a_syntax_error_is_reported_with_its_line(self, text: str, line: int) -> None:
        fault_line, key, message = only_fault(text)
        assert (fault_line, key) == (line, "")
        assert message.startswith("is not YAML: ")

    def test_faults_before_a_syntax_error_are_also_reported(self) -> None:
        assert [fault.line for fault in faults_of("a: 1e6\nb: yes\nc: [\n")] == [1, 2, 4]


class TestCharacters:
    def test_a_byte_order_mark_is_not_part_of_the_first_key(self) -> None:
        assert read_data("\ufeffa: 1\n".encode()) == {"a": 1}

    def test_windows_line_ends_count_as_lines(self) -> None:
        assert read_data(b"a: 1\r\nb: |\r\n  one\r\n  two\r\n") == {"a": 1, "b": "one\ntwo\n"}
        assert only_fault(b"a: 1\r\nb: 1e6\r\n")[0] == 2

    @pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x80", "\u202e", "\u2066", "\u200f", "\ufeff"])
    def test_an_invisible_character_is_refused_with_its_line(self, character: str) -> None:
        line, _, message = only_fault(f"a: 1\nb: x{character}y\n")
        assert line == 2
        assert message == f"U+{ord(character):04X} cannot be printed; remove it"

    @pytest.mark.parametrize("escape", ["\\0", "\\e", "\\u202e", "\\x07"])
    def test_an_invisible_character_from_an_escape_is_refused(self, escape: str) -> None:
        line, key, message = only_fault(f'a: 1\nb: "x{escape}y"\n')
        assert (line, key) == (2, "b")
        assert message.endswith("cannot be printed; remove it")

    @pytest.mark.parametrize(("raw", "line"), [(b"a: 1\nb: \xff\n", 2), ("a: 1\n".encode("utf-16"), 1)])
    def test_text_that_is_not_utf_8_is_refused_with_its_line(self, raw: bytes, line: int) -> None:
        fault_line, _, message = only_fault(raw)
        assert fault_line == line
        assert message.startswith("is not UTF-8 text")

    def test_a_lone_surrogate_in_text_is_refused(self) -> None:
        assert only_fault("a: \ud800")[2].startswith("is not UTF-8 text")


class TestBounds:
    def test_the_size_of_a_file_is_bounded(self) -> None:
        assert read_data("a: " + "x" * (MAX_BYTES - 3))
        assert only_fault("a: " + "x" * (MAX_BYTES - 2)) == (
            0,
            "",
            f"has {MAX_BYTES + 1:,} bytes; at most {MAX_BYTES:,} are allowed",
        )

    def test_the_depth_of_a_file_is_bounded(self) -> None:
        deepest = "a: " + "[" * (MAX_DEPTH - 1) + "1" + "]" * (MAX_DEPTH - 1)
        assert read_data(deepest)
        line, _, message = only_fault("a: " + "[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH)
        assert (line, message) == (1, f"is nested more than {MAX_DEPTH} levels deep")

    def test_the_number_of_values_is_bounded(self) -> None:
        line, _, message = only_fault("a:\n" + "- 1\n" * MAX_NODES)
        assert MAX_NODES - 10 < line < MAX_NODES
        assert message == f"has more than {MAX_NODES:,} values"

    @pytest.mark.parametrize(
        "hostile",
        ["a: " + "[" * 500_000, "a: " + "{a: " * 100_000, "a: [" + "1," * 250_000 + "]", "{" * 500_000,
         "? " * 250_000, "- " * 250_000, '? "' + "k" * 500_000 + '"\n: 1', "a: '" + "''" * 250_000 + "'",
         "".join(f"k{n}: 1e6\n" for n in range(12_000)), "a: |\n" + " x\n" * 160_000],
        ids=["brackets", "braces", "wide", "bare", "questions", "dashes", "key", "quotes", "faults", "block"],
    )  # fmt: skip
    def test_reading_a_hostile_file_ends(self, hostile: str) -> None:
        with suppress(FileError):
            read_yaml(hostile, "f.yaml")


class TestFaults:
    def test_all_faults_of_a_file_are_reported_at_once_in_order(self) -> None:
        faults = faults_of("a: yes\nb:\n  - 1e6\n  - {c: 2018-02-30, d: 1, d: 2}\ne: !x 1\n")
        assert [(fault.line, fault.key) for fault in faults] == [
            (1, "a"),
            (3, "b.0"),
            (4, "b.1.c"),
            (4, "b.1.d"),
            (5, "e"),
        ]

    def test_data_that_does_not_fit_a_model_gives_line_and_key_of_each_fault(self) -> None:
        source = read_yaml("instrument: An Act\nprovision: 5\nbasis: guess\nextra: 1\n", "f.yaml")
        model, faults = source.validate(Citation)
        assert model is None
        assert sorted(str(fault) for fault in faults) == [
            "f.yaml:2: provision: must be text; quote it if it looks like something else",
            "f.yaml:3: basis: must be 'read', 'secondary' or 'unverified'",
            "f.yaml:4: extra: is not a known key",
        ]

    def test_a_missing_key_is_reported_at_the_line_of_its_mapping(self) -> None:
        source = read_yaml("is: 1\ncitation:\n  provision: x\n", "f.yaml")
        _, faults = source.validate(AuthorityFact)
        assert sorted(str(fault) for fault in faults) == [
            "f.yaml:2: citation.basis: is missing",
            "f.yaml:2: citation.instrument: is missing",
        ]


class TestKeptValueFaults:
    """Faults of single values can be kept and reported together with those of the rest."""

    def test_the_other_values_are_read_and_the_faults_are_kept(self) -> None:
        source = read_yaml("a: 2018-02-30\nb: 5\n", "f.yaml", keep_value_faults=True)
        assert source.data == {"a": "", "b": 5}
        assert [str(fault) for fault in source.faults] == [
            "f.yaml:1: a: 2018-02-30 is not a day: February 2018 has 28 days"
        ]

    def test_later_faults_are_added_except_for_the_same_keys(self) -> None:
        source = read_yaml("instrument: 1e6\nprovision: 5\nbasis: yes\n", "f.yaml", keep_value_faults=True)
        _, later_faults = source.validate(Citation)
        assert [(fault.line, fault.key) for fault in FileError(source.merge_faults(later_faults)).faults] == [
            (1, "instrument"),
            (2, "provision"),
            (3, "basis"),
        ]

    @pytest.mark.parametrize("text", ["a: [", "a: 1e6\n---\nb: 1\n", "- 1e6\n", "a: " + "[" * 100, "", "a: \0"])
    def test_a_file_that_cannot_be_read_to_its_end_is_still_refused(self, text: str) -> None:
        with pytest.raises(FileError):
            read_yaml(text, "f.yaml", keep_value_faults=True)

    def test_a_sound_file_has_no_faults(self) -> None:
        assert read_yaml("a: 1\n", "f.yaml", keep_value_faults=True).faults == ()
