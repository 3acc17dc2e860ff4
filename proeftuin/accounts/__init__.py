"""People: who they are, what they may do by role, for which party they may speak, and how they sign in."""
