"""Hostile requests: whatever a client writes into a URL, a referer, a name or a file's name, it proves nothing.

httpd prints text that clients choose in the middle of its own messages. Each form below is such a message with a
place for the client's words; a pattern that matches the form only because of those words can be forged.
Sources: httpd's modules and server/log.c; ModSecurity's apache2_util.c; Django's django/core/handlers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.authoring.lint.finding import Finding, Task, finding
from logsleuth.authoring.reading import ANY_DAY, EntryReader
from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.scan.matcher import Matcher
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.library.pattern import Pattern

BENIGN = ("index.html", "shop/cart?id=7")
"""What a client that means no harm would ask for: what matches then is the form's own."""
LONGEST = 2000
"""Characters of a quoted text; httpd cuts its lines at 8 KiB."""


@dataclass(frozen=True, slots=True)
class Form:
    """A message with a place for a client's words."""

    module: str
    """'' where 2.4 writes no module."""
    level: str
    text: str
    """`{}` is where the words go."""
    code: str = ""
    """The AH number that 2.4 writes before it; 2.2 writes none."""
    old: bool = True
    """2.2 wrote it as well."""


FORMS = (
    Form("core", "error", "File does not exist: /srv/www/{}", "AH00128"),
    Form("core", "info", "File does not exist: /srv/www/{}", "AH00128", old=False),
    Form("core", "error", "Attempt to serve directory: /srv/www/{}", "AH00129"),
    Form("core", "error", "Invalid URI in request GET {} HTTP/1.1", "AH00126"),
    Form("core", "error", "Invalid method in request {} / HTTP/1.1", "AH00135"),
    Form("core", "error", "Symbolic link not allowed or link target not accessible: /srv/www/{}", "AH00037"),
    Form(
        "core",
        "error",
        "(36)File name too long: {{code}}access to /{} failed (filesystem path '/srv/www/{}')",
        "AH00036",
    ),
    Form(
        "core",
        "error",
        "(13)Permission denied: {{code}}access to /{} denied (filesystem path '/srv/www/{}') because search "
        "permissions are missing on a component of the path",
        "AH00035",
    ),
    Form(
        "core",
        "error",
        "AllowEncodedSlashes Off: found %2f (encoded '/') in URI path (decoded='/{}'), returning 404",
        "AH00026",
    ),
    Form("authz_core", "error", "client denied by server configuration: /srv/www/{}", "AH01630"),
    Form("access_compat", "error", "client denied by server configuration: /srv/www/{}", "AH01797"),
    Form("authz_core", "error", 'user {}: authorization failure for "/{}": ', "AH01631"),
    Form("auth_basic", "error", "user {} not found: /{}", "AH01618"),
    Form("auth_basic", "error", 'user {}: authentication failure for "/{}": Password Mismatch', "AH01617"),
    Form(
        "autoindex",
        "error",
        "Cannot serve directory /srv/www/{}: No matching DirectoryIndex (index.html) found, and server-generated "
        "directory index forbidden by Options directive",
        "AH01276",
    ),
    Form("autoindex", "error", "Directory index forbidden by rule: /srv/www/{}"),
    Form("cgi", "error", "script not found or unable to stat: /usr/lib/cgi-bin/{}", "AH02811"),
    Form("cgid", "error", "script not found or unable to stat: /usr/lib/cgi-bin/{}", "AH01264"),
    Form("cgi", "error", "attempt to invoke directory as script: /usr/lib/cgi-bin/{}", "AH01217"),
    Form("php", "error", "script '/srv/www/{}' not found or unable to stat"),
    Form("", "error", "script '/srv/www/{}' not found or unable to stat"),
    Form(
        "negotiation",
        "error",
        "Negotiation: discovered file(s) matching request: /srv/www/{} (None could be negotiated).",
        "AH00687",
    ),
    Form("proxy", "error", "Error reading from remote server returned by /{}", "AH00898"),
    Form("proxy", "warn", "No protocol handler was valid for the URL /{} (scheme 'fcgi').", "AH01144"),
    Form(
        "ssl",
        "error",
        "Hostname {} provided via SNI and hostname {} provided via HTTP have no compatible SSL setup",
        "AH02032",
    ),
    Form("core", "error", "Client sent malformed Host header: {}", "AH00550"),
    Form("core", "error", "request failed: URI too long (longer than 8190): {}"),
    Form(
        "security2",
        "error",
        '[client 192.0.2.7] ModSecurity: Warning. Pattern match "x" at ARGS:q. [file "/etc/modsecurity/rules.conf"] '
        '[line "37"] [id "942100"] [msg "attack"] [data "Matched Data: {} found within ARGS:q: {}"] '
        '[hostname "example.org"] [uri "/{}"] [unique_id "X"]',
    ),
    Form(
        "security2",
        "error",
        '[client 192.0.2.7] ModSecurity: Access denied with code 403 (phase 2). Pattern match "x" at '
        'REQUEST_HEADERS:User-Agent. [file "/etc/modsecurity/rules.conf"] [line "37"] [id "913100"] [msg "scanner"] '
        '[data "{}"] [hostname "example.org"] [uri "/{}"] [unique_id "X"]',
    ),
    Form(
        "",
        "error",
        'mod_security: Access denied with code 403. Pattern match "x" at HEADER("User-Agent") [uri "/{}"]',
    ),
    Form("wsgi", "error", "Target WSGI script not found or unable to stat: /srv/www/{}"),
    Form("wsgi", "error", "Not Found: /{}"),
    Form("wsgi", "error", "Bad Request: /{}"),
    Form("wsgi", "error", "Forbidden (CSRF cookie not set.): /{}"),
    Form("wsgi", "error", "Method Not Allowed (GET): /{}"),
    Form("wsgi", "error", "Invalid HTTP_HOST header: '{}'. You may need to add '{}' to ALLOWED_HOSTS."),
    Form("core", "error", "File does not exist: /srv/www/x, referer: {}", "AH00128"),
    Form("core", "error", "File does not exist: /srv/www/x, referer: http://example.org/{}", "AH00128"),
    Form("wsgi", "error", "an application's own words, referer: {}"),
    Form("cgi", "error", "stderr from /usr/lib/cgi-bin/x: hello, referer: {}", "AH01215"),
)  # fmt: skip


