"""The table of figures, printed at the end; ratios are held by asserts, absolute times only reported."""

from collections.abc import Callable

import pytest

Row = tuple[str, str, str, str]
Report = Callable[[str, str, float, str], None]
_ROWS: list[Row] = []


@pytest.fixture
def report() -> Report:
    """report(what, measured, ratio, bound): a row of the table."""

    def add(what: str, measured: str, ratio: float, bound: str) -> None:
        _ROWS.append((what, measured, f"{ratio:.3g}", bound))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _ROWS:
        return
    rows: list[Row] = [("what", "measured", "ratio", "must be"), *_ROWS]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    terminalreporter.write_sep("=", "benchmarks")
    for row in rows:
        terminalreporter.write_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
