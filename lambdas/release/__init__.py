"""The function that may put an instance back as it was before it was contained. No mail leads to it, but by setting."""

from lambdas.release.plan_release import plan_release
from lambdas.release.put_back_auto_scaling import put_back_auto_scaling
from lambdas.release.put_back_credentials import put_back_credentials
from lambdas.release.put_back_load_balancers import put_back_load_balancers
from lambdas.release.put_back_network import put_back_network
from lambdas.release.put_back_protection import put_back_protection
from lambdas.release.record_release import record_release
from lambdas.release.remove_tags import remove_tags
from lambdas.release.verify_release import verify_release
from lambdas.step_handler import step_handler

STEPS = {
    "Plan release": plan_release,
    "Put back credentials": put_back_credentials,
    "Put back network": put_back_network,
    "Put back Auto Scaling": put_back_auto_scaling,
    "Put back load balancers": put_back_load_balancers,
    "Put back protection": put_back_protection,
    "Remove tags": remove_tags,
    "Verify release": verify_release,
    "Record release": record_release,
}

handler = step_handler("release", STEPS)
