"""Which reader takes the lines of a log of this format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from logsleuth.logs.layout.reader import layout_reader
from logsleuth.logs.neighbours import neighbour
from logsleuth.logs.record import Record

if TYPE_CHECKING:
    from logsleuth.logs.sniff import Format

Reader = Callable[[bytes], Record | None]
"""Reads one line, without its newline. None: the line is no business of this reader, and is passed over."""


def reader_of(form: Format, year: int) -> Reader | None:
    """The reader of a log; None for httpd's default formats, which are read a whole block at once.

    `year`: taken for times that name none.
    """
    if form.layouts:
        return layout_reader(form.layouts, vhost=form.vhost)
    return None if form.kind == "httpd" else neighbour(form.kind, year)
