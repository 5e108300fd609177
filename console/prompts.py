"""Prompts at a terminal: one line, a text of several lines, or yes and no.

They use no colour, no menus and no full screen, so that a screen reader reads them line by line. Nothing that is typed
is kept in a history. Ctrl-C raises `KeyboardInterrupt`, Ctrl-D on an empty line `EOFError`.
"""

from __future__ import annotations

from collections.abc import Callable

import click
from prompt_toolkit import PromptSession
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import ColorDepth

END_OF_TEXT = "."
"""What ends a text, alone on its last line."""
_PROMPT = "> "


class Prompter:
    """Asks at the terminal. An answer that `is_command` ends a text at once."""

    def __init__(self, is_command: Callable[[str], bool]) -> None:
        self._lines = _make_session()
        self._texts = _make_session(_make_text_keys(lambda text: text in ("", END_OF_TEXT) or is_command(text)))
        self._short_texts = _make_session(_make_text_keys(lambda text: "\n" not in text))

    def ask_line(self, default: str = "") -> str:
        """Return one line as typed, without spaces around it."""
        return " ".join(self._lines.prompt(_PROMPT, default=default).split())

    def ask_text(self, default: str = "", *, is_long: bool = True) -> str:
        """Return a text of one or several lines, without the full stop that ends it.

        A text that is not long ends with its first line, unless several lines are pasted.
        """
        session = self._texts if is_long else self._short_texts
        lines = session.prompt(_PROMPT, default=default, multiline=True).split("\n")
        return "\n".join(lines[:-1] if lines[-1].strip() == END_OF_TEXT else lines).strip()

    def confirm(self, question: str, *, default: bool = False) -> bool:
        """Ask until the answer is yes or no; Enter alone means the default."""
        choices = "[Y/n]" if default else "[y/N]"
        while True:
            typed = self._lines.prompt(f"{question} {choices} ", default="").strip().lower()
            if typed in ("", "y", "yes", "n", "no"):
                return default if not typed else typed.startswith("y")
            click.echo("Type yes or no.")


def _make_session(keys: KeyBindings | None = None) -> PromptSession[str]:
    return PromptSession(
        history=DummyHistory(),
        complete_while_typing=False,
        reserve_space_for_menu=0,
        color_depth=ColorDepth.DEPTH_1_BIT,
        key_bindings=keys,
        prompt_continuation=lambda *_: "  ",
    )


def _make_text_keys(is_whole: Callable[[str], bool]) -> KeyBindings:
    """Return the keys of a text: Enter begins a line, and ends the text after a line that says so.

    It also ends a text that `is_whole` as it stands, such as a command if nothing else was typed.
    """
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        document = event.current_buffer.document
        is_end = document.is_cursor_at_the_end and document.current_line.strip() == END_OF_TEXT
        if is_end or is_whole(document.text.strip()):
            event.current_buffer.validate_and_handle()
        else:
            event.current_buffer.newline(copy_margin=False)

    return keys
