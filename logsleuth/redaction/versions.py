"""Numbers of four parts that are versions, though an address of IPv4 could look so.

Packages of ImageMagick, PHP for Windows, Chrome and many a library have such versions, and they are what a reader has
to know of an upgrade.
"""

from __future__ import annotations

import re
from typing import Final

PRODUCT: Final = re.compile(r"(?:^|[\s(\"';,])[A-Za-z][\w.+-]*/\Z")
"""The text before a version: `Chrome/120.0.0.0`."""
WORD: Final = re.compile(r"(?i)(?<![a-z])ver(?:s(?:i[oóã]ne?|ão)?)?\.?[\"']?\s{0,2}[:=]?\s{0,2}[\"']?\Z")
"""The word for it, in English and the Romance languages: `php7ts.dll, versión: 7.3.10.0`."""
CHANGED: Final = re.compile(
    r"(?:upgraded|downgraded|reinstalled|updated)(?: from)?:? (?:[\w.+~:,-]{1,40} (?:->|to|=>) )?\Z"
)
"""A package manager's words: `ImageMagick7 upgraded: 7.1.0.26 -> 7.1.0.40`."""
OF_PACKAGE: Final = re.compile(
    r"[a-z0-9]:(?:all|any|native|amd64|i386|arm64|arm(?:hf|el)|ppc64el|s390x|riscv64) \((?:[^\s,()]{1,60}, )?\Z"
)
"""One package of apt's history: `libmagick:amd64 (7.1.0.26-1, 7.1.0.40-1)`."""
OF_OURS: Final = re.compile(r"[Pp]ackages? .{0,900}\((?:[^\s,()]{1,60} )?(?:to )?\Z", re.DOTALL)
"""A sentence of the report: `Packages php80 (to 8.0.21) and ImageMagick7 (to 7.1.0.40)`."""
IN_A_NAME: Final = re.compile(r"[A-Za-z][\w.+]*-\Z")
RELEASE: Final = re.compile(r"-\d[\w.+~]*")
"""What follows the version in a package's file name: `ImageMagick-7.1.0.26-1.el9`."""
NEAR: Final = 64
"""Characters before it that are looked at; of the report's own sentences, more."""


def is_version(text: str, start: int, end: int) -> bool:
    """Whether the number that stands there in a text is a version by what is around it."""
    before = text[max(start - NEAR, 0) : start]
    if any(form.search(before) for form in (PRODUCT, WORD, CHANGED, OF_PACKAGE)):
        return True
    if IN_A_NAME.search(before) and RELEASE.match(text, end):
        return True
    return OF_OURS.search(text[max(start - 1000, 0) : start]) is not None
