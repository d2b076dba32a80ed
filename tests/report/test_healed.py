"""What a backend's own log says of its recovery, where an incident cleared without a restart of httpd."""

from pathlib import Path

import pytest

import logsleuth

QUIET = "[Tue Mar 03 {} 2020] [authz_core:error] [pid 31:tid 31] [client 192.0.2.{}:4000] AH01630: client denied by server configuration: /srv/www/x"
DENIED = (
    "[Tue Mar 03 14:{:02}:{:02}.500000 2020] [proxy:error] [pid 31:tid 31] (13)Permission denied: AH02454: FCGI: attempt to "
    "connect to Unix domain socket /run/php/fpm.sock (localhost:8000) failed"
)
READY = "[03-Mar-2020 {}] NOTICE: ready to handle connections"


@pytest.mark.parametrize(
    ("ready", "said"),
    [
        (
            "14:03:59",
            "It ended when a service behind httpd was started: “ready to handle connections”, and it did not recur",
        ),
        (
            "14:03:49",
            "It ended 9 s after a service behind httpd was started: “ready to handle connections”, and it did not recur",
        ),
        ("14:03:09", "It cleared without a restart of httpd, and it did not recur"),
    ],
)
def test_a_back_end_that_is_ready_again_is_told_with_the_end(ready: str, said: str, tmp_path: Path) -> None:
    quiet = [QUIET.format(f"{hour:02}:{minute:02}:07", minute) for hour in (12, 13, 15, 16) for minute in range(60)]
    failing = [DENIED.format(2 + second // 60, second % 60) for second in range(0, 119, 2)]
    (tmp_path / "error.log").write_text("\n".join([*quiet[:120], *failing, *quiet[120:], ""]))
    (tmp_path / "php-fpm.log").write_text("\n".join([READY.format("11:59:00"), READY.format(ready), ""]))
    (incident,) = logsleuth.analyze(sorted(tmp_path.iterdir())).incidents
    assert incident.summary[2].startswith(said)
    cited = {evidence.text for evidence in incident.evidence if evidence.id in incident.summary_evidence[2]}
    assert (READY.format(ready) in cited) == ("service" in said)


STARTED = "[Tue Mar 03 {} 2020] [mpm_event:notice] [pid 9:tid 9] AH00489: Apache/2.4.41 (Ubuntu) configured -- resuming normal operations"
RELOADED = "[Tue Mar 03 {} 2020] [mpm_event:notice] [pid 9:tid 9] AH00493: SIGUSR1 received.  Doing graceful restart"


@pytest.mark.parametrize(
    ("minute", "up", "said"),
    [
        (9, True, "The last failure was 5 min 2 s before a graceful restart, and it did not recur"),
        (9, False, "It cleared without a restart of httpd, and it did not recur"),
        (30, True, "It cleared without a restart of httpd, and it did not recur"),
    ],
)
def test_a_restart_soon_after_the_last_failure_is_told_with_the_end(
    minute: int, up: bool, said: str, tmp_path: Path
) -> None:
    quiet = [QUIET.format(f"{hour:02}:{minute:02}:07", minute) for hour in (12, 13, 15, 16) for minute in range(60)]
    failing = [DENIED.format(2 + second // 60, second % 60) for second in range(0, 119, 2)]
    restart = [RELOADED.format(f"14:{minute:02}:00"), *([STARTED.format(f"14:{minute:02}:01")] if up else [])]
    started = STARTED.format("11:59:59")
    (tmp_path / "error.log").write_text("\n".join([started, *quiet[:120], *failing, *restart, *quiet[120:], ""]))
    (incident,) = logsleuth.analyze([tmp_path / "error.log"]).incidents
    assert incident.summary[2].startswith(said)
    cited = {evidence.text for evidence in incident.evidence if evidence.id in incident.summary_evidence[2]}
    assert (restart[0] in cited) == said.startswith("The last failure")
    rows = [row.text for row in incident.timeline if row.kind == "restart"]
    assert rows == (["Graceful restart"] if said.startswith("The last failure") else [])
