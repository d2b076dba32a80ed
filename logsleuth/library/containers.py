"""Commands for a server in a container: run inside it, where its own names and files are, and with what an image has.

On the machine around it a name of the container's network does not resolve, and other files have the same paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from logsleuth.regexes import regex

if TYPE_CHECKING:
    import re

Container = Literal["", "docker", "kubernetes"]
"""What runs the container that the server is in; empty: as far as the logs show, it is in none."""

RUN_INSIDE: Final[dict[Container, str]] = {"docker": "docker exec CONTAINER ", "kubernetes": "kubectl exec POD -- "}
OF_THE_IMAGE: Final = frozenset({
    "apachectl", "cat", "find", "getent", "grep", "head", "hostname", "httpd", "id", "ls", "perl", "php", "pip",
    "python", "readlink", "stat", "tail",
})  # fmt: skip
"""Programs that are in images of httpd, or of what runs in it, and that ask for what is in there."""
OF_THE_HOST: Final = frozenset({
    "conntrack", "curl", "date", "df", "dmesg", "docker", "echo", "free", "kubectl", "mysql", "mysqladmin", "nc",
    "openssl", "pg_isready", "ping", "psql", "redis-cli", "sudo", "sysctl", "uptime",
})  # fmt: skip
"""Programs that ask for what the containers of a host share, or for another server."""
NETWORKS: Final[dict[Container, str]] = {
    "docker": "docker inspect -f '{{json .NetworkSettings.Networks}}' CONTAINER",
    "kubernetes": "kubectl get services,endpoints -A",
}
"""Which names a container can reach: what resolvectl shows elsewhere."""
LINK: Final = "resolvectl status"
SEVERAL: Final = regex(r"(?:;|&&) (?=[a-z])")
"""Between two commands of one line."""
BEYOND: Final = regex(r"[*?`]|\$\(|<<")
"""What the shell would expand outside of the container."""
QUOTED: Final = regex(r"'[^']*'|\"[^\"]*\"")
LOG: Final = "{log}"
"""The log that was read, which is outside."""
ITSELF: Final[dict[Container, dict[str, str]]] = {
    "docker": {
        "start": "docker start CONTAINER", "stop": "docker stop CONTAINER", "restart": "docker restart CONTAINER",
        "reload": "docker exec CONTAINER apachectl graceful", "status": "docker ps -a",
    },
    "kubernetes": {
        "start": "kubectl rollout restart deployment/NAME", "stop": "kubectl rollout restart deployment/NAME",
        "restart": "kubectl rollout restart deployment/NAME",
        "reload": "kubectl exec POD -- apachectl graceful", "status": "kubectl get pods",
    },
}  # fmt: skip
"""What systemctl does with the server's unit elsewhere."""
OUTPUT: Final[dict[Container, str]] = {
    "docker": "/var/lib/docker/containers/ID/ID-json.log", "kubernetes": "/var/log/containers/POD.log",
}  # fmt: skip
"""Where what a container writes to its output is kept."""
BRING_BACK: Final = "Bring the record or zone back, or correct the name or the name servers in resolv.conf"
HOSTS: Final = "the address can stand in /etc/hosts"
WORDS: Final[dict[Container, dict[str, str]]] = {
    "docker": {
        HOSTS: "the address can be given by --add-host (extra_hosts)",
        BRING_BACK: (
            "Start the container of that name, and attach both to one network (docker network connect, docker compose "
            "up); a name of another kind needs its record or the name servers back"
        ),
    },
    "kubernetes": {
        HOSTS: "the address can be set in hostAliases (this rolls the pods)",
        BRING_BACK: (
            "Create the service of that name in the namespace that it names, or correct the name; a name of another "
            "kind needs its record back"
        ),
    },
}
"""Advice that is another one in a container."""


def inside(template: str, container: Container) -> str | None:
    """A command as it is run in a container; None: it cannot be."""
    if template.startswith(LINK):
        return NETWORKS[container]
    run = [_one(one.strip(), container) for one in _parted(template)]
    return "; ".join(dict.fromkeys(one for one in run if one)) or None


def _parted(template: str) -> list[str]:
    """The commands of one line; what is quoted is not looked into."""
    masked = QUOTED.sub(lambda quoted: "_" * len(quoted[0]), template)
    ends = [found.span() for found in SEVERAL.finditer(masked)]
    begins = [0, *(end for _, end in ends)]
    return [template[at:end] for at, end in zip(begins, [*(at for at, _ in ends), len(template)], strict=True)]


def _one(template: str, container: Container) -> str | None:
    """One command, with what it is piped into: that runs outside."""
    program = template.partition(" ")[0]
    if program in OF_THE_HOST or LOG in template:
        return template
    if program not in OF_THE_IMAGE or BEYOND.search(QUOTED.sub("", template)):
        return None
    return f"{RUN_INSIDE[container]}{template}"


def by_runtime(found: re.Match[str], container: Container) -> str:
    """What is done to a unit: to the server's own by what runs its container."""
    return (found["folder"] or "") + ITSELF[container][found["verb"]]
