"""Cell-true reading: every kind of cell, as every program writes it."""

from __future__ import annotations

import pytest

from model.workbook.read.archive import open_archive
from model.workbook.read.cells import Cell, Grid, Kind, Range, read_grid, reference
from model.workbook.read.parts import open_package
from tests.data.raw_xlsx import MAIN, parts, zipped

SHARED = (
    f'<sst xmlns="{MAIN}"><si><t xml:space="preserve"> plain </t></si>'
    "<si><r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r><rPh><t>phonetic</t></rPh></si>"
    "<si><t>a_x000D_b_x005F_c_xD83D_</t></si><si/></sst>"
)


def grid_of(cells: str, extra: str = "", workbook: str = "") -> Grid:
    """The grid of a sheet with these cells in its first row."""
    sheet = f'<worksheet xmlns="{MAIN}">{extra}<sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    content = parts({}, Sheet=sheet)
    content["xl/sharedStrings.xml"] = SHARED
    relations = str(content["xl/_rels/workbook.xml.rels"])
    added = '<Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    content["xl/_rels/workbook.xml.rels"] = relations.replace("</Relationships>", added)
    content["xl/workbook.xml"] = str(content["xl/workbook.xml"]).replace("<sheets>", f"{workbook}<sheets>")
    package = open_package(open_archive(zipped(content)))
    return read_grid(package, package.sheets[0])


KINDS = {
    "<c><v>1.5</v></c>": Cell(Kind.NUMBER, 1.5),
    '<c t="n"><v> -2E3 </v></c>': Cell(Kind.NUMBER, -2000.0),
    "<c><f>1+1</f><v>2</v></c>": Cell(Kind.NUMBER, 2.0, True),
    '<c s="1"><v>46023</v></c>': Cell(Kind.DATE, "2026-01-01"),
    '<c s="2"><v>46023.5</v></c>': Cell(Kind.DATE, "2026-01-01 12:00"),
    '<c s="2"><v>1e300</v></c>': Cell(Kind.DATE, "1e+300 formatted as a date"),
    '<c s="3"><v>3</v></c>': Cell(Kind.NUMBER, 3.0),
    '<c s="99"><v>3</v></c>': Cell(Kind.NUMBER, 3.0),
    '<c t="d"><v>2026-01-01</v></c>': Cell(Kind.DATE, "2026-01-01"),
    '<c t="b"><v>1</v></c>': Cell(Kind.BOOLEAN, "TRUE"),
    '<c t="b"><v>0</v></c>': Cell(Kind.BOOLEAN, "FALSE"),
    '<c t="e"><v>#N/A</v></c>': Cell(Kind.ERROR, "#N/A"),
    '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>': Cell(Kind.ERROR, "#DIV/0!", True),
    "<c><f>1+1</f></c>": Cell(Kind.UNCALCULATED, "a formula", True),
    "<c><f>1+1</f><v></v></c>": Cell(Kind.UNCALCULATED, "a formula", True),
    '<c><f t="shared" si="0"/><v/></c>': Cell(Kind.UNCALCULATED, "a formula", True),
    '<c t="s"><v>0</v></c>': Cell(Kind.TEXT, " plain "),
    '<c t="s"><v>1</v></c>': Cell(Kind.TEXT, "rich text"),
    '<c t="s"><v>2</v></c>': Cell(Kind.TEXT, "a\rb_c_xD83D_"),
    '<c t="str"><f>A1</f><v>text</v></c>': Cell(Kind.TEXT, "text", True),
    '<c t="inlineStr"><is><t>in</t></is></c>': Cell(Kind.TEXT, "in"),
    '<c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c>': Cell(Kind.TEXT, "inline"),
    "<c><v>1e999</v></c>": Cell(Kind.BROKEN, "1e999"),
    "<c><v>1_0</v></c>": Cell(Kind.BROKEN, "1_0"),
    "<c><v>NaN</v></c>": Cell(Kind.BROKEN, "NaN"),
}


@pytest.mark.parametrize(("xml", "cell"), KINDS.items(), ids=KINDS.keys())
def test_kind(xml, cell):
    assert grid_of(xml).cell(1, 1) == cell


@pytest.mark.parametrize(
    "xml",
    ["<c/>", '<c s="1"/>', "<c><v/></c>", '<c t="s"/>', '<c t="s"><v>3</v></c>', '<c t="str"><f>""</f><v></v></c>',
     '<c t="inlineStr"><is><t> \n </t></is></c>', '<c t="inlineStr"/>'],
)  # fmt: skip
def test_blank(xml):
    assert grid_of(xml).rows == {}


def test_no_negative_zero():
    assert str(grid_of("<c><v>-0</v></c>").cell(1, 1).content) == "0.0"


def test_dates_since_1904():
    grid = grid_of('<c s="1"><v>44561</v></c>', workbook='<workbookPr date1904="1"/>')
    assert grid.cell(1, 1) == Cell(Kind.DATE, "2026-01-01")


def test_cells_without_references_count_on():
    grid = grid_of('<c/><c><v>2</v></c><c r="E1"><v>5</v></c><c/><c><v>7</v></c>')
    assert {column: cell.content for column, cell in grid.rows[1].items()} == {2: 2.0, 5: 5.0, 7: 7.0}


def test_declared_dimension_is_not_believed():
    assert grid_of('<c r="ZZ1"><v>1</v></c>', '<dimension ref="A1"/>').cell(1, 702) == Cell(Kind.NUMBER, 1.0)


def test_hidden_columns_with_content():
    columns = '<cols><col min="2" max="16384" hidden="1"/></cols>'
    assert grid_of('<c><v>1</v></c><c><v>2</v></c><c s="1"/>', columns).hidden_columns == (2,)


def test_ranges_and_references():
    assert reference(1_048_576, 16_384) == "XFD1048576"
    assert str(Range(2, 2, 3, 28)) == "B2:AB3"
    assert Range(1, 1, 2, 2).touches(Range(2, 2, 9, 9))
    assert not Range(1, 1, 2, 2).touches(Range(3, 1, 3, 2))
