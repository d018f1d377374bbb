"""Numbers as people type and paste them, in any country's notation: the number meant, or why it cannot be told.

``5,6``, ``.5``, ``1.200,5``, ``1'200.5``, ``1 200``, ``−3`` and ``4,5 %`` have one reading each. ``1,200`` and ``1.200`` have
two, a thousand times apart, and are refused: nothing here guesses.
"""

from __future__ import annotations

import math
import re
import unicodedata

_SAME = {
    **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\ufe63", "-"),
    **dict.fromkeys("\u2019\u2018\u02bc\u2032\u066c", "'"),  # the last one sets thousands apart in Arabic
    "\u066a": "%",
    "\ufe6a": "%",
}
"""Signs that mean the same as one on every keyboard."""

_NUMBER = re.compile(
    r"(?P<sign>[+-]?) ?"
    r"(?:(?P<whole>[0-9]*)(?P<grouped>)"
    r"|(?P<first>[1-9][0-9]{0,2})(?P<group>[ ',.])(?P<rest>[0-9]{3}(?:(?P=group)[0-9]{3})*)"
    r"|(?P<lakhs>[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}))"
    r"(?:(?P<point>[.,\u066b])(?P<part>[0-9]*))?(?P<power>[eE][+-]?[0-9]{1,4})?(?P<percent> ?%)?"
)
_TWO_READINGS = re.compile(r"(?<![0-9.,])([1-9][0-9]{0,2})([.,])([0-9]{3})(?![0-9.,eE])")


class NotANumber(ValueError):
    """What was typed is no number, or more than one. ``why`` says what is wrong with it, ``remedy`` what to do."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"{why}. {remedy}")
        self.why, self.remedy = why, remedy


def typed_number(text: str, percent: bool = False) -> float:
    """The number a text means; ``percent`` allows a percent sign, which divides by a hundred. Raises NotANumber."""
    plain = _plain(text)
    match = _NUMBER.fullmatch(plain)
    if match is None or not _is_whole(match):
        raise NotANumber("not a number", "Type digits alone, with a point or a comma before decimals.")
    if match["percent"] and not percent:
        raise NotANumber("a percentage, which is not taken here", "Type the number itself.")
    _check_one_reading(match)
    number = float(match["sign"] + _digits(match) + (match["power"] or ""))
    if not math.isfinite(number):
        raise NotANumber("too large to calculate with", "Type a smaller number.")
    return (number / 100 if match["percent"] else number) + 0.0  # no negative zero


def unmistakable(text: str) -> str:
    """A number written with a decimal point so that :func:`typed_number` takes it back: ``1.234`` becomes ``1.2340``."""
    return _TWO_READINGS.sub(r"\1\2\g<3>0", text)


def _plain(text: str) -> str:
    """The text with digits, signs and blanks of all scripts as plain ones; characters that cannot be seen left out."""
    return "".join(map(_plain_character, text.strip())).strip()


def _plain_character(one: str) -> str:
    if "\uff01" <= one <= "\uff5e":
        one = chr(ord(one) - 0xFEE0)
    one = _SAME.get(one, one)
    digit = unicodedata.decimal(one, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(one)
    return " " if kind == "Zs" else "" if kind == "Cf" else one


def _is_whole(match: re.Match[str]) -> bool:
    """Whether there are digits at all, thousands and decimals set apart by different signs, and no power beside thousands."""
    if match["grouped"] is not None:
        return bool(match["whole"] or match["part"])
    return match["power"] is None and match["point"] != (match["group"] or ",")


def _check_one_reading(match: re.Match[str]) -> None:
    """Refuse what may be thousands or decimals: one to three digits, a point or comma, three digits."""
    said = match["whole"], match["point"], match["part"]
    if match["grouped"] is None:
        said = match["first"], match["group"], match["rest"] if match["point"] is None else ""
    if match["power"] is None and _TWO_READINGS.fullmatch("".join(one or "" for one in said)):
        sign, end = match["sign"].replace("+", ""), " %" if match["percent"] else ""
        smaller = unmistakable(f"{float(f'{said[0]}.{said[2]}'):.15g}")
        thousands, decimals = f"{sign}{said[0]}{said[2]}{end}", f"{sign}{smaller}{end}"
        raise NotANumber(
            f"can be read as {thousands} and as {decimals}", f"Type {thousands} or {decimals}, whichever is meant."
        )


def _digits(match: re.Match[str]) -> str:
    """The digits with a point before the decimals."""
    whole = match["whole"] or (match["first"] or "") + (match["rest"] or "") + (match["lakhs"] or "")
    return re.sub("[ ',.]", "", whole) + "." + (match["part"] or "0")
