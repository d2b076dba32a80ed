"""`check` where there is nothing of what only POSIX has: Windows, simulated by taking all of it away."""

import os
import subprocess
import sys
from pathlib import Path

from logsleuth.home import system_folder, user_folder

ROOT = Path(__file__).resolve().parent.parent.parent
WITHOUT_POSIX = """
import os, sys, types
for name in ("fcntl", "pwd", "grp", "resource", "termios", "pty"):
    sys.modules[name] = None
for name in ("geteuid", "killpg", "fork", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_DIRECTORY", "getuid"):
    delattr(os, name)
locked = []
sys.modules["msvcrt"] = types.SimpleNamespace(locking=lambda handle, how, size: locked.append(size), LK_NBLCK=2)
from logsleuth.cli import main
try:
    main(sys.argv[1:])
finally:
    assert locked == [1], locked
"""


def test_check_runs_without_anything_of_posix(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_POSIX, "check", "sample_logs/stale-egg-24.log", "--since", "begin"]
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    for expected in ("LOGSLEUTH ", "new=0B"):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert expected in done.stdout
        assert done.stderr == ""
        assert done.returncode in (0, 1, 2)


def test_folders_of_windows_are_windows_own() -> None:
    here = {
        "APPDATA": "C:/Users/kim/AppData/Roaming",
        "LOCALAPPDATA": "C:/Users/kim/AppData/Local",
        "PROGRAMDATA": "D:/Data",
    }
    assert str(user_folder("config", here, windows=True)) == "C:/Users/kim/AppData/Roaming/logsleuth"
    assert str(user_folder("state", here, windows=True)) == "C:/Users/kim/AppData/Local/logsleuth/state"
    assert str(system_folder(here, windows=True)) == "D:/Data/logsleuth"


def test_folders_elsewhere_are_those_of_xdg() -> None:
    assert user_folder("cache", {"XDG_CACHE_HOME": "/srv/c"}, windows=False) == Path("/srv/c/logsleuth")
    assert user_folder("config", {}, windows=False) == Path.home() / ".config" / "logsleuth"
    assert system_folder({}, windows=False) == Path("/etc/logsleuth")
