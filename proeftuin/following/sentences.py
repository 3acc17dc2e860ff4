"""What happened, in one sentence for people: the same words on a page (with links) and in a feed (plain).

What must stay true: the text of a comment is never part of a sentence, so a deleted one cannot be read here; a
comment without an author says that it was written under an alias and not who wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from html import escape
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from markupsafe import Markup

from proeftuin import clock, i18n
from proeftuin.following.changes import SORTS, Change
from proeftuin.i18n import _
from proeftuin.pilots.models import State
from proeftuin.talk.reading import removed_title

_OWN_PATHS = {
    "file": "/bestanden/{number}",
    "suggestion": "{path}/voorstellen/{number}",
    "cao": "/cao/versies/{number}",
    "log": "/logboek",
    "pilot:promise_late": "{path}/beloften",
    "outcome": "{path}/uitkomsten",
}
"""Where the things are that have an address of their own, by their kind or its family."""
WITH_VERSION = frozenset({"page:created", "page:saved", "page:restored"})


class Line(NamedTuple):
    """One change as it is printed. `placed` is the text with the pilot in which it happened, unless it says so; of
    what was said under an alias only the day is known. `why` says to who was told why they were."""

    at: datetime
    has_hour: bool
    day: date
    text: Markup
    placed: Markup
    place: str | None
    why: str


class Day(NamedTuple):
    """The changes of one day in Amsterdam, newest first."""

    day: date
    lines: tuple[Line, ...]


def by_day(changes: Iterable[Change]) -> list[Day]:
    """Return the changes as lines, under the days on which they happened."""
    language = i18n.language()
    lines = [_line(change, language) for change in changes]
    return [Day(day, tuple(group)) for day, group in groupby(lines, attrgetter("day"))]


def line(change: Change) -> Line:
    """Return a change as a line with links."""
    return _line(change, i18n.language())


@lru_cache(maxsize=8192)
def _line(change: Change, language: str) -> Line:
    """Make a line; a change is all that it is made of, so it need not be made for every reader again."""
    foreign = "" if language == "nl" else ' lang="nl"'
    text = placed = _told(change, language, foreign)
    if change.place and change.place_path:
        link = f'<a href="{escape(change.place_path)}">{escape(change.place)}</a>'
        placed = f'{text} <span class="kicker"{foreign}>· {link}</span>'
    day, why = clock.day_of(change.at), _reasons(language).get(change.kind, "")
    return Line(change.at, not _is_alias(change), day, Markup(text), Markup(placed), change.place, why)


def _is_alias(change: Change) -> bool:
    return change.who is None and change.kind.startswith("comment:")


def _told(change: Change, language: str, foreign: str) -> str:
    """Return the sentence, with a link to what happened, and what its writer said about it, as HTML."""
    what = f'<a href="{escape(path_of(change))}"{foreign}>{escape(_what(change))}</a>{_growth(change)}'
    writer = f"<b>{escape(change.who)}</b>" if change.who else _capital(escape(who(change)))
    text = escape(_patterns(language)[_key(change)]) % {"who": writer, "what": what, "to": _to(change)}
    if words := own_words(change):
        text = f"{text}: <span{foreign}>{escape(words)}</span>"
    is_small = change.minor and change.kind not in _reasons("nl")
    return f'{text} <span class="muted">({escape(_("klein"))})</span>' if is_small else text


def in_text(change: Change) -> str:
    """Return the sentence without markup."""
    what = f"“{_what(change)}”{_growth(change)}"
    writer = _capital(who(change))
    return _patterns(i18n.language())[_key(change)] % {"who": writer, "what": what, "to": _to(change)}


def own_words(change: Change) -> str:
    """Return what the writer said about a change of a page or a pilot; never words from a comment."""
    if change.kind.startswith((*SORTS["reacties"], *SORTS["cao"])) or change.summary == change.title:
        return ""
    return change.summary


def who(change: Change) -> str:
    """Return the name of who did it, or what is known when there is no name."""
    if change.who is not None:
        return change.who
    return _("iemand onder schuilnaam") if _is_alias(change) else _("het systeem")


def state_names() -> dict[str, str]:
    """Return the states of a pilot in words, in the reader's language."""
    return _states(i18n.language())


def path_of(change: Change) -> str:
    """Return the address of what happened: the comparison, the comment, or the thing itself."""
    if change.thread_id is not None:
        return f"/reacties/{change.number}"
    if change.kind in WITH_VERSION and change.number is not None:
        if change.number > 1:
            return f"{change.path}/vergelijk?van={change.number - 1}&naar={change.number}"
        return f"{change.path}/versies/{change.number}"
    own = _OWN_PATHS.get(change.kind) or _OWN_PATHS.get(change.kind.partition(":")[0])
    if own is not None and change.number is not None:
        return own.format(path=change.path, number=change.number)
    return change.path


