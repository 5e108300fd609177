"""Officers: who acts, in which roles, and by which name they are typed."""

from pathlib import Path

import pytest

from rules.errors import InputError
from tests.workflow.walk import AUTHOR, CASE_ID, new_services, request_by, shipped_library
from workflow.cases.officers import create_officer, make_officer_id
from workflow.errors import Conflict
from workflow.history.officer_records import find_officer
from workflow.services import commands as at_desk
from workflow.services import queries, verification
from workflow.services.commands import Request, Services


@pytest.fixture
def scheme_id() -> str:
    return "mopac"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Aimee Reed", "aimee-reed"),
        ("  Zoë   O’Neil-Žižka ", "zoe-o-neil-zizka"),
        ("Straße", "strasse"),
        ("Олена Коваль", "олена-коваль"),
        ("Ελένη", "ελένη"),
        ("李小龍", "李小龍"),
        ("हिन्दी", "हिन्दी"),
        ("محمد علي", "محمد-علي"),
        ("Reed 2", "reed-2"),
        ("_a__b_", "a-b"),
    ],
)
def test_a_name_is_typed_in_small_letters(name: str, typed: str) -> None:
    assert make_officer_id(name) == typed


@pytest.mark.parametrize("name", ["", "   ", "!!!", "—", "✓", "123", "1-2"])
def test_a_name_without_a_letter_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"needs a (name|letter)"):
        create_officer(name, shipped_library().scheme("mopac"), ["author"])


def test_a_name_longer_than_a_line_is_refused() -> None:
    scheme = shipped_library().scheme("mopac")
    assert create_officer("a" * 100, scheme, ["author"]).name == "a" * 100
    with pytest.raises(InputError, match="at most 100"):
        create_officer("a" * 101, scheme, ["author"])


@pytest.mark.parametrize("name", ["Аimee Reed", "Aimee Rееd", "ΑIMEE Reed"])  # noqa: RUF001 – what is tested
def test_a_name_that_looks_like_another_by_letters_of_other_alphabets_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="several alphabets"):
        create_officer(name, shipped_library().scheme("mopac"), ["author"])


@pytest.mark.parametrize("name", ["Aimee\u202eReed", "Aimee\x00Reed", "Aimee\u200bReed"])
def test_a_name_with_signs_that_nobody_sees_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="cannot be printed"):
        create_officer(name, shipped_library().scheme("mopac"), ["author"])


def test_an_officer_needs_a_role_that_the_scheme_has() -> None:
    scheme = shipped_library().scheme("mopac")
    with pytest.raises(InputError, match="at least one role"):
        create_officer("A Reed", scheme, [])
    with pytest.raises(InputError, match="'autor' is not a role") as error:
        create_officer("A Reed", scheme, ["autor"])
    assert "author" in error.value.advice()


def test_a_role_counts_once_and_the_first_that_fits_is_the_capacity() -> None:
    held = create_officer("A Reed", shipped_library().scheme("mopac"), ["dmpc", "author", "dmpc"])
    assert held.roles == ("dmpc", "author")
    assert held.find_capacity(["governance", "author", "dmpc"]) == "author"
    assert held.find_capacity(["governance"]) is None


@pytest.mark.parametrize("name", ["Aimee Reed", "aimee reed", "Aimée  Reed", "AIMEE-REED"])
def test_two_officers_are_never_typed_alike(desk: Services, name: str) -> None:
    with pytest.raises(InputError, match="already"):
        at_desk.add_officer(desk, name, "mopac", ["author"], request_by("", "2018-03-01"))
    assert len(queries.list_officers(desk)) == 7


