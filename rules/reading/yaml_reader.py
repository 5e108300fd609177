"""Reading YAML strictly: bounded in size and depth, one meaning for each scalar, every fault with its line.

Refused: duplicate keys, merge keys, anchors and aliases, tags, several documents, floats, `yes`/`no` flags, octal,
hexadecimal and sexagesimal numbers, times, empty values, days that do not exist, and characters that cannot be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from rules.errors import Fault, FileError, InputError
from rules.reading.pydantic_messages import describe_pydantic_error
from rules.values.calendar import parse_day

MAX_BYTES = 512_000
MAX_DEPTH = 16
MAX_NODES = 40_000
MAX_KEY_LENGTH = 120

KeyPath: TypeAlias = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

YAML_VERSION = yaml.__version__
"""Which library took the files apart."""
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
    """One file as read: its plain data (mappings, lists, text, whole numbers, flags, days), and the line of each."""

    name: str
    data: dict[str, Any]
    lines: Mapping[KeyPath, int]
    faults: tuple[Fault, ...] = ()

    def merge_faults(self, found: Iterable[Fault]) -> list[Fault]:
        """The faults of reading and further ones, but for those that a value has only because it was not read."""
        unread = {fault.key for fault in self.faults}
        return [*self.faults, *(fault for fault in found if fault.key not in unread)]

    def fault_at(self, path: KeyPath, message: str) -> Fault:
        """A fault at a place in this file, or at the nearest enclosing place that has a line."""
        around = (path[:length] for length in range(len(path), -1, -1))
        line = next((self.lines[place] for place in around if place in self.lines), 0)
        return Fault(self.name, line, _format_path(path), message)

    def validate(self, model: type[Model]) -> tuple[Model | None, list[Fault]]:
        """The file's data as a model, or all the faults that keep it from being one."""
        try:
            return model.model_validate(self.data), []
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False)
            return None, [
                self.fault_at(
                    problem["loc"], describe_pydantic_error(problem["type"], problem["msg"], problem.get("ctx", {}))
                )
                for problem in problems
            ]


def read_yaml(text: str | bytes, name: str, *, keep_value_faults: bool = False) -> YamlFile:
    """Read one YAML document whose top is a mapping; raises `FileError` with every fault found.

    With `through`, faults of single values are left in the source's `faults` (empty text stands in their place), so
    that what reads on can tell them together with its own, by `and_further`.
    """
    reader = _YamlReader(name)
    whole = _read_events(reader, _decode(text, name))
    is_mapping = isinstance(reader.root, dict)
    if not reader.faults and not is_mapping:
        reader.faults.append(Fault(name, 1, "", "must be a mapping of keys to values"))
    if reader.faults and not (keep_value_faults and whole and is_mapping):
        raise FileError(reader.faults)
    return YamlFile(name, reader.root, reader.lines, tuple(reader.faults))


@lru_cache(maxsize=64)
def read_pack_yaml(data: bytes, name: str) -> YamlFile:
    """A file of a pack as read; remembered, as a scheme's head is read twice, and several schemes take the same law."""
    return read_yaml(data, name, keep_value_faults=True)


