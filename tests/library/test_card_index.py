"""Which card speaks of a message, and that nothing a client writes makes one speak."""

import json
import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from logsleuth.authoring.lint.forgery import FORMS, Form, lines
from logsleuth.library.card import HOLE
from logsleuth.library.card_index import CardIndex, index_of
from logsleuth.library.cards import shipped_cards
from logsleuth.library.template import NUMBERS, fits, prepare, words
from logsleuth.logs.httpd.tokenize import tokenize

REST = {"about": "server", "phase": "start", "role": "cause", "severity": "critical", "source": "x.c", "action": "a"}


def card(
    module: str, *texts: str, codes: tuple[str, ...] = (), level: str = "error", **more: str | list[str]
) -> dict[str, Any]:
    return {
        "module": module, "texts": texts, "codes": codes, "levels": [level], "meaning": texts[0], **REST, **more,
    }  # fmt: skip


CARDS = [
    card("ssl", "Certificate and private key %s from %s and %s do not match", codes=("AH02565",), level="emerg"),
    card("core", "make_sock: could not bind to address %pI", codes=("AH00072",), level="crit"),
    card("core", "%s: Failed to remove the RunServices registry entry."),
    card("core", "child pid %ld exit signal %s (%d), possible coredump in %s", codes=("AH00051",), level="notice"),
    card("core", "child pid %ld exit signal %s (%d)", codes=("AH00052",), level="notice"),
    card("proxy", "DNS lookup failure for: %s returned by %s"),
    card("proxy", "error reading response"),
    card("cgi", "error reading response"),
    card("wsgi", "mod_wsgi (pid=%d): Unable to import mod_wsgi when publishing events.", codes=("WSGI0113",)),
    card("wsgi", "Stopping process '%s'."),
    card("fcgid", "mod_fcgid: read data timeout in %d seconds", level="warn"),
    card("mime_magic", ": can't read magic file %s"),
    card("http_filters", "Error reading chunk %s", aliases=["http"]),
]


def index(*cards: dict[str, Any]) -> CardIndex:
    chosen = cards or CARDS
    return CardIndex([json.dumps(each).encode() for each in chosen], *index_of(chosen))


@pytest.mark.parametrize(
    ("module", "message", "found"),
    [
        ("ssl", "AH02565: whatever the version says", "AH02565"),
        ("", "AH02565: whatever", "AH02565"),
        ("core", "(98)Address already in use: AH00072: make_sock: could not bind to address [::]:443", "AH00072"),
        ("core", "(98)Address already in use: [client 192.0.2.7:1] AH00072: x", "AH00072"),
        ("core", "[client 192.0.2.7:1] AH00072: x", "AH00072"),
        ("", "(OS 10048)Only one usage of each socket address is permitted.  : make_sock: could not bind to address x",
         "AH00072"),
        ("", "child pid 42 exit signal Segmentation fault (11), possible coredump in /tmp", "AH00051"),
        ("", "child pid 42 exit signal Segmentation fault (11)", "AH00052"),
        ("", "child pid of 42 exit signal Segmentation fault (11)", None),
        ("", "proxy: DNS lookup failure for: app.example.org returned by /", "proxy:dns-lookup-failure-for-returned-by"),
        ("proxy", "DNS lookup failure for: app.example.org returned by /", "proxy:dns-lookup-failure-for-returned-by"),
        ("rewrite", "DNS lookup failure for: app.example.org returned by /", None),
        ("cgi", "error reading response", "cgi:error-reading-response"),
        ("proxy", "error reading response", "proxy:error-reading-response"),
        ("wsgi", "mod_wsgi (pid=7): Unable to import mod_wsgi when publishing events.", "WSGI0113"),
        ("", "mod_wsgi (pid=7, process='a', application='b|c'): Unable to import mod_wsgi when publishing events.",
         "WSGI0113"),
        ("wsgi", "WSGI0113: Unable to import", "WSGI0113"),
        ("wsgi", "mod_wsgi (pid=9): Stopping process 'shop'.", "wsgi:stopping-process"),
        ("", "mod_fcgid: read data timeout in 40 seconds", "fcgid:mod-fcgid-read-data-timeout-in-seconds"),
        ("http", "Error reading chunk x", "http_filters:error-reading-chunk"),
        ("", "apache2: Failed to remove the RunServices registry entry.",
         "core:failed-to-remove-the-runservices-registry-entry"),
        ("", "File does not exist: Failed to remove the RunServices registry entry.", None),
        ("", "mod_mime_magic: can't read magic file conf/magic", "mime_magic:can-t-read-magic-file"),
        ("", ": can't read magic file conf/magic", "mime_magic:can-t-read-magic-file"),
        ("", "no such words", None),
        ("", "", None),
    ],
)  # fmt: skip
def test_a_card_is_found_by_code_or_by_text(module: str, message: str, found: str | None) -> None:
    card = index().find(module, "error", message)
    assert (card and card.id) == found


