"""Templates as workbooks. Apart, because who serves needs no spreadsheets, and loading what writes them takes time."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from dispatch.kernel.sheets import Sheet


def template_xlsx(sheet: Sheet) -> bytes:
    """`dispatch.kernel.sheets.template` as a workbook, with the notes as comments on the header's cells.

    All cells are text, so that a call sign such as 1-2 does not become a date.
    """
    book = Workbook()
    page = book.active
    page.title = sheet.kind
    for place, column in enumerate(sheet.columns, start=1):
        head = page.cell(1, place, column.name)
        head.font = Font(bold=column.required)
        head.comment = Comment(f"{column.zh}{' *' if column.required else ''}\n{column.about}", "Tarim")
        page.cell(2, place, column.example)
        for row in range(1, 501):
            page.cell(row, place).number_format = "@"
    page.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
