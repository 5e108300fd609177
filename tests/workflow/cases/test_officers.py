"""Officers: names, ids, roles and authorities."""

from pathlib import Path

import pytest

from rules.errors import InputError
from tests.workflow.walk import AUTHOR, CASE_ID, new_services, request_by, shipped_library
from workflow.cases.officers import clean_name, clean_roles, make_officer_id
from workflow.errors import Conflict
from workflow.history.officer_records import find_officer
from workflow.services import commands, officer_commands, queries, verification
from workflow.services.commands import Request, Services


@pytest.fixture
def scheme_id() -> str:
    return "mopac"


@pytest.mark.parametrize(
    ("name", "officer_id"),
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
def test_an_id_is_the_name_in_small_letters(name: str, officer_id: str) -> None:
    assert make_officer_id(name) == officer_id


@pytest.mark.parametrize("name", ["", "   ", "!!!", "—", "✓", "123", "1-2"])
def test_a_name_without_a_letter_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"needs a (name|letter)"):
        clean_name(name)


def test_a_name_of_more_than_100_characters_is_refused() -> None:
    assert clean_name("a" * 100) == "a" * 100
    with pytest.raises(InputError, match="at most 100"):
        clean_name("a" * 101)


@pytest.mark.parametrize("name", ["Аimee Reed", "Aimee Rееd", "ΑIMEE Reed"])  # noqa: RUF001 – what is tested
def test_a_name_that_mixes_lookalike_alphabets_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="several alphabets"):
        clean_name(name)


@pytest.mark.parametrize("name", ["Aimee\u202eReed", "Aimee\x00Reed", "Aimee\u200bReed"])
def test_a_name_with_invisible_characters_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="cannot be printed"):
        clean_name(name)


def test_an_officer_needs_a_role_that_the_scheme_has() -> None:
    scheme = shipped_library().scheme("mopac")
    with pytest.raises(InputError, match="at least one role"):
        clean_roles(scheme, [])
    with pytest.raises(InputError, match="'autor' is not a role") as error:
        clean_roles(scheme, ["autor"])
    assert "author" in error.value.advice()


def test_a_role_counts_once() -> None:
    assert clean_roles(shipped_library().scheme("mopac"), ["dmpc", "author", "dmpc"]) == ("dmpc", "author")


@pytest.mark.parametrize("name", ["Aimee Reed", "aimee reed", "Aimée  Reed", "AIMEE-REED"])
def test_two_officers_never_share_an_id(services: Services, name: str) -> None:
    with pytest.raises(InputError, match="already"):
        officer_commands.add_officer(
            services, name, officer_commands.RoleAppointment("mopac", ("author",)), request_by("", "2018-03-01")
        )
    assert len(queries.list_officers(services)) == 7


def test_an_officer_is_found_by_id_or_name_in_any_case(services: Services) -> None:
    officer_commands.add_officer(
        services, "Олена Коваль", officer_commands.RoleAppointment("mopac", ("author",)), request_by("", "2018-03-01")
    )
    with services.store.read_transaction() as transaction:
        for typed in ("aimee-reed", "Aimee Reed", "AIMEE REED"):
            assert find_officer(transaction, typed).id == AUTHOR
        assert find_officer(transaction, "ОЛЕНА КОВАЛЬ").id == "олена-коваль"
        with pytest.raises(InputError, match="'aimee-red' is not an officer") as error:
            find_officer(transaction, "aimee-red")
        assert error.value.advice() == "Did you mean aimee-reed?"
        with pytest.raises(InputError) as long:
            find_officer(transaction, "x" * 1_000_000)
        assert len(str(long.value)) < 300


def test_only_a_known_officer_can_add_another(services: Services) -> None:
    with pytest.raises(InputError, match="'somebody' is not an officer"):
        officer_commands.add_officer(
            services,
            "B Lee",
            officer_commands.RoleAppointment("mopac", ("author",)),
            request_by("somebody", "2018-03-01"),
        )
    entry = officer_commands.add_officer(
        services,
        "B Lee",
        officer_commands.RoleAppointment("mopac", ("author",)),
        request_by("R LAWRENCE", "2018-03-01"),
    ).entry
    assert entry.officer == "R Lawrence"
    assert entry.version == 8


def test_an_officer_is_added_only_at_the_expected_version(services: Services) -> None:
    with pytest.raises(Conflict):
        officer_commands.add_officer(
            services,
            "B Lee",
            officer_commands.RoleAppointment("mopac", ("author",)),
            request_by("", "2018-03-01", expected_version=6),
        )
    officer_commands.add_officer(
        services,
        "B Lee",
        officer_commands.RoleAppointment("mopac", ("author",)),
        request_by("", "2018-03-01", expected_version=7),
    )


def test_an_officer_cannot_be_added_on_a_future_day(services: Services) -> None:
    with pytest.raises(InputError, match="2019-01-01 has not come yet: today is 2018-12-31"):
        officer_commands.add_officer(
            services, "B Lee", officer_commands.RoleAppointment("mopac", ("author",)), request_by("", "2019-01-01")
        )


def test_a_person_who_was_not_added_cannot_act(services: Services) -> None:
    with pytest.raises(InputError, match="is not an officer"):
        commands.perform_action(services, CASE_ID, commands.TypedAct("submit"), Request("nobody"))


def test_an_officer_cannot_be_added_to_an_unknown_authority(services: Services) -> None:
    with pytest.raises(InputError, match="'mopak' is not a scheme"):
        officer_commands.add_officer(
            services, "B Lee", officer_commands.RoleAppointment("mopak", ("author",)), request_by("", "2018-03-01")
        )


class TestWithoutAnAuthority:
    def test_roles_of_one_scheme_alone_are_held_at_its_authority(self, path: Path) -> None:
        officer = officer_commands.add_officer(
            new_services(path), "A Deputy", officer_commands.RoleAppointment("", ("dmpc",)), Request("")
        ).officer
        assert (officer.schemes, officer.acts_under("mopac"), officer.acts_under("gla")) == (("mopac",), True, False)

    def test_roles_that_several_schemes_have_are_held_at_each(self, path: Path) -> None:
        services = new_services(path)
        officer = officer_commands.add_officer(
            services, "An Author", officer_commands.RoleAppointment("", ("author",)), Request("")
        ).officer
        assert (officer.schemes, officer.acts_under("mopac"), officer.acts_under("gla")) == (("",), True, True)
        for scheme in ("mopac", "gla"):
            opened = commands.open_case(services, scheme, {"title": "One"}, {}, request_by("an-author", "2018-05-01"))
            assert opened.stage == "draft"
        assert verification.verify_ledger(services, with_replay=True).entries

    def test_a_misspelt_role_gets_a_suggestion(self, path: Path) -> None:
        with pytest.raises(InputError, match="no scheme has the role 'Auther'") as refused:
            officer_commands.add_officer(
                new_services(path), "Rosa Lee", officer_commands.RoleAppointment("", ("Auther",)), Request("")
            )
        assert refused.value.advice() == "Did you mean author?"

    def test_roles_that_no_scheme_has_together_are_refused_with_a_list(self, path: Path) -> None:
        with pytest.raises(InputError, match="no scheme has the roles 'dmpc', 'mayor'") as refused:
            officer_commands.add_officer(
                new_services(path), "A Both", officer_commands.RoleAppointment("", ("dmpc", "mayor")), Request("")
            )
        assert "mopac: author" in refused.value.advice()
