"""Broken packs are refused as a whole, with the file, line and key of every fault."""

from collections.abc import Callable

import pytest

from rules.errors import Fault, FileError, PackError
from rules.packs.library import Library
from rules.reading.yaml_reader import MAX_BYTES, MAX_DEPTH, MAX_NODES
from tests.rules.pack_builders import FACTS_YAML, PACK_HEADER, VALUES_YAML, controls_yaml, pack_faults

FILES = ["law/foia-2000.yaml", "schemes/mopac/rules.yaml", "schemes/mopac/scheme.yaml", "days/england-and-wales.yaml"]
SOUND = Library.load([])


def load_faults(**changed: bytes) -> tuple[Fault, ...]:
    """Load the shipped scheme with some files changed, and return the faults."""
    with pytest.raises(FileError) as caught:
        Library({**SOUND.files, **changed}).scheme("mopac")
    return caught.value.faults


def faults_after_change(file: str, change: Callable[[bytes], bytes]) -> tuple[Fault, ...]:
    """Load the shipped scheme with one file changed; every fault must be in that file."""
    faults = load_faults(**{file: change(SOUND.files[file])})
    assert {fault.file for fault in faults} == {file}
    return faults


def line_count(file: str) -> int:
    return SOUND.files[file].count(b"\n")


@pytest.mark.parametrize("file", FILES)
class TestMalformedFiles:
    @pytest.mark.parametrize(
        ("added", "words"),
        [
            (b"\tx: 1\n", "is not YAML"),
            (b"x: [1, 2\n", "is not YAML"),
            (b"x: 'unclosed\n", "is not YAML"),
            (b"@x: 1\n", "is not YAML"),
            (b"x: \xff\n", "is not UTF-8 text"),
            (b"x: a\0b\n", "U+0000 cannot be printed; remove it"),
            ("x: \u202eabc\n".encode(), "U+202E cannot be printed; remove it"),
            (b"x: &a 1\n", "anchors are not allowed"),
            (b"x: !!python/name:os.system a\n", "tags such as"),
            (b"---\nx: 1\n", "has more than one document"),
            (b"x: 1e6\n", "could be read in more than one way"),
            (b"x: 0777\n", "could be read in more than one way"),
            (b"x: 12:30\n", "could be read in more than one way"),
            (b"x: yes\n", "is neither text nor a flag"),
            (b"x: 2018-02-30\n", "February 2018 has 28 days"),
            (b"x:\n", "is empty"),
            (b"<<: {a: 1}\n", "merge keys are not allowed"),
            (b"? [a, b]\n: c\n", "a key must be plain text"),
        ],
    )
    def test_a_bad_last_line_is_reported(self, file: str, added: bytes, words: str) -> None:
        faults = faults_after_change(file, lambda data: data + added)
        last = line_count(file) + added.count(b"\n")
        assert any(words in fault.message and last - 1 <= fault.line <= last + 1 for fault in faults), faults

    def test_a_duplicate_key_is_reported_with_both_lines(self, file: str) -> None:
        first = next(n for n, line in enumerate(SOUND.files[file].splitlines(), 1) if line[:1].isalpha())
        key = SOUND.files[file].splitlines()[first - 1].split(b":")[0]
        (fault,) = faults_after_change(file, lambda data: data + key + b": again\n")
        assert (fault.line, fault.key) == (line_count(file) + 1, key.decode())
        assert fault.message == f"is given twice; first in line {first}"

    @pytest.mark.parametrize("data", [b"", b"# nothing\n", b"\xef\xbb\xbf"])
    def test_an_empty_file_is_refused(self, file: str, data: bytes) -> None:
        (fault,) = faults_after_change(file, lambda _: data)
        assert (fault.line, fault.message) == (1, "is empty")

    @pytest.mark.parametrize("data", [b"- a list\n", b"words\n"])
    def test_a_file_that_is_not_a_mapping_is_refused(self, file: str, data: bytes) -> None:
        (fault,) = faults_after_change(file, lambda _: data)
        assert (fault.line, fault.message) == (1, "must be a mapping of keys to values")

    def test_a_file_that_is_too_large_is_refused(self, file: str) -> None:
        (fault,) = faults_after_change(file, lambda data: data + b"# " + b"x" * MAX_BYTES)
        assert f"at most {MAX_BYTES:,} are allowed" in fault.message

    def test_a_file_that_is_nested_too_deep_is_refused(self, file: str) -> None:
        faults = faults_after_change(file, lambda data: data + b"x: " + b"[" * 400_000)
        assert [(fault.line, fault.message) for fault in faults] == [
            (line_count(file) + 1, f"is nested more than {MAX_DEPTH} levels deep")
        ]

    def test_a_file_with_too_many_values_is_refused(self, file: str) -> None:
        faults = faults_after_change(file, lambda data: data + b"x: [" + b"1," * 100_000 + b"1]\n")
        assert [(fault.line, fault.message) for fault in faults] == [
            (line_count(file) + 1, f"has more than {MAX_NODES:,} values")
        ]

    def test_windows_line_ends_and_a_byte_order_mark_are_accepted(self, file: str) -> None:
        changed = b"\xef\xbb\xbf" + SOUND.files[file].replace(b"\n", b"\r\n")
        assert Library({**SOUND.files, file: changed}).scheme("mopac").id == "mopac"


