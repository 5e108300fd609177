"""Tables of facts: which kinds of subject are declared decides to what a dotted name belongs."""

import pytest

from rules.errors import InputError
from rules.values.fact_table import FactTable
from rules.values.facts import FactDeclaration

FACTS = {name: FactDeclaration(kind="text", label="A text") for name in ("title", "vote.position", "board.outcome")}
TABLE = FactTable(FACTS, ("vote", "bid"))


def refusal_of(address: str, table: FactTable = TABLE) -> InputError:
    with pytest.raises(InputError) as caught:
        table.split_address(address)
    return caught.value


def test_a_dotted_name_belongs_to_a_kind_only_if_the_kind_is_declared() -> None:
    kinds = [TABLE.subject_kind_of(name) for name in ("vote.position", "vote", "board.outcome", "title")]
    assert kinds == ["vote", "case", "case", "case"]
    assert FactTable(FACTS).subject_kind_of("vote.position") == "case"


def test_the_address_of_a_fact_has_a_key_only_if_it_belongs_to_a_subject() -> None:
    assert TABLE.address_of("vote.position", "ann") == "vote:ann.position"
    assert TABLE.address_of("board.outcome", "ann") == "board.outcome"


def test_an_address_is_split_into_the_fact_and_the_key_of_its_subject() -> None:
    assert TABLE.split_address("vote:ann.position") == ("vote.position", "ann")
    assert TABLE.split_address("board.outcome") == ("board.outcome", "")


def test_a_fact_of_a_subject_needs_the_key_of_one() -> None:
    assert "write vote:KEY.position" in refusal_of("vote.position").message


def test_an_unknown_kind_of_subject_gets_a_suggestion_and_the_list() -> None:
    error = refusal_of("vot:ann.position")
    assert error.message == "'vot' is not a kind of subject; the kinds are vote, bid"
    assert error.advice() == "Did you mean vote?"
    assert "no pack declares one" in refusal_of("vote:ann.position", FactTable(FACTS)).message


def test_what_is_no_address_is_refused() -> None:
    assert "does not name a fact" in refusal_of("Vote ann").message
