"""The gate: decides from the bytes of a file and its zip directory whether it may be unpacked, before anything is.

Every refusal is a :class:`WorkbookError` with one fault. What passes is bounded: in file size, unpacked size, number
of parts and compression ratio, so that all later reading is bounded too.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from model.language.faults import Fault, WorkbookError

MIB = 1 << 20
MAX_FILE_BYTES = 32 * MIB
"""Largest workbook accepted; a scenario of the whole of NATO takes well under one."""
MAX_PART_BYTES = 64 * MIB
"""Largest single part (a sheet, the shared texts, a picture) after unpacking."""
MAX_UNPACKED_BYTES = 128 * MIB
"""All parts together after unpacking."""
MAX_RATIO = 300
"""Unpacked to packed size above which a part larger than ``RATIO_FROM_BYTES`` is a bomb; sheets reach about 30."""
RATIO_FROM_BYTES = 4 * MIB
MAX_PARTS = 2000
MAX_DIRECTORY_BYTES = MIB // 2
"""Largest zip directory: bounds the time it takes to list the parts."""
CHUNK_BYTES = 64 * 1024
_HEAD_BYTES = 64 * 1024

_END = b"PK\x05\x06"
_END64_LOCATOR = b"PK\x06\x07"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY_IS_ENCRYPTED = 0x1
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError
)  # fmt: skip
_SAVE_AS = "Open it in Excel or LibreOffice and save it as an Excel workbook (.xlsx)."
_COPY_AGAIN = "Copy or download the file again, or open it in Excel, repair it and save it."
_DISTRUST = "Do not use this file; ask its sender for another."
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "a rich-text document"),
)


def refused(found: str, message: str, remedy: str) -> WorkbookError:
    """The exception for a file that cannot be read as a whole."""
    return WorkbookError([Fault("", "", "error", found, message, remedy)])


def part_name(name: str) -> str:
    """The form in which names of parts are compared: forward slashes, no escapes, no empty steps, no case, no first slash.

    Some programs write backslashes, ``%20`` or other capitals than their own directory says; Excel opens such files.
    """
    plain = unquote(name).replace("\\", "/")
    return posixpath.normpath(f"/{plain}").lstrip("/").lower()


@dataclass(frozen=True)
class Archive:
    """A zip file that passed the gate. ``parts`` maps the name of each part (:func:`part_name`) to its directory entry."""

    file: zipfile.ZipFile
    parts: Mapping[str, zipfile.ZipInfo]

    def __contains__(self, part: str) -> bool:
        return part_name(part) in self.parts

    def chunks(self, part: str) -> Iterator[bytes]:
        """The unpacked bytes of one part, piece by piece; never more than the directory declared."""
        try:
            with self.file.open(self.parts[part_name(part)]) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    yield chunk
        except _DAMAGE as damage:
            raise refused(part, "a part of the workbook is damaged and cannot be unpacked", _COPY_AGAIN) from damage


def file_bytes(path: Path) -> bytes:
    """The whole file, if it is an ordinary file of acceptable size."""
    try:
        if not path.exists():
            raise refused(str(path), "there is no such file", "Check the name and the folder.")
        if not path.is_file():
            raise refused(str(path), "this is not a file", "Give the path of an Excel workbook (.xlsx).")
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as failure:
        remedy = "Close it elsewhere and check that you may read it."
        raise refused(str(path), f"the file cannot be read ({failure})", remedy) from failure
    return data


def open_archive(data: bytes) -> Archive:
    """The archive in these bytes, or a :class:`WorkbookError` that says why it is not accepted."""
    if len(data) > MAX_FILE_BYTES:
        raise refused(
            f"more than {MAX_FILE_BYTES // MIB} MiB",
            f"the file is too large; at most {MAX_FILE_BYTES // MIB} MiB are accepted",
            "Remove pictures and unneeded sheets.",
        )
    if not data.startswith(b"PK\x03\x04"):
        raise _not_a_zip(data)
    _check_directory_size(data)
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as damage:
        message = "the workbook is damaged: its table of contents cannot be read"
        raise refused("a damaged archive", message, _COPY_AGAIN) from damage
    entries = [entry for entry in file.infolist() if not entry.filename.endswith(("/", "\\"))]
    _check_names(entries)
    _check_sizes(entries)
    archive = Archive(file, {part_name(entry.filename): entry for entry in entries})
    _check_declarations(archive)
    return archive


def _not_a_zip(data: bytes) -> WorkbookError:
    """What the file is instead of a workbook."""
    if not data:
        return refused("an empty file", "the file has no content", _COPY_AGAIN)
    if data.startswith(_OLE2):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return refused(
                "an encrypted workbook",
                "the workbook is password-protected and cannot be read",
                "Open it in Excel, remove the password (File > Info > Protect Workbook) and save it.",
            )
        return refused("a file in the old Office format (.xls)", "only .xlsx workbooks can be read", _SAVE_AS)
    found = next((name for start, name in _SIGNATURES if data.startswith(start)), "") or _kind_of_text(data[:4096])
    return refused(found, "this is not an Excel workbook (.xlsx), whatever its name says", _SAVE_AS)


def _kind_of_text(head: bytes) -> str:
    lower = head.lower().lstrip(b"\xef\xbb\xbf \r\n\t")
    if b"\x00" in head:
        return "a file of unknown kind"
    if lower.startswith((b"<!doctype html", b"<html", b"<table")):
        return "a web page"
    if lower.startswith(b"<?xml"):
        return "an XML file"
    printable = sum(byte >= 32 or byte in b"\r\n\t" for byte in head)
    return "a text file (CSV?)" if printable > 0.98 * len(head) else "a file of unknown kind"


def _check_directory_size(data: bytes) -> None:
    """Bounds the zip directory before the zip library reads it, looking for its end where that library looks."""
    at = len(data) - 22
    if at < 0 or data[at : at + 4] != _END or data[-2:] != b"\x00\x00":
        at = data.rfind(_END, max(0, len(data) - 22 - 65535))
    if at < 0 or at + 22 > len(data):
        message = "the workbook is truncated: the end of the file is missing"
        raise refused("an archive without its end", message, _COPY_AGAIN)
    entries, size = struct.unpack("<HI", data[at + 10 : at + 16])
    if data[max(0, at - 20) : at][:4] == _END64_LOCATOR or size > MAX_DIRECTORY_BYTES or entries > MAX_PARTS:
        raise _too_many(entries)


def _too_many(parts: int) -> WorkbookError:
    message = f"the workbook has too many parts; at most {MAX_PARTS} are accepted"
    return refused(f"{parts} parts", message, "Save it anew from Excel.")


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS:
        raise _too_many(len(entries))
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        shown = name[:60].encode("unicode_escape").decode()
        plain = unquote(name).replace("\\", "/")
        climbs = plain.startswith("/") or ".." in plain.split("/") or part_name(name) in ("", ".")
        if climbs or ":" in plain or not plain.isprintable():
            raise refused(shown, "a part of the workbook has an unsafe name", _DISTRUST)
        if part_name(name) in seen:
            raise refused(shown, "a part occurs twice in the workbook, so its content is ambiguous", _SAVE_AS)
        seen.add(part_name(name))


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        if entry.flag_bits & _ENTRY_IS_ENCRYPTED:
            message = "the archive is password-protected and cannot be read"
            raise refused(entry.filename, message, "Save it without a password.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused(entry.filename, "a part is packed by a method that Excel does not use", _SAVE_AS)
        ratio = entry.file_size / max(1, entry.compress_size)
        if entry.file_size > MAX_PART_BYTES or (entry.file_size > RATIO_FROM_BYTES and ratio > MAX_RATIO):
            size = f"{entry.file_size / MIB:.0f} MiB unpacked, {ratio:.0f} times its packed size"
            raise _too_large(f"{entry.filename[:60]}: {size}")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED_BYTES:
        raise _too_large(f"{total / MIB:.0f} MiB unpacked")


def _too_large(found: str) -> WorkbookError:
    limits = f"{MAX_PART_BYTES // MIB} MiB a part, {MAX_UNPACKED_BYTES // MIB} MiB in all, {MAX_RATIO} times packed"
    return refused(
        found,
        f"the workbook is too large when unpacked; allowed: {limits}",
        "Delete the empty but formatted rows and columns below and beside the data, and pictures; then save.",
    )


def _check_declarations(archive: Archive) -> None:
    """Refuses document types and entities in every XML part, read here or by other programs later."""
    for part, entry in archive.parts.items():
        if not part.endswith((".xml", ".rels", ".vml")):
            continue
        try:
            with archive.file.open(entry) as stream:
                head = stream.read(_HEAD_BYTES).replace(b"\x00", b"").upper()
        except _DAMAGE as damage:
            raise refused(part, "a part of the workbook is damaged and cannot be unpacked", _COPY_AGAIN) from damage
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise declares_entities(part)


def declares_entities(part: str) -> WorkbookError:
    """The refusal of a part with a document type: Excel never writes one, bombs and file thieves do."""
    return refused(
        f"a document type in {part}",
        "the workbook declares XML entities, which Excel never does and attacks do",
        _DISTRUST,
    )
