"""`assent population`: audit very many records at once, as columns of tables."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from console import output
from console.files import path_exists, printable_name, read_bytes
from console.output_formats import CSV, JSON, TABLE
from console.population_backends import BACKENDS, Backend, open_judge, open_reader
from console.session import InputPath, OutputPath, Session, format_option, help_examples, pass_session
from rules.errors import InputError
from rules.reading.yaml_reader import read_yaml
from rules.values.facts import DAY_OF_ACT
from rules.values.suggestions import describe_unknown

if TYPE_CHECKING:
    from console.population_files import ReadPopulation
    from rules.columns.column_findings import ControlTotal
    from rules.columns.engine import Engine, Table
    from rules.columns.judgement import JudgedKind
    from rules.packs.scheme import Scheme

EXIT_BREACHED, EXIT_UNREAD = 6, 2
_HEADS = ("Control", "Of", "Severity", "Breached", "Undetermined", "Not held", "Satisfied", "Not applicable")
_FINDING_SUFFIXES = (".parquet", ".csv")
_OWN_RECORD = "own_record"


@click.group(epilog=help_examples("assent population audit notices.parquet --scheme SCHEME"))
def population() -> None:
    """Audit very many records at once."""


@population.command(
    short_help="Check every control on each record of a file or folder.",
    epilog=help_examples(
        "assent population audit decisions.csv --scheme SCHEME \\\n    --act-on decided_on --out findings.parquet",
        "assent population audit register/ --scheme SCHEME \\\n    --gate publish --columns columns.yaml --format json",
    ),
)
@click.argument("path", metavar="FILE|FOLDER", type=InputPath())
@click.option("--scheme", "scheme_name", required=True, metavar="SCHEME", help="The authority's scheme.")
@click.option("--gate", metavar="GATE", help="Check only the controls of one gate. [default: every control]")
@click.option("--columns", "columns_file", type=InputPath(), metavar="FILE",
              help="A YAML file with the fact of each column that is not called as its fact is.")  # fmt: skip
@click.option(
    "--act-on", metavar="FACT", help="The day fact that is the day of the act, if no column is called act.on."
)
@click.option("--source", metavar="KIND", help="What the records were taken from: asks for facts beside the columns.")
@click.option("--backend", type=click.Choice(BACKENDS), default="duckdb", show_default=True,
              help="The database that judges.")  # fmt: skip
@click.option("--database", default="", metavar="URL", help="Where that is: postgres://USER@HOST/NAME, or sc://HOST.")
@click.option("--out", type=OutputPath(dir_okay=False), metavar="FILE", help="Write findings to .parquet or .csv.")
@click.option("--every", "show_all", is_flag=True, help="Also write what is met or does not apply.")
@click.option("--force", is_flag=True, help="Replace the file of findings.")
@format_option(TABLE, JSON, CSV)
@pass_session
def audit(
    session: Session, path: Path, scheme_name: str, gate: str | None, columns_file: Path | None, act_on: str | None,
    source: str | None, backend: Backend, database: str, out: Path | None, output_format: str,
    *, show_all: bool, force: bool,
) -> int:  # fmt: skip
    """Check each control on each record of a file, or of a folder with a file for each kind of thing.

    A FILE has one record in each row, with a column `case` and a column for each fact. A FOLDER has case.csv and files
    such as exemption.csv, with the columns `case` and `key`. Files are Parquet, CSV or JSON lines. A fact without a
    column is one of which the records say nothing.
    This is for tens of thousands of records and more. A finding has no facts, clause or cure: `assent audit`, which
    reads CSV and JSON lines too, shows these for the few cases that need a look, and makes the report.
    Exits with 6 if any control is breached, else with 2 if rows could not be read.
    """
    if not path_exists(path):
        raise InputError(f"there is no {printable_name(path)}", "Check the name.")
    _refuse_output(out, force=force)
    scheme = session.library.scheme_as_typed(scheme_name)
    _refuse_unknown_gate(scheme, gate)
    columns = _read_columns(columns_file, scheme)
    with ExitStack() as stack:
        reader = stack.enter_context(open_reader(stack.enter_context(tempfile.TemporaryDirectory())))
        read = _read(reader, path, scheme, columns, act_on)
        judge = stack.enter_context(open_judge(backend, database, reader))
        kinds, totals = _judge(judge, reader, read, scheme, gate, act_on, source)
        _print_totals(read, totals, output_format)
        if out is not None:
            _write_findings(out, kinds, totals, scheme, judge, show_all=show_all)
    if any(total.counts.get("breached") for total in totals):
        return EXIT_BREACHED
    return EXIT_UNREAD if read.unread_rows else 0


def _refuse_output(out: Path | None, *, force: bool) -> None:
    if out is None:
        return
    if out.suffix not in _FINDING_SUFFIXES:
        raise InputError(f"{printable_name(out)} is no file of findings", "Let its name end in .parquet or .csv.")
    if path_exists(out) and not force:
        raise InputError(f"{printable_name(out)} exists", "Choose another name, or replace it with --force.")


def _refuse_unknown_gate(scheme: Scheme, gate: str | None) -> None:
    gates = scheme.rulebook.vocabulary.gates
    if gate is not None and gate not in gates:
        raise InputError(describe_unknown(gate, f"gate of {scheme.id}", gates))


def _read_columns(file: Path | None, scheme: Scheme) -> dict[str, str]:
    """Return the fact of each column that a mapping file names."""
    if file is None:
        return {}
    name = printable_name(file)
    source = read_yaml(read_bytes(file), name, scalars_as_text=True)
    facts = scheme.rulebook.facts
    listed = source.data.get("columns", source.data)  # the mapping file of `assent audit` lists them under `columns`
    if not isinstance(listed, dict):
        raise InputError(f"{name}: columns is no list of columns", "Write one line for each: Date signed: decided_on")
    columns = {str(column): str(fact) for column, fact in listed.items()}
    for column, fact in columns.items():
        if fact not in facts and fact != "case":
            advice = "Write one line for each column, such as Date signed: decided_on. A column can also mean case."
            raise InputError(f"{name}: {column}: {describe_unknown(fact, f'fact of {scheme.id}', facts)}", advice)
    return columns


def _read(reader: Engine, path: Path, scheme: Scheme, columns: Mapping[str, str], act_on: str | None) -> ReadPopulation:
    from console.population_files import PopulationReader

    facts = scheme.rulebook.facts
    if act_on is not None and (act_on not in facts or facts[act_on].kind != "day"):
        raise InputError(f"{act_on:.80} is not a fact of kind day of {scheme.id}", "List them: assent scheme facts.")
    click.echo(f"Reading {printable_name(path)}", err=True)
    read = PopulationReader(reader, facts, columns).read(path)
    for column in read.unused_columns:
        output.print_warning(f"no fact is called as a column is, so it is not used: {column.rstrip('.')}")
    if (act_on or DAY_OF_ACT) not in read.tables["case"].columns:
        raise InputError(
            f"no column is the day of the act: there is none of {act_on or DAY_OF_ACT}",
            "Name the fact whose day decides which law applies: --act-on decided_on",
        )
    return read


def _judge(
    judge: Engine, reader: Engine, read: ReadPopulation, scheme: Scheme, gate: str | None, act_on: str | None,
    source: str | None,
) -> tuple[list[JudgedKind], list[ControlTotal]]:  # fmt: skip
    from rules.columns.column_findings import count_outcomes
    from rules.columns.judgement import ColumnJudge
    from rules.columns.population import Population

    tables: dict[str, Table] = dict(read.tables)
    if act_on is not None and DAY_OF_ACT not in tables["case"].columns:
        tables["case"] = tables["case"].mutate(**{DAY_OF_ACT: tables["case"][act_on]})
    if judge is not reader:
        tables = {kind: judge.load(table.to_pyarrow()) for kind, table in tables.items()}
    population_ = Population(tables, scheme.rulebook.facts, _asked(read, scheme, source))
    columns = ColumnJudge(
        scheme.rulebook, judge, population_, gate, watch=lambda stage: click.echo(f"Judging {stage}", err=True)
    )
    kinds = columns.judge()
    return kinds, list(count_outcomes(kinds, scheme.rulebook, judge))


def _asked(read: ReadPopulation, scheme: Scheme, source: str | None) -> frozenset[str] | None:
    """Return what the records ask for: the columns that they have, and what their kind of source asks for."""
    if source == _OWN_RECORD:
        return None
    known = scheme.rulebook.sources
    if source is not None and source not in known:
        raise InputError(describe_unknown(source, "kind of source", sorted({*known, _OWN_RECORD})))
    of_source = scheme.asked_by(source, "", None) if source else frozenset[str]()
    return None if of_source is None else read.asked | of_source | {DAY_OF_ACT}


def _print_totals(read: ReadPopulation, totals: list[ControlTotal], output_format: str) -> None:
    ordered = sorted(totals, key=lambda total: (-total.counts.get("breached", 0), total.control))
    if output_format == JSON:
        output.print_json(
            {
                "unread": [problem.as_json() for problem in read.problems],
                "unread_rows": read.unread_rows,
                "controls": [total.as_json() for total in ordered],
            }
        )
        return
    rows = [_total_row(total) for total in ordered if output_format == CSV or not _is_alike(total)]
    if rows or output_format != TABLE:
        output.print_rows(_HEADS, rows, output_format, "controls")
    if output_format == TABLE:
        _print_rest(totals)
    for problem in read.problems:
        where = f"{problem.file}, row {problem.row}, {problem.column}"
        click.echo(f"{where}: {problem.reason}", err=True)
    if read.unread_rows:
        click.echo(
            f"{output.format_count(read.unread_rows, 'row')} could not be read; their cases are left out.", err=True
        )


def _total_row(total: ControlTotal) -> tuple[Any, ...]:
    count = Counter(dict(total.counts))
    figures = (count["breached"], count["undetermined"], count["not_held"], count["satisfied"], count["not_applicable"])
    return (total.control, total.kind, total.severity, *(f"{figure:,}" for figure in figures))


def _is_alike(total: ControlTotal) -> bool:
    """Whether a control says the same of every record, and that is no breach."""
    return total.only_outcome not in (None, "breached", "not_held")


def _print_rest(totals: list[ControlTotal]) -> None:
    """Say how many controls came out alike for every record, which mostly means that they lack a column."""
    alike = Counter(str(total.only_outcome).replace("_", " ") for total in totals if _is_alike(total))
    for outcome, number in sorted(alike.items()):
        controls = output.format_count(number, "control is", "controls are")
        click.echo(output.format_sentence(f"{controls} {outcome} on every record."))


def _write_findings(
    out: Path, kinds: list[JudgedKind], totals: list[ControlTotal], scheme: Scheme, judge: Engine, *, show_all: bool
) -> None:
    """Write each finding that is open; not those of a control that no record can settle, which say nothing of any."""
    from console.population_findings import write_findings
    from rules.columns.column_findings import OPEN_OUTCOMES, list_findings
    from rules.columns.judgement import OUTCOMES

    controls = {total.control for total in totals if show_all or total.only_outcome != "undetermined"}
    outcomes = OUTCOMES if show_all else OPEN_OUTCOMES
    number = write_findings(out, list_findings(kinds, scheme.rulebook, controls, outcomes, judge))
    click.echo(f"{output.format_count(number, 'finding')} written to {printable_name(out)}", err=True)
