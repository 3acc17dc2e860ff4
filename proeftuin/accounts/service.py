"""Every write of this package, as other packages and the loader of the demo company call it.

The verbs live with the idea they belong to: people, grants (roles and mandates),
organisation (departments and parties), signing in, sign-ins and the second factor.
"""

from __future__ import annotations

from proeftuin.accounts.grants import end_mandate, end_role, give_mandate, grant_role, let_represent
from proeftuin.accounts.organisation import (
    change_department,
    change_party,
    close_department,
    close_party,
    create_department,
    create_party,
    reopen_department,
    reopen_party,
)
from proeftuin.accounts.people import block, change_person, create_person, invite, set_language, unblock
from proeftuin.accounts.second_factor import reset as reset_second_factor
from proeftuin.accounts.sign_ins import (
    after_sign_in,
    end_all_sign_ins,
    end_other_sign_ins,
    end_sign_in,
    sign_out,
)
from proeftuin.accounts.signing import (
    change_password,
    check_new_password,
    choose_password,
    find_link_owner,
    forgot_password,
    set_password,
    sign_in,
    sign_in_as,
)

__all__ = [
    "after_sign_in",
    "block",
    "change_department",
    "change_party",
    "change_password",
    "change_person",
    "check_new_password",
    "choose_password",
    "close_department",
    "close_party",
    "create_department",
    "create_party",
    "create_person",
    "end_all_sign_ins",
    "end_mandate",
    "end_other_sign_ins",
    "end_role",
    "end_sign_in",
    "find_link_owner",
    "forgot_password",
    "give_mandate",
    "grant_role",
    "invite",
    "let_represent",
    "reopen_department",
    "reopen_party",
    "reset_second_factor",
    "set_language",
    "set_password",
    "sign_in",
    "sign_in_as",
    "sign_out",
    "unblock",
]
