"""A program at a pseudo-terminal, as a person sees it: 80 columns, without colour, answered line by line."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path
from types import TracebackType
from typing import Self

ASSENT = str(Path(sys.executable).with_name("assent"))
CTRL_C, CTRL_D, CTRL_U = "\x03", "\x04", "\x15"
_ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>()][0-9A-B]?|\][^\x07]*\x07)|[\x00-\x08\x0b-\x1f]")
PROMPTS = (">", "[y/N]", "[Y/n]", "[Y/n]:")
"""How what is printed ends while the program waits for an answer."""
_ENVIRONMENT = {"PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "80", "LINES": "50"}


class PseudoTerminal:
    """Runs one command in a folder. `screen` is all that was printed, `said` what came after the last answer."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.screen = ""
        self._printed, self._seen = b"", 0
        self.exit_code: int | None = None
        self.process, self._terminal = pty.fork()
        if self.process == 0:  # in the child, whose errors go to the terminal
            os.chdir(folder)
            os.environ.pop("ASSENT_STORE", None)
            os.environ.update(_ENVIRONMENT)
            os.execv(ASSENT, [ASSENT, *arguments])  # noqa: S606
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 80, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.exit_code is None:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        os.close(self._terminal)

    @property
    def said(self) -> str:
        """What was printed since the last answer, on one line."""
        return " ".join(self.screen[self._seen :].split())

    def wait_for(self, *texts: str, seconds: float = 20, ends: tuple[str, ...] = PROMPTS) -> str:
        """Wait until one of some texts was printed after the last answer and a prompt stands there; return it all."""
        deadline = time.monotonic() + seconds
        while not (any(text in self.said for text in texts) and self.said.endswith(ends)):
            assert time.monotonic() < deadline, f"{texts} was not printed: {self.said!r}"
            assert self._read(), f"{texts} was not printed before the end: {self.said!r}"
        return self.said

    def type(self, text: str, expected: str = "") -> None:
        """Wait for a text at a prompt, then type an answer and press Enter."""
        self.wait_for(expected)
        self.press(text + "\r")

    def type_text(self, text: str, expected: str = "") -> None:
        """Answer with a text of several lines, and the full stop that ends it."""
        self.type(f"{text.replace(chr(10), chr(13))}\r.", expected)

    def paste_text(self, text: str, expected: str = "") -> None:
        """Answer with a text that is pasted whole, and the full stop that ends it."""
        self.wait_for(expected)
        self.press(f"\x1b[200~{text}\x1b[201~\r.\r")

    def press(self, keys: str) -> None:
        """Send keys as they are."""
        self._seen = len(self.screen)
        data = keys.encode()
        while data:
            data = data[os.write(self._terminal, data[:500]) :]
            self._read(0)

    def wait_for_end(self, seconds: float = 60) -> int:
        """Wait until the program has ended, and return its exit code."""
        deadline = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < deadline, f"the program did not end: {self.said!r}"
        self.exit_code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        return self.exit_code

    def _read(self, seconds: float = 0.2) -> bool:
        """Read what was printed; return False once the program has ended."""
        ready, _, _ = select.select([self._terminal], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._terminal, 65_536)
        except OSError:  # as Linux reports the end
            return False
        self._printed += data
        self.screen = _ESCAPES.sub("", self._printed.decode(errors="ignore"))
        return bool(data)
