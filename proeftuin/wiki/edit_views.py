"""The screens on which pages are written: edit, conflict, restore, settings. A new page: `new_page_views`.

What must stay true: whatever the answer, the text that was sent is in it or in the page. Every button works without
a script; what a button asks for is the field `do`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from proeftuin.db import keep_on_refusal
from proeftuin.errors import Invalid
from proeftuin.events.models import Audience
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import conflict, draft_lists, drafts, editor, history, queries, sections, service, settings
from proeftuin.wiki.checks import MAX_SUMMARY, TitleTaken, check_length
from proeftuin.wiki.editor import AnyForm
from proeftuin.wiki.forms import CHOOSABLE, Choice, ConflictForm, EditForm, SettingsForm
from proeftuin.wiki.names import has_fixed_place
from proeftuin.wiki.policy import ALWAYS_OPEN, may_restrict
from proeftuin.wiki.queries import PageHead
from proeftuin.wiki.renderings import render_text
from proeftuin.wiki.rows import require_writer
from proeftuin.wiki.spaces import Space
from proeftuin.wiki.titles import MAX_TITLE, page_path

View = Callable[..., ResponseReturnValue]
NONE: Mapping[str, str] = MappingProxyType({})
_LOOKS = frozenset({"voorbeeld", "wijzigingen", "hele"})

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
    """Show the newest text in the editor, or one section of it, or a draft that was asked for."""
    head = _writable(pilot, page)
    concept, address = request.args.get("concept"), request.args.get("paragraaf", "")
    form, is_gone = editor.open_form(get_actor(), head, concept=concept, address=address)
    return _edit_page(head, form, is_gone=is_gone, is_opened=True)


@on_page("/bewerken", method="POST")
def save(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Save a text, or show it as it would be."""
    head = _writable(pilot, page)
    if "was" in request.form:
        return _settle(head, ConflictForm.parse(request.form))
    return _save(head, EditForm.parse(request.form))


def _save(head: PageHead, form: EditForm) -> ResponseReturnValue:
    actor = get_actor()
    try:
        if form.do in _LOOKS:
            return _look(head, form)
        if form.do == "concept":
            return _keep_by_hand(head, form)
        saved = service.save_page(
            actor,
            head,
            base=form.base,
            text=editor.whole_text(head, form),
            summary=form.summary,
            minor=form.minor,
            section=form.section,
            meetings=form.meetings,
        )
    except service.EditConflict as refused:
        return _conflict_page(head, refused, form=keep_refused(head.id, form))
    except sections.SectionGone as gone:
        whole = replace(form, text=editor.whole_text(head, form), section=None)
        return _edit_page(head, keep_refused(head.id, whole), is_gone=True), gone.status
    except Invalid as refused:
        return _edit_page(head, keep_refused(head.id, form), errors=refused.fields), refused.status
    drafts.forget(actor, head.id, form.mark, form.text)
    _tell(saved)
    return redirect(saved.path + _place(head, form, saved.number), 303)


def _look(head: PageHead, form: EditForm) -> ResponseReturnValue:
    """Show a text as it would be, without saving it."""
    check_length(form.text)
    if form.do == "voorbeeld":
        return _edit_page(head, form, preview=shown_as(head.space, head.audience, form.text, page_id=head.id))
    if form.do == "wijzigingen":
        return _edit_page(head, form, changes=history.compare_texts(editor.base_of(head, form), form.text))
    return _edit_page(head, form)


def _keep_by_hand(head: PageHead, form: EditForm) -> ResponseReturnValue:
    """Keep a text as a draft, for who asks for it with a button."""
    kept = drafts.keep(get_actor(), head.id, form.typed())
    return tell_kept(kept, f"{head.path}/bewerken")


def _place(head: PageHead, form: EditForm, number: int) -> str:
    """Return where on the page the section that was written stands now."""
    if form.section is None:
        return ""
    text, headings = queries.get_text(head.id, number), queries.render_version(head, number).headings
    found = sections.address_of(text, headings, form.text)
    return f"#{found}" if found else ""


