"""A history that happens day by day through the services: what a screen said at the end of a day is what
`?op=` and `&bekend=` of that day say later, exactly."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from difflib import unified_diff
from typing import Any

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.cao import queries as cao
from proeftuin.db import Database, session
from proeftuin.deviations import service
from proeftuin.deviations.acting import clerk, conditions, positions
from proeftuin.deviations.models import Act, Alert, Condition, Deviation, Version
from proeftuin.deviations.oversight import alerts
from proeftuin.deviations.proposals.proposed import ProposedRule
from proeftuin.deviations.vocabulary import ActKind, ConditionState, PositionStatus, Severity
from proeftuin.pilots import participation
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot
from proeftuin.pilots.models import State as PilotState
from tests.cast import Cast
from tests.client import Client
from tests.deviations.stage import Stage, morning
from tests.past.copies import copy_of
from tests.pilots.builders import concept

TRAVEL = "De medewerker krijgt 0,21 euro per kilometer."
LATER = date(2027, 1, 20)
SCREENS = (
    "/toezicht",
    "/afwijkingen",
    "/afwijkingen?toestand=voorgelegd",
    "/cao/artikel/2.1",
    "/cao/artikel/2.2",
    "/afwijkingen/cijfers",
    "/proeftuinen/het-team-verdeelt",
)
READERS = {"sqlite": ("union", "colleague", "hr"), "postgresql": ("council",)}
IN_OTHER_WORDS = {
    "Nu van kracht": "Van kracht",
    "Er wacht nu niets op jullie.": "Er wachtte toen niets op jullie.",
    "Er is nu niets voorgelegd.": "Er lag toen niets voor.",
    "Alles klopt, voor zover het register weet.": "Er was toen geen signaal open.",
    "Er eindigt de komende 60 dagen niets.": "In de 60 dagen daarna was geen einde te zien.",
    "De hoge streep is vandaag.": "De hoge streep is die dag.",
}
"""What the present says, and the same about another day."""
LEFT_OUT = (
    r'<a class="tile" href="#nieuw">.*?</a>|<section id="nieuw">.*?</section>',  # what is new to the reader
    r'<a class="btn" href="/afwijkingen/.*?</a>',  # nothing can be done then
    r"<details><summary>Signaal sluiten.*?</details>",
    r'<p class="row small tools">.*?</p>',
    r'<div class="notice warn notice-line">.*?</div></div>|<p class="notice notice-line">.*?</p>',
    r'<p class="small">(Zoals bekend op|Stand op|Over afwijkingen).*?</p>',  # which days, and how it was made
    r", zoals bekend op <time.*?</time>",
    r"(?<=[?&;])bekend=[-0-9]+(&amp;)?",
)


@pytest.fixture
def cast(database: Database) -> Cast:
    """The cast, which was there before the history."""
    with clock.at(morning(date(2025, 12, 1))), database.transaction():
        return Cast.create()


class History:
    """What happens, by day. Every deed finds its rows itself, because each day is a transaction of its own."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.cast = stage, stage.cast

    def days(self) -> dict[date, Callable[[], Any]]:
        """Return the deeds in the order of their days; on the other days only time passes."""
        return {
            date(2026, 1, 12): self.submit,
            date(2026, 1, 20): self.enter_letter,
            date(2026, 1, 27): self.confirm_letter,
            date(2026, 2, 10): lambda: self.say("council", "or", PositionStatus.CONSENTED, date(2026, 2, 9)),
            date(2026, 3, 1): self.start,
            date(2026, 4, 1): lambda: self.count(14),
            date(2026, 4, 3): self.close_alert,
            date(2026, 4, 10): self.report,
            date(2026, 4, 15): self.handle,
            date(2026, 5, 2): lambda: None,
            date(2026, 5, 6): self.meet,
            date(2026, 6, 12): lambda: self.act(service.suspend, "council", "or", reason="Te weinig rust."),
            date(2026, 6, 15): lambda: self.act(service.resume, "council", "or", reason="De planner kijkt mee."),
            date(2026, 7, 2): lambda: None,
            date(2026, 7, 8): lambda: self.act(service.reconfirm, "union", "schakel", code="AFW-2026-02"),
            date(2026, 9, 15): self.extend,
            date(2026, 11, 1): lambda: None,
            date(2026, 11, 10): lambda: None,
            date(2026, 11, 16): self.fall_back,
            date(2026, 11, 20): self.agree_all,
            date(2026, 12, 8): lambda: None,
        }

    def deviation(self, code: str = "AFW-2026-01") -> Deviation:
        return session().scalars(select(Deviation).where(Deviation.code == code)).one()

    def version(self) -> Version:
        found = select(Version).where(Version.deviation_id == self.deviation().id).order_by(Version.number.desc())
        return session().scalars(found.limit(1)).one()

    def submit(self) -> None:
        _first, version = self.stage.submitted()
        self.stage.says(self.stage.director, "werkgever", version, PositionStatus.AGREED)
        self.stage.says(self.cast.union, "schakel", version, PositionStatus.CONSULTING)
        other = concept(self.cast, "Vast reisbudget")
        pilots.move(self.cast.lead, other, PilotState.PREPARATION)
        touched = service.create(self.cast.lead, other, title="Vast budget")
        head = cao.find_version()
        assert head is not None
        rule = ProposedRule(
            cao.get_article(head, "2.2").article.key, "2.2", "1", TRAVEL, "De deelnemer krijgt 145 euro per maand."
        )
        proposal = self.stage.proposal(rules=(rule,), title="Vast budget", valid_until=date(2027, 2, 28))
        self.stage.all_agree(service.submit(self.cast.lead, touched, proposal))

    def enter_letter(self) -> None:
        positions.enter_letter(
            self.cast.hr,
            self.version(),
            party_id=self.cast.parties["schakel"],
            status=PositionStatus.AGREED,
            base=1,
            decided_on=date(2026, 1, 19),
            signatory="K. Oosterveld",
        )

    def confirm_letter(self) -> None:
        letter = positions.last_of(self.version(), self.cast.parties["schakel"])
        assert letter is not None
        positions.confirm(self.cast.union, letter, is_ours=True)

    def say(self, who: str, party: str, status: PositionStatus, on: date) -> None:
        self.stage.says(getattr(self.cast, who), party, self.version(), status, decided_on=on)

    def start(self) -> None:
        pilot = session().get_one(Pilot, self.stage.pilot.id)
        pilots.move(self.cast.lead, pilot, PilotState.RUNNING, measured=True, informed=True)

    def count(self, number: int) -> None:
        participation.count_elsewhere(self.cast.lead, session().get_one(Pilot, self.stage.pilot.id), count=number)

    def close_alert(self) -> None:
        alert = session().scalars(alerts.is_open().where(Alert.code == "aantal_overschreden")).one()
        alerts.close(self.cast.union, alert, note="Besproken.")

    def report(self) -> None:
        service.report_incident(
            self.cast.colleague, self.deviation(), severity=Severity.SERIOUS, about="rusttijd", text="Acht uur rust."
        )

    def handle(self) -> None:
        told = session().scalars(select(Act).where(Act.kind == ActKind.REPORTED)).one()
        service.handle_incident(self.cast.union, self.deviation(), told, text="Het rooster is aangepast.")

    def meet(self) -> None:
        version = session().scalars(select(Version.id).where(Version.deviation_id == self.deviation().id)).one()
        condition = session().scalars(select(Condition).where(Condition.version_id == version)).one()
        conditions.report(self.cast.hr, condition, due_on=condition.due_on, state=ConditionState.MET)

    def act(self, verb: Callable[..., Any], who: str, party: str, code: str = "AFW-2026-01", **more: Any) -> None:
        verb(getattr(self.cast, who), self.deviation(code), party_id=self.cast.parties[party], **more)

    def extend(self) -> None:
        proposal = self.stage.extension(valid_from=date(2026, 12, 7), title="Helft via het team, langer")
        version = service.submit(self.cast.lead, self.deviation(), proposal)
        self.stage.says(
            self.cast.union, "schakel", version, PositionStatus.WITH_RESERVATION, reservation="Eerst de cijfers."
        )

    def fall_back(self) -> None:
        service.state_fallback(
            self.cast.lead,
            self.deviation(),
            back_on=date(2026, 11, 4),
            restored="De oude regel.",
            still_open="",
            is_complete=True,
        )

    def agree_all(self) -> None:
        self.stage.all_agree(self.version())


