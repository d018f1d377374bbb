"""The parts of an Excel package other than cells: which sheets there are, the shared texts, and which styles are dates.

The only user of the XML parser, which it keeps within limits: no document type, bounded depth, bounded elements.
Transitional and Strict Office Open XML are read alike.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.parsers import expat

from model.language.faults import WorkbookError
from model.workbook.read.archive import Archive, declares_entities, part_name, refused

MAX_ELEMENTS = 2_500_000
"""XML elements read in one workbook: a million formatted but empty rows take two million, and some two seconds."""
MAX_DEPTH = 64
MAX_SHEETS = 100
MAX_TITLE_LENGTH = 100
"""Characters of a sheet's name that are read; Excel allows 31."""
MAX_TEXT_LENGTH = 32_767
"""Longest text of a cell; Excel's own limit."""

_MAIN = {"http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATION_ID = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NOT_A_DATE_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_LATIN_WORD = re.compile(r"[a-z\u00df-\u024f]+")
_DATE_WORD = re.compile(r"(?=.*[dmyhs])[dmyhsabegjpt]+")
"""Letters of dates and times, with those of other languages and of AM/PM. `Standard`, `Estándar`, `Yleinen` are General."""
_UNREADABLE = (expat.ExpatError, ValueError, LookupError, TypeError, ArithmeticError, RuntimeError, MemoryError)
"""What the XML parser raises for parts it cannot read, whatever is wrong with them."""
_UNKNOWN_ENCODING = 18
_REPAIR = "Open it in Excel, let Excel repair it, and save it as an Excel workbook (.xlsx)."


@dataclass
class Meter:
    """How many XML elements, and characters of texts in cells, of a workbook have been read so far."""

    elements: int = 0
    characters: int = 0


class _Tags(dict[str, str]):
    """From the parser's ``namespace}tag`` to the bare tag of spreadsheet elements; "" for every other."""

    def __missing__(self, name: str) -> str:
        namespace, _, tag = name.rpartition("}")
        if namespace not in _MAIN and namespace != _PACKAGE:
            return ""
        if len(self) < 1000:
            self[name] = tag
        return tag


class Walker:
    """Reader of one part: subclasses say what to do at the opening and closing of a tag and with text."""

    def __init__(self) -> None:
        self.elements = 0
        self.depth = 0
        self.tags = _Tags()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if tag := self.tags[name]:
            self.opened(tag, attributes)

    def end(self, name: str) -> None:
        self.depth -= 1
        if tag := self.tags[name]:
            self.closed(tag)

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Called where a spreadsheet element begins."""

    def closed(self, tag: str) -> None:
        """Called where a spreadsheet element ends."""

    def text(self, piece: str) -> None:
        """Called with each piece of text."""


def walk(archive: Archive, part: str, walker: Walker, meter: Meter) -> None:
    """Feeds one part to the walker, within the limits above."""
    if part not in archive:
        raise refused(part, "the workbook is damaged: a part is missing", _REPAIR)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = walker.start
    parser.EndElementHandler = walker.end
    parser.CharacterDataHandler = walker.text

    def refuse_document_type(*_: object) -> None:
        raise declares_entities(part)

    parser.StartDoctypeDeclHandler = refuse_document_type
    before, without_tag = meter.elements, 0
    try:
        for chunk in archive.chunks(part):
            without_tag = 0 if b">" in chunk else without_tag + 1
            parser.Parse(chunk, False)
            meter.elements = before + walker.elements
            _check_limits(part, meter, walker.depth, without_tag)
        parser.Parse(b"", True)
    except _UNREADABLE as error:
        raise _unreadable(part, error) from error


def _unreadable(part: str, error: BaseException) -> WorkbookError:
    """The refusal of a part that the parser gives up on."""
    if isinstance(error, ValueError | LookupError) or getattr(error, "code", None) == _UNKNOWN_ENCODING:
        message = "a part of the workbook is written in an encoding that cannot be read; UTF-8 and UTF-16 can"
        return refused(f"{part}: {error}", message, "Open it in Excel or LibreOffice and save it as .xlsx.")
    return refused(f"{part}: {error}", "the workbook is damaged: a part is not well-formed XML", _REPAIR)


def truth(text: str | None) -> bool | None:
    """True and False however programs write them (``1``, ``true``, ``TRUE``); None for anything else."""
    return {"1": True, "true": True, "0": False, "false": False}.get((text or "").strip().lower())


def _check_limits(part: str, meter: Meter, depth: int, chunks_without_tag: int) -> None:
    if meter.elements > MAX_ELEMENTS:
        raise refused(
            f"more than {MAX_ELEMENTS:,} cells, rows and texts in {part}",
            f"the workbook uses too many cells; at most {MAX_ELEMENTS:,} including empty formatted ones are accepted",
            "Delete the empty but formatted rows and columns below and beside the data; then save.",
        )
    if depth > MAX_DEPTH or chunks_without_tag > 8:
        raise refused(part, "a part of the workbook is built as no spreadsheet program builds it", _REPAIR)


@dataclass(frozen=True)
class SheetPart:
    """One sheet as the workbook lists it."""

    title: str
    part: str
    hidden: bool
    holds_cells: bool


@dataclass(frozen=True)
class Package:
    """What must be known before cells can be read. ``calculates_on_opening``: stored results may be out of date."""

    archive: Archive
    sheets: tuple[SheetPart, ...]
    texts: tuple[str, ...]
    date_styles: frozenset[str]
    percent_styles: frozenset[str]
    epoch: datetime = datetime(1899, 12, 30)
    calculates_on_opening: bool = False
    has_macros: bool = False
    meter: Meter = field(default_factory=Meter)


def open_package(archive: Archive) -> Package:
    """Reads the directory of sheets, the shared texts and the styles."""
    meter = Meter()
    workbook_part = _workbook_part(archive, meter)
    relations = _relations(archive, workbook_part, meter)
    directory = _Directory()
    walk(archive, workbook_part, directory, meter)
    if not directory.is_workbook:
        raise refused(workbook_part, "the file holds no workbook", _REPAIR)
    if len(directory.sheets) > MAX_SHEETS:
        raise refused(f"{len(directory.sheets)} sheets", f"at most {MAX_SHEETS} sheets are accepted", "Remove sheets.")
    texts, styles = _Texts(), _Styles()
    for kind, walker in (("sharedStrings", texts), ("styles", styles)):
        part = next((relation.target for relation in relations.values() if relation.kind == kind), "")
        if part:
            walk(archive, part, walker, meter)
    return Package(
        archive,
        _sheet_parts(directory, relations),
        tuple(texts.texts),
        styles.dates(),
        styles.percentages(),
        directory.epoch,
        directory.calculates_on_opening,
        any(part.endswith("vbaproject.bin") for part in archive.parts),
        meter,
    )


@dataclass(frozen=True)
class _Relation:
    kind: str
    target: str
    external: bool


class _Relations(Walker):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.found: dict[str, _Relation] = {}

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = posixpath.join("/", self.folder, attributes.get("Target", "").replace("\\", "/"))
            external = attributes.get("TargetMode", "").lower() == "external"
            self.found[attributes.get("Id", "")] = _Relation(kind, part_name(target), external)


def _relations(archive: Archive, part: str, meter: Meter) -> dict[str, _Relation]:
    """The relations of a part ("" for the package) by their ids."""
    folder, name = posixpath.split(part)
    walker = _Relations(folder)
    walk(archive, posixpath.join(folder, "_rels", f"{name}.rels"), walker, meter)
    return walker.found


def _workbook_part(archive: Archive, meter: Meter) -> str:
    if "_rels/.rels" not in archive:
        raise _not_a_workbook(archive)
    for relation in _relations(archive, "", meter).values():
        if relation.kind == "officeDocument" and not relation.external:
            if not relation.target.endswith(".xml") or relation.target.startswith(("word/", "ppt/")):
                raise _not_a_workbook(archive)
            return relation.target
    raise _not_a_workbook(archive)


def _not_a_workbook(archive: Archive) -> WorkbookError:
    """The refusal of a zip file that is something else."""
    kinds = {
        "word/document.xml": "a Word document",
        "ppt/presentation.xml": "a PowerPoint presentation",
        "xl/workbook.bin": "a binary workbook (.xlsb)",
        "content.xml": "an OpenDocument file",
    }
    found = next((kind for part, kind in kinds.items() if part in archive), "a zip archive of something else")
    return refused(
        found, "this is not an Excel workbook (.xlsx)", "Open it in Excel or LibreOffice and save it as .xlsx."
    )


class _Directory(Walker):
    """workbook.xml: sheets, day zero of dates, and whether formulas are to be calculated on opening."""

    def __init__(self) -> None:
        super().__init__()
        self.is_workbook = False
        self.sheets: list[tuple[str, str, bool]] = []
        self.epoch = datetime(1899, 12, 30)
        self.calculates_on_opening = False

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbook" and self.depth == 1:
            self.is_workbook = True
        elif tag == "sheet":
            relation = next((attributes[name] for name in _RELATION_ID if name in attributes), "")
            self.sheets.append((attributes.get("name", ""), relation, attributes.get("state", "visible") != "visible"))
        elif tag == "workbookPr" and truth(attributes.get("date1904")):
            self.epoch = datetime(1904, 1, 1)
        elif tag == "calcPr":
            self.calculates_on_opening = bool(truth(attributes.get("fullCalcOnLoad")))


def _sheet_parts(directory: _Directory, relations: Mapping[str, _Relation]) -> tuple[SheetPart, ...]:
    parts = []
    for title, relation_id, hidden in directory.sheets:
        relation = relations.get(relation_id)
        if relation is None or relation.external:
            raise refused(f"sheet '{title[:60]}'", "the workbook is damaged: a sheet has no content", _REPAIR)
        parts.append(SheetPart(title[:MAX_TITLE_LENGTH], relation.target, hidden, relation.kind == "worksheet"))
    if len({part.part for part in parts}) < len(parts):
        raise refused("two sheets with one content", "the workbook is damaged", _REPAIR)
    return tuple(parts)


class TextParts(Walker):
    """Gathers the text of ``t`` elements, leaving out phonetic hints; the base of all readers of texts."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.taking = False
        self.phonetic = False

    def text(self, piece: str) -> None:
        if self.taking:
            self.pieces.append(piece)


_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """Excel's ``_x000D_`` escapes resolved, except to halves of surrogate pairs."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(
        lambda match: match[0] if 0xD800 <= int(match[1], 16) <= 0xDFFF else chr(int(match[1], 16)), text
    )


def joined(pieces: list[str]) -> str:
    """One text from its pieces; longer than any cell may hold is a refusal."""
    if sum(map(len, pieces)) > len("_x000D_") * MAX_TEXT_LENGTH:  # every character may be escaped
        raise refused(
            f"'{pieces[0][:40]}…'", f"a text is longer than the {MAX_TEXT_LENGTH:,} characters a cell may hold", _REPAIR
        )
    return unescaped("".join(pieces))


class _Texts(TextParts):
    """sharedStrings.xml."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "t":
            self.taking = not self.phonetic
        elif tag == "rPh":
            self.phonetic = True

    def closed(self, tag: str) -> None:
        if tag == "t":
            self.taking = False
        elif tag == "rPh":
            self.phonetic = False
        elif tag == "si":
            self.texts.append(joined(self.pieces))
            self.pieces = []


class _Styles(Walker):
    """styles.xml: the number format of each cell style."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[str, str] = {}
        self.formats: list[str] = []
        self.in_cell_formats = False

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self.in_cell_formats = True
        elif tag == "xf" and self.in_cell_formats:
            self.formats.append(attributes.get("numFmtId", "0"))

    def closed(self, tag: str) -> None:
        if tag == "cellXfs":
            self.in_cell_formats = False

    def dates(self) -> frozenset[str]:
        """The cell styles, by position as cells name it, that show a number as a date or a time."""
        return frozenset(str(at) for at, number_format in enumerate(self.formats) if self._is_date(number_format))

    def percentages(self) -> frozenset[str]:
        """The cell styles that show a number as a percentage."""
        codes = (self.codes.get(of, "%" if of in ("9", "10") else "")[:255] for of in self.formats)
        return frozenset(str(at) for at, code in enumerate(codes) if "%" in _NOT_A_DATE_CODE.sub("", code))

    def _is_date(self, number_format: str) -> bool:
        if number_format in self.codes:
            code = self.codes[number_format][:255].split(";")[0]
            words = _LATIN_WORD.findall(_NOT_A_DATE_CODE.sub("", code).lower())
            return any(_DATE_WORD.fullmatch(word) for word in words)
        return (
            number_format.isascii()
            and number_format.isdigit()
            and len(number_format) < 6
            and int(number_format) in _BUILT_IN_DATES
        )
