"""A folder that Apache's own user may read: pytest's are root's alone."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="logsleuth-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)
