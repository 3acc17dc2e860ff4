"""The acts over HTTP, for every role: who gets a form, whose POST is taken, and what a refusal leaves behind.

Daan keeps the accounts and may sign for the employer: whatever he sends, no position of another party comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Mandate
from proeftuin.db import Database, session
from proeftuin.deviations import service
from proeftuin.deviations.models import Act, Condition, ConditionReport, Confirmation, Deviation, Position, Version
from proeftuin.deviations.states import loading
from proeftuin.deviations.vocabulary import ActKind, PositionStatus, State, VersionKind
from tests.cast import Cast, Newcomer, write_down
from tests.client import Client
from tests.deviations.stage import FIRST, LAST, SUBMITTED, Stage, morning

ASKED = SUBMITTED + timedelta(days=3)
APPLIES = FIRST + timedelta(days=40)
OVER = LAST + timedelta(days=3)
ROLES = ("lead", "member", "colleague", "outsider", "council", "union", "hr", "director", "secretary")
PROPOSERS = {"lead", "hr"}
SIGNATORIES = {"council", "union", "director"}
WRITTEN = (Position, Confirmation, Act, ConditionReport)


@dataclass
class Desk:
    """A deviation over HTTP on a day."""

    client: Client
    stage: Stage
    deviation: Deviation
    version: Version
    database: Database

    @property
    def path(self) -> str:
        return f"/afwijkingen/{self.deviation.code}"

    def who(self, name: str) -> Actor:
        """Return a person of the stage or of the cast."""
        return {"director": self.stage.director, "secretary": self.stage.secretary}.get(name) or getattr(
            self.stage.cast, name
        )

    def party(self, name: str) -> int:
        return self.stage.cast.parties[name]

    def get(self, name: str, tail: str = "") -> TestResponse:
        return self.client.as_(self.who(name)).get(self.path + tail)

    def post(self, name: str, tail: str, **fields: Any) -> TestResponse:
        return self.client.as_(self.who(name)).post(self.path + tail, fields)

    def says(self, name: str, party: str, status: str, **fields: Any) -> TestResponse:
        """Send the form of a position."""
        known = {"versie": self.version.number, "party_id": self.party(party), "base": 0, "status": status}
        return self.post(name, "/standpunt", **{**known, "decided_on": clock.today().isoformat(), **fields})

    def rows(self) -> tuple[int, ...]:
        """Count everything that acts write."""
        with self.database.reading():
            return tuple(session().scalar(select(func.count()).select_from(model)) or 0 for model in WRITTEN)

    def state(self) -> State:
        with self.database.reading():
            return loading.course(self.deviation.id).state

    def positions(self) -> list[Position]:
        with self.database.reading():
            return list(session().scalars(select(Position).order_by(Position.id)))


@pytest.fixture
def waiting(client: Client, stage: Stage, database: Database) -> Iterator[Desk]:
    """Give a deviation that was submitted three days ago."""
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, version = stage.submitted()
    with clock.at(morning(ASKED)):
        yield Desk(client, stage, deviation, version, database)


def _agree(desk: Desk) -> None:
    for name, party, status in (
        ("director", "werkgever", "akkoord"),
        ("union", "schakel", "akkoord"),
        ("council", "or", "instemming_verleend"),
    ):
        assert desk.says(name, party, status).status_code == 303


@pytest.fixture
def applying(waiting: Desk) -> Iterator[Desk]:
    """Give a deviation that is in force for forty days."""
    _agree(waiting)
    with clock.at(morning(APPLIES)):
        assert waiting.state() is State.IN_FORCE
        yield waiting


def told(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


# positions


def test_each_party_is_recorded_by_its_own_signatory_only(waiting: Desk) -> None:
    yes = {"werkgever": "akkoord", "schakel": "akkoord", "or": "instemming_verleend"}
    own = {"werkgever": "director", "schakel": "union", "or": "council"}
    for party, status in yes.items():
        before = waiting.rows()
        for name in ROLES:
            if name != own[party]:
                assert waiting.says(name, party, status).status_code == 403, (name, party)
        assert waiting.rows() == before
    for party, status in yes.items():
        assert waiting.says(own[party], party, status).status_code == 303
    assert waiting.state() is State.AGREED


def test_nobody_of_the_employer_writes_for_another_party_through_any_address(waiting: Desk) -> None:
    employers = ("director", "hr", "lead", "member", "colleague")
    for party in ("schakel", "or"):
        for status in PositionStatus:
            waiting.says("director", party, status.value)
        for name in employers:
            for tail in ("/opschorten", "/hervatten", "/bezwaar", "/herbevestigen", "/beeindigen"):
                answer = waiting.post(name, tail, party_id=waiting.party(party), reason="Namens jullie.")
                assert answer.status_code in (403, 409), (name, tail)
    assert waiting.positions() == []
    with waiting.database.reading():
        assert session().scalars(select(Act)).all() == []


def test_the_own_position_is_not_sent_under_the_name_of_another_party(waiting: Desk) -> None:
    assert waiting.says("union", "or", "instemming_verleend").status_code == 403
    assert waiting.says("union", "schakel", "instemming_verleend").status_code == 422
    assert waiting.positions() == []


def test_the_form_is_there_for_signatories_with_the_card_above_it(waiting: Desk) -> None:
    for name in ROLES:
        answer = waiting.get(name, "/standpunt")
        assert answer.status_code == (200 if name in SIGNATORIES else 403), name
    html = waiting.get("union", "/standpunt").get_data(as_text=True)
    assert html.index('class="minute"') < html.index('name="status"')
    assert 'value="instemming_verleend"' not in html
    assert 'value="opgezegd"' not in html
    assert 'value="ingetrokken"' not in html
    council = waiting.get("council", "/standpunt").get_data(as_text=True)
    assert 'value="instemming_verleend"' in council
    assert 'value="akkoord"' not in council


def test_the_form_of_who_may_not_says_who_may(waiting: Desk) -> None:
    assert "die voor die partij mag tekenen" in told(waiting.get("hr", "/standpunt"))
    card = told(waiting.get("lead"))
    assert "Een standpunt legt alleen iemand vast die voor die partij mag tekenen; ook de beheerder niet." in card
    assert "Standpunt over versie 1 vastleggen" in told(waiting.get("union"))


def test_a_reservation_needs_words_and_nothing_typed_is_lost(waiting: Desk) -> None:
    answer = waiting.says("union", "schakel", "akkoord_onder_voorbehoud", remark="Zie de brief van maart.")
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "Schrijf op waarvan het akkoord nog afhangt." in text
    assert "Zie de brief van maart." in text
    assert 'value="akkoord_onder_voorbehoud" id="status-akkoord_onder_voorbehoud" checked' in text
    fields = {"reservation": "Als de cijfers er zijn.", "remark": "Zie de brief van maart."}
    assert waiting.says("union", "schakel", "akkoord_onder_voorbehoud", **fields).status_code == 303
    assert "Voorbehoud: Als de cijfers er zijn." in told(waiting.get("colleague"))


def test_a_position_without_a_choice_or_with_a_strange_day_is_refused(waiting: Desk) -> None:
    assert waiting.says("union", "schakel", "").status_code == 422
    assert "Kies een dag." in told(waiting.says("union", "schakel", "akkoord", decided_on=""))
    assert "kunnen we niet lezen" in told(waiting.says("union", "schakel", "akkoord", decided_on="morgen"))
    tomorrow = (ASKED + timedelta(days=1)).isoformat()
    assert "moet nog komen" in told(waiting.says("union", "schakel", "akkoord", decided_on=tomorrow))
    before = (SUBMITTED - timedelta(days=1)).isoformat()
    assert "gaat over een andere tekst" in told(waiting.says("union", "schakel", "akkoord", decided_on=before))
    assert waiting.positions() == []


def test_after_an_act_the_reader_is_back_at_the_card_with_a_message(waiting: Desk) -> None:
    browser = waiting.client.as_(waiting.who("union"))
    known = {"versie": 1, "party_id": waiting.party("schakel"), "base": 0, "status": "in_beraad"}
    answer = browser.post(f"{waiting.path}/standpunt", {**known, "decided_on": ASKED.isoformat()})
    assert answer.headers["Location"] == waiting.path
    assert "Het standpunt van Vakbond De Schakel is vastgelegd." in told(browser.get(waiting.path))


def test_of_two_signatories_at_once_the_second_reads_the_first_and_loses_nothing(waiting: Desk) -> None:
    assert waiting.says("union", "schakel", "niet_akkoord", remark="Wat de eerste schreef.").status_code == 303
    answer = waiting.says("union", "schakel", "akkoord", remark="Wat de tweede schreef.")
    assert answer.status_code == 409
    text = answer.get_data(as_text=True)
    assert "Wat de eerste schreef." in text
    assert "Wat de tweede schreef." in text
    assert 'name="base" value="1"' in text
    assert len(waiting.positions()) == 1
    assert waiting.says("union", "schakel", "akkoord", remark="Wat de tweede schreef.", base=1).status_code == 303


def test_of_a_chosen_file_only_name_and_hash_are_kept(waiting: Desk) -> None:
    file = (BytesIO(b"Geachte partijen"), "brief aan werkgever.pdf")
    assert waiting.says("union", "schakel", "akkoord", bestand=file).status_code == 303
    kept = waiting.positions()[0]
    assert kept.document == "brief aan werkgever.pdf"
    assert re.fullmatch(r"[0-9a-f]{64}", kept.document_digest)


def test_a_remark_for_monitors_is_not_read_by_the_employer_on_the_form_of_a_letter(waiting: Desk) -> None:
    fields = {"remark": "Onze strategie.", "remark_shown_to": "toezicht"}
    assert waiting.says("union", "schakel", "in_beraad", **fields).status_code == 303
    letter = waiting.get("hr", f"/brief?partij={waiting.party('schakel')}").get_data(as_text=True)
    assert "Onze strategie." not in letter
    assert "Onze strategie." in waiting.get("union", "/standpunt").get_data(as_text=True)


def test_a_position_on_an_old_version_is_refused_with_the_way_on(waiting: Desk) -> None:
    with waiting.database.transaction():
        proposal = waiting.stage.proposal(
            kind=VersionKind.AMENDMENT, change_note="Andere bodem.", guarantee="Niemand onder 95 procent."
        )
        service.submit(waiting.stage.cast.lead, session().get_one(Deviation, waiting.deviation.id), proposal)
    answer = waiting.says("union", "schakel", "akkoord")
    assert answer.status_code == 409
    assert "een standpunt hoort bij één versie" in told(answer)
    assert waiting.positions() == []


def test_a_mandate_that_ended_yesterday_signs_nothing(waiting: Desk) -> None:
    with waiting.database.transaction():
        gone = write_down(gone=Newcomer("Piet Vertrokken", None, None, waiting.party("schakel"), is_external=True))[
            "gone"
        ]
        mandate = session().scalars(select(Mandate).where(Mandate.person_id == gone.id)).one()
        mandate.ends_on = ASKED - timedelta(days=1)
    known = {"versie": 1, "party_id": waiting.party("schakel"), "base": 0, "status": "akkoord"}
    answer = waiting.client.as_(gone).post(f"{waiting.path}/standpunt", {**known, "decided_on": ASKED.isoformat()})
    assert answer.status_code == 403
    assert waiting.positions() == []


# letters


def _letter(desk: Desk, name: str, party: str = "schakel", **fields: Any) -> TestResponse:
    known = {"versie": 1, "party_id": desk.party(party), "base": 0, "status": "akkoord", "signatory": "K. Oosterveld"}
    return desk.post(name, "/brief", **{**known, "decided_on": ASKED.isoformat(), **fields})


def test_a_letter_is_entered_by_the_secretary_or_hr_and_not_of_the_employer(waiting: Desk) -> None:
    for name in ROLES:
        if name not in ("hr", "secretary"):
            assert _letter(waiting, name).status_code == 403, name
    for name in ("hr", "secretary"):
        assert _letter(waiting, name, "werkgever").status_code == 403
    assert "Schrijf op wie de brief heeft ondertekend." in told(_letter(waiting, "hr", signatory=""))
    assert waiting.positions() == []
    assert _letter(waiting, "hr").status_code == 303


def test_a_letter_counts_only_when_the_party_itself_confirms_it(waiting: Desk) -> None:
    assert waiting.says("director", "werkgever", "akkoord").status_code == 303
    assert waiting.says("council", "or", "instemming_verleend").status_code == 303
    assert _letter(waiting, "hr").status_code == 303
    assert waiting.state() is State.SUBMITTED
    assert "te bevestigen" in told(waiting.get("colleague"))
    tail = f"/bevestigen/{waiting.positions()[-1].id}"
    for name in ROLES:
        if name != "union":
            assert waiting.get(name, tail).status_code == 403, name
            assert waiting.post(name, tail, is_ours="1").status_code == 403, name
    assert waiting.state() is State.SUBMITTED
    assert waiting.get("union", tail).status_code == 200
    assert waiting.post("union", tail).status_code == 422
    assert waiting.post("union", tail, is_ours="1").status_code == 303
    assert waiting.state() is State.AGREED
    assert waiting.post("union", tail, is_ours="0", note="Toch niet.").status_code == 409


def test_a_letter_that_is_denied_never_counts(waiting: Desk) -> None:
    assert _letter(waiting, "secretary").status_code == 303
    tail = f"/bevestigen/{waiting.positions()[-1].id}"
    assert "waarom dit niet jullie standpunt is" in told(waiting.post("union", tail, is_ours="0"))
    assert waiting.post("union", tail, is_ours="0", note="Dit hebben wij niet geschreven.").status_code == 303
    assert "herkent het standpunt uit de brief niet" in told(waiting.get("colleague", "/verloop"))
    assert "te bevestigen brief" not in told(waiting.get("colleague"))


def test_a_position_of_another_deviation_is_not_confirmed_here(waiting: Desk) -> None:
    assert waiting.get("union", "/bevestigen/999").status_code == 404
    assert waiting.says("union", "schakel", "akkoord").status_code == 303
    assert waiting.get("union", f"/bevestigen/{waiting.positions()[0].id}").status_code == 404


# acts while a version waits


@pytest.mark.parametrize("slug", ["terugnemen", "afwijzen", "intrekken"])
def test_the_proposer_takes_back_rejects_or_withdraws_with_a_reason(waiting: Desk, slug: str) -> None:
    for name in ROLES:
        expected = 200 if name in PROPOSERS else 403
        assert waiting.get(name, f"/{slug}").status_code == expected, name
        if name not in PROPOSERS:
            assert waiting.post(name, f"/{slug}", reason="Zomaar.").status_code == 403
    refused = waiting.post("lead", f"/{slug}", reason=" ")
    assert refused.status_code == 422
    assert "Schrijf op waarom." in told(refused)
    assert waiting.post("lead", f"/{slug}", reason="Het werkt anders.").status_code == 303
    assert waiting.state() is not State.SUBMITTED
    assert "Het werkt anders." in told(waiting.get("colleague", "/verloop"))


def test_what_the_state_does_not_allow_is_refused_and_kept(waiting: Desk) -> None:
    answer = waiting.post("union", "/opschorten", party_id=waiting.party("schakel"), reason="Wat ik typte.")
    assert answer.status_code == 409
    assert "alleen als de afwijking van kracht is" in told(answer)
    assert "Wat ik typte." in answer.get_data(as_text=True)
    assert waiting.get("lead", "/onzin").status_code == 404


# acts while it applies


def test_suspending_resuming_and_objecting_by_the_parties_only(applying: Desk) -> None:
    for name in ROLES:
        assert applying.get(name, "/opschorten").status_code == (200 if name in SIGNATORIES else 403), name
    fields = {"party_id": applying.party("schakel"), "reason": "De cijfers zijn er niet."}
    assert applying.post("union", "/opschorten", **{**fields, "on": "2026-01-01"}).status_code == 422
    assert applying.post("director", "/opschorten", **fields).status_code == 403
    assert applying.post("union", "/opschorten", **fields).status_code == 303
    assert applying.state() is State.SUSPENDED
    card = told(applying.get("colleague"))
    assert "Opgeschort vanaf" in card
    for name in ROLES:
        if name != "union":
            assert applying.get(name, "/hervatten").status_code == 403, name
            assert applying.post(name, "/hervatten", **fields).status_code == 403, name
    assert applying.post("union", "/hervatten", **fields).status_code == 303
    assert "Bezwaar mogelijk" in told(applying.get("council"))
    assert applying.post("union", "/bezwaar", **fields).status_code == 409
    objection = {"party_id": applying.party("or"), "reason": "Nog niet genoeg."}
    assert applying.post("hr", "/bezwaar", **objection).status_code == 403
    assert applying.post("council", "/bezwaar", **objection).status_code == 303
    assert applying.state() is State.SUSPENDED


def test_only_the_employer_ends_at_once_and_others_give_notice(applying: Desk) -> None:
    for name in ROLES:
        assert applying.get(name, "/beeindigen").status_code == (200 if name == "director" else 403), name
    union = {"party_id": applying.party("schakel"), "reason": "Klaar."}
    assert applying.post("union", "/beeindigen", **union).status_code == 403
    form = applying.get("union", "/standpunt").get_data(as_text=True)
    assert 'value="opgezegd"' in form
    assert 'value="akkoord"' not in form
    answer = applying.says("union", "schakel", "opgezegd", base=1, remark="Wij stoppen ermee.")
    assert answer.status_code == 303
    assert "opgezegd per" in told(applying.get("colleague"))
    employer = {"party_id": applying.party("werkgever"), "reason": "Het werkt niet."}
    assert applying.post("director", "/beeindigen", **employer).status_code == 303
    assert applying.state() is State.ENDED


def test_the_council_is_told_of_the_decision_and_sees_its_month(applying: Desk) -> None:
    for name in ROLES:
        assert applying.get(name, "/mededeling").status_code == (200 if name in ("hr", "director") else 403), name
    said = {"reason": "Besluit en ingang 1 maart.", "on": APPLIES.isoformat()}
    assert applying.post("hr", "/mededeling", **said).status_code == 303
    assert "art. 27 lid 5 WOR" in told(applying.get("council"))
    assert "nog 30 dagen" in told(applying.get("council"))


def test_everyone_reports_and_only_monitors_read_and_handle(applying: Desk) -> None:
    said = {"severity": "ernstig", "about": "druk", "text": "Er is druk om mee te doen.", "on": APPLIES.isoformat()}
    assert applying.post("colleague", "/melding", **{**said, "text": ""}).status_code == 422
    assert applying.post("colleague", "/melding", **{**said, "severity": "erg"}).status_code == 422
    assert applying.post("colleague", "/melding", **said).status_code == 303
    with applying.database.reading():
        report = session().scalars(select(Act).where(Act.kind == ActKind.REPORTED)).one()
    tail = f"/melding/{report.id}"
    for name in ROLES:
        allowed = name in ("council", "union", "secretary")
        assert applying.get(name, tail).status_code == (200 if allowed else 403), name
        assert ("Er is druk" in told(applying.get(name))) == allowed, name
        if name not in ("council", "union"):
            assert applying.post(name, tail, text="Afgedaan.").status_code == 403, name
    assert applying.post("council", tail, text=" ").status_code == 422
    assert applying.post("council", tail, text="Wij spraken het team.").status_code == 303
    assert applying.post("union", tail, text="Nog eens.").status_code == 409
    assert "Wij spraken het team." not in told(applying.get("hr", "/verloop"))


def test_a_condition_is_reported_by_owner_team_council_or_secretary(applying: Desk) -> None:
    with applying.database.reading():
        condition = session().scalars(select(Condition)).one()
    tail = f"/voorwaarden/{condition.id}"
    said = {"due_on": condition.due_on.isoformat(), "state": "voldaan", "on": APPLIES.isoformat()}
    for name in ("colleague", "outsider", "union", "director"):
        assert applying.get(name, tail).status_code == 200
        assert applying.post(name, tail, **said).status_code == 403, name
    assert applying.post("hr", tail, **{**said, "state": ""}).status_code == 422
    assert applying.post("hr", tail, **{**said, "state": "geschonden"}).status_code == 422
    assert applying.post("hr", tail, **said).status_code == 303
    assert "Voldaan" in told(applying.get("colleague"))
    assert applying.get("hr", "/voorwaarden/999").status_code == 404


def test_the_ministry_is_recorded_for_a_change_of_the_cao_only_by_secretary_or_hr(applying: Desk) -> None:
    assert "Aanmelding bij SZW" not in told(applying.get("secretary"))
    said = {"kind": "aangemeld_szw", "on": APPLIES.isoformat()}
    for name in ROLES:
        if name not in ("hr", "secretary"):
            assert applying.post(name, "/szw", **said).status_code == 403, name
    assert applying.post("secretary", "/szw", **{**said, "kind": "iets"}).status_code == 422
    assert applying.post("secretary", "/szw", **{**said, "on": ""}).status_code == 422
    assert applying.post("secretary", "/szw", **said).status_code == 303


# when it is over


def test_the_fallback_statement_is_the_leads_and_closing_needs_it(applying: Desk) -> None:
    with clock.at(morning(OVER)):
        assert applying.state() is State.LAPSED
        for name in ROLES:
            assert applying.get(name, "/terugval").status_code == (200 if name == "lead" else 403), name
            allowed = name in ("council", "secretary")
            assert applying.get(name, "/afsluiten").status_code == (200 if allowed else 403), name
        refused = applying.post("secretary", "/afsluiten")
        assert refused.status_code == 409
        assert "terugvalverklaring is nog niet volledig" in told(refused)
        whole = {"back_on": (LAST + timedelta(days=1)).isoformat(), "restored": "Alles.", "is_complete": "1"}
        assert applying.post("lead", "/terugval", **{**whole, "back_on": ""}).status_code == 422
        assert applying.post("hr", "/terugval", **whole).status_code == 403
        assert applying.post("lead", "/terugval", **whole).status_code == 303
        assert "niet geëvalueerd" in told(applying.post("secretary", "/afsluiten"))
        assert applying.post("lead", "/zonder", reason="Alleen het vergaderen gaat door.").status_code == 303
        assert applying.post("union", "/zonder", reason="Toch.").status_code == 403


# the buttons


def test_a_button_is_only_there_for_whose_hand_it_is(applying: Desk) -> None:
    expected = {
        "union": {"Opzeggen", "Opschorten", "Iets melden"},
        "council": {"Opzeggen", "Opschorten", "Iets melden"},
        "director": {"Opzeggen", "Opschorten", "Beëindigen", "Besluit gemeld aan de OR", "Iets melden"},
        "colleague": {"Iets melden"},
        "lead": {"Iets melden", "Volgende versie of verlenging voorbereiden"},
        "secretary": {"Iets melden", "Brief van een partij invoeren"},
    }
    for name, labels in expected.items():
        html = applying.get(name).get_data(as_text=True)
        assert set(re.findall(r'<a class="btn(?: btn-main)?" href="[^"]+">([^<]+)</a>', html)) == labels, name


def test_every_button_leads_to_a_form_that_is_there(applying: Desk) -> None:
    for name in ROLES:
        html = applying.get(name).get_data(as_text=True)
        for href in re.findall(r'<a class="btn(?: btn-main)?" href="([^"]+)"', html):
            if not href.endswith("/bewerken"):
                answer = applying.client.as_(applying.who(name)).get(href.replace("&amp;", "&"))
                assert answer.status_code == 200, (name, href)


def test_each_form_says_what_will_happen_and_by_which_rule(applying: Desk) -> None:
    text = told(applying.get("union", "/opschorten"))
    assert "Wat er gebeurt" in text
    assert "regel D8" in text
    assert "Namens Vakbond De Schakel" in text


def test_a_deviation_that_is_not_there_takes_no_acts(waiting: Desk, cast: Cast) -> None:
    for tail in ("/opschorten", "/standpunt", "/brief", "/melding", "/voorwaarden/1", "/bevestigen/1"):
        assert waiting.client.as_(cast.union).get(f"/afwijkingen/AFW-1999-01{tail}").status_code == 404
        assert waiting.client.as_(cast.union).post(f"/afwijkingen/AFW-1999-01{tail}", {}).status_code == 404
    assert waiting.get("union", "/melding/999").status_code == 404
