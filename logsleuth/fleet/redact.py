"""Redacts a tally: its lines, fields, clients and paths, so that it may be passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.scan.bykey import AnswersByKey, KeyCounts
from logsleuth.scan.hosts import rewritten
from logsleuth.values import replace

if TYPE_CHECKING:
    from logsleuth.fleet.scanned import Scanned
    from logsleuth.redaction.pseudonyms import Pseudonyms
    from logsleuth.scan.sighting import Sighting
    from logsleuth.scan.tally import Traffic


def redacted(scanned: Scanned, names: Pseudonyms) -> Scanned:
    """The same host with everything that identifies people or secrets replaced.

    The host keeps its name, by which its tallies are merged; a report on them may replace it. The requests that
    are used for comparing clocks are left out: they consist of clients, paths and times only.
    """

    def line(sighting: Sighting) -> Sighting:
        fields = tuple((name, names.text(value)) for name, value in sighting.fields)
        return sighting._replace(text=names.text(sighting.text), inner=names.text(sighting.inner), fields=fields)

    tally = rewritten(scanned.tally, line)
    patterns = {
        name: replace(pattern, clients=_counts(pattern.clients, names)) for name, pattern in tally.patterns.items()
    }
    traffic = {number: _traffic(one, names) for number, one in tally.traffic.items()}
    logs = tuple(replace(log, path=names.text(log.path), mark=b"") for log in scanned.logs)
    remarks = tuple(names.text(remark, ours=True) for remark in scanned.remarks)
    settings = scanned.settings
    if settings is not None:
        sentences = tuple(names.text(sentence, ours=True) for sentence in settings.sentences)
        settings = replace(settings, sentences=sentences)
    return replace(
        scanned, logs=logs, tally=replace(tally, patterns=patterns, traffic=traffic), remarks=remarks, seen={},
        settings=settings,
    )  # fmt: skip


def _counts(counts: KeyCounts, names: Pseudonyms) -> KeyCounts:
    """Counts by client: addresses of one pseudonym stay one."""
    kept: dict[str, int] = {}
    for key, count in counts.kept.items():
        name = names.text(key)
        kept[name] = kept.get(name, 0) + count
    return KeyCounts(counts.cap, counts.total, kept)


def _traffic(traffic: Traffic, names: Pseudonyms) -> Traffic:
    return replace(
        traffic,
        by_client=_answers(traffic.by_client, names),
        by_path=_answers(traffic.by_path, names),
        by_vhost=_answers(traffic.by_vhost, names),
    )


def _answers(answers: AnswersByKey, names: Pseudonyms) -> AnswersByKey:
    kept = AnswersByKey(answers.cap)
    for key, value in answers.kept.items():
        kept.add({names.text(key): value})
    return replace(kept, total=answers.total)
