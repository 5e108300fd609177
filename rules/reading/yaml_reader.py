"""Read YAML strictly: bounded in size and depth, with one meaning for each scalar.

All faults of a file are reported at once, each with its line and key. Refused are duplicate keys, merge keys, anchors
and aliases, tags, several documents, floats, `yes`/`no` flags, octal, hexadecimal and sexagesimal numbers, times, empty
values, days that do not exist, and invisible characters. Bounds are checked before anything large is built, so that a
hostile file costs little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from rules.errors import Fault, FileError, InputError
from rules.reading.known_keys import known_keys
from rules.reading.pydantic_messages import describe_pydantic_error
from rules.values.days import parse_iso_day
from rules.values.suggestions import closest

MAX_BYTES = 512_000
MAX_DEPTH = 16
MAX_NODES = 40_000
MAX_KEY_LENGTH = 120

KeyPath: TypeAlias = tuple[str | int, ...]
LocatedFault: TypeAlias = tuple[KeyPath, str]
"""A path in a declaration, and what is wrong there."""
Model = TypeVar("Model", bound=BaseModel)

YAML_VERSION = yaml.__version__
"""The version of the library that parses the files. The pack cache depends on it."""
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", re.ASCII)
_NUMERIC = re.compile(r"[-+]?[.0-9][0-9_,:.]*([eE][-+]?[0-9]+)?|0[xXoObB][0-9a-fA-F_]+|[-+]?\.(inf|nan)", re.IGNORECASE)
_TIME = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:.*", re.ASCII)
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_FLAGS = {"true": True, "false": False}
_AMBIGUOUS_FLAGS = frozenset(["yes", "no", "on", "off", "y", "n", "true", "false"])
_EMPTY_SCALARS = frozenset(["", "~", "null"])


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A YAML file as plain data, with the line of each value.

    `data` holds mappings, lists, text, whole numbers, flags and days. `lines` gives the line of each value by its path
    of keys. `faults` are those of single values; an empty text stands in the place of each.
    """

    name: str
    data: dict[str, Any]
    lines: Mapping[KeyPath, int]
    faults: tuple[Fault, ...] = ()

    def merge_faults(self, later_faults: Iterable[Fault]) -> list[Fault]:
        """Return the faults of reading together with later ones.

        A value that could not be read is empty, so later faults with the same key are its consequence and left out.
        """
        unread_keys = {fault.key for fault in self.faults}
        return [*self.faults, *(fault for fault in later_faults if fault.key not in unread_keys)]

    def fault_at(self, path: KeyPath, message: str) -> Fault:
        """Return a fault at a path, with the nearest enclosing line."""
        prefixes = (path[:length] for length in range(len(path), -1, -1))
        line = next((self.lines[prefix] for prefix in prefixes if prefix in self.lines), 0)
        return Fault(self.name, line, _format_path(path), message)

    def validate(self, model: type[Model]) -> tuple[Model | None, list[Fault]]:
        """Return the data as a model, or None and all its faults."""
        try:
            return model.model_validate(self.data), []
        except ValidationError as error:
            details = _without_consequences(error.errors(include_url=False, include_input=False))
            return None, [self.fault_at(detail["loc"], _describe_detail(detail, model)) for detail in details]


