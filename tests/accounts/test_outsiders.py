"""People from outside: invited with a last day, for a party, with what fits them, and out when the day is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts import queries, registers, service
from proeftuin.accounts.models import Person, Role
from proeftuin.db import Database, session
from proeftuin.events.models import Event
from tests.accounts.conftest import GOOD, OTHER, Browser, Letters, link_in
from tests.accounts.factors import CODE, ENROL, FIELD, give_password, give_phone, is_in, phone_of, sentence, type_code
from tests.cast import Cast
from tests.client import Client

TODAY = clock.today()
LAST = TODAY + timedelta(days=30)
NEW = "/beheer/mensen/nieuw"

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def noon() -> Iterator[datetime]:
    """Stop the clock at noon of the real day: what is put aside for the night waits for it."""
    moment = clock.start_of(TODAY) + timedelta(hours=12, seconds=3)
    with clock.at(moment):
        yield moment


@pytest.fixture
def daan(client: Client, cast: Cast) -> Client:
    """Give the browser of the administrator."""
    return client.as_(cast.admin)


def outsider(cast: Cast, **more: str) -> dict[str, str]:
    """Return what is typed to invite a union officer."""
    return {
        "name": "Rachid Benali",
        "email": "r.benali@bond.example",
        "function": "vakbondsbestuurder",
        "language": "nl",
        "is_external": "1",
        "ends_on": LAST.isoformat(),
        "party_id": str(cast.parties["schakel"]),
        "may_sign": "1",
        **more,
    }


def test_a_union_officer_is_invited_with_a_last_day_and_a_mandate(
    daan: Client, visitor: Browser, cast: Cast, database: Database, letters: Letters
) -> None:
    made = daan.post(NEW, outsider(cast))
    assert made.status_code == 303
    page = daan.get(made.location).get_data(as_text=True)
    assert "Vakbond De Schakel · vakbondsbestuurder · mag tekenen" in page
    assert "Vakbondsbestuurder" in page
    assert "Laatste dag: " in page
    assert "Verplicht. Wordt ingesteld bij het eerste inloggen." in page
    link = link_in(letters.sent()[0])
    visitor.visit(link)
    visitor.send(link, {"password": GOOD})
    assert visitor.sign_in("r.benali@bond.example", GOOD).location == ENROL
    phone = phone_of(visitor.visit(ENROL).get_data(as_text=True))
    assert visitor.send(ENROL, {FIELD: phone.code()}).status_code == 200
    with database.reading():
        person = session().scalars(select(Person).where(Person.email == "r.benali@bond.example")).one()
        actor = queries.find_actor(person.id)
        assert actor is not None
        assert (actor.is_external, actor.roles) == (True, frozenset({Role.UNION_OFFICER}))
        assert [(mandate.party_name, mandate.may_sign) for mandate in actor.mandates] == [
            ("Vakbond De Schakel", True)
        ]


@pytest.mark.parametrize(
    "case",
    [
        ({"ends_on": ""}, "ends_on", "Kies de laatste dag: een account voor iemand van buiten eindigt altijd."),
        (
            {"ends_on": (TODAY - timedelta(days=1)).isoformat()},
            "ends_on",
            "Deze dag is al voorbij. Kies een dag die nog komt.",
        ),
        ({"ends_on": "volgend jaar"}, "ends_on", "Vul een dag in, zoals 2026-03-02."),
        ({"party_id": "werkgever"}, "party_id", "Vul een heel getal in."),
        ({"party_id": "999999"}, "party_id", "Kies een partij uit de lijst."),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_with_the_reason(
    daan: Client, cast: Cast, database: Database, case: tuple[dict[str, str], str, str]
) -> None:
    change, field, says = case
    refused = daan.post(NEW, outsider(cast, **change))
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert f'href="#{field}"' in page
    assert says in page
    assert 'value="Rachid Benali"' in page
    with database.reading():
        assert session().scalars(select(Person).where(Person.email == "r.benali@bond.example")).all() == []


@pytest.mark.parametrize("party", ["werkgever", "or"])
def test_from_outside_nobody_speaks_for_the_employer_or_the_council(daan: Client, cast: Cast, party: str) -> None:
    refused = daan.post(NEW, outsider(cast, party_id=str(cast.parties[party])))
    assert refused.status_code == 422
    assert "alleen namens een vakbond" in sentence(refused)
    later = daan.post(f"/beheer/mensen/{cast.union.id}/mandaten", {"party_id": str(cast.parties[party])})
    assert later.status_code == 422


@pytest.mark.parametrize(
    "role", ["hr", "beheerder", "or_lid", "bestuurder_wor", "leidinggevende", "moderator", "kaderlid"]
)
def test_from_outside_nobody_holds_a_role_of_employees(daan: Client, cast: Cast, role: str) -> None:
    refused = daan.post(f"/beheer/mensen/{cast.union.id}/rollen", {"role": role})
    assert refused.status_code == 422
    assert "alleen voor mensen die hier werken" in sentence(refused)


def test_an_employee_is_no_union_officer(daan: Client, cast: Cast) -> None:
    refused = daan.post(f"/beheer/mensen/{cast.colleague.id}/rollen", {"role": "vakbond_extern"})
    assert refused.status_code == 422
    assert "alleen voor mensen van buiten" in sentence(refused)


def test_an_employee_needs_no_last_day_and_can_speak_for_a_party_at_once(
    daan: Client, cast: Cast, database: Database
) -> None:
    fields = outsider(cast, is_external="", ends_on="", party_id=str(cast.parties["or"]), may_sign="")
    assert daan.post(NEW, fields).status_code == 303
    with database.reading():
        person = session().scalars(select(Person).where(Person.email == "r.benali@bond.example")).one()
        (mandate,) = registers.list_mandates(person.id)
        assert (mandate.party, mandate.may_sign, registers.list_grants(person.id)) == ("Ondernemingsraad", False, [])


# The last day


@pytest.fixture
def karin(daan: Client, cast: Cast, database: Database) -> str:
    """Give the union officer a password and a last day, and return her address."""
    email = give_password(database, cast.union)
    assert daan.post(f"/beheer/mensen/{cast.union.id}", about_karin(LAST)).status_code == 303
    return email


def about_karin(last: date | None) -> dict[str, str]:
    return {
        "name": "Karin Oosterveld",
        "function": "bestuurder",
        "language": "nl",
        "is_external": "1",
        "ends_on": last.isoformat() if last else "",
    }


def test_after_the_last_day_nobody_signs_in_and_who_was_in_is_out(
    visitor: Browser, karin: str, cast: Cast, database: Database
) -> None:
    phone, _codes = give_phone(database, cast.union)
    evening = clock.end_of(LAST) - timedelta(minutes=5)
    with clock.at(evening):
        visitor.sign_in(karin, GOOD)
        visitor.visit(CODE)
        assert type_code(visitor, phone.code()).status_code == 303
        assert is_in(visitor), "the last day itself counts"
        halfway = Browser(visitor.app, database)
        halfway.sign_in(karin, GOOD)
        halfway.visit(CODE)
    with clock.at(clock.end_of(LAST)):
        assert not is_in(visitor)
        assert type_code(halfway, phone.code()).location == "/inloggen"
        assert visitor.sign_in(karin, GOOD).status_code == 422


def test_after_the_last_day_the_address_of_the_feed_is_dead(client: Client, karin: str, cast: Cast) -> None:
    browser = client.as_(cast.union)
    browser.post("/mijn/feed")
    page = browser.get("/mijn").get_data(as_text=True)
    feed = page.split('<code class="address">')[1].split("</code>", maxsplit=1)[0].split("8000", 1)[1]
    reader = Client(client.app, client.database)
    assert reader.get(feed).status_code == 200
    with clock.at(clock.end_of(LAST)):
        assert reader.get(feed).status_code == 403


def test_the_last_day_is_extended_and_that_is_recorded(
    daan: Client, visitor: Browser, karin: str, cast: Cast, database: Database
) -> None:
    later = LAST + timedelta(days=90)
    assert daan.post(f"/beheer/mensen/{cast.union.id}", about_karin(later)).status_code == 303
    with database.reading():
        kinds = select(Event).where(Event.kind == "admin:person_last_day").order_by(Event.id)
        first, second = session().scalars(kinds)
        assert first.data == {"was": None, "until": LAST.isoformat()}
        assert second.data == {"was": LAST.isoformat(), "until": later.isoformat()}
        assert (second.actor_id, second.object_id, second.summary) == (
            cast.admin.id,
            cast.union.id,
            "Karin Oosterveld",
        )
    with clock.at(clock.end_of(LAST) + timedelta(hours=12)):
        assert visitor.sign_in(karin, GOOD).location == ENROL
    assert "Andere laatste dag: Karin Oosterveld" in daan.get("/beheer").get_data(as_text=True)


def test_what_ended_with_the_account_does_not_begin_again(
    visitor: Browser, karin: str, cast: Cast, database: Database, daan: Client
) -> None:
    phone, _codes = give_phone(database, cast.union)
    with clock.at(clock.end_of(LAST) - timedelta(minutes=5)):
        visitor.sign_in(karin, GOOD)
        visitor.visit(CODE)
        type_code(visitor, phone.code())
    with clock.at(clock.end_of(LAST) + timedelta(hours=1)):
        extended = daan.post(f"/beheer/mensen/{cast.union.id}", about_karin(LAST + timedelta(days=9)))
        assert extended.status_code == 303
        assert not is_in(visitor)
        assert visitor.sign_in(karin, GOOD).location == CODE


@pytest.mark.parametrize(
    "case",
    [
        (None, "Kies de laatste dag: een account voor iemand van buiten eindigt altijd."),
        (TODAY - timedelta(days=1), "Deze dag is al voorbij. Kies een dag die nog komt."),
    ],
)
def test_someone_from_outside_keeps_a_last_day_that_is_still_to_come(
    daan: Client, karin: str, cast: Cast, case: tuple[date | None, str], database: Database
) -> None:
    last, says = case
    refused = daan.post(f"/beheer/mensen/{cast.union.id}", about_karin(last))
    assert (refused.status_code, sentence(refused)) == (422, says)
    with database.reading():
        assert queries.get_person(cast.union.id).ends_on == LAST


def test_a_colleague_does_not_become_an_outsider(daan: Client, cast: Cast, database: Database) -> None:
    give_password(database, cast.colleague)
    fields = {**about_karin(LAST), "name": "Hanneke Jansma"}
    refused = daan.post(f"/beheer/mensen/{cast.colleague.id}", fields)
    assert refused.status_code == 422
    assert "gebruikt dit account als collega" in sentence(refused)
    with database.transaction():
        service.set_password(queries.get_person(cast.union.id), OTHER)
    inside = daan.post(f"/beheer/mensen/{cast.union.id}", {**about_karin(None), "is_external": ""})
    assert inside.status_code == 303, "the other way around is how a union officer comes to work here"


@pytest.mark.parametrize("who", ["lead", "council", "hr", "union"])
def test_only_an_administrator_extends(client: Client, karin: str, cast: Cast, who: str, database: Database) -> None:
    answer = client.as_(cast.everyone()[who]).post(
        f"/beheer/mensen/{cast.union.id}", about_karin(LAST + timedelta(days=400))
    )
    assert answer.status_code == 403
    with database.reading():
        assert queries.get_person(cast.union.id).ends_on == LAST
