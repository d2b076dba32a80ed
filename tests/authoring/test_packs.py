"""Packs: built, installed, loaded as a layer, removed; and archives that a stranger made to do harm."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from logsleuth import load_patterns
from logsleuth.authoring import packs, unpack
from logsleuth.cli.packs import command
from logsleuth.errors import LogsleuthError

PATTERN = "id = 'shop.till'\ntitle = 'The till is jammed'\nrole = 'noise'\n[[match]]\ncontains = 'till is jammed'\n"
MANIFEST = "name = 'shop'\nversion = '1.2'\nrequires = '>=0.1'\n"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pack = tmp_path / "shop"
    (pack / "patterns").mkdir(parents=True)
    (pack / "patterns" / "till.toml").write_text(PATTERN)
    (pack / "README.md").write_text("Tills.")
    (pack / "pack.toml").write_text(MANIFEST)
    return pack


def build(folder: Path, tmp_path: Path) -> Path:
    return packs.build(folder, tmp_path / "shop.tar.gz")[1]


def test_a_pack_is_built_installed_loaded_and_removed(folder: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    archive = tmp_path / "out.tar.gz"
    assert runner.invoke(command, ["build", str(folder), "-o", str(archive)]).output.startswith("built shop 1.2")
    assert runner.invoke(command, ["install", str(archive)]).exit_code == 0
    pattern = load_patterns().get("shop.till")
    assert pattern is not None
    assert not pattern.trusted
    assert "shop                     1.2" in runner.invoke(command, ["list"]).output
    assert runner.invoke(command, ["verify"]).output.startswith("shop 1.2: all right")
    assert runner.invoke(command, ["remove", "shop"]).exit_code == 0
    assert load_patterns().get("shop.till") is None


def test_the_same_files_make_the_same_archive(folder: Path, tmp_path: Path) -> None:
    assert build(folder, tmp_path).read_bytes() == build(folder, tmp_path).read_bytes()


def test_a_newer_version_replaces_an_older_one_wholly(folder: Path) -> None:
    packs.build(folder, folder.parent / "a.tar.gz")
    packs.install(folder)
    (folder / "patterns" / "till.toml").rename(folder / "patterns" / "drawer.toml")
    (folder / "pack.toml").write_text(MANIFEST.replace("1.2", "1.3"))
    packs.build(folder, folder.parent / "b.tar.gz")
    pack, before = packs.install(folder.parent / "b.tar.gz")
    assert (pack.version, before and before.version) == ("1.3", "1.2")
    assert [path.name for path in (packs.packs_folder() / "shop" / "patterns").iterdir()] == ["drawer.toml"]


def test_an_installed_pack_that_was_changed_is_told(folder: Path) -> None:
    packs.build(folder, folder.parent / "a.tar.gz")
    packs.install(folder)
    file = packs.packs_folder() / "shop" / "patterns" / "till.toml"
    file.write_text(PATTERN.replace("noise", "cause"))
    with pytest.raises(LogsleuthError, match="the digest differs"):
        packs.checked(packs.packs_folder() / "shop")


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("pack.toml", MANIFEST.replace("0.1", "99.0"), "it needs logsleuth >=99.0"),
        ("pack.toml", MANIFEST.replace("shop", "../shop"), "'name' must be"),
        ("pack.toml", MANIFEST + "code = 'x'\n", "unknown key 'code'"),
        ("pack.toml", "name = ", "cannot be read"),
        ("patterns/till.py", "print()", "a pack holds pattern files and words, no code"),
        ("run", "#!/bin/sh", "a pack holds pattern files and words, no code"),
        ("patterns/bad.toml", "id = 'x'", "'title' is missing"),
    ],
)
def test_a_pack_that_is_wrong_is_neither_built_nor_installed(folder: Path, file: str, content: str, told: str) -> None:
    (folder / file).write_text(content)
    with pytest.raises(LogsleuthError, match=told):
        build(folder, folder.parent)
    with pytest.raises(LogsleuthError):
        packs.install(folder)
    assert not (packs.packs_folder() / "shop").exists()


def test_a_link_in_a_pack_is_refused(folder: Path) -> None:
    (folder / "patterns" / "link.toml").symlink_to("/etc/hostname")
    with pytest.raises(LogsleuthError, match="is a link"):
        build(folder, folder.parent)


def tarred(tmp_path: Path, add: Callable[[tarfile.TarFile], None]) -> Path:
    archive = tmp_path / "evil.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        add(tar)
    return archive


def member(name: str, **values: object) -> Callable[[tarfile.TarFile], None]:
    info = tarfile.TarInfo(name)
    for key, value in values.items():
        setattr(info, key, value)
    return lambda tar: tar.addfile(info, io.BytesIO(b"x" * info.size))


@pytest.mark.parametrize("name", ["../out.toml", "/tmp/out.toml", "a/../../out.toml", "a\\..\\out.toml", "C:out.toml"])
def test_nothing_is_written_outside_of_the_folder(tmp_path: Path, name: str) -> None:
    target = tmp_path / "in"
    target.mkdir()
    with pytest.raises(LogsleuthError, match="outside of its folder"):
        unpack.unpack(tarred(tmp_path, member(name, size=1)), target)
    zipped = tmp_path / "evil.zip"
    with zipfile.ZipFile(zipped, "w") as whole:
        whole.writestr(name, "x")
    with pytest.raises(LogsleuthError, match="outside of its folder"):
        unpack.unpack(zipped, target)
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    with pytest.raises(LogsleuthError):
        unpack.unpack(tarred(tmp_path, member("a.toml", type=kind, linkname="/etc/passwd")), tmp_path)


def test_bombs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LogsleuthError, match="too big"):
        unpack.unpack(tarred(tmp_path, member("a.toml", size=unpack.MOST_A_FILE + 1)), tmp_path)
    zipped = tmp_path / "bomb.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("b.toml", b"x" * (unpack.MOST_A_FILE + 1))
    with pytest.raises(LogsleuthError, match="too big"):
        unpack.unpack(zipped, tmp_path)
    gzipped = tmp_path / "bomb.tar.gz"
    gzipped.write_bytes(gzip.compress(bytes(2 * unpack.MOST_BYTES + 1)))
    with pytest.raises(LogsleuthError, match="too big"):
        unpack.unpack(gzipped, tmp_path)


def test_what_is_no_archive_or_damaged_is_told(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "x.tar.gz"
    file.write_bytes(b"hello")
    with pytest.raises(LogsleuthError, match="neither"):
        packs.install(file)
    file.write_bytes(build(folder, tmp_path).read_bytes()[:200])
    with pytest.raises(LogsleuthError, match="cannot be unpacked"):
        packs.install(file)
    with pytest.raises(LogsleuthError, match="no such pack"):
        packs.install(tmp_path / "none.zip")
    with pytest.raises(LogsleuthError, match="is installed"):
        packs.remove("../x")
