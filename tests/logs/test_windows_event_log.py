"""An export of the Windows event log as text: its times, levels and words."""

from __future__ import annotations

import pytest

from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.others.service import read

TEXT = "Product: Microsoft ODBC Driver 17 for SQL Server -- Removal completed successfully."


@pytest.mark.parametrize(
    ("line", "level", "message"),
    [
        (f"2020-03-03 14:02:11\tInformation\tMsiInstaller\t11724\t{TEXT}", "info", f"MsiInstaller\t11724\t{TEXT}"),
        (f"2020-03-03 14:02:11,Error,Application Error,1000,{TEXT}", "error", f"Application Error,1000,{TEXT}"),
        (f'2020-03-03 14:02:11;"Warning";"MsiInstaller";"1015";{TEXT}', "warn", f'"MsiInstaller";"1015";{TEXT}'),
        (f"2020-03-03 14:02:11 MsiInstaller 11724 {TEXT}", None, f"MsiInstaller 11724 {TEXT}"),
    ],
)
def test_a_line_has_its_time_level_and_words(line: str, level: str | None, message: str) -> None:
    form = sniff(f"{line}\n".encode() * 20, complete=True)
    record = read(line.encode())
    assert form.kind == "service"
    assert (record.time, record.level, record.message) == (1_583_244_131_000_000, level, message)


def test_a_date_and_a_number_alone_are_no_event() -> None:
    assert read(b"2020-03-03 14:02:11 worker 11724 removed").time is None
