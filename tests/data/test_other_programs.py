"""Workbooks as programs other than Excel write them: Excel opens these, so they are read."""

from __future__ import annotations

import pytest

from model.language.faults import WorkbookError
from model.workbook.read.archive import open_archive
from model.workbook.read.load import load, read
from model.workbook.read.parts import _UNREADABLE, Meter, Walker, walk
from tests.data.faults import expect
from tests.data.raw_xlsx import MAIN, parts, zipped
from tests.workbooks import small, to_bytes


def renamed(change):
    """The small workbook with the names of its parts changed, its relations as they were."""
    return zipped({change(name): content for name, content in parts().items()})


@pytest.mark.parametrize(
    "change",
    [
        lambda name: name.replace("/", "\\"),
        str.upper,
        str.title,
        lambda name: name.replace("sheet", "%73heet"),
        lambda name: f"./{name}",
        lambda name: name.replace("/", "//"),
    ],
)
def test_names_of_parts_in_other_spellings(change):
    assert load(renamed(change)).hash == load(to_bytes()).hash


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('Target="worksheets/', 'Target="/xl/worksheets/'),
        lambda text: text.replace('Target="worksheets/', 'Target="worksheets\\'),
        lambda text: text.replace('Target="worksheets/', 'Target="../XL/./Worksheets/'),
        lambda text: text.replace('Target="worksheets/sheet', 'Target="worksheets/%73heet'),
    ],
)
def test_targets_of_relations_in_other_spellings(change):
    content = parts()
    content["xl/_rels/workbook.xml.rels"] = change(str(content["xl/_rels/workbook.xml.rels"]))
    assert load(zipped(content)).hash == load(to_bytes()).hash


def test_shared_texts_in_other_letters():
    sheets = small()
    sheets["Members"][1][0] = '<c t="s"><v>0</v></c>'
    content = parts(sheets)
    relation = '<Relationship Id="texts" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    rels = str(content["xl/_rels/workbook.xml.rels"])
    content["xl/_rels/workbook.xml.rels"] = rels.replace("</Relationships>", relation)
    content["xl/SharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>Norland</t></si></sst>'
    assert load(zipped(content)).hash == load(to_bytes()).hash


@pytest.mark.parametrize(("stored", "meant"), [("1", True), ("TRUE", True), ("True", True), ("tRuE", True), ("0", False),
                                               ("FALSE", False), ("False", False)])  # fmt: skip
def test_truth_values_of_other_programs(stored, meant):
    sheets = small()
    sheets["Settings"].append(["consensus", f'<c t="b"><v>{stored}</v></c>'])
    assert load(zipped(parts(sheets))).settings["consensus"] is meant


@pytest.mark.parametrize("stored", ["2", "WAHR", "yes", "1.0", "-1"])
def test_anything_else_is_no_truth_value(stored):
    sheets = small()
    sheets["Settings"].append(["consensus", f'<c t="b"><v>{stored}</v></c>'])
    expect(read(zipped(parts(sheets))).faults, "Settings", "B8", "error", "cannot be read", "yes or no")


def test_hidden_and_date_flags_in_capitals():
    content = parts()
    sheet = next(name for name in content if "sheet2" in name)
    content[sheet] = (
        str(content[sheet]).replace("<row>", '<row r="1">', 1).replace("<row>", '<row r="2" hidden="True">', 1)
    )
    expect(read(zipped(content)).faults, "Members", "A2", "warning", "hidden")


GENERAL = [
    "General",
    "Standard",
    "Estándar",
    "Standaard",
    "Général",
    "Yleinen",
    "Allmänt",
    "Általános",
    "Splošno",
    "Umum",
]
DATES = [
    "yyyymmdd",
    "dd.mm.yyyy",
    "d/m/yyyy h:mm AM/PM",
    "TT.MM.JJJJ",
    "mmm\\-yy",
    "[h]:mm:ss",
    'yyyy"年"m"月"',
    "yyyy年m月d日",
]


@pytest.mark.parametrize("code", GENERAL)
def test_general_by_other_names_is_no_date(code):
    sheets = small()
    sheets["Members"][1][1] = '<c s="2"><v>480000</v></c>'
    content = parts(sheets)
    content["xl/styles.xml"] = str(content["xl/styles.xml"]).replace("yyyy\\-mm\\-dd", code)
    assert load(zipped(content)).gdp["Norland"] == 480000.0


@pytest.mark.parametrize("code", DATES)
def test_dates_stay_dates(code):
    sheets = small()
    sheets["Members"][1][1] = '<c s="2"><v>48000</v></c>'
    content = parts(sheets)
    content["xl/styles.xml"] = str(content["xl/styles.xml"]).replace("yyyy\\-mm\\-dd", code.replace('"', "&quot;"))
    expect(read(zipped(content)).faults, "Members", "B2", "error", "a date or time")


@pytest.mark.parametrize("encoding", ["GB2312", "gbk", "Shift_JIS", "EUC-KR", "Big5", "utf-7", "no-such", "cp037", "base64",
                                      "idna", "utf-32", "rot13"])  # fmt: skip
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet2.xml", "_rels/.rels"])
def test_parts_in_other_encodings_are_a_fault(encoding, part):
    content = parts()
    content[part] = f'<?xml version="1.0" encoding="{encoding}"?>{content[part]}'
    reading = read(zipped(content))
    assert reading.scenario is None
    assert any(part in fault.found for fault in reading.faults)


@pytest.mark.parametrize("encoding", ["windows-1252", "ISO-8859-1", "utf-16"])
def test_encodings_that_can_be_read(encoding):
    content = parts()
    part = "xl/worksheets/sheet2.xml"
    text = f'<?xml version="1.0" encoding="{encoding}"?>{content[part]}'.replace("Norland", "Nörland", 1)
    content[part] = text.encode(encoding)
    content = {
        n: str(c).replace("Norland", "Nörland") if n != part and n.startswith("xl/w") else c for n, c in content.items()
    }
    assert "Nörland" in load(zipped(content)).gdp


@pytest.mark.parametrize("raised", _UNREADABLE)
def test_whatever_the_parser_raises_is_a_fault(raised):
    class Failing(Walker):
        def start(self, name, attributes):
            raise raised("no more")

    with pytest.raises(WorkbookError) as refusal:
        walk(open_archive(zipped(parts())), "xl/workbook.xml", Failing(), Meter())
    assert "xl/workbook.xml" in refusal.value.faults[0].found
