"""The function that may look at the admins' subscriptions and subscribe the admins, and nobody else."""

from lambdas.roster.check_roster import check_roster
from lambdas.step_handler import step_handler

STEPS = {"Check roster": check_roster}

handler = step_handler("roster", STEPS)
