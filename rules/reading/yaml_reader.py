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
from rules.reading.pydantic_messages import in_plain_words
from rules.values.calendar import parse_day

MAX_BYTES = 512_000
MAX_DEPTH = 16
MAX_NODES = 40_000
MAX_KEY = 120

Path: TypeAlias = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

YAML = yaml.__version__
"""Which library took the files apart."""
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_COUNT = re.compile(r"0|-?[1-9][0-9]{0,17}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", re.ASCII)
_NUMERIC = re.compile(r"[-+]?[.0-9][0-9_,:.]*([eE][-+]?[0-9]+)?|0[xXoObB][0-9a-fA-F_]+|[-+]?\.(inf|nan)", re.IGNORECASE)
_TIME = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:.*", re.ASCII)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_FLAGS = {"true": True, "false": False}
_ALMOST_FLAGS = frozenset(["yes", "no", "on", "off", "y", "n", "true", "false"])
_EMPTY = frozenset(["", "~", "null"])


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read: its plain data (mappings, lists, text, whole numbers, flags, days), and the line of each."""

    name: str
    data: dict[str, Any]
    lines: Mapping[Path, int]
    faults: tuple[Fault, ...] = ()

    def and_further(self, found: Iterable[Fault]) -> list[Fault]:
        """The faults of reading and further ones, but for those that a value has only because it was not read."""
        unread = {fault.key for fault in self.faults}
        return [*self.faults, *(fault for fault in found if fault.key not in unread)]

    def fault(self, path: Path, message: str) -> Fault:
        """A fault at a place in this file, or at the nearest enclosing place that has a line."""
        around = (path[:length] for length in range(len(path), -1, -1))
        line = next((self.lines[place] for place in around if place in self.lines), 0)
        return Fault(self.name, line, _dotted(path), message)

    def validate(self, model: type[Model]) -> tuple[Model | None, list[Fault]]:
        """The file's data as a model, or all the faults that keep it from being one."""
        try:
            return model.model_validate(self.data), []
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False)
            return None, [
                self.fault(problem["loc"], in_plain_words(problem["type"], problem["msg"], problem.get("ctx", {})))
                for problem in problems
            ]


def read(text: str | bytes, name: str, *, through: bool = False) -> Source:
    """Read one YAML document whose top is a mapping; raises `FileError` with every fault found.

    With `through`, faults of single values are left in the source's `faults` (empty text stands in their place), so
    that what reads on can tell them together with its own, by `and_further`.
    """
    reader = _Reader(name)
    whole = _taken(reader, _decoded(text, name))
    is_mapping = isinstance(reader.top, dict)
    if not reader.faults and not is_mapping:
        reader.faults.append(Fault(name, 1, "", "must be a mapping of keys to values"))
    if reader.faults and not (through and whole and is_mapping):
        raise FileError(reader.faults)
    return Source(name, reader.top, reader.lines, tuple(reader.faults))


@lru_cache(maxsize=64)
def read_through(data: bytes, name: str) -> Source:
    """A file of a pack as read; remembered, as a scheme's head is read twice, and several schemes take the same law."""
    return read(data, name, through=True)


def _taken(reader: _Reader, text: str) -> bool:
    """Whether a reader took the whole of a text; raises `FileError` where that is not YAML."""
    try:
        return reader.take(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FileError([*reader.faults, Fault(reader.name, line, "", f"is not YAML: {error.problem}")]) from None
    except yaml.YAMLError as error:
        raise FileError([Fault(reader.name, 0, "", f"is not YAML: {str(error).splitlines()[0]}")]) from None


def _decoded(text: str | bytes, name: str) -> str:
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
        Fault(name, number, "", _cannot_be_seen(found))
        for number, line in enumerate(decoded.split("\n"), start=1)
        if (found := _UNSEEN.search(line.removesuffix("\r")))
    ]
    if unseen:
        raise FileError(unseen)
    return decoded


def _cannot_be_seen(found: re.Match[str]) -> str:
    return f"U+{ord(found[0]):04X} cannot be printed; take it out"


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read; `key` is the mapping's key whose value comes next."""

    value: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None

    @property
    def wants_a_key(self) -> bool:
        """Whether it is a mapping whose next key has not been read."""
        return isinstance(self.value, dict) and self.key is None

    def place(self) -> Path:
        """Where the next value will stand."""
        return (*self.path, len(self.value) if isinstance(self.value, list) else str(self.key))


