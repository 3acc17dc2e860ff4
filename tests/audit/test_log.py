"""Formal acts enter the log with the act or not at all; who may not read of it does not; the seals can be kept."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.models import Role
from proeftuin.accounts.service import grant_role
from proeftuin.audit import bundle, entries, queries, schedule, seals, service, tree, verifier
from proeftuin.audit.models import LogContent, LogEntry, LogSeal
from proeftuin.db import Database, session
from proeftuin.errors import Invalid, NotFound
from proeftuin.events.models import Job
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot, State
from proeftuin.web.application import Application
from proeftuin.wiki import service as wiki
from proeftuin.wiki.deletion import delete_page
from proeftuin.wiki.models import PageKind
from tests.audit.logs import fields_of
from tests.cast import Cast
from tests.client import Client
from tests.pilots.builders import concept

pytestmark = pytest.mark.usefixtures("unit")


def acts() -> list[str]:
    service.write_down()  # what the end of the transaction does
    return list(session().scalars(select(LogEntry.act).order_by(LogEntry.position)))


def fill(number: int) -> None:
    for each in range(number):
        entries.append("cao:published", clock.now(), {"summary": f"artikel {each}"})


def check(*held: verifier.Seal) -> verifier.Report:
    report = verifier.verify(bundle.Stored(), held)
    report.findings.extend(bundle.check_tree())
    return report


def kept(seal: LogSeal) -> verifier.Seal:
    found = verifier.read_seal(seals.line(seal).encode())
    assert found is not None
    return found


def test_the_log_begins_with_a_line_that_says_so() -> None:
    assert acts()[0] == "log:started"
    assert check().findings == []


def test_formal_acts_enter_the_log_and_private_ones_never(cast: Cast) -> None:
    before = len(acts())
    pilot = concept(cast)
    pilots.move(cast.lead, pilot, State.PREPARATION)
    pilots.add_member(cast.lead, pilot, cast.colleague.id)
    pilots.join(cast.outsider, pilot)
    page = wiki.create_page(cast.lead, pilot.id, title="Weg", text="Tekst", kind=PageKind.PLAIN)
    delete_page(cast.lead, page, reason="Dubbel")
    assert acts()[before:] == ["pilot:state", "pilot:opened", "page:created", "page:deleted"]
    row = queries.list_entries(cast.outsider)[0]
    assert (row.title, row.summary, row.who) == ("Weg", "Dubbel", "Willemijn Smit")
    assert check().findings == []


def test_what_somebody_may_not_read_of_is_an_entry_without_words(cast: Cast) -> None:
    pilot = concept(cast)
    page = wiki.create_page(cast.lead, pilot.id, title="Geheim idee", text="Tekst", kind=PageKind.PLAIN)
    delete_page(cast.lead, page, reason="Toch niet")
    service.write_down()
    mine, theirs = (queries.list_entries(who)[0] for who in (cast.lead, cast.outsider))
    assert mine.title == "Geheim idee"
    assert theirs.is_withheld
    assert not theirs.title + theirs.summary + theirs.who + theirs.path
    stored = bundle.Stored(cast.outsider)
    assert b"Geheim" not in b"".join([*stored.contents(), *stored.entries(), *stored.seals()])
    assert verifier.verify(stored).findings == []
    assert verifier.verify(stored).withheld >= 1


def test_who_got_a_role_is_read_by_those_who_keep_accounts(cast: Cast) -> None:
    grant_role(cast.admin, accounts.get_person(cast.member.id), Role.UNION_ACTIVE, starts_on=clock.today())
    service.write_down()
    assert queries.list_entries(cast.admin)[0].summary == "Bilal Aksoy"
    assert queries.list_entries(cast.council)[0].is_withheld
    entry = session().scalars(select(LogEntry).order_by(LogEntry.position.desc())).first()
    assert entry is not None
    assert entry.role == "beheerder"


def test_the_reference_of_a_person_is_another_one_elsewhere(cast: Cast) -> None:
    for title in ("Eerste", "Tweede"):
        pilots.move(cast.lead, concept(cast, title=title), State.PREPARATION)
    service.write_down()
    found = session().scalars(select(LogEntry.actor).where(LogEntry.act == "pilot:state")).all()
    assert len(set(found)) == 2
    assert all(len(each) == 32 for each in found)


def test_an_act_and_its_entry_come_together_or_not_at_all(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    pilot = concept(cast)
    count = len(acts())
    undo = session().begin_nested()
    pilots.move(cast.lead, pilot, State.PREPARATION)
    undo.rollback()
    assert len(acts()) == count
    monkeypatch.setattr(entries, "_ADD_NODE", text("INSERT INTO nowhere VALUES (1)"))
    monkeypatch.setattr(entries, "_ADD_ENTRY", text("INSERT INTO nowhere VALUES (1)"))
    undo = session().begin_nested()
    pilots.move(cast.lead, pilot, State.PREPARATION)
    with pytest.raises(Exception, match="nowhere"):
        service.write_down()  # at the end of the transaction, which then ends in nothing
    undo.rollback()
    session().expire_all()
    assert session().get_one(Pilot, pilot.id).state is State.CONCEPT


def test_strange_words_do_not_blur_an_entry() -> None:
    strange = 'regel\n{"position":1}\x1b[31m\u2028 "x","position":9 \ud800'
    place = entries.append("cao:published", clock.now(), {"summary": strange}, party='P","role":"x')
    assert check().findings == []
    line = list(bundle.Stored().entries())[place - 1]
    assert fields_of(line)["party"] == 'P","role":"x'
    assert line.count(b"\n") == 0


def test_roots_and_proofs_from_the_tables_are_those_of_the_entries() -> None:
    fill(37)
    hashes = [bytes.fromhex(each) for each in session().scalars(select(LogEntry.hash).order_by(LogEntry.position))]
    frontier = verifier.Frontier()
    roots = []
    for leaf in hashes:
        frontier.add(leaf)
        roots.append(verifier.combine(frontier.peaks))
        assert tree.root(frontier.size) == roots[-1]
    for position in range(1, len(hashes) + 1):
        proof = queries.prove_entry(position, len(hashes))
        held = verifier.Seal("", len(hashes), roots[-1].hex(), hashes[-1].hex())
        assert verifier.check_proof(proof, [held]) == "proven"
        assert verifier.check_proof({**proof, "entry": proof["entry"].replace("cao", "kao")}, [held]) == (
            "unproven" if "cao" in proof["entry"] else "proven"
        )
        grown = queries.prove_growth(position, len(hashes))
        assert verifier.check_proof(grown, [held]) == "proven"
        assert verifier.check_proof(grown, [held._replace(root="0" * 64)]) == "unproven"
    for size in (0, len(hashes) + 1):
        with pytest.raises(NotFound):
            queries.prove_growth(1, size)
        with pytest.raises(NotFound):
            queries.prove_entry(size)


def test_every_day_is_sealed_also_those_that_were_missed(cast: Cast) -> None:
    fill(3)
    started = clock.today()
    with clock.at(clock.start_of(started + timedelta(days=1))):
        first = seals.seal_days()
        fill(2)
    assert [seal.day for seal in first] == [started]
    with clock.at(clock.start_of(started + timedelta(days=4)) + timedelta(hours=9)):
        missed = seals.seal_days()
        assert seals.seal_days() == []
    assert [seal.day for seal in missed] == [started + timedelta(days=n) for n in (1, 2, 3)]
    assert [seal.size - first[0].size for seal in missed] == [2, 2, 2]
    rows = queries.list_seals()
    assert [row.is_late for row in rows] == [False, True, True, False]
    report = check(*(kept(seal) for seal in [*first, *missed]))
    assert (report.findings, report.held) == ([], 4)


def test_the_end_of_a_day_is_midnight_in_amsterdam_also_when_the_clock_changes() -> None:
    day = date(2099, 10, 25)  # the night in which the clock goes back: this day has 25 hours
    seals_of: dict[date, int] = {}
    for moment in (datetime(2099, 10, 24, 22, 30, tzinfo=UTC), datetime(2099, 10, 25, 22, 59, 59, tzinfo=UTC)):
        with clock.at(moment):
            fill(1)
    last_of_day = entries.last().position
    with clock.at(datetime(2099, 10, 25, 23, 0, tzinfo=UTC)):
        fill(1)
    with clock.at(datetime(2099, 10, 26, 23, 1, tzinfo=UTC)):
        session().add(
            LogSeal(day=day - timedelta(days=2), size=1, root="0" * 64, head="0" * 64, made="x" * 27, previous="")
        )
        session().flush()
        seals_of = {seal.day: seal.size for seal in seals.seal_days(mail=False)}
    assert seals_of[day - timedelta(days=1)] < last_of_day
    assert seals_of[day] == last_of_day
    assert seals_of[day + timedelta(days=1)] == last_of_day + 1


def test_the_newest_seal_is_mailed_to_those_who_sign_for_council_and_unions(cast: Cast) -> None:
    with clock.at(clock.end_of(clock.today()) + timedelta(days=2)):
        made = seals.seal_days()
    letters = [job.payload for job in session().scalars(select(Job).where(Job.kind == "mail"))]
    assert {letter["to"] for letter in letters} == {
        "saskia.de.wit@oeverbrug.example",
        "karin.oosterveld@oeverbrug.example",
    }
    (found,) = verifier.find_seals(letters[0]["text"])
    assert found[:4] == kept(made[-1])[:4]
    assert check(found).held == 1


def test_the_job_of_the_night_seals_and_puts_the_next_aside(cast: Cast) -> None:
    schedule.ensure()
    schedule.ensure()
    waiting = select(Job).where(Job.kind == schedule.KIND)
    (job,) = session().scalars(waiting).all()
    assert clock.local(job.due_at).hour == 0
    assert clock.day_of(job.due_at) == clock.today() + timedelta(days=1)
    with clock.at(job.due_at):
        seals.do_job([job])
        assert queries.list_seals()[0].seal.day == clock.today() - timedelta(days=1)
    assert len(session().scalars(waiting).all()) == 2
    job.tries = 99
    session().flush()


def test_erasing_what_an_entry_holds_leaves_the_entry_and_a_mark(cast: Cast) -> None:
    fill(4)
    place = entries.last().position - 1
    with pytest.raises(Invalid):
        service.erase(None, place, reason=" ")
    said = service.erase(None, place, reason="Verzoek van 3 maart, artikel 17 AVG")
    assert session().get(LogContent, place) is None
    row = queries.get_entry(cast.outsider, place)
    assert (row.is_erased, row.erased_by, row.holds) == (True, said, {})
    report = check()
    assert (report.findings, report.erased) == ([], 1)
    with pytest.raises(NotFound):
        service.erase(None, place, reason="Nog eens")
    with pytest.raises(NotFound):
        service.erase(None, said, reason="Het spoor zelf")


def test_the_screens_say_what_can_be_read(client: Client, database: Database, cast: Cast) -> None:
    with database.transaction():
        with clock.at(clock.end_of(clock.today()) + timedelta(days=1)):
            seals.seal_days()
        pilots.move(cast.lead, concept(cast, title="Zonder koffie"), State.PREPARATION)
        service.write_down()
        place = entries.last().position
    page = client.as_(cast.union).get("/logboek").get_data(as_text=True)
    assert "Zonder koffie" in page
    assert "Dit bewijst het niet" in page
    assert queries.list_seals()[0].seal.root in page
    assert "Zonder koffie" in client.as_(cast.union).get(f"/logboek/regels/{place}").get_data(as_text=True)
    assert client.as_(cast.union).get("/logboek/regels/999999").status_code == 404
    assert client.as_(cast.union).get("/logboek?voor=x").status_code == 404
    assert client.as_(cast.union).get("/logboek/groei?van=3").status_code == 404
    proof = json.loads(client.as_(cast.union).get(f"/logboek/regels/{place}/bewijs").data)
    assert verifier.check_proof(proof, []) == "fits"


def test_the_bundle_is_checked_by_the_file_that_is_in_it(
    client: Client, database: Database, cast: Cast, tmp_path: Path
) -> None:
    with database.transaction(), clock.at(clock.end_of(clock.today()) + timedelta(days=1)):
        *_, seal = seals.seal_days()
    answer = client.as_(cast.union).get("/logboek/bundel")
    path = tmp_path / "logboek.zip"
    path.write_bytes(answer.data)
    (tmp_path / "zegel.txt").write_text(seals.letter("Karin", [seal]))
    with zipfile.ZipFile(io.BytesIO(answer.data)) as found:
        assert found.read("nakijken.py") == client.as_(cast.union).get("/logboek/nakijken.py").data
    assert verifier.main([str(path), "--seal", str(tmp_path / "zegel.txt")]) == 0


def test_places_have_no_gaps() -> None:
    fill(5)
    count, top = session().execute(select(func.count(), func.max(LogEntry.position))).one()
    assert count == top


def test_the_commands_seal_check_and_erase(app: Application, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    fill(2)
    place = entries.last().position
    assert "0 days sealed" in runner.invoke(args=["audit", "seal"]).output
    with clock.at(clock.end_of(clock.today()) + timedelta(days=1)):
        sealed = runner.invoke(args=["audit", "seal"]).output
    (tmp_path / "zegel.txt").write_text(sealed)
    assert "2 days sealed" in sealed
    assert runner.invoke(args=["audit", "erase", str(place), "--reason", "Verzoek"]).exit_code == 0
    assert runner.invoke(args=["audit", "erase", "999999", "--reason", "Verzoek"]).exit_code == 1
    checked = runner.invoke(args=["audit", "verify", "--seal", str(tmp_path / "zegel.txt")])
    assert (checked.exit_code, "Your own seal fits: 1" in checked.output) == (0, True)
    line = json.loads(sealed.splitlines()[-1])
    (tmp_path / "zegel.txt").write_text(json.dumps({**line, "root": "0" * 64}))
    wrong = runner.invoke(args=["audit", "verify", "--seal", str(tmp_path / "zegel.txt")])
    assert (wrong.exit_code, "The log is not right" in wrong.output) == (1, True)
    (tmp_path / "leeg.txt").write_text("geen zegel")
    assert runner.invoke(args=["audit", "verify", "--seal", str(tmp_path / "leeg.txt")]).exit_code == 1
