"""Settings in, stacks out."""

import sys

try:
    from aws_cdk import App, Environment, Validations
    from cdk_nag import AwsSolutionsChecks
except ModuleNotFoundError as missing:
    print(f"{missing.name} is not installed for {sys.executable}. Run `make setup`, then try again.", file=sys.stderr)
    sys.exit(2)

from lambdas.domain.settings.settings import InvalidSettings, Settings
from stacks.asset import code
from stacks.health import DELIVERED_IN, AbuseResponderHealth
from stacks.mail import AbuseResponderMail
from stacks.member import AbuseResponderMember
from stacks.responder import AbuseResponder


def build(app: App) -> None:
    """Add the stacks, made as the context's settings say. Raises InvalidSettings."""
    settings = Settings.parse(app.node.try_get_context("responder") or {}, app.node.get_all_context())
    home = Environment(region=settings.home_region)
    # The CDK ties a Code to one stack; both are the same asset.
    responder = AbuseResponder(app, "AbuseResponder", settings=settings, code=code(), env=home)
    AbuseResponderMail(
        app,
        "AbuseResponderMail",
        settings=settings,
        bucket=responder.mailbox.bucket,
        arrived=responder.mailbox.arrived,
        code=code(),
        env=home,
    )
    for region in DELIVERED_IN:
        if settings.home_region and region != settings.home_region:
            AbuseResponderHealth(
                app, f"AbuseResponderHealth-{region}", delivered_in=region, home_region=settings.home_region
            )
    if settings.members:
        AbuseResponderMember(app, "AbuseResponderMember", settings=settings, members=settings.members)


def main() -> None:
    app = App()
    try:
        build(app)
    except InvalidSettings as mistakes:
        sys.exit(f"The settings cannot be used; nothing was made.\n{mistakes}")
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    app.synth()


if __name__ == "__main__":
    main()