@dataclass(slots=True)
class _Reader:
    """Builds plain data from YAML's events, so that depth and number are bounded before anything is built."""

    name: str
    top: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    nodes: int = 0

    def take(self, events: Iterator[yaml.Event]) -> bool:
        """Read all events and say that it did; stops at a bound, since what follows could be without end."""
        documents = 0
        for event in events:
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                self._fault(event, "holds more than one document")
                return False
            self._take(event)
            self.nodes += 1
            if not self._is_within_bounds(event):
                return False
        return True

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._fault(event, "aliases are not read; write the value out")
            self._put("", event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._check(event)
            self._begin({} if isinstance(event, yaml.MappingStartEvent) else [], event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()

    def _is_within_bounds(self, event: yaml.Event) -> bool:
        if self.nodes > MAX_NODES:
            self._fault(event, f"is more than {MAX_NODES:,} values")
        elif len(self.open) > MAX_DEPTH:
            self._fault(event, f"is deeper than {MAX_DEPTH} levels")
        else:
            return True
        return False

    def _begin(self, value: dict[str, Any] | list[Any], event: yaml.Event) -> None:
        path = self._put(value, event)
        self.open.append(_Open(value, path))

    def _put(self, value: object, event: yaml.Event) -> Path:
        if not self.open:
            self.top = value
            self.lines[()] = _line(event)
            return ()
        around = self.open[-1]
        if around.wants_a_key:
            self._fault(event, "a key must be plain text")
            around.key = f"?{len(around.value)}"
            return around.place()
        path = around.place()
        self.lines.setdefault(path, _line(event))
        if isinstance(around.value, list):
            around.value.append(value)
        else:
            around.value[str(around.key)] = value
            around.key = None
        return path

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._check(event)
        if self.open and self.open[-1].wants_a_key:
            self._key(self.open[-1], event)
            return
        try:
            self._put(_seen(event.value) if event.style else _meaning(event.value), event)
        except InputError as error:
            path = self._put("", event)
            quotes = not isinstance(error, _Untold)
            self.faults.append(Fault(self.name, _line(event), _dotted(path), error.message, quotes=quotes))

    def _key(self, around: _Open, event: yaml.ScalarEvent) -> None:
        key = event.value
        path = (*around.path, key)
        if not key or len(key) > MAX_KEY or _UNSEEN.search(key):
            self._fault(event, f"a key must have 1 to {MAX_KEY} characters, all of which can be seen")
            key = f"?{len(around.value)}"
        elif key == "<<":
            self._fault(event, "merge keys are not read; write the values out")
        elif key in around.value:
            self.faults.append(
                Fault(self.name, _line(event), _dotted(path), f"stands twice; first in line {self.lines[path]}")
            )
        around.key = key
        self.lines.setdefault((*around.path, key), _line(event))

    def _check(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._fault(event, "anchors are not read; write the value out")
        if event.tag is not None:
            self._fault(event, f"tags such as {event.tag} are not read", quotes=True)

    def _fault(self, event: yaml.Event, message: str, *, quotes: bool = False) -> None:
        path: Path = ()
        if self.open:
            around = self.open[-1]
            path = around.path if around.wants_a_key else around.place()
        self.faults.append(Fault(self.name, _line(event), _dotted(path), message, quotes=quotes))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


class _Untold(InputError):
    """What is wrong with a scalar, in words that repeat nothing of it."""


def _dotted(path: Path) -> str:
    return ".".join(str(step) for step in path)


def _seen(text: str) -> str:
    """Text whose every character can be seen; raises `InputError` for what an escape has hidden in it."""
    found = _UNSEEN.search(text)
    if found:
        raise _Untold(_cannot_be_seen(found))
    return text


def _meaning(scalar: str) -> str | int | bool | date:
    """What an unquoted scalar means; raises `InputError` for those that YAML's readers differ about."""
    if scalar in _FLAGS:
        return _FLAGS[scalar]
    _refuse_almost_flags(scalar)
    if _COUNT.fullmatch(scalar):
        return int(scalar)
    if _DAY.fullmatch(scalar):
        return parse_day(scalar)
    if _NUMERIC.fullmatch(scalar) or _TIME.fullmatch(scalar):
        raise InputError(f"{scalar:.42} could be read in more than one way; quote it if it is text")
    return scalar


def _refuse_almost_flags(scalar: str) -> None:
    if scalar.lower() in _EMPTY:
        raise _Untold("is empty; leave the key out, or quote it if it is text")
    if scalar.lower() in _ALMOST_FLAGS:
        raise InputError(f"{scalar} is neither text nor a flag; write true or false, or quote it")
