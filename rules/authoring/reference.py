"""The reference pages of the manual, as Markdown, made of the models and the registries.

Types, defaults and descriptions come from the JSON Schemas, and these from the models; each example is a piece of the
authority in `rules/data/manual`. Nothing is written here that the code could contradict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rules.authoring.file_kinds import FILE_KINDS, MODELINE, FileKind
from rules.authoring.json_schema import Schema, file_schema
from rules.authoring.meanings import (
    FACT_KIND_MEANINGS,
    OUTCOME_MEANINGS,
    UNIT_MEANINGS,
)
from rules.authoring.snippets import ExampleIndex, Snippet
from rules.authoring.type_names import describe_type
from rules.language.condition_words import CONDITION_WORDS, GROUP_MEANINGS, ConditionWord
from rules.language.day_schema import DAY_COUNT_NAMES
from rules.language.derivation_schema import DERIVATION_FUNCTIONS
from rules.packs.scheme import Scheme
from rules.packs.workflow_facts import workflow_fact_declarations

NOTICE = "<!-- Made by `make reference` from the code. Change the code, not this page. -->"
EXAMPLE_SCHEME = "example"


@dataclass(frozen=True, slots=True)
class _PageSpec:
    """One page that describes models: its file, its title, what stands above, and the models in order."""

    file: str
    title: str
    intro: str
    kind: str
    models: tuple[str, ...]


_MODEL_PAGES = (
    _PageSpec(
        "packs.md",
        "Packs",
        "A pack declares facts, figures and requirements: those of a law in `law/NAME.yaml`, or an authority's own in "
        "`schemes/SCHEME/NAME.yaml`. Every key of such a file is here.",
        "pack",
        (
            "Pack", "FactDeclaration", "LinkedFact", "ChoicesBy", "PresumedDay", "DatedValue", "DatedFigure",
            "KnownGap", "ValueSetting", "ControlDeclaration", "Period", "Citation", "SignOff", "DiaryDeclaration",
            "CitationOverride", "PackNeeds", "GateDeclaration", "SubjectKindDeclaration", "SourceKind", "CodeTable",
            "RecordForm", "FactPlace", "OtherPlace", "CoverageRow", "StagedLaw",
        ),
    ),
    _PageSpec(
        "schemes.md",
        "Schemes",
        "`schemes/SCHEME/scheme.yaml` describes an authority: where a case can be, who may do what, and which packs "
        "apply. Its documents have [a page of their own](documents.md).",
        "scheme",
        (
            "SchemeDeclaration", "Letterhead", "PackUse", "SharedUse", "AuthorityFact", "Role", "AppointmentRules",
            "Separation", "OverrideRule", "LateRecording", "PaperPermissions", "CorrectionRules", "Stage", "Task",
            "Action", "ReviewAction", "Numbering", "PublishedForm", "ReferenceForm", "FormReading", "LabelledFact",
            "DecidedBy", "SectionText", "RecommendationList", "Statement", "ExemptionWords", "RenamedNames",
        ),
    ),
    _PageSpec(
        "documents.md",
        "Documents",
        "The documents of a scheme stand in its `scheme.yaml`, under `documents`. A document is a list of blocks; the "
        "keys of a block decide what it shows.",
        "scheme",
        ("DocumentTemplate", "BlockSpec", "PointList"),
    ),
    _PageSpec(
        "shared.md",
        "Shared parts",
        "`shared/NAME.yaml` holds reviews and blocks of documents that several authorities share. A scheme names the "
        "file under `shared`; a document takes a block of it by the key `shared`.",
        "shared",
        ("SharedParts",),
    ),
    _PageSpec(
        "examples.md",
        "Worked examples",
        "Worked examples prove controls: each must be shown satisfied and breached, and each figure and day must have "
        "an example on both sides. Walks prove the flow of a scheme: each action is done in one, and each end reached. "
        "Both stand beside what they prove, in a file whose name ends in `examples.yaml`.",
        "examples",
        ("ExampleFile", "WorkedExample", "WalkPaper", "Walk", "WalkStep"),
    ),
    _PageSpec(
        "days.md",
        "Days",
        "`days/NAME.yaml` lists the bank holidays by which working days are counted. A scheme names it as its "
        "`calendar`.",
        "days",
        ("DaysFile", "CoveredYears", "Holiday"),
    ),
    _PageSpec(
        "readings.md",
        "Readings",
        "`readings/NAME.yaml` says what was read of one text: the passages, the words that citations turn on, the "
        "version and the day. A citation with `basis: read` finds its reading by its instrument and provision; nothing "
        "names the file. `assent law explain` shows the words, and `assent law check --readings` what is missing.",
        "readings",
        ("ReadText", "Passage"),
    ),
)  # fmt: skip
CONDITIONS_PAGE, DERIVED_PAGE, GATES_PAGE, INDEX_PAGE = "conditions.md", "derived-facts.md", "gates.md", "index.md"
_DAY_MODELS: dict[str, str] = {
    **dict.fromkeys(DAY_COUNT_NAMES, "DaysBetween"),
    "day_after": "DayAway",
    "day_before": "DayAway",
}
_FUNCTION_MODELS = _DAY_MODELS | {
    "end_of_years": "EndOfYears", "count": "SubjectCount", "counterpart": "Counterpart", "choose": "ChoiceRules",
    "mentions": "PhraseSearch", "numbering_gap": "NumberingGap", "percent_of": "PercentOf", "share_of": "ShareOf",
    "together": "SubjectTotal", "on_basis": "VatBasisConversion", "portion": "Portion",
    **dict.fromkeys(("malformed_amount", "parts_off_total", "repeated_words", "dangling_number"), "TextSearch"),
    **dict.fromkeys(("broken_words", "impossible_days"), "TextSearch"),
    "amount_above": "AmountCeiling", "amount_before": "AmountBefore",
    "amounts_apart": "NearAmounts", "amount_not_explained": "SummarisedAmounts",
    "words_apart": "ComparedWords", "counts_apart": "ComparedCounts", "periods_apart": "ComparedTexts",
    "other_reference": "OtherReference", "day_in_text": "DayInText", "opening_verb": "OpeningVerb",
}  # fmt: skip
_INNER_MODELS = {"ChoiceRules": ("ChoiceLine",), "DayAway": ("DayNumber",), "ComparedWords": ("WordPair",)}
"""Models that are described below the function whose model takes them."""
_LINKS = {
    **{model: f"{page.file}#{{}}" for page in _MODEL_PAGES for model in page.models},
    "DerivedDeclaration": DERIVED_PAGE,
    **{model: f"{DERIVED_PAGE}#{function}" for function, model in _FUNCTION_MODELS.items()},
    "ChoiceLine": f"{DERIVED_PAGE}#choose",
    "WordPair": f"{DERIVED_PAGE}#words_apart",
    "DayNumber": f"{DERIVED_PAGE}#number-of-days-value",
    "Condition": CONDITIONS_PAGE,
    "Visibility": CONDITIONS_PAGE,
    "Facts": "packs.md#how-values-are-written",
}


def reference_pages(example_files: Mapping[str, bytes], example: Scheme) -> dict[str, str]:
    """Return the reference pages by file name, made with an example authority that uses every key."""
    writer = _Writer(ExampleIndex(example_files), example)
    pages = {page.file: writer.model_page(page) for page in _MODEL_PAGES}
    return {
        INDEX_PAGE: writer.index_page(),
        **pages,
        CONDITIONS_PAGE: writer.conditions_page(),
        DERIVED_PAGE: writer.derived_page(),
        GATES_PAGE: writer.gates_page(),
    }


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(heads), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


def page(title: str, *sections: str) -> str:
    """Return a page of Markdown."""
    return "\n\n".join((NOTICE, f"# {title}", *filter(None, sections))) + "\n"


def fenced(snippet: Snippet) -> str:
    """Return a piece of YAML as a block, with the file that it is from."""
    return f'```yaml title="{snippet.file}"\n{snippet.text}\n```'


@dataclass(frozen=True)
class _Writer:
    """Writes the pages; holds the example and the schemas."""

    examples: ExampleIndex
    example: Scheme
    schemas: Mapping[str, Schema] = field(default_factory=lambda: dict(_schemas()))

    def index_page(self) -> str:
        """Return the page that leads to the others."""
        kinds = ((f"`{kind.name}`", f"`{kind.location}`", kind.summary) for kind in FILE_KINDS.values())
        linked = [f"- [{spec.title}]({spec.file})" for spec in _MODEL_PAGES]
        linked += [
            f"- [Conditions]({CONDITIONS_PAGE})",
            f"- [Derived facts]({DERIVED_PAGE})",
            f"- [Gates]({GATES_PAGE})",
            "- [Commands](commands.md)",
        ]
        return page(
            "Reference",
            "An authority is written as YAML files in a folder, which commands take with `--packs FOLDER`. There are "
            "six kinds of file.",
            table(("Kind", "Files", "Holds"), kinds),
            "\n".join(linked),
            "[How to write an authority](../how-to/write-an-authority.md) goes through them step by step.",
            _editor_section(),
        )

    def model_page(self, spec: _PageSpec) -> str:
        """Return the page of some models, each with its keys."""
        sections = [spec.intro, *(self._model_section(spec.kind, model) for model in spec.models)]
        further = {
            "packs.md": self._value_sections,
            "schemes.md": self._workflow_facts,
            "examples.md": _outcome_section,
        }
        if spec.file in further:
            sections.append(further[spec.file]())
        return page(spec.title, *sections)

    def _model_section(self, kind: str, model: str, keys: Iterable[str] | None = None) -> str:
        node = self.schemas[kind] if model == FILE_KINDS[kind].model.__name__ else self.schemas[kind]["$defs"][model]
        described = (self._key_section(node, model, key) for key in keys or node["properties"])
        return "\n\n".join((f"## {node['title']}", node["description"], *described))

    def _key_section(self, node: Schema, model: str, key: str) -> str:
        """Return what there is to say of one key: type, default, meaning and example."""
        inner = node["properties"][key]
        default = "required" if key in node.get("required", ()) else _format_default(inner)
        return "\n\n".join(
            (
                f"### {node['title']}: `{key}`",
                f"{describe_type(inner, self._link)} · {default}",
                inner["description"],
                fenced(self.examples.snippet(model, key)),
            )
        )

    def _link(self, definition: str) -> str:
        """Return a link to where a definition is described."""
        titles = (schema["$defs"].get(definition, {}).get("title") for schema in self.schemas.values())
        title = next(filter(None, titles), definition).lower()
        if definition == "Visibility":
            return f"name of a flag fact, or [condition]({CONDITIONS_PAGE})"
        return f"[{title}]({_LINKS[definition].format(title.replace(' ', '-'))})"

    def _workflow_facts(self) -> str:
        """Return the facts that the workflow states, which conditions may ask about."""
        head = self.example.declaration
        facts = workflow_fact_declarations(head)
        stage = next(name for name in head.stages if head.outcomes_under(name))
        rows = [
            (f"`{name}`", fact.kind, fact.label) for name, fact in facts.items() if _prefix(name) not in head.stages
        ]
        rows += [
            (f"`{name}`", fact.kind, f"{fact.label}; each stage with an outcome has it")
            for name, fact in facts.items()
            if _prefix(name) == stage
        ]
        intro = "These are stated by assent itself. Conditions may ask about them; papers do not state them."
        return "\n\n".join(("## Facts of the workflow", intro, table(("Fact", "Kind", "Meaning"), rows)))

    def _value_sections(self) -> str:
        """Return how values are written, and what a case has several of."""
        kinds = [(f"`{kind}`", meaning, f"`{written}`") for kind, (meaning, written) in FACT_KIND_MEANINGS.items()]
        units = [(f"`{unit}`", meaning) for unit, meaning in UNIT_MEANINGS.items()]
        declared_kinds = self.example.rulebook.vocabulary.subject_kinds
        subjects = [(f"`{name}`", kind.about) for name, kind in declared_kinds.items()]
        return "\n\n".join(
            (
                "## How values are written",
                table(("Kind of fact", "Holds", "Written as"), kinds),
                "## Units",
                table(("Unit", "Meaning"), units),
                "## What a case has several of",
                _SUBJECTS_INTRO,
                table(("Kind", "Meaning"), subjects),
            )
        )

    def conditions_page(self) -> str:
        """Return the page of the words of conditions."""
        groups = (
            "\n\n".join((f"### `{word}`", meaning, fenced(self.examples.snippet("Condition", word))))
            for word, meaning in GROUP_MEANINGS.items()
        )
        return page(
            "Conditions", _CONDITIONS_INTRO, "## Groups", *groups, "## Words", *map(self._word_section, CONDITION_WORDS)
        )

    def _word_section(self, entry: ConditionWord) -> str:
        kinds = _join(entry.kinds)
        return "\n\n".join(
            (
                f"### `{entry.word}`",
                f"{entry.meaning} For {kinds}.",
                f"Right side: {_RIGHT_SIDES[entry.right_side]}.",
                fenced(self.examples.snippet("Test", entry.word)),
            )
        )

    def derived_page(self) -> str:
        """Return the page of derived facts: the keys that all have, and each function."""
        node = self.schemas["pack"]["$defs"]["DerivedDeclaration"]
        shared = [key for key in node["properties"] if key not in DERIVATION_FUNCTIONS]
        functions = (self._function_section(node, name) for name in DERIVATION_FUNCTIONS)
        return page(
            "Derived facts",
            "A derived fact is worked out from others by one function. It is not known while one of the facts that it "
            "needs is not, and it is confidential where one of them is. A cycle is refused.",
            "## Keys of every derived fact",
            *(self._key_section(node, "DerivedDeclaration", key) for key in shared),
            *functions,
        )

    def _function_section(self, node: Schema, name: str) -> str:
        """Return one function: what it gives, its example, and the keys below it."""
        inner, definitions = node["properties"][name], self.schemas["pack"]["$defs"]
        model = _FUNCTION_MODELS.get(name, "")
        first_use = next((function for function, its_model in _FUNCTION_MODELS.items() if its_model == model), name)
        takes = "the keys below" if model else describe_type(inner, self._link)
        found = [
            f"## `{name}`",
            f"Takes: {takes if first_use == name else f'the keys of [{first_use}](#{first_use})'}",
            inner["description"],
            fenced(self.examples.snippet("DerivedDeclaration", name)),
        ]
        for described in (model, *_INNER_MODELS.get(model, ())) if model and first_use == name else ():
            keys = definitions[described]["properties"]
            found += [self._key_section(definitions[described], described, key) for key in keys]
        return "\n\n".join(found)

    def gates_page(self) -> str:
        """Return the page of the gates."""
        sections = (
            f"## `{name}`\n\n{gate.about}\n\n{fenced(self._gate_example(name))}"
            for name, gate in self.example.rulebook.vocabulary.gates.items()
        )
        return page("Gates", _GATES_INTRO, *sections)

    def _gate_example(self, gate: str) -> Snippet:
        """Return an action that passes a gate, else a control that guards it."""
        uses = (
            example.snippet((section, name))
            for section in ("actions", "reviews", "controls")
            for example in self.examples.sources.values()
            for name, declared in example.source.data.get(section, {}).items()
            if gate in (declared.get("gate"), *declared.get("gates", ()))
        )
        return next(uses)


def _schemas() -> Iterator[tuple[str, Schema]]:
    return ((name, file_schema(kind)) for name, kind in FILE_KINDS.items())


def _format_default(node: Schema) -> str:
    return f"default: `{str(node['default']).lower()}`" if "default" in node else "may be left out"


def _prefix(fact: str) -> str:
    return fact.partition(".")[0]


def _join(words: Iterable[str]) -> str:
    *first, last = (f"`{word}`" for word in words)
    return f"{', '.join(first)} and {last}" if first else last


def _outcome_section() -> str:
    rows = ((f"`{outcome}`", meaning) for outcome, meaning in OUTCOME_MEANINGS.items())
    return f"## Outcomes\n\n{table(('Outcome', 'Meaning'), rows)}"


def _editor_section() -> str:
    def line(kind: FileKind) -> str:
        return f"{MODELINE}PATH/{kind.schema_file}"

    lines = "\n".join(map(line, FILE_KINDS.values()))
    return (
        "## Help in your editor\n\n"
        "An editor that knows JSON Schema completes keys, shows what they mean, and marks mistakes as you type. "
        "`assent scheme new` writes the schemas beside the packs; `assent scheme schema -o FOLDER` writes them "
        "anywhere. The first line of a file names its schema:\n\n"
        f"```yaml\n{lines}\n```\n\n"
        "A schema knows one file at a time, and an editor is less strict than assent: `assent scheme check` decides."
    )


_SUBJECTS_INTRO = (
    "A fact whose name begins with one of these words belongs to each of them: `exemption.section`. A paper states it "
    "under the kind and a key of its own, as `exemption: {prices: {section: s8}}`; a command names it as "
    "`exemption:prices.section`."
)
_RIGHT_SIDES = {
    "operand": "a value, another fact as `{fact: NAME}`, or a dated value as `{value: NAME}`",
    "list": "a list of values",
    "range": "a list of the lowest and the highest",
    "dated value": "a dated value, as `{value: NAME}`, whose rows have an `operator`",
    "flag": "`true` or `false`",
}
_CONDITIONS_INTRO = (
    "A condition is a group of conditions, or one fact with one word and its right side:\n\n"
    "```text\n"
    "FACT: {WORD: RIGHT SIDE}\n"
    "```\n\n"
    "A condition is true, false, or not known while a fact that decides it is not stated. `any` is true as soon as one "
    "part is; `all` is false as soon as one part is. A control that hangs on an unknown fact is undetermined, and "
    "names what would settle it."
)
_GATES_INTRO = (
    "A gate stands before an act. Every control that names the gate is checked, and a breached or undetermined one of "
    "severity `blocking` keeps it shut. Each action of a scheme names its gate. Every gate in use needs a blocking "
    "control, and each gate of an action one that asks that stages are taken in order."
)
