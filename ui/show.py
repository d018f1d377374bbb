"""How pages show things: the answer in a sentence, figures with their units, tables, pictures, downloads. Nothing from a
workbook reaches the browser as anything but text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

from model.report.charts.base import picture_of
from model.report.pages import Chart, Grid, Item, Page, Paragraph
from model.solve.plan import Plan
from model.wording import words

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~$]|&(?=[#\w])|^#|^[-+](?=[\s-]|$)")
"""What a Markdown reader might take for formatting, and nothing else: labels are read aloud as they stand."""

_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
"""Would begin a numbered list."""

_READ_LATER = re.compile(r":(?=\S)|@(?=\S)|www(?=\.)|(?<!\S)(?:<->|->|<-|--|>=|<=|~=)(?!\S)", re.IGNORECASE)
"""What becomes an address, a sign (:material/home:, :wave:) or an arrow only after backslashes were read, which do not help."""

_JOINER = "\u2060"
"""Stands between two letters without being seen: what it parts is read as neither."""

_PERCENT = {"share": 1, "share_two": 2, "fine_share": 3, "share_as_typed": 1}
_DECIMALS = {"whole": 0, "money": 0, "one_decimal": 1, "two_decimals": 2, "four_decimals": 4, "number": 3, "factor": 2}


def escaped(text: object) -> str:
    """Text that a Markdown reader shows as it is: a name in a workbook formats nothing, leads nowhere and fetches nothing.

    Every text that is not written in this program passes through here on its way to a part of a page that formats text.
    """
    line = " ".join(str(text).splitlines()).strip()
    parted = _READ_LATER.sub(lambda found: found[0][0] + _JOINER + found[0][1:], line)
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", parted))


def head(question: str, answer: str, *more: str) -> None:
    """The top of a page: the question it answers, the answer in a sentence, and what else must be said at once."""
    st.header(escaped(question), divider="gray")
    st.markdown(f"**{escaped(answer)}**")
    for text in more:
        st.markdown(escaped(text))


def note(text: str) -> None:
    """A quiet explanation under a picture or a table."""
    st.caption(escaped(text))


def points(texts: Iterable[str]) -> None:
    """Sentences as the points of a list."""
    st.markdown("\n".join(f"- {escaped(text)}" for text in texts))


def heading(text: str) -> None:
    """A heading within a page."""
    st.subheader(escaped(text))


TILE = 190
"""Pixels: wide enough for an amount with its unit; four stand side by side on a window of 1,280."""


def tiles() -> Any:
    """Where figures stand side by side, as many as the window has room for, and go on below."""
    return st.container(horizontal=True)


def figure(
    label: str, value: str, change: str = "", less_is_better: bool | None = None, says: str = "",
    width: int | Literal["stretch"] = TILE,
) -> None:  # fmt: skip
    """One number with its unit, and its difference to the base plan; coloured only where it is said which way is better."""
    colour: Literal["off", "inverse", "normal"] = (
        "off" if not change or less_is_better is None else "inverse" if less_is_better else "normal"
    )
    st.metric(
        escaped(label),
        escaped(value),
        escaped(change) or None,
        delta_color=colour,
        help=escaped(says) or None,
        border=True,
        width=width,
    )


def table(
    frame: pd.DataFrame, units: Mapping[str, str] | None = None, key: str | None = None, height: int | str = "auto",
    percent: Sequence[str] = (), decimals: int | None = None, **named: Any,
) -> Any:  # fmt: skip
    """A table with plain headings and the unit in the heading; ``percent`` names columns that are fractions of 1.

    Further names go to ``st.dataframe`` (``on_select``, ``selection_mode`` …), whose answer comes back.
    """
    units, shown, columns = units or {}, frame.copy(), dict[str, Any]()
    for name in shown.columns:
        title = words.capital(str(name).replace("_", " "))
        if name in percent:
            shown[name] = shown[name] * 100.0
            columns[name] = st.column_config.NumberColumn(f"{title} (%)", format="%.1f")
        elif pd.api.types.is_float_dtype(shown[name]):
            places = decimals if decimals is not None else places_for(shown[name].abs().max())
            unit = f" ({units[name]})" if units.get(str(name)) else ""
            shown[name] = shown[name].round(places)
            columns[name] = st.column_config.NumberColumn(
                title + unit, format="localized" if places == 0 else f"%,.{places}f".replace(",", "")
            )
        else:
            plain = name in ("year", "delivered")
            if plain:
                columns[name] = st.column_config.NumberColumn(title, format="%d")
            elif pd.api.types.is_string_dtype(shown[name]):
                columns[name] = st.column_config.TextColumn(title, width=_room(title, shown[name]))
            else:
                columns[name] = title
    return st.dataframe(
        shown, column_config=columns, hide_index=True, key=key, height=height, width="stretch", placeholder="", **named
    )  # type: ignore[call-overload]


def places_for(largest: float) -> int:
    """Decimals with which a column is read: whole numbers from a thousand up, more the smaller it is."""
    if not largest or not math.isfinite(largest):
        return 0
    return int(min(4, max(0, 3 - math.floor(math.log10(largest)))))


def page(content: Page) -> None:
    """A sheet of the solution workbook, as a page: paragraphs, tables and pictures in its order."""
    grids = {item.name: item for item in content.items if isinstance(item, Grid)}
    for item in content.items:
        show_item(item, grids)


def show_item(item: Item, grids: Mapping[str, Grid]) -> None:
    """One paragraph, table or chart of a report page."""
    if isinstance(item, Paragraph):
        paragraph(item)
    elif isinstance(item, Grid):
        grid(item)
    elif isinstance(item, Chart) and item.grid in grids:
        st.altair_chart(
            picture_of(item, grids), width="stretch", alt=f"{item.title}: {item.y_title} by {item.x_title}."
        )


def paragraph(item: Paragraph) -> None:
    """A heading, a sentence, or a point of a list."""
    text = escaped(item.text)
    if item.kind == "heading":
        st.subheader(text)
    elif item.kind == "quiet":
        st.caption(text)
    else:
        st.markdown({"strong": f"**{text}**", "point": f"- {text}"}.get(item.kind, text))


def grid(item: Grid, key: str | None = None) -> None:
    """A table of a report, its numbers as the workbook formats them."""
    if item.title:
        heading(item.title)
    if item.says:
        note(item.says)
    titles = [header.text if header.name else f"#{i}" for i, header in enumerate(item.headers)]
    frame, columns = pd.DataFrame(list(item.rows), columns=pd.Index(titles)), {}
    for title, header in zip(titles, item.headers, strict=True):
        frame[title] = [getattr(value, "value", value) for value in frame[title]]
        if header.style in _PERCENT:
            frame[title] = pd.to_numeric(frame[title], errors="coerce") * 100
            columns[title] = st.column_config.NumberColumn(
                format=f"%.{_PERCENT[header.style]}f %%", help=escaped(header.note or "") or None
            )
        elif header.style in _DECIMALS and pd.api.types.is_numeric_dtype(frame[title]):
            frame[title], columns[title] = _numbers(frame[title], _DECIMALS[header.style], header.note)
        else:
            frame[title] = frame[title].map(lambda value: "" if value is None else str(value))
            columns[title] = st.column_config.TextColumn(
                width=_room(title, frame[title]), help=escaped(header.note or "") or None
            )
    st.dataframe(frame, column_config=columns, hide_index=True, width="stretch", key=key, placeholder="")


def _room(title: str, texts: pd.Series) -> int:
    """Pixels a column of words needs, up to a width beyond which reading is left to the reader's own pull."""
    longest = max((len(str(text)) for text in texts), default=0)
    return int(min(_WIDEST, max(_NARROWEST, _LETTER * max(longest, len(title)) + _EDGES)))


