"""Units as people write them behind headings, read so that they can be compared: ``USD m per year``, ``months``, ``%``."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from model.language.names import normalised

_YEAR, _MONEY, _SHARE, _PIECE, _PEOPLE, _LENGTH, _JOB, _COUNT = (
    "year",
    "money",
    "share",
    "piece",
    "people",
    "length",
    "job",
    "",
)

_SCALES = {
    1e3: "k thousand thousands tsd tausend mille mil",
    1e6: "m mm mn mio mln mill million millions millionen millones milhões milioni miljoen",
    1e9: "b bn bln billion billions mrd mld mia md milliard milliards milliarde milliarden miljard miliardi",
    1e12: "tn trn trillion trillions billionen",
    1e5: "lakh",
    1e7: "crore crores",
}
_TIMES = {
    1.0: "year years yr yrs y a annum jahr jahre jahren an ans année années año años anno anni jaar",
    1 / 12: "month months mo mos mth mths monat monate monaten mois mes meses mese mesi maand maanden",
    7 / 365.25: "week weeks wk wks woche wochen semaine semaines",
    1 / 365.25: "day days d tag tage tagen jour jours día días",
    1 / 8766: "hour hours h hr hrs",
    0.25: "quarter quarters qtr qtrs quartal quartale trimestre trimestres",
    10.0: "decade decades",
}
_RATES = {
    1.0: "yearly annual annually pa jährlich annuel",
    1 / 12: "monthly pm monatlich mensuel",
    7 / 365.25: "weekly",
    1 / 365.25: "daily",
    0.25: "quarterly",
}
_OTHERS: dict[tuple[str, float], str] = {
    (_SHARE, 1.0): "fraction fractions share shares part parts ratio times x × factor",
    (_SHARE, 0.01): "% percent pct prozent pourcent",
    (_SHARE, 0.001): "‰ permille",
    (_SHARE, 0.0001): "bp bps",
    (_PIECE, 1.0): "unit units piece pieces number no nr # count each item items stück anzahl",
    (_PEOPLE, 1.0): "people persons person inhabitants inhabitant heads head capita einwohner habitants",
    (_LENGTH, 1.0): "km kilometre kilometres kilometer kilometers",
    (_LENGTH, 0.001): "metre metres meter meters",
    (_LENGTH, 1.609344): "mi mile miles",
    (_LENGTH, 1.852): "nm nmi nautical",
    (_JOB, 1.0): "jobyear jobyears job jobs",
    (_MONEY, 1.0): "money",
}
_CURRENCY_WORDS = {
    "$": "$", "dollar": "$", "dollars": "$", "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "pound": "GBP",
    "pounds": "GBP", "¥": "¥", "yen": "JPY", "yuan": "CNY", "₩": "KRW", "won": "KRW", "₹": "INR", "rupee": "INR",
    "rupees": "INR", "₽": "RUB", "₺": "TRY", "₴": "UAH", "zł": "PLN", "rmb": "CNY",
}  # fmt: skip
_ISO_4217 = """
    AED AFN ALL AMD AOA ARS AUD AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE
    CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD GBP GEL GHS GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS
    KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR
    NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP
    TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XAG XCD XOF XPF XDR YER ZAR ZMW ZWG
