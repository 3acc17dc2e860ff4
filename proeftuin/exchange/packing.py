"""A pilot as a zip: Markdown with a block above it, and the history of every page.

What must stay true: the same state gives the same bytes; a page is read back to the letter, with all its versions
(`folder`); it is written piece by piece to the stream, so that a large pilot takes no more memory than a small one.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

from proeftuin import clock, i18n
from proeftuin.accounts.actor import Actor
from proeftuin.exchange import file_packing, frontmatter, gathering
from proeftuin.exchange.gathering import PackedComment, PackedPage, PackedThread, PackedVersion
from proeftuin.exchange.layout import FORMAT, HISTORY, PAGES, file_name, moment, version_line
from proeftuin.exchange.wikicuts import escaped
from proeftuin.i18n import _
from proeftuin.naming import slugify
from proeftuin.pilots import course, heads, records
from proeftuin.pilots.heads import Overview
from proeftuin.pilots.participation import Count

_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the moments are inside; one here would make equal states differ
_MODE = 0o644 << 16


def pack(actor: Actor, slug: str, stream: IO[bytes]) -> str:
    """Write what an actor may take along of a pilot as a zip, and return a name for it.

    :raises NotFound: when the actor may not read the pilot.
    """
    pilot = heads.get_overview(actor, slug)
    with i18n.speaking("nl"), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        _Packing(actor, pilot, archive).run()
    return f"{file_name(pilot.head.slug)}.zip"


class _Packing:
    """The writing of one zip."""

    def __init__(self, actor: Actor, pilot: Overview, archive: zipfile.ZipFile) -> None:
        self.actor = actor
        self.pilot = pilot
        self.archive = archive
        self.root = file_name(pilot.head.slug)

    def run(self) -> None:
        head = self.pilot.head
        steps = records.list_steps_taken(head.id)
        commitments = records.list_commitments(head.id)
        self._document("LEESMIJ.md", {"title": _("Leesmij")}, [_readme()])
        self._document("proeftuin.md", self._about(), [plan_text(self.pilot)])
        self._document("fasen.md", {"title": _("Fasen")}, map(_step, steps))
        self._document("risicos.md", {"title": _("Risico’s")}, map(_risk, sorted(commitments.risks, key=_number)))
        self._document(
            "beloften.md", {"title": _("Beloften")}, map(_promise, sorted(commitments.promises, key=_number))
        )
        for page in gathering.pages(self.actor, head.id):
            self._page(page)
        for thread in gathering.threads(self.actor, head.id):
            self._thread(thread)
        file_packing.pack_files(self.actor, head.id, self._bytes)

    def _about(self) -> dict[str, Any]:
        head = self.pilot.head
        team = records.list_team(head.id)
        return {
            "title": head.title,
            "kind": "proeftuin",
            "address": head.path,
            "code": head.code,
            "state": head.state.value,
            "since": head.state_since,
            "department": head.department or "",
            "themes": list(head.themes),
            "starts_on": head.starts_on,
            "ends_on": head.ends_on,
            "leads": [member.name for member in team if member.is_lead],
            "team": [member.name for member in team if not member.is_lead],
            "participants": counted(gathering.count_for_everyone(self.pilot)),
        }

    def _document(self, name: str, values: dict[str, Any], parts: Iterable[str]) -> None:
        about = {"format": FORMAT, **values}
        self._write(name, [frontmatter.write(about, "\n\n".join(parts) + "\n")])

    def _page(self, page: PackedPage) -> None:
        values = {
            "format": FORMAT,
            "title": page.title,
            "kind": page.kind.value,
            "address": page.path,
            "created": moment(page.created_at),
            "changed": moment(page.changed_at),
            "authors": gathering.authors(page),
            "version": page.current,
        }
        if page.is_restricted:
            values["restricted"] = True
        name = f"{PAGES}/{file_name(page.slug)}"
        self._write(f"{name}.md", [frontmatter.write(values, gathering.newest_text(page))])
        self._write(f"{name}{HISTORY}", map(_version, gathering.versions(page)))

    def _thread(self, thread: PackedThread) -> None:
        values = {
            "format": FORMAT,
            "title": thread.title,
            "about": thread.about,
            "address": f"/gesprek/{thread.id}",
            "state": thread.state,
            "created": moment(thread.created_at),
        }
        if thread.opened_at:
            values["opened"] = moment(thread.opened_at)
        if thread.answered_at:
            values["answered"] = moment(thread.answered_at)
        name = f"gesprek/{thread.id:06}-{slugify(thread.title, length=40)}.md"
        comments = (_comment(comment) + "\n\n" for comment in gathering.comments(thread))
        self._write(name, [frontmatter.write(values, ""), *comments])

    def _write(self, name: str, pieces: Iterable[str]) -> None:
        self._bytes(name, (piece.encode() for piece in pieces), True)

    def _bytes(self, name: str, pieces: Iterable[bytes], is_loose: bool) -> None:
        """Write an entry; what is packed already (`is_loose` is False) is not packed again."""
        entry = zipfile.ZipInfo(f"{self.root}/{name}", _NO_TIME)
        entry.external_attr, entry.create_system = _MODE, 3
        entry.compress_type = zipfile.ZIP_DEFLATED if is_loose else zipfile.ZIP_STORED
        with self.archive.open(entry, "w") as file:
            for piece in pieces:
                file.write(piece)


def plan_text(pilot: Overview) -> str:
    """Return the plan as Markdown, a heading for each answer."""
    return "\n\n".join(f"## {label}\n\n{text.strip()}" for label, text in plan_parts(pilot))


def plan_parts(pilot: Overview) -> Sequence[tuple[str, str]]:
    """Return the answers of the plan that were given, with their labels."""
    labels = (
        ("summary", _("In het kort")),
        ("motive", _("Waarom nu")),
        ("question", _("Wat we willen weten")),
        ("hypothesis", _("Wat we denken")),
        ("changes", _("Wat verandert")),
        ("stays", _("Wat blijft")),
        ("measure", _("Hoofdmaat")),
        ("measurement", _("Wat we meten")),
        ("comparison", _("Vergelijking")),
        ("what_can_go_wrong", _("Wat kan er misgaan")),
        ("fallback", _("Als je stopt")),
        ("change_of_mind", _("Wat ons van mening doet veranderen")),
        ("voluntariness", _("Meedoen en stoppen")),
    )
    return [(label, pilot.plan[name]) for name, label in labels if pilot.plan[name].strip()]


def counted(count: Count) -> str:
    """Return how many take part in words, as everyone sees it."""
    if count.number is None and count.most:
        return _("minder dan %(k)s, hooguit %(most)s", k=count.fewer_than, most=count.most)
    if count.number is None:
        return _("minder dan %(k)s", k=count.fewer_than)
    if count.most:
        return _("%(n)s van hooguit %(most)s", n=count.number, most=count.most)
    return str(count.number)


def _readme() -> str:
    return _(
        "Dit is een proeftuin zoals hij was toen iemand hem meenam: het plan (proeftuin.md), de fasen, de risico’s, "
        "de beloften, de pagina’s en de gesprekken. Alles is gewone tekst in Markdown. Boven elke tekst staat wat "
        "het is. Naast elke pagina staat haar geschiedenis: op elke regel één versie in JSON, de oudste eerst. "
        "Bestanden staan in de map “bestanden”, die van een pagina onder haar adres, oudere versies in een map "
        "apart; in bestanden.jsonl staat van elke versie van wie ze is en wat erover gezegd is. Tijden zijn in UTC. "
        "Met “flask exchange import-folder” komen de pagina’s en de bestanden met hun geschiedenis in een andere "
        "proeftuin."
    )


def _number(item: Any) -> int:
    number: int = item.id
    return number


def _version(version: PackedVersion) -> str:
    return version_line(
        {
            "number": version.number,
            "at": moment(version.at),
            "author": version.author,
            "suggester": version.suggester,
            "summary": version.summary,
            "minor": version.is_minor,
            "base": version.base,
            "restores": version.restores,
            "text": version.text,
        }
    )


def _step(step: records.StepTaken) -> str:
    lines = [f"## {_day(step.on)}: {course.badge(step.to_state)[2]}"]
    said = [step.reason, *(words for words in step.statements.values() if isinstance(words, str))]
    lines += [_quoted(text) for text in said if text]
    people = [(_("Door"), step.by), (_("Meegelezen door"), step.second_reader)]
    lines += [f"{label}: {escaped(name)}" for label, name in people if name]
    return "\n\n".join(lines)


def _risk(risk: records.RiskLine) -> str:
    parts = [_quoted(risk.risk)]
    if risk.measure:
        parts.append(f"{_('Maatregel')}:\n\n{_quoted(risk.measure)}")
    if risk.owner:
        parts.append(f"{_('Wie let hierop')}: {escaped(risk.owner)}")
    return "\n\n".join(["---", *parts])


def _promise(promise: records.PromiseLine) -> str:
    parts = [
        _quoted(promise.text),
        f"{_('Uiterlijk')}: {_day(promise.due_on)}",
        f"{_('Stand')}: {promise.state.value}",
    ]
    if promise.settled_on:
        parts.append(f"{_('Afgerond op')}: {_day(promise.settled_on)}")
    if promise.owner:
        parts.append(f"{_('Van')}: {escaped(promise.owner)}")
    if promise.note:
        parts.append(_quoted(promise.note))
    return "\n\n".join(["---", *parts])


def _comment(comment: PackedComment) -> str:
    at = str(clock.day_of(comment.at)) if comment.is_alias else _moment(comment.at)  # of an alias only the day
    parts = [f"## {at}, {escaped(comment.name or _('een collega'))} ({comment.capacity})"]
    marks = [f"nr. {comment.id}"]
    if comment.parent_id:
        marks.append(_("antwoord op nr. %(n)s", n=comment.parent_id))
    if comment.is_answer:
        marks.append(_("antwoord van het team"))
    if comment.edited_at:
        marks.append(_("gewijzigd op %(day)s", day=_moment(comment.edited_at)))
    parts.append(f"*{'; '.join(marks)}*")
    if comment.deleted_at:
        gone = _("Verwijderd op %(day)s.", day=_moment(comment.deleted_at))
        parts.append(f"{gone} {escaped(comment.reason)}".rstrip())
    else:
        parts.append(_quoted(comment.text or ""))
    return "\n\n".join(parts)


def _quoted(text: str) -> str:
    """Return what someone wrote so that nothing of it can be taken for the document around it."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))


def _day(day: date) -> str:
    return day.isoformat()


def _moment(at: datetime) -> str:
    return clock.local(at).strftime("%Y-%m-%d %H:%M")
