"""What the logs show beside the lines of a message: of small values."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from logsleuth.causes.model import Trigger
from logsleuth.report.compose.log.read_before import has_kernel_log, logs_read, still_to_ask
from logsleuth.report.compose.story.known import _set_off
from logsleuth.values import replace
from tests.lives.build import ANY, line, series, timeline
from tests.report.test_what_now import over

KERNEL = replace(ANY, id="kernel.segfault", shows=frozenset({"kernel-log"}))


def trigger(kind: str, pattern: str | None = None, text: str = "x") -> Trigger:
    return Trigger(0, kind, text, (line(),), pattern)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "known"),
    [
        (trigger("change", "changes.command"), {"change"}),
        (trigger("change", "packages.server-changed"), {"change", "packages"}),
        (trigger("change", "changes.package"), {"change", "packages"}),
        (trigger("surge"), {"surge"}),
        (trigger("change", "changes.unit", "systemd: Stopping till"), {"change", "told-to-stop"}),
        (trigger("change", "changes.unit", "systemd: Reloading till"), {"change"}),
        (trigger("restart", "service.told-to-stop"), {"told-to-stop"}),  # a service reports it of itself
        (trigger("restart"), set()),  # httpd's own
        (trigger("reload"), set()),
    ],
)
def test_what_set_it_off_is_known(one: Trigger, known: set[str]) -> None:
    assert set(_set_off(over("high", one))) == known


def test_nobody_is_sent_to_the_kernels_log_that_was_read() -> None:
    asked = ["dmesg -T | grep segfault", "journalctl -k | tail", "free -m", "journalctl -u till"]
    assert still_to_ask(asked, timeline(series(KERNEL, 0))) == ["free -m", "journalctl -u till"]
    assert still_to_ask(asked, timeline(series(ANY, 0))) == asked
    assert has_kernel_log(timeline(series(ANY, 0), series(KERNEL, 5)))
    assert has_kernel_log(timeline(series(replace(ANY, id="kernel.nfs-silent"), 0)))


@pytest.mark.parametrize(("sources", "known"), [(("access",), []), (("access", "httpd"), ["error-log"]), ((), [])])
def test_whether_an_error_log_was_read_is_known(sources: tuple[str, ...], known: list[str]) -> None:
    logs = [SimpleNamespace(format=SimpleNamespace(source=source)) for source in sources]
    assert logs_read(timeline(series(ANY, 0)), logs) == known  # type: ignore[arg-type]