class TestInvalidPacks:
    @pytest.mark.parametrize(
        ("section", "line", "key", "words"),
        [
            ("facts:\n  a.b: {kind: sum, label: A fact}\n", 5, "facts.a.b.kind", "must be 'money', 'count'"),
            ("facts:\n  a.b: {kind: flag}\n", 5, "facts.a.b.label", "is missing"),
            ("facts:\n  a.b: flag\n", 5, "facts.a.b", "must be a mapping of keys"),
            ("facts: [a, b]\n", 4, "facts", "must be a mapping of keys"),
            (
                "values:\n  a.b: {kind: count, label: A value, history: none}\n",
                5,
                "values.a.b.history",
                "must be a list",
            ),
            ("controls:\n  a.b: {}\n", 5, "controls.a.b.requires", "is missing"),
            ("rules:\n  a.b: {}\n", 4, "rules", "is not a known key"),
            ("derived:\n  a.b: {label: A fact}\n", 5, "derived.a.b", "must have exactly one of"),
        ],
    )
    def test_each_fault_has_its_file_line_and_key(self, section: str, line: int, key: str, words: str) -> None:
        matches = [fault for fault in pack_faults(PACK_HEADER + section) if words in fault.message]
        assert ("law/0.yaml", line, key) in [(fault.file, fault.line, fault.key) for fault in matches]

    def test_all_faults_of_a_pack_are_reported_at_once_in_order_of_lines(self) -> None:
        text = (
            PACK_HEADER
            + FACTS_YAML
            + VALUES_YAML.replace("is: £600 ex VAT", "is: 600").replace("from: 2019-01-01", "from: 2019-01-02")
        )
        text += "derived:\n  sum.of: {label: A sum, sum: [number, urgent]}\n"
        text += controls_yaml(
            a_b="requires: {nobody: {is: true}}", a_c="requires: {number: {is: x}}\ngoverned_by: urgent"
        )
        faults = pack_faults(text)
        assert [fault.key for fault in faults] == [
            "values.limit.history.1.from",
            "values.limit.history.1.is",
            "derived.sum.of.sum",
            "controls.a.b.requires.nobody",
            "controls.a.c.requires.number.is",
            "controls.a.c.governed_by",
        ]
        assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)

    def test_the_message_has_one_line_for_each_fault(self) -> None:
        with pytest.raises(FileError) as caught:
            Library({**SOUND.files, FILES[0]: b"pack: X\nextra: 1\n"}).scheme("mopac")
        assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]
        assert all(text.startswith("law/foia-2000.yaml:") for text in str(caught.value).splitlines())


class TestBoundsOfPacks:
    def test_a_thousand_faults_of_a_pack_are_all_reported(self) -> None:
        many = "".join(f"  A{n}: {{kind: flag, label: A fact}}\n" for n in range(1_000))
        assert len(pack_faults(PACK_HEADER + "facts:\n" + many)) == 1_000

    def test_conditions_may_be_nested_as_deep_as_a_file_allows(self) -> None:
        deep = "{urgent: {is: true}}"
        for _ in range(4):
            deep = f"{{all: [{deep}]}}"
        assert (
            "nobody"
            in pack_faults(
                PACK_HEADER + FACTS_YAML + controls_yaml(a_b=f"requires: {deep}", a_c="requires: {nobody: {is: 1}}")
            )[0].message
        )

    def test_a_condition_that_would_compile_to_too_many_terms_is_refused(self) -> None:
        part = "{any: [{number: {is: 1}}, {number: {is: 2}}, {number: {is: 3}}, {number: {is: 4}}]}"
        wide = f"{{all: [{', '.join([part.replace('number', 'number')] * 24)}]}}"
        (fault,) = pack_faults(PACK_HEADER + FACTS_YAML + controls_yaml(a_b=f"requires: {wide}"))
        assert fault.key == "controls.a.b.requires"
        assert "at most 64 are compiled" in fault.message


def test_a_scheme_has_the_name_of_its_folder() -> None:
    """Otherwise its cases would be opened under one name and judged by the scheme of another."""
    files = {file.replace("/mopac/", "/zzz/"): data for file, data in SOUND.files.items() if "/mopac/" in file}
    with pytest.raises(PackError) as refused:
        Library({**SOUND.files, **files}).scheme("zzz")
    line = files["schemes/zzz/scheme.yaml"].split(b"\nscheme:")[0].count(b"\n") + 2
    assert refused.value.faults == (
        Fault("schemes/zzz/scheme.yaml", line, "scheme", "must be zzz, as its folder is called"),
    )


def test_two_packs_of_a_scheme_cannot_have_the_same_name() -> None:
    pack = b"pack: our-limits\ntitle: Our limits\n"
    faults = load_faults(**{"schemes/mopac/our.yaml": pack, "schemes/mopac/our2.yaml": pack})
    assert [str(fault) for fault in faults] == [
        "schemes/mopac/our2.yaml:1: pack: is the name of the pack in schemes/mopac/our.yaml, too"
    ]
