"""Packs of a case under an earlier flow: that flow with the law of today; kept rules only where these do not fit."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import PackError
from rules.packs.bundle import Bundle
from rules.packs.digests import Aspect, compute_digests, compute_flow_digest
from rules.packs.pinned_flow import RuleSource, _write_yaml, pin_flow
from rules.reading.yaml_reader import read_yaml
from tests.workflow.changed_schemes import HEAD, RULES, library_with, renamed_board
from tests.workflow.walk import shipped_library

LAW = "law/foia-2000.yaml"
KEPT = shipped_library().bundle("mopac")
OTHER_FLOW = {"amend: [author]": "amend: [author, governance]"}


def pinned(**changes: dict[str, str]) -> tuple[Bundle, Bundle, RuleSource]:
    """Today's packs with changes to head, rules and law; the packs of the kept flow; whose rules these are."""
    files = {"head": HEAD, "rules": RULES, "law": LAW}
    today = library_with({files[name]: change for name, change in changes.items()}).bundle("mopac")
    packs, rules = pin_flow(KEPT, today)
    return today, packs, rules


@pytest.mark.parametrize("scheme", shipped_library().schemes())
def test_a_flow_pinned_to_its_own_packs_has_the_same_law_and_flow(scheme: str) -> None:
    kept = shipped_library().bundle(scheme)
    packs, rules = pin_flow(kept, kept)
    assert rules is RuleSource.TODAY
    assert compute_digests(packs).changed_aspects(compute_digests(kept)) == (Aspect.LAYOUT,)  # names its origin
    for key in ("documents", "reviews", "stages", "actions", "owners", "separation"):
        assert getattr(packs.scheme().declaration, key) == getattr(kept.scheme().declaration, key)


def test_what_a_scheme_shares_with_others_is_written_out() -> None:
    assert KEPT.head()[1].shared
    packs, _ = pin_flow(KEPT, KEPT)
    assert not [file for file in packs.files if file.startswith("shared/")]
    assert packs.scheme().declaration.reviews == KEPT.scheme().declaration.reviews


def test_the_kept_flow_takes_the_law_and_the_limits_of_today() -> None:
    today, packs, rules = pinned(head=OTHER_FLOW, rules={"gates: [submit, decide]": "gates: [submit]"})
    assert rules is RuleSource.TODAY
    assert compute_flow_digest(packs) == compute_flow_digest(KEPT) != compute_flow_digest(today)
    assert compute_digests(packs).changed_aspects(compute_digests(today)) == (Aspect.FLOW, Aspect.LAYOUT)
    assert Aspect.LAW in compute_digests(packs).changed_aspects(compute_digests(KEPT))


def test_documents_and_the_name_of_the_authority_are_those_of_today() -> None:
    _, packs, _ = pinned(head={**OTHER_FLOW, "short: MOPAC": "short: Mayor's Office"})
    assert packs.scheme().declaration.short == "Mayor's Office"


def test_documents_that_name_what_the_kept_flow_does_not_have_stay_as_they_were() -> None:
    act = "board-on: {label: Send it on, stage: board, to: iab, gate: support, who: [pib_chair], outcome: declared}"
    today = library_with({
        HEAD: {
            "acts: [pib, iab]": "acts: [pib, board, iab]",
            "\n  iab: {label": "\n  board: {label: Board}\n  iab: {label",
            "stage: pib, to: iab, gate": "stage: pib, to: board, gate",
            "\nactions:\n": f"\nactions:\n  {act}\n",
        }
    }).bundle("mopac")  # fmt: skip
    assert today.scheme()
    packs, rules = pin_flow(KEPT, today)
    assert rules is RuleSource.TODAY
    assert packs.scheme().declaration.documents == KEPT.scheme().declaration.documents


def test_rules_that_name_a_renamed_stage_do_not_fit_the_kept_flow_so_the_authoritys_own_stay() -> None:
    packs, rules = pin_flow(KEPT, renamed_board().bundle("mopac"))
    assert rules is RuleSource.OWN_KEPT
    assert compute_flow_digest(packs) == compute_flow_digest(KEPT)
    assert "pib.outcome" in packs.scheme().rulebook.facts
    assert packs.files[RULES] == KEPT.files[RULES]


