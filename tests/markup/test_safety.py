"""No text brings anything into a page but text, whatever stands in it and wherever."""

import re

import pytest
from markupsafe import escape

from proeftuin.markup import Link, render
from proeftuin.markup.sanitize import sanitize
from tests.markup.dom import complaints, elements
from tests.markup.payloads import CONTEXTS, PAYLOADS


def careless(target: str) -> Link:
    """Resolve a target to itself: the worst that the rest of the product could do."""
    return Link(target, exists=False, label=None)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_text_gives_only_allowed_elements_in_every_context(payload: str) -> None:
    for context, template in CONTEXTS.items():
        html = render(template.replace("{}", payload), resolve=careless).html
        assert complaints(html) == [], context


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_sanitizer_alone_stops_what_the_parser_would_let_through(payload: str) -> None:
    quoted = payload.replace('"', "&quot;")
    for html in (payload, f'<a href="{quoted}">x</a>', f'<img src="{quoted}">', f"<p>{payload}", f"<p {payload}>"):
        # The renderer adds "rel" before this step.
        faults = set(complaints(sanitize(html))) - {"link out without rel"}
        assert faults == set()


def test_the_judge_of_these_tests_sees_what_is_wrong() -> None:
    wrong = {
        "<script>x</script>": "tag script",
        "<p onclick=x>": "attribute p.onclick",
        "<a href='javascript:x'>y</a>": "value a.href='javascript:x'",
        "<a href='//evil.example'>y</a>": "value a.href='//evil.example'",
        "<a href='https://evil.example'>y</a>": "link out without rel",
        "<span class=btn>": "value span.class='btn'",
        "<h2 id=location>": "value h2.id='location'",
        "<img src='http://evil.example/x.png'>": "value img.src='http://evil.example/x.png'",
        "<!-- x -->": "comment ' x '",
        "<h2 id=kop-a></h2><h2 id=kop-a></h2>": "id twice: kop-a",
        "<svg><use href='/x#y'>": "tag {http://www.w3.org/2000/svg}use",
        "<i class=btn>": "value i.class='btn'",
    }
    for html, fault in wrong.items():
        assert fault in complaints(html)


def test_html_in_a_text_is_shown_as_it_was_typed() -> None:
    html = render("a <b>vet</b> <script>x()</script>", resolve=careless).html
    assert "&lt;b&gt;vet&lt;/b&gt; &lt;script&gt;x()&lt;/script&gt;" in html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:x",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "/\\evil.example",
        "naam",
        "../x",
        "file:///x",
    ],
)
def test_a_link_to_a_place_we_do_not_know_keeps_only_its_text(address: str) -> None:
    html = render(f"[lees dit]({address})", resolve=careless).html
    assert html == "<p><span>lees dit</span></p>"


def test_a_link_out_tells_the_other_side_nothing() -> None:
    (link,) = (
        item for item in elements(render("[x](https://a.example/y)", resolve=careless).html) if item.tag == "a"
    )
    assert link.get("rel").split() == ["nofollow", "ugc", "noopener", "noreferrer"]


def test_a_picture_from_elsewhere_is_a_link() -> None:
    html = render("![een foto](https://a.example/x.png)", resolve=careless).html
    assert "<img" not in html
    assert '<a href="https://a.example/x.png"' in html
    assert ">een foto</a>" in html


def test_a_link_never_stands_in_a_link() -> None:
    html = render("[a <https://b.example> ![c](https://d.example) [[e]] f](/g)", resolve=careless).html
    assert html.count("<a ") == 1
    assert all(word in html for word in ("b.example", "c", "e", "f"))


def test_a_text_cannot_draw_the_box_of_a_task_list() -> None:
    for text in ('<i class="box-on"></i>', '`<i class="box-on"></i>`', '&lt;i class="box-on"&gt;&lt;/i&gt;'):
        assert "<svg" not in render(text, resolve=careless).html


def test_addresses_of_headings_cannot_meet_those_of_the_page_or_each_other() -> None:
    text = "\n\n".join(f"# {name}" for name in ("location", "inhoud", "__proto__", "a", "a", "a_2", "a 2", "!", "?"))
    html = render(text, resolve=careless).html
    ids = re.findall(r'id="([^"]*)"', html)
    assert len(ids) == len(set(ids)) == 9
    assert all(ident.startswith("kop-") for ident in ids)


def test_a_text_shown_as_typed_is_escaped() -> None:
    text = "<script>alert(1)</script>" * 5000
    shown = render(text, resolve=careless)
    assert shown.degraded
    assert shown.html == f'<pre class="plain">{escape(text)}</pre>'
