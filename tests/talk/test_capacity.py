"""Every comment carries the capacity in which it was written, as it was then, and nobody takes another's."""

from __future__ import annotations

import pytest

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import Invalid, NotAllowed
from proeftuin.events.models import Subject
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot
from proeftuin.talk import service
from proeftuin.talk.capacities import marks_of, word_for
from proeftuin.talk.models import Capacity, Thread
from proeftuin.talk.policy import Floor, voices
from tests.talk.scene import Scene


def test_who_joins_the_team_afterwards_keeps_the_old_capacity(scene: Scene) -> None:
    _, before = scene.ask(scene.cast.colleague)
    scene.join_team(scene.cast.colleague)
    _, after = scene.ask(scene.cast.colleague, "En nu?")
    assert scene.comment(before).capacity is Capacity.NON_PARTICIPANT
    assert scene.comment(after).capacity is Capacity.TEAM


def test_who_begins_to_take_part_is_shown_as_before_until_they_choose_otherwise(scene: Scene) -> None:
    thread, before = scene.ask(scene.cast.colleague)
    with scene.database.transaction():
        pilots.join(scene.cast.colleague, session().get_one(Pilot, scene.pilot_id))
    silent = scene.reply(scene.cast.colleague, thread, "Ik zeg er niets over.")
    chosen = scene.reply(scene.cast.colleague, thread, "Ik doe nu mee.", capacity=Capacity.PARTICIPANT)
    assert [scene.comment(number).capacity for number in (before, silent, chosen)] == [
        Capacity.NON_PARTICIPANT,
        Capacity.EMPLOYEE,
        Capacity.PARTICIPANT,
    ]


@pytest.mark.parametrize("capacity", [Capacity.TEAM, Capacity.PARTICIPANT, Capacity.HR, Capacity.EXTERNAL])
def test_a_capacity_outside_the_list_is_refused_and_nothing_is_stored(scene: Scene, capacity: Capacity) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    with pytest.raises(Invalid) as refusal:
        scene.reply(scene.cast.outsider, thread, "Wij van het team…", capacity=capacity)
    assert set(refusal.value.fields) == {"voice"}
    assert len(scene.comments(thread)) == 1


def test_an_empty_list_closes_the_conversation(scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    with pytest.raises(NotAllowed), scene.database.transaction():
        service.reply(
            scene.cast.lead, session().get_one(Thread, thread), text="Nog iets", capacity=Capacity.TEAM, allowed=[]
        )
    assert len(scene.comments(thread)) == 1


def _speak(scene: Scene, actor: Actor, capacity: Capacity, party_id: int | None) -> None:
    with scene.database.transaction():
        service.start_thread(
            actor,
            session().get_one(Subject, scene.pilot_id),
            title="",
            text="Wij vinden hier iets van.",
            capacity=capacity,
            party_id=party_id,
            allowed=[capacity],
        )


def test_nobody_speaks_for_a_party_without_its_mandate(scene: Scene) -> None:
    council, union, parties = scene.cast.council, scene.cast.union, scene.cast.parties
    for actor, capacity, party in (
        (council, Capacity.WORKS_COUNCIL, parties["schakel"]),
        (council, Capacity.UNION, parties["schakel"]),
        (council, Capacity.WORKS_COUNCIL, None),
        (union, Capacity.UNION, parties["or"]),
        (scene.cast.colleague, Capacity.UNION, parties["schakel"]),
        (scene.cast.colleague, Capacity.EMPLOYEE, parties["schakel"]),
    ):
        with pytest.raises(Invalid):
            _speak(scene, actor, capacity, party)
    assert scene.events() == []


def test_a_party_is_named_with_its_comment(scene: Scene) -> None:
    _, comment = scene.ask(scene.cast.union, "Met een bodem durven wij dit aan.", question=False)
    stored = scene.comment(comment)
    assert (stored.capacity, stored.party_id) == (Capacity.UNION, scene.cast.parties["schakel"])


def test_a_text_of_a_party_is_not_changed_by_who_no_longer_speaks_for_it(scene: Scene) -> None:
    _, comment = scene.ask(scene.cast.council, "De OR vraagt de cijfers.", question=False)
    former = Actor(scene.cast.council.id, "Saskia de Wit", scene.cast.rail, False, "nl")
    with pytest.raises(NotAllowed):
        scene.edit(former, comment, "De OR vraagt niets meer.")
    assert scene.texts(comment) == ["De OR vraagt de cijfers."]


def test_a_text_of_the_team_is_not_changed_by_who_left_it(scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.colleague)
    comment = scene.reply(scene.cast.member, thread, "Wij meten dat niet.")
    with scene.database.transaction():
        pilots.remove_member(scene.cast.lead, session().get_one(Pilot, scene.pilot_id), scene.cast.member.id)
    with pytest.raises(NotAllowed):
        scene.edit(scene.cast.member, comment, "Wij meten dat wel.")


def test_each_of_the_cast_has_their_own_voices(scene: Scene) -> None:
    with scene.database.reading():
        found = {
            name: [voice.key for voice in voices(actor, scene.allowed(actor), in_pilot=True)]
            for name, actor in scene.cast.everyone().items()
        }
    parties = scene.cast.parties
    assert found == {
        "lead": ["proeftuinteam"],
        "member": ["proeftuinteam"],
        "colleague": ["niet-deelnemer", "medewerker"],
        "outsider": ["niet-deelnemer", "medewerker"],
        "council": [f"or-{parties['or']}", "medewerker"],
        "union": [f"bond-{parties['schakel']}"],
        "hr": ["hr", "medewerker"],
        "admin": ["niet-deelnemer", "medewerker"],
    }


def test_outside_a_pilot_nobody_takes_part(scene: Scene) -> None:
    usual = [Capacity.NON_PARTICIPANT, Capacity.EMPLOYEE]
    assert [voice.key for voice in voices(scene.cast.colleague, usual, in_pilot=False)] == ["medewerker"]
    assert [voice.key for voice in voices(scene.cast.lead, [Capacity.TEAM], in_pilot=False)] == ["medewerker"]


def test_someone_from_outside_without_a_mandate_reads_along() -> None:
    visitor = Actor(1, "Een onderzoeker", None, True, "nl")
    floor = Floor(visitor, voices(visitor, [Capacity.EXTERNAL], in_pilot=True))
    assert not floor.is_open
    with pytest.raises(NotAllowed):
        floor.voice("extern")


def test_every_capacity_has_a_word_and_marks_that_fit() -> None:
    assert len({word_for(capacity) for capacity in Capacity}) == len(Capacity)
    assert marks_of(Capacity.TEAM) == (("team", "proeftuinteam"),)
    assert marks_of(Capacity.WORKS_COUNCIL, party_name="Ondernemingsraad") == (("named", "namens de OR"),)
    assert marks_of(Capacity.UNION, party_name="Vakbond De Schakel") == (("named", "namens Vakbond De Schakel"),)
    assert marks_of(Capacity.NON_PARTICIPANT, alias="Wulp") == (("alias", "schuilnaam"), ("", "niet-deelnemer"))
