"""The desk: one function for each thing that an officer can do. Each loads, decides and appends in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from rules.errors import InputError
from rules.judging.findings import Ruling
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, split_address
from rules.values.suggestions import nearest
from workflow.cases.case import Matter
from workflow.cases.events import Act, Amend, Command, Enter, Look, Moment, Open
from workflow.cases.life import decide, evolve
from workflow.cases.officers import Officer
from workflow.cases.officers import officer as new_officer
from workflow.cases.paper import Past, is_past, read_paper, read_past
from workflow.errors import Conflict, Refusal
from workflow.history.record import (
    OFFICERS,
    File,
    Refused,
    case_named,
    draft_of,
    draft_of_officer,
    draft_of_refusal,
    file_of,
    officer_named,
    officers_in,
    overview,
    weighed_in,
)
from workflow.ledger.entries import Entry
from workflow.ledger.ports import Clock, Library, Overview, Store, Writing
from workflow.services.typed_facts import both_typed, typed


@dataclass(frozen=True, slots=True)
class Desk:
    """What the functions here work with: the store, the library of packs, and the clock."""

    store: Store
    library: Library
    clock: Clock

    def moment(self, on: date | None) -> Moment:
        """The moment of an act; raises `InputError` for a business day that has not come."""
        today = self.clock.day()
        if on is not None and on > today:
            raise InputError(f"{on.isoformat()} has not come: today is {today.isoformat()}")
        return Moment(on or today, self.clock.salt())


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, for which business day (none: today), and at which version the case was seen (none: any)."""

    officer: str
    on: date | None = None
    expect_version: int | None = None

    def at(self, stream: str, version: int) -> int:
        """The version at which to append; raises `Conflict` where the officer saw the stream at another one."""
        if self.expect_version is not None and self.expect_version != version:
            raise Conflict(stream, self.expect_version, version)
        return version


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was recorded, and the seal that shows it."""

    case: str
    version: int
    event: str
    seal: str
    stage: str
    ruling: Ruling | None = None

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {"case": self.case, "version": self.version, "event": self.event, "seal": self.seal, "stage": self.stage}


def add_officer(desk: Desk, name: str, scheme: str, roles: Sequence[str], asked: Asked) -> tuple[Officer, Entry]:
    """Record that somebody acts for an authority in some roles; raises `InputError` for a name that is taken.

    Where no `scheme` is named, for every authority whose scheme has the roles.
    """
    having = [desk.library.scheme(scheme)] if scheme else _having(desk.library, roles)
    officer = new_officer(name, having[0], roles)
    if len(having) > 1:
        officer = replace(officer, scheme="")
    moment = desk.moment(asked.on)
    with desk.store.writing() as record:
        known = officers_in(record)
        if any(other.id == officer.id for other in known):
            raise InputError(f"there is an officer {officer.id} already", "Add something that tells the two apart.")
        version = asked.at(OFFICERS, len(known))
        by = officer_named(record, asked.officer).name if asked.officer else ""
        entry = record.append(draft_of_officer(officer, by, moment.on), version)
    return officer, entry


def _having(library: Library, roles: Sequence[str]) -> list[Scheme]:
    """The schemes that have all of some roles; raises `InputError` where none has."""
    schemes = [library.scheme(name) for name in library.schemes()]
    having = [scheme for scheme in schemes if set(roles) <= scheme.text.roles.keys()]
    if not having:
        named = f"the role {roles[0]!r}" if len(roles) == 1 else f"the roles {', '.join(map(repr, roles))}"
        raise InputError(f"no scheme has {named}", _role_meant(schemes, roles))
    return having


def _role_meant(schemes: Sequence[Scheme], roles: Sequence[str]) -> str:
    """Advice for roles that no scheme has together: what one that none has may have meant, else all that there are."""
    known = dict.fromkeys(role for scheme in schemes for role in scheme.text.roles)
    for role in roles:
        if role not in known and (near := nearest(role, known)):
            return f"Did you mean {near}?"
    listed = "; ".join(f"{scheme.id}: {', '.join(scheme.text.roles)}" for scheme in schemes)
    return f"There are: {listed}."


def open_case(
    desk: Desk, scheme: str, public: Mapping[str, FactValue], exempt: Mapping[str, FactValue], asked: Asked
) -> Receipt:
    """Open a case on a paper, under the next number of the authority."""
    return _begin(desk, desk.library.scheme(scheme), lambda name: Open(name, public, exempt), asked)


def _enter(desk: Desk, past: Past, asked: Asked) -> Receipt:
    """Enter a case after the fact, under the next number of the authority; raises `InputError` for what is none yet."""
    _refuse_to_come(past, desk.moment(asked.on).on)
    paper = past.paper
    return _begin(
        desk, past.scheme, lambda name: Enter(name, paper.public, paper.exempt, past.recorded, past.stage), asked
    )


def _begin(desk: Desk, scheme: Scheme, command: Callable[[str], Command], asked: Asked) -> Receipt:
    """Begin a case with a command that is given its number."""
    moment = desk.moment(asked.on)
    with desk.store.writing() as record:
        officer = officer_named(record, asked.officer)
        name = _next_number(scheme, record.cases(), moment.on.year)
        asked.at(name, 0)
        return _Sitting(desk, record, scheme, officer, moment).do(None, command(name))


def _refuse_to_come(past: Past, on: date) -> None:
    """Raise `InputError` for an act that is told of a day after that on which the case is entered."""
    for where, told in past.recorded.items():
        if split_address(where)[0] in past.scheme.days_of_acts and isinstance(told, date) and told > on:
            raise InputError(
                f"recorded.{where} is {told.isoformat()}, after {on.isoformat()}, on which the case is entered",
                "What is told after the fact has been done by then: mend the paper, or give a later day with --on.",
            )


@dataclass(frozen=True, slots=True)
class Revision:
    """What is to change in a paper, as typed: facts for each part by address, and addresses to take out.

    A whole `paper` (its bytes and the name of its file) takes the place of all that the old one stated.
    """

    public: Mapping[str, str]
    exempt: Mapping[str, str]
    removed: frozenset[str] = frozenset()
    paper: tuple[bytes, str] | None = None


def open_paper(desk: Desk, scheme: str, paper: bytes, name: str, asked: Asked) -> Receipt:
    """Open a case on a paper as it stands in a file; raises `FileError` with every fault of the file.

    A paper that tells what acts recorded is entered after the fact; it names its scheme itself.
    """
    if is_past(paper, name):
        past = read_past(paper, name, desk.library.scheme)
        if scheme not in ("", past.scheme.id):
            raise InputError(f"{name} is a paper under {past.scheme.id}, not {scheme}")
        return _enter(desk, past, asked)
    if not scheme:
        known = ", ".join(desk.library.schemes())
        raise InputError("nobody said under which scheme", f"Name it with --scheme; there are {known}.")
    read = read_paper(paper, name, desk.library.scheme(scheme))
    return open_case(desk, scheme, read.public, read.exempt, asked)


def amend(desk: Desk, name: str, revision: Revision, asked: Asked) -> Receipt:
    """Change the paper of a case, where its stage allows it; raises `Refusal` where it does not."""

    def command(file: File, scheme: Scheme) -> Command:
        public, exempt = both_typed(scheme, file, revision.public, revision.exempt)
        removed = revision.removed
        if revision.paper:
            whole = read_paper(*revision.paper, scheme)
            # What is typed beside the paper counts, and takes the fact out of the part in which the paper has it.
            public, exempt = _over(whole.public, public, exempt), _over(whole.exempt, exempt, public)
            before = {*file.case.facts, *file.confidential.facts}
            removed |= {where for where in before if scheme.is_stated(where)} - {*public, *exempt}
        for where in sorted(revision.removed & {*public, *exempt}):
            raise InputError(f"{where} is to be stated and to be taken out: say one of the two")
        return Amend(public, exempt, removed)

    return _carry_out(desk, name, command, asked)


def refuse_unfit(desk: Desk, file: File, revision: Revision, asked: Asked) -> None:
    """Raise what `amend` would of a case as it was seen: `Conflict`, or `InputError` for a value that does not fit."""
    asked.at(file.case.id, file.case.version)
    both_typed(desk.library.scheme(file.case.scheme), file, revision.public, revision.exempt)


def _over(
    paper: Mapping[str, FactValue], typed: Mapping[str, FactValue], elsewhere: Mapping[str, FactValue]
) -> dict[str, FactValue]:
    return {where: value for where, value in paper.items() if where not in elsewhere} | dict(typed)


def act(desk: Desk, name: str, action: str, stated: Mapping[str, str], asked: Asked) -> Receipt:
    """Do what the scheme calls by this name; raises `Refusal` with the ruling where a rule is against it."""
    return _carry_out(desk, name, lambda file, scheme: Act(action, typed(scheme, file, stated)), asked)


@dataclass(frozen=True, slots=True)
class Finish:
    """What came of looking at one subject again, as typed: the outcome, and facts for each part by address."""

    subject: str
    outcome: str
    public: Mapping[str, str] = field(default_factory=dict)
    exempt: Mapping[str, str] = field(default_factory=dict)


def review(desk: Desk, name: str, finish: Finish, asked: Asked) -> Receipt:
    """Record what came of looking at one subject of a case again; raises `Refusal` where a rule is against it."""

    def command(file: File, scheme: Scheme) -> Command:
        return Look(finish.subject, finish.outcome, *both_typed(scheme, file, finish.public, finish.exempt))

    return _carry_out(desk, name, command, asked)


def _next_number(scheme: Scheme, known: Sequence[Overview], year: int) -> str:
    """The next number of an authority that no case bears, of its own or of another authority that numbers alike."""
    taken = {case.case.casefold() for case in known}
    number = sum(1 for case in known if case.scheme == scheme.id)
    while True:
        number += 1
        name = scheme.text.numbering.case.replace("{year}", str(year)).replace("{number}", str(number))
        if name.casefold() not in taken:
            return name


def _carry_out(desk: Desk, name: str, command: Callable[[File, Scheme], Command], asked: Asked) -> Receipt:
    moment = desk.moment(asked.on)
    refusal = None
    with desk.store.writing() as record:
        officer = officer_named(record, asked.officer)
        file = file_of(record, case_named(record, name))
        asked.at(file.case.id, file.case.version)
        scheme = desk.library.scheme(file.case.scheme)
        wanted = command(file, scheme)
        try:
            return _Sitting(desk, record, scheme, officer, moment).do(file.matter, wanted)
        except Refusal as error:
            refusal = error
            draft = draft_of_refusal(Refused(wanted, error.ruling, officer.name), file.matter, scheme, moment)
            record.append(draft, record.version(draft.stream))
            record.keep(desk.library.bundle(scheme.id))
    raise refusal


@dataclass(frozen=True, slots=True)
class _Sitting:
    """One command being served: the transaction it is served in, who asks, under which scheme, and when."""

    desk: Desk
    record: Writing
    scheme: Scheme
    officer: Officer
    moment: Moment

    def do(self, matter: Matter | None, command: Command) -> Receipt:
        """Decide, and record what is decided."""
        decided = decide(matter, command, self.scheme, self.officer, self.moment)
        weighed = weighed_in(matter, decided, self.scheme)
        draft = draft_of(decided.event, decided.ruling, self.scheme.rulebook.digest, weighed, self.moment)
        entry = self.record.append(draft, matter.case.version if matter else 0)
        self.record.keep(self.desk.library.bundle(self.scheme.id))
        after = evolve(matter.case if matter else None, decided.event)
        self.record.show_case(overview(after))
        return Receipt(after.id, after.version, decided.event.action, entry.seal, after.stage, decided.ruling)
