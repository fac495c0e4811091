"""The function that may read mail and the case table: it understands, remembers and decides."""

from lambdas.read.admit_mail import admit_mail
from lambdas.read.ask_admins import ask_admins
from lambdas.read.decide import decide
from lambdas.read.decide_release import decide_release
from lambdas.read.deliver_decision import deliver_decision
from lambdas.read.open_case import open_case
from lambdas.read.read_notice import read_notice
from lambdas.read.record_admin_action import record_admin_action
from lambdas.read.record_answer import record_answer
from lambdas.read.record_missing_decision import record_missing_decision
from lambdas.read.record_outcomes import record_outcomes
from lambdas.step_handler import step_handler

STEPS = {
    "Read notice": read_notice,
    "Record answer": record_answer,
    "Open case": open_case,
    "Admit mail": admit_mail,
    "Decide": decide,
    "Record outcomes": record_outcomes,
    "Decide release": decide_release,
    "Ask admins": ask_admins,
    "Record missing decision": record_missing_decision,
    "Record admin action": record_admin_action,
    "Deliver decision": deliver_decision,
}

handler = step_handler("read", STEPS)
