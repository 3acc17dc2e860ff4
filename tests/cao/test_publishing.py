"""Publishing: by the secretary, whole or not at all, on each day one version, and never changed afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import delete, func, select, text, update

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.cao import preparing, queries, service
from proeftuin.cao.models import ArticleRow, ChapterRow, ParagraphRow, Preparation, Version
from proeftuin.cao.structure import Character
from proeftuin.db import Database, session
from proeftuin.errors import Conflict, Gone, Invalid, NotAllowed
from proeftuin.events.models import Event
from proeftuin.frozen import WouldChangePublished
from tests.cao.scene import FIRST, NEXT, SECOND, day, prepare, publish, publish_both
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("unit")


def test_what_was_given_is_what_can_be_read(secretary: Actor) -> None:
    publish_both(secretary)
    head = queries.get_version(1)
    found = queries.load_text(head.id)
    assert [article.number for article in found.articles] == ["1.1", "1.2", "2.1", "2.2"]
    assert found.articles[2].character is Character.STANDARD
    assert found.articles[0].character is Character.MINIMUM
    assert found.articles[2].statutes == ("BW 7:610", "WML 7")
    assert found.annexes[0].text == "Schaal 5 begint bij 2.400 euro."
    assert queries.verify(head)


def test_the_version_of_a_day_holds_from_its_first_through_its_last(secretary: Actor) -> None:
    publish_both(secretary)
    on = {
        each: getattr(queries.find_version(day(each)), "number", None)
        for each in ("2024-06-30", "2024-07-01", "2026-06-30", "2026-07-01", "2028-06-30", "2028-07-01")
    }
    assert list(on.values()) == [None, 1, 1, 2, 2, None]


def test_the_day_turns_in_amsterdam(secretary: Actor) -> None:
    publish_both(secretary)
    for moment, number in (("2026-06-30T21:59:59+00:00", 1), ("2026-06-30T22:00:00+00:00", 2)):
        with clock.at(datetime.fromisoformat(moment)):
            found = queries.find_version()
            assert found is not None
            assert found.number == number


def test_an_article_is_followed_through_its_versions(secretary: Actor) -> None:
    publish_both(secretary)
    history = queries.list_article_versions("art-2.2")
    assert [(each.version.number, each.article.number) for each in history] == [(2, "2.3"), (1, "2.2")]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-06-30", "2027-01-01"),
        ("2024-01-01", "2024-07-01"),
        ("2025-01-01", "2025-01-01"),
        ("2024-01-01", "2027-01-01"),
    ],
)
def test_two_versions_on_one_day_are_refused(secretary: Actor, first: str, last: str) -> None:
    publish(secretary)
    with pytest.raises(Invalid) as refused:
        publish(secretary, SECOND, label="x", valid_from=first, valid_until=last)
    assert "geldt één versie" in refused.value.fields["valid_from"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"valid_until": "2024-06-30"}, "valid_until"),
        ({"valid_until": "2029-07-01"}, "valid_until"),
        ({"valid_from": "1 juli"}, "valid_from"),
        ({"valid_from": ""}, "valid_from"),
        ({"label": ""}, "label"),
        ({"notified_on": "2024-06-10", "confirmed_on": "2024-06-09"}, "confirmed_on"),
        ({"corrects": "7", "correction_reason": "x"}, "corrects"),
        ({"max_deviation_months": "veel"}, "max_deviation_months"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_their_field(secretary: Actor, typed: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        publish(secretary, **typed)
    assert field in refused.value.fields
    assert _count() == 0


def test_five_years_is_the_longest_term(secretary: Actor) -> None:
    assert publish(secretary, valid_until="2029-06-30").number == 1


def _count() -> int:
    counts = (select(func.count()).select_from(model) for model in (Version, ChapterRow, ArticleRow, ParagraphRow))
    return sum(session().scalar(each) or 0 for each in counts)


@pytest.mark.parametrize(
    "given", [FIRST[:300], FIRST.replace("Hoofdstuk 1 Algemeen", "Inleiding"), "Alleen een brief."]
)
def test_of_a_text_that_was_cut_off_nothing_is_published_and_all_is_kept(secretary: Actor, given: str) -> None:
    row = prepare(secretary, given)
    with pytest.raises(Invalid) as refused:
        service.publish(secretary, row, edition=row.edition)
    assert "egel " in refused.value.fields["text"]
    assert _count() == 0
    assert session().get_one(Preparation, row.id).text == given


def test_articles_expire_only_when_that_is_meant(secretary: Actor) -> None:
    publish(secretary)
    half = FIRST[: FIRST.index("Hoofdstuk 2")]
    row = prepare(secretary, half, **NEXT)
    with pytest.raises(Invalid) as refused:
        service.publish(secretary, row, edition=row.edition)
    assert "2 artikelen" in refused.value.fields["expiring_is_meant"]
    assert service.publish(secretary, row, edition=row.edition, expiring_is_meant=True).number == 2


def test_a_correction_is_a_new_version_with_a_reason(secretary: Actor) -> None:
    publish(secretary)
    better = FIRST.replace("164,67", "164,76")
    with pytest.raises(Invalid) as refused:
        publish(secretary, better, corrects="1")
    assert "correction_reason" in refused.value.fields
    publish(secretary, better, corrects="1", correction_reason="Cijfers verwisseld")
    old, new = queries.get_version(1), queries.get_version(2)
    assert (old.corrected_by, new.corrects, new.correction_reason) == (2, 1, "Cijfers verwisseld")
    assert "164,67" in queries.load_text(old.id).articles[0].text
    found = queries.find_version(day("2025-01-01"))
    assert found is not None
    assert found.number == 2
    with pytest.raises(Invalid) as refused:
        publish(secretary, better, corrects="1", correction_reason="Nog eens")
    assert "al verbeterd" in refused.value.fields["corrects"]


@pytest.mark.parametrize("who", ["lead", "colleague", "council", "union", "hr", "admin"])
def test_only_the_secretary_publishes(secretary: Actor, cast: Cast, who: str) -> None:
    row = prepare(secretary)
    with pytest.raises(NotAllowed):
        service.publish(getattr(cast, who), row, edition=row.edition)


def test_hr_prepares_and_others_do_not(secretary: Actor, cast: Cast) -> None:
    row = prepare(cast.hr)
    assert service.publish(secretary, row, edition=row.edition).published_by_id == secretary.id
    for actor in (cast.admin, cast.council, cast.union, cast.lead):
        with pytest.raises(NotAllowed):
            preparing.create(actor, text=FIRST)


def test_what_somebody_else_saved_meanwhile_is_not_published(secretary: Actor, cast: Cast) -> None:
    row = prepare(secretary)
    seen = row.edition
    preparing.save(cast.hr, row, edition=seen, text=SECOND, terms=dict(row.terms))
    with pytest.raises(Conflict):
        service.publish(secretary, row, edition=seen)


def test_a_text_is_published_once_and_then_not_thrown_away(secretary: Actor) -> None:
    row = prepare(secretary)
    service.publish(secretary, row, edition=row.edition)
    with pytest.raises(Gone):
        service.publish(secretary, row, edition=row.edition)
    with pytest.raises(Gone):
        preparing.discard(secretary, row)


CHANGES: list[Callable[[], object]] = [
    lambda: setattr(session().scalars(select(ParagraphRow)).first(), "text", "Anders."),
    lambda: setattr(session().scalars(select(Version)).first(), "valid_until", day("2027-01-01")),
    lambda: setattr(session().scalars(select(ArticleRow)).first(), "character", Character.STANDARD),
    lambda: session().delete(session().scalars(select(ParagraphRow)).first()),
    lambda: session().execute(update(ArticleRow).values(title="Anders")),
    lambda: session().execute(delete(ParagraphRow)),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_published_never_changes(secretary: Actor, change: Callable[[], object]) -> None:
    publish(secretary)
    session().flush()

    def try_it() -> None:
        change()
        session().flush()

    with pytest.raises(WouldChangePublished):
        try_it()


def test_a_change_past_our_code_shows_in_the_digest(secretary: Actor) -> None:
    publish(secretary)
    session().execute(text("UPDATE cao_paragraph SET text = 'Anders.' WHERE number = '2'"))
    session().expire_all()
    assert not queries.verify(queries.get_version(1))


def test_publishing_is_an_event_that_names_the_version(secretary: Actor, database: Database) -> None:
    publish(secretary)
    happened = session().scalars(select(Event).where(Event.kind == "cao:published")).one()
    assert (happened.object_id, happened.summary, happened.actor_id) == (1, "Cao Oeverbrug 2024-2026", secretary.id)


def test_the_rules_about_deviations_go_on_in_the_next_version(secretary: Actor) -> None:
    publish(secretary, max_deviation_months="12", ends_with_cao="1")
    row = preparing.create(secretary, text=SECOND)
    assert (row.terms["max_deviation_months"], row.terms["ends_with_cao"]) == ("12", "1")
    assert (row.terms["valid_from"], row.terms["corrects"]) == ("", "")
