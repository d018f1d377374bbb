"""Workbooks written by hand, part by part: what no library would write, and what only some programs do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from tests.workbooks import SMALL, Sheets

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="170" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="171" formatCode="[Red]#,##0.0&quot; days&quot;"/></numFmts>'
    '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs>'
    "</styleSheet>"
)
"""Cell style 0 is General, 1 a built-in date, 2 a date of its own, 3 a number that mentions days."""


def sheet_xml(rows: list[list[object]], namespace: str = MAIN) -> str:
    """Rows as the XML of a sheet: inline texts, plain numbers, cells without references. A str in ``<`` is raw XML."""
    return f'<worksheet xmlns="{namespace}"><sheetData>{"".join(map(_row_xml, rows))}</sheetData></worksheet>'


def _row_xml(cells: list[object]) -> str:
    return f"<row>{''.join(map(_cell_xml, cells))}</row>"


def _cell_xml(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return value if value.startswith("<") else f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def parts(sheets: Sheets | None = None, strict: bool = False, **raw: str) -> dict[str, str | bytes]:
    """The parts of a workbook by name. ``raw`` replaces the XML of a sheet by its name (blanks as ``_``)."""
    namespace, office = (STRICT, _STRICT_OFFICE) if strict else (MAIN, _OFFICE)
    xml = {title: sheet_xml(rows, namespace) for title, rows in (SMALL if sheets is None else sheets).items()}
    xml |= {title.replace("_", " "): content for title, content in raw.items()}
    numbered = list(enumerate(xml, start=1))
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered
    )
    relations += f'<Relationship Id="styles" Type="{office}/styles" Target="/xl/styles.xml"/>'
    listed = "".join(f'<sheet name={quoteattr(title)} sheetId="{n}" r:id="r{n}"/>' for n, title in numbered)
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{namespace}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": xml[title] for n, title in numbered},
    }


def zipped(content: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return stream.getvalue()