def test_an_officer_is_known_by_id_and_by_name_however_typed(desk: Services) -> None:
    at_desk.add_officer(desk, "Олена Коваль", "mopac", ["author"], request_by("", "2018-03-01"))
    with desk.store.read_transaction() as record:
        for typed in ("aimee-reed", "Aimee Reed", "AIMEE REED"):
            assert find_officer(record, typed).id == AUTHOR
        assert find_officer(record, "ОЛЕНА КОВАЛЬ").id == "олена-коваль"
        with pytest.raises(InputError, match="'aimee-red' is not an officer") as error:
            find_officer(record, "aimee-red")
        assert error.value.advice() == "Did you mean aimee-reed?"
        with pytest.raises(InputError) as long:
            find_officer(record, "x" * 1_000_000)
        assert len(str(long.value)) < 300


def test_who_enters_an_officer_is_one_who_is_known(desk: Services) -> None:
    with pytest.raises(InputError, match="'somebody' is not an officer"):
        at_desk.add_officer(desk, "B Lee", "mopac", ["author"], request_by("somebody", "2018-03-01"))
    _, entry = at_desk.add_officer(desk, "B Lee", "mopac", ["author"], request_by("R LAWRENCE", "2018-03-01"))
    assert entry.officer == "R Lawrence"
    assert entry.version == 8


def test_an_officer_is_entered_at_the_version_that_was_seen(desk: Services) -> None:
    with pytest.raises(Conflict):
        at_desk.add_officer(desk, "B Lee", "mopac", ["author"], request_by("", "2018-03-01", expected_version=6))
    at_desk.add_officer(desk, "B Lee", "mopac", ["author"], request_by("", "2018-03-01", expected_version=7))


def test_an_officer_is_not_entered_on_a_day_that_has_not_come(desk: Services) -> None:
    with pytest.raises(InputError, match="2019-01-01 has not come: today is 2018-12-31"):
        at_desk.add_officer(desk, "B Lee", "mopac", ["author"], request_by("", "2019-01-01"))


def test_nobody_can_act_who_was_not_entered(desk: Services) -> None:
    with pytest.raises(InputError, match="is not an officer"):
        at_desk.perform_action(desk, CASE_ID, "submit", {}, Request("nobody"))


def test_an_authority_that_is_not_known_has_no_officers(desk: Services) -> None:
    with pytest.raises(InputError, match="'mopak' is not a scheme"):
        at_desk.add_officer(desk, "B Lee", "mopak", ["author"], request_by("", "2018-03-01"))


class TestWithoutAnAuthority:
    def test_roles_that_one_scheme_alone_has_are_held_there(self, path: Path) -> None:
        made, _ = at_desk.add_officer(new_services(path), "A Deputy", "", ["dmpc"], Request(""))
        assert (made.scheme, made.acts_for("mopac"), made.acts_for("gla")) == ("mopac", True, False)

    def test_roles_that_several_have_are_held_at_each_of_them(self, path: Path) -> None:
        desk = new_services(path)
        made, _ = at_desk.add_officer(desk, "An Author", "", ["author"], Request(""))
        assert (made.scheme, made.acts_for("mopac"), made.acts_for("gla")) == ("", True, True)
        for scheme in ("mopac", "gla"):
            opened = at_desk.open_case(desk, scheme, {"title": "One"}, {}, request_by("an-author", "2018-05-01"))
            assert opened.stage == "draft"
        assert verification.verify_ledger(desk, with_replay=True).entries

    def test_a_role_that_is_mistyped_is_told_with_the_one_that_may_be_meant(self, path: Path) -> None:
        with pytest.raises(InputError, match="no scheme has the role 'Auther'") as refused:
            at_desk.add_officer(new_services(path), "Rosa Lee", "", ["Auther"], Request(""))
        assert refused.value.advice() == "Did you mean author?"

    def test_roles_that_none_has_together_are_refused_with_those_that_there_are(self, path: Path) -> None:
        with pytest.raises(InputError, match="no scheme has the roles 'dmpc', 'mayor'") as refused:
            at_desk.add_officer(new_services(path), "A Both", "", ["dmpc", "mayor"], Request(""))
        assert "mopac: author" in refused.value.advice()
