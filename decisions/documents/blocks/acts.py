"""What was done at some stages, as a table: the key `acts`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from decisions.documents import wording
from decisions.documents.blocks.heading import Heading
from decisions.documents.record_views import CaseRecord
from decisions.documents.table_layout import keep_day_together
from rules.packs.document_schema import BlockSpec
from rules.values.calendar import long_date
from rules.values.passages import Cell, Paragraph, Table
from workflow.cases.case import RecordedAct

_ACT_FACTS = ("outcome", "by", "role", "on")


def build_acts(spec: BlockSpec, record: CaseRecord) -> Iterator[Table | Paragraph]:
    """Build a table with one row for each outcome that was recorded at the stages of the block, in their order.

    Outcomes that a later one replaced have a row too, and so have those that count no more, which it says.
    """
    rows = tuple(tuple(map(Cell, row)) for stage in spec.acts for row in _stage_rows(stage, spec.reason, record))
    yield Table(tuple(map(Cell, wording.ACT_COLUMNS)), rows) if rows else Paragraph(f"{spec.unstated}.")


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
    stages = record.scheme.declaration.stages
    for stage in spec.acts:
        for prefix in (stage, *(stages[stage].tasks if stage in stages else ())):
            yield from record.acts_with_outcome(prefix)
    if spec.signature and record.value(f"{spec.signature}.outcome") == spec.outcome:
        yield from record.acts_with_outcome(spec.signature)[-1:]


def _stage_rows(stage: str, reason: str, record: CaseRecord) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a task, or those of the tasks of a stage and then of the stage itself."""
    declaration = record.scheme.declaration
    own = declaration.stages.get(stage) or declaration.tasks()[stage]
    tasks = declaration.stages[stage].tasks if stage in declaration.stages else {}
    for prefix, label in [*((name, task.label) for name, task in tasks.items()), (stage, own.label)]:
        acts = record.acts_with_outcome(prefix)
        for act in acts:
            outcome, by, role, on = (record.format_of_act(act, f"{prefix}.{fact}") for fact in _ACT_FACTS)
            reasons = (record.format_of_act(act, reason) if reason else "", record.format_overrides(act))
            why = "; ".join(filter(None, reasons))
            yield (label, _describe_outcome(outcome, why, is_void=act.is_void), by, role, keep_day_together(on))
        if not acts and record.value(f"{prefix}.outcome") is not None:  # an imported case says no more
            outcome, by, role, on = (record.format_line(f"{prefix}.{fact}") for fact in _ACT_FACTS)
            yield (label, outcome, by, role, keep_day_together(on))


def _describe_outcome(outcome: str, reason: str, *, is_void: bool) -> str:
    because = f": {reason}" if reason else ""
    return f"{outcome}{because} ({wording.COUNTS_NO_MORE})" if is_void else f"{outcome}{because}"