def _read_events(reader: _YamlReader, text: str) -> bool:
    """Whether a reader took the whole of a text; raises `FileError` where that is not YAML."""
    try:
        return reader.read_events(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FileError([*reader.faults, Fault(reader.name, line, "", f"is not YAML: {error.problem}")]) from None
    except yaml.YAMLError as error:
        raise FileError([Fault(reader.name, 0, "", f"is not YAML: {str(error).splitlines()[0]}")]) from None


def _decode(text: str | bytes, name: str) -> str:
    """The text of a file, without the mark that some editors put before it; raises `FileError`."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > MAX_BYTES:
        raise FileError([Fault(name, 0, "", f"has {len(raw):,} bytes; at most {MAX_BYTES:,} are read")])
    try:
        decoded = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileError([Fault(name, line, "", f"is not UTF-8 text (byte {error.start:,} of the file)")]) from None
    unseen = [
        Fault(name, number, "", _describe_invisible(found))
        for number, line in enumerate(decoded.split("\n"), start=1)
        if (found := _INVISIBLE.search(line.removesuffix("\r")))
    ]
    if unseen:
        raise FileError(unseen)
    return decoded


def _describe_invisible(found: re.Match[str]) -> str:
    return f"U+{ord(found[0]):04X} cannot be printed; remove it"


@dataclass(slots=True)
class _OpenNode:
    """A mapping or list that is being read; `key` is the mapping's key whose value comes next."""

    value: dict[str, Any] | list[Any]
    path: KeyPath
    key: str | None = None

    @property
    def expects_key(self) -> bool:
        """Whether it is a mapping whose next key has not been read."""
        return isinstance(self.value, dict) and self.key is None

    def child_path(self) -> KeyPath:
        """Where the next value will stand."""
        return (*self.path, len(self.value) if isinstance(self.value, list) else str(self.key))


@dataclass(slots=True)
class _YamlReader:
    """Builds plain data from YAML's events, so that depth and number are bounded before anything is built."""

    name: str
    root: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    open_nodes: list[_OpenNode] = field(default_factory=list)
    nodes: int = 0

    def read_events(self, events: Iterator[yaml.Event]) -> bool:
        """Read all events and say that it did; stops at a bound, since what follows could be without end."""
        documents = 0
        for event in events:
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                self._add_fault(event, "holds more than one document")
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
            self._add_fault(event, "aliases are not read; write the value out")
            self._add_value("", event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._refuse_anchor_and_tag(event)
            self._open_node({} if isinstance(event, yaml.MappingStartEvent) else [], event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open_nodes.pop()

    def _is_within_bounds(self, event: yaml.Event) -> bool:
        if self.nodes > MAX_NODES:
            self._add_fault(event, f"is more than {MAX_NODES:,} values")
        elif len(self.open_nodes) > MAX_DEPTH:
            self._add_fault(event, f"is deeper than {MAX_DEPTH} levels")
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
        around = self.open_nodes[-1]
        if around.expects_key:
            self._add_fault(event, "a key must be plain text")
            around.key = f"?{len(around.value)}"
            return around.child_path()
        path = around.child_path()
        self.lines.setdefault(path, _line_of(event))
        if isinstance(around.value, list):
            around.value.append(value)
        else:
            around.value[str(around.key)] = value
            around.key = None
        return path

    def _handle_scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_anchor_and_tag(event)
        if self.open_nodes and self.open_nodes[-1].expects_key:
            self._handle_key(self.open_nodes[-1], event)
            return
        try:
            self._add_value(_require_visible(event.value) if event.style else _parse_scalar(event.value), event)
        except InputError as error:
            path = self._add_value("", event)
            quotes = not isinstance(error, _ContentFreeError)
            self.faults.append(
                Fault(self.name, _line_of(event), _format_path(path), error.message, repeats_content=quotes)
            )

    def _handle_key(self, parent: _OpenNode, event: yaml.ScalarEvent) -> None:
        key = event.value
        path = (*parent.path, key)
        if not key or len(key) > MAX_KEY_LENGTH or _INVISIBLE.search(key):
            self._add_fault(event, f"a key must have 1 to {MAX_KEY_LENGTH} characters, all of which can be seen")
            key = f"?{len(parent.value)}"
        elif key == "<<":
            self._add_fault(event, "merge keys are not read; write the values out")
        elif key in parent.value:
            self.faults.append(
                Fault(self.name, _line_of(event), _format_path(path), f"stands twice; first in line {self.lines[path]}")
            )
        parent.key = key
        self.lines.setdefault((*parent.path, key), _line_of(event))

    def _refuse_anchor_and_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._add_fault(event, "anchors are not read; write the value out")
        if event.tag is not None:
            self._add_fault(event, f"tags such as {event.tag} are not read", repeats_content=True)

    def _add_fault(self, event: yaml.Event, message: str, *, repeats_content: bool = False) -> None:
        path: KeyPath = ()
        if self.open_nodes:
            around = self.open_nodes[-1]
            path = around.path if around.expects_key else around.child_path()
        self.faults.append(
            Fault(self.name, _line_of(event), _format_path(path), message, repeats_content=repeats_content)
        )


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


class _ContentFreeError(InputError):
    """What is wrong with a scalar, in words that repeat nothing of it."""


def _format_path(path: KeyPath) -> str:
    return ".".join(str(step) for step in path)


def _require_visible(text: str) -> str:
    """Text whose every character can be seen; raises `InputError` for what an escape has hidden in it."""
    found = _INVISIBLE.search(text)
    if found:
        raise _ContentFreeError(_describe_invisible(found))
    return text


def _parse_scalar(scalar: str) -> str | int | bool | date:
    """What an unquoted scalar means; raises `InputError` for those that YAML's readers differ about."""
    if scalar in _FLAGS:
        return _FLAGS[scalar]
    _refuse_ambiguous(scalar)
    if _INTEGER.fullmatch(scalar):
        return int(scalar)
    if _DATE.fullmatch(scalar):
        return parse_day(scalar)
    if _NUMERIC.fullmatch(scalar) or _TIME.fullmatch(scalar):
        raise InputError(f"{scalar:.42} could be read in more than one way; quote it if it is text")
    return scalar


def _refuse_ambiguous(scalar: str) -> None:
    if scalar.lower() in _EMPTY_SCALARS:
        raise _ContentFreeError("is empty; leave the key out, or quote it if it is text")
    if scalar.lower() in _AMBIGUOUS_FLAGS:
        raise InputError(f"{scalar} is neither text nor a flag; write true or false, or quote it")
