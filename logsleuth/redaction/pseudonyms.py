"""Stable pseudonyms: one object always gives a name, address or secret the same pseudonym."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from logsleuth.redaction.hosts import COMMON_HOSTS, address_of
from logsleuth.redaction.people import COMMON_USERS
from logsleuth.redaction.rule import compiled
from logsleuth.redaction.rules import DEFAULT, STRICT
from logsleuth.redaction.versions import is_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logsleuth.redaction.rule import Rule

Level = Literal["none", "default", "strict"]
ADDRESS = re.compile(
    r"(?:(?<![A-Za-z0-9.:])|(?<=\\[nrt]))"
    r"(?:\d{1,3}(?:\.\d{1,3}){3}|"
    r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?:\.\d{1,3}){3}|:\d{1,5})?(?!\w))(?!\.?\d)"
)
"""IPv4 and IPv6 addresses, and what looks like one; httpd's escapes may come before it."""
MAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+")
OURS = re.compile(r"(?:host|mail|user|secret|word|path|query|name|id|number)-\d+\Z")
"""A pseudonym, which is not replaced again."""
WORD = re.compile(r"[\w\-]+(?:\.[\w\-]+)*")
SHORT = 4
"""Names with fewer characters are replaced only where their context shows what they are."""


class Pseudonyms:
    """Replaces names, and numbers the pseudonyms in order of occurrence."""

    def __init__(self, level: Level = "default", words: Sequence[str] = ()) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}
        self._everywhere: dict[str, str] = {}
        """Names that are replaced wherever they occur as words, in lower case."""
        self._paths: dict[str, str] = {}
        """Files of the application (level strict): replaced wherever they occur."""
        self._words = _any_of(words) if words else None
        self._hosts: re.Pattern[str] | None = None
        """Hosts that are known by their logs."""
        self._seen: dict[tuple[str, bool], str] = {}
        self._rules: tuple[Rule, ...] = () if level == "none" else DEFAULT
        self._strict: tuple[Rule, ...] = STRICT if level == "strict" else ()
        self._cues = frozenset(cue for rule in (*self._rules, *self._strict) for cue in rule.cues)
        self._addresses = level != "none"

    @property
    def given(self) -> dict[str, str]:
        """The pseudonyms so far, and what each replaces."""
        return {name: value for (_, value), name in self._names.items()}

    def know_hosts(self, hosts: Iterable[str]) -> None:
        """Replace these hosts wherever they occur; one with a short or common name only alone or as part of a path.

        They are numbered in the order in which they are given.
        """
        if not self._addresses:
            return
        named = [host for host in hosts if host]
        for host in named:
            self._name("host", host)
        if named:
            self._hosts = _hosts_in_text(named)

    def text(self, text: str, *, ours: bool = False) -> str:
        """The redacted text. `ours`: a sentence of the report itself, whose paths are not the log's."""
        key = (text, ours)
        if key not in self._seen:
            self._seen[key] = self._by_rules(text, ours=ours)
        return self.elsewhere(self._seen[key])

    def _by_rules(self, text: str, *, ours: bool) -> str:
        """The text after all rules; always the same for the same text, because values keep their pseudonyms."""
        if self._words is not None:
            text = self._words.sub(lambda found: self._name("word", found[0]), text)
        if not self._addresses:
            return text
        if self._hosts is not None:
            text = self._hosts.sub(lambda found: self._name("host", found[0]), text)
        cues = frozenset(filter(text.lower().__contains__, self._cues))
        for rule in rules_for(text, cues, self._rules):
            text = self._apply(rule, text)
        if "@" in text:
            text = MAIL.sub(self._mail, text)
        if "." in text or ":" in text:
            text = ADDRESS.sub(self._address, text)
        for rule in () if ours else rules_for(text, cues, self._strict):
            text = self._apply(rule, text)
        return text

    def _apply(self, rule: Rule, text: str) -> str:
        if rule.within is None:
            return self._replaced(rule, text)
        return compiled(rule.within).sub(lambda span: self._replaced(rule, span[0]), text)

    def _replaced(self, rule: Rule, text: str) -> str:
        return compiled(rule.pattern).sub(lambda found: self._instead(rule, found), text)

    def _instead(self, rule: Rule, found: re.Match[str]) -> str:
        """What a rule found, with its value replaced."""
        value = found["value"]
        if not value or OURS.match(value) or not self._identifies(rule, value):
            return found[0]
        start, end = found.start("value") - found.start(), found.end("value") - found.start()
        name = self._name(rule.kind, value)
        if rule.kind == "path" and len(value) > SHORT:
            self._paths[f"/{value}"] = f"/{name}"
        if rule.reach == "everywhere" and self._distinctive(rule.kind, value):
            self._everywhere.setdefault(value.lower(), name)
        return f"{found[0][:start]}{name}{found[0][end:]}"

    def _identifies(self, rule: Rule, value: str) -> bool:
        """Whether a value identifies somebody or is a secret."""
        if rule.accepts is not None and not rule.accepts(value):
            return False
        return rule.kind != "host" or (value.lower() not in COMMON_HOSTS and address_of(value) is None)

    def _distinctive(self, kind: str, value: str) -> bool:
        """Whether a value is so distinctive that it means the same wherever it occurs."""
        if len(value) < SHORT:
            return False
        if kind == "user":
            return value.lower() not in COMMON_USERS
        if kind == "host":
            return "." in value or any(map(str.isdigit, value))
        return kind == "secret" and len(value) >= 2 * SHORT

    def elsewhere(self, text: str) -> str:
        """The text without the names known so far, wherever they occur as words."""
        for path in sorted(self._paths, key=len, reverse=True) if "/" in text else ():
            text = text.replace(path, self._paths[path])
        return WORD.sub(self._known, text) if self._everywhere else text

    def _known(self, found: re.Match[str]) -> str:
        """A word, or the longest part of it up to a dot, that is a known name: `shop.example` in `shop.example.log`."""
        word = found[0]
        end = len(word)
        while end > 0:
            if name := self._everywhere.get(word[:end].lower()):
                return name + word[end:]
            end = word.rfind(".", 0, end)
        return word

    def _mail(self, found: re.Match[str]) -> str:
        return found[0] if OURS.match(found[0].partition("@")[0]) else self._name("mail", found[0])

    def _address(self, found: re.Match[str]) -> str:
        text = found[0]
        before = found.string[max(found.start() - 64, 0) : found.start()]
        head, _, tail = text.rpartition(":")
        readings = [(text, ""), (head, f":{tail}")]
        is_client = before.endswith(("[client ", "[remote "))
        if is_client and "[pid " in found.string and tail.isdecimal():
            readings.reverse()  # httpd 2.4, which names pids, prints a port after every address: `2001:db8::1:40112`
        address, port = next(((a, port) for part, port in readings if (a := address_of(part))), (None, ""))
        if address is None or address.is_loopback or address.is_unspecified:
            return text
        is_number = is_version(found.string, found.start(), found.end())
        if not is_client and (is_number or not any(map(str.isdigit, text))):
            return text  # a version; a class such as DB::Cache
        return self._name("host", str(getattr(address, "ipv4_mapped", None) or address)) + port

    def _name(self, kind: str, value: str) -> str:
        key = (kind, value.lower())
        if key not in self._names:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._names[key] = f"{kind}-{self._counts[kind]}"
        return self._names[key]


