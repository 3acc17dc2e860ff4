"""The experiment: its plan, team, phases, risks, promises and who takes part."""
