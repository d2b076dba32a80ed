"""Lines that a terminal or a mailer wrapped are joined again, and nothing else is."""

import io
import textwrap

import pytest

from logsleuth.logs.console.wrapping import Wrapping, unwrapped, wrapping_named, wrapping_of

LINES = (
    "[Tue Mar 03 14:02:11.120001 2020] [core:error] [pid 9:tid 7] (2)No such file or directory: [client 192.0.2.7:40112]"
    " AH00036: access to /shop/basket failed (filesystem path '/srv/www/shop'), referer: http://www.example.org/",
    "[Tue Mar 03 14:02:12.120001 2020] [mpm_prefork:notice] [pid 9] AH00169: caught SIGTERM, shutting down",
    "[Tue Mar 03 14:02:14.120001 2020] [proxy:error] [pid 12] (111)Connection refused: AH00957: HTTP: attempt to connect"
    " to 127.0.0.1:8080 (127.0.0.1) failed",
)


def at_columns(width: int) -> str:
    return "\n".join(line[at : at + width] for line in LINES for at in range(0, len(line), width))


def at_words(width: int, quote: str = "") -> str:
    parts = (textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) for line in LINES)
    return "\n".join(quote + part for wrapped in parts for part in wrapped)


def joined(text: str) -> list[str]:
    wrapping = wrapping_of(text.encode())
    assert wrapping is not None
    return [line.decode() for line in unwrapped(io.BytesIO(text.encode()), wrapping) if line]


def test_a_mailer_may_leave_the_space_at_which_it_broke() -> None:
    text = at_words(76)
    assert joined("".join(f"{line} \n" for line in text.split("\n"))) == [f"{line} " for line in LINES]


@pytest.mark.parametrize("width", [72, 79, 80, 100, 132])
def test_a_terminal_breaks_at_its_last_column(width: int) -> None:
    assert joined(at_columns(width)) == list(LINES)


@pytest.mark.parametrize("width", [70, 72, 76, 78])
def test_a_mailer_breaks_between_words(width: int) -> None:
    assert joined(at_words(width)) == list(LINES)


def test_what_was_wrapped_before_it_was_quoted() -> None:
    assert joined(at_words(72, "> ")) == ["> " + line for line in LINES]


def test_lines_keep_their_numbers() -> None:
    text = at_columns(80)
    wrapping = wrapping_of(text.encode())
    assert wrapping is not None
    assert len(list(unwrapped(io.BytesIO(text.encode()), wrapping))) == len(text.split("\n"))


def test_a_wrapping_is_made_from_its_name() -> None:
    for wrapping in (Wrapping(80, words=False), Wrapping(72, words=True)):
        assert wrapping_named(wrapping.name) == wrapping
    assert wrapping_named("journal export") is None
    assert wrapping_named(None) is None


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(LINES),
        "\n".join([LINES[1]] * 3),
        # a message of its own behind a short line
        f"{LINES[1]}\nAH00016: Configuration Failed\n",
        "[Tue Mar 03 14:02:11 2020] [notice] Graceful restart requested, doing restart\nperl: warning: Setting locale failed.",
        # an application's output behind lines that are all alike
        "\n".join([f"{LINES[1]}\nApp 1 output: Traceback (most recent call last):\nApp 1 output: KeyError: 1"] * 3),
        "It was a dark and stormy night; the rain fell in torrents, except at occasional\nintervals",
        "",
        "\n",
    ],
)
def test_what_is_not_wrapped_stays(text: str) -> None:
    assert wrapping_of(text.encode()) is None


def test_another_programs_dated_lines_are_not_the_rest_of_the_line_before() -> None:
    log = (
        b"2026-03-04 06:12:21 upgrade apache2-bin:amd64 2.4.56-1 2.4.57-2\n"
        b"2026-03-04 06:12:22 status half-configured apache2-bin:amd64 2.4.56-1\n"
        b"2026-03-04 06:12:25 upgrade libapache2-mod-php8.2:amd64 8.2.5-1 8.2.7-1\n"
        b"2026-03-04 06:12:40 status installed apache2-bin:amd64 2.4.57-2\n"
    )
    assert wrapping_of(log) is None
