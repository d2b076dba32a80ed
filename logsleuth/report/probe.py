"""The probe that would have caught it."""

from __future__ import annotations

MONIT = """\
# /etc/monit/conf.d/apache2: asks the application itself, not only whether processes exist.
# Choose a page that needs the application and its database, and is cheap.
check process apache2 with pidfile /run/apache2/apache2.pid
  start program = "/usr/sbin/service apache2 start"
  stop program  = "/usr/sbin/service apache2 stop"
  if failed port 80 protocol http request "/health" status = 200
     with timeout 10 seconds for 2 cycles then restart
  # a restart that does not help must not be repeated for ever
  if 3 restarts within 15 cycles then unmonitor
"""


def monit() -> str:
    """A configuration for monit."""
    return MONIT
