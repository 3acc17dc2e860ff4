"""The letters about accounts, in the language of who gets them: invitation, reset, password changed, second step.

Asking for a reset only puts the typed address aside, whether or not someone has it: the answer takes as long and says
the same. The worker finds out and writes the letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

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


class SecondFactorNews(StrEnum):
    """What happened to the second step of somebody's account."""

    SET_UP = "set up"
    OFF = "off"
    RESET = "reset"
    GUESSED = "guessed"


def write_about_second_factor(person: Person, news: SecondFactorNews) -> None:
    """Mail a person what happened to the second step of their account, so that a thief does not go unseen."""
    with i18n.speaking(person.language):
        subject, told = _second_factor_news(news)
        password = f"{config.current().base_url}/wachtwoord/vergeten"
        alarm = _("Was jij dit niet? Kies dan meteen een nieuw wachtwoord en meld het bij de beheerder:")
        mail.send(to=person.email, subject=subject, text=_letter(person, told, alarm, password))


def _second_factor_news(news: SecondFactorNews) -> tuple[str, str]:
    """Return the subject and the sentence of a letter about the second step."""
    if news is SecondFactorNews.SET_UP:
        return _("De tweede stap is ingesteld"), _(
            "Bij het inloggen bij Proeftuin vragen we voortaan ook een code uit de app die zojuist is ingesteld."
        )
    if news is SecondFactorNews.OFF:
        return _("De tweede stap is uitgezet"), _(
            "Bij het inloggen bij Proeftuin vragen we geen code meer. Je wachtwoord is genoeg."
        )
    if news is SecondFactorNews.RESET:
        return _("De tweede stap is gewist"), _(
            "Een beheerder heeft de tweede stap van je account bij Proeftuin gewist en je overal uitgelogd. "
            "Is een tweede stap voor jou verplicht, dan stel je hem bij het inloggen opnieuw in."
        )
    return _("Er zijn verkeerde codes getypt"), _(
        "Iemand gaf bij Proeftuin jouw wachtwoord goed op, en daarna een paar keer een verkeerde code. "
        "Zonder goede code komt niemand binnen."
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
