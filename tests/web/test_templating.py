"""Templates: translated when compiled, strict, escaped, and one sprite for each page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from gettext import NullTranslations
from pathlib import Path
from types import SimpleNamespace

import html5lib
import pytest
from jinja2 import TemplateAssertionError, UndefinedError
from markupsafe import Markup

from proeftuin.web.as_of import DayField
from proeftuin.web.assets import Assets
from proeftuin.web.templating import Templates, TranslatedEnvironment

ROOT = Path(__file__).resolve().parents[2]
ACTOR = SimpleNamespace(id=3, name="Hanneke Jansma", may_manage=False, is_external=False)
PAGE = {"actor": ACTOR, "unread": 3, "now": date(2026, 11, 23), "here": "/begrippen", "glance": None}


class English(NullTranslations):
    """A catalogue of the few sentences that the tests use."""

    said: list[str]

    def gettext(self, message: str) -> str:
        """Translate, and remember what was asked."""
        self.__dict__.setdefault("said", []).append(message)
        known = {"Opslaan": "Save <now>", "%(who)s was hier": "here was %(who)s, 100%%"}
        return known.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Translate a sentence with a number."""
        return "%(n)s version" if n == 1 else "%(n)s versions"


@pytest.fixture
def templates() -> Templates:
    """Give the templates of the product with stand-ins for what the running application adds."""
    loaded = Templates(ROOT / "templates", {"nl": NullTranslations(), "en": English()})
    loaded.add_globals(
        url=lambda endpoint, **values: f"/{endpoint}",
        asset_url=Assets(ROOT / "static").url,
        csrf_token=lambda: "token",
        messages=list,
        org_name="Oeverbrug",
        is_demo=False,
        day_field=lambda: DayField("/begrippen", (), "", date(2026, 11, 22)),
    )
    return loaded


def show(templates: Templates, source: str, language: str = "nl", /, **context: object) -> str:
    """Return what a template prints."""
    return templates.environments[language].from_string(source).render(**context)


def english(templates: Templates) -> TranslatedEnvironment:
    """Return the English environment."""
    return templates.environments["en"]


def test_a_sentence_is_translated_when_the_template_is_compiled(templates: Templates) -> None:
    template = english(templates).from_string('{{ _("Opslaan") }}')
    catalogue = english(templates).catalogue
    assert isinstance(catalogue, English)
    asked = len(catalogue.said)
    assert template.render() == "Save &lt;now&gt;"
    assert len(catalogue.said) == asked


def test_values_in_a_sentence_are_escaped_unless_they_are_markup(templates: Templates) -> None:
    source = '{% set told = _("%(who)s was hier", who=who) %}{{ told }} / {{ _("%(who)s was hier", who=who) }}'
    assert show(templates, source, who="<b>") == "&lt;b&gt; was hier / &lt;b&gt; was hier"
    assert show(templates, source, "en", who=Markup("<b>J</b>")) == (
        "here was <b>J</b>, 100% / here was <b>J</b>, 100%"
    )


def test_a_sentence_chosen_at_run_time_is_translated_too(templates: Templates) -> None:
    assert show(templates, "{{ _(text) }}{{ _(other, who=1) }}", "en", text="Opslaan", other="%(who)s was hier") == (
        "Save &lt;now&gt;here was 1, 100%"
    )


def test_a_sentence_without_its_value_does_not_compile(templates: Templates) -> None:
    with pytest.raises(TemplateAssertionError, match="who"):
        show(templates, '{{ _("%(who)s was hier", where=1) }}')


def test_a_number_chooses_the_sentence(templates: Templates) -> None:
    source = '{{ n_("%(n)s versie", "%(n)s versies", n) }}'
    assert show(templates, source, n=1) == "1 versie"
    assert show(templates, source, n=4812) == "4.812 versies"
    assert show(templates, source, "en", n=4812) == "4,812 versions"


def test_what_is_printed_is_escaped(templates: Templates) -> None:
    assert show(templates, "{{ x }}{{ y }}{{ z }}{{ 3 }}", x="<&\"'>", y=Markup("<b>"), z=1.5) == (
        "&lt;&amp;&#34;&#39;&gt;<b>1.53"
    )


