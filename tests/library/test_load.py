"""Loading the library: layers, what overrides what, mistakes with their files, and the cache between runs."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from logsleuth.errors import LogsleuthError
from logsleuth.library import cache
from logsleuth.library.load import layers, load_library, packaged_folder
from logsleuth.library.mechanisms import mechanisms
from logsleuth.library.pattern import Library

Write = Callable[..., Path]


def pattern(name: str = "shop.till.jammed", title: str = "The till is jammed", more: str = "") -> str:
    """A right pattern file."""
    return (
        f"id = '{name}'\ntitle = '{title}'\nrole = 'cause'\n{more}\n[[match]]\ncontains = '{title} says no pattern'\n"
    )


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def title(library: Library, name: str = "shop.till.jammed") -> str | None:
    """The title of a pattern; None: there is no such pattern."""
    found = library.get(name)
    return found.title if found else None


def complaint(*extra: str | Path) -> str:
    """What is said of layers that cannot be loaded."""
    with pytest.raises(LogsleuthError) as told:
        load_library(extra)
    assert told.value.exit_code == 2
    return str(told.value)


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache and a configuration folder of each test's own; gives the user's pattern folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "logsleuth" / "patterns"


# --- layers ----------------------------------------------------------------------------------------------


def test_the_packaged_patterns_are_there_without_asking() -> None:
    assert packaged_folder().is_dir()
    assert layers()[0] == packaged_folder()
    assert load_library().patterns


def test_the_library_is_in_the_order_of_ids() -> None:
    names = [pattern.id for pattern in load_library().patterns]
    assert names == sorted(set(names))


def test_a_file_adds_a_pattern_to_those_that_are_there(tmp_path: Path) -> None:
    mine = written(tmp_path / "till.toml", pattern())
    before, after = load_library(), load_library([mine])
    assert len(after.patterns) == len(before.patterns) + 1
    found = after.get("shop.till.jammed")
    assert found is not None
    assert found.origin == str(mine)
    assert title(before) is None


def test_a_folder_is_read_with_its_folders(tmp_path: Path) -> None:
    written(tmp_path / "mine" / "deep" / "er" / "till.toml", pattern())
    written(tmp_path / "mine" / "notes.txt", "no pattern")
    assert title(load_library([tmp_path / "mine"])) == "The till is jammed"


def test_the_users_own_folder_is_a_layer(homes: Path) -> None:
    written(homes / "till.toml", pattern())
    assert title(load_library()) == "The till is jammed"


def test_of_two_files_with_the_same_id_the_later_layer_counts(tmp_path: Path, homes: Path) -> None:
    written(homes / "a.toml", pattern(title="the one at home"))
    one = written(tmp_path / "one.toml", pattern(title="the first named"))
    two = written(tmp_path / "two.toml", pattern(title="the second named"))
    assert title(load_library()) == "the one at home"
    assert title(load_library([one])) == "the first named"
    assert title(load_library([one, two])) == "the second named"
    assert title(load_library([two, one])) == "the first named"


def test_a_packaged_pattern_can_be_overridden(tmp_path: Path) -> None:
    name = load_library().patterns[0].id
    mine = written(tmp_path / "mine.toml", pattern(name, "my own words"))
    library = load_library([mine])
    assert title(library, name) == "my own words"
    assert len(library.patterns) == len(load_library().patterns)


def test_a_pattern_can_be_switched_off_and_on_again_by_a_later_layer(tmp_path: Path, homes: Path) -> None:
    written(homes / "till.toml", pattern())
    off = written(tmp_path / "off.toml", "id = 'shop.till.jammed'\ndisabled = true")
    on = written(tmp_path / "on.toml", pattern(title="on again"))
    assert title(load_library([off])) is None
    assert title(load_library([off, on])) == "on again"


def test_switching_off_what_is_not_there_is_no_mistake(tmp_path: Path) -> None:
    off = written(tmp_path / "off.toml", "id = 'shop.no-such-thing'\ndisabled = true")
    assert load_library([off]).patterns == load_library().patterns


def test_a_pattern_is_found_under_its_former_names(tmp_path: Path) -> None:
    mine = written(tmp_path / "till.toml", pattern(more="aliases = ['shop.till.stuck', 'shop.old']"))
    library = load_library([mine])
    assert library.get("shop.till.stuck") is library.get("shop.old") is library.get("shop.till.jammed")
    assert library.get("shop.till") is None


def test_the_layers_are_told_lowest_first(tmp_path: Path, homes: Path) -> None:
    written(homes / "till.toml", pattern())
    mine = written(tmp_path / "till.toml", pattern())
    origins = load_library([mine]).origins
    assert (origins[0], origins[-2:]) == (str(packaged_folder()), (str(homes), str(mine)))


def test_only_what_is_shipped_is_trusted(tmp_path: Path, homes: Path) -> None:
    written(homes / "till.toml", pattern())
    mine = written(tmp_path / "queue.toml", pattern("shop.queue", "a queue"))
    trusted = {found.id: found.trusted for found in load_library([mine]).patterns}
    assert not trusted.pop("shop.till.jammed")
    assert not trusted.pop("shop.queue")
    assert all(trusted.values())


def test_a_folder_whose_name_begins_like_the_shipped_one_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a copy of the package, so that no folder need be written beside the real one
    shipped = written(tmp_path / "patterns" / "shop" / "till.toml", pattern()).parent.parent
    beside = written(tmp_path / "patterns-of-mine" / "queue.toml", pattern("shop.queue", "a queue"))
    monkeypatch.setattr("logsleuth.library.load.packaged_folder", lambda: shipped)
    assert {found.id: found.trusted for found in load_library([beside]).patterns} == {
        "shop.till.jammed": True,
        "shop.queue": False,
    }


def test_the_digest_tells_sets_of_patterns_apart(tmp_path: Path) -> None:
    mine = written(tmp_path / "till.toml", pattern())
    first = load_library([mine]).digest
    assert len(first) == 64
    assert load_library().digest != first
    written(mine, pattern(title="other words"))
    assert load_library([mine]).digest != first
    written(mine, pattern())
    assert load_library([mine]).digest == first


# --- mistakes --------------------------------------------------------------------------------------------


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    told = complaint(tmp_path / "none")
    assert f"no such pattern file or folder: {tmp_path / 'none'}" in told
    assert "--patterns" in told


def test_every_mistake_of_every_file_is_told_with_its_file(tmp_path: Path) -> None:
    one = written(tmp_path / "one.toml", "titel = 'x'\n" + pattern())
    two = written(tmp_path / "two.toml", pattern("Till", more="severity = 'bad'"))
    told = complaint(one, two)
    assert f"{one}: unknown key 'titel': did you mean 'title'?" in told
    assert f"{two}: 'id' 'Till'" in told
    assert f"{two}: 'severity' 'bad' is unknown" in told
    assert told.startswith("3 mistakes in pattern files:")
    assert "docs/pattern-format.md" in told


def test_one_mistake_is_told_as_one(tmp_path: Path) -> None:
    assert complaint(written(tmp_path / "one.toml", "id =")).startswith("1 mistake in pattern files:")


def test_very_many_mistakes_are_counted_and_the_first_told(tmp_path: Path) -> None:
    for number in range(40):
        written(tmp_path / "mine" / f"{number:02}.toml", "id = ")
    told = complaint(tmp_path / "mine")
    assert told.startswith("40 mistakes in pattern files:")
    assert "… and 28 more" in told
    assert "11.toml" in told
    assert "12.toml" not in told


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "mine" / "folder.toml").mkdir(parents=True)
    (tmp_path / "mine" / "gone.toml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "mine" / "latin.toml").write_bytes(b"id = 'shop.f\xfcr'")
    told = complaint(tmp_path / "mine")
    for name, reason in (("folder", "directory"), ("gone", "No such file"), ("latin", "utf-8")):
        (line,) = [line for line in told.splitlines() if f"{name}.toml" in line]
        assert "cannot be read: " in line
        assert reason in line


def test_what_cannot_be_loaded_is_not_remembered_as_right(tmp_path: Path) -> None:
    mine = written(tmp_path / "till.toml", "id = ")
    assert complaint(mine) == complaint(mine)


# --- the cache -------------------------------------------------------------------------------------------


def test_a_second_load_gives_the_same(tmp_path: Path) -> None:
    text = pattern(more="leads_to = ['a.b']\nalone = true\nseverity = 'major'\ngroups = ['x']")
    text += "regex = '''(?P<pid>\\d+) für'''\n[worker]\nstate = 'hung'\nsubject = 'pid'\n"
    text += (
        "[scope]\nmodules = ['']\n[explain]\nconfirm = ['ps']\nfix = 'ü'\n[[example]]\nlog = 'x'\nfields = { n = 3 }"
    )
    mine = written(tmp_path / "till.toml", text)
    first = load_library([mine])
    stored = list(cache.folder().iterdir())
    assert len(stored) == 1
    assert load_library([mine]) == first
    assert list(cache.folder().iterdir()) == stored


def test_a_changed_file_is_seen(tmp_path: Path) -> None:
    mine = written(tmp_path / "till.toml", pattern(title="one"))
    assert title(load_library([mine])) == "one"
    written(mine, pattern(title="two"))
    state = mine.stat()
    os.utime(mine, ns=(state.st_atime_ns, state.st_mtime_ns + 1))  # as the size is the same, the time must tell
    assert title(load_library([mine])) == "two"


def test_a_file_that_comes_or_goes_is_seen(tmp_path: Path) -> None:
    folder = written(tmp_path / "mine" / "till.toml", pattern()).parent
    assert title(load_library([folder]), "shop.queue") is None
    queue = written(folder / "queue.toml", pattern("shop.queue", "a queue"))
    assert title(load_library([folder]), "shop.queue") == "a queue"
    queue.unlink()
    assert title(load_library([folder]), "shop.queue") is None


def test_a_file_is_told_under_the_path_by_which_it_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "here" / "till.toml", pattern())
    (tmp_path / "there").mkdir()
    for folder, name in (("here", "till.toml"), ("there", "../here/till.toml")):
        monkeypatch.chdir(tmp_path / folder)
        found = load_library([name]).get("shop.till.jammed")
        assert found is not None
        assert found.origin == name


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"digest": "x"}', b"null"])
def test_a_damaged_cache_is_read_past(content: bytes, tmp_path: Path) -> None:
    mine = written(tmp_path / "till.toml", pattern())
    first = load_library([mine])
    (stored,) = cache.folder().iterdir()
    stored.write_bytes(content)
    assert load_library([mine]) == first


def test_a_cache_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    mine = written(tmp_path / "till.toml", pattern())
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert title(load_library([mine])) == "The till is jammed"
    assert (tmp_path / "cache").is_file()


def test_the_cache_is_the_users_own(tmp_path: Path) -> None:
    load_library([written(tmp_path / "till.toml", pattern())])
    (stored,) = cache.folder().iterdir()
    assert stored.stat().st_mode & 0o077 == 0
    assert cache.folder() == tmp_path / "cache" / "logsleuth"


def test_a_cache_that_others_may_write_is_not_trusted(tmp_path: Path) -> None:
    mine = written(tmp_path / "till.toml", pattern())
    load_library([mine])
    (stored,) = cache.folder().iterdir()
    stored.write_bytes(stored.read_bytes().replace(b"The till is jammed", b"The till is fine!!"))
    assert title(load_library([mine])) == "The till is fine!!"  # so it is read at all
    stored.chmod(0o666)
    assert title(load_library([mine])) == "The till is jammed"


def test_a_file_name_that_is_no_text_is_read_and_remembered(tmp_path: Path) -> None:
    mine = written(Path(os.fsdecode(os.fsencode(tmp_path) + b"/till-\xff.toml")), pattern())
    assert load_library([mine]) == load_library([mine])
    assert title(load_library([mine])) == "The till is jammed"
    assert list(cache.folder().iterdir())


def test_of_kept_patterns_only_those_are_made_that_are_asked_for(tmp_path: Path) -> None:
    mine = written(tmp_path / "till.toml", pattern())
    found = load_library([mine]).get("shop.till.jammed")
    (stored,) = cache.folder().iterdir()
    stored.write_bytes(
        stored.read_bytes().replace(b'\n["httpd.', b'\n!"httpd.')
    )  # no row of these can be read any more
    assert load_library([mine]).get("shop.till.jammed") == found


@pytest.mark.parametrize("name", ["shop.till.jammed", "shop.jam", "shop.queue", "nothing"])
def test_a_kept_library_gives_the_same_by_id_and_alias(name: str, tmp_path: Path) -> None:
    written(tmp_path / "mine" / "till.toml", pattern(more="aliases = ['shop.jam']\nleads_to = ['queues']"))
    written(tmp_path / "mine" / "queue.toml", pattern("shop.queue", "a queue", more="groups = ['queues']"))
    made, kept = (load_library([tmp_path / "mine"]) for _ in range(2))
    assert kept.get(name) == made.get(name)
    assert mechanisms(kept, [name]) == mechanisms(made, [name])
    assert mechanisms(kept, ["shop.till.jammed"]) == {"shop.till.jammed": {"shop.queue"}}


def test_a_store_that_was_cut_off_is_made_again(tmp_path: Path) -> None:
    mine = written(tmp_path / "till.toml", pattern())
    first = load_library([mine])
    (stored,) = cache.folder().iterdir()
    stored.write_bytes(stored.read_bytes()[:-1])
    assert load_library([mine]) == first
