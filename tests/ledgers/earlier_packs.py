"""The packs of authorities as they were, or could be: with other flows, overrides, and a limit to late recording."""

from __future__ import annotations

from functools import cache, partial

from rules.packs.library import Library
from tests.workflow.changed_schemes import library_with, renamed_board
from tests.workflow.walk import shipped_library

_EXAMPLE = "citation: {instrument: An example, provision: order 1, basis: unverified, note: Made up.}"
_NEW_NAMES = """
renamed:
  stages: {portfolio: pib}
  roles: {portfolio_chair: pib_chair}
  actions: {portfolio-support: pib-support, portfolio-return: pib-return, portfolio-defer: pib-defer,
            portfolio-reject: pib-reject}
  outcomes: {endorsed: supported}
"""


@cache
def with_another_amender(scheme: str, role: str) -> Library:
    """Return the packs in which the author is not the only one who amends papers."""
    head = f"schemes/{scheme}/scheme.yaml"
    return library_with({head: {"  amend: [author]\n": f"  amend: [author, {role}]\n"}})


@cache
def with_override(scheme: str, control: str, roles: str, after_days: int) -> Library:
    """Return the packs in which some roles may override a control, and an act is late after so many days."""
    declared = f"""
overrides:
  {control}: {{who: [{roles}], {_EXAMPLE}}}
"""
    head = f"schemes/{scheme}/scheme.yaml"
    shipped = shipped_library().scheme(scheme).declaration.late_recording
    after = {f"  after_days: {shipped.after_days}\n": f"  after_days: {after_days}\n"} if shipped else {}
    return library_with({head: after}, {head: declared})


@cache
def before_the_new_name() -> Library:
    """Return the packs in which the first board has another name than today, and nothing says which."""
    return renamed_board("")


@cache
def after_the_new_name() -> Library:
    """Return the shipped packs, which say what the first board was called before."""
    return library_with({}, {"schemes/mopac/scheme.yaml": _NEW_NAMES})


def lenient(scheme: str, control: str, roles: str, after_days: int) -> partial[Library]:
    """Return what makes the packs of `with_override`."""
    return partial(with_override, scheme, control, roles, after_days)


def amended_by(scheme: str, role: str) -> partial[Library]:
    """Return what makes the packs of `with_another_amender`."""
    return partial(with_another_amender, scheme, role)