_NARROWEST, _WIDEST, _LETTER, _EDGES = 60, 420, 6.4, 20
"""Pixels: of columns of words, of a letter, and of the space beside them."""


def _numbers(values: pd.Series, places: int, says: str) -> tuple[pd.Series, Any]:
    """A column of numbers as people read them; text where a column mixes fractions and millions."""
    size = values.abs()
    if size.max() >= 1e4 and places and (size[size > 0] < 10).any():
        return values.map(plain), st.column_config.TextColumn(help=escaped(says) or None)
    form = "localized" if not places or size.max() >= 1e4 else f"%.{places}f"
    return values.round(places), st.column_config.NumberColumn(format=form, help=escaped(says) or None)


def plain(value: float) -> str:
    """A number with as many digits as are worth reading: 1,955,549; 12.3; 0.054."""
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:,.{places_for(abs(value))}f}"


def download(label: str, data: Callable[[], bytes], name: str, key: str, mime: str | None = None) -> None:
    """A file made when it is asked for; of its name, letters, digits and the usual signs are kept."""
    name = re.sub(r"[^\w .,()\[\]&-]", "_", name).lstrip("-. ")
    kind = mime or "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    st.download_button(
        escaped(label), data=data, file_name=name, mime=kind, key=key, on_click="ignore", width="stretch"
    )


def money(plan: Plan, value: float) -> str:
    """An amount in the scenario's currency, as people write it."""
    return words.money(value, words.currency_of(plan.scenario))
