"""Patterns that are compiled on first use do what compiled ones do."""

import re

import pytest

from rules.values.lazy_pattern import compile_lazily


def test_it_searches_as_a_compiled_pattern_does() -> None:
    lazy, eager = compile_lazily("A(b+)", re.IGNORECASE), re.compile("A(b+)", re.IGNORECASE)
    text = "ab Abb c"
    assert lazy.findall(text) == eager.findall(text)
    assert [match.span() for match in lazy.finditer(text)] == [match.span() for match in eager.finditer(text)]
    assert (lazy.sub("x", text), lazy.split(text)) == (eager.sub("x", text), eager.split(text))
    assert (lazy.pattern, lazy.flags) == (eager.pattern, eager.flags)


def test_nothing_is_compiled_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    real = re.compile

    def note(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return real(pattern, flags)

    monkeypatch.setattr(re, "compile", note)
    lazy = compile_lazily("a lazy pattern")
    assert compiled == []
    assert lazy.search("it is a lazy pattern")
    assert lazy.search("nothing") is None
    assert compiled == ["a lazy pattern"]


def test_what_no_pattern_has_is_an_error() -> None:
    with pytest.raises(AttributeError):
        compile_lazily("a").nonsense  # type: ignore[attr-defined]  # noqa: B018
