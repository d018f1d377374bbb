"""Files that are no workbooks, are damaged, or mean harm: each a clear fault, in seconds and in bounded memory."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from model.workbook.read.archive import MAX_FILE_BYTES, MIB
from model.workbook.read.load import read
from tests.data.raw_xlsx import MAIN, parts, zipped
from tests.workbooks import SMALL, small, to_bytes

SECONDS = 15
"""Longest any file may take here: machines that run tests are slow and busy; alone it is under five."""


def refusal(data: bytes | str | Path, *words: str) -> None:
    """Asserts that the file ends in one error about the whole workbook with these words, and soon."""
    start = time.perf_counter()
    reading = read(data)
    assert time.perf_counter() - start < SECONDS
    assert reading.scenario is None
    fault = reading.faults[0]
    assert (fault.sheet, fault.cell, fault.severity) == ("", "", "error")
    assert fault.remedy
    for word in words:
        assert word in f"{fault.found} {fault.message} {fault.remedy}", fault


OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOT_WORKBOOKS = {
    "empty": (b"", "empty file"),
    "csv": (b"member,gdp\nNorland,480000\n", "text file (CSV?)"),
    "html": (b"<html><table></table></html>", "web page"),
    "xml": (b'<?xml version="1.0"?><Workbook/>', "XML file"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG picture"),
    "pdf": (b"%PDF-1.7 ...", "PDF document"),
    "xls": (OLE2 + bytes(504) + "Workbook".encode("utf-16-le"), "old Office format"),
    "encrypted": (OLE2 + bytes(504) + "EncryptedPackage".encode("utf-16-le"), "password-protected"),
    "random": (random.Random(1).randbytes(5000), "unknown kind"),
    "random zip": (b"PK\x03\x04" + random.Random(2).randbytes(5000), "truncated"),
    "docx": (zipped({"_rels/.rels": "<a/>", "word/document.xml": "<a/>"}), "a Word document"),
    "xlsb": (zipped({"xl/workbook.bin": b"x"}), "binary workbook (.xlsb)"),
    "ods": (zipped({"mimetype": "x", "content.xml": "<a/>"}), "OpenDocument"),
    "zip": (zipped({"letter.txt": "x"}), "something else"),
}


@pytest.mark.parametrize(("data", "words"), NOT_WORKBOOKS.values(), ids=NOT_WORKBOOKS.keys())
def test_not_a_workbook(data, words):
    refusal(data, words)


def test_paths_that_cannot_be_read(tmp_path):
    refusal(tmp_path / "none.xlsx", "no such file")
    refusal(tmp_path, "not a file")
    refusal("a\0b", "no such file")
    large = tmp_path / "large.xlsx"
    with large.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 10)
    refusal(large, "too large")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_truncated(part):
    data = to_bytes()
    refusal(data[: int(part * len(data))], "truncated")


def test_damaged_in_the_middle():
    data = bytearray(zipped(parts(), zipfile.ZIP_DEFLATED))
    at = data.find(b"xl/worksheets/sheet2.xml") + 40
    data[at : at + 60] = bytes(60)
    refusal(bytes(data), "damaged")


def test_encrypted_entries():
    data = bytearray(to_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    refusal(bytes(data), "password-protected")


def test_unknown_compression():
    refusal(zipped(parts(), zipfile.ZIP_LZMA), "packed by a method")


UNSAFE = [
    "../../etc/passwd", "/etc/passwd", "C:/evil.xml", "xl/\x01.xml", "..\\..\\etc", "\\etc\\passwd", "C:\\evil.xml",
    "xl/..%5c..%2fevil.xml", "%2e%2e/evil.xml",
]  # fmt: skip


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_names(name):
    refusal(zipped({**parts(), name: "x"}), "unsafe name")


def test_a_part_without_a_name():
    data = bytearray(to_bytes({}, lambda book: book.create_sheet("Members")))
    at, end = data.find(b"PK\x01\x02"), data.rfind(b"PK\x05\x06")
    length = struct.unpack("<H", data[at + 28 : at + 30])[0]
    data[at + 28 : at + 30] = bytes(2)
    del data[at + 46 : at + 46 + length]
    data[end - length + 12 : end - length + 16] = struct.pack("<I", end - length - at)
    refusal(bytes(data), "unsafe name")


@pytest.mark.parametrize("name", ["xl/workbook.xml", "XL/Workbook.xml", "xl\\workbook.xml", "xl//./workbook%2exml"])
def test_duplicate_parts(name):
    stream = io.BytesIO(zipped(parts()))
    with zipfile.ZipFile(stream, "a") as archive, pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)
        archive.writestr(name, "<workbook/>")
    refusal(stream.getvalue(), "occurs twice")


def test_too_many_parts():
    refusal(zipped({**parts(), **{f"xl/{n}.bin": b"" for n in range(2100)}}), "too many parts")


def test_a_directory_that_lies_about_its_size():
    data = bytearray(to_bytes())
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<I", 400 * MIB)
    refusal(bytes(data), "too many parts")


def test_zip_bomb():
    refusal(zipped({**parts(), "xl/media/picture.png": bytes(60 * MIB)}), "too large when unpacked", "60 MiB")


def test_many_parts_that_are_a_bomb_together():
    stripes = (random.Random(3).randbytes(10) + bytes(500)) * (15 * MIB // 510)
    refusal(zipped({**parts(), **{f"xl/{n}.bin": stripes for n in range(9)}}), "too large when unpacked", "135 MiB")


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + f']><worksheet xmlns="{MAIN}"><sheetData><row><c><v>&j;</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_billion_laughs(encoding):
    content = parts()
    content["xl/worksheets/sheet2.xml"] = BILLION_LAUGHS.encode(encoding)
    refusal(zipped(content), "entities")


def test_document_type_far_down():
    content = parts()
    content["xl/worksheets/sheet2.xml"] = BILLION_LAUGHS.replace("<!DOCTYPE", f"<!--{'x' * 100_000}--><!DOCTYPE")
    refusal(zipped(content), "entities")


def test_outside_entity_in_a_part_that_is_not_read():
    secret = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    refusal(zipped({**parts(), "docProps/app.xml": secret}), "entities")


def test_malformed_and_strange_xml():
    for broken in ("<worksheet>", "", "\x00\x01", f'<worksheet xmlns="{MAIN}">{"<a>" * 200}'):
        content = parts()
        content["xl/worksheets/sheet2.xml"] = broken
        refusal(zipped(content), "xl/worksheets/sheet2.xml")


def test_missing_parts():
    for missing in ("xl/worksheets/sheet2.xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml", "xl/styles.xml"):
        refusal(zipped({name: part for name, part in parts().items() if name != missing}), "a part is missing")


def test_one_endless_tag():
    content = parts()
    noise = random.Random(4).randbytes(2 * MIB).hex()
    content["xl/worksheets/sheet2.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData a="{noise}"'
    refusal(zipped(content), "as no spreadsheet program")


def _sheet(rows: str, after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}"><dimension ref="A1:A2"/><sheetData>{rows}</sheetData>{after}</worksheet>'


CONTRADICTIONS = {
    "cell twice": '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    "row mismatch": '<row r="1"><c r="A2"><v>1</v></c></row>',
    "no such cell": '<row r="1"><c r="XFE1"><v>1</v></c></row>',
    "no such row": '<row r="1048577"><c><v>1</v></c></row>',
    "no such text": '<row r="1"><c t="s"><v>7</v></c></row>',
    "no such type": '<row r="1"><c t="zz"><v>7</v></c></row>',
    "no row": '<c r="A1"><v>1</v></c>',
}


@pytest.mark.parametrize("rows", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_sheet_that_contradicts_itself(rows):
    refusal(zipped(parts(SMALL, Members=_sheet(rows))), "contradicts itself", "sheet 'Members'")


BIG = {
    "cell in the last corner": _sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "huge merge": _sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>member</t></is></c></row>',
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    ),
    "a million styled rows": _sheet("".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(1, 1_048_577))),
    "a million empty rows": _sheet("<row/>" * 1_048_576),
    "five million cells": _sheet("<row>" + "<c/>" * 5_000_000 + "</row>"),
    "very many numbers": _sheet("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 260_000))),
    "very many texts": _sheet("".join(f'<row><c t="inlineStr"><is><t>{n}</t></is></c></row>' for n in range(260_000))),
}


@pytest.mark.slow
@pytest.mark.parametrize("sheet", BIG.values(), ids=BIG.keys())
def test_big_sheets_are_quick(sheet):
    data = zipped(parts(SMALL, Members=sheet))
    start = time.process_time()
    reading = read(data)
    assert time.process_time() - start < SECONDS
    assert reading.scenario is None
    assert reading.faults


@pytest.mark.slow
def test_very_many_faults_are_quick():
    sheets = small()
    sheets["Members"] = [SMALL["Members"][0], *([f"Member {n}", "x", 0, 1, 9, None, 0.3] for n in range(450))]
    sheets["Holdings"] = [["member", *(f"Brigade {n}" for n in range(100))]]
    sheets["Holdings"] += [[f"Mamber {n}", *["many"] * 100] for n in range(1000)]
    sheets["Caveats"] = [["member", "task"], *([f"Nember {n}", "Defend"] for n in range(10_000))]
    start = time.perf_counter()
    reading = read(zipped(parts(sheets)))
    assert time.perf_counter() - start < SECONDS
    assert len(reading.faults) == 1001


def test_one_long_text_used_very_often():
    content = parts(
        SMALL, Holdings=_sheet("".join("<row>" + '<c t="s"><v>0</v></c>' * 100 + "</row>" for _ in range(999)))
    )
    content["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>{"x" * 30_000}</t></si></sst>'
    relations = str(content["xl/_rels/workbook.xml.rels"])
    added = '<Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    content["xl/_rels/workbook.xml.rels"] = relations.replace("</Relationships>", added)
    refusal(zipped(content), "more text than is accepted")
    content["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si><t>{"x" * 300_000}</t></si></sst>'
    refusal(zipped(content), "longer than the 32,767 characters")


def test_very_many_column_ranges():
    columns = "<cols>" + '<col min="1" max="16384" hidden="1"/>' * 100_000 + "</cols>"
    row = "<row>" + "".join(f"<c><v>{n}</v></c>" for n in range(16_000)) + "</row>"
    data = zipped(parts(SMALL, Holdings=_sheet(row).replace("<sheetData>", f"{columns}<sheetData>")))
    start = time.perf_counter()
    assert read(data).scenario is None
    assert time.perf_counter() - start < SECONDS


@pytest.mark.slow
def test_memory_is_bounded(tmp_path):
    """In a process of its own that may not use more than 600 MB of addresses."""
    path = tmp_path / "big.xlsx"
    path.write_bytes(zipped(parts(SMALL, Members=BIG["very many numbers"])))
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20));"
        "from model.workbook.read.load import read; reading = read(sys.argv[1]); assert reading.faults"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_macros_are_a_warning():
    reading = read(zipped({**parts(), "xl/vbaProject.bin": b"x"}))
    assert reading.scenario is not None
    assert "macros" in reading.faults[0].found
