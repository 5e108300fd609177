"""Signs of symbol fonts and raised or lowered characters are read as what they look like, or refused."""

from __future__ import annotations

import pytest

from decisions.output.word.reader import read_edited_file
from decisions.output.word.reading import signs
from rules.values.font_coverage import find_missing_glyph
from tests.decisions.output.word.office_programs import edit_part
from tests.decisions.output.word.word_forms import (
    LINE,
    TEXT,
    adding,
    refusal_of,
    styled_run,
    text_of,
    with_parts,
    with_styles,
    word_file,
)  # fmt: skip

RAISED, LOWERED = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
HIGHER, LOWER = '<w:position w:val="6"/>', '<w:position w:val="-6"/>'


def last_line(data: bytes) -> str:
    """Return what stands in the last paragraph after its own words."""
    after = text_of(data).split("The last.")[1]
    return after.split("\n\n[^1]: ")[0]


def sign(font: str, code: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


class TestRaisedAndLowered:
    @pytest.mark.parametrize("raised", [RAISED, HIGHER])
    @pytest.mark.parametrize(
        ("before", "words", "after"),
        [
            (" £10", "6", " £10⁶"),
            (" 10", "-6", " 10⁻⁶"),
            (" 250 m", "2", " 250 m²"),
            (" 1", "st", " 1st"),
            (" 28", "th ", " 28th"),
            (" Assent", "TM", " Assent™"),
            (" Assent", "®", " Assent®"),
            (" 20", "°", " 20°"),
            (" N", "o", " Nº"),
            (" x", " ", " x"),
        ],
    )
    def test_a_raised_text_is_read_as_it_looks(self, raised: str, before: str, words: str, after: str) -> None:
        assert last_line(adding(styled_run(before) + styled_run(words, raised))) == after

    @pytest.mark.parametrize("lowered", [LOWERED, LOWER])
    def test_a_lowered_text_is_read_as_it_looks(self, lowered: str) -> None:
        assert last_line(adding(styled_run(" CO") + styled_run("2", lowered) + styled_run(" is"))) == " CO₂ is"

    def test_a_raised_text_is_read_whole_however_it_is_cut(self) -> None:
        cut = styled_run("s", RAISED) + '<w:proofErr w:type="spellEnd"/>' + styled_run("t", RAISED)
        assert last_line(adding(styled_run(" 21") + cut)) == " 21st"

    @pytest.mark.parametrize("properties", [RAISED, LOWERED, HIGHER, LOWER])
    @pytest.mark.parametrize("words", ["x", "1.5", "6 of them", "½"])
    def test_what_has_no_equal_is_refused_with_its_place(self, properties: str, words: str) -> None:
        kind = "raised" if properties in (RAISED, HIGHER) else "lowered"
        refusal = refusal_of(adding(styled_run(" 10") + styled_run(words, properties)))
        assert f"has {kind} characters that plain text has not, in a field, paragraph 12" in refusal

    def test_letters_that_are_no_ordinal_are_refused(self) -> None:
        assert "has raised characters" in refusal_of(adding(styled_run(" the") + styled_run("th", RAISED)))

    def test_a_style_can_raise(self) -> None:
        style = (
            f'<w:style w:type="character" w:styleId="Power"><w:name w:val="Power"/><w:rPr>{RAISED}</w:rPr></w:style>'
        )
        data = adding(styled_run(" £10") + styled_run("6", '<w:rStyle w:val="Power"/>'))
        assert last_line(with_styles(data, style)) == " £10⁶"

    def test_a_field_of_one_line_is_read_as_it_looks(self) -> None:
        raised = ("<w:t>The supplier", f"<w:t>10</w:t></w:r><w:r><w:rPr>{RAISED}</w:rPr><w:t>6")
        assert read_edited_file(edit_part(word_file(), raised)).line_versions(LINE) == ["10⁶"]

    def test_a_cell_is_read_as_it_looks(self) -> None:
        raised = ("<w:t>£3</w:t></w:r>", f"<w:t>£10</w:t></w:r>{styled_run('6', RAISED)}")
        assert "| 2018/19 | £10⁶ |" in text_of(edit_part(word_file(), raised))

    def test_the_mark_of_a_note_is_no_raised_text(self) -> None:
        assert text_of(word_file()) == TEXT


class TestSymbolFonts:
    @pytest.mark.parametrize(
        ("font", "code", "shown"),
        [
            ("Wingdings", "F0FC", "✓"),
            ("Wingdings", "FC", "✓"),
            ("Wingdings", "F0FB", "✗"),
            ("Wingdings", "F0E0", "→"),
            ("Wingdings 2", "F050", "✓"),
            ("Symbol", "F06D", "µ"),
            ("Symbol", "F0B3", "≥"),
            ("Symbol", "F0A3", "≤"),
            ("Symbol", "F0B0", "°"),
            ("Arial", "2713", "✓"),
        ],
    )
    def test_a_sign_is_read_as_it_looks(self, font: str, code: str, shown: str) -> None:
        assert last_line(adding(sign(font, code))) == shown

    @pytest.mark.parametrize(("font", "words", "shown"), [("Symbol", " mS", " µΣ"), ("wingdings", "\uf0fc", "✓")])
    def test_words_in_a_symbol_font_are_read_as_they_look(self, font: str, words: str, shown: str) -> None:
        assert last_line(adding(styled_run(words, f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>'))) == shown

    @pytest.mark.parametrize(
        ("font", "code"),
        [("Wingdings", "F026"), ("Wingdings", "zz"), ("Arial", "D800"), ("Wingdings 3", "F070")],
    )
    def test_a_sign_without_an_equal_is_refused_with_its_place(self, font: str, code: str) -> None:
        assert "has a sign of a symbol font that plain text has not, in a field, paragraph 12" in refusal_of(
            adding(sign(font, code))
        )

    def test_words_in_an_unknown_symbol_font_are_refused(self) -> None:
        fonts = (
            '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            '<w:font w:name="Odd Signs"><w:charset w:val="02"/></w:font></w:fonts>'
        )
        words = adding(styled_run(" abc", '<w:rFonts w:hAnsi="Odd Signs"/>'))
        assert last_line(words) == " abc"
        assert "has a sign of a symbol font" in refusal_of(with_parts(words, ("fontTable", "fontTable.xml", fonts)))

    def test_a_font_of_the_theme_is_no_symbol_font(self) -> None:
        style = (
            '<w:style w:type="character" w:styleId="Odd"><w:name w:val="Odd"/>'
            '<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr></w:style>'
        )
        themed = '<w:rStyle w:val="Odd"/><w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi"/>'
        assert last_line(with_styles(adding(styled_run(" abc", themed)), style)) == " abc"
        plain = '<w:rStyle w:val="Odd"/>'
        assert last_line(with_styles(adding(styled_run(" ab", plain)), style)) == " αβ"


@pytest.mark.parametrize("font", ["symbol", "wingdings", "wingdings 2", "webdings"])
def test_our_fonts_can_print_the_signs_but_for_two(font: str) -> None:
    shown = [each for code in range(0x20, 0x100) if (each := signs.read_sign(font, chr(code)))]
    assert len(shown) > len(" ✔")
    assert {each for each in shown if find_missing_glyph(each) is not None} <= {"⊥", "☺"}
