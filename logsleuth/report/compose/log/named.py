"""What commands may name: the captures of a cause's lines, and what else these lines and their company say.

A sentence names one object and counts the others; a command is needed for each, where they are few.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.library.own_code import is_of_the_core
from logsleuth.library.slot import SLOT
from logsleuth.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from logsleuth.causes.model import Cause, Diagnosis
    from logsleuth.signals.model import Signal

EACH: Final = 3
"""Objects of one kind that each get their command; of more the one with most lines."""
LEAST_SHARE: Final = 0.1
"""Of a cause's lines: an object with fewer is none that it is about."""
PEER: Final = regex(r"\[remote (?P<peer>[^\]\s]{1,253}:\d{1,5})\]", needs=("[remote ",))
"""The other end of a connection that httpd itself opened (server/log.c, do_errorlog_default)."""
PROXIED_TO: Final = regex(r" to \S{1,253} \((?P<server_name>[\w.-]{1,253})\)(?: from |$|,)", needs=(" to ",))
"""The name of a backend in ProxyPass (mod_proxy: "failed to ADDRESS (NAME)"), which TLS sends as that of the server."""
SERVED_BY: Final = regex(r"\(server (?P<site>[^\s):]{1,253}):\d{1,5}\)", needs=("(server ",))
"""The virtual host that a client spoke to (ssl_engine_io.c, AH02008)."""
OF_PLACES: Final = frozenset("/.:\\")
"""Paths, hosts and addresses have one of these; counts, pids and words vary by nature."""
FROM_COMPANY: Final = frozenset({"host", "port"})
"""What a line need not say itself: another line of the same fault does."""

Fields = tuple[tuple[str, str], ...]


def named_most(signal: Signal) -> dict[str, str]:
    """What most of its kept lines name; of several as frequent ones what the first line names.

    Of files of code, a site's own come before those of the system that it is made with.
    """
    counted = _counted(signal)
    own = {fields: count for fields, count in counted.items() if not _is_of_the_core(fields)}
    chosen = own if sum(own.values()) >= LEAST_SHARE * sum(counted.values()) else counted
    most, _ = max(chosen.items(), key=lambda item: item[1])
    return dict(most)


def _is_of_the_core(fields: Fields) -> bool:
    return any(is_of_the_core(value) for _, value in fields)


def besides(cause: Cause, diagnosis: Diagnosis, site: str) -> dict[str, str]:
    """What commands may name that a cause's own lines do not capture. `site`: the virtual host that was hit, or ''."""
    found: dict[str, str] = {"site": site} if site else {}
    signals = diagnosis.incident.signals
    company = {one.name: one for one in (*cause.also, *(s for s in signals if _is_of(s, cause)))}
    company.pop(cause.signal.name, None)
    others = sorted(company.values(), key=lambda other: other.begin)
    with_it = [one for one in signals if one.name in cause.beside and one not in others]
    for signal in (cause.signal, *others, *with_it):
        text = signal.moments[0].sighting.text
        for sought in (PEER, SERVED_BY, PROXIED_TO):
            if (seen := sought.search(text)) is not None:
                found = {**seen.groupdict(), **found}
    for other in others:
        found = {**{slot: value for slot, value in named_most(other).items() if slot in FROM_COMPANY}, **found}
    return found


def _is_of(other: Signal, cause: Cause) -> bool:
    """Whether it reports the same kind of outage."""
    return other.category is not None and other.category == cause.category


def sets_for(template: str, signal: Signal) -> Iterator[dict[str, str]]:
    """The captures with which a command is filled: those of each object that a good part of the lines names."""
    counted = _counted(signal)
    slots = set(SLOT.findall(template))
    objects = Counter[Fields]()
    fields_of: dict[Fields, Fields] = {}
    for fields, count in counted.items():
        own = tuple((slot, value) for slot, value in fields if slot in slots and OF_PLACES.intersection(value))
        objects[own] += count
        if own not in fields_of or count > counted[fields_of[own]]:
            fields_of[own] = fields
    likely = [own for own, count in objects.most_common() if count >= LEAST_SHARE * objects.total()]
    likely = [own for own in likely if not _is_of_the_core(own)] or likely
    for own in likely if len(likely) <= EACH else likely[:1]:
        yield dict(fields_of[own])


def of_each(slot: str, signal: Signal) -> Sequence[str]:
    """The objects in one place of its lines, where they are few."""
    return tuple(dict.fromkeys(one[slot] for one in sets_for(f"{{{slot}}}", signal) if slot in one))


def _counted(signal: Signal) -> Mapping[Fields, int]:
    counted = Counter[Fields]()
    for moment in signal.moments:
        counted[moment.sighting.fields] += moment.count
    return counted
