"""Risks and promises: written by the team, read by everyone, never gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import Database, session
from proeftuin.errors import Conflict, Invalid
from proeftuin.events.models import Event
from proeftuin.pilots import records, service
from proeftuin.pilots.models import Pilot, Promise, PromiseState, Risk
from tests.cast import Cast
from tests.client import Client
from tests.pilots.builders import concept, prepared, running, stored


def events(kind: str) -> list[Event]:
    return list(session().scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def test_a_risk_is_added_changed_and_withdrawn_and_each_is_an_event(unit: None, cast: Cast) -> None:
    pilot = concept(cast)
    risk = service.add_risk(cast.member, pilot, risk="Ruzie", measure="Een begeleider.", owner_id=cast.lead.id)
    service.change_risk(cast.member, pilot, risk, risk="Ruzie in het team", owner_id=cast.lead.id)
    assert records.list_commitments(pilot.id).risks[0].owner == "Willemijn Smit"
    service.withdraw_risk(cast.member, pilot, risk)
    session().flush()
    assert records.list_commitments(pilot.id).risks == []
    assert [event.data["act"] for event in events("pilot:risk")] == ["added", "changed", "withdrawn"]
    assert events("pilot:risk")[1].data["before"] == ["Ruzie", "Een begeleider.", cast.lead.id]


def test_a_promise_is_late_from_the_day_after(unit: None, cast: Cast) -> None:
    pilot = concept(cast)
    today = clock.today()
    for days in (-23, 0, 5):
        service.make_promise(
            cast.lead, pilot, text=f"Over {days}", owner_id=None, due_on=today + timedelta(days=days)
        )
    promises = records.list_commitments(pilot.id).promises
    assert [(promise.text, promise.is_late(today)) for promise in promises] == [
        ("Over -23", True),
        ("Over 0", False),
        ("Over 5", False),
    ]


def test_a_promise_is_kept_on_a_day_or_withdrawn_with_a_reason(unit: None, cast: Cast) -> None:
    pilot = concept(cast)
    today = clock.today()
    kept, dropped = (
        service.make_promise(cast.lead, pilot, text=text, owner_id=None, due_on=today) for text in ("Een", "Twee")
    )
    with pytest.raises(Invalid) as future:
        service.settle_promise(cast.lead, pilot, kept, on=today + timedelta(days=1))
    assert list(future.value.fields) == ["on"]
    service.settle_promise(cast.lead, pilot, kept, note="Zie de pagina.")
    with pytest.raises(Invalid) as silent:
        service.settle_promise(cast.lead, pilot, dropped, state=PromiseState.WITHDRAWN)
    assert list(silent.value.fields) == ["note"]
    service.settle_promise(cast.lead, pilot, dropped, state=PromiseState.WITHDRAWN, note="Geen geld.")
    for promise in (kept, dropped):
        with pytest.raises(Conflict):
            service.settle_promise(cast.lead, pilot, promise)
        with pytest.raises(Conflict):
            service.change_promise(cast.lead, pilot, promise, text="Anders", owner_id=None, due_on=today)
    assert [event.data["state"] for event in events("pilot:promise_settled")] == ["nagekomen", "ingetrokken"]


def test_another_day_for_a_promise_is_on_record(unit: None, cast: Cast) -> None:
    pilot = concept(cast)
    today = clock.today()
    promise = service.make_promise(cast.lead, pilot, text="Cijfers", owner_id=None, due_on=today)
    service.change_promise(
        cast.lead, pilot, promise, text="Cijfers", owner_id=None, due_on=today + timedelta(days=30)
    )
    assert events("pilot:promise")[-1].data["before"] == ["Cijfers", None, today.isoformat()]


PATHS = ["/risicos", "/beloften"]


@pytest.mark.parametrize("who", ["colleague", "council", "union", "hr", "admin"])
def test_only_the_team_writes_risks_and_promises(who: str, client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, prepared, cast)
    with database.transaction():
        here = session().get_one(Pilot, pilot.id)
        risk = service.add_risk(cast.lead, here, risk="Ruzie")
        promise = service.make_promise(cast.lead, here, text="Cijfers", owner_id=None, due_on=clock.today())
    browser = client.as_(getattr(cast, who))
    base = f"/proeftuinen/{pilot.slug}"
    day = clock.today().isoformat()
    assert "Ruzie" in browser.get(f"{base}/risicos").text
    assert "Cijfers" in browser.get(f"{base}/beloften").text
    assert browser.post(f"{base}/risicos", {"risk": "Nog een"}).status_code == 403
    assert browser.get(f"{base}/risicos/{risk.id}").status_code == 403
    assert browser.post(f"{base}/risicos/{risk.id}", {"act": "withdraw"}).status_code == 403
    assert browser.post(f"{base}/beloften", {"text": "Nog een", "due_on": day}).status_code == 403
    assert browser.get(f"{base}/beloften/{promise.id}").status_code == 403
    assert browser.post(f"{base}/beloften/{promise.id}", {"text": "Anders", "due_on": day}).status_code == 403
    settled = {"state": "nagekomen", "on": day}
    assert browser.post(f"{base}/beloften/{promise.id}/afronden", settled).status_code == 403


def test_the_team_writes_them_in_the_browser(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, running, cast)
    base = f"/proeftuinen/{pilot.slug}"
    browser = client.as_(cast.member)
    due = (clock.today() - timedelta(days=23)).isoformat()
    assert browser.post(f"{base}/risicos", {"risk": "Ruzie", "owner": "bilal aksoy"}).status_code == 303
    assert browser.post(f"{base}/beloften", {"text": "Cijfers", "owner": "", "due_on": due}).status_code == 303
    page = browser.get(base).text
    assert "Ruzie" in page
    assert "23 dagen te laat" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Belofte te laat" in page
    with database.reading():
        risk, promise = session().scalars(select(Risk)).one(), session().scalars(select(Promise)).one()
    assert "Ruzie" in browser.get(f"{base}/risicos/{risk.id}").text
    assert browser.post(f"{base}/risicos/{risk.id}", {"act": "withdraw"}).status_code == 303
    settled = {"state": "nagekomen", "on": clock.today().isoformat(), "note": "Zie de pagina"}
    assert browser.get(f"{base}/beloften/{promise.id}").status_code == 200
    assert browser.post(f"{base}/beloften/{promise.id}/afronden", settled).status_code == 303
    page = browser.get(base).text
    assert "Belofte later nagekomen" in page
    assert "Ruzie" not in page
    again = browser.post(f"{base}/beloften/{promise.id}/afronden", settled)
    assert again.status_code == 409


def test_what_is_wrong_is_asked_again_with_what_was_typed(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, running, cast)
    base = f"/proeftuinen/{pilot.slug}"
    browser = client.as_(cast.member)
    answer = browser.post(f"{base}/beloften", {"text": "Cijfers", "owner": "Niemand", "due_on": "morgen"})
    assert answer.status_code == 422
    assert "Cijfers</textarea>" in answer.text
    assert 'value="Niemand"' in answer.text
    answer = browser.post(f"{base}/risicos", {"risk": "", "measure": "Opletten"})
    assert answer.status_code == 422
    assert "Opletten" in answer.text


def test_a_risk_of_another_pilot_is_not_found_here(client: Client, cast: Cast, database: Database) -> None:
    one, two = stored(database, running, cast, "Een"), stored(database, running, cast, "Twee")
    with database.transaction():
        risk = service.add_risk(cast.lead, session().get_one(Pilot, one.id), risk="Ruzie")
    browser = client.as_(cast.lead)
    assert browser.get(f"/proeftuinen/{two.slug}/risicos/{risk.id}").status_code == 404
    assert browser.post(f"/proeftuinen/{two.slug}/risicos/{risk.id}", {"act": "withdraw"}).status_code == 404
    assert browser.get(f"/proeftuinen/{two.slug}/beloften/999").status_code == 404