def _without_consequences(details: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return errors without those of lists that are too short only because an item of theirs has an error."""
    places = [detail["loc"] for detail in details]
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(len(place) > len(detail["loc"]) and place[: len(detail["loc"])] == detail["loc"] for place in places)
    ]


def _describe_detail(detail: Mapping[str, Any], model: type[BaseModel]) -> str:
    """Describe one error of a model; a key that the model does not know gets the closest one that it knows."""
    message = describe_pydantic_error(detail["type"], detail["msg"], detail.get("ctx", {}))
    if detail["type"] != "extra_forbidden":
        return message
    near = closest(str(detail["loc"][-1]), known_keys(model, detail["loc"]))
    return f"{message}. Did you mean {near}?" if near else message


def read_yaml(
    text: str | bytes, name: str, *, keep_value_faults: bool = False, scalars_as_text: bool = False
) -> YamlFile:
    """Read one YAML mapping; raises `FileError` with every fault.

    With `keep_value_faults`, faults of single values do not raise: they are kept in `YamlFile.faults`, so that the
    caller can report them together with its own by `merge_faults`. With `scalars_as_text`, each single value is the
    text that stands in the file, for a caller who knows its kind: `no`, `28.6.2019` and `1,000` are not ambiguous then,
    and a key without a value has an empty text.
    """
    reader = _YamlReader(name, _keep_text if scalars_as_text else _parse_scalar)
    is_complete = _read_events(reader, _decode(text, name))
    is_mapping = isinstance(reader.root, dict)
    if not reader.faults and not is_mapping:
        empty = reader.root is None
        reader.faults.append(Fault(name, 1, "", "is empty" if empty else "must be a mapping of keys to values"))
    if reader.faults and not (keep_value_faults and is_complete and is_mapping):
        raise FileError(reader.faults)
    return YamlFile(name, reader.root, reader.lines, tuple(reader.faults))


@lru_cache(maxsize=64)
def read_pack_yaml(data: bytes, name: str) -> YamlFile:
    """Read a pack file, keeping the faults of single values.

    Results are cached, because a scheme's main file is read twice and several schemes use the same law.
    """
    return read_yaml(data, name, keep_value_faults=True)


def _read_events(reader: _YamlReader, text: str) -> bool:
    """Read a text to its end; return False if a bound stopped the reader. Raises `FileError` if it is not YAML."""
    try:
        return reader.read_events(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FileError([*reader.faults, Fault(reader.name, line, "", f"is not YAML: {error.problem}")]) from None
    except yaml.YAMLError as error:
        raise FileError([Fault(reader.name, 0, "", f"is not YAML: {str(error).splitlines()[0]}")]) from None


def _decode(text: str | bytes, name: str) -> str:
    """Decode a file without its byte order mark; raises `FileError` if it is too large or not printable UTF-8."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > MAX_BYTES:
        raise FileError([Fault(name, 0, "", f"has {len(raw):,} bytes; at most {MAX_BYTES:,} are allowed")])
    try:
        decoded = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileError(
            [Fault(name, line, "", f"is not UTF-8 text (byte {error.start:,}); save it as text in UTF-8")]
        ) from None
    faults = [
        Fault(name, number, "", _describe_invisible(match))
        for number, line in enumerate(decoded.split("\n"), start=1)
        if (match := _INVISIBLE.search(line.removesuffix("\r")))
    ]
    if faults:
        raise FileError(faults)
    return decoded


def _describe_invisible(match: re.Match[str]) -> str:
    return f"U+{ord(match[0]):04X} cannot be printed; remove it"


@dataclass(slots=True)
class _OpenNode:
    """A mapping or list whose end has not been read; `key` is the key whose value comes next."""

    value: dict[str, Any] | list[Any]
    path: KeyPath
    key: str | None = None

    @property
    def expects_key(self) -> bool:
        """Whether the next scalar is a key."""
        return isinstance(self.value, dict) and self.key is None

    def child_path(self) -> KeyPath:
        """Return the path of the next value."""
        return (*self.path, len(self.value) if isinstance(self.value, list) else str(self.key))


@dataclass(slots=True)
class _YamlReader:
    """Builds plain data from the events of the YAML parser.

    The library's own loader would build the whole document first; events can be counted before anything is built.
    """

    name: str
    parse_scalar: Callable[[str], str | int | bool | date]
    root: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    open_nodes: list[_OpenNode] = field(default_factory=list)
    nodes: int = 0

    def read_events(self, events: Iterator[yaml.Event]) -> bool:
        """Read all events; return False if a bound stopped it."""
        documents = 0
        for event in events:
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                self._add_fault(event, "has more than one document")
                return False
            self._handle_event(event)
            self.nodes += 1
            if not self._is_within_bounds(event):
                return False
        return True

    def _handle_event(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._handle_scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._add_fault(event, "aliases are not allowed; write the value out")
            self._add_value("", event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._refuse_anchor_and_tag(event)
            self._open_node({} if isinstance(event, yaml.MappingStartEvent) else [], event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open_nodes.pop()

    def _is_within_bounds(self, event: yaml.Event) -> bool:
        if self.nodes > MAX_NODES:
            self._add_fault(event, f"has more than {MAX_NODES:,} values")
        elif len(self.open_nodes) > MAX_DEPTH:
            self._add_fault(event, f"is nested more than {MAX_DEPTH} levels deep")
        else:
            return True
        return False

    def _open_node(self, value: dict[str, Any] | list[Any], event: yaml.Event) -> None:
        path = self._add_value(value, event)
        self.open_nodes.append(_OpenNode(value, path))

    def _add_value(self, value: object, event: yaml.Event) -> KeyPath:
        if not self.open_nodes:
            self.root = value
            self.lines[()] = _line_of(event)
            return ()
        parent = self.open_nodes[-1]
        if parent.expects_key:
            self._add_fault(event, "a key must be plain text")
            parent.key = _placeholder_key(parent)
            return parent.child_path()
        path = parent.child_path()
        self.lines.setdefault(path, _line_of(event))
        if isinstance(parent.value, list):
            parent.value.append(value)
        else:
            parent.value[str(parent.key)] = value
            parent.key = None
        return path

    def _handle_scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_anchor_and_tag(event)
        if self.open_nodes and self.open_nodes[-1].expects_key:
            self._handle_key(self.open_nodes[-1], event)
            return
        try:
            value = _require_visible(event.value) if event.style else self.parse_scalar(event.value)
            self._add_value(value, event)
        except InputError as error:
            path = self._add_value("", event)
            repeats_content = not isinstance(error, _ContentFreeError)
            self.faults.append(
                Fault(self.name, _line_of(event), _format_path(path), error.message, repeats_content=repeats_content)
            )

    def _handle_key(self, parent: _OpenNode, event: yaml.ScalarEvent) -> None:
        key = event.value
        path = (*parent.path, key)
        if not key or len(key) > MAX_KEY_LENGTH or _INVISIBLE.search(key):
            self._add_fault(event, f"a key must have 1 to {MAX_KEY_LENGTH} visible characters")
            key = _placeholder_key(parent)
        elif key == "<<":
            self._add_fault(event, "merge keys are not allowed; write the values out")
        elif key in parent.value:
            message = f"is given twice; first in line {self.lines[path]}"
            self.faults.append(Fault(self.name, _line_of(event), _format_path(path), message))
        parent.key = key
        self.lines.setdefault((*parent.path, key), _line_of(event))

    def _refuse_anchor_and_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._add_fault(event, "anchors are not allowed; write the value out")
        if event.tag is not None:
            self._add_fault(event, f"tags such as {event.tag} are not allowed", repeats_content=True)

    def _add_fault(self, event: yaml.Event, message: str, *, repeats_content: bool = False) -> None:
        path: KeyPath = ()
        if self.open_nodes:
            parent = self.open_nodes[-1]
            path = parent.path if parent.expects_key else parent.child_path()
        self.faults.append(
            Fault(self.name, _line_of(event), _format_path(path), message, repeats_content=repeats_content)
        )


def _placeholder_key(parent: _OpenNode) -> str:
    """Return a key for a value whose own key was refused, so that reading goes on."""
    return f"?{len(parent.value)}"


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


class _ContentFreeError(InputError):
    """An error about a scalar whose message repeats nothing of it."""


def _format_path(path: KeyPath) -> str:
    return ".".join(str(step) for step in path)


def _require_visible(text: str) -> str:
    """Return a quoted text; raises `InputError` if an escape puts an invisible character into it."""
    match = _INVISIBLE.search(text)
    if match:
        raise _ContentFreeError(_describe_invisible(match))
    return text


def _parse_scalar(scalar: str) -> str | int | bool | date:
    """Return the value of an unquoted scalar; raises `InputError` if YAML libraries differ about it."""
    if scalar in _FLAGS:
        return _FLAGS[scalar]
    _refuse_ambiguous(scalar)
    if _INTEGER.fullmatch(scalar):
        return int(scalar)
    if _DATE.fullmatch(scalar):
        return parse_iso_day(scalar)
    if _NUMERIC.fullmatch(scalar) or _TIME.fullmatch(scalar):
        raise InputError(f"{scalar:.42} could be read in more than one way; quote it if it is text")
    return scalar


def _keep_text(scalar: str) -> str:
    """Return an unquoted scalar as it stands, also where there is none; raises `InputError` for a word such as null."""
    return _require_stated(scalar) if scalar else scalar


def _require_stated(scalar: str) -> str:
    """Return an unquoted scalar as it stands; raises `InputError` for an empty one."""
    if scalar.lower() in _EMPTY_SCALARS:
        raise _ContentFreeError("is empty; leave the key out, or quote it if it is text")
    return scalar


def _refuse_ambiguous(scalar: str) -> None:
    _require_stated(scalar)
    if scalar.lower() in _AMBIGUOUS_FLAGS:
        raise InputError(f"{scalar} is neither text nor a flag; write true or false, or quote it")
