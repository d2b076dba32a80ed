"""Engines that do not exist, or are not there, are one line with the way out."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import pytest

from logsleuth.engines.choose import engine_of
from logsleuth.errors import LogsleuthError
from logsleuth.library.pattern import Library

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING_KNOWN = Library((), "")


def why_not(engine: str) -> str:
    with pytest.raises(LogsleuthError) as raised, engine_of(engine, NOTHING_KNOWN, 1):
        pass
    return str(raised.value)


@pytest.mark.parametrize("engine", ["spark", "dask://", "dask://no port", "dask:8786"])
def test_an_unknown_engine(engine: str) -> None:
    assert why_not(engine) == f"there is no engine '{engine}'; there are local, dask and dask://SCHEDULER:8786"


def test_dask_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    usual: Callable[..., Any] = builtins.__import__

    def without(name: str, *rest: Any) -> Any:  # noqa: ANN401
        if name == "distributed":
            raise ImportError(name)
        return usual(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    assert why_not("dask") == "Dask is not installed; pip install 'logsleuth-httpd[dask]'"


def test_a_scheduler_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = pytest.importorskip("logsleuth.engines.cluster.connect")
    pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
    monkeypatch.setattr(connect, "ANSWER", 0.3)
    assert why_not("dask://127.0.0.1:1").startswith("no Dask scheduler answers at 127.0.0.1:1")
