"""Words that nobody can see are not read as text, wherever their look comes from: ISO/IEC 29500-1, 17.7."""

from __future__ import annotations

import pytest

from decisions.output.word.package import read_parts
from tests.decisions.output.word.office_programs import edit_part
from tests.decisions.output.word.word_forms import (
    STYLES,
    TEXT,
    adding,
    refusal_of,
    styled_run,
    text_of,
    with_block,
    with_parts,
    with_styles,
    word_file,
)  # fmt: skip

HIDDEN = "holds hidden text"
STRUCK = "holds words that are struck through"
ILLEGIBLE = "holds words in the colour of what is behind them"
TINY = "holds words too small to read"
UNSEEN = [
    ("<w:vanish/>", HIDDEN),
    ("<w:specVanish/>", HIDDEN),
    ("<w:webHidden/>", HIDDEN),
    ("<w:strike/>", STRUCK),
    ("<w:dstrike/>", STRUCK),
    ('<w:color w:val="FFFFFF"/>', ILLEGIBLE),
    ('<w:color w:val="FDFDFD"/>', ILLEGIBLE),
    ('<w:color w:val="000000" w:themeColor="background1"/>', ILLEGIBLE),
    ('<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>', ILLEGIBLE),
    ('<w:color w:val="000000"/><w:shd w:val="solid" w:color="000000" w:fill="auto"/>', ILLEGIBLE),
    ('<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>', ILLEGIBLE),
    ('<w:sz w:val="2"/>', TINY),
    ('<w:w w:val="1"/>', TINY),
]
SEEN = [
    '<w:vanish w:val="0"/>',
    '<w:strike w:val="false"/>',
    '<w:color w:val="auto"/>',
    '<w:color w:val="808080"/>',
    '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1D2F5C"/>',
    '<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>',
    '<w:color w:val="auto"/><w:shd w:val="clear" w:fill="FFFFFF"/>',
    '<w:shd w:val="nil" w:fill="14181F"/>',
    '<w:position w:val="1"/>',
    '<w:sz w:val="16"/>',
    "<w:caps/>",
    '<w:lang w:val="en-GB"/>',
]


def style(style_id: str, kind: str = "character", properties: str = "", based_on: str = "", more: str = "") -> str:
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    run = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:style w:type="{kind}" w:styleId="{style_id}"><w:name w:val="{style_id}"/>{base}{run}{more}</w:style>'


def in_style(style_id: str, properties: str = "") -> str:
    return styled_run(" Words", f'<w:rStyle w:val="{style_id}"/>{properties}')


def paragraph(style_id: str, run: str = styled_run("Words")) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/></w:pPr>{run}</w:p>'


def is_read(data: bytes) -> bool:
    return "Words" in text_of(data)


class TestDirectFormatting:
    @pytest.mark.parametrize(("properties", "message"), UNSEEN)
    def test_words_that_nobody_sees_are_refused_with_their_place(self, properties: str, message: str) -> None:
        assert f"{message}, in a field, paragraph 12" in refusal_of(adding(styled_run("Words", properties)))

    @pytest.mark.parametrize("properties", SEEN)
    def test_words_that_can_be_seen_are_read(self, properties: str) -> None:
        assert is_read(adding(styled_run(" Words", properties)))

    @pytest.mark.parametrize(("properties", "message"), UNSEEN)
    def test_spaces_and_words_of_the_form_may_look_as_they_like(self, properties: str, message: str) -> None:
        assert message
        assert text_of(adding(styled_run(" ", properties))) == TEXT
        changed = ("<w:r><w:t>More words.", f"<w:r><w:rPr>{properties}</w:rPr><w:t>More words.")
        assert text_of(edit_part(word_file(), changed)) == TEXT

    def test_formatting_before_a_tracked_change_of_it_does_not_count(self) -> None:
        before = '<w:rPrChange w:id="3" w:author="x"><w:rPr><w:vanish/></w:rPr></w:rPrChange>'
        assert is_read(adding(styled_run(" Words", before)))


