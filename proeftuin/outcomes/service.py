"""Publishing what was found in a pilot.

What must stay true: a publication is whole or is not there; it comes after the earlier ones and takes the place of
none, so that a disappointing outcome stays; answers reach no event, no log and no screen. Two publications never
differ by so few people that it can be worked out what one of them answered (domain dossier 8.4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

from sqlalchemy import func, insert, select

from proeftuin import clock, config
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events import service as events
from proeftuin.i18n import _
from proeftuin.outcomes import figures, policy, queries, reading, waves
from proeftuin.outcomes.figures import Answer
from proeftuin.outcomes.models import AnswerRow, Publication, Result
from proeftuin.outcomes.reading import Read
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.models import Pilot, State
from proeftuin.talk.texts import tidy

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Flow:
    """How many people were invited, signed up, began and stopped; None is not known."""

    invited: int | None = None
    signed_up: int | None = None
    began: int | None = None
    stopped: int | None = None


def newest_number(pilot: Pilot) -> int:
    """Return the number of the newest publication about a pilot, or 0."""
    query = select(func.max(Publication.number)).where(Publication.pilot_id == pilot.id)
    return session().scalar(query) or 0


def read_for(pilot: Pilot, text: str) -> Read:
    """Return what a text says about a pilot, with the measures that are settled for it, and all that is wrong."""
    kinds = {each.measure.key: each.measure.kind for each in queries.list_measures(pilot.id)}
    found = reading.read(text, pilot.code, kinds)
    if found.problems:
        return found
    return Read(found.answers, found.others, found.text, waves.list_too_close(pilot, found.answers))


def require_publisher(actor: Actor, pilot: Pilot) -> None:
    """Refuse who does not publish the outcomes of this pilot, or a pilot that has none yet.

    :raises NotAllowed: for anyone but a researcher who does not lead it.
    :raises Conflict: when the pilot has not begun, or lies in the archive.
    """
    if not policy.may_publish(actor, pilots.standing(actor, pilot.id)):
        raise NotAllowed(_("Uitkomsten publiceert een onderzoeker die de proeftuin niet zelf trekt."))
    way_out = f"/proeftuinen/{pilot.slug}/uitkomsten"
    if pilot.state in policy.NOT_BEGUN:
        raise Conflict(_("Deze proeftuin is nog niet begonnen, dus er zijn nog geen uitkomsten."), way_out=way_out)
    if pilot.state is State.ARCHIVED:
        raise Conflict(_("Deze proeftuin ligt in het archief."), way_out=way_out)


def publish(
    actor: Actor, pilot: Pilot, *, text: str, reason: str = "", flow: Flow | None = None, after: int | None = None
) -> Publication:
    """Publish what follows from the answers in a text; `after` is the newest publication that the actor knew of.

    :raises Invalid: with everything that is wrong with the text ("bestand", one sentence a line) or the rest.
    :raises Conflict: when somebody published in the meantime.
    """
    require_publisher(actor, pilot)
    flow, reason = flow or Flow(), tidy(reason).strip()
    newest = newest_number(pilot)
    if after is not None and after != newest:
        raise Conflict(
            _("Er is intussen al iets gepubliceerd. Kijk daar eerst naar."),
            way_out=f"/proeftuinen/{pilot.slug}/uitkomsten",
        )
    found = read_for(pilot, text)
    problems = _wrong_with_rest(reason, flow, is_first=newest == 0)
    if found.problems:
        problems["bestand"] = "\n".join(found.problems)
    if problems:
        raise Invalid(problems)
    publication = Publication(
        pilot_id=pilot.id,
        number=newest + 1,
        reason=reason,
        published_on=clock.today(),
        published_at=clock.now(),
        published_by_id=actor.id,
        small_group=config.current().small_group,
        digest=found.digest,
        **asdict(flow),
    )
    session().add(publication)
    session().flush()
    verdicts = _store(publication, found.answers)
    _tell(actor, publication, verdicts)
    return publication


def _wrong_with_rest(reason: str, flow: Flow, *, is_first: bool) -> dict[str, str]:
    problems = {}
    if not is_first and not reason:
        problems["reason"] = _("Schrijf op waarom je opnieuw publiceert.")
    if len(reason) > LONGEST_REASON:
        problems["reason"] = _("Maak dit korter: er passen 2.000 tekens in.")
    steps = [("invited", flow.invited), ("signed_up", flow.signed_up), ("began", flow.began)]
    known = [(name, number) for name, number in steps if number is not None]
    for (_more, larger), (name, smaller) in pairwise(known):
        if smaller > larger:
            problems[name] = _("Dit zijn er meer dan in de stap ervoor.")
    if flow.began is not None and flow.stopped is not None and flow.stopped > flow.began:
        problems["stopped"] = _("Er kunnen er niet meer stoppen dan er begonnen.")
    return problems


def _store(publication: Publication, answers: Mapping[str, Sequence[Answer]]) -> dict[str, str]:
    """Write the figures and the answers; return the verdict by key of the measure."""
    verdicts = {}
    for settled in queries.list_measures(publication.pilot_id):
        measure = settled.measure
        given = answers.get(measure.key)
        if not given:
            continue
        shown = figures.hide(figures.of_answers(given, measure.kind), publication.small_group)
        data = figures.as_data(shown)
        session().add(
            Result(
                publication_id=publication.id,
                measure_id=measure.id,
                figures=data,
                published_at=publication.published_at,
            )
        )
        common = {"publication_id": publication.id, "measure_id": measure.id}
        session().execute(insert(AnswerRow), [common | asdict(each) for each in given])
        said = queries.found_of(measure, data, asked=publication.began).said
        verdicts[measure.key] = str(said.verdict or "")
    return verdicts


def _tell(actor: Actor, publication: Publication, verdicts: Mapping[str, str]) -> None:
    events.record(
        actor.id,
        "outcome:published",
        publication.pilot_id,
        object_id=publication.id,
        summary=publication.reason,
        number=publication.number,
        digest=publication.digest,
        verdicts=dict(verdicts),
    )
