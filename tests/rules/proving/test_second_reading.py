"""The table for a second reader: what no proof can find, since the pack and its examples are wrong alike."""

from __future__ import annotations

from functools import cache

from decisions.proving.walk_proof import prove_walks
from rules.authoring.data_files import MANUAL_FOLDER
from rules.packs.library import Library
from rules.proving.scheme_proof import prove_schemes
from rules.proving.second_reading import ReviewedItem, list_reviewed_items
from tests.schemes.conftest import library_with_changes, shipped_library

LAW, LAW_EXAMPLES = "law/parks-act.yaml", "law/parks-act.examples.yaml"


@cache
def reviewed(library: Library, *names: str) -> list[ReviewedItem]:
    return list_reviewed_items(library, prove_schemes(library, names, prove_walks=prove_walks))


def item(library: Library, schemes: str, name: str, first_day: str = "") -> ReviewedItem:
    return next(
        each for each in reviewed(library, *schemes.split("-")) if (each.name, each.first_day) == (name, first_day)
    )


def test_a_figure_stands_with_its_days_its_source_and_the_examples_on_both_sides() -> None:
    limit = item(shipped_library(), "gla-lfc", "prior_approval.limit", "2018-04-01")
    assert limit.says == "at least £150,000 as stated"
    assert (limit.last_day, limit.basis) == ("", "secondary")
    assert limit.citation.startswith("London Fire Commissioner Governance Direction 2018 (MD2260), “A commitment")
    assert {"at £149,999.99 as stated", "at £150,000 as stated", "on 2018-04-01"} <= {
        shown.what for shown in limit.examples
    }


def test_a_way_of_counting_days_stands_with_examples_of_both_outcomes() -> None:
    days = item(shipped_library(), "gla-lfc", "publication.working_days")
    assert days.kind == "days"
    assert days.says == "working_days: {from: decided_on, to: act.on}"
    assert ("1: publication.in_time satisfied", "A decision made on Monday is published on Tuesday") in days.examples
    assert ("2: publication.in_time breached", "A decision made on Monday is published on Wednesday") in days.examples


def test_what_several_schemes_share_is_listed_once() -> None:
    items = reviewed(shipped_library(), "gla", "lfc")
    assert len(items) == len(set(items))
    assert {"level.mayor_above", "prior_approval.limit", "foia.basis"} <= {each.name for each in items}


def test_what_no_example_shows_is_left_empty() -> None:
    library = Library.load([MANUAL_FOLDER])
    unused = item(library, "example", "parks.reserve", "2020-04-01")
    assert unused.says.startswith("10")
    assert unused.examples == ()


def test_a_figure_changed_with_its_examples_is_sound_and_stands_in_the_table() -> None:
    files = dict(Library.load([MANUAL_FOLDER]).files)
    for file in (LAW, LAW_EXAMPLES):
        files[file] = (
            files[file].decode().replace("£50,000 ex", "£55,000 ex").replace("£49,999.99", "£54,999.99").encode()
        )
    limit = item(Library(files), "example", "parks.limit", "2020-04-01")
    assert limit.says == "at least £55,000 excluding VAT for building"
    assert "at £55,000 excluding VAT" in {shown.what for shown in limit.examples}


def test_days_confused_together_with_their_examples_are_sound_and_stand_in_the_table() -> None:
    library = library_with_changes(
        ("schemes/gla/rules.yaml", "    working_days: {from: decided_on,", "    calendar_days: {from: decided_on,"),
        (
            "schemes/gla/examples.yaml",
            "      decided_on: 2018-04-13\n    then: {publication.in_time: satisfied}",
            "      decided_on: 2018-04-13\n    then: {publication.in_time: breached}",
        ),
    )
    days = item(library, "gla", "publication.working_days")
    assert days.says == "calendar_days: {from: decided_on, to: act.on}"


def test_an_item_has_one_json_form() -> None:
    limit = item(shipped_library(), "gla-lfc", "prior_approval.limit", "2018-04-01")
    assert limit.as_json().keys() == {"kind", "name", "says", "from", "to", "citation", "basis", "examples"}
    assert all(shown.keys() == {"what", "example"} for shown in limit.as_json()["examples"])
