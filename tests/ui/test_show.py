"""Text of a workbook in the browser: what a Markdown reader would format is shown as it stands, and nothing else is touched."""

import pytest

from ui import show
from ui.show import escaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![x](https://example.org/x.png)", "!\\[x\\](https:\u2060//example.org/x.png)"),
        ("<img src=x>", r"\<img src=x\>"),
        (":red[stop] :material/home:", ":\u2060red\\[stop\\] :\u2060material/home:"),
        ("# Heading", r"\# Heading"),
        ("- point", r"\- point"),
        ("---", r"\---"),
        ("2. point", r"2\. point"),
        ("*a* _b_ ~c~ `d` $e$ |", r"\*a\* \_b\_ \~c\~ \`d\` \$e\$ \|"),
        ("&amp;", r"\&amp;"),
        ("two\nlines\u2028three", "two lines three"),
        ("123. point", r"123\. point"),
        ("www.example.org", "w\u2060ww.example.org"),
        ("HTTP://example.org ftp://a.b", "HTTP:\u2060//example.org ftp:\u2060//a.b"),
        ("mailto:me@example.org", "mailto:\u2060me@\u2060example.org"),
        (":wave: a -> b -- c", ":\u2060wave: a -\u2060\\> b -\u2060- c"),
    ],
)
def test_what_would_be_formatted_is_not(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Budget: Poland (fraction of 1)",
        "−3.2 % (1.96 tn USD)",
        "-3.2 %",
        "1.96 tn USD",
        "2026–2031",
        "a & b",
        "Côte d'Ivoire",
    ],
)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("tutorial (own copy)_solution.xlsx", "tutorial (own copy)_solution.xlsx"),
        ("Österreich 2035_run.json", "Österreich 2035_run.json"),
        ("=cmd|x_solution.xlsx", "_cmd_x_solution.xlsx"),
        ("-rf ../../x\u202egpj.xlsx", "rf .._.._x_gpj.xlsx"),
        ('a"b\r\nSet-Cookie: x.xlsx', "a_b__Set-Cookie_ x.xlsx"),
    ],
)
def test_names_of_downloads_hold_nothing_strange(name: str, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr(show.st, "download_button", lambda label, **more: given.update(more))
    show.download("Take away", bytes, name, "key")
    assert given["file_name"] == kept
