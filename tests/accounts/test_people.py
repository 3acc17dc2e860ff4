"""The rules for accounts, roles and mandates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts import queries, registers, service
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person, Role, SignIn
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events.models import Event, Subject, SubjectKind
from tests.accounts.conftest import GOOD
from tests.cast import Cast

TODAY = date(2026, 11, 23)

pytestmark = pytest.mark.usefixtures("cast", "unit", "monday")


def person_of(actor: Actor) -> Person:
    return queries.get_person(actor.id)


def change(actor: Actor | None, person: Person, **fields: object) -> None:
    """Change some fields of a person and leave the rest."""
    known = {
        "name": person.name,
        "function": person.function,
        "department_id": person.department_id,
        "language": person.language,
        "is_external": person.is_external,
        "ends_on": person.ends_on,
    }
    service.change_person(actor, person, **(known | fields))  # type: ignore[arg-type]  # any field, by name


def acts() -> list[tuple[str, int | None, str]]:
    rows = session().scalars(select(Event).where(Event.kind.startswith("admin:")).order_by(Event.id))
    return [(event.kind, event.actor_id, event.summary) for event in rows]


def test_an_administrator_gives_someone_an_account(cast: Cast) -> None:
    person = service.create_person(
        cast.admin, email="Nova@Oeverbrug.example ", name="  Nova  Bos", function="tekenaar", department_id=cast.geo
    )
    assert (person.email, person.name, person.department_id) == ("nova@oeverbrug.example", "Nova Bos", cast.geo)
    assert person.password_hash is None
    assert acts() == [("admin:person_created", cast.admin.id, "Nova Bos")]


@pytest.mark.parametrize("who", ["lead", "member", "colleague", "council", "union", "hr"])
def test_nobody_else_keeps_accounts(cast: Cast, who: str) -> None:
    actor = cast.everyone()[who]
    other = person_of(cast.colleague)
    tries = [
        lambda: service.create_person(actor, email="x@y.example", name="Xander"),
        lambda: change(actor, other, function="baas"),
        lambda: service.invite(actor, other),
        lambda: service.block(actor, other),
        lambda: service.unblock(actor, other),
        lambda: service.grant_role(actor, other, Role.HR, starts_on=TODAY),
        lambda: service.end_role(actor, registers.list_grants(cast.hr.id)[0], ends_on=TODAY),
        lambda: service.give_mandate(actor, other, cast.parties["or"], function="", may_sign=True, starts_on=TODAY),
        lambda: service.end_mandate(
            actor, registers.get_mandate(registers.list_mandates(cast.council.id)[0].id), ends_on=TODAY
        ),
        lambda: service.create_department(actor, name="Nieuw"),
        lambda: service.close_party(actor, queries.get_party(cast.parties["or"])),
    ]
    for attempt in tries:
        with pytest.raises(NotAllowed):
            attempt()  # type: ignore[no-untyped-call]
    assert acts() == []


@pytest.mark.parametrize("name", ["willemijn smit", "W\u0456llemijn Smit", "Willemijn\u200b Smit", "WILLEMIJN SMIT"])
def test_a_name_that_looks_like_another_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        service.create_person(cast.admin, email="x@y.example", name=name)
    assert "Willemijn Smit" in refused.value.fields["name"]
    with pytest.raises(Invalid):
        change(cast.admin, person_of(cast.member), name=name)


def test_an_address_is_of_one_person(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        service.create_person(cast.admin, email=person_of(cast.hr).email.upper(), name="Xander")
    assert "Esra Yildiz" in refused.value.fields["email"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"email": "geen adres"}, "email"),
        ({"function": "x" * 121}, "function"),
        ({"department_id": 999_999}, "department_id"),
        ({"language": "de"}, "language"),
        ({"password": "Welkom01"}, "password"),
    ],
)
def test_what_cannot_be_used_is_refused_under_its_field(cast: Cast, fields: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        service.create_person(cast.admin, **({"email": "x@y.example", "name": "Xander"} | fields))  # type: ignore[arg-type]
    assert list(refused.value.fields) == [field]


def test_a_former_name_is_not_given_to_someone_else(cast: Cast) -> None:
    change(cast.admin, person_of(cast.member), name="Bilal Demirci")
    with pytest.raises(Invalid):
        service.create_person(cast.admin, email="x@y.example", name="Bilal Aksoy")
    change(cast.admin, person_of(cast.member), name="Bilal Aksoy")
    assert person_of(cast.member).name == "Bilal Aksoy", "its owner may have it back"


def test_a_change_that_is_refused_changes_nothing(cast: Cast) -> None:
    person = person_of(cast.member)
    with pytest.raises(Invalid):
        change(cast.admin, person, name="Nieuwe Naam", function="x" * 200)
    assert person.name == "Bilal Aksoy"
    assert session().dirty == set() or not session().is_modified(person)


def test_the_address_can_be_corrected_until_a_password_was_chosen(cast: Cast) -> None:
    person = person_of(cast.member)
    change(cast.admin, person, email="bilal@oeverbrug.example")
    assert person.email == "bilal@oeverbrug.example"
    service.set_password(person, GOOD)
    with pytest.raises(Invalid) as refused:
        change(cast.admin, person, email="dief@oeverbrug.example")
    assert "email" in refused.value.fields


def test_nobody_with_a_password_is_invited_again(cast: Cast) -> None:
    service.set_password(person_of(cast.member), GOOD)
    with pytest.raises(Conflict):
        service.invite(cast.admin, person_of(cast.member))


def test_blocking_ends_every_sign_in_and_twice_is_a_conflict(cast: Cast) -> None:
    person = service.create_person(None, email="x@y.example", name="Xander", password=GOOD)
    service.sign_in("x@y.example", GOOD, device="", address="203.0.113.7")
    service.block(cast.admin, person)
    assert session().scalars(select(SignIn).where(SignIn.person_id == person.id)).all() == []
    assert queries.find_actor(person.id) is None
    with pytest.raises(Conflict):
        service.block(cast.admin, person)
    service.unblock(cast.admin, person)
    with pytest.raises(Conflict):
        service.unblock(cast.admin, person)


def test_a_person_is_out_after_the_last_day_and_not_on_it(cast: Cast) -> None:
    change(cast.admin, person_of(cast.member), ends_on=TODAY)
    assert queries.find_actor(cast.member.id) is not None
    with clock.at(clock.now() + timedelta(days=1)):
        assert queries.find_actor(cast.member.id) is None
        assert cast.member.id not in {person.id for person in queries.list_people()}


# Roles


def test_a_role_counts_from_its_first_day_through_its_last(cast: Cast) -> None:
    service.grant_role(
        cast.admin,
        person_of(cast.colleague),
        Role.HR,
        starts_on=TODAY + timedelta(days=1),
        ends_on=TODAY + timedelta(days=2),
    )
    held = []
    for days in range(4):
        with clock.at(clock.now() + timedelta(days=days)):
            actor = queries.find_actor(cast.colleague.id)
            assert actor is not None
            held.append(actor.has(Role.HR))
    assert held == [False, True, True, False]


def test_a_role_ends_on_the_amsterdam_day(cast: Cast) -> None:
    service.grant_role(cast.admin, person_of(cast.colleague), Role.HR, starts_on=TODAY, ends_on=TODAY)
    midnight = clock.end_of(TODAY)
    for moment, counts in ((midnight - timedelta(seconds=1), True), (midnight, False)):
        with clock.at(moment):
            actor = queries.find_actor(cast.colleague.id)
            assert actor is not None
            assert actor.has(Role.HR) is counts


def test_the_last_day_of_a_role_does_not_lie_before_the_first(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        service.grant_role(
            cast.admin, person_of(cast.colleague), Role.HR, starts_on=TODAY, ends_on=TODAY - timedelta(days=1)
        )
    assert "ends_on" in refused.value.fields


def test_one_role_is_held_once_at_a_time(cast: Cast) -> None:
    person = person_of(cast.colleague)
    service.grant_role(cast.admin, person, Role.HR, starts_on=TODAY, ends_on=TODAY + timedelta(days=10))
    with pytest.raises(Invalid):
        service.grant_role(cast.admin, person, Role.HR, starts_on=TODAY + timedelta(days=10))
    service.grant_role(cast.admin, person, Role.HR, starts_on=TODAY + timedelta(days=11))
    service.grant_role(cast.admin, person, Role.MODERATOR, starts_on=TODAY)


def test_an_ended_role_stays_in_the_register(cast: Cast) -> None:
    (grant,) = registers.list_grants(cast.hr.id)
    service.end_role(cast.admin, grant, ends_on=TODAY)
    assert [row.ends_on for row in registers.list_grants(cast.hr.id)] == [TODAY]
    assert ("admin:role_ended", cast.admin.id, "Esra Yildiz") in acts()


def test_a_role_that_never_counted_goes(cast: Cast) -> None:
    grant = service.grant_role(cast.admin, person_of(cast.colleague), Role.HR, starts_on=TODAY + timedelta(days=5))
    service.end_role(cast.admin, grant, ends_on=TODAY)
    assert registers.list_grants(cast.colleague.id) == []


def test_what_counted_in_the_past_is_not_changed_afterwards(cast: Cast) -> None:
    (grant,) = registers.list_grants(cast.hr.id)
    with pytest.raises(Invalid):
        service.end_role(cast.admin, grant, ends_on=TODAY - timedelta(days=2))
    service.end_role(cast.admin, grant, ends_on=TODAY)
    with clock.at(clock.now() + timedelta(days=10)), pytest.raises(Invalid):
        service.end_role(cast.admin, grant, ends_on=TODAY + timedelta(days=20))


def test_an_administrator_gives_nothing_to_themselves(cast: Cast) -> None:
    me = person_of(cast.admin)
    with pytest.raises(NotAllowed):
        service.grant_role(cast.admin, me, Role.MODERATOR, starts_on=TODAY)
    with pytest.raises(NotAllowed):
        service.give_mandate(cast.admin, me, cast.parties["or"], function="", may_sign=True, starts_on=TODAY)


# The last administrator


def test_the_last_administrator_cannot_go(cast: Cast) -> None:
    (grant,) = registers.list_grants(cast.admin.id)
    with pytest.raises(Conflict):
        service.end_role(cast.admin, grant, ends_on=TODAY)
    with pytest.raises(Conflict):
        service.end_role(cast.admin, grant, ends_on=TODAY + timedelta(days=365))
    with pytest.raises(Conflict):
        change(cast.admin, person_of(cast.admin), ends_on=TODAY + timedelta(days=30))
    with pytest.raises(Conflict):
        service.block(None, person_of(cast.admin))


@pytest.mark.parametrize("weakness", ["ends", "starts later", "blocked", "leaves"])
def test_one_who_will_go_too_does_not_count_as_another_administrator(cast: Cast, weakness: str) -> None:
    other = person_of(cast.colleague)
    later = TODAY + timedelta(days=30)
    service.grant_role(
        cast.admin,
        other,
        Role.ADMINISTRATOR,
        starts_on=later if weakness == "starts later" else TODAY,
        ends_on=later if weakness == "ends" else None,
    )
    if weakness == "blocked":
        service.block(None, other)
    if weakness == "leaves":
        change(None, other, ends_on=later)
    with pytest.raises(Conflict):
        service.end_role(None, registers.list_grants(cast.admin.id)[0], ends_on=TODAY)


def test_with_another_administrator_the_first_can_go(cast: Cast) -> None:
    service.grant_role(cast.admin, person_of(cast.colleague), Role.ADMINISTRATOR, starts_on=TODAY)
    colleague = queries.find_actor(cast.colleague.id)
    service.end_role(colleague, registers.list_grants(cast.admin.id)[0], ends_on=TODAY)
    with pytest.raises(Conflict):
        service.end_role(colleague, registers.list_grants(cast.colleague.id)[0], ends_on=TODAY)


def test_nobody_blocks_themselves(cast: Cast) -> None:
    service.grant_role(cast.admin, person_of(cast.colleague), Role.ADMINISTRATOR, starts_on=TODAY)
    with pytest.raises(Conflict):
        service.block(cast.admin, person_of(cast.admin))


# Mandates


def test_a_mandate_lets_someone_speak_for_a_party_from_day_to_day(cast: Cast) -> None:
    service.give_mandate(
        cast.admin,
        person_of(cast.colleague),
        cast.parties["schakel"],
        function="kaderlid",
        may_sign=False,
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=1),
    )
    actor = queries.find_actor(cast.colleague.id)
    assert actor is not None
    (mandate,) = actor.mandates
    assert (mandate.party_name, mandate.function, mandate.may_sign) == ("Vakbond De Schakel", "kaderlid", False)
    with clock.at(clock.now() + timedelta(days=2)):
        later = queries.find_actor(cast.colleague.id)
        assert later is not None
        assert later.mandates == ()


def test_one_person_has_one_mandate_of_a_party_at_a_time(cast: Cast) -> None:
    with pytest.raises(Invalid):
        service.give_mandate(
            cast.admin, person_of(cast.council), cast.parties["or"], function="", may_sign=False, starts_on=TODAY
        )
    service.give_mandate(
        cast.admin, person_of(cast.council), cast.parties["schakel"], function="", may_sign=False, starts_on=TODAY
    )


@pytest.mark.parametrize("party_id", [0, 999_999])
def test_a_mandate_is_of_a_party_that_exists(cast: Cast, party_id: int) -> None:
    with pytest.raises(Invalid) as refused:
        service.give_mandate(
            cast.admin, person_of(cast.colleague), party_id, function="", may_sign=False, starts_on=TODAY
        )
    assert "party_id" in refused.value.fields


def test_an_ended_mandate_stays_in_the_register(cast: Cast) -> None:
    (row,) = registers.list_mandates(cast.council.id)
    service.end_mandate(cast.admin, registers.get_mandate(row.id), ends_on=TODAY)
    assert [each.ends_on for each in registers.list_mandates(cast.council.id)] == [TODAY]


# The record


def test_every_act_is_recorded_at_the_site_with_names_only(cast: Cast) -> None:
    person = service.create_person(cast.admin, email="nova@oeverbrug.example", name="Nova Bos")
    service.invite(cast.admin, person)
    service.grant_role(cast.admin, person, Role.HR, starts_on=TODAY)
    service.give_mandate(cast.admin, person, cast.parties["or"], function="lid", may_sign=False, starts_on=TODAY)
    change(cast.admin, person, name="Nova Bosch", email="nova.bosch@oeverbrug.example")
    service.block(cast.admin, person)
    service.unblock(cast.admin, person)
    chosen = select(Event).where(Event.kind.startswith("admin:")).order_by(Event.id)
    events = session().scalars(chosen).all()
    site = session().scalars(select(Subject.id).where(Subject.kind == SubjectKind.SITE)).one()
    assert {event.subject_id for event in events} == {site}
    assert {event.actor_id for event in events} == {cast.admin.id}
    assert [event.kind.removeprefix("admin:") for event in events] == [
        "person_created",
        "person_invited",
        "role_given",
        "mandate_given",
        "person_renamed",
        "person_changed",
        "person_blocked",
        "person_unblocked",
    ]
    assert "@" not in "".join(event.summary + str(event.data) for event in events)
