"""English is a full second language: every sentence has a translation, and each check can fail."""

from __future__ import annotations

from collections.abc import Iterator

import html5lib
import pytest
from babel.messages.catalog import Message

from tests.cast import Cast
from tests.client import Client
from tests.house import catalogue
from tests.house.catalogue import Collected, Sentence

PAGES = ("/", "/wijzigingen", "/berichten", "/begrippen", "/mijn", "/zoeken?q=", "/proeftuinen/nieuw", "/beheer")


@pytest.fixture(scope="module")
def source() -> Collected:
    return catalogue.collect()


@pytest.fixture(scope="module")
def known() -> dict[str, Message]:
    return catalogue.read()


def test_every_sentence_is_literal_and_made_for_its_reader(source: Collected) -> None:
    assert source.complaints == []


@pytest.mark.parametrize(
    "module",
    [
        'TITLE = _("Opslaan")',
        'class Form:\n    label = _("Opslaan")',
        'def form(label=_("Opslaan")):\n    return label',
        '@lru_cache(8)\ndef label():\n    return _("Opslaan")',
        "def label(word):\n    return _(word)",
        'def label(word):\n    return _(f"{word} opslaan")',
        'def label(n):\n    return n_("versie", kind, n)',
        'def label(n):\n    return n_("versie", "versies", n) + n_("versie", "versiën", n)',
    ],
)
def test_a_sentence_that_cannot_be_translated_well_is_seen(module: str) -> None:
    collected = Collected()
    catalogue.collect_python("x.py", module, collected)
    assert len(collected.complaints) == 1


def test_a_sentence_that_a_template_makes_up_is_seen() -> None:
    collected = Collected()
    catalogue.collect_template("x.html", '{{ _("Versie " ~ n) }}{{ _("Versie %(n)s", n=n) }}', collected)
    assert len(collected.complaints) == 1
    assert list(collected.sentences) == ["Versie %(n)s"]


def test_the_catalogue_has_every_sentence_of_the_source(source: Collected, known: dict[str, Message]) -> None:
    assert catalogue.lacking(source.sentences, known) == [], "run `make messages` and translate"


def test_a_sentence_that_the_catalogue_lacks_is_seen() -> None:
    sentences = {"Opslaan": Sentence("Opslaan"), "dag": Sentence("dag", "dagen")}
    known = {"dag": Message("dag", "day"), "Opslaan": Message("Opslaan", "Save")}
    assert catalogue.lacking(sentences, known) == ["dag"]
    assert catalogue.lacking(sentences, {}) == ["Opslaan", "dag"]


def test_the_catalogue_has_no_other_sentences(source: Collected, known: dict[str, Message]) -> None:
    assert catalogue.obsolete(source.sentences, known) == [], "run `make messages`"


def test_a_sentence_that_the_source_dropped_is_seen() -> None:
    assert catalogue.obsolete({}, {"Opslaan": Message("Opslaan", "Save")}) == ["Opslaan"]


def test_every_sentence_is_translated(known: dict[str, Message]) -> None:
    assert catalogue.untranslated(known) == []


@pytest.mark.parametrize(
    "message",
    [
        Message("dag", ""),
        Message("dag", "day", flags={"fuzzy"}),
        Message(("dag", "dagen"), ("day", "")),
        Message(("dag", "dagen")),
    ],
)
def test_a_translation_that_is_empty_or_a_guess_is_seen(message: Message) -> None:
    assert catalogue.untranslated({"dag": message}) == ["dag"]


def test_every_translation_fills_in_the_same_values(known: dict[str, Message]) -> None:
    assert catalogue.other_values(known) == []


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("Versie %(n)s", "Version %(number)s"),
        ("Versie %(n)s", "Version"),
        ("Versie %(n)s, 100%%", "Version %(n)s, 100"),
        (("%(n)s dag", "%(n)s dagen"), ("%(n)s day", "days")),
    ],
)
def test_a_translation_with_other_values_is_seen(
    dutch: str | tuple[str, str], english: str | tuple[str, str]
) -> None:
    assert len(catalogue.other_values({"x": Message(dutch, english)})) == 1


def test_no_translation_is_dutch(known: dict[str, Message]) -> None:
    assert catalogue.left_dutch(known) == []


def test_a_translation_that_is_dutch_is_seen() -> None:
    known = {"Opslaan": Message("Opslaan", "Opslaan"), "HR": Message("HR", "HR")}
    assert catalogue.left_dutch(known, frozenset({"HR"})) == ["Opslaan"]
    assert catalogue.left_dutch({}, frozenset({"HR"})) == ["HR"]


def test_collecting_again_changes_nothing(source: Collected, known: dict[str, Message]) -> None:
    fresh = catalogue.merge(source.sentences, known)
    assert catalogue.PO.read_bytes() == catalogue.as_po(fresh), "run `make messages`"
    assert catalogue.MO.read_bytes() == catalogue.as_mo(fresh), "run `make messages`"


def test_a_compiled_catalogue_of_other_sentences_is_seen(source: Collected, known: dict[str, Message]) -> None:
    other = catalogue.merge({"Opslaan": Sentence("Opslaan")}, {"Opslaan": Message("Opslaan", "Keep")})
    assert catalogue.MO.read_bytes() != catalogue.as_mo(other)
    assert b"Keep" in catalogue.as_mo(other)


def written(html: str) -> Iterator[str]:
    """Give every text of a page, also that in attributes, but for what is marked as Dutch: words of people."""
    waiting = [html5lib.parse(html, namespaceHTMLElements=False)]
    while waiting:
        element = waiting.pop()
        if element.get("lang") != "nl" or element.tag == "html":
            waiting.extend(element)
            yield element.text or ""
            yield from (element.get(name, "") for name in ("alt", "aria-label", "placeholder", "title"))
        yield element.tail or ""


def dutch_on(html: str, known: dict[str, Message]) -> set[str]:
    """Return the sentences on a page that are Dutch only; the name of the site is the same in every language."""
    english = {form for message in known.values() for form in catalogue.forms_of(message.string)}
    dutch = {form for message in known.values() for form in catalogue.forms_of(message.id)} - english - {"Proeftuin"}
    return {" ".join(text.split()) for text in written(html)} & dutch


def test_a_page_in_english_holds_no_dutch_sentence(client: Client, cast: Cast, known: dict[str, Message]) -> None:
    reader = client.as_(cast.admin)
    for path in PAGES:
        assert len(dutch_on(reader.get(path).text, known)) > 10, f"{path} is Dutch before it is asked in English"
    assert reader.post("/taal", {"language": "en", "back": "/"}).status_code == 303
    for path in PAGES:
        page = reader.get(path)
        assert page.headers["Content-Language"] == "en"
        assert '<html lang="en">' in page.text
        assert dutch_on(page.text, known) == set(), path
    assert "Skip to content" in page.text
