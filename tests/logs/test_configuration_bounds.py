"""Configurations that were made to exhaust memory or patience are followed as far as a server's goes."""

import os
from pathlib import Path

import pytest

from logsleuth.logs.conf.configuration import Configuration, read_configuration
from logsleuth.logs.conf.walk import MOST_FILES, MOST_LINES


def read(folder: Path, text: str) -> Configuration:
    (folder / "httpd.conf").write_text(text)
    return read_configuration(str(folder / "httpd.conf"))


BOMB = "Define a AAAAAAAAAAAAAAAA\n" + "".join(
    f"Define {name} {'${' + before + '}' * 1}{('${' + before + '}') * 9}\n"
    for before, name in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        (BOMB + "ServerName ${h}\n", "more than 16,384 characters"), ("ServerName " + "a " * 400_000, "more than 16,384 characters"), ("a\\\n" * 200_000 + "b\n", "more than 16,384 characters"),
        ("Include /dev/zero\n", "/dev/zero cannot be read: it is not a regular file"), ("Include binary\n", "it is a binary file"), ("Include pipe\n", "it is not a regular file"), ("Include /*/*/*/*/*\n", "more than 3 parts with wildcards"),
        ("Include *.d/" + "../" * 1000 + "x\n", "more than 100 parts"),
        ("<VirtualHost a>\n" * 21_000, "more than 20,000 virtual hosts"), ("#\n" + "Listen 80\n" * (MOST_LINES + 1), "more than 200,000 lines"), ("Include httpd.conf\n" * 100, "includes go too deep"),
        ("Include " + "[" * 10_000 + "\n", "a part of the path has more than 255 characters"),
        ("Include /dev/fd/*\n", "it is not a regular file"), ("Include */x/*/y\nInclude */x/*/y\nInclude */x/*/y\n", "the configuration has more than 5,000 files"),
        ("MaxRequestWorkers ²\n", "² is not a number"), ("MaxRequestWorkers 99999999999999999999\n", "is not a number"),
    ],
    ids=range(16),
)  # fmt: skip
def test_what_no_server_has_is_told_and_passed_over(tmp_path: Path, text: str, trouble: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "binary").write_bytes(b"ServerName a\0\n")
    found = read(tmp_path, text)
    assert any(trouble in sentence for sentence in found.trouble), found.trouble
    assert len(found.trouble) <= 100
    assert found.sentences()


def test_a_folder_of_other_files_is_not_read_to_its_end(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    (folder / "a.conf").write_text("MaxRequestWorkers 7\n")
    for number in range(30):
        (folder / f"b{number:02}").write_bytes(b"\0")
    (folder / "c.conf").write_text("MaxRequestWorkers 8\n")
    found = read(tmp_path, "Include disk\n")
    assert found.numbers == {"MaxRequestWorkers": 7}
    assert "is not a folder of configuration files" in found.trouble[0]


def test_folders_without_files_have_an_end_too(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 1):
        (tmp_path / "empty" / f"{number:04}").mkdir(parents=True)
    (tmp_path / "z.conf").write_text("MaxRequestWorkers 8\n")
    found = read(tmp_path, "MaxRequestWorkers 7\nInclude empty\nInclude z.conf\n")
    assert found.numbers == {"MaxRequestWorkers": 7}
    assert "empty has more than 5,000 folders and files" in found.trouble[0]


def test_the_kernel_is_not_read_by_another_name(tmp_path: Path) -> None:
    (tmp_path / "linked.conf").symlink_to("/dev/fd/0")
    assert "linked.conf cannot be read: it is not a regular file" in read(tmp_path, "Include linked.conf\n").trouble[0]


@pytest.mark.parametrize("version", ["9" * 5000, "2.4." + "9" * 5000, "..", "²"])
def test_versions_of_thousands_of_digits_are_no_versions(tmp_path: Path, version: str) -> None:
    assert read(tmp_path, f"<IfVersion >= {version}>\nMaxRequestWorkers 7\n</IfVersion>\n").numbers == {
        "MaxRequestWorkers": 7
    }


def test_many_names_and_formats_are_not_all_remembered(tmp_path: Path) -> None:
    text = "".join(
        f'Define a{number} b\nLoadModule m{number} x{number}\nErrorLogFormat "%M {number}"\n'
        for number in range(11_000)
    )
    assert len(read(tmp_path, text).hosts[0].formats) == 6


def test_a_variable_is_filled_in_as_long_as_the_line_stays_a_line(tmp_path: Path) -> None:
    assert read(tmp_path, f"Define a {'x' * 8000}\nErrorLog ${{a}}${{a}}\n").hosts[0].error_log == "x" * 16000
