"""Whatever happens to a log between the looks at it: each line that is finished is news once, in order."""

import bz2
import gzip
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from logsleuth.logs.follow.follow import Bookmark, news, read_piece

SECOND = 10**9


class Host:
    """A log, the rotations that it suffers, and someone who looks at it; its clock ticks with each deed."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "error.log"
        self.now = 0
        self.written = 0
        self.expected = b""
        self.seen = b""
        self.bookmark: Bookmark | None = None
        self.log.touch()
        self.tick(self.log)

    def tick(self, path: Path) -> None:
        self.now += SECOND
        os.utime(path, ns=(self.now, self.now))

    def append(self, text: bytes) -> None:
        with self.log.open("ab") as file:
            file.write(text)
        self.expected += text
        self.tick(self.log)

    def line(self) -> bytes:
        self.written += 1
        return b"[Sun Nov 01 00:00:%02d 2009] line %d\n" % (self.written % 60, self.written)

    def whole(self) -> None:
        self.append(self.line())

    def many(self) -> None:
        self.append(b"".join(self.line() for _ in range(40)))

    def half(self) -> None:
        self.append(self.line()[:-9])

    def end(self) -> None:
        self.written += 1
        self.append(b"the end of line %d\n" % self.written)

    def make_room(self) -> Path:
        """As logrotate does: what is .1 becomes .2, packed or not."""
        folder = self.log.parent
        for old in sorted(folder.glob("error.log.[0-9]*"), key=lambda p: int(p.name.split(".")[2]), reverse=True):
            number, *packed = old.name.split(".")[2:]
            old.rename(folder / ".".join(["error.log", str(int(number) + 1), *packed]))
        if self.expected and not self.expected.endswith(b"\n"):
            self.expected += b"\n"  # nobody will finish this line
        return folder / "error.log.1"

    def rename(self) -> None:
        self.log.rename(self.make_room())
        self.log.touch()
        self.tick(self.log)

    def copytruncate(self) -> None:
        copy = self.make_room()
        shutil.copy(self.log, copy)
        self.tick(copy)
        os.truncate(self.log, 0)
        self.tick(self.log)

    def compress(self) -> None:
        self.rename()
        self.pack("gz", gzip.compress)

    def copy_and_compress(self) -> None:
        self.copytruncate()
        self.pack("bz2", bz2.compress)

    def pack(self, kind: str, how: Callable[[bytes], bytes]) -> None:
        old = self.log.with_name("error.log.1")
        packed = old.with_name(f"error.log.1.{kind}")
        packed.write_bytes(how(old.read_bytes()))
        shutil.copystat(old, packed)
        old.unlink()

    def look(self) -> None:
        told = news(self.log, self.bookmark)
        assert told.lost == 0, told
        for piece in told.pieces:
            self.seen += b"".join(read_piece(piece))
        self.bookmark = Bookmark.of(asdict(told.bookmark_after))


DEEDS = (
    Host.whole, Host.many, Host.half, Host.end, Host.rename, Host.copytruncate, Host.compress, Host.copy_and_compress,
    Host.look, Host.look,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(DEEDS), max_size=25))
@example([Host.whole, Host.look, Host.copytruncate, Host.whole, Host.look, Host.compress])
@example([Host.look, Host.whole, Host.compress, Host.look, Host.rename, Host.many, Host.copy_and_compress])
def test_each_finished_line_is_news_once_and_in_order(deeds: list[Callable[[Host], None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        host = Host(Path(folder))
        host.look()
        for deed in [*deeds, Host.end, Host.look]:
            deed(host)
            assert host.expected.startswith(host.seen)
        assert host.seen == host.expected
        host.look()
        assert host.seen == host.expected
