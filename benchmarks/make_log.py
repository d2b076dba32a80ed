"""Write a large, deterministic Apache error log with a planted incident: the same arguments, the same bytes.

    python benchmarks/make_log.py --size 100M --shape quiet --out /tmp/quiet.log

Shapes: `quiet` (one line in ten is known to the pattern library, the rest is chatter), `flood` (nine lines
in ten are known), `unique` (no message twice), `tracebacks` (most lines belong to Python tracebacks); and those of
benchmarks/realistic.py, in which nearly every line is known and has values of its own.
`--hosts 4` writes four logs of a quarter each, NAME.1 to NAME.4. A stale egg is planted at two thirds (of the first
host's log): what a report should find stands in NAME.truth.json.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.realistic import REALISTIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

START = datetime(2026, 3, 2, 6, 0, 0, tzinfo=UTC)
LINES_A_SECOND = 40
WORKERS = range(4001, 4065)
UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}

# noise alone: what a server with an outage of its own would log would be an incident of its own
KNOWN = (
    ("authz_core:error", "AH01630: client denied by server configuration: /srv/www/site/private/{a}"),
    ("core:error", "AH00126: Invalid URI in request GET /{a}/../../etc/passwd HTTP/1.1"),
    ("core:info", "AH00128: File does not exist: /srv/www/site/old/{a}.html"),
    ("php:error", "script '/srv/www/site/wp-login-{a}.php' not found or unable to stat"),
    ("autoindex:error", "AH01276: Cannot serve directory /srv/www/site/images/{a}/: No matching DirectoryIndex "
     "(index.html) found, and server-generated directory index forbidden by Options directive"),
)  # fmt: skip
CHATTER = (
    (
        "php:notice",
        "checkout: basket {a} of customer group {b} priced in {a} ms, rule set wholesale, promotion none",
    ),
    ("php:notice", "search: {a} hits for catalogue {b}, served from the replica, cache age {a} s, facets 12"),
    (
        "wsgi:error",
        "INFO shop.audit order {a} moved to state packed by the warehouse gateway, lane {b}, attempt 1",
    ),
    (
        "cgi:error",
        "report generator: wrote page {a} of {b} pages, template monthly, elapsed {a} ms, no warnings",
    ),
)
FRAMES = tuple(
    line
    for name, number, code in (
        ("django/core/handlers/exception.py", 55, "response = get_response(request)"),
        ("django/core/handlers/base.py", 197, "response = wrapped_callback(request, *callback_args)"),
        ("shop/views.py", 41, "return render(request, template, context(request))"),
        ("shop/pricing.py", 112, "total = sum(item.price * item.amount for item in basket)"),
        ("shop/models.py", 77, "return self._prices[self.currency]"),
    )
    for line in (f'  File "/srv/www/app/{name}", line {number}, in call', f"    {code}")
)
SAME_WRITER = (" ", "KeyError")
"""A line that begins so was written by the worker that wrote the one before."""
Row = tuple[str, str]


def main() -> None:
    """Parse the arguments and write the log."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="100M", help="bytes, with K, M or G")
    parser.add_argument("--shape", choices=sorted(SHAPES), default="quiet")
    parser.add_argument("--era", choices=("2.4", "2.2"), default="2.4")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hosts", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    make(options.out, in_bytes(options.size), options.shape, options.era, options.seed, options.hosts)


def in_bytes(size: str) -> int:
    """A size as people write it, such as 100M."""
    return int(size.rstrip("KMG")) * UNITS.get(size[-1], 1)


def make(path: Path, size: int, shape: str, era: str = "2.4", seed: int = 1, hosts: int = 1) -> list[Path]:
    """Write the log or logs, and the planted incident's facts beside them; return the logs' paths."""
    paths = [path] if hosts == 1 else [path.with_name(f"{path.name}.{host + 1}") for host in range(hosts)]
    truths = []
    for host, one in enumerate(paths):
        with one.open("wb") as out:
            rng = random.Random(seed + host)
            truths.append(write(out, size // hosts, shape, era, rng, plant=host == 0))
    path.with_name(f"{path.name}.truth.json").write_text(json.dumps(truths[0]))
    return paths


def write(
    out: BinaryIO, size: int, shape: str, era: str, rng: random.Random, *, plant: bool = True
) -> dict[str, object]:
    """Write at least `size` bytes to `out`; return the planted incident's facts."""
    written, number, planted, writer = 0, 0, None, (0, 0, 0)
    rows, egg = SHAPES[shape](rng), stale_egg()
    batch: list[bytes] = []
    while written < size:
        if plant and planted is None and written > size * 2 // 3:
            planted = START + timedelta(seconds=number / LINES_A_SECOND)
        row = (next(egg, None) if planted else None) or next(rows)
        if not row[1].startswith(SAME_WRITER):
            writer = (rng.choice(WORKERS), rng.randrange(1, 255), rng.randrange(1024, 65536))
        line = _line(number, row, era, writer)
        number += 1
        written += len(line)
        batch.append(line)
        if len(batch) == 5000:
            out.write(b"".join(batch))
            batch.clear()
    out.write(b"".join(batch))
    return {"category": "stale-egg", "onset": planted.isoformat() if planted else None, "lines": number}


def _line(number: int, row: Row, era: str, writer: tuple[int, int, int]) -> bytes:
    when = START + timedelta(seconds=number / LINES_A_SECOND)
    pid, host, port = writer
    address = f"198.51.100.{host}"
    module, message = row
    if era == "2.2":
        return f"[{when:%a %b %d %H:%M:%S %Y}] [{module.split(':')[1]}] [client {address}] {message}\n".encode()
    stamp = f"{when:%a %b %d %H:%M:%S}.{when.microsecond:06d} {when:%Y}"
    return f"[{stamp}] [{module}] [pid {pid}:tid {pid}] [client {address}:{port}] {message}\n".encode()


def _fill(rng: random.Random, row: Row) -> Row:
    return row[0], row[1].format(a=rng.randrange(1000), b=rng.randrange(40))


def quiet(rng: random.Random) -> Iterator[Row]:
    """One known line in ten."""
    while True:
        yield _fill(rng, rng.choice(KNOWN if rng.random() < 0.1 else CHATTER))


def flood(rng: random.Random) -> Iterator[Row]:
    """Nine known lines in ten."""
    while True:
        yield _fill(rng, rng.choice(KNOWN if rng.random() < 0.9 else CHATTER))


def unique(rng: random.Random) -> Iterator[Row]:
    """No message twice, no shape twice."""
    while True:
        yield "app:error", " ".join(f"{rng.getrandbits(40):x}" for _ in range(9))


def tracebacks(rng: random.Random) -> Iterator[Row]:
    """Tracebacks of ten frames' lines, with a quiet line between them."""
    while True:
        yield _fill(rng, rng.choice(CHATTER))
        yield "wsgi:error", "Traceback (most recent call last):"
        for frame in FRAMES:
            yield "wsgi:error", frame
        yield "wsgi:error", f"KeyError: 'EUR{rng.randrange(50)}'"


def stale_egg() -> Iterator[Row]:
    """The planted incident: a replaced egg, seen by every worker, 400 times."""
    for _ in range(400):
        yield "wsgi:error", "zipimport.ZipImportError: bad local file header: '/srv/www/eggs/shop.egg'"


SHAPES: dict[str, Callable[[random.Random], Iterator[Row]]] = {
    "quiet": quiet,
    "flood": flood,
    "unique": unique,
    "tracebacks": tracebacks,
    **REALISTIC,
}

if __name__ == "__main__":
    main()
