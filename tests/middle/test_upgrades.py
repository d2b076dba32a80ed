"""A nightly upgrade after which httpd does not come up: the stop, the refusal, and what was changed before them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import logsleuth
from logsleuth.report.answers import answers

if TYPE_CHECKING:
    from pathlib import Path

ERROR = """\
[Tue Mar 03 06:25:01.100000 2026] [mpm_prefork:notice] [pid 900:tid 900] AH00163: Apache/2.4.56 (Debian) configured -- resuming normal operations
[Wed Mar 04 06:12:31.100000 2026] [mpm_prefork:notice] [pid 900:tid 900] AH00170: caught SIGWINCH, shutting down gracefully
"""
DPKG = """\
2026-03-04 06:12:20 startup archives unpack
2026-03-04 06:12:21 upgrade apache2-bin:amd64 2.4.56-1 2.4.57-2
2026-03-04 06:12:40 status installed apache2-bin:amd64 2.4.57-2
"""
JOURNAL = """\
Mar 04 06:12:31 web1 systemd[1]: Stopping apache2.service - The Apache HTTP Server...
Mar 04 06:12:32 web1 systemd[1]: Stopped apache2.service - The Apache HTTP Server.
Mar 04 06:12:35 web1 systemd[1]: Starting apache2.service - The Apache HTTP Server...
Mar 04 06:12:35 web1 apachectl[5001]: apache2: Syntax error on line 146 of /etc/apache2/apache2.conf: Syntax error on line 3 of /etc/apache2/mods-enabled/qos.load: Cannot load /usr/lib/apache2/modules/mod_qos.so into server: /usr/lib/apache2/modules/mod_qos.so: undefined symbol: pcre_free
Mar 04 06:12:35 web1 systemd[1]: apache2.service: Control process exited, code=exited, status=1/FAILURE
Mar 04 06:12:35 web1 systemd[1]: apache2.service: Failed with result 'exit-code'.
Mar 04 06:12:35 web1 systemd[1]: Failed to start apache2.service - The Apache HTTP Server.
"""
READ = datetime(2026, 3, 5, tzinfo=UTC).timestamp()


def written(folder: Path, **logs: str) -> list[Path]:
    for name, text in logs.items():
        path = folder / f"{name}.log"
        path.write_text(text)
        os.utime(path, (READ, READ))
    return [folder / f"{name}.log" for name in logs]


def test_the_upgrade_the_stop_and_the_refusal_are_one_story(tmp_path: Path) -> None:
    report = logsleuth.analyze(written(tmp_path, error=ERROR, dpkg=DPKG, journal=JOURNAL), tz="UTC")
    (incident,) = report.incidents
    assert incident.causes[0].pattern == "httpd.config.cannot-load-module"
    assert incident.recovery_time is None
    since = next(answer.text for answer in answers(incident, report, UTC) if answer.name == "since")
    assert since.index("package apache2-bin was changed from 2.4.56-1 to 2.4.57-2") < since.index("httpd was stopped")


def test_a_stop_during_an_upgrade_names_the_upgrade(tmp_path: Path) -> None:
    down = logsleuth.analyze(written(tmp_path, error=ERROR, dpkg=DPKG), tz="UTC").down
    assert down is not None
    assert down.text.endswith("just before: package apache2-bin was changed from 2.4.56-1 to 2.4.57-2.")


def test_a_stop_without_an_upgrade_names_none(tmp_path: Path) -> None:
    down = logsleuth.analyze(written(tmp_path, error=ERROR, dpkg=DPKG.replace("03-04 06:", "03-01 06:")), tz="UTC").down
    assert down is not None
    assert "packages" not in down.text