"""
_CODES = frozenset(_ISO_4217.split())
_ALSO_WORDS = ("ALL", "CUP", "MOP", "PEN", "TOP", "TRY", "SOS")
"""Codes that are English words too: they count only in capitals."""
_TWINS = {"$": lambda code: code.endswith("D"), "¥": lambda code: code in ("JPY", "CNY")}


def _by_word(table: Mapping[float, str]) -> dict[str, float]:
    return {word: size for size, words in table.items() for word in words.split()}


_SCALE, _TIME, _RATE = map(_by_word, (_SCALES, _TIMES, _RATES))
_OTHER = {word: what for what, words in _OTHERS.items() for word in words.split()}
_FILLING = ("of", "in", "the", "a", "an", "and", "is", "1", "de", "des", "der")
_PER = ("/", "per", "p", "pro", "par", "por", "je")
_SPELT = (
    (re.compile(r"\bp\.\s?a\b\.?", re.I), " / year "),
    (re.compile(r"\bper[ -]?cent\b", re.I), " % "),
    (re.compile(r"\bus\s?\$", re.I), " USD "),
    (re.compile(r"\bbasis points?\b", re.I), " bp "),
    (re.compile(r"\b(?:a|each|every) (year|month|week|day)\b", re.I), r" / \1 "),
    (re.compile(r"\b(job|person|man)-(year)", re.I), r"\1\2"),
    (re.compile(r"['’]000s?\b|(?<![\d.,])0?00s\b"), " thousand "),
    (re.compile(r"(?<=\d)[, '’](?=\d{3}\b)"), ""),
    (re.compile(r"(?<=[a-z])\^?-1\b|⁻¹", re.I), " "),
)
_TOKEN = re.compile(r"[%‰$€£¥₩₹₽₺₴/×#]|\d+(?:\.\d+)?(?:\^\d+|e\d+)?|[^\W\d_]+")


@dataclass(frozen=True)
class Unit:
    """What a unit measures, above and below the line: by dimension, how many base units (years, pieces, …) one of it is.

    A bare number such as ``million`` is of the dimension "". ``unknown`` are words that are no unit.
    """

    above: Mapping[str, float] = field(default_factory=dict)
    below: Mapping[str, float] = field(default_factory=dict)
    currency: str = ""
    unknown: tuple[str, ...] = ()

    def fits(self, own: Unit) -> bool:
        """Whether figures in this unit are figures in the other, as far as this one says; what it leaves out is no conflict."""
        sides = ((self.above, own.above), (self.below, own.below))
        return self.is_same_money(own) and all(_agree(given, ours) for given, ours in sides)

    def is_same_money(self, own: Unit) -> bool:
        """Whether both are of one currency, or one of them names none."""
        one, other = self.currency, own.currency
        twins = (_TWINS.get(a, lambda _: False)(b) for a, b in ((one, other), (other, one)))
        return not one or not other or one == other or any(twins)

    def ratio(self, own: Unit) -> float | None:
        """By what figures in this unit are multiplied to be in the other; None where the two measure different things."""
        if not self.is_same_money(own):
            return None
        ratio = 1.0
        for given, ours, turned in ((self.above, own.above, 1), (self.below, own.below, -1)):
            for dimension, size in given.items():
                of = _counterpart(dimension, ours)
                if of is None:
                    return None
                ratio *= (size / of) ** turned
        return ratio

    @property
    def says_nothing(self) -> bool:
        return not (self.above or self.below or self.currency)


def _counterpart(dimension: str, ours: Mapping[str, float]) -> float | None:
    """The size of a dimension on the other side; a bare number is of whatever is counted there."""
    if dimension in ours:
        return ours[dimension]
    if dimension == _COUNT:
        return next((ours[of] for of in (_MONEY, _PEOPLE, _PIECE, _JOB) if of in ours), None)
    return ours.get(_COUNT) if dimension in (_PEOPLE, _MONEY) else None


def _agree(given: Mapping[str, float], ours: Mapping[str, float]) -> bool:
    sizes = ((size, _counterpart(dimension, ours)) for dimension, size in given.items())
    return all(of is not None and math.isclose(size, of, rel_tol=0.02) for size, of in sizes)


@dataclass
class _Side:
    """One side of the line while it is read."""

    sizes: dict[str, float] = field(default_factory=dict)
    scale: float = 0.0

    def finished(self) -> dict[str, float]:
        """Its dimensions, the scale multiplied into the one it is about."""
        if self.scale:
            about = _MONEY if _MONEY in self.sizes else next(iter(self.sizes), _COUNT)
            self.sizes[about] = self.sizes.get(about, 1.0) * self.scale
        return self.sizes


def unit_of(text: str) -> Unit:
    """The unit in a text; a word that is none is among its ``unknown``."""
    sides, at, currency, unknown = (_Side(), _Side()), 0, "", []
    for token in _tokens(text):
        word = token.casefold()
        side = sides[at]
        if word in _PER:
            at = 1
        elif money := _currency(token):
            currency, side.sizes[_MONEY] = money, 1.0
        elif (scale := _scale(word)) is not None:
            side.scale = (side.scale or 1.0) * scale
        elif word in _TIME:
            side.sizes[_YEAR] = _TIME[word]
        elif word in _RATE:
            sides[1].sizes[_YEAR] = _RATE[word]
        elif word in _OTHER:
            dimension, size = _OTHER[word]
            side.sizes.setdefault(dimension, size)
        elif word not in _FILLING:
            unknown.append(token)
    return Unit(sides[0].finished(), sides[1].finished(), currency, tuple(unknown))


def _tokens(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", text)
    for pattern, spelt in _SPELT:
        plain = pattern.sub(spelt, plain)
    for token in _TOKEN.findall(plain):
        yield from _taken_apart(token)


def _taken_apart(token: str) -> tuple[str, ...]:
    """``USDm`` and ``kEUR`` as currency and scale; any other word as it is."""
    if not token.isalpha() or _is_known(token):
        return (token,)
    for at in (*range(1, 4), *range(len(token) - 3, len(token))):
        one, other = token[:at], token[at:]
        if (_currency(one) and _scale(other.casefold())) or (_scale(one.casefold()) and _currency(other)):
            return one, other
    return (token,)


def _is_known(token: str) -> bool:
    word = token.casefold()
    return bool(_currency(token)) or any(word in table for table in (_SCALE, _TIME, _RATE, _OTHER, _FILLING, _PER))


def _currency(token: str) -> str:
    if token.casefold() in _CURRENCY_WORDS:
        return _CURRENCY_WORDS[token.casefold()]
    code = token.upper()
    return code if code in _CODES and (code not in _ALSO_WORDS or token.isupper()) else ""


def _scale(word: str) -> float | None:
    """1e6 from ``million``, ``10^6``, ``1000000``; None for what is no scale."""
    if word in _SCALE:
        return _SCALE[word]
    base, caret, power = word.partition("^")
    if not word[:1].isdigit() or word == "1" or len(word) > 15 or (caret and (base != "10" or len(power) > 2)):
        return None
    size = 10.0 ** int(power) if caret else float(word)
    return size if size >= 100 and math.log10(size).is_integer() else None


_BRACKETS = re.compile(r"^(?P<stem>[^(\[{]*)[(\[{](?P<unit>.*)[)\]}](?P<rest>[^()\[\]{}]*)$", re.DOTALL)
_OPEN_BRACKET = re.compile(r"^(?P<stem>[^(\[{]*)[(\[{](?P<unit>.*)(?P<rest>)$", re.DOTALL)
_BREAKS = re.compile(r"[,/:;|–—\n]|\s-\s|\s+in\s+")


def with_unit(text: str, known: Callable[[str], str | None], in_brackets: bool = False) -> tuple[str, str] | None:
    """What a heading stands for and the unit behind it ("" where there is none), if ``known`` has a name for it.

    The unit may stand in brackets of any kind, or (unless it must be ``in_brackets``, since what stands before may hold
    commas itself) behind a comma, slash, colon, dash, line break or `in`.
    """
    if name := known(text):
        return name, ""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _BRACKETS.match(plain) or _OPEN_BRACKET.match(plain)
    stem, inside = (f"{match['stem']} {match['rest']}".strip(), match["unit"].strip()) if match else (plain, "")
    if match and (name := known(stem)):
        return name, inside or "()"
    for found in () if in_brackets else _BREAKS.finditer(stem):
        if name := known(stem[: found.start()]):
            return name, f"{stem[found.end() :].strip()} {inside}".strip() or found.group()
    return None


def same_words(one: str, other: str) -> bool:
    """Whether two texts are the same words, one of them perhaps in the plural."""
    bare = [re.sub(r"\W+", " ", normalised(text).replace("(s)", "s")).strip() for text in (one, other)]
    if not all(bare):
        return False
    return bare[0] == bare[1] or any(a in (f"{b}s", f"{b}es", f"{b[:-1]}ies") for a, b in (bare, bare[::-1]))
