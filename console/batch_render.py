"""`assent document render --all`: every document of every case, made by all cores and handed out one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import click

from console import show
from console.files import document_name, refuse_place
from console.session import CSV, JSON, Session
from console.workers import Unmade, presses
from decisions.issuing import archive, issue
from decisions.issuing.issue import Commission, Issued, Made, Order
from rules.errors import Error, InputError
from rules.values.suggestions import did_you_mean
from workflow.services import queries
from workflow.services.commands import Asked, Desk

WRITTEN, UNCHANGED = "written", "unchanged"
ALL_KINDS = "documents"
LISTED = ("Case", "Version", "Kind", "Part", "State", "Path")
HEADS = ("Case", "Version", "Kind", "Part", "To", "SHA256", "Head", "Path", "State")


@dataclass(frozen=True, slots=True)
class Edition:
    """What is asked for: documents of a kind (empty: of every kind) and a part, in a form, and the folder for them.

    With `force` nothing is left as it is there.
    """

    kind: str
    part: int
    to: str
    folder: Path
    force: bool

    def wanted(self, desk: Desk) -> list[Commission]:
        """The documents to make: of every case, oldest first, one by each form of its scheme.

        Raises `InputError` for a kind that none of the schemes has.
        """
        forms = [(case.case, *form) for case in queries.cases(desk) for form in self._forms(desk, case.scheme)]
        kinds = dict.fromkeys(kind for _, kind, _ in forms)
        if self.kind and self.kind not in kinds:
            raise InputError(f"{self.kind!r} is not a document of any case here", did_you_mean(self.kind, kinds))
        return [
            Commission(case, Order(kind, part, self.to))
            for case, kind, part in forms
            if part == self.part and self.kind in ("", kind)
        ]

    def _forms(self, desk: Desk, scheme: str) -> list[tuple[str, int]]:
        """The kind and part of each form of a scheme.

        Of one that is not known here nobody can tell them. What is asked for is tried all the same, so that its cases
        are named with why they have none, and do not stop the others.
        """
        if scheme in desk.library.schemes():
            return [(form.kind, form.part) for form in desk.library.scheme(scheme).text.documents]
        return [(self.kind or ALL_KINDS, self.part)]

    def place(self, wanted: Commission) -> Path:
        """Where a document is put."""
        return self.folder / document_name(*wanted)


class Delivered(NamedTuple):
    """A document that is in its place, and whether it was put there now."""

    issued: Issued
    path: Path
    state: str
    gives_away: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        own = {"path": str(self.path), "state": self.state, "gives_away": self.gives_away}
        return {**self.issued.as_json(), **own}


class Undelivered(NamedTuple):
    """A document that was not made, and why."""

    wanted: Commission
    unmade: Unmade

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        case, order = self.wanted
        return {
            "case": case, "kind": order.kind, "part": order.part, "why": self.unmade.why, "advice": self.unmade.advice,
        }  # fmt: skip


def render_all(session: Session, edition: Edition, asked: Asked, jobs: int, form: str) -> int:
    """Make an edition, print what came of it, and answer with the exit code: that of the first fault, if any."""
    found = list(_Delivery(session, edition, asked, issue.known(session.desk)).all(jobs))
    delivered = [one for one in found if isinstance(one, Delivered)]
    failed = [one for one in found if isinstance(one, Undelivered)]
    _print(delivered, failed, form)
    return failed[0].unmade.exit_code if failed else 0


@dataclass(frozen=True, slots=True)
class _Delivery:
    """An edition on its way: for whom, and what was issued before, by digest."""

    session: Session
    edition: Edition
    asked: Asked
    known: Mapping[str, Issued]

    def all(self, jobs: int) -> Iterator[Delivered | Undelivered]:
        """What comes of each document, in order; those that a case has not are left out."""
        wanted = self.edition.wanted(self.session.desk)
        settled = {one: found for one in wanted if (found := self._found(one))}
        missing = [one for one in wanted if one not in settled]
        with presses(self.session, missing, max(1, min(jobs, len(missing)))) as coming:
            for one in show.watched(wanted, "Making documents"):
                outcome = settled[one] if one in settled else next(coming)
                if outcome is not None:
                    yield self._delivered(one, outcome)

    def _found(self, wanted: Commission) -> Issued | Unmade | None:
        """The document, where it is in its place already; or what is against putting it there."""
        place = self.edition.place(wanted)
        try:
            files = self.session.store.files()
            refuse_place(place, files, lambda data: self.edition.force or _digest(data) in self.known)
            if self.edition.force or not place.exists():
                return None
            found = self.known.get(_digest(archive.read(place)))
            return found if found and issue.stands(self.session.desk, found, wanted) else None
        except Error as error:
            return Unmade.by(error)

    def _delivered(self, wanted: Commission, outcome: Made | Issued | Unmade) -> Delivered | Undelivered:
        if isinstance(outcome, Unmade):
            return Undelivered(wanted, outcome)
        place = self.edition.place(wanted)
        try:
            if isinstance(outcome, Issued):
                issue.record(self.session.desk, outcome, self.asked)
                return Delivered(outcome, place, UNCHANGED)
            issue.hand_out(self.session.desk, outcome, self.asked, partial(archive.placing, place))
            return Delivered(outcome.issued, place, WRITTEN, outcome.gives_away)
        except Error as error:
            return Undelivered(wanted, Unmade.by(error))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _print(delivered: Sequence[Delivered], failed: Sequence[Undelivered], form: str) -> None:
    if form == JSON:
        show.as_json({"documents": [one.as_json() for one in delivered], "failed": [one.as_json() for one in failed]})
        return
    heads = HEADS if form == CSV else LISTED
    told = [{key.casefold(): value for key, value in one.as_json().items()} for one in delivered]
    show.rows(heads, [[one[head.casefold()] for head in heads] for one in told], form, "documents")
    for each in delivered:
        show.gives_away(each.issued.case, each.issued.kind, each.gives_away)
    _complain(failed)


def _complain(failed: Sequence[Undelivered]) -> None:
    """Say of each document that there is not why, and once what to do about it."""
    for one in failed:
        order = one.wanted.order
        click.echo(f"assent: {one.wanted.case} {order.kind} Part {order.part}: {one.unmade.why}", err=True)
    for advice in filter(None, dict.fromkeys(one.unmade.advice for one in failed)):
        click.echo(advice, err=True)
