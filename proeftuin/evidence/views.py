"""Taking the register along: as a table, as JSON, as a file to print, as figures, and as a pack of evidence.

What must stay true: everyone who is signed in takes along what they may read, with the day, the place in the log and
the seal on it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.cao import queries as cao
from proeftuin.db import session
from proeftuin.deviations.look import Look
from proeftuin.deviations.register import rows_now, rows_then
from proeftuin.deviations.showing.folder import Folder
from proeftuin.errors import NotFound
from proeftuin.events.models import Subject
from proeftuin.evidence import complete, formats, gathering, sheet, statistics
from proeftuin.evidence import pack as packing
from proeftuin.evidence.gathering import Asked
from proeftuin.evidence.stamp import stamp
from proeftuin.exchange.views import pieces
from proeftuin.i18n import _
from proeftuin.outcomes import queries as outcomes
from proeftuin.past.day import is_past, read_day
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.models import Pilot
from proeftuin.pilots.policy import visible_subjects
from proeftuin.web.application import settings
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render

blueprint = Blueprint("evidence", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _look() -> Look:
    return Look.parse(request.args.get("bekend"))


@blueprint.get("/afwijkingen.<any(csv, xlsx, json):form>")
def register_file(form: str) -> ResponseReturnValue:
    """Send the register as a file, of two days when they are asked for."""
    actor, look = get_actor(), _look()
    reader, made = gathering.reader_of(actor), stamp(look)
    folders = gathering.gather(Asked(), look)
    name = f"register-{look.day.isoformat()}.{form}"
    if form == "json":
        verdicts = {each.name or "geen_oordeel": each.pilots for each in _verdicts(actor)}
        whole = {
            **made.plain(),
            "proeftuinen_naar_oordeel": verdicts,
            "afwijkingen": [complete.everything(each, reader) for each in folders],
        }
        return _file(json.dumps(whole, ensure_ascii=False).encode(), "application/json", name)
    parties = gathering.list_parties()
    columns, rows = sheet.columns(parties), sheet.rows(folders, parties, reader)
    if form == "csv":
        return _file(formats.as_csv(columns, rows, made.plain()), "text/csv; charset=utf-8", name)
    return _file(formats.as_xlsx(columns, rows, made.plain()), XLSX, name)


@blueprint.get("/afwijkingen/<code>.json")
def deviation_json(code: str) -> ResponseReturnValue:
    """Send everything about a deviation as JSON."""
    actor, look = get_actor(), _look()
    folder = gathering.gather(Asked(code=code), look)[0]
    whole = {**stamp(look).plain(), **complete.everything(folder, gathering.reader_of(actor))}
    return _file(json.dumps(whole, ensure_ascii=False, indent=1).encode(), "application/json", f"{code}.json")


@blueprint.get("/afwijkingen/<code>/dossier")
def deviation_file(code: str) -> str:
    """Show everything about a deviation as one text, to read and to print."""
    actor, look = get_actor(), _look()
    folder = gathering.gather(Asked(code=code), look)[0]
    text = gathering.as_text(folder, gathering.reader_of(actor))
    return render("evidence/file.html", look=look, stamp=stamp(look), **text)


@blueprint.get("/afwijkingen/cijfers")
def figures() -> str:
    """Show statistics of the register."""
    actor = get_actor()
    look = _look()
    limit = settings().small_group
    folders = gathering.gather(Asked(), look)
    themes = sheet.themes_by_pilot()

    def table(title: str, names: statistics.By) -> tuple[str, list[statistics.Group]]:
        return title, statistics.by(folders, names, small_group=limit)

    def articles(folder: Folder) -> Iterable[str]:
        return (rule.article_number for rules in folder.rules.values() for rule in rules)

    tables = [
        table(_("Per cao-artikel"), articles),
        table(_("Per thema"), lambda folder: themes.get(folder.deviation.pilot_id, ())),
        table(_("Per afdeling"), lambda folder: [folder.pilot.department] if folder.pilot else ()),
        table(_("Per jaar van voorleggen"), lambda folder: [statistics.year_of(folder.course.steps[0].on)]),
    ]
    return render(
        "evidence/figures.html",
        tables=tables,
        verdicts=_verdicts(actor),
        stamp=stamp(look),
        small_group=limit,
        look=look,
        is_past=is_past(),
    )


def _verdicts(actor: Actor) -> list[statistics.VerdictCount]:
    verdicts = [found.said.verdict for _pilot_id, found in outcomes.list_primary(actor)]
    return statistics.by_verdict(verdicts, outcomes.count_begun(actor))


@blueprint.get("/afwijkingen/meenemen")
def take_along() -> str:
    """Tell what can be taken along, and let somebody choose."""
    return _take_along({})


def _take_along(problems: dict[str, str]) -> str:
    actor, look = get_actor(), _look()
    edition = rows_now.get_edition() if look.is_present else rows_then.get_edition(look).edition
    held = [entry.raw for entry in edition.entries]
    named = select(Pilot.id, Pilot.slug, Pilot.title).join(Subject, Subject.id == Pilot.id)
    names = {row[0]: (row[1], row[2]) for row in session().execute(named.where(visible_subjects(actor)))}
    version = cao.find_version(look.day)
    log = Markup('<a href="{}">{}</a>').format(address("audit.log"), _("logboek"))
    return render(
        "evidence/evidence.html",
        look=look,
        is_past=is_past(),
        stamp=stamp(look),
        deviations=[(raw.code, raw.title) for raw in held],
        pilots=list(dict.fromkeys(names[raw.pilot_id] for raw in held if raw.pilot_id in names)),
        articles=cao.list_titles(version) if version else [],
        first=request.args.get("van", f"{look.day.year}-01-01"),
        last=request.args.get("tot", look.day.isoformat()),
        problems=problems,
        log_link=escape(log),
    )


@blueprint.get("/afwijkingen/bewijsmap")
def pack_asked() -> ResponseReturnValue:
    """Lead from the form to what was chosen."""
    query = _look().query
    kind, _colon, name = request.args.get("waarvan", "").partition(":")
    match kind:
        case "afwijking":
            return redirect(address("evidence.pack_deviation", code=name) + query, 303)
        case "proeftuin":
            return redirect(address("evidence.pack_pilot", slug=name) + query, 303)
        case "artikel":
            return redirect(address("evidence.pack_article", number=name) + query, 303)
    first, last = read_day(request.args.get("van", "")), read_day(request.args.get("tot", ""))
    problems = {}
    if first is None:
        problems["van"] = _("Kies de eerste dag.")
    if last is None:
        problems["tot"] = _("Kies de laatste dag.")
    if first is not None and last is not None and last < first:
        problems["tot"] = _("De laatste dag ligt voor de eerste.")
    if problems or first is None or last is None:
        return _take_along(problems), 422
    return redirect(address("evidence.pack_period", first=first.isoformat(), last=last.isoformat()) + query, 303)


@blueprint.get("/afwijkingen/<code>/bewijsmap.zip")
def pack_deviation(code: str) -> ResponseReturnValue:
    """Send the evidence of one deviation."""
    return _pack(Asked(code=code), _("afwijking %(code)s", code=code))


@blueprint.get("/proeftuinen/<slug>/meenemen/bewijsmap.zip")
def pack_pilot(slug: str) -> ResponseReturnValue:
    """Send the evidence of the deviations of a pilot."""
    pilot = pilots.get_pilot(get_actor(), slug)
    return _pack(Asked(pilot=pilot.slug), _("proeftuin %(title)s", title=pilot.title))


@blueprint.get("/cao/artikel/<number>/bewijsmap.zip")
def pack_article(number: str) -> ResponseReturnValue:
    """Send the evidence of the deviations that touch an article, now and ever."""
    return _pack(Asked(article=number), _("cao-artikel %(number)s", number=number))


@blueprint.get("/afwijkingen/bewijsmap/<first>/<last>.zip")
def pack_period(first: str, last: str) -> ResponseReturnValue:
    """Send the evidence of a period."""
    begins, ends = read_day(first), read_day(last)
    if begins is None or ends is None or ends < begins:
        raise NotFound
    return _pack(Asked(first=begins, last=ends), _("periode %(first)s t/m %(last)s", first=first, last=last))


def _pack(asked: Asked, about: str) -> ResponseReturnValue:
    actor, look = get_actor(), _look()
    folders = gathering.gather(asked, look)
    with ExitStack() as stack:
        stream = stack.enter_context(tempfile.TemporaryFile())
        packing.pack(actor, folders, stamp(look), about, stream)
        size = stream.tell()
        stack.pop_all()
    response = Response(pieces(stream), mimetype="application/zip")
    response.content_length = size
    return _attached(response, f"bewijs-{asked.name}-{_today().isoformat()}.zip")


def _today() -> date:
    return clock.day_of(clock.really_now())


def _file(content: bytes, kind: str, name: str) -> Response:
    return _attached(Response(content, content_type=kind), name)


def _attached(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
