"""Following through the rotation that real programs make, where the machine has them."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from logsleuth.logs.follow.follow import Bookmark, news, read_piece
from logsleuth.logs.follow.siblings import RotatedError


class Follower:
    def __init__(self, log: Path) -> None:
        self.log = log
        self.bookmark: Bookmark | None = None
        self.seen: list[int] = []

    def look(self) -> None:
        try:
            told = news(self.log, self.bookmark)
            data = b"".join(part for piece in told.pieces for part in read_piece(piece))
        except RotatedError:
            return
        assert told.lost == 0, told
        self.seen += [int(line.split()[-1]) for line in data.splitlines()]
        self.bookmark = told.bookmark_after


def line(number: int) -> bytes:
    return b"[Sun Nov 01 00:00:00.%06d 2009] [core:error] [pid 4711] line %d\n" % (number, number)


def programme(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not here")
    return found


@pytest.mark.parametrize("arguments", [["error.%S.log", "1"], ["-n", "9", "part.log", "2K"]])
def test_a_link_that_rotatelogs_moves(tmp_path: Path, arguments: list[str]) -> None:
    command = [programme("rotatelogs"), "-L", "error.log", *arguments]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin is not None
        process.stdin.write(line(0))
        while not (tmp_path / "error.log").exists():
            time.sleep(0.01)
        follower = Follower(tmp_path / "error.log")
        follower.look()
        for number in range(1, 130):
            process.stdin.write(line(number))
            time.sleep(0.01)
            if number % 7 == 0:
                follower.look()
        process.stdin.close()
    follower.look()
    assert len({path.stat().st_ino for path in tmp_path.iterdir()}) > 1
    assert follower.seen == list(range(130))


@pytest.mark.parametrize("how", ["create", "copytruncate", "create\ncompress", "create\nolddir old"])
def test_logrotate(tmp_path: Path, how: str) -> None:
    log, configuration = tmp_path / "error.log", tmp_path / "logrotate.conf"
    (tmp_path / "old").mkdir()
    configuration.write_text(f'"{log}" {{\nrotate 9\n{how}\n}}\n')
    configuration.chmod(0o600)
    command = [programme("logrotate"), "--force", "--state", str(tmp_path / "status"), str(configuration)]
    follower = Follower(log)
    for number in range(40):
        with log.open("ab") as stream:
            stream.write(line(number))
        if number % 3 == 0:
            follower.look()
        if number % 8 == 7:
            subprocess.run(command, check=True, capture_output=True, timeout=60)
            follower.look()
    follower.look()
    assert follower.seen == list(range(40))