def test_an_unknown_name_is_an_error(templates: Templates) -> None:
    with pytest.raises(UndefinedError):
        show(templates, "{{ nowhere }}")
    with pytest.raises(UndefinedError):
        show(templates, "{% macro m(a) %}{{ a }}{% endmacro %}{{ m() }}")


def test_macros_take_defaults_keywords_and_a_body(templates: Templates) -> None:
    source = (
        '{% macro m(a, b="x") %}{{ a }}{{ b }}{% for k, v in kwargs.items() %}{{ k }}={{ v }}{% endfor %}'
        "{% if caller is defined %}[{{ caller(a) }}]{% endif %}{% endmacro %}"
        '{{ m("<") }} {{ m(a="1", b="2", c=3) }} {% call(n) m("4") %}<i>{{ n }}</i>{% endcall %}'
    )
    assert show(templates, source) == "&lt;x 12c=3 4x[<i>4</i>]"


def test_a_macro_refuses_what_it_does_not_know(templates: Templates) -> None:
    with pytest.raises(TypeError):
        show(templates, "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, b=2) }}")


def test_macros_are_imported_under_the_names_that_a_template_gives_them(templates: Templates) -> None:
    source = '{% from "macros/text.html" import heading as title, crumbs %}{{ title("Uit het gesprek") }}'
    assert "Uit het gesprek" in show(templates, source)
    with pytest.raises(AttributeError, match="no_such_macro"):
        show(templates, '{% from "macros/text.html" import no_such_macro %}')
    with pytest.raises(TemplateAssertionError, match="without its context"):
        show(templates, '{% from "macros/text.html" import heading with context %}')


def test_what_stands_side_by_side_keeps_its_order_around_choices_and_loops(templates: Templates) -> None:
    source = (
        "a{{ b }}c{% if b %}d{{ b }}{% else %}e{% endif %}{% for n in (1, 2) %}{{ n }}-{{ b }},{% endfor %}{{ '<' }}f"
    )
    assert show(templates, source, b="<b>") == "a&lt;b&gt;cd&lt;b&gt;1-&lt;b&gt;,2-&lt;b&gt;,&lt;f"


def test_only_the_icons_of_this_page_are_drawn(templates: Templates) -> None:
    first = show(templates, '{{ icon("clock") }}{{ icon("clock") }}{{ sprite() }}')
    second = show(templates, '{{ icon("bell") }}{{ sprite() }}')
    assert first.count("<symbol") == 1
    assert 'id="i-clock"' in first
    assert 'id="i-clock"' not in second
    with pytest.raises(KeyError):
        show(templates, '{{ icon("unicorn") }}')


def test_every_template_compiles_in_every_language(templates: Templates) -> None:
    templates.compile_all()
    assert "layout/base.html" in templates.list_names()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 413, 418, 422, 429, 500, 503])
def test_every_error_is_a_well_formed_page(templates: Templates, language: str, status: int) -> None:
    template = templates.get_template(language, "errors/error.html")
    typed = [("text", "een tekst <met> tekens"), ("kind", "voortgang")]
    html = template.render(
        **PAGE, status=status, message="", way_out="/x", typed=typed, retry_after=61, query="een & twee"
    )
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(html)
    assert f'<html lang="{language}">' in html
    assert "een tekst &lt;met&gt; tekens" in html
    assert html.count("<h1") == 1


def test_the_page_of_a_failure_needs_neither_actor_nor_database(templates: Templates) -> None:
    html = templates.get_template("nl", "errors/bare.html").render(status=500, reference="ab12", typed=[])
    assert "ab12" in html
    assert "csrf_token" not in html


