"""The screens on which pages are written: new, edit, conflict, restore, settings.

What must stay true: whatever the answer, the text that was sent is in it or in the page. Every button works without
a script; what a button asks for is the field `do`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from proeftuin.errors import Invalid, NotFound
from proeftuin.events.models import Audience
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import conflict, history, queries, service, settings
from proeftuin.wiki.checks import MAX_SUMMARY, TitleTaken
from proeftuin.wiki.forms import CHOOSABLE, Choice, ConflictForm, EditForm, NewPageForm, SettingsForm, page_kind
from proeftuin.wiki.kinds import STARTING_TEXTS, starting_text
from proeftuin.wiki.policy import ALWAYS_OPEN, may_restrict
from proeftuin.wiki.queries import PageHead
from proeftuin.wiki.renderings import render_text
from proeftuin.wiki.rows import require_writer
from proeftuin.wiki.spaces import Space
from proeftuin.wiki.titles import MAX_TITLE

View = Callable[..., ResponseReturnValue]
NONE: Mapping[str, str] = MappingProxyType({})

blueprint = Blueprint("wiki", __name__)


def on_page(suffix: str, *, method: str = "GET") -> Callable[[View], View]:
    """Give a view its address under every page, of a pilot and of the site."""
    return _under("/proeftuinen/<pilot>/<page>" + suffix, "/wiki/<page>" + suffix, method)


def on_space(suffix: str, *, method: str = "GET") -> Callable[[View], View]:
    """Give a view its address under every pilot, and under the site."""
    return _under("/proeftuinen/<pilot>" + suffix, "/wiki" + suffix, method)


def _under(in_pilot: str, on_site: str, method: str) -> Callable[[View], View]:
    def register(view: View) -> View:
        for rule in (in_pilot, on_site):
            blueprint.add_url_rule(rule, view.__name__, view, methods=[method])
        return view

    return register


@on_page("/bewerken")
def edit_form(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Show the newest text in the editor."""
    head = _writable(pilot, page)
    text = queries.get_text(head.id, head.current)
    return _edit_page(head, EditForm(text=text, summary="", minor=False, base=head.current, do=""))


