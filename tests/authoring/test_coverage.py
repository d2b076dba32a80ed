"""The share of lines that the library knows, and that authors read logs as the scan does."""

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from logsleuth import load_patterns
from logsleuth.authoring.coverage import measure
from logsleuth.authoring.reading import read_log
from logsleuth.cli.patterns import command
from logsleuth.engines.serial import scan_all
from logsleuth.library.parse import parse_pattern
from logsleuth.library.pattern import Library
from logsleuth.logs.open.block import read_blocks
from logsleuth.logs.open.log import open_logs
from logsleuth.scan.matcher import Matcher
from logsleuth.scan.scanner import Scanner

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "sample_logs").glob("*.log"))
HEAD = "[Tue Mar 03 14:02:11.120001 2020] [shop:error] [pid 7:tid 7] [client 192.0.2.7:1] "
TILL = Library(
    (parse_pattern("id='shop.till'\ntitle='x'\nrole='cause'\n[[match]]\ncontains='till is jammed'", "till.toml"),), ""
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    texts = ["the till is jammed", "", "the till 7 is open", "the till 8 is open", "'x' is sold"]
    file = tmp_path / "error.log"
    file.write_text("".join(f"{HEAD}{text}\n" for text in texts))
    return file


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_each_pattern_is_seen_as_often_as_by_the_scan(sample: Path) -> None:
    (log,), _ = open_logs([str(sample)])
    matcher = Matcher(load_patterns())
    with log.open() as stream:
        tally = scan_all(read_blocks(stream, 0), Scanner(matcher))
    seen = Counter(matcher.patterns[hit.pattern].id for said in read_log(log, matcher) for hit in said.hits)
    assert seen == {name: pattern.series.count for name, pattern in tally.patterns.items()}


def test_the_shipped_samples_are_known() -> None:
    coverage = measure(open_logs([str(path) for path in SAMPLES])[0], load_patterns())
    assert coverage.all.known / coverage.all.lines > 0.97
    assert coverage.grave.known / coverage.grave.lines > 0.97


def test_lines_are_counted_and_unknown_ones_grouped_by_shape(log: Path) -> None:
    coverage = measure(open_logs([str(log)])[0], TILL)
    assert (coverage.all.lines, coverage.all.known) == (4, 1)
    assert [(shape, unknown.lines) for shape, unknown in coverage.ranked()] == [
        (("shop", "error", "the till * is open"), 2),
        (("shop", "error", "'*' is sold"), 1),
    ]


def test_the_command_tells_the_share_and_the_shapes_and_fails_below_the_least(log: Path) -> None:
    result = CliRunner().invoke(command, ["coverage", str(log), "--least", "97"])
    assert "known: 0.00% of 4 lines" in result.output
    assert "2 shop:error the till * is open" in result.output
    assert result.exit_code == 1
    assert CliRunner().invoke(command, ["coverage", str(log)]).exit_code == 0
