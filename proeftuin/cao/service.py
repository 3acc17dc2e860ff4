"""Publishing a version of the cao: everything at once or nothing, and for good.

What must stay true: only the secretary publishes; on a day one version holds; what is published never changes, so a
correction is a new version that says why; nothing is published as long as a line of the given text is not understood.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.cao import policy, preparing
from proeftuin.cao.models import (
    Agreement,
    AnnexRow,
    ArticleRow,
    ChapterRow,
    ParagraphRow,
    Preparation,
    Version,
)
from proeftuin.cao.preparing import Preview
from proeftuin.cao.structure import Article, CaoText, Character
from proeftuin.cao.terms import Terms
from proeftuin.db import savepoint, session
from proeftuin.errors import Conflict, Gone, Invalid
from proeftuin.events.models import Subject, SubjectKind
from proeftuin.events.service import record
from proeftuin.i18n import _, n_

KEY = "cao"
"""One company has one cao; the tables leave room for more."""


def publish(
    actor: Actor, preparation: Preparation, *, edition: int | None, expiring_is_meant: bool = False
) -> Version:
    """Make a version of a text in preparation.

    :raises Invalid: with every reason why that cannot be.
    :raises Conflict: when somebody changed the text, or published, in the meantime.
    """
    policy.require_publisher(actor)
    if preparation.version_id is not None:
        raise Gone(_("Deze tekst is al gepubliceerd."), way_out="/cao")
    preparing.see_edition(preparation, edition)
    agreement = _agreement()
    planned = preparing.preview(preparation.text, preparation.terms)
    terms = _checked(planned, expiring_is_meant)
    try:
        with savepoint():
            version = _write(actor, agreement, terms, planned.text, preparation.file_name)
    except IntegrityError as collision:
        raise Conflict(
            _("Op dit moment publiceerde iemand anders een versie. Bekijk eerst wat er nu staat.")
        ) from collision
    preparation.version_id = version.id
    site_id = session().execute(select(Subject.id).where(Subject.kind == SubjectKind.SITE)).scalar_one()
    record(
        actor.id,
        "cao:published",
        site_id,
        object_id=version.number,
        summary=f"{version.name} {version.label}",
        corrects=terms.corrects,
        digest=version.digest,
    )
    return version


def _checked(planned: Preview, expiring_is_meant: bool) -> Terms:
    errors = dict(planned.errors)
    blocking = planned.reading.blocking
    if blocking:
        first = blocking[0]
        errors["text"] = n_(
            "%(n)s regel is niet begrepen. Regel %(line)s: %(why)s",
            "%(n)s regels zijn niet begrepen. De eerste is regel %(line)s: %(why)s",
            len(blocking),
            line=first.line,
            why=first.why,
        )
    expired = len(planned.differences.expired)
    if expired and not expiring_is_meant:
        errors["expiring_is_meant"] = n_(
            "Er vervalt %(n)s artikel. Vink aan dat dit klopt, of vul de tekst aan.",
            "Er vervallen %(n)s artikelen. Vink aan dat dit klopt, of vul de tekst aan.",
            expired,
        )
    if errors or planned.terms is None:
        raise Invalid(errors)
    return planned.terms


def _agreement() -> Agreement:
    """Return the agreement, held so that versions are published one after the other."""
    query = select(Agreement).where(Agreement.key == KEY).with_for_update()
    found = session().scalars(query).first()
    if found is None:
        found = Agreement(key=KEY, created_at=clock.now())
        session().add(found)
        session().flush()
    return found


def _write(actor: Actor, agreement: Agreement, terms: Terms, text: CaoText, source: str) -> Version:
    last = session().scalar(select(func.max(Version.number)).where(Version.agreement_id == agreement.id)) or 0
    corrects = select(Version.id).where(Version.agreement_id == agreement.id, Version.number == terms.corrects)
    version = Version(
        agreement_id=agreement.id,
        number=last + 1,
        name=terms.name,
        kind=terms.kind,
        label=terms.label,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        notified_on=terms.notified_on,
        confirmed_on=terms.confirmed_on,
        default_character=terms.default_character,
        decision_rule=terms.decision_rule,
        max_deviation_months=terms.max_deviation_months,
        notice_days=terms.notice_days,
        reconfirm_days=terms.reconfirm_days,
        ends_with_cao=terms.ends_with_cao,
        silent_agreement=terms.silent_agreement,
        is_retroactive=terms.is_retroactive,
        corrects_id=session().scalar(corrects) if terms.corrects is not None else None,
        correction_reason=terms.correction_reason,
        source=source,
        digest=text.digest(),
        published_at=clock.now(),
        published_by_id=actor.id,
    )
    session().add(version)
    session().flush()
    _write_text(version, text)
    return version


def _write_text(version: Version, text: CaoText) -> None:
    chapters = [
        ChapterRow(version_id=version.id, position=n, number=each.number, title=each.title)
        for n, each in enumerate(text.chapters, 1)
    ]
    annexes = [
        AnnexRow(version_id=version.id, position=n, letter=each.letter, title=each.title, text=each.text)
        for n, each in enumerate(text.annexes, 1)
    ]
    session().add_all([*chapters, *annexes])
    session().flush()
    articles = [
        (_article_row(version, chapter.id, article), article)
        for chapter, given in zip(chapters, text.chapters, strict=True)
        for article in given.articles
    ]
    for position, (row, _article) in enumerate(articles, 1):
        row.position = position
    session().add_all(row for row, _article in articles)
    session().flush()
    session().add_all(
        ParagraphRow(article_id=row.id, position=n, number=lid.number, text=lid.text)
        for row, article in articles
        for n, lid in enumerate(article.paragraphs, 1)
    )
    session().flush()


def _article_row(version: Version, chapter_id: int, article: Article) -> ArticleRow:
    return ArticleRow(
        version_id=version.id,
        chapter_id=chapter_id,
        key=article.key,
        number=article.number,
        title=article.title,
        nature=article.nature,
        character=article.character or Character.MINIMUM,
        statutes=list(article.statutes),
    )
