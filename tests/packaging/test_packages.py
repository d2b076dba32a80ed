"""What is shipped is complete: the wheel that all packages are made from, and the scripts that make them.

The single file and the Debian package themselves are built in CI: that needs the network.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ("logsleuth", "patterns", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")
SCRIPTS = sorted((ROOT / "packaging").glob("*.sh"))
LEFT_OUT = shutil.ignore_patterns("__pycache__", "_core.*")

needs_hatchling = pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling is missing")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a wheel without the compiled scan. It is built from a copy: building removes an old scan."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / name, source / name)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index", "--no-build-isolation", "."],
        cwd=source, env=os.environ | {"LOGSLEUTH_CORE": "0"}, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = source.glob("*.whl")
    ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


@needs_hatchling
def test_a_wheel_holds_every_file_of_the_program(unpacked: Path) -> None:
    def files(folder: Path) -> set[str]:
        return {
            str(path.relative_to(folder))
            for path in folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("_core.")
        }

    expected = files(ROOT / "logsleuth") | {f"patterns/{name}" for name in files(ROOT / "patterns")}
    assert files(unpacked / "logsleuth") == expected


@needs_hatchling
def test_a_report_from_a_wheel_is_that_of_the_sources(unpacked: Path, tmp_path: Path) -> None:
    def report(**environment: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "logsleuth", "analyze", str(ROOT / "sample_logs" / "crash-prefork.log")],
            cwd=tmp_path, check=True, capture_output=True, text=True,
            env=os.environ | {"LOGSLEUTH_CORE": "0", "XDG_CACHE_HOME": str(tmp_path / "cache")} | environment,
        ).stdout  # fmt: skip

    found = report(PYTHONPATH=str(unpacked))
    assert "Segmentation faults of workers" in found
    assert found == report(PYTHONPATH=str(ROOT))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_packaging_script_is_valid_shell(script: Path) -> None:
    assert subprocess.run(["sh", "-n", str(script)], check=False, capture_output=True, text=True).stderr == ""


def test_the_debian_package_installs_the_units_that_the_probe_writes(tmp_path: Path) -> None:
    script = (ROOT / "packaging" / "debian.sh").read_text()
    named = next(line for line in script.splitlines() if line.startswith("for unit in "))
    units = named.removeprefix("for unit in ").removesuffix("; do").split()
    command = [
        sys.executable,
        "-m",
        "logsleuth",
        "probe",
        "systemd",
        "--no-verify",
        "-o",
        str(tmp_path),
        "/a/error.log",
    ]
    subprocess.run(command, check=True, capture_output=True)
    assert {*units} <= {path.name for path in tmp_path.iterdir()}
    for unit in units:
        text = (tmp_path / unit).read_text()
        assert unit.endswith(".timer") or "ExecStart=" in text, unit
