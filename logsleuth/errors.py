"""The one error that ends a run: what is wrong, and the way out."""

from __future__ import annotations


class LogsleuthError(Exception):
    """A mistake of the caller's that is told in one line.

    `message` says what is wrong and where, `hint` what to do about it, `exit_code` is the
    process's exit status (2: usage or unreadable input). It is caught in the command line only.
    """

    def __init__(self, message: str, hint: str = "", exit_code: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message
