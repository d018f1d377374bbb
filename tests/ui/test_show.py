"""Text of a workbook in the browser: what a Markdown reader would format is shown as it stands, and nothing else is touched."""

import pytest

from ui.show import escaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![x](https://example.org/x.png)", r"!\[x\](https\://example.org/x.png)"),
        ("<img src=x>", r"\<img src=x\>"),
        (":red[stop] :material/home:", r"\:red\[stop\] \:material/home:"),
        ("# Heading", r"\# Heading"),
        ("- point", r"\- point"),
        ("---", r"\---"),
        ("2. point", r"2\. point"),
        ("*a* _b_ ~c~ `d` $e$ |", r"\*a\* \_b\_ \~c\~ \`d\` \$e\$ \|"),
        ("&amp;", r"\&amp;"),
        ("two\nlines", "two lines"),
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
