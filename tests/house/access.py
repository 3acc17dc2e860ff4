"""The table: every route, an address in a small world, who is let through, and what the others get.

"Let through" means that the answer is none of 401, 403 and 404: an empty form may be refused for what it lacks, not
for who sends it. Rows about a place (`{p.…}`) are asked twice: about what everyone may read, and about a concept or a
page that only the team may know of, which for everyone else does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.models import Mandate, RoleGrant
from proeftuin.db import session
from proeftuin.deviations import service as deviations
from proeftuin.deviations.acting import positions
from proeftuin.deviations.drafting import next_version
from proeftuin.deviations.models import Alert, Condition
from proeftuin.deviations.vocabulary import ConditionKind, PositionStatus, Severity, VersionKind
from proeftuin.events.models import Subject
from proeftuin.files import service as files
from proeftuin.files.judging import judge
from proeftuin.files.places import get_place
from proeftuin.outcomes import settling
from proeftuin.outcomes.figures import Kind
from proeftuin.outcomes.settling import Wanted
from proeftuin.outcomes.statistics import Favourable
from proeftuin.pilots import policy, queries, service
from proeftuin.pilots.models import Pilot, Promise, Risk, State
from proeftuin.talk import service as talk
from proeftuin.talk.models import Comment, Thread
from proeftuin.wiki import service as wiki
from proeftuin.wiki import side_versions, suggesting
from proeftuin.wiki.forms import Meeting
from proeftuin.wiki.models import Page, PageKind
from proeftuin.wiki.queries import site_space_id
from proeftuin.wiki.side_versions import SideVersion
from tests.cao import scene as cao
from tests.cast import Cast
from tests.deviations import drafting_scene as drafting
from tests.files import crafted

TEAM = frozenset({"lead", "member"})
EMPLOYEES = frozenset({"lead", "member", "colleague", "outsider", "council", "hr", "admin"})
EVERYONE = EMPLOYEES | {"union"}
LEADERS = frozenset({"lead", "council"})
SITE_WRITERS = frozenset({"council", "hr"})
ANSWERED_QUESTION = "Wanneer komen de cijfers van de meting?"


@dataclass(frozen=True)
class Place:
    """A pilot with a page, a risk, a promise and a conversation about the page."""

    slug: str
    page: str
    subject: int
    risk: int
    promise: int
    thread: int
    comment: int
    file: int
    suggestion: int
    side: int


@dataclass(frozen=True)
class World:
    """What the addresses of the table point at."""

    cast: Cast
    open: Place
    hidden: Place
    restricted: Place
    grant: int
    mandate: int
    cao_text: int
    draft: int
    submitted: int
    code: str
    condition: int
    letter: int
    report: int
    alert: int

    @classmethod
    def create(cls, cast: Cast) -> World:
        """Write the world with the real services."""
        visible = _pilot(cast, "Vergadervrije donderdag")
        service.move(cast.lead, visible, State.PREPARATION)
        open_place = _furnish(cast, visible, "Het plan op één bladzijde", restricted=False)
        concept = _pilot(cast, "Nog geheim idee")
        restricted = _furnish(cast, visible, "Namen van het team", restricted=True)
        return cls(
            cast=cast,
            open=open_place,
            hidden=_furnish(cast, concept, "Eerste gedachten", restricted=False),
            restricted=replace(restricted, slug=visible.slug),
            grant=session().scalars(select(RoleGrant.id).where(RoleGrant.person_id == cast.hr.id)).one(),
            mandate=session().scalars(select(Mandate.id).where(Mandate.person_id == cast.union.id)).one(),
            cao_text=_publish_cao(cast),
            draft=drafting.begin(cast, visible, article="2.3").id,
            **_submit(cast, visible),
        )


def _pilot(cast: Cast, title: str) -> Pilot:
    pilot = service.create_pilot(
        cast.lead,
        title=title,
        department_id=cast.geo,
        theme_ids=[cast.themes["beoordeling"]],
        question="Krijgen we meer af?",
        hypothesis="Als niemand vergadert, dan is het werk eerder klaar, omdat je doorwerkt.",
        fallback="Terug naar gewone donderdagen.",
    )
    service.add_member(cast.lead, pilot, cast.member.id)
    settling.settle(cast.lead, pilot, Wanted("Regelruimte", Kind.MEAN, Favourable.HIGHER, 0.5, is_primary=True))
    return pilot


def _publish_cao(cast: Cast) -> int:
    """Publish a cao, and return the number of a text that waits."""
    cao.publish_both(cao.make_secretary())
    return cao.prepare(cast.hr, label="2028-2030", valid_from="2028-07-01", valid_until="2030-06-30").id


def _submit(cast: Cast, pilot: Pilot) -> dict[str, Any]:
    """Submit a deviation and begin its next version; return where it stands."""
    deviation = drafting.begin(cast, pilot, article="1.1")
    version = drafting.submit(cast, deviation)
    condition = Condition(
        version_id=version.id,
        position=1,
        kind=ConditionKind.ORDINARY,
        text="Cijfers aan de OR.",
        due_on=clock.today(),
        owner_id=cast.lead.id,
    )
    session().add(condition)
    letter = positions.enter_letter(
        cast.hr,
        version,
        party_id=cast.parties["schakel"],
        status=PositionStatus.AGREED,
        base=0,
        decided_on=clock.today(),
        signatory="Karin Oosterveld",
    )
    severity, text = Severity.LOW, "Het rooster is niet opgehangen."
    report = deviations.report_incident(cast.colleague, deviation, severity=severity, about="rooster", text=text)
    next_version.prepare(cast.lead, deviation, VersionKind.AMENDMENT)
    return {
        "submitted": deviation.id,
        "code": deviation.code,
        "condition": condition.id,
        "letter": letter.id,
        "report": report.id,
        "alert": session().scalars(select(Alert.id).where(Alert.deviation_id == deviation.id)).first(),
    }


def _furnish(cast: Cast, pilot: Pilot, title: str, *, restricted: bool) -> Place:
    pilot = queries.get_pilot_by_id(cast.lead, pilot.id)
    page = wiki.create_page(
        cast.lead, pilot.id, title=title, text="Tekst.\n\nMeer tekst.", kind=PageKind.PLAIN, restricted=restricted
    )
    wiki.save_page(cast.lead, page, base=1, text="Tekst.\n\nAndere tekst.", summary="Andere tekst")
    risk = service.add_risk(cast.lead, pilot, risk=f"Risico van {title}")
    promise = service.make_promise(
        cast.lead, pilot, text=f"Belofte van {title}", owner_id=cast.lead.id, due_on=pilot.state_since
    )
    allowed = policy.capacities(cast.lead, queries.standing(cast.lead, pilot.id))
    thread = talk.start_thread(
        cast.lead,
        session().get_one(Subject, page.id),
        title="",
        text=ANSWERED_QUESTION,
        capacity=allowed[0],
        allowed=allowed,
        is_question=True,
    )
    comment = session().scalars(select(Comment.id).where(Comment.thread_id == thread.id)).one()
    session().flush()
    assert isinstance(thread, Thread)
    assert isinstance(risk, Risk)
    assert isinstance(promise, Promise)
    return Place(
        pilot.slug,
        page.slug,
        page.id,
        risk.id,
        promise.id,
        thread.id,
        comment,
        suggestion=_suggest(cast, page),
        side=_leave_out(cast, page),
        file=_add_picture(cast, page.id),
    )


def _add_picture(cast: Cast, page_id: int) -> int:
    place = get_place(cast.lead, page_id)
    words = files.Words(alt="Een kaart")
    return files.add(cast.lead, place, name="kaart.png", judged=judge(crafted.picture()), words=words).id


def _suggest(cast: Cast, page: Page) -> int:
    return suggesting.suggest(
        cast.lead,
        page,
        base=2,
        text="Tekst.\n\nVoorgestelde tekst.",
        reason="Zo is het duidelijker",
        key=f"k{page.id}",
    )


def _leave_out(cast: Cast, page: Page) -> int:
    """Let a text meet version 2 of a page and not be chosen."""
    met = Meeting(was=1, against=2, mine="Tekst.\n\nNiet gekozen.")
    side_versions.keep(page.id, 2, cast.lead.id, [met], "Tekst.\n\nAndere tekst.")
    return session().scalars(select(SideVersion.id).where(SideVersion.page_id == page.id)).one()


def create_site_page(cast: Cast) -> None:
    """Write the page of the site to which the table points."""
    wiki.create_page(cast.hr, site_space_id(), title="Huisregels", text="Tekst.", kind=PageKind.PLAIN)


@dataclass(frozen=True)
class Row:
    """One route and who is let through. With `is_placed` it is asked about a hidden place as well."""

    endpoint: str
    method: str
    address: Callable[[World, Place], str]
    allowed: frozenset[str]
    is_placed: bool = False
    refused: int = 403
    fields: dict[str, str] = field(default_factory=dict)


def _get(endpoint: str, path: str, allowed: frozenset[str] = EVERYONE, *, refused: int = 403) -> Row:
    return Row(endpoint, "GET", _address(path), allowed, _is_placed(path), refused)


def _post(endpoint: str, path: str, allowed: frozenset[str] = EVERYONE, *, refused: int = 403, **fields: str) -> Row:
    return Row(endpoint, "POST", _address(path), allowed, _is_placed(path), refused, fields)


def _is_placed(path: str) -> bool:
    return "{p." in path


def _address(path: str) -> Callable[[World, Place], str]:
    return lambda world, place: path.format(w=world, p=place, c=world.cast)


NOBODY: frozenset[str] = frozenset()
ADMIN = frozenset({"admin"})
HR = frozenset({"hr"})
PREPARERS = TEAM | HR
SUBMITTERS = frozenset({"lead", "hr"})
SIGNATORIES = frozenset({"council", "union"})
DEVIATION = "/afwijkingen/{w.code}"
PILOT = "/proeftuinen/{p.slug}"
PAGE = "/proeftuinen/{p.slug}/{p.page}"
SITE = "/wiki/huisregels"
FILE = "/bestanden/{p.file}"
PERSON = "/beheer/mensen/{c.colleague.id}"
DEPARTMENT = "/beheer/afdelingen/{c.rail}"
PARTY = "/beheer/partijen/{c.parties[or]}"
THEME = "/beheer/themas/{c.themes[belonen]}"

ACTS = {
    **dict.fromkeys(("opschorten", "bezwaar"), SIGNATORIES),
    **dict.fromkeys(("hervatten", "beeindigen", "herbevestigen"), NOBODY),
    **dict.fromkeys(("terugnemen", "afwijzen", "intrekken"), SUBMITTERS),
    **dict.fromkeys(("szw", "mededeling"), HR),
    **dict.fromkeys(("terugval", "zonder"), frozenset({"lead"})),
    "melding": EVERYONE,
    "afsluiten": frozenset({"council"}),
}
"""Whose hand each act of a deviation takes: nobody's where only the employer, or who suspended, could."""

