"""A whole paste is explained: each message in it that is known, the gravest first."""

from pathlib import Path

from click.testing import CliRunner, Result

from logsleuth import load_patterns
from logsleuth.authoring.paste import Paste, explain_paste
from logsleuth.cli.explain import command
from logsleuth.library.cards import load_cards

LIBRARY = load_patterns()
CARDS = load_cards()
CONSOLE = """\
> $ sudo systemctl status apache2
> Mar 03 14:02:11 web1 apachectl[77]: AH00526: Syntax error on line 3 of /etc/apache2/sites-enabled/shop.conf:
> Mar 03 14:02:11 web1 apachectl[77]: Invalid command 'WSGIDaemonProcess', perhaps misspelled or defined by a module not included in the server configuration
> Mar 03 14:02:11 web1 systemd[1]: apache2.service: Start request repeated too quickly.
"""
STACK = """\
[core:notice] [pid 9] AH00094: Command line: '/usr/sbin/apache2'
(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80
(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80
"""


def explained(text: str) -> Paste:
    return explain_paste(LIBRARY, CARDS, text.encode())


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(command, list(arguments), input=text)


def test_each_message_is_known_by_its_own_program() -> None:
    found = {one.id: one for one in explained(CONSOLE).found}
    assert found["httpd.config.invalid-command"].line == 3
    assert found["systemd.start-limit"].line == 4


def test_the_gravest_is_first_and_repetitions_are_counted() -> None:
    first, second = explained(STACK).found
    assert (first.id, first.line, first.count) == ("httpd.port.address-in-use", 2, 2)
    assert second.id == "httpd.start.command-line"


def test_a_wrapped_line_is_put_together() -> None:
    text = "[Tue Mar 03 14:02:11.120001 2020] [proxy:error] [pid 12] (111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:8080 (127.0.0.1) failed"
    wrapped = "\n".join(text[at : at + 80] for at in range(0, len(text), 80))
    (found,) = explained(wrapped).found
    assert found.text == text


def test_prose_is_not_known() -> None:
    paste = explained("It was a dark and stormy night.\nThe rain fell in torrents.")
    assert not paste.found


def test_the_command_takes_a_file_a_pipe_and_a_quoted_block(tmp_path: Path) -> None:
    file = tmp_path / "paste.txt"
    file.write_text(STACK)
    for result in (run(str(file)), run("-", text=STACK), run(text=STACK), run(STACK)):
        assert result.exit_code == 0, result.output
        assert "line 2, and 1 more: (98)Address already in use" in result.output
        assert result.output.index("httpd.port.address-in-use") < result.output.index("httpd.start.command-line")


def test_what_is_not_known_is_reported_with_exit_code_1() -> None:
    result = run("-", text="It was a dark and stormy night.\nThe rain fell in torrents.\n")
    assert result.exit_code == 1
    assert "No pattern or card knows any of these lines" in result.output
