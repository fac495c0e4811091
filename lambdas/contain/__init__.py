"""The function that may look at and change EC2: it finds instances, keeps the evidence and quarantines."""

from lambdas.contain.archive_before_state import archive_before_state
from lambdas.contain.check_quarantine import check_quarantine
from lambdas.contain.check_snapshots import check_snapshots
from lambdas.contain.collect_evidence import collect_evidence
from lambdas.contain.copy_snapshots import copy_snapshots
from lambdas.contain.find_instances import find_instances
from lambdas.contain.leave_load_balancers import leave_load_balancers
from lambdas.contain.prepare_quarantine import prepare_quarantine
from lambdas.contain.preview_release import preview_release
from lambdas.contain.protect_instance import protect_instance
from lambdas.contain.quarantine_network import quarantine_network
from lambdas.contain.revoke_credentials import revoke_credentials
from lambdas.contain.start_snapshots import start_snapshots
from lambdas.contain.stop_instance import stop_instance
from lambdas.contain.tag_instance import tag_instance
from lambdas.contain.unless_protected import unless_protected
from lambdas.contain.verify_protection import verify_protection
from lambdas.contain.verify_quarantine import verify_quarantine
from lambdas.contain.verify_snapshots import verify_snapshots
from lambdas.contain.write_before_state import write_before_state
from lambdas.step_handler import step_handler

STEPS = {
    "Find instances": find_instances,
    "Write before-state": write_before_state,
    "Protect instance": unless_protected(protect_instance),
    "Start snapshots": start_snapshots,
    "Prepare quarantine": prepare_quarantine,
    "Quarantine network": quarantine_network,
    "Verify quarantine": verify_quarantine,
    "Verify protection": verify_protection,
    "Verify snapshots": verify_snapshots,
    "Revoke credentials": unless_protected(revoke_credentials),
    "Leave load balancers": unless_protected(leave_load_balancers),
    "Stop instance": stop_instance,
    "Tag instance": tag_instance,
    "Archive before-state": archive_before_state,
    "Collect evidence": collect_evidence,
    "Check quarantine": check_quarantine,
    "Check snapshots": check_snapshots,
    "Copy snapshots": copy_snapshots,
    "Preview release": preview_release,
}

handler = step_handler("contain", STEPS)
