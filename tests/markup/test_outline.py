"""Where headings stand in a typed text: what the parser calls a heading, and nothing else."""

from __future__ import annotations

import pytest

from proeftuin.markup import Link, Place, outline, render
from tests.markup.hostile import texts

TEXT = """\
Begin.

# Een

```
# geen kop
```

~~~
Ook geen
---
~~~

Twee [[Titel|naam]]
----

### drie ###
> # in een citaat

- # in een lijst

    # in code

#vijf
| a | b |
| - | - |
- laatste
---
"""


def _headings(text: str) -> list[str]:
    return [heading.text for heading in render(text, resolve=lambda target: Link("/x", True)).headings]


def test_only_what_the_parser_calls_a_heading_has_a_place() -> None:
    lines = TEXT.split("\n")
    assert [lines[place.line] for place in outline(TEXT)] == [
        "# Een",
        "Twee [[Titel|naam]]",
        "### drie ###",
        "#vijf",
    ]
    assert [place.level for place in outline(TEXT)] == [1, 2, 3, 1]


def test_the_order_is_that_of_the_headings_of_the_page() -> None:
    headings = _headings(TEXT)
    assert [headings[place.order] for place in outline(TEXT)] == ["Een", "Twee naam", "drie", "vijf"]


def test_html_is_text_so_a_heading_in_it_is_a_heading() -> None:
    assert outline("<div>\n# Kop\n</div>") == (Place(1, 1, 0),)
    assert outline("<!--\n\n    # Code\n-->") == ()


@pytest.mark.parametrize("text", ["", "\n\n", "x" * 200_000, "# a\x02regel:7\x03", "#" * 50, "\u2028# a"])
def test_odd_texts_are_outlined_without_an_error(text: str) -> None:
    assert all(place.line < len(text.split("\n")) for place in outline(text))


def test_a_text_that_is_shown_as_typed_has_no_sections() -> None:
    assert outline("[" * 60_000) == ()


def test_hostile_texts_are_outlined_as_bounded_as_they_are_rendered() -> None:
    for name in ("nested brackets", "ticks of every length", "nested lists", "notes", repr("# a\nb\n")):
        text = texts()[name]
        assert len(outline(text)) <= len(text.splitlines())