def seen(html: str) -> list[str]:
    """Return what a screen says, without the words about the two days themselves."""
    main = html.split("<main")[1].split("</main>", maxsplit=1)[0]
    for pattern in LEFT_OUT:
        main = re.sub(pattern, "", main, flags=re.DOTALL)
    words = [IN_OTHER_WORDS.get(each, each) for each in copy_of(main)]
    return [re.sub(r"[?&]+(#|$)", r"\1", each) for each in words]


def read(browser: Client, path: str) -> list[str]:
    answer = browser.http.get(path)
    if answer.status_code == 404:  # the new cao gave the article another number
        return ["404"]
    assert answer.status_code == 200, (path, answer.status_code)
    return seen(answer.get_data(as_text=True))


def exported(browser: Client, day: str = "") -> tuple[Any, Any]:
    """Return both exports without what tells how and when they were made."""
    made = ("zoals_bekend_op", "gemaakt_op", "logregel", "zegel_dag", "zegel_regels", "zegel")
    whole = browser.http.get(f"/afwijkingen.json{day}").get_json()
    text = browser.http.get(f"/afwijkingen.csv{day}").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    for each in (whole, *rows):
        for name in made:
            each.pop(name, None)
    return whole, rows


def test_every_day_looks_later_as_it_looked_on_that_day(database: Database, stage: Stage, client: Client) -> None:
    history = History(stage)
    browsers = {name: client.as_(getattr(stage.cast, name)) for name in READERS[database.engine.dialect.name]}
    copies: dict[tuple[date, str, str], list[str]] = {}
    exports: dict[tuple[date, str], tuple[Any, Any]] = {}
    for day, deed in history.days().items():
        with clock.at(clock.start_of(day)), database.transaction():
            clerk.pass_time()
        with clock.at(morning(day)), database.transaction():
            deed()
        with clock.at(clock.end_of(day) - timedelta(microseconds=1)):
            for name, browser in browsers.items():
                exports[day, name] = exported(browser)
                for path in SCREENS:
                    copies[day, name, path] = read(browser, path)
    with clock.at(morning(LATER)):
        wrong = []
        for (day, name, path), before in copies.items():
            joint = "&" if "?" in path else "?"
            again = read(browsers[name], f"{path}{joint}op={day}&bekend={day}")
            if again != before:
                wrong.append(f"{day} {name} {path}: {[*unified_diff(before, again, lineterm='', n=1)][2:14]}")
        assert not wrong, "\n".join(wrong)
        for (day, name), told in exports.items():
            assert json.dumps(exported(browsers[name], f"?op={day}&bekend={day}")) == json.dumps(told), (day, name)
    alarms = {line for words in copies.values() for line in words if line.startswith("Bij AFW")}
    for sentence in ("doen meer mensen mee", "ernstige melding", "voorwaarde te laat", "terugvalverklaring"):
        assert any(sentence in line for line in alarms), "the history is about it"
