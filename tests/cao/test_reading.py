"""A given text is read whole: what is in the structure is to the letter, and what is not is told with its line."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proeftuin.cao import plain_text, yaml_text
from proeftuin.cao.reading import read
from proeftuin.cao.structure import CaoText, Character, Nature, Reading
from proeftuin.demo.company import DATA
from proeftuin.naming import clean_line
from tests.cao.generated import texts
from tests.cao.scene import FIRST

YAML = (DATA / "cao.yaml").read_text()
MANY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(texts())
@MANY
def test_a_text_that_was_written_is_read_back_as_it_was(text: CaoText) -> None:
    found = plain_text.read(plain_text.write(text))
    assert found.text == text
    assert found.blocking == ()


@given(texts())
@MANY
def test_yaml_that_was_written_is_read_back_as_it_was(text: CaoText) -> None:
    found = yaml_text.read(yaml_text.dump(text, {"label": "x", "valid_from": "2026-01-01"}))
    assert (found.text, found.remarks) == (text, ())


LINE = st.one_of(
    st.sampled_from(
        [
            "Hoofdstuk 1 Begin",
            "hoofdstuk 2",
            "2 Vervolg",
            "Artikel 1.1 Titel",
            "art. 1.2 iets",
            "1.3 Titel",
            "Artikel 7.1 Elders",
            "1. De eerste zin.",
            "lid 2 De tweede.",
            "1.1.3 De derde.",
            "3) De derde.",
            "Aard: normatief",
            "Aard: onzin",
            "Wet: BW 7:610",
            "Standaardbepaling",
            "Bijlage A Tabel",
            "Bijlage A",
            "a. een punt",
            "",
        ]
    ),
    st.text(max_size=40),
)


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def _kept(found: Reading) -> Counter[str]:
    """Count every word that is in the structure or among what was not understood."""
    words: Counter[str] = Counter()
    for chapter in found.text.chapters:
        words += _words(f"hoofdstuk {chapter.number} {chapter.title}")
        for article in chapter.articles:
            facts = f"{article.nature} aard wet {' '.join(article.statutes)} {article.character or ''}"
            words += _words(f"artikel art {article.number} {article.title} standaardbepaling {facts}")
            for lid in article.paragraphs:
                words += _words(f"lid {article.number} {lid.number} {lid.text}")
    for annex in found.text.annexes:
        words += _words(f"bijlage {annex.letter} {annex.title} {annex.text}")
    for remark in found.remarks:
        words += _words(remark.said)
    return words


@given(st.lists(LINE, max_size=25).map("\n".join))
@MANY
def test_no_line_is_lost(text: str) -> None:
    found = plain_text.read(text)
    kept = _kept(found)
    for line in re.split(r"\r\n|\r|\n", text):
        for word in _words(clean_line(line)):
            assert kept[word] > 0, (line, word)


@given(st.text(max_size=300))
@MANY
def test_reading_never_fails(text: str) -> None:
    for given_text in (text, f"cao:\n{text}", f"{YAML[:900]}{text}"):
        found = read(given_text)
        assert found.text.articles or found.blocking


def test_headings_may_have_several_forms() -> None:
    found = plain_text.read(
        "1 Algemeen\n\n1.1 Begrippen\nlid 1 De cao.\nlid 2: De werkgever.\n\n## Hoofdstuk 2: Loon\n"
        "Art. 2.1 – Loon (standaard)\n2.1.1 Het loon staat in\nbijlage A.\n2.1.2 Er is:\na. loon;\nb. verlof.\n"
        "BIJLAGE I Tabellen\nSchaal 5\n"
    )
    assert found.blocking == ()
    assert [chapter.title for chapter in found.text.chapters] == ["Algemeen", "Loon"]
    loon = found.text.articles[1]
    assert (loon.number, loon.title, loon.character) == ("2.1", "Loon", Character.STANDARD)
    assert [lid.text for lid in loon.paragraphs] == ["Het loon staat in bijlage A.", "Er is:\na. loon;\nb. verlof."]
    assert found.text.annexes[0].letter == "I"


def test_a_sentence_that_begins_with_an_article_is_no_heading() -> None:
    found = plain_text.read(
        "Hoofdstuk 1 A\nArtikel 1.1 B\n1. Zie ook\nArtikel 4.6 is niet van toepassing op\nstagiairs.\n"
    )
    assert found.text.articles[0].paragraphs[0].text == "Zie ook Artikel 4.6 is niet van toepassing op stagiairs."
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Inleiding\nHoofdstuk 1 A\nArtikel 1.1 B\n1. C.", 1, "hoort bij geen artikel"),
        ("Hoofdstuk 1 A\nArtikel 1.1 B\n1. C.\n1. D.", 4, "komt na lid 1"),
        ("Hoofdstuk 1 A\nArtikel 1.1 B\n1. C.\nArtikel 1.1 D\n1. E.", 4, "twee keer"),
        ("Hoofdstuk 1 A\nArtikel 2.1 B\n1. C.", 2, "staat in hoofdstuk 1"),
        ("Hoofdstuk 1 A\nArtikel 1.1 B\nHoofdstuk 2 C\nArtikel 2.1 D\n1. E.", 2, "geen tekst"),
        ("Hoofdstuk 1 A\nArtikel 1.1 B\nAard: onzin\n1. C.", 3, "geen aard"),
        ("Hoofdstuk 1 A\nArtikel 1.1 B\n1. De medewerker krijgt per", 3, "midden in een zin"),
        ("Een brief zonder koppen.", 1, "hoort bij geen artikel"),
    ],
)
def test_what_is_not_understood_is_told_with_its_line(text: str, line: int, words: str) -> None:
    blocking = plain_text.read(text).blocking
    assert any(each.line == line and words in each.why for each in blocking), blocking


def test_a_missing_paragraph_asks_for_a_look_and_blocks_nothing() -> None:
    found = plain_text.read("Hoofdstuk 1 A\nArtikel 1.1 B\n1. C.\n3. D.")
    assert found.blocking == ()
    assert found.notes[0].line == 4


def test_the_example_is_read_in_both_its_versions() -> None:
    first, second = read(YAML, "2024-2026"), read(YAML, "2026-2028")
    assert first.remarks == second.remarks == ()
    assert len(first.text.articles) == 51
    assert len(first.text.annexes) == 5
    assert {a.number for a in first.text.articles if a.character is Character.STANDARD} == {
        "3.1",
        "4.2",
        "4.6",
        "4.8",
    }
    assert next(a for a in first.text.articles if a.number == "1.5").nature is Nature.EXPERIMENT
    by_number = {a.number: a for a in second.text.articles}
    assert "0,23 euro" in by_number["7.2"].text
    assert by_number["5.6"].paragraph("3") is not None
    assert second.terms["valid_from"] == "2026-07-01"


def test_the_example_survives_as_plain_text() -> None:
    text = read(YAML, "2024-2026").text
    assert plain_text.read(plain_text.write(text)).text == text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text[: text.index("Minimum en standaard") + 900], "geen YAML meer"),
        (lambda text: text.replace("aard: werkingssfeer", "aard: onzin"), "geen aard"),
        (lambda text: text.replace("titel: Begrippen", "titeltje: Begrippen"), "titeltje"),
        (lambda text: text.replace('nummer: "1.2"', 'nummer: "1.1"'), "twee keer"),
        (lambda text: text.replace('oud: "Voor elke dag', 'oud: "Voor iedere dag'), "staat niet zo in artikel 7.4"),
        (lambda text: text.replace("leden:", "leden: &a", 1).replace("bijlagen:", "bijlagen: *a\nx:"), "YAML"),
    ],
)
def test_yaml_that_is_not_right_is_refused_with_its_line(change, words: str) -> None:  # type: ignore[no-untyped-def]
    blocking = read(change(YAML), "2026-2028").blocking
    assert any(words in each.why for each in blocking), blocking
    assert all(each.line >= 1 for each in blocking)


def test_numbers_of_yaml_stay_as_they_were_typed() -> None:
    article = '{nummer: 4.10, leden: [{nr: 1, tekst: "A."}]}'
    text = f"cao:\n  naam: X\nhoofdstukken:\n  - {{nummer: 4, artikelen: [{article}]}}\n"
    assert read(text).text.articles[0].number == "4.10"


def test_plain_text_is_what_is_not_yaml() -> None:
    assert read(FIRST).text.articles[0].nature is Nature.DEFINITIONS
