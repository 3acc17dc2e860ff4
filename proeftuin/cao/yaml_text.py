"""Reading a cao from YAML: `cao`, `hoofdstukken`, `bijlagen` and `wijzigingen` by version. Pure.

The nodes are read and not the values, so that every remark has its line and 4.10 stays 4.10. What must stay true: a
field that is not known is a remark that blocks; a change quotes the text that it replaces to the letter, or it
blocks; reading never fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import yaml
from yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, SequenceEndEvent, SequenceStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from proeftuin.cao.structure import Annex, Article, CaoText, Chapter, Character, Nature, Paragraph, Reading, Remark
from proeftuin.i18n import _

MAX_DEPTH = 12
_LOOKS = re.compile(r"^cao\s*:\s*(?:#.*)?$", re.M)
_TERMS = {
    "naam": "name",
    "soort": "kind",
    "karakter_standaard": "default_character",
    "besluitregel_afwijking": "decision_rule",
    "max_duur_afwijking_maanden": "max_deviation_months",
    "opzegtermijn_afwijking_dagen": "notice_days",
    "stilzwijgende_verlenging": "silent_agreement",
    "terugwerkende_kracht": "is_retroactive",
    "afwijking_volgt_cao_einde": "ends_with_cao",
    "herbevestiging_binnen_dagen": "reconfirm_days",
}
_OF_VERSION = {
    "sleutel": "label",
    "van": "valid_from",
    "tot_en_met": "valid_until",
    "aangemeld_szw": "notified_on",
    "kennisgeving_ontvangst": "confirmed_on",
}
_TRUE = frozenset({"true", "ja", "yes"})


class _Excess(ValueError):
    """YAML that says more than data needs."""

    def __init__(self, mark: Any) -> None:
        super().__init__(str(mark))
        self.problem_mark = mark


def is_yaml(given: str) -> bool:
    """Return whether a text looks like the YAML of a cao."""
    return bool(_LOOKS.search(given))


def read(given: str, label: str = "") -> Reading:
    """Return one of the versions that a YAML text holds: the one with this label, else the first."""
    reader = _Reader(given.split("\n"))
    try:
        _refuse_excess(given)
        root = yaml.compose(given, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark else 1
        reader.refuse(line, _("Hier is dit geen YAML meer. Is het bestand helemaal meegekomen?"))
        return Reading(CaoText(), tuple(reader.remarks))
    return reader.read(root, label)


def _refuse_excess(given: str) -> None:
    """Refuse aliases (one may stand for a thousand others) and depth (it costs the stack)."""
    depth = 0
    for event in yaml.parse(given, Loader=yaml.SafeLoader):
        if isinstance(event, AliasEvent):
            raise _Excess(event.start_mark)
        if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                raise _Excess(event.start_mark)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            depth -= 1


class _Reader:
    """Walks through the nodes and writes down what it does not understand."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.remarks: list[Remark] = []

    def refuse(self, line: int, why: str) -> None:
        said = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""
        self.remarks.append(Remark(line, said[:300], why))

    def refuse_node(self, node: Node, why: str) -> None:
        self.refuse(node.start_mark.line + 1, why)

    def read(self, root: Node | None, label: str) -> Reading:
        fields = self.fields(root, {"cao", "hoofdstukken", "bijlagen", "wijzigingen"}) if root else {}
        about = self.fields(fields.get("cao"), {*_TERMS, "partijen", "versies"})
        terms = {name: self.word(about[key]) for key, name in _TERMS.items() if key in about}
        versions = [self.version(node) for node in self.items(about.get("versies"))]
        labels = tuple(version.get("label", "") for version in versions)
        chosen = label if label in labels else (labels[0] if labels else "")
        terms |= next((version for version in versions if version.get("label", "") == chosen), {})
        chapters = tuple(self.chapter(node) for node in self.items(fields.get("hoofdstukken")))
        annexes = tuple(self.annex(node) for node in self.items(fields.get("bijlagen")))
        text = self.changed(CaoText(chapters, annexes), fields.get("wijzigingen"), labels, chosen)
        if text.is_empty:
            self.refuse(1, _("Hier staan geen artikelen in."))
        self.see_doubles(text)
        return Reading(text, tuple(sorted(self.remarks, key=lambda each: each.line)), terms, labels)

    # -- nodes

    def fields(self, node: Node | None, known: set[str]) -> dict[str, Node]:
        """Return the fields of a mapping; those that are not known, or stand there twice, are refused."""
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            self.refuse_node(node, _("Hier worden velden verwacht (naam: waarde)."))
            return {}
        found: dict[str, Node] = {}
        for name, value in node.value:
            key = name.value if isinstance(name, ScalarNode) else ""
            if key not in known:
                self.refuse_node(name, _("Het veld “%(name)s” is niet bekend.", name=key[:60]))
            elif key in found:
                self.refuse_node(name, _("Het veld “%(name)s” staat hier twee keer.", name=key))
            else:
                found[key] = value
        return found

    def items(self, node: Node | None) -> list[Node]:
        if node is None or self._is_null(node):
            return []
        if not isinstance(node, SequenceNode):
            self.refuse_node(node, _("Hier wordt een lijst verwacht."))
            return []
        return list(node.value)

    def word(self, node: Node | None) -> str:
        """Return a value as it was typed."""
        if node is None or self._is_null(node):
            return ""
        if not isinstance(node, ScalarNode):
            self.refuse_node(node, _("Hier wordt een woord of tekst verwacht."))
            return ""
        return str(node.value).strip()

    @staticmethod
    def _is_null(node: Node) -> bool:
        return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"

    def needed(self, node: Node, fields: Mapping[str, Node], name: str) -> str:
        value = self.word(fields.get(name))
        if not value:
            self.refuse_node(node, _("Het veld “%(name)s” ontbreekt of is leeg.", name=name))
        return value

    # -- parts

    def version(self, node: Node) -> dict[str, str]:
        fields = self.fields(node, set(_OF_VERSION))
        return {name: self.word(fields[key]) for key, name in _OF_VERSION.items() if key in fields}

    def chapter(self, node: Node) -> Chapter:
        fields = self.fields(node, {"nummer", "titel", "artikelen"})
        articles = tuple(self.article(each) for each in self.items(fields.get("artikelen")))
        number = self.needed(node, fields, "nummer")
        if not articles:
            self.refuse_node(node, _("Hoofdstuk %(number)s heeft geen artikelen.", number=number))
        return Chapter(number, self.word(fields.get("titel")), articles)

    def article(self, node: Node) -> Article:
        fields = self.fields(node, {"nummer", "titel", "aard", "standaard", "wet", "leden", "sleutel"})
        nature = self.word(fields.get("aard")) or Nature.NORMATIVE.value
        if nature not in set(Nature):
            self.refuse_node(fields["aard"], _("“%(value)s” is geen aard van een artikel.", value=nature[:60]))
            nature = Nature.NORMATIVE.value
        number = self.needed(node, fields, "nummer")
        leden = tuple(self.paragraph(each) for each in self.items(fields.get("leden")))
        if not leden:
            self.refuse_node(node, _("Artikel %(number)s heeft geen tekst.", number=number))
        character = None
        if "standaard" in fields:
            is_standard = self.word(fields["standaard"]).casefold() in _TRUE
            character = Character.STANDARD if is_standard else Character.MINIMUM
        return Article(
            number,
            self.word(fields.get("titel")),
            leden,
            Nature(nature),
            character,
            tuple(self.word(each) for each in self.items(fields.get("wet"))),
            self.word(fields.get("sleutel")),
        )

    def paragraph(self, node: Node) -> Paragraph:
        fields = self.fields(node, {"nr", "tekst"})
        return Paragraph(self.word(fields.get("nr")), self.needed(node, fields, "tekst"))

    def annex(self, node: Node) -> Annex:
        fields = self.fields(node, {"letter", "titel", "tekst"})
        text = self.word(fields.get("tekst"))
        return Annex(self.needed(node, fields, "letter"), self.word(fields.get("titel")), text)

    # -- changes by version

    def changed(self, text: CaoText, node: Node | None, labels: tuple[str, ...], chosen: str) -> CaoText:
        """Carry out the changes of every version up to the chosen one."""
        lists = self.fields(node, set(labels)) if node is not None else {}
        if chosen != (labels[0] if labels else "") and chosen not in lists:
            last = len(self.lines)
            self.refuse(last, _("Voor versie %(label)s staan er geen wijzigingen in dit bestand.", label=chosen))
        for label in labels:
            wanted = [self.change(each) for each in self.items(lists.get(label))]
            if labels.index(label) <= labels.index(chosen):
                for each, fields in wanted:
                    text = self.apply(text, each, fields)
        return text

    def change(self, node: Node) -> tuple[Node, dict[str, Node]]:
        return node, self.fields(node, {"artikel", "lid", "oud", "nieuw"})

    def apply(self, text: CaoText, node: Node, fields: dict[str, Node]) -> CaoText:
        number, lid = self.needed(node, fields, "artikel"), self.word(fields.get("lid"))
        old, new = self.word(fields.get("oud")), self.word(fields.get("nieuw"))
        article = next((each for each in text.articles if each.number == number), None)
        if article is None:
            self.refuse_node(node, _("Er is geen artikel %(number)s.", number=number))
            return text
        there = article.paragraph(lid)
        if (there.text if there else "") != old:
            place = {"number": number, "lid": lid}
            self.refuse_node(node, _("De oude tekst staat niet zo in artikel %(number)s lid %(lid)s.", **place))
            return text
        return _with_paragraph(text, article, Paragraph(lid, new))

    def see_doubles(self, text: CaoText) -> None:
        """Refuse numbers and keys that stand there twice."""
        for name, values in (
            (_("Hoofdstuk"), [each.number for each in text.chapters]),
            (_("Artikel"), [each.number for each in text.articles]),
            (_("Sleutel"), [each.key for each in text.articles if each.key]),
            (_("Bijlage"), [each.letter for each in text.annexes]),
            *((_("Lid van artikel %(n)s", n=a.number), [p.number for p in a.paragraphs]) for a in text.articles),
        ):
            for double in sorted({value for value in values if values.count(value) > 1}):
                self.refuse(1, _("%(what)s %(number)s staat er twee keer in.", what=name, number=double))