ROWS = [
    _get("web.home", "/"),
    _get("web.healthz", "/healthz"),
    _get("web.readyz", "/readyz"),
    _get("search.results", "/zoeken?q=plan"),
    # Signing in and one's own account
    _get("accounts.sign_in_form", "/inloggen"),
    _post("accounts.sign_in", "/inloggen"),
    _get("accounts.second_step_form", "/inloggen/code"),
    _post("accounts.second_step", "/inloggen/code"),
    _get("accounts.enrol_form", "/inloggen/tweede-stap"),
    _post("accounts.enrol", "/inloggen/tweede-stap"),
    _get("accounts.second_factor", "/mijn/tweede-stap"),
    _post("accounts.prepare_second_factor", "/mijn/tweede-stap"),
    _get("accounts.enrol_own_form", "/mijn/tweede-stap/instellen"),
    _post("accounts.enrol_own", "/mijn/tweede-stap/instellen"),
    _post("accounts.renew_recovery_codes", "/mijn/tweede-stap/herstelcodes"),
    _post("accounts.keep_recovery_codes", "/mijn/tweede-stap/bewaren"),
    _post("accounts.end_second_factor", "/mijn/tweede-stap/uit"),
    _post("accounts.sign_out", "/uitloggen"),
    _post("accounts.set_language", "/taal"),
    _get("accounts.forgot_form", "/wachtwoord/vergeten"),
    _post("accounts.forgot", "/wachtwoord/vergeten"),
    _get("accounts.forgot_sent", "/wachtwoord/onderweg"),
    _get("accounts.choose_password_form", "/wachtwoord/kiezen/onbekend", NOBODY, refused=410),
    _post("accounts.choose_password", "/wachtwoord/kiezen/onbekend", NOBODY, refused=410),
    _get("accounts.change_password_form", "/mijn/wachtwoord"),
    _post("accounts.change_password", "/mijn/wachtwoord"),
    _get("accounts.sessions", "/mijn/sessies"),
    _post("accounts.end_sign_in", "/mijn/sessies/999999/beeindigen", NOBODY, refused=404),
    _post("accounts.end_other_sign_ins", "/mijn/sessies/andere-beeindigen"),
    # Following
    _get("following.changes", "/wijzigingen"),
    _get("following.site_feed", "/wijzigingen/atom"),
    _get("following.pilot_feed", PILOT + "/atom"),
    _get("following.mine", "/mijn"),
    _get("following.notices", "/mijn/berichten"),
    # Drafts, and the keys somebody wants
    _get("wiki.drafts", "/mijn/concepten"),
    _get("wiki.draft", "/mijn/concepten/999999", NOBODY, refused=404),
    _post("wiki.discard_draft", "/mijn/concepten/999999/weggooien", NOBODY, refused=404),
    _post("wiki.keep_draft", "/concepten/{p.subject}", plaats="pagina", text="Wat ik typ"),
    _get("web.keys", "/mijn/toetsen"),
    _post("web.choose_keys", "/mijn/toetsen", keys="off"),
    _post("following.read_notices", "/mijn/berichten"),
    _post("following.catch_up", "/mijn/bij"),
    _post("following.feed_key", "/mijn/feed"),
    _post("following.follow", "/volgen/{p.subject}"),
    # Pilots
    _get("pilots.new", "/proeftuinen/nieuw", EMPLOYEES),
    _post("pilots.create", "/proeftuinen/nieuw", EMPLOYEES),
    _post("pilots.keep_new", "/proeftuinen/nieuw/bewaar", EMPLOYEES),
    _get("pilots.view", PILOT),
    _get("pilots.progress", PILOT + "/voortgang"),
    _get("pilots.pages", PILOT + "/paginas"),
    _get("pilots.history", PILOT + "/geschiedenis"),
    _get("pilots.edit_form", PILOT + "/bewerken", TEAM),
    _post("pilots.edit", PILOT + "/bewerken", TEAM),
    _post("pilots.keep", PILOT + "/bewerken/bewaar", TEAM),
    _get("pilots.phase_form", PILOT + "/fase", LEADERS),
    _post("pilots.change_phase", PILOT + "/fase", LEADERS, to="concept"),
    _get("pilots.team", PILOT + "/team"),
    _post("pilots.change_team", PILOT + "/team", frozenset({"lead"}), act="add", person="Onur Demir"),
    _get("pilots.participation", PILOT + "/meedoen"),
    _post("pilots.take_part", PILOT + "/meedoen", EMPLOYEES, meedoen="1"),
    _get("pilots.risks", PILOT + "/risicos"),
    _post("pilots.add_risk", PILOT + "/risicos", TEAM),
    _get("pilots.risk", PILOT + "/risicos/{p.risk}", TEAM),
    _post("pilots.change_risk", PILOT + "/risicos/{p.risk}", TEAM),
    _get("pilots.promises", PILOT + "/beloften"),
    _post("pilots.make_promise", PILOT + "/beloften", TEAM, text="Cijfers", due_on="2030-01-31"),
    _get("pilots.promise", PILOT + "/beloften/{p.promise}", TEAM),
    _post("pilots.change_promise", PILOT + "/beloften/{p.promise}", TEAM, text="Cijfers", due_on="2030-01-31"),
    _post("pilots.settle_promise", PILOT + "/beloften/{p.promise}/afronden", TEAM),
    # Outcomes: nobody of the cast is a researcher, and nothing is published yet
    _get("outcomes.view", PILOT + "/uitkomsten"),
    _get("outcomes.earlier", PILOT + "/uitkomsten/1", NOBODY, refused=404),
    _get("outcomes.figures_file", PILOT + "/uitkomsten/cijfers.csv", NOBODY, refused=404),
    _get("outcomes.measures", PILOT + "/uitkomsten/maten"),
    _post("outcomes.settle", PILOT + "/uitkomsten/maten", TEAM),
    _get("outcomes.measure", PILOT + "/uitkomsten/maten/regelruimte", TEAM),
    _post("outcomes.settle_anew", PILOT + "/uitkomsten/maten/regelruimte", TEAM),
    _get("outcomes.intake_form", PILOT + "/uitkomsten/publiceren", NOBODY),
    _post("outcomes.take_in", PILOT + "/uitkomsten/publiceren", NOBODY),
    _get("outcomes.check", PILOT + "/uitkomsten/publiceren/nakijken", NOBODY),
    _post("outcomes.publish", PILOT + "/uitkomsten/publiceren/nakijken", NOBODY),
    # Taking a pilot along
    _get("exchange.take_along", PILOT + "/meenemen"),
    _get("exchange.take_zip", PILOT + "/meenemen/zip"),
    _get("exchange.show_dossier", PILOT + "/dossier?gesprek=volledig"),
    # The sealed log
    _get("audit.log", "/logboek"),
    _post("audit.close_alert", "/logboek/signalen/999999/sluiten", NOBODY, refused=404, note="Nagekeken"),
    _get("audit.seals", "/logboek/zegels"),
    _get("audit.entry", "/logboek/regels/1"),
    _get("audit.proof", "/logboek/regels/1/bewijs"),
    _get("audit.growth", "/logboek/groei?van=1&tot=2"),
    _get("audit.take_bundle", "/logboek/bundel"),
    _get("audit.take_verifier", "/logboek/nakijken.py"),
    # Pages of a pilot
    _get("wiki.new_form", PILOT + "/nieuwe-pagina", TEAM, refused=404),
    _post("wiki.create", PILOT + "/nieuwe-pagina", TEAM),
    _post("wiki.preview_new", PILOT + "/nieuwe-pagina/voorbeeld", TEAM),
    _get("wiki.view", PAGE),
    _get("wiki.history", PAGE + "/geschiedenis"),
    _get("wiki.version", PAGE + "/versies/1"),
    _get("wiki.compare", PAGE + "/vergelijk?van=1&naar=2"),
    _get("wiki.authors", PAGE + "/auteurs"),
    _get("wiki.phrase", PAGE + "/geschiedenis/zin?zin=tekst"),
    _get("wiki.undo_form", PAGE + "/ongedaan/2", TEAM),
    _post("wiki.undo", PAGE + "/ongedaan/2", TEAM, base="1"),
    _get("wiki.backlinks", PAGE + "/verwijzingen"),
    _get("wiki.edit_form", PAGE + "/bewerken", TEAM),
    _get("wiki.present", PAGE + "/bezig?base=1", TEAM),
    _post("wiki.save", PAGE + "/bewerken", TEAM),
    _post("wiki.preview", PAGE + "/voorbeeld", TEAM),
    _get("wiki.restore_form", PAGE + "/terugzetten/1", TEAM),
    _post("wiki.restore", PAGE + "/terugzetten/1", TEAM),
    _get("wiki.settings_form", PAGE + "/instellingen", TEAM),
    _post("wiki.change_settings", PAGE + "/instellingen", TEAM),
    _get("wiki.delete_form", PAGE + "/verwijderen", TEAM),
    _post("wiki.delete", PAGE + "/verwijderen", TEAM),
    _post("wiki.undelete", PAGE + "/terughalen", TEAM),
    _get("wiki.hide_form", PAGE + "/versies/1/verbergen", SITE_WRITERS),
    _post("wiki.hide", PAGE + "/versies/1/verbergen", SITE_WRITERS),
    _post("wiki.show", PAGE + "/versies/1/tonen", SITE_WRITERS),
    _get("wiki.wanted", PILOT + "/gevraagd"),
    _get("wiki.orphans", PILOT + "/los"),
    _get("wiki.permanent", "/p/{p.subject}"),
    _get("wiki.permanent_version", "/p/{p.subject}/versies/1"),
    # Saying something about a passage
    _get("wiki.passage_form", PAGE + "/passage"),
    _get("wiki.passage_form", PAGE + "/passage?alinea=1"),
    _get("wiki.passage_form", SITE + "/passage?deel=formulier"),
    _post("wiki.start_about", PAGE + "/passage"),
    # Suggestions, and what was not chosen
    _get("wiki.side_version", PAGE + "/opzij/{p.side}"),
    _get("wiki.suggest_form", PAGE + "/voorstel", EMPLOYEES),
    _post("wiki.suggest", PAGE + "/voorstel", EMPLOYEES),
    _post("wiki.preview_suggestion", PAGE + "/voorstel/voorbeeld", EMPLOYEES),
    _get("wiki.page_suggestions", PAGE + "/voorstellen"),
    _get("wiki.space_suggestions", PILOT + "/voorstellen"),
    _get("wiki.suggestion", PAGE + "/voorstellen/{p.suggestion}"),
    _post("wiki.accept_suggestion", PAGE + "/voorstellen/{p.suggestion}/overnemen", TEAM, tekst="1"),
    _post("wiki.decline_suggestion", PAGE + "/voorstellen/{p.suggestion}/afwijzen", TEAM, tekst="1", answer="Nee"),
    _get("wiki.revise_form", PAGE + "/voorstellen/{p.suggestion}/bewerken", frozenset({"lead"})),
    _post("wiki.revise", PAGE + "/voorstellen/{p.suggestion}/bewerken", frozenset({"lead"})),
    _post("wiki.withdraw_suggestion", PAGE + "/voorstellen/{p.suggestion}/intrekken", frozenset({"lead"})),
    # Pages of the site
    _get("wiki.wanted", "/wiki/gevraagd"),
    _get("wiki.orphans", "/wiki/los"),
    _get("wiki.index", "/wiki"),
    _get("wiki.glossary", "/begrippen"),
    _get("wiki.help", "/hulp"),
    _get("wiki.new_form", "/wiki/nieuwe-pagina", SITE_WRITERS, refused=404),
    _post("wiki.create", "/wiki/nieuwe-pagina", SITE_WRITERS),
    _post("wiki.preview_new", "/wiki/nieuwe-pagina/voorbeeld", SITE_WRITERS),
    _get("wiki.view", SITE),
    _get("wiki.history", SITE + "/geschiedenis"),
    _get("wiki.edit_form", SITE + "/bewerken", SITE_WRITERS),
    _get("wiki.titles", "/wiki/titels?q=plan"),
    _get("wiki.titles", "/wiki/titels?q=plan&ruimte={p.slug}"),
    _post("wiki.save", SITE + "/bewerken", SITE_WRITERS),
    # Talk
    _get("talk.pilot_talk", PILOT + "/gesprek"),
    _get("talk.page_talk", PAGE + "/gesprek"),
    _get("talk.site_talk", SITE + "/gesprek"),
    _post("talk.start", "/gesprek/nieuw/{p.subject}"),
    _get("talk.thread", "/gesprek/{p.thread}"),
    _post("talk.reply", "/gesprek/{p.thread}/antwoord"),
    _post("talk.reopen", "/gesprek/{p.thread}/heropenen"),
    _get("talk.permalink", "/reacties/{p.comment}"),
    _get("talk.versions", "/reacties/{p.comment}/versies"),
    _get("talk.edit_form", "/reacties/{p.comment}/bewerken", frozenset({"lead"})),
    _post("talk.edit", "/reacties/{p.comment}/bewerken", frozenset({"lead"})),
    _get("talk.delete_form", "/reacties/{p.comment}/verwijderen", frozenset({"lead"})),
    _post("talk.delete", "/reacties/{p.comment}/verwijderen", frozenset({"lead"})),
    _post("talk.mark_answer", "/reacties/{p.comment}/antwoord-van-team", TEAM),
    # Files
    _get("files.files", PILOT + "/bestanden"),
    _get("files.files", PAGE + "/bestanden"),
    _get("files.files", SITE + "/bestanden"),
    _post("files.add", PILOT + "/bestanden", TEAM),
    _post("files.add", PAGE + "/bestanden", TEAM),
    _post("files.add", SITE + "/bestanden", SITE_WRITERS),
    _get("files.view", FILE),
    _get("files.content", FILE + "/1/kaart.png"),
    _get("files.smaller", FILE + "/1/lijst/kaart.png"),
    _post("files.replace", FILE + "/vervangen", TEAM),
    _get("files.remove_form", FILE + "/weghalen", TEAM),
    _post("files.remove", FILE + "/weghalen", TEAM),
    _post("files.restore", FILE + "/terugzetten", TEAM),
    _post("files.begin_upload", "/bestanden/onderweg", NOBODY, refused=404),
    _get("files.upload_state", "/bestanden/onderweg/onbekend-bestand", NOBODY, refused=404),
    _post("files.add_piece", "/bestanden/onderweg/onbekend-bestand", NOBODY, refused=404),
    # The cao
    _get("cao.view", "/cao"),
    _get("cao.version", "/cao/versies/1"),
    _get("cao.article", "/cao/artikel/1.1"),
    _get("cao.compare", "/cao/vergelijk?van=1&naar=2"),
    _get("cao.preparations", "/cao/voorbereiden", HR),
    _post("cao.create", "/cao/voorbereiden", HR),
    _get("cao.preparation", "/cao/voorbereiden/{w.cao_text}", HR),
    _post("cao.save", "/cao/voorbereiden/{w.cao_text}", HR),
    _post("cao.publish", "/cao/voorbereiden/{w.cao_text}/publiceren", NOBODY),
    _post("cao.discard", "/cao/voorbereiden/{w.cao_text}/weggooien", HR),
    # Drafting a deviation: what was never submitted does not exist for others
    _get("deviations.new", "/afwijkingen/nieuw?proeftuin={p.slug}", PREPARERS),
    _post("deviations.create", "/afwijkingen/nieuw", PREPARERS),
    _get("deviations.draft", "/afwijkingen/concept-{w.draft}", PREPARERS, refused=404),
    _post("deviations.save_draft", "/afwijkingen/concept-{w.draft}", PREPARERS, refused=404),
    _post("deviations.keep_draft", "/afwijkingen/concept-{w.draft}/bewaar", PREPARERS, refused=404),
    _post("deviations.draft_live", "/afwijkingen/concept-{w.draft}/kaart", PREPARERS, refused=404),
    _get("deviations.draft_paragraphs", "/afwijkingen/concept-{w.draft}/leden?artikel=2.3", PREPARERS, refused=404),
    _get("deviations.gate", "/afwijkingen/concept-{w.draft}/voorleggen", PREPARERS, refused=404),
    _post("deviations.submit", "/afwijkingen/concept-{w.submitted}/voorleggen", SUBMITTERS),
    _get("deviations.check_form", "/afwijkingen/concept-{w.submitted}/toets", HR),
    _post("deviations.check", "/afwijkingen/concept-{w.submitted}/toets", HR),
    _post("deviations.withdraw_draft", "/afwijkingen/concept-{w.submitted}/intrekken", SUBMITTERS),
    _get("deviations.draft_next", "/afwijkingen/{w.code}/bewerken", PREPARERS),
    _post("deviations.save_draft_next", "/afwijkingen/{w.code}/bewerken", PREPARERS),
    _post("deviations.keep_draft_next", "/afwijkingen/{w.code}/bewerken/bewaar", PREPARERS),
    _post("deviations.draft_live_next", "/afwijkingen/{w.code}/bewerken/kaart", PREPARERS),
    _get("deviations.draft_paragraphs_next", "/afwijkingen/{w.code}/bewerken/leden", PREPARERS),
    _get("deviations.gate_next", "/afwijkingen/{w.code}/bewerken/voorleggen", PREPARERS),
    _post("deviations.submit_next", "/afwijkingen/{w.code}/bewerken/voorleggen", SUBMITTERS),
    _get("deviations.check_form_next", "/afwijkingen/{w.code}/bewerken/toets", HR),
    _post("deviations.check_next", "/afwijkingen/{w.code}/bewerken/toets", HR),
    _post("deviations.discard_draft", "/afwijkingen/{w.code}/bewerken/weggooien", PREPARERS),
    _post("deviations.begin_next", "/afwijkingen/{w.code}/volgende", PREPARERS),
    # Taking the register along: everyone, as far as they may read
    _get("evidence.register_file", "/afwijkingen.csv"),
    _get("evidence.deviation_json", DEVIATION + ".json"),
    _get("evidence.deviation_file", DEVIATION + "/dossier"),
    _get("evidence.figures", "/afwijkingen/cijfers"),
    _get("evidence.take_along", "/afwijkingen/meenemen"),
    _get("evidence.pack_asked", "/afwijkingen/bewijsmap?waarvan=afwijking:{w.code}"),
    _get("evidence.pack_deviation", DEVIATION + "/bewijsmap.zip"),
    _get("evidence.pack_pilot", "/proeftuinen/{p.slug}/meenemen/bewijsmap.zip"),
    _get("evidence.pack_article", "/cao/artikel/1.1/bewijsmap.zip"),
    _get("evidence.pack_period", "/afwijkingen/bewijsmap/2026-01-01/2026-12-31.zip"),
    # A deviation: everyone reads; a position is in the hands of its own party
    _get("deviations.register", "/afwijkingen"),
    _get("deviations.oversight", "/toezicht"),
    _post("deviations.close_alert", "/toezicht/signalen/{w.alert}", SIGNATORIES),
    _get("deviations.card", DEVIATION),
    _get("deviations.versions", DEVIATION + "/versies"),
    _get("deviations.version", DEVIATION + "/versies/1"),
    _get("deviations.compare", DEVIATION + "/vergelijk"),
    _get("deviations.history", DEVIATION + "/verloop"),
    _get("deviations.position_form", DEVIATION + "/standpunt", SIGNATORIES),
    _post("deviations.record_position", DEVIATION + "/standpunt", SIGNATORIES),
    _get("deviations.letter_form", DEVIATION + "/brief", HR),
    _post("deviations.enter_letter", DEVIATION + "/brief", HR),
    _get("deviations.confirm_form", DEVIATION + "/bevestigen/{w.letter}", frozenset({"union"})),
    _post("deviations.confirm", DEVIATION + "/bevestigen/{w.letter}", frozenset({"union"})),
    *(
        row
        for slug, allowed in ACTS.items()
        for row in (
            _get("deviations.act_form", f"{DEVIATION}/{slug}", allowed),
            _post("deviations.act", f"{DEVIATION}/{slug}", allowed),
        )
    ),
    _get("deviations.report_page", DEVIATION + "/melding/{w.report}", SIGNATORIES),
    _post("deviations.handle_report", DEVIATION + "/melding/{w.report}", SIGNATORIES),
    _get("deviations.condition_page", DEVIATION + "/voorwaarden/{w.condition}"),
    _post(
        "deviations.report_condition",
        DEVIATION + "/voorwaarden/{w.condition}",
        TEAM | {"council"},
        due_on=clock.today().isoformat(),
        state="voldaan",
    ),
    # Administration
    _get("admin.overview", "/beheer", ADMIN),
    _get("admin.people", "/beheer/mensen", ADMIN),
    _get("admin.new_person", "/beheer/mensen/nieuw", ADMIN),
    _post("admin.create_person", "/beheer/mensen/nieuw", ADMIN),
    _get("admin.person", PERSON, ADMIN),
    _post("admin.change_person", PERSON, ADMIN),
    _post("admin.invite", PERSON + "/uitnodigen", ADMIN),
    _post("admin.block", PERSON + "/blokkeren", ADMIN),
    _post("admin.unblock", PERSON + "/deblokkeren", ADMIN),
    _post("admin.reset_second_factor", PERSON + "/tweede-stap-wissen", ADMIN),
    _post("admin.grant_role", PERSON + "/rollen", ADMIN),
    _post("admin.end_role", "/beheer/rollen/{w.grant}/beeindigen", ADMIN),
    _post("admin.give_mandate", PERSON + "/mandaten", ADMIN),
    _post("admin.end_mandate", "/beheer/mandaten/{w.mandate}/beeindigen", ADMIN),
    _get("admin.departments", "/beheer/afdelingen", ADMIN),
    _post("admin.create_department", "/beheer/afdelingen", ADMIN),
    _get("admin.department", DEPARTMENT, ADMIN),
    _post("admin.change_department", DEPARTMENT, ADMIN),
    _post("admin.close_department", DEPARTMENT + "/sluiten", ADMIN),
    _post("admin.reopen_department", DEPARTMENT + "/heropenen", ADMIN),
    _get("admin.parties", "/beheer/partijen", ADMIN),
    _post("admin.create_party", "/beheer/partijen", ADMIN),
    _get("admin.party", PARTY, ADMIN),
    _post("admin.change_party", PARTY, ADMIN),
    _post("admin.close_party", PARTY + "/sluiten", ADMIN),
    _post("admin.reopen_party", PARTY + "/heropenen", ADMIN),
    _get("themes.themes", "/beheer/themas", ADMIN),
    _post("themes.create", "/beheer/themas", ADMIN),
    _get("themes.theme", THEME, ADMIN),
    _post("themes.change", THEME, ADMIN),
    _post("themes.close", THEME + "/sluiten", ADMIN),
    _post("themes.reopen", THEME + "/heropenen", ADMIN),
]
WITHOUT_ACCESS = {("assets.file", "GET")}
"""Routes that are for anyone and hold nothing of anyone."""