def test_a_code_in_the_words_of_a_program_makes_no_other_modules_card_speak() -> None:
    assert index().find("wsgi", "error", "AH00072: printed by an application") is None
    assert index().find("php7", "error", "AH02565: printed by an application") is None


def test_the_level_decides_between_texts_that_fit_equally() -> None:
    both = index(card("a", "lock failed", level="warn"), card("b", "lock failed", level="crit"))
    assert [both.find("", level, "lock failed").module for level in ("crit", "warn", "")] == ["b", "a", "a"]  # type: ignore[union-attr]


def test_a_later_layer_overrides_code_and_text() -> None:
    later = card("core", "make_sock: could not bind to address %pI", codes=("AH00072",), source="ours.c")
    both = index(CARDS[1], later)
    for message in ("AH00072: x", "make_sock: could not bind to address x"):
        found = both.find("", "crit", message)
        assert found is not None
        assert found.source == "ours.c"


TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=40)
PATHS = st.from_regex(r"[a-z/][a-z0-9/._-]{0,20}", fullmatch=True)
STRONG = [each for each in CARDS if not each["texts"][0].startswith("%")]


def printed(template: str, data: st.DataObject) -> str:
    """What printf might make of a template."""

    def fill(hole: re.Match[str]) -> str:
        if hole[0][-1] in "diu":
            return str(data.draw(st.integers(0, 10**9)))
        return data.draw(TEXT)

    return HOLE.sub(fill, template)


@given(st.data(), st.sampled_from(STRONG))
def test_a_card_matches_whatever_its_own_template_can_produce(data: st.DataObject, made: dict[str, Any]) -> None:
    text = printed(made["texts"][0], data)
    assert fits(prepare(made["texts"][0]), text)
    assert words(made["texts"][0]) <= set(words(text.replace("%", "%%")))
    assert index().find(made["module"], "error", text) is not None


SHIPPED = shipped_cards()
TEXTS = [(card.module, text) for card in SHIPPED.cards() for text in card.texts if words(text)]


@given(st.data(), st.sampled_from(TEXTS))
def test_every_shipped_template_is_found_from_what_it_can_produce(data: st.DataObject, made: tuple[str, str]) -> None:
    module, template = made
    text = HOLE.sub(
        lambda hole: "7" if hole[0][-1] in NUMBERS and not hole[0].endswith("pX") else data.draw(PATHS), template
    )
    assert SHIPPED.find(module, "error", text) is not None


@given(st.sampled_from(FORMS), st.data(), st.sampled_from(CARDS))
def test_what_a_client_writes_makes_no_card_speak(form: Form, data: st.DataObject, forged: dict[str, Any]) -> None:
    said = printed(forged["texts"][0], data)
    code = next(iter(forged["codes"]), "AH00072")
    lead = data.draw(st.sampled_from(["", " ", "/", "x: ", "] ", f"{code}: ", f" {code}: ", f"[{code}] "]))
    assume("\n" not in said)
    for line in lines(form, lead + said):
        record = tokenize(line.encode())
        assert index().find(record.module or "", record.level or "", record.text) is None, line


def test_a_hostile_message_is_looked_at_once() -> None:
    """Twelve holes and a message of their pieces without the last: a backtracking regex would not come back."""
    many = index(card("x", "%s a %s a %s a %s a %s a %s a %s a %s a %s a %s a %s a %s ends here"))
    assert many.find("x", "error", "y" + " a " * 600 + "ends") is None


def test_without_a_module_in_the_line_a_text_of_the_core_goes_before_the_same_text_of_others() -> None:
    others = card("actions", "File does not exist: %s", codes=("AH00652",))
    cores = card("core", "File does not exist: %s", codes=("AH00128",))
    asked = index(others, cores)
    found = [asked.find(module, "error", "File does not exist: /x") for module in ("", "actions")]
    assert [card and card.id for card in found] == ["AH00128", "AH00652"]