def _settle(head: PageHead, form: ConflictForm) -> ResponseReturnValue:
    """Put together what was chosen on the conflict screen, and save that like any other text."""
    current, number = form.edit.base or head.current, form.edit.section
    was, theirs = editor.text_of(head.id, form.was), queries.get_text(head.id, current)
    clash = conflict.Clash.between(form.was, current, base_text=was, mine=form.mine, theirs=theirs)
    if number is not None:
        clash = replace(clash, merged=sections.merged(was, form.mine, theirs, number))
    try:
        text = clash.settle(form.choices)
    except Invalid as refused:
        again = service.EditConflict(clash, head.path, summary=form.edit.summary, minor=form.edit.minor)
        return _conflict_page(head, again, form=form.edit, choices=form.choices, errors=refused.fields)
    return _save(
        head,
        replace(form.edit, text=text, base=clash.current, section=None, meetings=form.meetings_with(clash.current)),
    )


@on_page("/voorbeeld", method="POST")
def preview(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Return a text as it would read on a page, as a fragment."""
    head = _writable(pilot, page)
    text = EditForm.parse(request.form).text
    check_length(text)
    shown = shown_as(head.space, head.audience, text, page_id=head.id)
    return render("wiki/preview.html", html=shown)


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
        row = settings.change_settings(
            get_actor(), head, title=form.title, kind=form.kind, restricted=form.restricted
        )
    except TitleTaken as refused:
        return _settings_page(head, form, errors=refused.fields, taken=refused), refused.status
    except Invalid as refused:
        return _settings_page(head, form, errors=refused.fields), refused.status
    flash(_("De instellingen zijn opgeslagen."), "good")
    return redirect(page_path(head.pilot, row.slug), 303)


def _writable(pilot: str | None, page: str) -> PageHead:
    head = queries.get_page(get_actor(), pilot, page)
    require_writer(head.space)
    return head


def keep_refused(subject_id: int, form: AnyForm) -> AnyForm:
    """Keep what could not be saved as a draft, and return the form that goes on with it."""
    try:
        kept = drafts.keep(get_actor(), subject_id, form.typed())
    except Invalid:  # too much to keep; it stands on the screen
        return form
    keep_on_refusal()
    return form.kept_as(kept)


def tell_kept(kept: drafts.Kept, path: str) -> ResponseReturnValue:
    """Say what became of a draft that was kept with a button, and go on writing it."""
    if kept.draft is None:
        flash(_("Er is niets veranderd, dus er is geen concept."), "info")
        return redirect(path, 303)
    if kept.is_second:
        sentence = _(
            "Je concept was ook in een ander venster veranderd. Dit is nu een tweede concept; er is niets weg."
        )
        flash(sentence, "info")
    else:
        flash(_("Je concept is bewaard. Alleen jij ziet het."), "good")
    return redirect(draft_lists.line_of(get_actor(), kept.draft).path, 303)


def shown_as(space: Space, audience: Audience, text: str, *, page_id: int | None = None) -> Markup:
    """Return a text as it would read on a page."""
    return render_text(space, audience, text, page_id=page_id).html


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


def _edit_page(head: PageHead, form: EditForm, *, is_opened: bool = False, **more: Any) -> str:
    form = editor.marked(form)
    desk = editor.desk_of_page(get_actor(), head, form, is_opened=is_opened)
    shown = {"errors": {}, "preview": "", "changes": None, "is_gone": False, **more}
    return render("wiki/edit.html", page=head, form=form, desk=desk, max_summary=MAX_SUMMARY, **shown)


def _settings_page(head: PageHead, form: SettingsForm, **more: Any) -> str:
    return render(
        "wiki/settings.html",
        page=head,
        form=form,
        kinds=() if head.kind in ALWAYS_OPEN or head.pilot is None else CHOOSABLE,
        may_restrict=may_restrict(head.state, head.kind),
        max_title=MAX_TITLE,
        moves=not has_fixed_place(head.kind, head.slug, head.pilot),
        **{"errors": {}, "taken": None, **more},
    )


def _conflict_page(
    head: PageHead,
    refused: service.EditConflict,
    *,
    form: EditForm,
    choices: Sequence[Choice] = (),
    errors: Mapping[str, str] = NONE,
) -> ResponseReturnValue:
    page = render(
        "wiki/conflict.html",
        page=head,
        form=form,
        theirs=history.get_version(head, refused.clash.current),
        clash=refused.clash,
        summary=refused.summary,
        minor=refused.minor,
        choices=choices,
        errors=errors,
        action=f"{head.path}/bewerken",
        fields=(),
        suggested=None,
    )
    return page, refused.status