class TestStyles:
    @pytest.mark.parametrize(("properties", "message"), UNSEEN)
    def test_a_character_style_counts(self, properties: str, message: str) -> None:
        assert message in refusal_of(with_styles(adding(in_style("Odd")), style("Odd", properties=properties)))

    @pytest.mark.parametrize(("properties", "message"), UNSEEN)
    def test_a_style_that_it_is_based_on_counts(self, properties: str, message: str) -> None:
        styles = style("Odd", based_on="Odder"), style("Odder", properties=properties)
        assert message in refusal_of(with_styles(adding(in_style("Odd")), *styles))

    @pytest.mark.parametrize(("properties", "message"), UNSEEN)
    def test_a_paragraph_style_counts(self, properties: str, message: str) -> None:
        styles = style("Odd", "paragraph", based_on="Odder"), style("Odder", "paragraph", properties)
        assert message in refusal_of(with_styles(with_block(paragraph("Odd")), *styles))

    @pytest.mark.parametrize(("properties", "message"), UNSEEN)
    def test_the_default_paragraph_style_counts(self, properties: str, message: str) -> None:
        normal = f'<w:name w:val="Normal"/><w:rPr>{properties}</w:rPr>'
        assert message in refusal_of(edit_part(word_file(), ('<w:name w:val="Normal"/>', normal), part=STYLES))

    @pytest.mark.parametrize(("properties", "message"), [each for each in UNSEEN if "<w:color" not in each[0]])
    def test_the_defaults_of_the_file_count(self, properties: str, message: str) -> None:
        defaults = ("<w:rPrDefault><w:rPr>", f"<w:rPrDefault><w:rPr>{properties}")
        sized = ('<w:sz w:val="24"/><w:szCs w:val="24"/>', "")
        assert message in refusal_of(edit_part(word_file(), sized, defaults, part=STYLES))

    @pytest.mark.parametrize(("properties", "message"), UNSEEN)
    def test_a_table_style_counts(self, properties: str, message: str) -> None:
        styled = edit_part(word_file(), ('<w:tblStyle w:val="Ruled"/>', '<w:tblStyle w:val="Odd"/>'))
        plain_cells = edit_part(styled, *[('<w:pStyle w:val="Cell"/>', "")] * 8)
        assert message in refusal_of(with_styles(plain_cells, style("Odd", "table", properties)))

    @pytest.mark.parametrize(("properties", "message"), UNSEEN)
    def test_direct_formatting_overrides_a_style(self, properties: str, message: str) -> None:
        shown = (
            '<w:vanish w:val="0"/><w:specVanish w:val="0"/><w:webHidden w:val="0"/><w:strike w:val="0"/>'
            '<w:dstrike w:val="0"/><w:color w:val="123456"/><w:shd w:val="clear" w:fill="FFFFFF"/>'
            '<w:highlight w:val="white"/><w:sz w:val="24"/><w:w w:val="100"/>'
        )
        assert message
        assert is_read(with_styles(adding(in_style("Odd", shown)), style("Odd", properties=properties)))

    def test_a_style_that_is_not_in_the_file_says_nothing(self) -> None:
        assert is_read(adding(in_style("Missing")))

    def test_styles_based_on_each_other_are_no_endless_loop(self) -> None:
        styles = style("Odd", based_on="Odder"), style("Odder", based_on="Odd", properties="<w:vanish/>")
        assert HIDDEN in refusal_of(with_styles(adding(in_style("Odd")), *styles))


class TestToggles:
    """17.7.3: a toggle property is on if the levels of the style hierarchy switch it on an odd number of times."""

    @pytest.mark.parametrize("toggle", ["vanish", "strike"])
    def test_two_levels_that_switch_it_on_show_the_words(self, toggle: str) -> None:
        styles = style("Odd", properties=f"<w:{toggle}/>"), style("Even", "paragraph", f"<w:{toggle}/>")
        assert is_read(with_styles(with_block(paragraph("Even", in_style("Odd"))), *styles))

    @pytest.mark.parametrize("toggle", ["vanish", "strike"])
    def test_two_styles_of_one_level_count_once(self, toggle: str) -> None:
        styles = style("Odd", properties=f"<w:{toggle}/>", based_on="B"), style("B", properties=f"<w:{toggle}/>")
        assert "holds" in refusal_of(with_styles(adding(in_style("Odd")), *styles))

    def test_the_defaults_of_the_file_win(self) -> None:
        hidden = ("<w:rPrDefault><w:rPr>", "<w:rPrDefault><w:rPr><w:vanish/>")
        data = with_styles(adding(in_style("Odd")), style("Odd", properties="<w:vanish/>"))
        assert HIDDEN in refusal_of(edit_part(data, hidden, part=STYLES))

    def test_double_strikethrough_is_no_toggle(self) -> None:
        styles = style("Odd", properties="<w:dstrike/>"), style("Even", "paragraph", "<w:dstrike/>")
        assert STRUCK in refusal_of(with_styles(with_block(paragraph("Even", in_style("Odd"))), *styles))


THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:clrScheme name="x">'
    '<a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1><a:lt1><a:srgbClr val="FFFFFF"/></a:lt1>'
    '<a:accent1><a:srgbClr val="FEFEFE"/></a:accent1></a:clrScheme></a:themeElements></a:theme>'
)
WORD_2010 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'


