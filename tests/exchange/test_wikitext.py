"""The text of MediaWiki reads the same here, and no word of it goes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin.exchange.wikitext import convert

CASES = [
    ("== Kop ==\ntekst", "## Kop\n\ntekst\n"),
    ("'''vet''' en ''schuin'' en '''''beide'''''", "**vet** en *schuin* en ***beide***\n"),
    ("''' vet ''' staat los", " **vet**  staat los\n"),
    ("'''niet gesloten", "**niet gesloten**\n"),
    ("[[Rooster]] en [[rooster_van_de_ploeg|het rooster]]", "[[Rooster]] en [[rooster van de ploeg|het rooster]]\n"),
    ("[[Rooster#Maandag|maandag]]", "[[Rooster|maandag]]\n"),
    ("[https://a.nl/x_y de nota] en https://b.nl/a_b_c", "[de nota](https://a.nl/x_y) en https://b.nl/a_b_c\n"),
    ("* een\n** twee\n* drie", "- een\n    - twee\n- drie\n"),
    ("# een\n# twee\ntekst", "1. een\n1. twee\n\ntekst\n"),
    (
        "een<ref>Zie ''nota''.</ref> twee<ref name=a>A</ref> drie<ref name=a />",
        "een[^n1] twee[^a] drie[^a]\n\n[^n1]: Zie *nota*.\n[^a]: A\n",
    ),
    ("{|\n! A !! B\n|-\n| 1 || [[x|y]]\n|}", "| A | B |\n| --- | --- |\n| 1 | [[x\\|y]] |\n"),
    ("a {{Sjabloon|x}} b", "a `{{Sjabloon|x}}` b\n"),
    (
        "[[Categorie:Proeven]] [[Bestand:x.png|thumb|tekst]]",
        "`[[Categorie:Proeven]]` `[[Bestand:x.png|thumb|tekst]]`\n",
    ),
    ("HR: [[HR: beleid]]", "HR: [[HR: beleid]]\n"),
    ("<nowiki>'''x''' [[y]]</nowiki>", "'''x''' \\[\\[y\\]\\]\n"),
    ("2 * 3 en snake_case en _los_", "2 \\* 3 en snake_case en \\_los\\_\n"),
    ("1. geen lijst\n> geen citaat", "1\\. geen lijst\n\\> geen citaat\n"),
    (" code\n regel", "```\ncode\nregel\n```\n"),
    ("&amp; &lt;b&gt; &eacute;", "& <b> é\n"),
    ("#DOORVERWIJZING [[Rooster]]", "*Doorverwijzing naar* [[Rooster]]\n"),
    ("regel<br/>regel", "regel  \nregel\n"),
    ("", ""),
]


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_common_markup_has_a_counterpart(source: str, expected: str) -> None:
    assert convert(source).text.strip() == expected.strip()


def test_what_has_no_counterpart_is_named() -> None:
    misfits = convert(
        "{{A}} <!-- stil --> [[nl:Foo]] <math>x</math> __TOC__ <u>x</u>\n{|\n| rowspan=2 | a\n|}"
    ).misfits
    assert {what for what, _piece in misfits} == {
        "template",
        "comment",
        "interwiki",
        "math",
        "magic",
        "tag",
        "table",
    }


WORD = st.text("abcdefgxyzéÅ0123456789", min_size=1, max_size=8)
PAIRS = ("[[ ]]", "{{ }}", "<ref> </ref>", "<nowiki> </nowiki>", "<pre> </pre>", "<!-- -->", "|| |}")
SIGNS = ["'''", "''", "==", "`", "*", "_", "|", "&amp;", "~~", *(sign for pair in PAIRS for sign in pair.split())]
BREAKS = ["\n", "\n ", "{|\n", "\n|-\n", "\n| ", "\n; ", "\n# ", "\n: ", "\n* "]
MARKS = st.sampled_from([*SIGNS, *BREAKS])


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(WORD, MARKS), max_size=40))
def test_no_word_is_lost_whatever_stands_around_it(parts: list[str]) -> None:
    source = " ".join(parts)
    bare = re.sub(r"</?(?:ref|nowiki|pre)>|&amp;", " ", source)
    words = re.findall(r"[^\W_]+", bare)
    kept = re.findall(r"[^\W_]+", convert(source).text)
    for word in set(words):
        assert kept.count(word) >= 1, (word, convert(source).text)


HOSTILE = (
    "{{ [[ ''' <ref> {| <pre> [http://a = * <a [[a[[ <!-- ''a }} |} a=a= \t== [[a|[b]] __A <b> &amp; : ; # #redirect"
)


@pytest.mark.parametrize("piece", [*HOSTILE.split(" "), "{|\n", "|}\n", "\n", " ", "{|\n| a=a", "\n|-"])
@pytest.mark.parametrize("start", ["", "''", "= ", "{|\n| "])
def test_a_hostile_text_is_text(piece: str, start: str) -> None:
    """Each of these took minutes when a pattern looked back and forth; the whole suite would stand still."""
    text = start + piece * 20_000
    assert len(convert(text).text) <= 8 * len(text) + 100
