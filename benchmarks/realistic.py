"""Lines as busy servers write them: known messages, each with another path, address, port, pid and value.

Each kind is a mixture of messages and how common each is among them; `{…}` is filled with values that hardly come twice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

Row = tuple[str, str]
"""Module and level, and the message."""

WORDS = [
    "order",
    "basket",
    "stock",
    "invoice",
    "customer",
    "session",
    "export",
    "report",
    "search",
    "upload",
    "archive",
    "coupon",
    "review",
    "ticket",
]
EXTENSIONS = ("php", "html", "jpg", "css", "js", "asp", "cgi", "zip", "sql", "env")
SLOT = re.compile(r"\{(\w+)\}")
VALUES: dict[str, Callable[[random.Random], str]] = {
    "path": lambda rng: "/".join(f"{rng.choice(WORDS)}{rng.randrange(10_000)}" for _ in range(rng.randint(1, 4))),
    "file": lambda rng: f"{rng.choice(WORDS)}-{rng.randrange(100_000)}.{rng.choice(EXTENSIONS)}",
    "ip": lambda rng: f"203.0.{rng.randrange(256)}.{rng.randrange(1, 255)}",
    "port": lambda rng: str(rng.randrange(1024, 65_536)),
    "n": lambda rng: str(rng.randrange(1, 1_000_000)),
    "few": lambda rng: str(rng.randrange(1, 9)),
    "word": lambda rng: rng.choice(WORDS),
    "hex": lambda rng: f"{rng.getrandbits(64):016x}",
    "host": lambda rng: f"{rng.choice(WORDS)}{rng.randrange(500)}.example.net",
}

Mixture = tuple[tuple[int, str, str], ...]
"""Weight, module and level, message."""
MIXTURES: dict[str, Mixture] = {
    "php-host": (
        (5, "php7:error", "script '/srv/www/{host}/{path}.php' not found or unable to stat"),
        (3, "php7:warn", "PHP Warning:  Undefined array key \"{word}{n}\" in /srv/www/{host}/{path}.php on line {n}"),
        (2, "php7:notice", "PHP Notice:  Undefined variable: {word}{n} in /srv/www/{host}/{path}.php on line {n}"),
        (1, "php7:error", "PHP Fatal error:  Uncaught Error: Call to undefined function {word}_{n}() in "
            "/srv/www/{host}/{path}.php:{n}\\nStack trace:\\n#0 {main}\\n  thrown in /srv/www/{host}/{path}.php on line {n}"),
        (2, "core:info", "AH00128: File does not exist: /srv/www/{host}/{path}/{file}"),
    ),
    "scanners": (
        (4, "authz_core:error", "AH01630: client denied by server configuration: /srv/www/site/{path}/.{file}"),
        (4, "core:info", "AH00128: File does not exist: /srv/www/site/{path}/{file}"),
        (2, "autoindex:error", "AH01276: Cannot serve directory /srv/www/site/{path}/: No matching DirectoryIndex "
            "(index.html) found, and server-generated directory index forbidden by Options directive"),
        (1, "core:error", "AH00126: Invalid URI in request GET /{path}/../{file}?{hex} HTTP/1.1"),
        (1, "auth_basic:error", "AH01618: user {word}{n} not found: /{path}"),
    ),
    "fpm": (
        (4, "proxy_fcgi:error", "AH01071: Got error 'PHP message: PHP Warning:  Undefined array key \"{word}\" in "
            "/srv/app/{path}.php on line {n}'"),
        (3, "proxy_fcgi:error", "AH01071: Got error 'PHP message: PHP Notice:  Trying to access array offset in "
            "/srv/app/{path}.php on line {n}; PHP message: PHP Warning:  Undefined variable ${word} in /srv/app/{path}.php "
            "on line {n}'"),
        (2, "proxy_fcgi:error", "AH01071: Got error 'Primary script unknown\\n'"),
        (1, "proxy_fcgi:error", "AH01071: Got error 'PHP message: {word} {n}: took {n} ms for {hex}'"),
    ),
    "proxy": (
        (4, "proxy:error", "(111)Connection refused: AH00957: http: attempt to connect to {ip}:{port} ({host}:{port}) failed"),
        (3, "proxy_http:error", "(70007)The timeout specified has expired: AH01102: error reading status line from remote "
            "server {host}:{port}"),
        (2, "proxy_http:error", "AH01114: HTTP: failed to make connection to backend: {host}"),
        (1, "proxy:error", "AH00898: Error reading from remote server returned by /{path}/{file}"),
    ),
    "tls": (
        (5, "ssl:info", "AH01964: Connection to child {n} established (server {host}:443)"),
        (3, "ssl:info", "AH02008: SSL library error {few} in handshake (server {host}:443)"),
        (2, "ssl:info", "SSL Library Error: error:0A000076:SSL routines::no suitable signature algorithm ({hex})"),
        (1, "ssl:error", "AH02032: Hostname {host} provided via SNI and hostname {host} provided via HTTP are different"),
    ),
    "modsec": (
        (1, "security2:error", "[client {ip}:{port}] ModSecurity: Warning. Pattern match \"(?i)union.{few}select\" at "
            "ARGS:{word}. [file \"/etc/modsecurity/rules/{file}\"] [line \"{n}\"] [id \"942{few}00\"] [msg \"SQL "
            "Injection Attack\"] [data \"Matched Data: {hex}\"] [hostname \"{host}\"] [uri \"/{path}\"] [unique_id \"{hex}\"]"),
    ),
    "workers": (
        (4, "core:notice", "AH00052: child pid {n} exit signal Segmentation fault (11)"),
        (3, "reqtimeout:info", "AH01382: Request header read timeout"),
        (3, "core:error", "AH00082: an unknown filter was not added: {word}{n}"),
        (2, "cgi:error", "AH01215: stderr from /srv/cgi/{file}: {word} {n} of {n} took {n} ms"),
        (1, "mpm_prefork:notice", "AH00163: Apache/2.4.{few} (Unix) configured -- resuming normal operations"),
    ),
}  # fmt: skip
FRAMES = ('  File "/srv/app/{word}/{word}{few}.py", line {n}, in {word}', "    return self.{word}({word}={n})")


def _filled(rng: random.Random, template: str) -> str:
    return SLOT.sub(lambda slot: VALUES[slot[1]](rng) if slot[1] in VALUES else slot[0], template)


def mixed(kind: str) -> Callable[[random.Random], Iterator[Row]]:
    """The lines of one kind of server, without end."""
    weights, modules, messages = zip(*MIXTURES[kind], strict=True)

    def rows(rng: random.Random) -> Iterator[Row]:
        while True:
            (nth,) = rng.choices(range(len(weights)), weights)
            yield modules[nth], _filled(rng, messages[nth])

    return rows


def wsgi(rng: random.Random) -> Iterator[Row]:
    """Tracebacks, each with values of its own, among an application's chatter."""
    while True:
        yield (
            "wsgi:error",
            _filled(rng, "INFO shop.audit {word} {n} moved to {word} by lane {few}, attempt {few}"),
        )
        yield "wsgi:error", "Traceback (most recent call last):"
        for _ in range(rng.randint(2, 8)):
            for frame in FRAMES:
                yield "wsgi:error", _filled(rng, frame)
        yield "wsgi:error", _filled(rng, "KeyError: '{word}-{hex}'")


REALISTIC: dict[str, Callable[[random.Random], Iterator[Row]]] = {
    **{kind: mixed(kind) for kind in MIXTURES},
    "wsgi": wsgi,
}
