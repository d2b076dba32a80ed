"""Addresses out, stable pseudonyms in: within one report the same address always gets the same name."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from logsleuth.report.model import Report

T = TypeVar("T")
ADDRESS = re.compile(
    r"(?:(?<![A-Za-z0-9.:])|(?<=\\[nrt]))"
    r"(?:\d{1,3}(?:\.\d{1,3}){3}|"
    r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?:\.\d{1,3}){3}|:\d{1,5})?(?!\w))(?!\.?\d)"
)
"""Addresses of either kind, and what may look like one; httpd's own escapes may stand before it."""
PRODUCT = re.compile(r"(?:^|[\s(\"';,])[A-Za-z][\w.+-]*/\Z")
"""What stands before a version: `Chrome/120.0.0.0`."""
MAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")


class Pseudonyms:
    """Names given to addresses in the order in which they are met."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def text(self, text: str) -> str:
        """The text with every address replaced; loopback addresses say nothing of anyone and stay."""
        if "." not in text and ":" not in text:
            return text
        text = MAIL.sub(lambda found: self._name("mail", found[0]), text)
        return ADDRESS.sub(self._address, text)

    def _address(self, found: re.Match[str]) -> str:
        text = found[0]
        before = found.string[max(found.start() - 64, 0) : found.start()]
        head, _, tail = text.rpartition(":")
        readings = [(text, ""), (head, f":{tail}")]
        is_client = before.endswith(("[client ", "[remote "))
        if is_client and "[pid " in found.string and tail.isdecimal():
            readings.reverse()  # httpd 2.4, which names pids, prints a port after every address: `2001:db8::1:40112`
        address, port = next(((a, port) for part, port in readings if (a := _parse(part))), (None, ""))
        if address is None or address.is_loopback or address.is_unspecified:
            return text
        if not is_client and (PRODUCT.search(before) or not any(map(str.isdigit, text))):
            return text  # a version; a class such as DB::Cache
        return self._name("host", str(getattr(address, "ipv4_mapped", None) or address)) + port

    def _name(self, kind: str, value: str) -> str:
        if value not in self._names:
            number = sum(name.startswith(kind) for name in self._names.values()) + 1
            self._names[value] = f"{kind}-{number}"
        return self._names[value]


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def redacted(report: Report) -> Report:
    """The report with addresses replaced wherever text stands."""
    return _walk(report, Pseudonyms())


def _walk(value: T, names: Pseudonyms) -> T:
    result: Any = value
    if isinstance(value, str):
        result = names.text(value)
    elif isinstance(value, tuple):
        result = tuple(_walk(item, names) for item in value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: _walk(getattr(value, field.name), names) for field in dataclasses.fields(value)}
        result = dataclasses.replace(value, **changed)
    return result  # type: ignore[no-any-return]