def _what(change: Change) -> str:
    if change.kind.startswith(SORTS["logboek"]):
        return _("logboek")
    if change.kind.startswith(SORTS["cao"]):
        return change.summary  # it happened to the site, and what it was is in its own words
    if change.thread is None:
        return change.title
    return change.thread or removed_title()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _to(change: Change) -> str:
    return _states(i18n.language()).get(change.to, "") if change.to else ""


def _growth(change: Change) -> str:
    """Return by how many characters the page grew or shrank, as far as the event says so."""
    if change.kind not in WITH_VERSION or change.delta is None:
        return ""
    sign = "+" if change.delta > 0 else "\N{MINUS SIGN}" if change.delta < 0 else ""
    return f" ({sign}{abs(change.delta)})"


def _key(change: Change) -> str:
    if change.kind == "comment:posted":
        if change.is_deleted:
            return "comment:gone"
        return "question:asked" if change.is_question else change.kind
    if change.kind == "pilot:state" and not _to(change):
        return "pilot:changed"
    if change.kind == "alert:raised":
        return f"alert:{change.to}"
    return change.kind if change.kind in _patterns("nl") else "other"


@cache
def _reasons(language: str) -> dict[str, str]:
    """Return why somebody is told of what waits or is wrong, by kind."""
    with i18n.speaking(language):
        return {
            "pilot:promise_late": _(
                "Je krijgt dit omdat je deze proeftuin volgt, of omdat jij voor de belofte zorgt."
            ),
            "question:unanswered": _("Je krijgt dit omdat je in het proeftuinteam zit."),
            "log:wrong": _("Je krijgt dit omdat je toezicht houdt: voor de OR, een bond, de cao-partijen of als FG."),
        }


