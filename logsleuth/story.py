"""From a tally to what happened: build, live, signal, find, explain. One function a stage, one type in, one out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.incidents.faults import find_faults
from logsleuth.incidents.find import find_incidents
from logsleuth.library.mechanisms import mechanisms
from logsleuth.lives.live import Limits, live
from logsleuth.logs.open.rotation import family
from logsleuth.signals.detect import detect
from logsleuth.signals.scene import scene_of
from logsleuth.timeline.build import build
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import Fault, Incident
    from logsleuth.library.card_index import CardIndex
    from logsleuth.library.mechanisms import Mechanisms
    from logsleuth.library.pattern import Library
    from logsleuth.lives.live import Lives
    from logsleuth.logs.conf.settings import ServerSettings
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.tally import Tally
    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.clock import Clock


PROXIES = ("nginx", "haproxy", "varnish", "proxy", "lb")
"""Names in the paths of logs of what stands in front of httpd: a request is counted once, by httpd itself."""


@dataclass(frozen=True, slots=True)
class Story:
    """What the logs show: incidents, faults, and the lives that they are part of."""

    lives: Lives
    diagnoses: tuple[Diagnosis, ...]
    """The incidents, the gravest first."""
    faults: tuple[Fault, ...]
    """Everything else that is wrong, the most harmful first."""


def understand(
    tally: Tally,
    library: Library,
    cards: CardIndex,
    clock: Clock,
    logs: Sequence[Log] = (),
    settings: ServerSettings | None = None,
) -> Story:
    """The story that a tally tells. `logs`: those it was made from; `settings`: of its configuration, if known."""
    return story_of(scene_in(tally, library, cards, clock, logs, settings))


def scene_in(
    tally: Tally,
    library: Library,
    cards: CardIndex | None,
    clock: Clock,
    logs: Sequence[Log] = (),
    settings: ServerSettings | None = None,
) -> Scene:
    """What a tally holds, as the lives of the server, its workers and its requests. Arguments as of `understand`."""
    graph = mechanisms(library, tally.patterns)
    numbers = access_logs(logs)
    timeline = build(tally, library, graph, cards, clock, _rotated(logs, numbers))
    return scene_of(live(timeline, numbers, _limits(settings)), graph)


def story_of(scene: Scene) -> Story:
    """What happened: the signals, the incidents that they are of, why, and what else is wrong."""
    lives, graph = scene.lives, scene.mechanisms
    incidents = find_incidents(scene, detect(scene))
    return Story(lives, _explained(incidents, lives, graph), find_faults(lives, incidents, graph))


def _explained(incidents: Sequence[Incident], lives: Lives, graph: Mechanisms) -> tuple[Diagnosis, ...]:
    if not incidents:
        return ()
    from logsleuth.causes.explain import explain  # noqa: PLC0415 - a quiet log has nothing to explain

    return explain(incidents, lives, graph)


def access_logs(logs: Sequence[Log]) -> list[int]:
    """The numbers of the access logs, the server's own before those of a proxy in front of it."""
    numbers = [number for number, log in enumerate(logs) if log.format.source == "access"]
    return sorted(numbers, key=lambda number: any(name in logs[number].path.lower() for name in PROXIES))


def _rotated(logs: Sequence[Log], numbers: Sequence[int]) -> Iterable[list[int]]:
    """Those of some logs that are parts of one: of one name but for what rotation adds, and of one host."""
    sets: dict[tuple[str, str | None], list[int]] = {}
    for number in numbers:
        sets.setdefault((family(logs[number].path), logs[number].host), []).append(number)
    return sets.values()


def _limits(settings: ServerSettings | None) -> Limits:
    """The number of the server's own children, where the configuration bounds it and no daemons serve instead."""
    return Limits() if settings is None else Limits(settings.children)
