"""The outage of 2009, for real: workers are poisoned one by one while all processes run, and a probe ends it.

nginx stands in front of a prefork Apache, whose parent initialises Python (`WSGILazyInitialization Off`) and looks into
the egg. Its workers import the application when they are first asked for it. The egg is replaced in place: the old
workers go on, but recycling plucks them, and those that take their place look for modules where they no longer are.
"""

from __future__ import annotations

import os
import re
import time
import zipfile
from pathlib import Path  # noqa: TC003 - pytest reads the annotations

from tests.real.site import Site, free_port, need, program, until
from tests.real.watched import Watched, incidents, probe_script

PREFORK = """
StartServers 4
MinSpareServers 4
MaxSpareServers 4
ServerLimit 8
MaxRequestWorkers 8
MaxConnectionsPerChild 25
"""
WSGI = """
WSGILazyInitialization Off
WSGIScriptAlias /app FOLDER/app.wsgi
WSGIApplicationGroup %{GLOBAL}
"""
AT_START = """
import sys
sys.path.insert(0, "FOLDER/shop-1.0.egg")
import shop
"""
SCRIPT = """
def application(environ, start_response):
    import shop.views
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [shop.views.page()]
"""
NGINX = """
daemon off; pid FOLDER/run/nginx.pid; error_log FOLDER/nginx.log; worker_processes 1;
events { worker_connections 256; }
http {
  access_log off; client_body_temp_path FOLDER/run/b; proxy_temp_path FOLDER/run/p; fastcgi_temp_path FOLDER/run/f;
  uwsgi_temp_path FOLDER/run/u; scgi_temp_path FOLDER/run/s;
  server { listen 127.0.0.1:FRONT; location / { proxy_pass http://127.0.0.1:PORT; proxy_read_timeout 3s; } }
}
"""
MONIT = """
set daemon 1
set log FOLDER/monit.log
set pidfile FOLDER/run/monit.pid
set idfile FOLDER/run/monit.id
set statefile FOLDER/run/monit.state
check program logsleuth with path "FOLDER/probe.sh" with timeout 20 seconds
  if status = 2 then exec "FOLDER/restart.sh" repeat every 5 cycles
"""


def build(egg: Path, padding: int) -> None:
    """An egg as a deploy writes it: over the old file, whose inode stays."""
    made = egg.with_suffix(".new")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shop/__init__.py", f"PADDING = {os.urandom(padding).hex()!r}\n")
        archive.writestr("shop/views.py", "def page():\n    return b'shop'\n")
    with egg.open("r+b" if egg.exists() else "wb") as stream:
        stream.write(made.read_bytes())
        stream.truncate()


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_a_real_monit_restarts_once_and_the_site_answers_again(folder: Path) -> None:
    need("apache2", "mod_wsgi", "mod_mpm_prefork", "nginx", "monit")
    site = Site(folder, "prefork", ["wsgi"], WSGI, PREFORK, {"PYTHONPATH": f"{folder}/lib"})
    egg = folder / "shop-1.0.egg"
    build(egg, 200)
    (folder / "lib").mkdir()
    (folder / "lib" / "sitecustomize.py").write_text(AT_START.replace("FOLDER", str(folder)))
    (folder / "app.wsgi").write_text(SCRIPT)
    front = free_port()
    (folder / "nginx.conf").write_text(
        NGINX.replace("FOLDER", str(folder)).replace("FRONT", str(front)).replace(":PORT", f":{site.port}")
    )
    script(folder / "probe.sh", f"exec {probe_script(site)}")
    again = f"{program('apache2')} -f {site.conf} -k"
    script(
        folder / "restart.sh",
        f"export PYTHONPATH={folder}/lib; date +%s.%N >> {folder}/restarts; {again} stop; "
        # the pid file goes a moment before the socket does
        f"for i in $(seq 100); do [ ! -e {folder}/run/pid ] && {again} start && break; sleep 0.1; done",
    )
    (folder / "monitrc").write_text(MONIT.replace("FOLDER", str(folder)))
    (folder / "monitrc").chmod(0o600)
    times: dict[str, float] = {}
    with site:
        site.run(program("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder))
        until(lambda: site.get("/app", front) == 200, "nginx answers")
        watched = Watched(site)
        site.visit("/app", "/app", "/nothing", port=front)
        time.sleep(3)
        assert not site.answers.failed(), "it serves before"
        build(egg, 333)
        times["fault"] = time.time()
        until(lambda: "bad local file header" in site.text(), "a worker is poisoned")
        times["first poisoned worker"] = time.time()
        until(lambda: watched.has("onset", "stale-egg"), "watch names the cause while it happens")
        times["verdict"] = watched.times()[0]
        # with the onset, or in a change after it where the first second shows too little to restart for
        until(lambda: watched.advises("stale-egg"), "watch advises a restart while it happens")
        times["advice"] = time.time()
        site.run(program("monit"), "-I", "-c", str(folder / "monitrc"))
        until(lambda: read(folder / "restarts").endswith("\n"), "monit restarts Apache", 30)
        times["restart"] = float(read(folder / "restarts").split()[0])
        assert site.answers.failed(), "it was an outage"
        until(lambda: healthy(site), "the site answers again", 30)
        times["healthy"] = max(site.answers.failed())
        until(lambda: watched.has("end", "stale-egg"), "watch tells the end")
        time.sleep(4)  # some more cycles of monit
        until(lambda: healthy(site), "it still serves")
        assert len(read(folder / "restarts").splitlines()) == 1, "once is enough"
    print("\n".join(f"{times[name] - times['fault']:7.2f} s  {name}" for name in times))
    assert times["fault"] < times["verdict"] < times["advice"] < times["restart"] < times["healthy"]
    told_right(site)


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def healthy(site: Site) -> bool:
    lately = site.answers.lately(2)
    return len(lately) > 10 and all(200 <= status < 500 for status in lately)


def told_right(site: Site) -> None:
    """The report of the run, against what the test itself saw."""
    (incident,) = incidents(site)
    assert (incident["category"], incident["confidence"]) == ("stale-egg", "high")
    # not by "bad local file header": who looks into the egg while it is being written may find something else wrong
    poisoned = set(re.findall(r"\(pid=(\d+)\): Exception occurred processing WSGI script", site.text()))
    lost = {str(worker["pid"]) for worker in incident["workers"]["lost"]}
    odd = [line for line in site.text().splitlines() if any(pid in line for pid in lost ^ poisoned)]
    assert lost == poisoned, "\n".join(odd)
    assert len(poisoned) > 1
    assert incident["recovery"]["how"] == "restart"
    (named,) = (site.folder / "reports").iterdir()
    assert "stale-egg" in named.name
