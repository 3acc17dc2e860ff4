"""The letters about accounts, in the language of who gets them: invitation, reset, password changed.

Asking for a reset only puts the typed address aside, whether or not someone has it: the answer takes as long and says
the same. The worker finds out and writes the letter.
"""

from __future__ import annotations

from collections.abc import Sequence

from proeftuin import config, i18n
from proeftuin.accounts import links, mail, queries
from proeftuin.accounts.models import MailedLinkKind, Person
from proeftuin.events import jobs, service
from proeftuin.events.models import Job
from proeftuin.i18n import _

KIND = "account-letter"


def init() -> None:
    """Let the worker write the letters that were asked for."""
    jobs.handles(KIND, _write_letters)


def ask_for_reset(email: str) -> None:
    """Put aside that someone typed an address to get a reset link."""
    service.enqueue(KIND, email=email)


def write_invitation(person: Person) -> None:
    """Mail a person a link to choose a first password; a link of an earlier invitation stops working."""
    links.end_all(person)
    _write(person, MailedLinkKind.INVITATION)


def write_password_changed(person: Person) -> None:
    """Mail a person that the password was changed, so that a thief does not go unseen."""
    with i18n.speaking(person.language):
        mail.send(
            to=person.email,
            subject=_("Je wachtwoord is gewijzigd"),
            text=_letter(
                person,
                _("Het wachtwoord van je account bij Proeftuin is zojuist gewijzigd."),
                _("Was jij dit niet? Kies dan meteen een nieuw wachtwoord en meld het bij de beheerder:"),
                f"{config.current().base_url}/wachtwoord/vergeten",
            ),
        )


def _write_letters(batch: Sequence[Job]) -> None:
    for email in {job.payload["email"] for job in batch}:
        person = queries.find_person_by_email(email)
        if person is not None and queries.may_enter(person):
            _write(person, MailedLinkKind.RESET)


def _write(person: Person, kind: MailedLinkKind) -> None:
    seed = links.create(person, kind)
    with i18n.speaking(person.language):
        if kind is MailedLinkKind.INVITATION:
            subject = _("Je account bij Proeftuin van %(org)s", org=config.current().org_name)
            body = (
                _("Er is een account voor je gemaakt bij Proeftuin van %(org)s.", org=config.current().org_name),
                _("Kies je wachtwoord via deze link. De link werkt één keer en zeven dagen:"),
            )
        else:
            subject = _("Kies een nieuw wachtwoord")
            body = (
                _("Iemand, waarschijnlijk jij, vroeg om een nieuw wachtwoord voor je account bij Proeftuin."),
                _("Kies het via deze link. De link werkt één keer en een uur lang:"),
            )
        ignore = _("Heb je hier niet om gevraagd? Dan hoef je niets te doen.")
        text = _letter(person, *body, mail.LINK, ignore)
    mail.send(to=person.email, subject=subject, text=text, seed=seed)


def _letter(person: Person, *paragraphs: str) -> str:
    return "\n\n".join((_("Hallo %(name)s,", name=person.name), *paragraphs, "Proeftuin")) + "\n"
