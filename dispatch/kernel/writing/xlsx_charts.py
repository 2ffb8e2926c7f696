"""Native charts of a workbook: they point at cells of their sheet and are drawn by the program that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from dispatch.kernel.writing.sheets import Chart, Column, Kind
from dispatch.kernel.writing.xlsx_cells import column_letters
from dispatch.kernel.writing.xlsx_parts import HEAD, RELATIONS

_CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAW: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PLACED: Final = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_COLUMNS: Final = 10
_ROWS: Final = 20
_COLOURS: Final = ("2F6FB0", "C8741B", "3E8E63", "8E5BA6", "A33A3A", "5F6B7A")


def chart_xml(chart: Chart, sheet: str, columns: Sequence[tuple[Column, Kind]], rows: int) -> str:
    """One chart over the `rows` rows below the head of `sheet`. Raises KeyError for a column that is not there."""
    places = {column.name: place for place, (column, _) in enumerate(columns)}
    heads = {column.name: column.head for column, _ in columns}
    kinds = {column.name: kind for column, kind in columns}

    def cells(name: str) -> str:
        letters = column_letters(places[name])
        quoted = sheet.replace("'", "''")
        return escape(f"'{quoted}'!${letters}$2:${letters}${rows + 1}")

    series = "".join(
        f'<c:ser><c:idx val="{n}"/><c:order val="{n}"/><c:tx><c:v>{escape(heads[name])}</c:v></c:tx>'
        f"{_drawn(chart.form, _COLOURS[n % len(_COLOURS)])}"
        f"<c:cat>{_reference('str' if kinds[chart.labels] == 'text' else 'num', cells(chart.labels))}</c:cat>"
        f"<c:val>{_reference('num', cells(name))}</c:val></c:ser>"
        for n, name in enumerate(chart.values)
    )
    if chart.form == "bar":
        kind = '<c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        plot = f'<c:barChart>{kind}{series}<c:gapWidth val="60"/>{_AXES}</c:barChart>'
    else:
        kind = '<c:grouping val="standard"/><c:varyColors val="0"/>'
        plot = f'<c:lineChart>{kind}{series}<c:marker val="1"/>{_AXES}</c:lineChart>'
    legend = "" if len(chart.values) < 2 else '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
    return (
        f'{HEAD}<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_DRAW}" xmlns:r="{RELATIONS}"><c:chart>'
        f"{_title(chart.title, 1200)}"
        f'<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>{plot}{_axes(chart.unit)}</c:plotArea>{legend}'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>'
    )


def drawing_xml(count: int, column: int) -> str:
    """Where `count` charts stand: one below the other from `column` on. Their relations are rId1 on."""
    anchors = "".join(
        f"<xdr:twoCellAnchor><xdr:from>{_corner(column, 1 + n * (_ROWS + 1))}</xdr:from>"
        f"<xdr:to>{_corner(column + _COLUMNS, 1 + n * (_ROWS + 1) + _ROWS)}</xdr:to>"
        f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="{n + 2}" name="Chart {n + 1}"/>'
        "<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>"
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
        f'<a:graphic><a:graphicData uri="{_CHART}"><c:chart xmlns:c="{_CHART}" r:id="rId{n + 1}"/>'
        "</a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>"
        for n in range(count)
    )
    return f'{HEAD}<xdr:wsDr xmlns:xdr="{_PLACED}" xmlns:a="{_DRAW}" xmlns:r="{RELATIONS}">{anchors}</xdr:wsDr>'


def _drawn(form: str, colour: str) -> str:
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    if form == "bar":
        return f'<c:spPr>{fill}</c:spPr><c:invertIfNegative val="0"/>'
    return f'<c:spPr><a:ln w="22225">{fill}</a:ln></c:spPr><c:marker><c:symbol val="none"/></c:marker>'


def _reference(kind: str, cells: str) -> str:
    return f"<c:{kind}Ref><c:f>{cells}</c:f></c:{kind}Ref>"


def _title(text: str, size: int) -> str:
    return (
        "<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr>"
        f'<a:defRPr sz="{size}" b="0"/></a:pPr><a:r><a:rPr lang="en-US" sz="{size}" b="0"/>'
        f'<a:t>{escape(text)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'
    )


_AXES: Final = '<c:axId val="1"/><c:axId val="2"/>'


def _axes(unit: str) -> str:
    begin = '<c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
    return (
        f'<c:catAx><c:axId val="1"/>{begin}<c:axPos val="b"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:crossAx val="2"/>'
        '<c:crosses val="autoZero"/></c:catAx>'
        f'<c:valAx><c:axId val="2"/>{begin}<c:axPos val="l"/><c:majorGridlines/>{_title(unit, 900) if unit else ""}'
        '<c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        '<c:crossAx val="1"/><c:crosses val="autoZero"/></c:valAx>'
    )


def _corner(column: int, row: int) -> str:
    return f"<xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff>"
