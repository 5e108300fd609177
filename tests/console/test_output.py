"""What commands print: JSON that keeps its types, CSV that no spreadsheet runs, and one line for each warning."""

from __future__ import annotations

import csv
import io
import json

import pytest

from console import output
from console.output_formats import CSV, JSON, TABLE

HEADS = ("Fact", "Last act", "Gates")
ROWS = [("cost", 5, ["submit", "decide"]), ("visits", 0, [])]


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


class TestRows:
    def test_json_keeps_numbers_and_lists_under_the_heads_in_small_letters(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        output.print_rows(HEADS, ROWS, JSON, "facts")
        assert json.loads(printed(capsys)) == {
            "facts": [
                {"fact": "cost", "last_act": 5, "gates": ["submit", "decide"]},
                {"fact": "visits", "last_act": 0, "gates": []},
            ]
        }

    def test_json_has_other_keys_if_they_are_given_and_a_key_for_each_cell(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        output.print_rows(("A", "B"), [(1, 2)], JSON, "rows", json_keys=("x", "y"))
        assert json.loads(printed(capsys)) == {"rows": [{"x": 1, "y": 2}]}
        with pytest.raises(ValueError, match="zip"):
            output.print_rows(("A", "B"), [(1,)], JSON, "rows")

    def test_csv_joins_lists_in_one_cell(self, capsys: pytest.CaptureFixture[str]) -> None:
        output.print_rows(HEADS, ROWS, CSV, "facts")
        assert list(csv.reader(io.StringIO(printed(capsys)))) == [
            [*HEADS], ["cost", "5", "submit, decide"], ["visits", "0", ""],
        ]  # fmt: skip

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
    def test_a_cell_that_a_spreadsheet_would_run_is_marked_as_text(
        self, capsys: pytest.CaptureFixture[str], start: str
    ) -> None:
        output.print_rows(("Title",), [(f"{start}cmd|' /C calc'!A0",)], CSV, "cases")
        [_, [cell]] = csv.reader(io.StringIO(printed(capsys), newline=""))
        assert cell == f"'{start}cmd|' /C calc'!A0"

    def test_without_rows_a_table_says_so_and_csv_has_its_heads(self, capsys: pytest.CaptureFixture[str]) -> None:
        output.print_rows(HEADS, [], TABLE, "facts")
        assert printed(capsys) == "No facts found.\n"
        output.print_rows(HEADS, [], CSV, "facts")
        assert printed(capsys) == "Fact,Last act,Gates\r\n"
        output.print_rows(HEADS, [], JSON, "facts")
        assert json.loads(printed(capsys)) == {"facts": []}

    def test_a_table_has_no_control_characters_and_no_line_breaks_in_cells(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        output.print_rows(("Title", "Case"), [("A\n\x1b[31mpond", "EPA-1")], TABLE, "cases")
        assert printed(capsys).splitlines()[1].split() == ["A", "?[31mpond", "EPA-1"]


class TestReceipts:
    RECEIPT = ({"case": "EPA-1", "version": 2, "sha256": "ab", "roles": ["author", "clerk"]},)

    def test_json_gives_it_as_it_is(self, capsys: pytest.CaptureFixture[str]) -> None:
        output.print_receipt(self.RECEIPT[0], JSON)
        assert json.loads(printed(capsys)) == self.RECEIPT[0]

    def test_csv_has_one_row(self, capsys: pytest.CaptureFixture[str]) -> None:
        output.print_receipt(self.RECEIPT[0], CSV)
        heads, row = csv.reader(io.StringIO(printed(capsys)))
        assert heads[:2] == ["Case", "Version"]
        assert row == ["EPA-1", "2", "ab", "author, clerk"]

    def test_a_table_has_a_line_for_each_key(self, capsys: pytest.CaptureFixture[str]) -> None:
        output.print_receipt(self.RECEIPT[0], TABLE)
        assert [line.split(maxsplit=1) for line in printed(capsys).splitlines()][3] == ["roles", "author, clerk"]


class TestLines:
    @pytest.mark.parametrize(
        ("number", "plural", "text"),
        [(0, "", "0 checks"), (1, "", "1 check"), (2, "", "2 checks"), (2, "checkes", "2 checkes")],
    )
    def test_a_count_has_its_noun(self, number: int, plural: str, text: str) -> None:
        assert output.format_count(number, "check", plural) == text

    def test_an_empty_value_is_a_dash(self) -> None:
        assert output.format_pairs([("a", ""), ("longer", 5)]) == "a       –\nlonger  5"
        assert output.format_pairs([]) == ""

    @pytest.mark.parametrize(("source", "line"), [("", "Warning: it ends.\n"), ("EPA-1", "Warning, EPA-1: it ends.\n")])
    def test_a_warning_goes_to_standard_error(self, capsys: pytest.CaptureFixture[str], source: str, line: str) -> None:
        output.print_warning("it ends", source)
        assert capsys.readouterr() == ("", line)

    def test_figures_that_can_be_derived_are_warned_of_only_if_there_are_any(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        output.warn_of_derivable_figures("EPA-1", "decision", [])
        assert capsys.readouterr() == ("", "")
        output.warn_of_derivable_figures("EPA-1", "decision", ["cost", "visits"])
        assert "Warning, EPA-1: the figures in Part 1 of decision reveal cost, visits, which" in capsys.readouterr().err
