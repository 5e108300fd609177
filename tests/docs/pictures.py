"""The two pictures of the architecture page, drawn from the import contracts and from the names of functions.

`python -m tests.docs.pictures` writes them again; a test fails if they are not what this module draws.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "developers"
WIDTH, MARGIN, ROW = 880, 20, 30
FONT = 'font-family="Noto Sans, Helvetica, Arial, sans-serif"'

ABOUT = {
    "cli": "entry point: clock, store, packs; errors become messages and exit codes",
    "console": "commands and terminal tables",
    "decisions.proving": "worked stories of a real case",
    "decisions.issuing": "issue one document or all, worker processes, files",
    "decisions.intake": "published decisions, proposed as facts",
    "decisions.safety": "what a public file gives away of Part 2",
    "decisions.output": "HTML, PDF, Word, and reading them back",
    "decisions.documents": "the view of one document, as plain data",
    "decisions.errors": "errors while a decision becomes a document",
    "workflow.adapters": "the store on SQLite",
    "workflow.services": "command handlers and queries",
    "workflow.history": "events to entries, replay",
    "workflow.papers": "papers of others, of any kind",
    "workflow.cases": "the life of a case: decide and evolve",
    "workflow.ledger": "canonical JSON, entries, seals, ports",
    "workflow.errors": "refusal, not entitled, conflict, store errors",
    "rules.authoring": "manual, JSON Schema, starter, facts",
    "rules.proving": "examples, boundaries, mutations",
    "rules.counterfactual": "the smallest change that turns a finding",
    "rules.columns": "a third reading: whole populations as columns",
    "rules.packs": "linker, library, schemes, validation",
    "rules.judging": "rulebook, both evaluators, findings",
    "rules.language": "conditions, derived facts, dated values",
    "rules.reading": "strict YAML, folders, cache",
    "rules.values": "facts, money, days, text",
    "rules.errors": "base errors",
}
"""A line about each room. The rooms and their order come from the import contracts."""

ACT = (
    ("cli.py", "main", "parses the command and opens the store"),
    ("console/case_act.py", "act", "reads the options of assent case act"),
    ("workflow/services/commands.py", "perform_action", "judges it on one moment, and records it under the lock"),
    ("workflow/history/snapshots.py", "load_snapshot", "rebuilds the case from its entries"),
    ("workflow/cases/life.py", "decide", "checks role, stage and stated facts"),
    ("workflow/cases/ruling.py", "make_ruling", "asks the rules for a ruling of the gate"),
    ("rules/judging/judge.py", "judge_evidence", "works out derived facts, asks both evaluators"),
    ("rules/judging/judge.py", "plain_outcome", "first evaluator: the definition"),
    ("rules/judging/durable_adapter.py", "durable_outcomes", "second evaluator: durable-rules; both must agree"),
    ("workflow/services/publication_gate.py", "pass_event", "refuses it if Part 1 would give away Part 2"),
    ("workflow/cases/records.py", "evolve", "the case after the event (a refusal is recorded too)"),
    ("workflow/history/serialization.py", "serialize_event", "public body, exempt body, ruling"),
    ("workflow/adapters/ledger_session.py", "append", "seals the entry over the one before it"),
    ("console/rulings.py", "print_recorded", "prints the receipt, or the ruling with exit code 3"),
)
"""The functions that an act passes through, in order."""


def rooms() -> Mapping[str, Sequence[Sequence[str]]]:
    """Return the rooms of each package from top to bottom, those of one height together."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    found: dict[str, list[list[str]]] = {"cli": [["cli"]], "console": [["console"]]}
    for contract in contracts:
        for container in contract.get("containers", ()):
            layers = [[name.strip() for name in layer.split("|")] for layer in contract["layers"]]
            found[container] = [[f"{container}.{name}" for name in layer] for layer in layers]
    return {name: found[name] for name in ("cli", "console", "decisions", "workflow", "rules")}


def _text(x: float, y: float, text: str, *, size: int = 13, bold: bool = False, fill: str = "#1d2f5c") -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" {FONT} font-size="{size}"{weight} fill="{fill}">{escape(text)}</text>'


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="4" fill="{fill}" stroke="#8493b8"/>'


def _svg(height: float, title: str, parts: Sequence[str]) -> str:
    label = f'role="img" aria-label="{escape(title)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {label}>'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>', *parts, "</svg>", ""])


def rooms_picture() -> str:
    """Draw the rooms: a band for each package, a row for each room, the importing ones above."""
    return _svg(*_rooms_drawn())


def _rooms_drawn() -> tuple[float, str, list[str]]:
    parts, y = list[str](), float(MARGIN)
    for package, layers in rooms().items():
        height = len(layers) * ROW + 14
        parts.append(_box(MARGIN, y, WIDTH - 2 * MARGIN, height, "#eef2f8"))
        parts.append(_text(MARGIN + 10, y + 24, package, bold=True))
        parts += _layers_drawn(package, layers, y)
        y += height + 8
    note = "A room imports only rooms below it. import-linter checks this in make lint."
    parts.append(_text(MARGIN, y + 12, note, size=12))
    return y + 26, "The packages and their rooms", parts


def _layers_drawn(package: str, layers: Sequence[Sequence[str]], top: float) -> Iterator[str]:
    left, right = 130, WIDTH - MARGIN - 10
    for number, layer in enumerate(layers):
        width = (right - left) / len(layer)
        for place, room in enumerate(layer):
            x, y = left + place * width, top + 7 + number * ROW
            name = "" if room == package else room.removeprefix(f"{package}.")
            yield _box(x + 2, y, width - 4, ROW - 4, "#ffffff")
            yield _text(x + 12, y + 18, name, bold=True)
            yield _text(x + 12 + (len(name) * 9 + 10 if name else 0), y + 18, ABOUT[room], size=12, fill="#333333")


def act_picture() -> str:
    """Draw an act's way through the rooms: one row for each function, in the order of the calls."""
    parts = [_text(MARGIN, 30, "assent case act CASE ACTION", bold=True, size=15)]
    for number, (file, function, about) in enumerate(ACT):
        y = 46 + number * (ROW + 6)
        parts += [
            _box(MARGIN, y, WIDTH - 2 * MARGIN, ROW, "#eef2f8"),
            _text(MARGIN + 10, y + 20, f"{number + 1}", bold=True),
            _text(MARGIN + 38, y + 20, file, size=12, fill="#333333"),
            _text(MARGIN + 290, y + 20, function, bold=True),
            _text(MARGIN + 450, y + 20, about, size=12, fill="#333333"),
        ]
    return _svg(60 + len(ACT) * (ROW + 6), "An act's way through the rooms", parts)


PICTURES = {"rooms.svg": rooms_picture, "act.svg": act_picture}

if __name__ == "__main__":
    for name, draw in PICTURES.items():
        (FOLDER / name).write_text(draw(), encoding="utf-8")
