"""How names are compared: the only place that says which spellings mean the same and which characters names have."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MAX_NAME_LENGTH = 100
"""Longest name of a member, capability, task, … in characters."""

MAX_OPTIONS = 400
"""How many known names are considered for a suggestion; keeps hostile workbooks cheap."""

_JOINERS = "\u200c\u200d"
_NO_JOINERS = str.maketrans("", "", _JOINERS)
_JOINED = (
    "ARABIC", "SYRIAC", "NKO", "MANDAIC", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU",
    "KANNADA", "MALAYALAM", "SINHALA", "MYANMAR", "KHMER",
)  # fmt: skip
"""Scripts whose words are spelt with joiners, such as those of Persian, Urdu and Hindi."""
_VIRAMA = 9
_REFUSED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_COMMA = re.compile(r" ?, ?")
_LOOSE = re.compile(r"[\s_\-]+")
_WORD_BREAK = re.compile(r"[\s\-_/.,()]+")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁһкмтвн" + "αοεικνρτυχγ", "aeopcyxijsdhkmtbh" + "aoeikvptuxy")


def spelling(text: str) -> str:
    """A name as it is kept and shown: composed characters, no outer blanks, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def normalised(text: str) -> str:
    """The form in which names are compared: compatibility characters unified, single spaces, no case, no joiners."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_NO_JOINERS).split())
    return _COMMA.sub(", ", plain) if "," in plain else plain


def normalised_heading(text: str) -> str:
    """The form in which names of the tool's own (columns, settings, levers) are compared: spaces, ``_`` and ``-`` ignored."""
    return _LOOSE.sub("", normalised(text))


def skeleton(text: str) -> str:
    """The normalised form with Cyrillic and Greek letters that look Latin replaced: equal skeletons look alike."""
    return normalised(text).translate(_LOOK_ALIKES)


def refused_characters(text: str) -> tuple[str, ...]:
    """Control, zero-width and direction characters in a name, named as ``U+200B ZERO WIDTH SPACE``."""
    bad = sorted({character for at, character in enumerate(text) if _is_refused(text, at)})
    return tuple(f"U+{ord(character):04X} {unicodedata.name(character, 'control character')}" for character in bad)


def visible(text: str) -> str:
    """The text without the characters a name may not have, cut to the allowed length."""
    return spelling("".join(c for at, c in enumerate(text) if not _is_refused(text, at)))[:MAX_NAME_LENGTH]


def _is_refused(text: str, at: int) -> bool:
    """Whether the character there may not stand in a name; joiners may where the script needs them."""
    if text[at] in _JOINERS:
        before, after = _script(text[at - 1 : at]), _script(text[at + 1 : at + 2])
        follows_virama = bool(before) and unicodedata.combining(text[at - 1]) == _VIRAMA
        return not (follows_virama or (before and before == after))
    return unicodedata.category(text[at]) in _REFUSED


def _script(letter: str) -> str:
    """The script of a letter or mark that joiners may stand beside; "" for any other."""
    if not letter or unicodedata.category(letter)[0] not in "LM":
        return ""
    return next((script for script in _JOINED if unicodedata.name(letter, "").startswith(script)), "")


def mixed_scripts(text: str) -> tuple[str, ...]:
    """The scripts mixed within one word of the name (a Cyrillic а in a Latin word); empty where there is no mixture."""
    for word in _WORD_BREAK.split(text):
        first_words = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
        found = tuple(script.capitalize() for script in _SCRIPTS if script in first_words)
        if len(found) > 1:
            return found
    return ()


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """The option most like the word, or "" where none is near."""
    bare = skeleton(word[:MAX_NAME_LENGTH])
    near: dict[str, str] = {}
    for option in options:
        if abs(len(option) - len(bare)) <= max(3, len(bare) // 2) and len(near) < MAX_OPTIONS:
            near.setdefault(skeleton(option), option)
    if bare in near:
        return near[bare]
    found = difflib.get_close_matches(bare, list(near), n=1, cutoff=0.6)
    return near[found[0]] if found else ""


def parted(text: str, marks: str = ",") -> tuple[str, ...]:
    """The parts of a text between commas, trimmed; what stands in double quotes is one part whatever is in it."""
    parts, start, quoted = [], 0, False
    for at, character in enumerate(text):
        if character == '"' and (quoted or not text[start:at].strip()):
            quoted = not quoted
        elif character in marks and not quoted:
            parts.append(text[start:at])
            start = at + 1
    return tuple(unquoted(part) for part in (*parts, text[start:]))


def unquoted(text: str) -> str:
    """A text without the blanks and the pair of double quotes around it."""
    bare = text.strip()
    return bare[1:-1].strip() if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare


def listed(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """The names in a text with commas (or semicolons) between; a known name that holds commas itself is found whole."""
    whole = {_COMMA.sub(", ", normalised(name).replace(";", ",")): name for name in known}
    longest = max((name.count(",") + 1 for name in whole), default=1)
    parts = parted(text, ",;")
    found, at = [], 0
    while at < len(parts):
        ends = range(min(len(parts), at + longest), at + 1, -1)
        end = next((end for end in ends if normalised(", ".join(parts[at:end])) in whole), at + 1)
        found.append(parts[at] if end == at + 1 else whole[normalised(", ".join(parts[at:end]))])
        at = end
    return tuple(name for name in found if name)


def suggestion(word: str, options: Iterable[str]) -> str:
    """``Did you mean 'Poland'? `` (with a trailing blank), saying so where only the alphabet differs; or ""."""
    nearest = did_you_mean(word, options)
    if not nearest:
        return ""
    if normalised(word) != normalised(nearest) and skeleton(word) == skeleton(nearest):
        return f"Did you mean '{nearest}'? The two look alike but use different alphabets. "
    return f"Did you mean '{nearest}'? "


@dataclass(frozen=True)
class Names:
    """The names of one dimension in the workbook's order; ``complete`` is False where some could not be read."""

    what: str
    spellings: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True

    def find(self, text: str) -> str | None:
        """The spelling of the table that introduces the name, or None where there is no such name."""
        return self.spellings.get(normalised(text))

    def all(self) -> tuple[str, ...]:
        """Every name, first things first."""
        return tuple(self.spellings.values())
