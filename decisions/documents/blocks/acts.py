"""The acts at some stages, as a compact table in the order of time: the key `acts`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from decisions.documents import wording
from decisions.documents.blocks.heading import Heading
from decisions.documents.record_views import CaseRecord
from decisions.documents.table_layout import unbroken_day
from rules.packs.document_schema import BlockSpec
from rules.values.calendar import long_date
from rules.values.passages import Cell, Paragraph, Table
from workflow.cases.case import RecordedAct

_ACT_FACTS = ("outcome", "by", "role", "on")


class _ActRow(NamedTuple):
    """A row of the table, and the version of the act by which rows are put in order; 0 where no act was recorded."""

    version: int
    day: str
    step: str
    outcome: str
    by: str
    recorded_later_on: date | None = None

    def cells(self, remark: str = "") -> tuple[Cell, ...]:
        """Return the cells of the row, with a remark after the day."""
        day = " ".join(filter(None, [unbroken_day(self.day), remark]))
        return tuple(map(Cell, (day, self.step, self.outcome, self.by)))


def build_acts(spec: BlockSpec, record: CaseRecord) -> Iterator[Table | Paragraph]:
    """Build a table with one row for each outcome that was recorded at the stages of the block, in order of time.

    Outcomes that a later one replaced have a row too. Those that count no more are void, which a line above explains.
    An act without an outcome has a row only if it closed the case, as a withdrawal does. If late acts were all recorded
    on one day, a line above says so once.
    """
    rows = [row for stage in spec.acts for row in _stage_rows(stage, spec.reason, record)]
    rows = sorted([*rows, *_closing_rows(spec, record)], key=lambda row: row.version)
    if not rows:
        yield Paragraph(f"{spec.unstated}.")
        return
    recorded_later = {row.recorded_later_on for row in rows}
    above = [wording.VOID_EXPLAINED] if any(act.is_void for act in _listed_acts(spec, record)) else []
    above += _explain_late_recording(recorded_later)
    if above:
        yield Paragraph(" ".join(above))
    cells = tuple(row.cells(_remark_on_recording(row.recorded_later_on, recorded_later)) for row in rows)
    yield Table(tuple(map(Cell, wording.ACT_COLUMNS)), cells)


def _explain_late_recording(recorded_later: set[date | None]) -> list[str]:
    """Return when acts were recorded, if all late ones were on one day, else nothing; None stands for in time."""
    late = [day for day in recorded_later if day]
    if len(late) != 1:
        return []
    words = wording.SOME_RECORDED_LATER if None in recorded_later else wording.ALL_RECORDED_LATER
    return [f"{words} {long_date(late[0])}."]


def _remark_on_recording(day: date | None, recorded_later: set[date | None]) -> str:
    """Return what a row says of its late recording: nothing if the line above says it of every row."""
    if day is None or len(recorded_later) == 1:
        return ""
    is_explained = bool(_explain_late_recording(recorded_later))
    return wording.LATER_MARK if is_explained else f"({wording.RECORDED_LATER} {long_date(day)})"


def build_other_overrides(specs: Iterable[BlockSpec], record: CaseRecord) -> Iterator[Heading | Paragraph]:
    """Build a paragraph for each override that no table of acts and no signature of the document shows."""
    shown = {act.version for spec in specs for act in _acts_shown(spec, record)}
    others = [act for act in record.case.acts if act.overrides and act.version not in shown]
    if others:
        yield Heading(wording.OVERRIDES_HEADING)
    for act in others:
        action = record.scheme.declaration.actions.get(act.action)
        what = action.label if action else act.action  # a later scheme need not know it any more
        yield Paragraph(f"{what}, {act.by}, {long_date(act.on)}, {record.format_overrides(act)}")


def _acts_shown(spec: BlockSpec, record: CaseRecord) -> Iterator[RecordedAct]:
    """Yield the acts whose overrides a block shows: those of its table, and the one that its signature stands for."""
    yield from _listed_acts(spec, record)
    if spec.signature and record.value(f"{spec.signature}.outcome") == spec.outcome:
        yield from record.acts_with_outcome(spec.signature)[-1:]


def _listed_acts(spec: BlockSpec, record: CaseRecord) -> Iterator[RecordedAct]:
    """Yield every act with an outcome of the stages of a block, and of their tasks."""
    stages = record.scheme.declaration.stages
    for stage in spec.acts:
        for prefix in (stage, *(stages[stage].tasks if stage in stages else ())):
            yield from record.acts_with_outcome(prefix)


def _stage_rows(stage: str, reason: str, record: CaseRecord) -> Iterator[_ActRow]:
    """Yield the rows of a task, or those of the tasks of a stage and then of the stage itself."""
    declaration = record.scheme.declaration
    own = declaration.stages.get(stage) or declaration.tasks()[stage]
    tasks = declaration.stages[stage].tasks if stage in declaration.stages else {}
    for prefix, label in [*((name, task.label) for name, task in tasks.items()), (stage, own.label)]:
        acts = record.acts_with_outcome(prefix)
        for number, act in enumerate(acts, start=1):
            outcome, by, role, on = (record.format_of_act(act, f"{prefix}.{fact}") for fact in _ACT_FACTS)
            reasons = (record.format_of_act(act, reason) if reason else "", record.format_overrides(act))
            done = _describe_outcome(outcome, "; ".join(filter(None, reasons)), is_void=act.is_void)
            step = f"{label}, {wording.ROUND} {number}" if number > 1 else label
            officer = _describe_officer(by, role)
            yield _ActRow(act.version, on, step, done, officer, act.recorded_later_on)
        if not acts and record.value(f"{prefix}.outcome") is not None:  # an imported case says no more
            outcome, by, role, on = (record.format_line(f"{prefix}.{fact}") for fact in _ACT_FACTS)
            yield _ActRow(0, on, label, outcome, _describe_officer(by, role))


def _closing_rows(spec: BlockSpec, record: CaseRecord) -> Iterator[_ActRow]:
    """Yield the act without an outcome that closed the case at a stage of the block, or just before its first one."""
    last = record.closing_act
    if last is None:
        return
    stages = list(record.scheme.declaration.stages)
    following = stages[stages.index(last.stage) + 1 :][:1] if last.stage in stages else []
    if {last.stage, *following} & set(spec.acts):
        action, role = record.scheme.declaration.actions.get(last.action), record.role_label(last.capacity)
        label = action.label if action else last.action
        done = _describe_outcome(label, record.format_of_act(last, spec.reason) if spec.reason else "", is_void=False)
        step = record.scheme.stage_label(last.stage)
        officer = _describe_officer(last.by, role)
        yield _ActRow(last.version, long_date(last.on), step, done, officer, last.recorded_later_on)


def _describe_officer(by: str, role: str) -> str:
    """Return who acted and in which capacity, once if both are called the same."""
    return by if not role or by == role else f"{by}, {role}"


def _describe_outcome(outcome: str, reason: str, *, is_void: bool) -> str:
    because = f": {reason}" if reason else ""
    return f"{outcome}{because} ({wording.VOID})" if is_void else f"{outcome}{because}"
