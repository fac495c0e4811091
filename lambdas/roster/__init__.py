"""The function that reads the admins' subscriptions and may subscribe only the admins."""

from lambdas.roster.check_roster import check_roster
from lambdas.step_handler import step_handler

STEPS = {"Check roster": check_roster}

handler = step_handler("roster", STEPS)
