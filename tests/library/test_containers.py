"""A server in a container: commands are run inside it, with what an image has, and nothing asks for systemd."""

import re

import pytest

from logsleuth.library.containers import RUN_INSIDE, WORDS, inside
from logsleuth.library.load import shipped_library
from logsleuth.library.platforms import Platform, advice, as_there, commands, sentence

DOCKER = Platform("debian", container="docker")
KUBERNETES = Platform("debian", container="kubernetes")


@pytest.mark.parametrize(
    ("template", "there"),
    [
        ("getent hosts {host}", "docker exec CONTAINER getent hosts {host}"),
        ("getent passwd {a}; getent group {a}", "docker exec CONTAINER getent passwd {a}; docker exec CONTAINER getent group {a}"),
        ("grep -rn '; x' /etc | head", "docker exec CONTAINER grep -rn '; x' /etc | head"),
        ("grep -c 'x' {log}", "grep -c 'x' {log}"),
        ("dmesg -T | grep oom", "dmesg -T | grep oom"),
        ("psql -c 'select 1; select 2'", "psql -c 'select 1; select 2'"),
        ("dig {host}", None),
        ("ls /etc/php*/conf.d", None),
        ("grep -n 'a*b' /etc/httpd.conf", "docker exec CONTAINER grep -n 'a*b' /etc/httpd.conf"),
        ("cat /proc/$(pgrep -o apache2)/limits", None),
    ],
)  # fmt: skip
def test_a_command_is_run_where_its_object_is(template: str, there: str | None) -> None:
    assert inside(template, "docker") == there


def test_a_resolver_is_asked_by_what_runs_the_containers() -> None:
    templates = ["getent hosts {host}", "resolvectl status 2>/dev/null | head -20", "dig {host}"]
    assert commands(templates, {"host": "api"}, "error.log", DOCKER) == (
        "docker exec CONTAINER getent hosts api",
        "docker inspect -f '{{json .NetworkSettings.Networks}}' CONTAINER",
    )
    assert commands(templates[:2], {"host": "api"}, "error.log", KUBERNETES) == (
        "kubectl exec POD -- getent hosts api",
        "kubectl get services,endpoints -A",
    )


def test_what_runs_the_container_restarts_it() -> None:
    assert sentence("systemctl restart apache2", DOCKER) == "docker restart CONTAINER"
    assert sentence("/usr/bin/systemctl start httpd", DOCKER) == "/usr/bin/docker start CONTAINER"
    assert sentence("systemctl restart apache2", Platform("built", container="docker")) == "docker restart CONTAINER"
    assert advice("systemctl restart postgresql", {}, KUBERNETES) == "systemctl restart postgresql"


def test_no_command_of_any_pattern_asks_the_host_for_what_is_in_the_container() -> None:
    of_host = re.compile(
        r"^(?:systemctl|journalctl|resolvectl|dig|ss|ps|ls|cat|grep(?!.*\{log\})|getent|namei|apachectl)\b"
    )
    templates = [t for pattern in shipped_library().patterns for t in pattern.explain.confirm]
    there = [said for template in templates if (said := as_there(template, DOCKER)) is not None]
    assert sum(said.startswith(RUN_INSIDE["docker"]) for said in there) > 100
    assert not [said for said in there if of_host.search(said)]


@pytest.mark.parametrize("words", sorted({words for of_one in WORDS.values() for words in of_one}))
def test_what_is_said_otherwise_is_said_by_a_pattern(words: str) -> None:
    patterns = shipped_library().patterns
    texts = [e.fix for p in patterns for e in (p.explain, *(case.explain for case in p.explain.cases))]
    assert any(words in text for text in texts)