def rules_for(text: str, cues: frozenset[str], rules: Iterable[Rule]) -> Iterator[Rule]:
    """The rules that may match a text, by what each needs. `cues`: those of any rule that are in the text."""
    found: dict[str, bool] = {}
    for rule in rules:
        if rule.cues and cues.isdisjoint(rule.cues):
            continue
        if rule.needs is not None:
            if rule.needs not in found:
                found[rule.needs] = compiled(rule.needs).search(text) is not None
            if not found[rule.needs]:
                continue
        yield rule


def _hosts_in_text(hosts: Sequence[str]) -> re.Pattern[str]:
    """What finds hosts by name: `web01` in `web01/error.log`, `web01-error.log` and `Only web01 was hit`."""
    clear = [host for host in hosts if len(host) >= SHORT and not host.isalpha()]
    others = [host for host in hosts if host not in clear]
    ways = []
    if clear:
        ways.append(rf"(?<![^\W_])(?:{_alternatives(clear)})(?![^\W_])")
    if others:
        ways.append(rf"(?:(?<=[/:])|^)(?:{_alternatives(others)})(?=[/:]|\Z)")
        ways.append(rf"(?:(?<=, )|(?<= and )|(?<=Only )|(?<=\()|^)(?:{_alternatives(others)})(?=,| and | was |\)|: )")
    return re.compile("|".join(ways), re.IGNORECASE)


def _alternatives(names: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE)
