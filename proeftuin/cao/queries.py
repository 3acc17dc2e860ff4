"""Reading the cao: which version holds on a day, its text, and an article through all versions.

What must stay true: "now" is `clock.today()`, so that the same queries tell what held on a day of the past, with only
the versions that were published by then; a version that was corrected holds on no day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, null, select
from sqlalchemy.orm import aliased

from proeftuin import clock
from proeftuin.accounts.models import Person
from proeftuin.cao.models import AnnexRow, ArticleRow, ChapterRow, ParagraphRow, Version
from proeftuin.cao.structure import Annex, Article, CaoText, Chapter, Character, Paragraph
from proeftuin.db import session
from proeftuin.errors import NotFound

Correction = aliased(Version, name="correction")
Corrected = aliased(Version, name="corrected")


@dataclass(frozen=True, slots=True)
class VersionHead:
    """A version without its text. `corrects` and `corrected_by` are numbers of other versions."""

    id: int
    number: int
    name: str
    kind: str
    label: str
    valid_from: date
    valid_until: date
    notified_on: date | None
    confirmed_on: date | None
    default_character: Character
    decision_rule: str
    max_deviation_months: int
    notice_days: int
    reconfirm_days: int
    ends_with_cao: bool
    silent_agreement: bool
    is_retroactive: bool
    correction_reason: str
    source: str
    digest: str
    published_at: datetime
    published_by: str
    corrects: int | None
    corrected_by: int | None

    @property
    def path(self) -> str:
        return f"/cao/versies/{self.number}"

    @property
    def is_live(self) -> bool:
        """Return whether no other version took its place."""
        return self.corrected_by is None

    def holds_on(self, day: date) -> bool:
        """Return whether this version is the cao of a day."""
        return self.is_live and self.valid_from <= day <= self.valid_until


@dataclass(frozen=True, slots=True)
class Found:
    """An article as it stands in one version."""

    version: VersionHead
    article: Article
    chapter_number: str
    chapter_title: str


def _heads() -> Select[Any]:
    own = [
        getattr(Version, name)
        for name in VersionHead.__dataclass_fields__
        if name not in ("published_by", "corrects", "corrected_by")
    ]
    return (
        select(*own, Person.name, Corrected.number, Correction.number)
        .join(Person, Person.id == Version.published_by_id)
        .outerjoin(Corrected, Corrected.id == Version.corrects_id)
        .outerjoin(Correction, Correction.corrects_id == Version.id)
    )


def list_versions(known: date | None = None) -> list[VersionHead]:
    """Return every version, the one that begins last first; a correction before what it corrects.

    :param known: the day at the end of which a version must have been published, when only those count.
    """
    rows = session().execute(_heads().order_by(Version.valid_from.desc(), Version.number.desc()))
    heads = [VersionHead(*row) for row in rows]
    if known is None:
        return heads
    then = [each for each in heads if each.published_at < clock.end_of(known)]
    numbers = {each.number for each in then}
    return [each if each.corrected_by in numbers else replace(each, corrected_by=None) for each in then]


def get_version(number: int) -> VersionHead:
    """Return a version by its number.

    :raises NotFound: when there is none.
    """
    row = session().execute(_heads().where(Version.number == number)).first()
    if row is None:
        raise NotFound
    return VersionHead(*row)


def find_version(day: date | None = None) -> VersionHead | None:
    """Return the version that is the cao of a day (today), or None."""
    wanted = day or clock.today()
    query = _heads().where(Version.valid_from <= wanted, Version.valid_until >= wanted, Correction.id.is_(null()))
    row = session().execute(query.order_by(Version.number.desc())).first()
    return VersionHead(*row) if row is not None else None


def nearest_version(versions: Sequence[VersionHead], day: date) -> VersionHead | None:
    """Return the version to show when none holds: the last that ended, else the first to come."""
    live = [each for each in versions if each.is_live]
    ended = [each for each in live if each.valid_until < day]
    return max(ended, key=lambda each: each.valid_until) if ended else (live[-1] if live else None)


def version_before(day: date, corrects: int | None = None) -> VersionHead | None:
    """Return with which version a text from this day on is compared: the corrected one, else the one before it."""
    if corrects is not None:
        return next((each for each in list_versions() if each.number == corrects), None)
    live = [each for each in list_versions() if each.is_live]
    return next((each for each in live if each.valid_from < day), None)


def load_text(version_id: int) -> CaoText:
    """Return the whole text of a version."""
    leden: dict[int, list[Paragraph]] = defaultdict(list)
    of_version = (
        select(ParagraphRow.article_id, ParagraphRow.number, ParagraphRow.text)
        .join(ArticleRow, ArticleRow.id == ParagraphRow.article_id)
        .where(ArticleRow.version_id == version_id)
        .order_by(ParagraphRow.article_id, ParagraphRow.position)
    )
    for article_id, number, text in session().execute(of_version):
        leden[article_id].append(Paragraph(number, text))
    articles: dict[int, list[Article]] = defaultdict(list)
    rows = select(ArticleRow).where(ArticleRow.version_id == version_id).order_by(ArticleRow.position)
    for row in session().scalars(rows):
        articles[row.chapter_id].append(_article(row, leden[row.id]))
    chapters = select(ChapterRow).where(ChapterRow.version_id == version_id).order_by(ChapterRow.position)
    annexes = select(AnnexRow).where(AnnexRow.version_id == version_id).order_by(AnnexRow.position)
    return CaoText(
        tuple(Chapter(row.number, row.title, tuple(articles[row.id])) for row in session().scalars(chapters)),
        tuple(Annex(row.letter, row.title, row.text) for row in session().scalars(annexes)),
    )


def _article(row: ArticleRow, leden: Sequence[Paragraph]) -> Article:
    return Article(row.number, row.title, tuple(leden), row.nature, row.character, tuple(row.statutes), row.key)


def find_article(version: VersionHead, number: str) -> Found | None:
    """Return an article of a version by the number that it has there, or None."""
    found = _articles(and_(ArticleRow.version_id == version.id, ArticleRow.number == number), [version])
    return found[0] if found else None


def get_article(version: VersionHead, number: str) -> Found:
    """Return an article of a version by the number that it has there.

    :raises NotFound: when that version has none.
    """
    found = find_article(version, number)
    if found is None:
        raise NotFound
    return found


def list_article_versions(key: str, known: date | None = None) -> list[Found]:
    """Return an article in every version that has it, the one that begins last first."""
    return _articles(ArticleRow.key == key, list_versions(known))


def _articles(criterion: Any, versions: Sequence[VersionHead]) -> list[Found]:
    rows = (
        session()
        .execute(
            select(ArticleRow, ChapterRow.number, ChapterRow.title)
            .join(ChapterRow, ChapterRow.id == ArticleRow.chapter_id)
            .where(criterion)
        )
        .all()
    )
    leden: dict[int, list[Paragraph]] = defaultdict(list)
    texts = select(ParagraphRow).where(ParagraphRow.article_id.in_([row.ArticleRow.id for row in rows]))
    for lid in session().scalars(texts.order_by(ParagraphRow.article_id, ParagraphRow.position)):
        leden[lid.article_id].append(Paragraph(lid.number, lid.text))
    by_version: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_version[row.ArticleRow.version_id].append(row)
    return [
        Found(version, _article(row.ArticleRow, leden[row.ArticleRow.id]), row[1], row[2])
        for version in versions
        for row in by_version[version.id]
    ]


def list_keys() -> set[str]:
    """Return every key that an article ever had."""
    return set(session().scalars(select(ArticleRow.key).distinct()))


def list_numbers(version: VersionHead) -> set[str]:
    """Return the numbers of the articles of a version."""
    return set(session().scalars(select(ArticleRow.number).where(ArticleRow.version_id == version.id)))


def list_titles(version: VersionHead) -> list[tuple[str, str]]:
    """Return number and title of the articles of a version, in their order."""
    query = select(ArticleRow.number, ArticleRow.title).where(ArticleRow.version_id == version.id)
    return [(number, title) for number, title in session().execute(query.order_by(ArticleRow.position))]


class IndexedArticle(NamedTuple):
    """An article of the version that holds today, as it is found and shown elsewhere."""

    id: int
    number: str
    title: str
    text: str
    valid_from: date
    published_at: datetime


def list_article_ids(*, held_only: bool) -> list[int]:
    """Return the numbers of the rows of all articles, or only of those of the version that holds today."""
    query = select(ArticleRow.id).order_by(ArticleRow.id)
    if held_only:
        current = find_version()
        query = query.where(ArticleRow.version_id == (current.id if current else 0))
    return list(session().scalars(query))


def list_held_articles(ids: Sequence[int]) -> list[IndexedArticle]:
    """Return those of the articles that hold today."""
    current = find_version()
    if current is None or not ids:
        return []
    held = and_(ArticleRow.id.in_(ids), ArticleRow.version_id == current.id)
    rows = session().scalars(select(ArticleRow).where(held)).all()
    found = {each.article.number: each.article for each in _articles(held, [current])}
    return [
        IndexedArticle(
            row.id, row.number, row.title, found[row.number].text, current.valid_from, current.published_at
        )
        for row in rows
    ]


def changeovers(version: VersionHead) -> tuple[datetime, datetime]:
    """Return the moments at which a version begins and ceases to hold."""
    return clock.start_of(version.valid_from), clock.end_of(version.valid_until)


def verify(version: VersionHead) -> bool:
    """Return whether the text of a version is the one that was published."""
    return load_text(version.id).digest() == version.digest
