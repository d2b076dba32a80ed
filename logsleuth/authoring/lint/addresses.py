"""Examples name nobody: only addresses and hosts that are set aside for documentation."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from logsleuth.authoring.lint.finding import Finding, Task, finding
from logsleuth.redaction.pseudonyms import ADDRESS
from logsleuth.redaction.versions import PRODUCT

if TYPE_CHECKING:
    from collections.abc import Iterator

FREE = tuple(map(ipaddress.ip_network, (
    "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32",  # RFC 5737, RFC 3849
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10", "169.254.0.0/16",
    "127.0.0.0/8", "::1/128", "0.0.0.0/32", "::/128",
)))  # fmt: skip
"""Documentation, private, link-local and loopback addresses."""
HOST = re.compile(
    r"(?<![\w.@/\-])(?:[a-z0-9\-]{1,63}\.){1,5}(?:com|org|net|edu|gov|io|info|biz|eu|us|uk|de|fr|nl|ru|cn|in|br)(?![\w.\-]*[\w])",
    re.IGNORECASE,
)
MAIL = re.compile(r"[\w.+\-]+@((?:[\w\-]+\.)+[a-z]{2,})")
FREE_HOST = re.compile(r"(?:.*\.)?(?:example\.(?:com|org|net|edu)|test|invalid|example|localhost)", re.IGNORECASE)
"""RFC 2606 and RFC 6761."""
SCHEME = re.compile(r"https?://([\w.\-]+)")
PRINTED = frozenset({"www.apache.org", "httpd.apache.org", "www.php.net", "modwsgi.readthedocs.io", "sqlalche.me",
                     "docs.djangoproject.com", "www.modsecurity.org", "docs.python.org"})  # fmt: skip
"""Hosts in messages that programs print themselves."""


def check_addresses(task: Task) -> Iterator[Finding]:
    """No example holds an address, host or mail address that may be somebody's."""
    for pattern in task.chosen:
        for kind, examples in (("example", pattern.examples), ("counter-example", pattern.counter_examples)):
            for number, example in enumerate(examples, 1):
                for name in real_names(example.log):
                    problem = f"{kind} {number} holds {name!r}: use 192.0.2.0/24, 2001:db8::/32 or example.org"
                    yield finding(pattern, "address", problem)


def real_names(text: str) -> list[str]:
    """The addresses, hosts and mail addresses in a text that are not set aside for documentation."""
    names = [found[0] for found in ADDRESS.finditer(text) if _is_real(found)]
    hosts = [*(found[0] for found in HOST.finditer(text)), *MAIL.findall(text), *_in_addresses(text)]
    return list(dict.fromkeys([*names, *(host for host in hosts if not is_free_host(host))]))


def is_free_host(host: str) -> bool:
    """Whether a host's name is set aside, or printed by programs themselves."""
    return bool(FREE_HOST.fullmatch(host)) or host.lower() in PRINTED


def is_free_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is nobody's."""
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in FREE if network.version == address.version)


def _in_addresses(text: str) -> list[str]:
    return [host for host in SCHEME.findall(text) if "." in host and not re.fullmatch(r"[\d.]+", host)]


def _is_real(found: re.Match[str]) -> bool:
    text = found[0]
    head, _, tail = text.rpartition(":")
    readings = [a for part in (text, head if tail.isdecimal() else "") if part and (a := _parse(part)) is not None]
    if not readings or PRODUCT.search(found.string[max(found.start() - 64, 0) : found.start()]):
        return False
    return any(map(str.isdigit, text)) and not any(map(is_free_address, readings))


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
