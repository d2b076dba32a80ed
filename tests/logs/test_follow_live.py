"""Following a log while a server writes to it and logrotate works on it, all at the same time."""

import gzip
import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from logsleuth.logs.follow.follow import news, read_piece
from logsleuth.logs.follow.siblings import RotatedError

LINES = 3000


class Server:
    """Writes whole lines, as httpd does: by one write to a descriptor that is opened anew when it is told to."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.reload = threading.Event()
        self.thread = threading.Thread(target=self.serve)

    def serve(self) -> None:
        descriptor = self.opened()
        for number in range(LINES):
            if self.reload.is_set():
                os.close(descriptor)
                descriptor = self.opened()
                self.reload.clear()
            os.write(descriptor, b"[Sun Nov 01 00:00:00 2009] [error] line %d\n" % number)
            if number % 20 == 0:
                time.sleep(0.002)
        os.close(descriptor)

    def opened(self) -> int:
        return os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def rotate(server: Server, packed: bool) -> None:
    """logrotate with delaycompress: rename, create, tell the server; then pack the file before."""
    log = server.log
    parts = {int(path.name.split(".")[2]): path for path in log.parent.glob("error.log.*")}
    for number in sorted(parts, reverse=True):
        parts[number].rename(log.parent / parts[number].name.replace(f".{number}", f".{number + 1}"))
    log.rename(log.with_name("error.log.1"))
    log.touch()
    server.reload.set()
    before = log.with_name("error.log.2")
    if packed and before.exists():
        target = before.with_name("error.log.2.gz")
        target.write_bytes(gzip.compress(before.read_bytes(), 1))
        shutil.copystat(before, target)
        before.unlink()


def rotate_on(server: Server, packed: bool) -> None:
    while server.thread.is_alive():
        rotate(server, packed)
        time.sleep(0.02)
        while server.reload.is_set() and server.thread.is_alive():
            time.sleep(0.001)


@pytest.mark.parametrize("pause", [0, 0.07])
@pytest.mark.parametrize("packed", [False, True])
def test_each_line_is_news_once_while_others_write_and_rotate(tmp_path: Path, packed: bool, pause: float) -> None:
    log = tmp_path / "error.log"
    log.touch()
    server = Server(log)
    rotation = threading.Thread(target=rotate_on, args=(server, packed))
    bookmark = news(log, None).bookmark_after
    seen: list[bytes] = []
    server.thread.start()
    rotation.start()
    while True:
        over = not rotation.is_alive()
        try:
            told = news(log, bookmark)
            data = b"".join(part for piece in told.pieces for part in read_piece(piece))
        except RotatedError:
            continue
        assert told.lost == 0
        seen += data.splitlines()
        bookmark = told.bookmark_after
        if over:
            break
        time.sleep(pause)
    numbers = [int(line.split()[-1]) for line in seen]
    assert sorted(numbers) == list(range(LINES))
    assert numbers == sorted(numbers)
