"""Recent changes, following, notices, feeds, and a person's own page."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, Signer

from proeftuin import i18n
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.errors import NotAllowed
from proeftuin.following import choices, feeds, forms, queries, sentences, service
from proeftuin.following.changes import Filters
from proeftuin.i18n import _
from proeftuin.paging import page_number
from proeftuin.pilots.policy import NOBODY
from proeftuin.pilots.queries import get_pilot, team_pilots
from proeftuin.web.application import settings
from proeftuin.web.identity import SignInNeeded, find_actor, get_actor
from proeftuin.web.rendering import address, render
from proeftuin.wiki import suggestions
from proeftuin.wiki.draft_lists import count_drafts
from proeftuin.wiki.policy import may_write
from proeftuin.wiki.spaces import site_space_id

blueprint = Blueprint("following", __name__)


@blueprint.get("/wijzigingen")
def changes() -> str:
    """Show what happened, newest first."""
    actor = get_actor()
    options = choices.list_choices(actor)
    given = request.args.to_dict()  # asking the request itself for what is not there is slow
    form = forms.ChangesForm.parse(given, options)
    number = page_number(given.get("bladzijde"))
    page = queries.list_changes(actor, form.filters(options), number)
    path = address("following.changes")
    return render(
        "following/changes.html",
        days=sentences.by_day(page.rows),
        form=form,
        options=options,
        number=number,
        older=form.address(path, number + 1) if page.has_next else "",
        newer=form.address(path, number - 1) if number > 1 else "",
    )


@blueprint.post("/volgen/<int(max=2147483647):subject_id>")
def follow(subject_id: int) -> ResponseReturnValue:
    """Follow or stop following a pilot or a page."""
    if request.form.get("follow") == "0":
        service.unfollow(get_actor(), subject_id)
    else:
        service.follow(get_actor(), subject_id)
    return redirect(forms.local_path(request.form.get("back"), address("following.mine")), 303)


@blueprint.post("/mijn/bij")
def catch_up() -> ResponseReturnValue:
    """Put the bookmark behind what was shown as news."""
    service.catch_up(get_actor(), through=forms.number(request.form.get("tot")))
    return redirect(forms.local_path(request.form.get("back")), 303)


@blueprint.get("/mijn")
def mine() -> str:
    """Show what is the person's own: pilots, follows, settings, and what is stored."""
    actor = get_actor()
    return render(
        "following/mine.html",
        pilots=queries.list_own_pilots(actor),
        states=sentences.state_names(),
        follows=queries.list_follows(actor),
        feed_address=_feed_address(actor),
        drafts=count_drafts(actor),
        waiting=suggestions.list_waiting(actor, _written_spaces(actor)),
        suggested=suggestions.list_own(actor),
    )


def _written_spaces(actor: Actor) -> list[int]:
    """Return the pilots, and the site, of which the actor writes the pages."""
    site = [site_space_id()] if may_write(actor, None, NOBODY) else []
    return [*team_pilots(actor), *site]


@blueprint.get("/mijn/berichten")
def notices() -> str:
    """Show what the person was told, grouped by subject."""
    number = page_number(request.args.get("bladzijde"))
    page = queries.list_notices(get_actor(), number)
    groups = [(group, [sentences.line(change) for change in group.changes]) for group in page.groups]
    return render("following/notices.html", page=page, groups=groups)


@blueprint.post("/mijn/berichten")
def read_notices() -> ResponseReturnValue:
    """Mark the notices of one subject, or all, as read."""
    service.mark_read(
        get_actor(),
        subject_id=forms.number(request.form.get("onderwerp")),
        through=forms.number(request.form.get("tot")),
    )
    return redirect(address("following.notices"), 303)


@blueprint.post("/mijn/feed")
def feed_key() -> ResponseReturnValue:
    """Make a new address for the person's feed reader, or withdraw it."""
    if request.form.get("intrekken") == "1":
        service.withdraw_feed_key(get_actor())
        flash(_("Het adres is ingetrokken. Een feedlezer die het nog heeft, krijgt niets meer."), "good")
    else:
        service.renew_feed_key(get_actor())
        flash(_("Er is een nieuw adres voor je feedlezer. Een ouder adres werkt niet meer."), "good")
    return redirect(address("following.mine"), 303)


@blueprint.get("/wijzigingen/atom")
def site_feed() -> Response:
    """Give the newest changes that the reader may read as a feed."""
    reader = _feed_reader()
    title = _("%(name)s: wijzigingen", name=f"Proeftuin {settings().org_name}")
    page = queries.list_changes(reader, Filters(), per_page=feeds.ENTRIES)
    return _feed(page, title, address("following.site_feed"), address("following.changes"))


@blueprint.get("/proeftuinen/<slug>/atom")
def pilot_feed(slug: str) -> Response:
    """Give the newest changes of one pilot and its pages as a feed."""
    reader = _feed_reader()
    pilot = get_pilot(reader, slug)
    page = queries.list_changes(reader, Filters(pilot_id=pilot.id), per_page=feeds.ENTRIES)
    return _feed(page, pilot.title, address("following.pilot_feed", slug=slug), address("pilots.view", slug=slug))


def _feed(page: queries.ChangePage, title: str, path: str, html: str) -> Response:
    body = feeds.atom(
        page.rows, base_url=settings().base_url, title=title, path=path, page=html, language=i18n.language()
    )
    response = make_response(body)
    response.content_type = f"{feeds.MEDIA_TYPE}; charset=utf-8"
    response.last_modified = feeds.updated_at(page.rows)
    response.add_etag()
    response.make_conditional(request)
    return response


def _feed_reader() -> Actor:
    """Return for whom a feed is made: the owner of the key in the address, or who is signed in.

    :raises SignInNeeded: without either.
    :raises NotAllowed: when the key was withdrawn or renewed, or its owner is blocked.
    """
    given = request.args.get("sleutel")
    actor = find_actor() if given is None else _owner_of(given)
    if actor is None:
        if given is None:
            raise SignInNeeded
        raise NotAllowed(_("Dit adres werkt niet meer. Maak op je eigen pagina een nieuw adres voor je feedlezer."))
    i18n.set_language(actor.language)
    return actor


def _owner_of(given: str) -> Actor | None:
    try:
        key = _signer().unsign(given).decode()
    except BadSignature:
        return None
    person_id = queries.find_feed_owner(key)
    return accounts.find_actor(person_id) if person_id is not None else None


def _feed_address(actor: Actor) -> str:
    """Return the address for the actor's feed reader, or nothing.

    The key is signed, so that who reads the database (or a backup of it) has no address that works.
    """
    key = queries.find_feed_key(actor)
    if key is None:
        return ""
    return f"{settings().base_url}{address('following.site_feed')}?sleutel={_signer().sign(key.key).decode()}"


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="feed")
