"""The accounts of a service day or month: counted from the journal alone, and shown as text, table, workbook, picture.

`account` counts, `attendance` has the clerks' time, `source` reads no more of the journal than is needed.
"""

from hall_controller.report.account import make_report

__all__ = ["make_report"]