def test_signing_in_again_carries_every_field_and_shows_the_text(templates: Templates) -> None:
    fields = [("text", "regel een\n\nregel twee"), ("base", "7"), ("theme", "1"), ("theme", "2")]
    html = templates.get_template("nl", "errors/resume.html").render(
        **PAGE | {"actor": None}, action="/p?a=1&b=2", fields=fields, error="", step="password"
    )
    form = html5lib.parse(html, namespaceHTMLElements=False).find(".//form[@data-resume]")
    assert form is not None
    sent = [(one.get("name"), one.get("value")) for one in form.iter("input") if one.get("type") == "hidden"]
    assert form.get("action") == "/p?a=1&b=2"
    assert sent == [("csrf_token", "token"), *fields]
    assert "regel een\n\nregel twee</div>" in html


def test_words_of_colleagues_are_marked_dutch_on_an_english_page(templates: Templates) -> None:
    source = '{% from "macros/prose.html" import prose %}{{ prose(html) }}'
    html = Markup("<p>x</p><table><tbody><tr><td>1</td></tr></tbody></table>")
    assert '<div class="prose">' in show(templates, source, html=html)
    english_page = show(templates, source, "en", html=html)
    assert '<div class="prose" lang="nl">' in english_page
    assert '<div class="region" role="region" tabindex="0"' in english_page


def test_the_menu_marks_the_place_and_hides_what_one_may_not(templates: Templates) -> None:
    source = '{% extends "layout/narrow.html" %}{% set section = "glossary" %}{% block title %}x{% endblock %}'
    reader = show(templates, source, **PAGE)
    keeper = show(
        templates, source, **PAGE | {"actor": SimpleNamespace(id=1, name="D", may_manage=True, is_external=False)}
    )
    assert '<a href="/wiki.glossary" aria-current="page">' in reader
    assert "/admin.overview" not in reader
    assert keeper.count("/admin.overview") == 2


@pytest.mark.parametrize(
    ("source", "dutch", "english_words"),
    [
        ("{{ d|date }}", "2 mrt 2026", "2 Mar 2026"),
        ("{{ d|date_long }}", "2 maart 2026", "2 March 2026"),
        ("{{ d|weekday }}", "maandag", "Monday"),
        ("{{ m|moment }}", "22 jun 2026 16.40", "22 Jun 2026 16:40"),
        ("{{ m|date }}", "22 jun 2026", "22 Jun 2026"),
        ("{{ late|date }}", "1 jan 2027", "1 Jan 2027"),
        ("{{ m|iso }}", "2026-06-22T14:40:00Z", "2026-06-22T14:40:00Z"),
        ("{{ none|date }}{{ none|time }}{{ none|until(d) }}", "", ""),
        ("{{ 4812.5|num }}", "4.812,5", "4,812.5"),
        ("{{ 0.286|num(2) }}", "0,29", "0.29"),
        ("{{ 96|signed }} {{ -1038|signed }} {{ 0|signed }}", "+96 −1.038 0", "+96 −1,038 0"),
        ("{{ 3204000|size }}", "3,2\xa0MB", "3.2\xa0MB"),
        ("{{ 1|days }} {{ 14|days }}", "1 dag 14 dagen", "1 day 14 days"),
        (
            "{{ d|ago(d) }}, {{ d|ago(e) }}, {{ d|ago(today) }}",
            "vandaag, gisteren, 8 maanden geleden",
            "today, yesterday, 8 months ago",
        ),
        ("{{ d|until(e) }}, {{ e|until(d) }}", "1 dag te laat, nog 1 dag", "1 day late, 1 day left"),
        (
            '{{ d|time("long") }}',
            '<time datetime="2026-03-02">2 maart 2026</time>',
            '<time datetime="2026-03-02">2 March 2026</time>',
        ),
    ],
)
def test_days_moments_and_numbers_are_written_as_the_language_does(
    templates: Templates, source: str, dutch: str, english_words: str
) -> None:
    values = {
        "d": date(2026, 3, 2),
        "e": date(2026, 3, 3),
        "today": date(2026, 11, 23),
        "m": datetime(2026, 6, 22, 14, 40, tzinfo=UTC),
        "late": datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
    }
    assert show(templates, source, **values) == dutch
    assert show(templates, source, "en", **values) == english_words