@on_page("/bewerken", method="POST")
def save(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Save a text, or show it as it would be."""
    head = _writable(pilot, page)
    if "was" in request.form:
        return _settle(head, ConflictForm.parse(request.form))
    return _save(head, EditForm.parse(request.form))


def _save(head: PageHead, form: EditForm) -> ResponseReturnValue:
    if form.do == "voorbeeld":
        return _edit_page(head, form, preview=_preview(head.space, head.audience, form.text))
    if form.do == "wijzigingen":
        return _edit_page(head, form, changes=history.compare_texts(_base_text(head, form.base), form.text))
    if form.do == "hele":
        return _edit_page(head, form)
    try:
        saved = service.save_page(
            get_actor(), head, base=form.base, text=form.text, summary=form.summary, minor=form.minor
        )
    except service.EditConflict as refused:
        return _conflict_page(head, refused)
    except Invalid as refused:
        return _edit_page(head, form, errors=refused.fields), refused.status
    _tell(saved)
    return redirect(saved.path, 303)


def _settle(head: PageHead, form: ConflictForm) -> ResponseReturnValue:
    """Put together what was chosen on the conflict screen, and save that like any other text."""
    clash = conflict.Clash.between(
        form.was,
        form.edit.base or head.current,
        base_text=_base_text(head, form.was),
        mine=form.mine,
        theirs=queries.get_text(head.id, form.edit.base or head.current),
    )
    try:
        text = clash.settle(form.choices)
    except Invalid as refused:
        again = service.EditConflict(clash, head.path, summary=form.edit.summary, minor=form.edit.minor)
        return _conflict_page(head, again, choices=form.choices, errors=refused.fields)
    return _save(head, EditForm(text, form.edit.summary, form.edit.minor, clash.current, form.edit.do))


@on_page("/voorbeeld", method="POST")
def preview(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Return a text as it would read on a page, as a fragment."""
    head = _writable(pilot, page)
    shown = _preview(head.space, head.audience, EditForm.parse(request.form).text)
    return render("wiki/preview.html", html=shown)


@on_space("/nieuwe-pagina")
def new_form(pilot: str | None = None) -> ResponseReturnValue:
    """Show the form for a new page; it may begin with a title, when someone came along a red link."""
    space = queries.get_space(get_actor(), pilot)
    title = request.args.get("titel", "")[:MAX_TITLE]
    if not space.may_write:
        return render("wiki/missing.html", space=space, title=title), NotFound.status
    kind = page_kind(request.args.get("soort"))
    return _new_page(space, NewPageForm(title, starting_text(kind), kind, restricted=False, do=""))


@on_space("/nieuwe-pagina", method="POST")
def create(pilot: str | None = None) -> ResponseReturnValue:
    """Make a page, or show it as it would be."""
    space = queries.get_space(get_actor(), pilot)
    require_writer(space)
    form = NewPageForm.parse(request.form, on_site=space.slug is None)
    if form.do == "soort":
        return _new_page(space, _with_questions(form))
    if form.do == "voorbeeld":
        return _new_page(space, form, preview=_preview(space, _audience(space, form.restricted), form.text))
    try:
        made = service.create_page(
            get_actor(), space.id, title=form.title, text=form.text, kind=form.kind, restricted=form.restricted
        )
    except TitleTaken as refused:
        return _new_page(space, form, errors=refused.fields, taken=refused), refused.status
    except Invalid as refused:
        return _new_page(space, form, errors=refused.fields), refused.status
    flash(_("De pagina is gemaakt."), "good")
    return redirect(f"{space.path}/{made.slug}", 303)


@on_space("/nieuwe-pagina/voorbeeld", method="POST")
def preview_new(pilot: str | None = None) -> ResponseReturnValue:
    """Return the text of a page to be as it would read, as a fragment."""
    space = queries.get_space(get_actor(), pilot)
    require_writer(space)
    form = NewPageForm.parse(request.form, on_site=space.slug is None)
    return render("wiki/preview.html", html=_preview(space, _audience(space, form.restricted), form.text))


@on_page("/terugzetten/<int(max=2147483647):number>")
def restore_form(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Ask whether an older version must become the newest, and show what that changes."""
    head = _writable(pilot, page)
    old = history.get_version(head, number)
    rows = history.compare_texts(queries.get_text(head.id, head.current), queries.get_text(head.id, number))
    return render("wiki/restore.html", page=head, old=old, rows=rows)


@on_page("/terugzetten/<int(max=2147483647):number>", method="POST")
def restore(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Make an older version the newest."""
    head = _writable(pilot, page)
    form = EditForm.parse(request.form)
    summary = form.summary.strip() or _("Versie %(n)s teruggezet", n=number)
    saved = service.restore(get_actor(), head, number, summary=summary[:MAX_SUMMARY], base=form.base)
    if saved.is_new:
        flash(_("Versie %(n)s staat er weer, als versie %(new)s.", n=number, new=saved.number), "good")
    else:
        flash(_("Deze tekst stond er al. Er is niets veranderd."), "info")
    return redirect(saved.path, 303)


@on_page("/instellingen")
def settings_form(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Show title, kind and readers of a page."""
    head = _writable(pilot, page)
    return _settings_page(head, SettingsForm(head.title, head.kind, head.is_restricted))


@on_page("/instellingen", method="POST")
def change_settings(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Change title, kind and readers of a page."""
    head = _writable(pilot, page)
    form = SettingsForm.parse(request.form)
    try:
        settings.change_settings(get_actor(), head, title=form.title, kind=form.kind, restricted=form.restricted)
    except Invalid as refused:
        return _settings_page(head, form, errors=refused.fields), refused.status
    flash(_("De instellingen zijn opgeslagen."), "good")
    return redirect(head.path, 303)


def _writable(pilot: str | None, page: str) -> PageHead:
    head = queries.get_page(get_actor(), pilot, page)
    require_writer(head.space)
    return head


def _base_text(head: PageHead, number: int | None) -> str:
    try:
        return queries.get_text(head.id, number or 0)
    except NotFound:  # a form that names no version began from nothing
        return ""


def _audience(space: Space, restricted: bool) -> Audience:
    return Audience.TEAM if restricted and space.slug is not None else space.audience


def _preview(space: Space, audience: Audience, text: str) -> Markup:
    return render_text(space, audience, text).html


def _with_questions(form: NewPageForm) -> NewPageForm:
    """Put the questions of a kind in the text, but never over what someone wrote."""
    untouched = {" ".join(text.split()) for text in STARTING_TEXTS.values()} | {""}
    if " ".join(form.text.split()) not in untouched:
        flash(_("Je tekst staat er nog. De vragen van deze soort zetten we er niet overheen."), "info")
        return form
    return NewPageForm(form.title, starting_text(form.kind), form.kind, form.restricted, form.do)


def _tell(saved: service.Saved) -> None:
    if saved.merged_with is not None:
        sentence = _(
            "Opgeslagen. %(who)s had intussen versie %(n)s opgeslagen. Dat paste samen met wat jij schreef.",
            who=saved.merged_who or _("Iemand anders"),
            n=saved.merged_with,
        )
        where = f"{saved.path}/vergelijk?van={saved.merged_with}&naar={saved.number}"
        link = Markup('<a href="{}">{}</a>').format(where, _("Bekijk wat jij daaraan veranderde"))
        flash(escape(sentence) + Markup(" ") + link, "good")
    elif saved.is_new or saved.is_same:
        flash(_("Opgeslagen als versie %(n)s.", n=saved.number), "good")
    else:
        flash(_("Er is niets veranderd, dus er is geen nieuwe versie."), "info")


def _edit_page(head: PageHead, form: EditForm, **more: Any) -> str:
    shown = {"errors": {}, "preview": "", "changes": None, **more}
    return render("wiki/edit.html", page=head, form=form, max_summary=MAX_SUMMARY, **shown)


def _new_page(space: Space, form: NewPageForm, **more: Any) -> str:
    shown = {"errors": {}, "preview": "", "taken": None, **more}
    return render("wiki/new.html", space=space, form=form, kinds=CHOOSABLE, max_title=MAX_TITLE, **shown)


def _settings_page(head: PageHead, form: SettingsForm, **more: Any) -> str:
    return render(
        "wiki/settings.html",
        page=head,
        form=form,
        kinds=() if head.kind in ALWAYS_OPEN or head.pilot is None else CHOOSABLE,
        may_restrict=may_restrict(head.state, head.kind),
        max_title=MAX_TITLE,
        **{"errors": {}, **more},
    )


def _conflict_page(
    head: PageHead, refused: service.EditConflict, *, choices: Sequence[Choice] = (), errors: Mapping[str, str] = NONE
) -> ResponseReturnValue:
    page = render(
        "wiki/conflict.html",
        page=head,
        theirs=history.get_version(head, refused.clash.current),
        clash=refused.clash,
        summary=refused.summary,
        minor=refused.minor,
        choices=choices,
        errors=errors,
    )
    return page, refused.status
