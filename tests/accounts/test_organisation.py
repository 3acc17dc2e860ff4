"""Departments, parties and themes."""

from __future__ import annotations

from datetime import date

import pytest

from proeftuin.accounts import queries, registers, service
from proeftuin.accounts.models import PartyKind
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.pilots import themes
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("cast", "unit", "monday")


def test_a_department_is_added_with_a_key_that_stays(cast: Cast) -> None:
    department = service.create_department(cast.admin, name="Wegen & Verkeer", headcount=214)
    assert department.key == "wegen-verkeer"
    service.change_department(cast.admin, department, name="Wegen", headcount=None, parent_id=None)
    assert (department.key, department.name, department.headcount) == ("wegen-verkeer", "Wegen", None)


@pytest.mark.parametrize("name", ["geotechniek", "Geötechniek", "Ge\u043etechniek", "GEOTECHNIEK "])
def test_departments_do_not_look_alike(cast: Cast, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        service.create_department(cast.admin, name=name)
    assert "Geotechniek" in refused.value.fields["name"]
    with pytest.raises(Invalid):
        service.change_department(
            cast.admin, queries.get_department(cast.rail), name=name, headcount=None, parent_id=None
        )


def test_a_department_may_keep_its_own_name(cast: Cast) -> None:
    geo = queries.get_department(cast.geo)
    service.change_department(cast.admin, geo, name="GEOTECHNIEK", headcount=5, parent_id=None)
    assert geo.name == "GEOTECHNIEK"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"headcount": -1}, "headcount"),
        ({"headcount": 2_000_000}, "headcount"),
        ({"parent_id": 999_999}, "parent_id"),
    ],
)
def test_what_cannot_be_used_for_a_department_is_refused(cast: Cast, fields: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        service.create_department(cast.admin, **({"name": "Nieuw"} | fields))  # type: ignore[arg-type]  # by name
    assert list(refused.value.fields) == [field]


def test_a_department_is_no_part_of_itself(cast: Cast) -> None:
    part = service.create_department(cast.admin, name="Oost", parent_id=cast.geo)
    deeper = service.create_department(cast.admin, name="Noordoost", parent_id=part.id)
    geo = queries.get_department(cast.geo)
    for parent_id in (cast.geo, part.id, deeper.id):
        with pytest.raises(Invalid) as refused:
            service.change_department(cast.admin, geo, name=geo.name, headcount=None, parent_id=parent_id)
        assert "parent_id" in refused.value.fields


def test_a_closed_department_cannot_be_chosen_and_keeps_its_people(cast: Cast) -> None:
    geo = queries.get_department(cast.geo)
    service.close_department(cast.admin, geo)
    assert geo.closed_on == date(2026, 11, 23)
    assert cast.geo not in {department.id for department in queries.list_departments()}
    assert queries.get_person(cast.lead.id).department_id == cast.geo
    with pytest.raises(Conflict):
        service.close_department(cast.admin, geo)
    service.reopen_department(cast.admin, geo)
    with pytest.raises(Conflict):
        service.reopen_department(cast.admin, geo)
    assert cast.geo in {department.id for department in queries.list_departments()}


def test_a_party_with_mandates_is_not_closed(cast: Cast) -> None:
    council = queries.get_party(cast.parties["or"])
    with pytest.raises(Conflict) as refused:
        service.close_party(cast.admin, council)
    assert "1 mandaat" in refused.value.message
    (mandate,) = registers.list_mandates(cast.council.id)
    service.end_mandate(cast.admin, registers.get_mandate(mandate.id), ends_on=date(2026, 11, 22))
    service.close_party(cast.admin, council)
    with pytest.raises(Conflict):
        service.close_party(cast.admin, council)


def test_nobody_gets_a_mandate_of_a_closed_party(cast: Cast) -> None:
    party = service.create_party(cast.admin, name="Bond Nieuw", kind=PartyKind.UNION, signs_cao=False)
    service.close_party(cast.admin, party)
    colleague = queries.get_person(cast.colleague.id)
    with pytest.raises(Invalid):
        service.give_mandate(
            cast.admin, colleague, party.id, function="", may_sign=False, starts_on=date(2026, 11, 23)
        )
    service.reopen_party(cast.admin, party)
    with pytest.raises(Conflict):
        service.reopen_party(cast.admin, party)


def test_parties_do_not_look_alike_and_can_be_renamed(cast: Cast) -> None:
    with pytest.raises(Invalid):
        service.create_party(cast.admin, name="ondernemingsraad", kind=PartyKind.UNION, signs_cao=True)
    party = queries.get_party(cast.parties["schakel"])
    service.change_party(cast.admin, party, name="De Schakel", signs_cao=False)
    assert (party.key, party.name, party.signs_cao) == ("schakel", "De Schakel", False)


def test_two_names_with_one_slug_get_two_keys(cast: Cast) -> None:
    first = service.create_department(cast.admin, name="Water+Klimaat")
    second = service.create_department(cast.admin, name="Water/Klimaat")
    assert (first.key, second.key) == ("water-klimaat", "water-klimaat-2")


def test_a_theme_is_added_at_the_end_changed_and_closed(cast: Cast) -> None:
    theme = themes.create_theme(cast.admin, name="Arbeidstijden")
    assert theme.position == 2
    themes.change_theme(cast.admin, theme, name="Tijd", position=0)
    assert (theme.key, theme.name, theme.position) == ("arbeidstijden", "Tijd", 0)
    themes.close_theme(cast.admin, theme)
    with pytest.raises(Conflict):
        themes.close_theme(cast.admin, theme)
    assert [row.name for row in themes.list_theme_rows()][-1] == "Tijd"
    themes.reopen_theme(cast.admin, theme)
    with pytest.raises(Conflict):
        themes.reopen_theme(cast.admin, theme)


@pytest.mark.parametrize(
    ("name", "position", "field"), [("", 1, "name"), ("BELONEN", 1, "name"), ("X", 1000, "position")]
)
def test_what_cannot_be_used_for_a_theme_is_refused(cast: Cast, name: str, position: int, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        themes.create_theme(cast.admin, name=name, position=position)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("who", ["lead", "hr", "council", "union"])
def test_only_an_administrator_keeps_themes(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        themes.create_theme(cast.everyone()[who], name="Nieuw")
    with pytest.raises(NotAllowed):
        themes.close_theme(cast.everyone()[who], themes.get_theme(cast.themes["belonen"]))