@cache
def _patterns(language: str) -> dict[str, str]:
    """Return the sentences by kind; a kind that is not known yet has a general one."""
    with i18n.speaking(language):
        return {
            "pilot:created": _("%(who)s begon de proeftuin %(what)s"),
            "pilot:opened": _("%(who)s liet iedereen de proeftuin %(what)s lezen"),
            "pilot:changed": _("%(who)s werkte het plan bij van %(what)s"),
            "pilot:state": _("%(who)s zette de proeftuin %(what)s op “%(to)s”"),
            "pilot:team": _("%(who)s paste het team aan van %(what)s"),
            "pilot:risk": _("%(who)s werkte de risico’s bij van %(what)s"),
            "pilot:promise": _("%(who)s deed een belofte bij %(what)s"),
            "pilot:promise_settled": _("%(who)s rondde een belofte af bij %(what)s"),
            "pilot:promise_late": _("Een belofte is te laat bij %(what)s"),
            "question:unanswered": _("Een vraag wacht al 14 dagen op antwoord: %(what)s"),
            "log:wrong": _("De nachtelijke controle keurde het %(what)s af"),
            "log:alert_closed": _("%(who)s sloot een rood signaal over het %(what)s"),
            "outcome:measure": _("%(who)s legde vast wat er wordt gemeten in %(what)s"),
            "outcome:published": _("%(who)s publiceerde uitkomsten van %(what)s"),
            "page:created": _("%(who)s maakte de pagina %(what)s"),
            "page:saved": _("%(who)s bewaarde %(what)s"),
            "page:restored": _("%(who)s zette een oude versie terug van %(what)s"),
            "page:restricted": _("%(who)s maakte %(what)s besloten"),
            "page:opened": _("%(who)s liet iedereen %(what)s lezen"),
            "page:renamed": _("%(who)s gaf een pagina de naam %(what)s"),
            "page:deleted": _("%(who)s verwijderde de pagina %(what)s"),
            "page:undeleted": _("%(who)s haalde de pagina %(what)s terug"),
            "page:version_hidden": _("%(who)s verborg een versie van %(what)s"),
            "page:version_shown": _("%(who)s maakte een verborgen versie weer leesbaar van %(what)s"),
            "suggestion:made": _("%(who)s stelde een wijziging voor in %(what)s"),
            "suggestion:accepted": _("%(who)s nam een voorstel over in %(what)s"),
            "suggestion:declined": _("%(who)s wees een voorstel af voor %(what)s"),
            "suggestion:withdrawn": _("%(who)s trok een voorstel in voor %(what)s"),
            "file:added": _("%(who)s voegde een bestand toe bij %(what)s"),
            "file:replaced": _("%(who)s verving een bestand bij %(what)s"),
            "file:removed": _("%(who)s haalde een bestand weg bij %(what)s"),
            "cao:published": _("%(who)s publiceerde %(what)s"),
            "deviation:created": _("%(who)s begon de afwijking %(what)s"),
            "deviation:submitted": _("%(who)s legde een versie voor van %(what)s"),
            "deviation:taken_back": _("%(who)s nam een versie terug van %(what)s"),
            "deviation:rejected": _("De afwijking %(what)s is afgewezen"),
            "deviation:withdrawn": _("%(who)s trok de afwijking %(what)s in"),
            "deviation:agreed": _("Alle partijen zijn akkoord met %(what)s"),
            "deviation:in_force": _("De afwijking %(what)s is van kracht"),
            "deviation:suspended": _("%(who)s schortte %(what)s op"),
            "deviation:resumed": _("%(who)s hervatte %(what)s"),
            "deviation:objected": _("%(who)s maakte bezwaar tegen het hervatten van %(what)s"),
            "deviation:ended": _("De afwijking %(what)s is beëindigd"),
            "deviation:lapsed": _("De afwijking %(what)s is vervallen"),
            "deviation:replaced": _("Een oudere versie van %(what)s is vervangen"),
            "deviation:ministry": _("%(who)s legde iets vast over SZW bij %(what)s"),
            "deviation:fallback": _("%(who)s gaf een terugvalverklaring bij %(what)s"),
            "deviation:reconfirmed": _("%(who)s herbevestigde %(what)s"),
            "deviation:decision_told": _("%(who)s deelde de OR het besluit mee over %(what)s"),
            "deviation:without_rules": _("%(who)s gaat verder zonder de regels van %(what)s"),
            "deviation:incident": _("Er is een melding gedaan bij %(what)s"),
            "deviation:incident_handled": _("%(who)s handelde een melding af bij %(what)s"),
            "deviation:closed": _("%(who)s sloot %(what)s af"),
            "position:recorded": _("%(who)s legde een standpunt vast bij %(what)s"),
            "position:letter": _("%(who)s voerde een standpunt uit een brief in bij %(what)s"),
            "position:confirmed": _("%(who)s beantwoordde een standpunt uit een brief bij %(what)s"),
            "alert:closed": _("%(who)s sloot een rood signaal bij %(what)s"),
            "alert:nieuw_voorgelegd": _("%(what)s vraagt een standpunt"),
            "alert:tekst_gewijzigd": _("Van %(what)s ligt een nieuwe versie voor, alle standpunten zijn weer open"),
            "alert:artikel_gewijzigd": _("De cao veranderde onder %(what)s: herbevestiging gevraagd"),
            "alert:te_bevestigen": _("Bij %(what)s wacht een standpunt uit een brief op bevestiging"),
            "alert:reactietermijn": _("De reactietermijn van %(what)s loopt bijna af"),
            "alert:reactietermijn_voorbij": _("De reactietermijn van %(what)s is voorbij"),
            "alert:verloopt_60": _("%(what)s eindigt binnen 60 dagen"),
            "alert:verloopt_30": _("%(what)s eindigt binnen 30 dagen"),
            "alert:verloopt_7": _("%(what)s eindigt binnen 7 dagen"),
            "alert:vervallen_tijdens_proef": _("%(what)s geldt niet meer, voor deelnemers geldt weer de cao"),
            "alert:gestart_zonder_afwijking": _("Een proeftuin loopt terwijl %(what)s niet van kracht is"),
            "alert:eindigt_voor_proeftuin": _("%(what)s eindigt eerder dan de proeftuin"),
            "alert:aantal_overschreden": _("Bij %(what)s doen meer mensen mee dan is afgesproken"),
            "alert:voorwaarde_te_laat": _("Bij %(what)s is een voorwaarde te laat"),
            "alert:voorwaarde_geschonden": _("Bij %(what)s is een voorwaarde geschonden"),
            "alert:melding_ernstig": _("Bij %(what)s is een ernstige melding gedaan"),
            "alert:terugval_open": _("Bij %(what)s ontbreekt een volledige terugvalverklaring"),
            "alert:nietigheidstermijn": _("Bij %(what)s loopt de maand af om nietigheid in te roepen"),
            "condition:reported": _("%(who)s meldde iets over een voorwaarde bij %(what)s"),
            "comment:posted": _("%(who)s reageerde in %(what)s"),
            "comment:gone": _("%(who)s plaatste een reactie in %(what)s, die later is verwijderd"),
            "comment:edited": _("%(who)s verbeterde een reactie in %(what)s"),
            "comment:deleted": _("%(who)s verwijderde een reactie in %(what)s"),
            "question:asked": _("%(who)s stelde een vraag: %(what)s"),
            "question:answered": _("%(who)s beantwoordde de vraag %(what)s"),
            "question:reopened": _("De vraag %(what)s wacht weer op antwoord"),
            "other": _("%(who)s veranderde iets bij %(what)s"),
        }


@cache
def _states(language: str) -> dict[str, str]:
    with i18n.speaking(language):
        return {
            State.CONCEPT: _("concept"),
            State.PREPARATION: _("in voorbereiding"),
            State.RUNNING: _("lopend"),
            State.PAUSED: _("gepauzeerd"),
            State.COMPLETED: _("afgerond"),
            State.STOPPED: _("gestopt"),
            State.EVALUATED: _("geëvalueerd"),
            State.ARCHIVED: _("gearchiveerd"),
            State.NEVER_STARTED: _("niet gestart"),
        }
