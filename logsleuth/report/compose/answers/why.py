"""The likeliest cause, as a sentence or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.causes.ended import DEPLOYED
from logsleuth.lives.requests import ANSWERED
from logsleuth.report.compose.story.filled import values_of
from logsleuth.report.compose.story.in_full import goes_on, in_full, quote
from logsleuth.report.words import LONGEST_QUOTE, cut, fill, full_stop, has_all, joined, within_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logsleuth.causes.model import Cause, Diagnosis

BACKENDS_NAMED = 3
"""Backends that are named in a sentence."""


def why(diagnosis: Diagnosis) -> str:
    """The likeliest cause, what comes with it, and what fault of its own was there at the same time."""
    if not diagnosis.causes:
        return "No known message explains it; the appendix lists what was never seen before."
    cause = diagnosis.causes[0]
    if cause.signal.meaning.known_by == "level":
        return _of_unknown(cause, diagnosis)
    what = _of_cause(cause, values_of(cause.signal, diagnosis))
    if diagnosis.reason is not None:
        sure = f"Likely cause ({diagnosis.reason.confidence} confidence):"
        return f"{sure} {within_sentence(diagnosis.reason.text)}. {what}"
    if cause.signal.name == ANSWERED:
        return f"The access log shows that requests failed; no known message says why.{_began_with(diagnosis)}"
    is_effect = diagnosis.why == "low" and diagnosis.confidence != "low"
    named = "What failed" if is_effect else "Likely cause"
    said = f"{named} ({diagnosis.confidence} confidence): {within_sentence(what)}"
    if rest := goes_on(cause):
        said += f" The message goes on: {rest}."
    if is_effect and not diagnosis.triggers:
        said += " No known message says what caused it."
    if diagnosis.beside is not None:
        known = "" if diagnosis.beside.meaning.is_thrown else ", which matches no known pattern"
        said += f" It comes with “{quote(diagnosis.beside)}”{known}."
    if diagnosis.alike:
        said += f" {_failed_alike(diagnosis.alike)}"
    other = next((c for c in diagnosis.causes[1:] if _is_a_fault_of_its_own(c)), None)
    return said if other is None else f"{said} At the same time: {within_sentence(other.title)}."


def _began_with(diagnosis: Diagnosis) -> str:
    """The deploy with which it began, as a sentence; empty: no list or log of one has any."""
    deploy = next((one for one in diagnosis.triggers if one.pattern == DEPLOYED), None)
    return f" It began with “{cut(deploy.text, LONGEST_QUOTE)}”." if deploy is not None else ""


def _of_unknown(cause: Cause, diagnosis: Diagnosis) -> str:
    """What a message that no pattern knows says of the reason: the kind that its words name, and these words."""
    is_alone = cause.signal.outside == 0 and not cause.signal.in_others
    seen = "nowhere else" if is_alone else "hardly anywhere else"
    sure = f"({diagnosis.confidence} confidence)"
    if cause.category is not None:
        return f"Likely cause {sure}: {within_sentence(cause.explain.cause)} In its own words: {in_full(cause)}."
    whose = "the application's" if cause.signal.meaning.is_thrown else "the log's"
    return f"In {whose} own words {sure}: {in_full(cause)}. No pattern knows them; they appear {seen} in the log."


def _failed_alike(backends: Sequence[str]) -> str:
    """What it means that no backend stands out."""
    few = len(backends) <= BACKENDS_NAMED
    names = joined(list(backends)) if few else f"All {len(backends)} backends that these lines name"
    need = "both" if len(backends) == 2 else "all of them"
    return (
        f"{names} failed alike, which points to this host, the network between or something that {need} need, not to "
        "one backend."
    )


def _of_cause(cause: Cause, values: Mapping[str, str]) -> str:
    explain = cause.explain
    said = explain.summary or (explain.cause if cause.signal.meaning.known_by == "card" else "")
    return full_stop(fill(said, values) if said and has_all(said, values) else cause.title)


def _is_a_fault_of_its_own(cause: Cause) -> bool:
    return cause.kind == "link not known" and cause.category is not None and cause.confidence != "low"
