"""The function that writes to the admins. Otherwise it can only read mail and cases, and record what it sent."""

from lambdas.step_handler import step_handler
from lambdas.tell.alert_admins import alert_admins
from lambdas.tell.escalate import escalate
from lambdas.tell.relay_mail import relay_mail
from lambdas.tell.remind_admins import remind_admins
from lambdas.tell.report_answer import report_answer
from lambdas.tell.report_release import report_release
from lambdas.tell.report_roster import report_roster
from lambdas.tell.report_to_admins import report_to_admins
from lambdas.tell.send_first_alert import send_first_alert
from lambdas.tell.tell_admins import tell_admins
from lambdas.tell.warn_about_snapshots import warn_about_snapshots

STEPS = {
    "Send first alert": send_first_alert,
    "Report to admins": report_to_admins,
    "Relay mail": relay_mail,
    "Alert admins": alert_admins,
    "Warn about snapshots": warn_about_snapshots,
    "Report release": report_release,
    "Remind admins": remind_admins,
    "Escalate": escalate,
    "Tell admins": tell_admins,
    "Report answer": report_answer,
    "Report roster": report_roster,
}

handler = step_handler("tell", STEPS)