class TestColours:
    @pytest.mark.parametrize(
        ("colour", "legible"),
        [
            ('w:themeColor="accent1"', False),
            ('w:themeColor="accent1" w:themeShade="80"', True),
            ('w:themeColor="text1"', True),
            ('w:themeColor="text1" w:themeTint="03"', False),
            ('w:themeColor="nonsense" w:val="FFFFFF"', False),
            ('w:themeColor="text1" w:themeTint="zz"', True),
        ],
    )
    def test_colours_of_the_theme_are_looked_up(self, colour: str, legible: bool) -> None:
        data = with_parts(adding(styled_run(" Words", f"<w:color {colour}/>")), ("theme", "theme/theme1.xml", THEME))
        if legible:
            assert is_read(data)
        else:
            assert ILLEGIBLE in refusal_of(data)

    def test_the_settings_may_map_text_to_the_light_colour(self) -> None:
        mapping = ("</w:settings>", '<w:clrSchemeMapping w:t1="light1" w:bg1="dark1"/></w:settings>')
        data = adding(styled_run("Words", '<w:color w:themeColor="text1"/>'))
        assert ILLEGIBLE in refusal_of(edit_part(data, mapping, part="word/settings.xml"))

    @pytest.mark.parametrize(
        "fill",
        [
            "<w14:noFill/>",
            '<w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill>',
            '<w14:solidFill><w14:schemeClr w14:val="bg1"/></w14:solidFill>',
        ],
    )
    def test_text_effects_count(self, fill: str) -> None:
        effect = f"<w14:textFill {WORD_2010}>{fill}</w14:textFill>"
        assert ILLEGIBLE in refusal_of(adding(styled_run("Words", effect)))

    def test_the_colour_of_the_page_counts(self) -> None:
        page = ("<w:body>", '<w:background w:color="14181F"/><w:body>')
        assert ILLEGIBLE in refusal_of(edit_part(word_file(), page))

    def test_the_shading_of_the_paragraph_counts(self) -> None:
        shaded = '<w:p><w:pPr><w:shd w:val="clear" w:fill="14181F"/></w:pPr><w:r><w:t>Words</w:t></w:r></w:p>'
        assert ILLEGIBLE in refusal_of(with_block(shaded))

    @pytest.mark.parametrize(
        ("properties", "cell", "legible"),
        [
            ('<w:color w:val="FFFFFF"/>', '<w:shd w:val="clear" w:fill="1D2F5C"/>', True),
            ('<w:color w:val="1D2F5C"/>', '<w:shd w:val="clear" w:fill="1D2F5C"/>', False),
            ('<w:color w:val="FFFFFF"/>', '<w:shd w:val="pct80" w:color="000000" w:fill="FFFFFF"/>', True),
            ('<w:color w:val="FFFFFF"/>', "", False),
        ],
    )
    def test_the_shading_of_the_cell_counts(self, properties: str, cell: str, legible: bool) -> None:
        run = styled_run("Words", properties)
        row = f"<w:tr><w:tc><w:tcPr>{cell}</w:tcPr><w:p>{run}</w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
        data = with_block(f"<w:tbl>{row}</w:tbl>")
        if legible:
            assert is_read(data)
        else:
            assert ILLEGIBLE in refusal_of(data)


class TestTableStyles:
    """White words on a dark first row are the commonest table of Word, and can be read there only."""

    HEADING = (
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:color w:val="FFFFFF"/></w:rPr>'
        '<w:tcPr><w:shd w:val="clear" w:fill="1D2F5C"/></w:tcPr></w:tblStylePr>'
    )

    def table(self, look: str, heading: str = HEADING) -> bytes:
        row = "<w:tr><w:tc><w:p><w:r><w:t>Words</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
        properties = f'<w:tblPr><w:tblStyle w:val="Grid"/>{look}</w:tblPr>'
        data = with_block(f"<w:tbl>{properties}{row * 2}</w:tbl>")
        return with_styles(data, style("Grid", "table", more=heading))

    @pytest.mark.parametrize("look", ['<w:tblLook w:firstRow="1"/>', '<w:tblLook w:val="0020"/>', "", "<w:tblLook/>"])
    def test_white_words_on_a_dark_first_row_are_read(self, look: str) -> None:
        assert is_read(self.table(look))

    def test_white_words_of_a_style_without_shading_are_refused(self) -> None:
        heading = self.HEADING.replace('w:fill="1D2F5C"', 'w:fill="auto"')
        assert f"{ILLEGIBLE}, in a field, row 1, column 1" in refusal_of(
            self.table('<w:tblLook w:val="0020"/>', heading)
        )

    @pytest.mark.parametrize(
        ("region", "look", "place"),
        [
            ("lastRow", 'w:lastRow="1"', "row 2, column 1"),
            ("firstCol", 'w:firstColumn="1"', "row 1, column 1"),
            ("band2Horz", "", "row 2, column 1"),
            ("swCell", 'w:firstColumn="1" w:lastRow="1"', "row 2, column 1"),
            ("nwCell", 'w:val="00A0"', "row 1, column 1"),
        ],
    )
    def test_each_part_of_a_table_has_its_own_look(self, region: str, look: str, place: str) -> None:
        hidden = f'<w:tblStylePr w:type="{region}"><w:rPr><w:vanish/></w:rPr></w:tblStylePr>'
        assert f"{HIDDEN}, in a field, {place}" in refusal_of(self.table(f"<w:tblLook {look}/>", hidden))

    def test_a_hidden_row_is_refused(self) -> None:
        row = (
            "<w:tr><w:trPr><w:hidden/></w:trPr>" + "<w:tc><w:p><w:r><w:t>Words</w:t></w:r></w:p></w:tc>" * 2 + "</w:tr>"
        )
        assert HIDDEN in refusal_of(with_block(f"<w:tbl>{row}</w:tbl>"))


def test_the_fonts_and_colours_of_our_own_form_are_legible() -> None:
    assert b"1D2F5C" in read_parts(word_file())[STYLES]
    assert text_of(word_file()) == TEXT
