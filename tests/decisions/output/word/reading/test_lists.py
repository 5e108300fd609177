"""Word stores how a list is numbered, not its numbers: an item keeps the number that its author saw."""

from __future__ import annotations

import pytest

from tests.decisions.output.word.office_programs import edit_part
from tests.decisions.output.word.word_forms import NUMBERING, text_of, with_block, word_file


def level(number: int, number_format: str, pattern: str, start: str = "") -> str:
    begin = f'<w:start w:val="{start}"/>' if start else ""
    return f'<w:lvl w:ilvl="{number}">{begin}<w:numFmt w:val="{number_format}"/><w:lvlText w:val="{pattern}"/></w:lvl>'


def definition(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def listing(number: int, of: int, override: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'


def items(number: int, count: int, depth: int = 0) -> str:
    properties = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>x</w:t></w:r></w:p>" * count


def labels(blocks: str, *numbering: str) -> list[str]:
    """Return the labels of the items that some blocks show, by the lists of a file."""
    data = edit_part(with_block(blocks), ("</w:numbering>", "".join(numbering) + "</w:numbering>"), part=NUMBERING)
    lines = text_of(data).split("The last.")[1].split("\n\n[^1]: ")[0].splitlines()
    return [line.split()[0] for line in lines if line.endswith(" x")]


@pytest.mark.parametrize(
    ("number_format", "pattern", "start", "shown"),
    [
        ("decimal", "%1.", "", ["1.", "2."]),
        ("decimal", "%1)", "5", ["5)", "6)"]),
        ("lowerLetter", "(%1)", "26", ["(z)", "(aa)"]),
        ("lowerRoman", "(%1)", "39", ["(xxxix)", "(xl)"]),
        ("upperLetter", "%1)", "", ["A)", "B)"]),
        ("upperLetter", "%1.", "", ["A)", "B)"]),
        ("decimal", "%1", "nonsense", ["1.", "2."]),
        ("bullet", "\uf0b7", "", ["-", "-"]),
    ],
)
def test_a_label_is_the_one_that_word_shows(number_format: str, pattern: str, start: str, shown: list[str]) -> None:
    assert labels(items(90, 2), definition(90, level(0, number_format, pattern, start)), listing(90, 90)) == shown


def test_lists_of_one_definition_are_counted_together_unless_one_starts_anew() -> None:
    decimal = definition(90, level(0, "decimal", "%1."))
    between = "<w:p><w:r><w:t>Between.</w:t></w:r></w:p>"
    both = items(90, 2) + between + items(91, 2)
    assert labels(both, decimal, listing(90, 90), listing(91, 90)) == ["1.", "2.", "3.", "4."]
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
    assert labels(both, decimal, listing(90, 90), listing(91, 90, anew)) == ["1.", "2.", "7.", "8."]


def test_a_level_can_be_replaced_for_one_list() -> None:
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "lowerRoman", "(%1)")}</w:lvlOverride>'
    assert labels(items(90, 2), definition(90, level(0, "decimal", "%1.")), listing(90, 90, own)) == ["(i)", "(ii)"]


def test_a_list_of_a_list_style_has_the_numbers_of_that_style() -> None:
    style = (
        '<w:style w:type="numbering" w:styleId="Ours"><w:name w:val="Ours"/>'
        '<w:pPr><w:numPr><w:numId w:val="91"/></w:numPr></w:pPr></w:style>'
    )
    linked = '<w:abstractNum w:abstractNumId="90"><w:numStyleLink w:val="Ours"/></w:abstractNum>'
    lists = linked, definition(91, level(0, "decimal", "(%1)")), listing(90, 90), listing(91, 91)
    data = edit_part(with_block(items(90, 1)), ("</w:numbering>", "".join(lists) + "</w:numbering>"), part=NUMBERING)
    assert "(1) x" in text_of(edit_part(data, ("</w:styles>", f"{style}</w:styles>"), part="word/styles.xml"))


def test_our_own_lists_are_read() -> None:
    assert "a. a letter\n  (i) and its part\nb. the next" in text_of(word_file())
