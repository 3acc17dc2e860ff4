"""Which passage of a page a conversation is about, and where that passage stands now.

A thread knows only that it hangs under a page; this table says about which words of it. With every version of the
page the anchors move along, in the same transaction. An anchor of which the passage is gone keeps the words and the
version in which they stood last; when a later version brings them back, it is attached again by itself.

What must stay true: an attached anchor quotes the newest text (`text[begins:ends] == quote`); a lost one quotes the
version `stood_in`; whoever shows a quote asks first whether its version is hidden (`anchor_lists`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, ScalarSelect, Text, bindparam, exists, func, select
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Base, session
from proeftuin.errors import Invalid
from proeftuin.events.models import Subject
from proeftuin.i18n import _
from proeftuin.past.tables import HasPast
from proeftuin.talk import service as talk
from proeftuin.talk.models import Capacity, Thread
from proeftuin.wiki import passages, relocation, texts
from proeftuin.wiki.models import Page, Revision
from proeftuin.wiki.passages import MAX_PASSAGE, Span
from proeftuin.wiki.rows import HasNumber, load_readable

# Lost passages of one page that are looked for with a new version; those that were lost last come first.
_LOOKED_FOR = 200


@dataclass(frozen=True, slots=True)
class Pointed:
    """What somebody pointed at in version `number`: words as they are read, with what stands around them and
    how many letters `ahead`; or a paragraph, counted from 1."""

    number: int | None
    words: str
    before: str = ""
    after: str = ""
    paragraph: int | None = None
    ahead: int | None = None

    def find(self, text: str) -> Span | None:
        """Return where it stands in the text of that version."""
        if self.paragraph is None:
            return passages.find_words(text, self.words, before=self.before, after=self.after, ahead=self.ahead)
        spans = passages.paragraphs(text)
        return spans[self.paragraph - 1] if 1 <= self.paragraph <= len(spans) else None


_UNLESS_HIDDEN = (
    "CASE WHEN EXISTS (SELECT 1 FROM {own}hidden_version AS h WHERE h.page_id = {then[page_id]} AND h.is_hidden"
    " AND h.id = (SELECT max(g.id) FROM {own}hidden_version AS g"
    " WHERE g.page_id = h.page_id AND g.number = h.number))"
    " THEN '' ELSE {then[COLUMN]} END"
)


class Anchor(HasPast, Base):
    """The passage that a thread is about. `ahead` is how many letters are read before it: its place on the screen.

    `lost_in` is the version in which it was gone, `stood_in` the last one that had it; both None while it is there.
    """

    __tablename__ = "anchor"
    __table_args__ = (Index("ix_anchor_page_id", "page_id"),)
    # In which version a passage of then stood is not kept; so none is quoted of a page of which one is hidden now.
    __past_shown__ = {name: _UNLESS_HIDDEN.replace("COLUMN", name) for name in ("quote", "made_quote")}

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True, autoincrement=False)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    made_in: Mapped[int]
    made_quote: Mapped[str] = mapped_column(Text)
    quote: Mapped[str] = mapped_column(Text)
    begins: Mapped[int]
    ends: Mapped[int]
    ahead: Mapped[int]
    stood_in: Mapped[int | None]
    lost_in: Mapped[int | None]
    created_at: Mapped[datetime]

    @property
    def span(self) -> Span:
        """Return where the passage stands in the newest version, or stood in `stood_in`."""
        return Span(self.begins, self.ends)

    def attach(self, text: str, span: Span) -> None:
        """Quote a stretch of the newest text."""
        self.begins, self.ends = span
        self.quote = text[slice(*span)]
        self.ahead = passages.letters_ahead(text, span)
        self.stood_in = self.lost_in = None


def start_thread(
    actor: Actor,
    page: HasNumber,
    *,
    place: Pointed,
    title: str,
    text: str,
    capacity: Capacity,
    allowed: Collection[Capacity],
    party_id: int | None = None,
    is_question: bool = False,
) -> Thread:
    """Start a conversation about a passage of a page.

    :raises Invalid: when the passage cannot be found or is too long, or what was written cannot be accepted.
    """
    # Held, so that no version comes between finding the passage and keeping where it stands.
    row, _space = load_readable(actor, page.id, hold=True)
    span, newest = find_passage(row, place)
    same = exists().where(Anchor.thread_id == Thread.id, Anchor.begins == span.begins, Anchor.ends == span.ends)
    thread = talk.start_thread(
        actor,
        session().get_one(Subject, row.id),
        title=title,
        text=text,
        capacity=capacity,
        allowed=allowed,
        party_id=party_id,
        is_question=is_question,
        same_place=same,
        told={"anchor": row.current},
    )
    if session().get(Anchor, thread.id) is None:
        quote = newest[slice(*span)]
        anchor = Anchor(thread_id=thread.id, page_id=row.id, made_in=row.current, made_quote=quote)
        anchor.created_at = clock.now()
        anchor.attach(newest, span)
        session().add(anchor)
        session().flush()
    return thread


def find_passage(page: HasNumber, place: Pointed) -> tuple[Span, str]:
    """Return where a passage that somebody chose stands in the newest text of a page, and that text.

    :raises Invalid: with the sentence that says why it cannot be used.
    """
    if not passages.fold(place.words) and place.paragraph is None:
        raise Invalid({"words": _("Kies eerst een passage: een paar woorden of een alinea van de pagina.")})
    current = session().scalars(select(Page.current).where(Page.id == page.id)).one()
    newest = _text(page.id, current)
    was = newest
    if place.number not in (None, current) and place.number not in texts.hidden_numbers(page.id):
        was = _text(page.id, place.number or current) or newest
    span = place.find(was)
    if span is None:
        raise Invalid(
            {"words": _("We kunnen deze woorden niet terugvinden in de tekst. Kies een alinea uit de lijst.")}
        )
    if span.ends - span.begins > MAX_PASSAGE:
        raise Invalid({"words": _("Dit is te veel tekst voor één reactie. Kies hoogstens een paar alinea’s.")})
    now = relocation.follow(was, newest, [span])[0]
    if now is None or now.ends - now.begins > MAX_PASSAGE:
        sentence = _("Deze passage is intussen uit de pagina gehaald. Kies een andere, of reageer op de hele pagina.")
        raise Invalid({"words": sentence})
    return now, newest


_OF_PAGE = (
    select(Anchor)
    .where(Anchor.page_id == bindparam("page"))
    .order_by(Anchor.thread_id)
    .execution_options(populate_existing=True)
)
_REVISION = select(Revision.text).where(Revision.page_id == bindparam("page"), Revision.number == bindparam("number"))


def move_along(page: HasNumber, number: int, before: int, text: str) -> None:
    """Let the anchors of a page follow from version `before` to version `number`, whose text this is."""
    found = session().scalars(_OF_PAGE, {"page": page.id}).all()
    if not found:
        return
    was = _text(page.id, before)
    attached = [anchor for anchor in found if anchor.lost_in is None]
    for anchor, span in zip(attached, _follow(was, text, attached), strict=True):
        if span is not None:
            anchor.attach(text, span)
        else:
            anchor.stood_in, anchor.lost_in = before, number
    _bring_back(page.id, was, text, [anchor for anchor in found if anchor.lost_in not in (None, number)])
    session().flush()


def _follow(was: str, text: str, anchors: Sequence[Anchor]) -> list[Span | None]:
    """Return where the passages stand in a text; one that grew beyond measure counts as gone."""
    spans = relocation.follow(was, text, [anchor.span for anchor in anchors]) if anchors else []
    return [span if span is not None and span.ends - span.begins <= 2 * MAX_PASSAGE else None for span in spans]


def _bring_back(page_id: int, was: str, text: str, lost: Sequence[Anchor]) -> None:
    """Attach the passages that a version brought back, as they stood last or as they were chosen."""
    newest_first = sorted(lost, key=lambda anchor: -(anchor.lost_in or 0))[:_LOOKED_FOR]
    asked: dict[int, str] = {}
    for anchor in newest_first:
        if anchor.stood_in is None or not relocation.may_be_back(anchor.quote, was, text):
            continue
        if anchor.stood_in not in asked:
            asked[anchor.stood_in] = _text(page_id, anchor.stood_in)
        span = _follow(asked[anchor.stood_in], text, [anchor])[0]
        if span is None:
            span = _as_made(anchor.made_quote, asked[anchor.stood_in], text)
        if span is not None:
            anchor.attach(text, span)


def _as_made(quote: str, stood: str, text: str) -> Span | None:
    """Return where words as they were chosen stand in a text, when nothing else can be meant by them."""
    if text.count(quote) != 1 or stood.count(quote) > 0:  # that one may be a twin which was there all the time
        return None
    place = text.find(quote)
    return Span(place, place + len(quote))


def _text(page_id: int, number: int) -> str:
    """Return the text of a version, to be compared and not to be shown; nothing when there is none."""
    return session().scalar(_REVISION, {"page": page_id, "number": number}) or ""


def count_of_page() -> ScalarSelect[int]:
    """Return how many passages of the page of the statement around it are spoken about, as a column."""
    return (
        select(func.count())
        .select_from(Anchor)
        .where(Anchor.page_id == Page.id, Anchor.lost_in.is_(None))
        .correlate(Page)
        .scalar_subquery()
    )
