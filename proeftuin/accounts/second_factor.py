"""The second step of signing in: who needs one, setting it up, and proving it.

What must stay true: a code of the app is accepted once, and so is a recovery code; wrong ones are counted even though
the request is refused, and after a few each makes the wait twice as long; the answer never tells what was wrong. No
mailed link and no new password takes the second step away: that takes a proof, or an administrator, who is recorded.
"""

from __future__ import annotations

import logging
import math
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select

from proeftuin import clock, config
from proeftuin.accounts import codes, journal, letters, policy, registers, sealing, sign_ins, throttle
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.codes import Invitation
from proeftuin.accounts.models import Person, RecoveryCode, Role, SecondFactor
from proeftuin.db import keep_on_refusal, session
from proeftuin.errors import Conflict, Invalid
from proeftuin.i18n import _

log = logging.getLogger(__name__)

FIELD = "one_time_code"
FREE = 5
"""So many wrong codes in a row cost no waiting."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


class Proof(StrEnum):
    """By what someone proved the second step."""

    APP = "app"
    RECOVERY_CODE = "recovery code"


def is_required(person: Person) -> bool:
    """Return whether this person cannot do without: outsiders always, others as the setting says."""
    wanted = config.current().second_factor
    roles = registers.roles_today([person.id]).get(person.id, ())
    if wanted == "everyone" or person.is_external or Role.UNION_OFFICER in roles:
        return True
    return wanted == "roles" and (bool(roles) or registers.speaks_today(person.id))


def find(person: Person) -> SecondFactor | None:
    """Return the second step of a person as far as there is one."""
    return session().get(SecondFactor, person.id)


def is_on(person: Person) -> bool:
    """Return whether a code is asked of this person."""
    factor = find(person)
    return factor is not None and factor.confirmed_at is not None


def count_recovery_codes(person_id: int) -> int:
    """Return how many recovery codes of a person were not used yet."""
    return session().scalar(select(func.count()).where(RecoveryCode.person_id == person_id)) or 0


# Setting it up


def prepare(person: Person) -> None:
    """Make a secret that counts as soon as a code of it was typed; until then nothing changes."""
    factor = find(person)
    if factor is None:
        factor = SecondFactor(person_id=person.id)
        session().add(factor)
    factor.pending = sealing.seal(codes.new_secret(), about=_about(person))
    session().flush()


def find_invitation(person: Person) -> Invitation | None:
    """Return what an app needs to take on the secret that waits for its first code; None when none waits."""
    factor = find(person)
    secret = sealing.unseal(factor.pending, about=_about(person)) if factor and factor.pending else None
    if secret is None:
        return None
    return codes.invitation(secret, account=person.email, org=config.current().org_name)


def confirm(person: Person, typed: str) -> list[str]:
    """Take the first code of a new app, which counts from now on; return new recovery codes, to be shown once.

    :raises Conflict: when no secret waits.
    :raises Invalid: when it is not the code of now.
    """
    factor = _hold(person)
    secret = sealing.unseal(factor.pending, about=_about(person)) if factor and factor.pending else None
    if factor is None or secret is None:
        raise Conflict(_("Er staat geen code klaar om te scannen. Begin opnieuw met instellen."))
    step = codes.find_step(secret, typed, clock.now(), after=0)
    if step is None:
        raise Invalid(
            {FIELD: _("Deze code klopt niet. Kijk of de klok van je telefoon goed staat en typ de nieuwe.")}
        )
    factor.secret, factor.pending, factor.last_step = factor.pending, None, step
    factor.confirmed_at, factor.failures, factor.wait_until = clock.now(), 0, None
    letters.write_about_second_factor(person, letters.SecondFactorNews.SET_UP)
    log.info("second factor set up: person=%s", person.id)
    return renew_recovery_codes(person)


def renew_recovery_codes(person: Person) -> list[str]:
    """Put new recovery codes in the place of the old ones and return them, to be shown once."""
    made = codes.new_recovery_codes()
    session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    session().add_all(RecoveryCode(person_id=person.id, code_hash=each) for each in codes.hash_recovery_codes(made))
    session().flush()
    return made


def are_recovery_codes(person: Person, given: list[str]) -> bool:
    """Return whether these are recovery codes of a person that were not used yet."""
    stored = _recovery_hashes(person)
    return bool(given) and all(codes.find_recovery_hash(code, stored) is not None for code in given)


# Proving it


def prove(person: Person, typed: str) -> Proof:
    """Take a code of the app or a recovery code; it cannot be used again.

    :raises Invalid: when it is not right, whatever is wrong with it.
    :raises TooMany: when wrong ones were typed too often; what is typed then is not looked at.
    """
    factor, moment = _hold(person), clock.now()
    if factor is None or factor.confirmed_at is None:
        raise _refused()
    if factor.wait_until is not None and factor.wait_until > moment:
        raise throttle.too_many(math.ceil((factor.wait_until - moment).total_seconds()))
    proof = _used(person, factor, typed)
    if proof is None:
        _count_failure(person, factor)
        keep_on_refusal()
        raise _refused()
    factor.failures, factor.wait_until = 0, None
    session().flush()
    log.info("second step done: person=%s by=%s", person.id, proof)
    return proof


def _used(person: Person, factor: SecondFactor, typed: str) -> Proof | None:
    """Use up what was typed and return what it was, or None when it was nothing."""
    if not codes.is_app_code(typed):
        return Proof.RECOVERY_CODE if _use_recovery_code(person, typed) else None
    secret = sealing.unseal(factor.secret, about=_about(person)) if factor.secret else None
    if secret is None:
        log.error("second factor cannot be opened with the configured keys: person=%s", person.id)
        return None
    step = codes.find_step(secret, typed, clock.now(), after=factor.last_step)
    if step is None:
        return None
    factor.last_step = step
    factor.secret = _with_present_key(factor.secret, secret, _about(person))
    return Proof.APP


def _with_present_key(sealed: str | None, secret: str, about: str) -> str:
    """Return the secret sealed with the key of now, so that an old key can go after a while."""
    if sealed is not None and sealing.is_of_present_key(sealed, about=about):
        return sealed
    return sealing.seal(secret, about=about)


def _use_recovery_code(person: Person, typed: str) -> bool:
    found = codes.find_recovery_hash(typed, _recovery_hashes(person))
    if found is None:
        return False
    own = delete(RecoveryCode).where(RecoveryCode.person_id == person.id, RecoveryCode.code_hash == found)
    return session().execute(own.returning(RecoveryCode.id)).first() is not None


def _recovery_hashes(person: Person) -> list[str]:
    return list(session().scalars(select(RecoveryCode.code_hash).where(RecoveryCode.person_id == person.id)))


def _count_failure(person: Person, factor: SecondFactor) -> None:
    factor.failures += 1
    log.warning("wrong second step: person=%s failures=%s", person.id, factor.failures)
    if factor.failures >= FREE:
        doublings = min(factor.failures - FREE, 10)
        factor.wait_until = clock.now() + min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
    if factor.failures == FREE:  # whoever types these knows the password
        letters.write_about_second_factor(person, letters.SecondFactorNews.GUESSED)
    session().flush()


def _refused() -> Invalid:
    return Invalid({FIELD: _("Deze code klopt niet. Wacht op de volgende code in je app, of typ een herstelcode.")})


# Taking it away


def end(person: Person) -> None:
    """Let a person do without from now on; they proved it (`prove`) or never finished setting it up.

    :raises Conflict: when this person cannot do without.
    """
    if is_required(person):
        raise Conflict(_("Voor jouw account is de tweede stap verplicht. Je kunt wel een andere telefoon instellen."))
    _forget(person)
    letters.write_about_second_factor(person, letters.SecondFactorNews.OFF)


def reset(actor: Actor | None, person: Person) -> None:
    """Take the second step away from someone who lost the app and the recovery codes, and end their sign-ins.

    They hear of it by mail. Whoever cannot do without sets it up again at the next sign-in.

    :raises NotAllowed: for all but administrators, and for the administrator's own.
    :raises Conflict: when there is none.
    """
    policy.require_manager(actor)
    policy.require_other_account(actor, person.id)
    if find(person) is None:
        raise Conflict(_("%(name)s heeft geen tweede stap ingesteld.", name=person.name))
    _forget(person)
    sign_ins.end_all_sign_ins(person)
    letters.write_about_second_factor(person, letters.SecondFactorNews.RESET)
    journal.record(actor, "second_factor_reset", person.id, summary=person.name)


def _forget(person: Person) -> None:
    session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    factor = find(person)
    if factor is not None:
        session().delete(factor)
    session().flush()
    log.info("second factor removed: person=%s", person.id)


def _hold(person: Person) -> SecondFactor | None:
    """Return the second step of a person, held: of two codes at once the second sees what the first did."""
    return session().get(SecondFactor, person.id, with_for_update=True, populate_existing=True)


def _about(person: Person) -> str:
    return f"second factor of {person.id}"
