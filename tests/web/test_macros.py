"""The components: what a reader, a keyboard and a screen reader get from them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from gettext import NullTranslations
from pathlib import Path
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import html5lib
import pytest
from markupsafe import Markup

from proeftuin.markup import Heading
from proeftuin.paging import Paged
from proeftuin.web.templating import Templates
from proeftuin.wiki.history import Version

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def templates() -> Templates:
    """Give the templates of the product."""
    loaded = Templates(ROOT / "templates", {"nl": NullTranslations()})
    loaded.add_globals(csrf_token=lambda: "token")
    return loaded


def show(templates: Templates, file: str, call: str, **context: object) -> Element:
    """Return the parsed result of one call of a macro."""
    name = call.split("(", 1)[0]
    source = f'{{% from "macros/{file}.html" import {name} %}}{{{{ {call} }}}}'
    html = templates.environments["nl"].from_string(source).render(**context)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    fragment: Element = parser.parseFragment(html)
    return fragment


def only(inside: Element, path: str) -> Element:
    """Return the first element on the path; there must be one."""
    found = inside.find(path)
    assert found is not None, path
    return found


def test_a_field_that_is_wrong_says_so_to_everyone(templates: Templates) -> None:
    field = show(templates, "forms", 'field("stop", "Als jullie stoppen?", error="Schrijf op.", hint="Voor wie?")')
    control = only(field, ".//input")
    assert control.get("aria-invalid") == "true"
    assert control.get("aria-describedby") == "stop-h stop-e"
    assert "Schrijf op." in "".join(only(field, ".//*[@id='stop-e']").itertext())


def test_a_text_keeps_the_empty_line_it_starts_with(templates: Templates) -> None:
    field = show(templates, "forms", 'field("t", "T", text, type="textarea")', text="\n\n  eerst</textarea>")
    assert only(field, ".//textarea").text == "\n\n  eerst</textarea>"


def test_a_password_is_never_sent_back(templates: Templates) -> None:
    field = show(templates, "forms", 'field("w", "W", "geheim", type="password", autocomplete="new-password")')
    assert only(field, ".//input").get("value") is None
    assert only(field, ".//input").get("autocomplete") == "new-password"


def test_the_error_summary_leads_to_the_fields(templates: Templates) -> None:
    call = 'error_summary({"stop": "schrijf op", "": "te laat"}, labels={"stop": "Vraag 7"})'
    summary = show(templates, "forms", call)
    link = only(summary, ".//a")
    assert link.get("href") == "#stop"
    assert link.text == "Vraag 7: schrijf op"
    assert len(summary.findall(".//li")) == 2
    assert len(show(templates, "forms", "error_summary({})")) == 0


def test_a_short_page_has_no_contents_list(templates: Templates) -> None:
    headings = [Heading(2, "kop-a", "A"), Heading(3, "kop-b", "B")]
    assert len(show(templates, "toc", "toc(headings)", headings=headings)) == 0
    longer = [*headings, Heading(2, "kop-c", "C")]
    contents = show(templates, "toc", "toc(headings)", headings=longer)
    assert [a.get("href") for a in contents.findall(".//a")] == ["#kop-a", "#kop-b", "#kop-c"]
    assert only(contents, "./nav/ol/li/ol/li/a").text == "B"


def test_a_difference_is_told_by_signs_and_elements_not_by_colour(templates: Templates) -> None:
    rows = [
        SimpleNamespace(kind="changed", old=Markup("de <del>pot</del>"), new=Markup("de <ins>kan</ins>")),
        SimpleNamespace(kind="added", old=Markup(), new=Markup("<ins>nieuw</ins>")),
    ]
    table = show(templates, "diff", 'diff_side(rows, "Versie 4", "Versie 7", "Verschillen", "v4", "v7")', rows=rows)
    assert only(table, ".//del").text == "pot"
    assert [ins.text for ins in table.findall(".//ins")] == ["kan", "nieuw"]
    assert [td.text for td in table.findall(".//tbody//td[@class='sign']")] == ["−", "+", None, "+"]
    assert only(table, ".//td[@class='was']").get("data-l") == "− v4"


def test_an_empty_line_that_went_or_came_is_named(templates: Templates) -> None:
    rows = [
        SimpleNamespace(kind="added", old=Markup(), new=Markup()),
        SimpleNamespace(kind="removed", old=Markup(), new=Markup()),
        SimpleNamespace(kind="same", old=Markup(), new=Markup()),
    ]
    table = show(templates, "diff", 'diff_side(rows, "Versie 4", "Versie 7", "Verschillen", "v4", "v7")', rows=rows)
    for side in ("is", "was"):
        assert only(table, f".//td[@class='{side}']/em").text == "lege regel"
    assert len(table.findall(".//em")) == 2


def test_the_newest_version_and_the_one_before_are_chosen_beforehand(templates: Templates) -> None:
    rows = [
        Version(n, n - 1, datetime(2026, 3, n, tzinfo=UTC), "C", -3, "", False, None, n == 3, "/v") for n in (3, 2, 1)
    ]
    source = '{% from "macros/versions.html" import versions %}{{ versions(rows, page) }}'
    page = SimpleNamespace(path="/v", current=3, may_edit=True)
    html = templates.environments["nl"].from_string(source).render(rows=rows, page=page)
    found = html5lib.parseFragment(html, namespaceHTMLElements=False)
    chosen = [(i.get("name"), i.get("value")) for i in found.iter("input") if i.get("checked") is not None]
    assert sorted(chosen) == [("naar", "3"), ("van", "2")]
    assert [i.get("value") for i in found.iter("input") if i.get("disabled") is not None] == ["3", "1"]


def test_the_period_bar_says_in_words_what_it_draws(templates: Templates) -> None:
    call = 'period_bar(a, b, today, [("on", a, a), ("plan", b, b)], "Loopt tot en met juni")'
    bar = show(templates, "period", call, a=date(2026, 1, 1), b=date(2027, 12, 31), today=date(2026, 7, 2))
    svg = bar[0]
    parts = [element.get("class") for element in svg.iter() if element.get("class")]
    assert "Loopt tot en met juni" in "".join(svg.itertext())
    assert parts == ["period", "ax", "tick", "on", "plan", "now"]


def test_the_pager_names_the_ends_and_the_neighbours(templates: Templates) -> None:
    page: Paged[str] = Paged(rows=(), number=5, per_page=10, total=95)
    nav = show(templates, "pager", "pager(page, address)", page=page, address=lambda n: f"/h?p={n}")
    assert [a.text for a in nav.findall(".//a")] == ["← Vorige", "1", "3", "4", "5", "6", "7", "10", "Volgende →"]
    assert only(nav, ".//a[@aria-current='page']").text == "5"
    alone: Paged[str] = Paged(rows=(), number=1, per_page=10, total=3)
    assert len(show(templates, "pager", "pager(page, address)", page=alone, address=str)) == 0


def test_following_is_an_act_with_a_token(templates: Templates) -> None:
    form = show(templates, "tabs", 'follow_button("/volgen/7", true, "/terug")')[0]
    assert form.get("method") == "post"
    assert {i.get("name"): i.get("value") for i in form.iter("input")} == {"csrf_token": "token", "back": "/terug"}
    assert only(form, ".//button").get("value") == "0"