def _with_paragraph(text: CaoText, article: Article, paragraph: Paragraph) -> CaoText:
    """Return the text with one paragraph put in, replaced, or (without words) taken out."""
    kept = list(article.paragraphs)
    place = next((n for n, each in enumerate(kept) if each.number == paragraph.number), len(kept))
    kept[place : place + 1] = [paragraph] if paragraph.text else []
    return _with_article(text, replace(article, paragraphs=tuple(kept)))


def _with_article(text: CaoText, article: Article) -> CaoText:
    def articles(chapter: Chapter) -> Iterator[Article]:
        return (article if each.number == article.number else each for each in chapter.articles)

    return replace(text, chapters=tuple(replace(each, articles=tuple(articles(each))) for each in text.chapters))


def dump(text: CaoText, terms: Mapping[str, Any]) -> str:
    """Return a text as YAML in the form that `read` understands."""
    of_version = {key: terms[name] for key, name in _OF_VERSION.items() if terms.get(name)}
    about = {key: terms[name] for key, name in _TERMS.items() if terms.get(name) not in (None, "")}
    whole = {
        "cao": {**about, "versies": [of_version]},
        "hoofdstukken": [_plain_chapter(each) for each in text.chapters],
        "bijlagen": [{"letter": each.letter, "titel": each.title, "tekst": each.text} for each in text.annexes],
    }
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=100)


def _plain_chapter(chapter: Chapter) -> dict[str, Any]:
    return {
        "nummer": chapter.number,
        "titel": chapter.title,
        "artikelen": [
            {
                "nummer": each.number,
                "titel": each.title,
                "aard": each.nature.value,
                **({"standaard": each.character is Character.STANDARD} if each.character else {}),
                "wet": list(each.statutes),
                "sleutel": each.key,
                "leden": [{"nr": lid.number, "tekst": lid.text} for lid in each.paragraphs],
            }
            for each in chapter.articles
        ],
    }