NGINX = (
    '2020/03/03 14:02:11 [error] 4711#4711: *7 open() "/srv/www/{}" failed (2: No such file or directory), '
    'client: 192.0.2.7, server: example.org, request: "GET /{} HTTP/1.1", host: "{}", referrer: "{}"',
    "2020/03/03 14:02:11 [error] 4711#4711: *7 access forbidden by rule, client: 192.0.2.7, server: example.org, "
    'request: "GET /{} HTTP/1.1", host: "{}", referrer: "{}"',
)
"""nginx prints the client's words behind its own."""


def lines(form: Form, words: str) -> list[str]:
    """A form in the heads of 2.4 and, where it existed, of 2.2, with a client's words in it."""
    code = f"{form.code}: " if form.code else ""
    if "{{code}}" in form.text:
        new, old = form.text.replace("{{code}}", code), form.text.replace("{{code}}", "")
    else:
        new, old = code + form.text, form.text
    client = "" if form.text.startswith("[client") else "[client 192.0.2.7:40112] "
    head = f"[Tue Mar 03 14:02:11.120001 2020] [{form.module}:{form.level}] [pid 4711:tid 4711] {client}"
    found = [head + new.replace("{}", words)]
    if form.old:
        client = "" if form.text.startswith("[client") else "[client 192.0.2.7] "
        found.append(f"[Tue Mar 03 14:02:11 2009] [{form.level}] {client}{old.replace('{}', words)}")
    return found


def check_forgery(task: Task) -> Iterator[Finding]:
    """No hostile request makes a pattern match that would not have matched a harmless one."""
    bench = _Bench(task)
    for pattern in task.chosen:
        forged = bench.forged(pattern)
        if forged:
            problem = f"a request can forge it ({len(forged)} ways): anchor the regex, or narrow [scope]; one of them:"
            yield finding(pattern, "forgery", problem, forged[0])


def quotes(pattern: Pattern) -> list[str]:
    """The words of a pattern that a client may send: its literals, and each line's text of its examples."""
    texts: dict[str, None] = {}
    for match in pattern.matches:
        texts[match.contains] = None
    for example in pattern.examples:
        for line in example.log.split("\n"):
            text = tokenize(line.encode()).text
            if any(match.contains in text for match in pattern.matches):
                texts[text[:LONGEST]] = None
                texts[f"x'\" ] {text[:LONGEST]}"] = None
    return list(texts)


class _Bench:
    """Tries a pattern's words in all forms, and tells which of the lines it matches for their sake."""

    def __init__(self, task: Task) -> None:
        self._reader = EntryReader(Matcher(task.library))
        self._patterns = task.library.patterns
        nginx = reader_of(sniff(NGINX[0].encode(), complete=True), ANY_DAY)
        self._nginx = EntryReader(self._reader.matcher, source="nginx", reader=nginx)
        noise = {pattern.id for pattern in self._patterns if pattern.role == "noise"}
        self._own = [self._hits([line for words in BENIGN for line in lines(form, words)]) for form in FORMS]
        self._noise = [bool(noise & {name for names in own.values() for name in names}) for own in self._own]

    def _hits(self, logged: list[str], reader: EntryReader | None = None) -> dict[str, set[str]]:
        """Which patterns match each line."""
        found: dict[str, set[str]] = {}
        for said in (reader or self._reader).read_bytes("\n".join(logged).encode() + b"\n"):
            for raw in said.raw:
                found.setdefault(raw.decode(), set()).update(self._patterns[hit.pattern].id for hit in said.hits)
        return found

    def forged(self, pattern: Pattern) -> list[str]:
        """The hostile lines that the pattern matches; that noise is taken for other noise does no harm."""
        logged: list[str] = []
        words = quotes(pattern)
        if "nginx" in pattern.scope.sources:
            words += [said.text[:LONGEST] for example in pattern.examples
                      for said in self._nginx.read_bytes(example.log.encode() + b"\n")]  # fmt: skip
            logged = [form.replace("{}", each) for form in NGINX for each in words]
            return [line for line, names in self._hits(logged, self._nginx).items() if pattern.id in names]
        for form, own, is_noise in zip(FORMS, self._own, self._noise, strict=True):
            if any(pattern.id in names for names in own.values()) or (is_noise and pattern.role == "noise"):
                continue
            logged += [line for each in words for line in lines(form, each)]
        return [line for line, names in self._hits(logged).items() if pattern.id in names] if logged else []
