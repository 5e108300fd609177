"""Each citation of the shipped packs and schemes says whether it is of law or of policy, and what that does."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from rules.packs.library import Library
from rules.packs.scheme import Scheme
from rules.values.citation import Citation

ASKED_BY = {
    "foia.section_named": ("mopac",),
    "foia.limb_stated": ("mopac",),
    "foia.rationale_stated": ("mopac",),
    "foia.end_or_review_set": ("mopac",),
    "foia.review_after_decision": ("mopac",),
    "foia.withheld_in_part_2": ("mopac", "gla", "lfc"),
    "foia.part_2_said": ("mopac", "gla", "lfc"),
    "exempt.part_answered": ("council",),
    "exempt.held_in_part_2": ("council",),
}
"""What an Act asks of the answer to a request, or not at all, and a form of these authorities asks of a paper."""
SCHEMES = ("mopac", "gla", "lfc", "council", "board")


def citations(declared: object) -> Iterator[Citation]:
    """Every citation in what a file declares."""
    if isinstance(declared, Citation):
        yield declared
    elif isinstance(declared, Mapping):
        for inner in declared.values():
            yield from citations(inner)
    elif isinstance(declared, (list, tuple)):
        for inner in declared:
            yield from citations(inner)
    elif isinstance(declared, BaseModel):
        for name in type(declared).model_fields:
            yield from citations(getattr(declared, name))


def severity(scheme: Scheme, control: str) -> str:
    return scheme.rulebook.controls[control].declaration.severity


def users_of(library: Library, control: str) -> list[Scheme]:
    schemes = [library.scheme(name) for name in SCHEMES]
    return [scheme for scheme in schemes if control in scheme.rulebook.controls]


def test_each_citation_of_each_pack_says_law_or_policy(library: Library) -> None:
    silent = {
        f"{part.pack.pack}: {cited}" for part in library.pack_files for cited in citations(part.pack) if not cited.kind
    }
    assert silent == set()


@pytest.mark.parametrize("name", SCHEMES)
def test_each_citation_of_each_scheme_says_law_or_policy(library: Library, name: str) -> None:
    found = list(citations(library.scheme(name).declaration))
    assert found
    assert [str(cited) for cited in found if not cited.kind] == []


def test_no_sign_off_is_claimed(library: Library) -> None:
    assert [str(cited) for part in library.pack_files for cited in citations(part.pack) if cited.signed_off] == []


@pytest.mark.parametrize("name", SCHEMES)
def test_only_law_or_the_authoritys_own_rule_blocks(library: Library, name: str) -> None:
    scheme, files = library.scheme(name), library.bundle(name).pack_files()
    accepted = {use.pack for use in scheme.declaration.packs if use.as_cited}
    packs = {control: part for part in files for control in part.pack.controls}
    cited = {control for part in files for control in part.pack.cites}
    for control_name, control in scheme.rulebook.controls.items():
        declaration = control.declaration
        if declaration.severity == "blocking" and declaration.citation.kind == "policy" and control_name in packs:
            home = packs[control_name]
            assert home.is_of_scheme or home.pack.pack in accepted or control_name in cited, control_name


@pytest.mark.parametrize("control", ASKED_BY)
class TestQuestionsOfAForm:
    def test_they_are_policy_and_not_the_act(self, library: Library, control: str) -> None:
        for scheme in users_of(library, control):
            cited: Any = scheme.rulebook.controls[control].declaration.citation
            assert cited.kind == "policy"
            assert " Act " not in cited.instrument

    def test_they_block_for_the_authority_whose_form_asks_and_warn_elsewhere(
        self, library: Library, control: str
    ) -> None:
        found = {scheme.declaration.scheme: severity(scheme, control) for scheme in users_of(library, control)}
        assert found == {name: "blocking" if name in ASKED_BY[control] else "warning" for name in found}
        assert set(ASKED_BY[control]) <= set(found)


def test_section_2_blocks_for_everybody(library: Library) -> None:
    """“the public interest in maintaining the exemption outweighs the public interest in disclosing”: s.2(2)(b)."""
    for scheme in ("mopac", "gla", "lfc"):
        control = library.scheme(scheme).rulebook.controls["foia.public_interest_test"].declaration
        assert (control.severity, control.citation.kind, control.citation.provision) == (
            "blocking",
            "law",
            "s.2(2)(b)",
        )
