"""Reading a given text, whatever form it has, and seeing that what came out of it can be kept and addressed.

What must stay true: reading never fails; what the tables or the addresses cannot hold is a remark that blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from proeftuin.cao import plain_text, yaml_text
from proeftuin.cao.structure import CaoText, Reading, Remark
from proeftuin.i18n import _

LONGEST_TITLE = 200
MOST_ARTICLES = 2_000
_NUMBER = re.compile(r"(?=.{1,20}\Z)[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*")
_KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")


def read(given: str, label: str = "") -> Reading:
    """Return what a text says; of a file with several versions the one with this label, else the first."""
    form = yaml_text.read(given, label) if yaml_text.is_yaml(given) else plain_text.read(given)
    unfit = tuple(Remark(1, what, why) for what, why in _unfit(form.text))
    return replace(form, remarks=(*form.remarks, *unfit)) if unfit else form


def _unfit(text: CaoText) -> Iterator[tuple[str, str]]:
    if len(text.articles) > MOST_ARTICLES:
        yield "", _("Meer dan %(n)s artikelen in één cao kan niet.", n=MOST_ARTICLES)
    numbers = [each.number for each in text.chapters]
    numbers += [each.letter for each in text.annexes]
    for article in text.articles:
        numbers += [article.number, *(lid.number for lid in article.paragraphs if lid.number)]
        if article.key and not _KEY.fullmatch(article.key):
            yield article.key[:60], _("Een sleutel bestaat uit kleine letters, cijfers, punten en streepjes.")
    for number in numbers:
        if not _NUMBER.fullmatch(number):
            yield number[:60], _("Dit is geen nummer waarnaar je kunt verwijzen.")
    titles = [each.title for part in (text.chapters, text.articles, text.annexes) for each in part]
    yield from ((each[:60], _("Deze titel is te lang.")) for each in titles if len(each) > LONGEST_TITLE)