def test_where_the_law_of_today_does_not_fit_all_packs_are_as_they_were_kept() -> None:
    today = library_with({HEAD: {**OTHER_FLOW, "  - foia-2000\n": ""}, RULES: {}}).files
    packs, rules = pin_flow(KEPT, Bundle({file: today[file] for file in KEPT.files if file != LAW}))
    assert rules is RuleSource.KEPT
    assert packs == KEPT


def test_a_role_that_was_renamed_leads_back_to_the_role_of_the_kept_flow() -> None:
    packs, _ = pin_flow(KEPT, renamed_board().bundle("mopac"))
    assert packs.scheme().declaration.renamed.roles == {"portfolio_chair": "pib_chair"}


def test_an_owner_of_a_day_that_the_law_of_today_adds_owns_it_under_the_kept_flow_too() -> None:
    today, packs, _ = pinned(head=OTHER_FLOW)
    assert packs.scheme().declaration.owners == today.scheme().declaration.owners


NEW_STAGE = {
    HEAD: {
        "stage: pib, to: iab, gate": "stage: pib, to: board, gate",
        "\n  iab: {label": "\n  board: {label: Board}\n  iab: {label",
        "\nactions:\n": "\nactions:\n  board-on: {label: Go on, stage: board, to: iab, gate: board, who: [dmpc]}\n",
        "\ndecision_day:": "\ngates:\n  board: {label: Board}\ndecision_day:",
    },
    RULES: {
        "\ncontrols:\n": """
controls:
  board.in_order:
    requirement: The board has the case before it.
    wrong: The case is at another stage.
    cure: Do the acts in order.
    requires: {case.stage: {is: {fact: act.stage}}}
    gates: [board]
    in_force: {from: 2012-01-16}
    citation: {provision: order 1, basis: unverified}
""",
        "gates: [submit, decide]": "gates: [submit]",
    },
}


def test_a_rule_of_a_stage_that_the_kept_flow_does_not_have_stands_idle() -> None:
    today = library_with(NEW_STAGE).bundle("mopac")
    assert today.scheme()
    packs, rules = pin_flow(KEPT, today)
    assert rules is RuleSource.TODAY
    scheme = packs.scheme()
    assert "board" not in scheme.declaration.stages
    assert "board.in_order" in scheme.rulebook.controls
    assert scheme.declaration.flow_of == KEPT.digest


def test_a_head_that_was_put_together_keeps_the_name_of_the_packs_whose_flow_it_has() -> None:
    packs, _ = pin_flow(KEPT, library_with(NEW_STAGE).bundle("mopac"))
    again, rules = pin_flow(packs, renamed_board().bundle("mopac"))
    assert rules is RuleSource.OWN_KEPT
    assert again.scheme().declaration.flow_of == KEPT.digest


def test_nobody_but_assent_writes_whose_flow_a_head_has() -> None:
    with pytest.raises(PackError, match="flow_of: is written by assent alone"):
        library_with({}, {HEAD: f"\nflow_of: {KEPT.digest}\n"}).scheme("mopac")


def test_who_corrects_and_what_must_be_apart_is_as_today_unless_the_kept_flow_lacks_the_roles() -> None:
    old = renamed_board().bundle("mopac")
    packs, _ = pin_flow(old, library_with(NEW_STAGE).bundle("mopac"))
    kept, today = packs.scheme().declaration, KEPT.scheme().declaration
    assert kept.corrections == today.corrections
    assert kept.separation == old.scheme().declaration.separation


def test_a_head_is_written_so_that_the_strict_reader_gives_the_same_data() -> None:
    data = {
        "text": 'Say "no": it\'s {1, 2} \u2028 # and \\ more', "yes": "yes", "day": date(2018, 3, 7), "flag": True,
        "count": -3, "list": ["1", 1, {"a": []}], "empty": {}, "long": "word " * 400,
    }  # fmt: skip
    assert read_yaml(_write_yaml(data), "head.yaml").data == data


def test_a_kept_head_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(PackError):
        pin_flow(Bundle({**KEPT.files, HEAD: b"language: 99\nscheme: mopac\n"}), KEPT)
