"""AbuseResponder: everything that reads, decides, acts and tells."""

from aws_cdk import CfnOutput, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from lambdas.domain.settings.settings import SentInErrorPolicy, Settings
from stacks.admins import AdminTopics
from stacks.alarms import Alarms
from stacks.case_pages import CasePages
from stacks.case_storage import CaseStorage
from stacks.credential_deny import CredentialDeny
from stacks.event_bus import CaseEventBus
from stacks.functions import Functions
from stacks.intake_queue import IntakeQueue
from stacks.machines.ask import AskMachine
from stacks.machines.clock import ClockMachine
from stacks.machines.desk import DeskMachine
from stacks.machines.release import ReleaseMachine
from stacks.machines.respond import RespondMachine
from stacks.machines.roster import RosterMachine
from stacks.machines.watch import WatchMachine
from stacks.mailbox import Mailbox
from stacks.sms_log import SmsLog


class AbuseResponder(Stack):
    """In the order in which an incident meets it: mailbox, intake queue, state machine, case table, admins."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        code: lambda_.Code,
        env: Environment | None = None,
    ) -> None:
        super().__init__(
            scope, construct_id, env=env, description="Answers AWS's abuse notices: reads, quarantines, tells"
        )
        key = kms.Key(self, "Key", enable_key_rotation=True, removal_policy=RemovalPolicy.RETAIN)
        access_logs = s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,  # S3 cannot write access logs under a key of ours
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(settings.retention_days))],
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.mailbox = Mailbox(self, "Mailbox", settings=settings, key=key, access_logs=access_logs)
        storage = CaseStorage(self, "Casebook", settings=settings, key=key, access_logs=access_logs)
        admins = AdminTopics(self, "Admins", settings=settings, key=key)
        CredentialDeny(self, "CutOff")
        bus = CaseEventBus(self, "Bus", settings=settings, code=code, storage=storage, key=key)
        CasePages(self, "Pages", settings=settings, code=code, storage=storage, dead_letters=bus.dead_letters, key=key)
        functions = Functions(
            self,
            "Functions",
            settings=settings,
            code=code,
            mailbox=self.mailbox,
            storage=storage,
            admins=admins,
            key=key,
        )
        watch = WatchMachine(self, "Watch", functions=functions).machine
        clock = ClockMachine(self, "Clock", functions=functions).machine
        ask = AskMachine(self, "Ask", functions=functions)
        release = ReleaseMachine(self, "Release", functions=functions).machine
        respond = RespondMachine(
            self,
            "Respond",
            functions=functions,
            watch=watch,
            minutes=settings.watch_minutes,
            ask=ask.machine,
            clock=clock,
            release=release if settings.sent_in_error is SentInErrorPolicy.RELEASE else None,
        ).machine
        ask.may_start(respond)
        desk = DeskMachine(self, "Desk", functions=functions, respond=respond).machine
        roster = RosterMachine(self, "Roster", functions=functions)
        if any(admin.phone for admin in settings.admins):
            SmsLog(self, "SmsLog", code=code, admins=admins)
        intake = IntakeQueue(self, "Front", code=code, mailbox=self.mailbox, respond=respond, key=key)
        Alarms(
            self,
            "Alarms",
            intake=intake,
            respond=respond,
            watch=watch,
            ask=ask.machine,
            clock=clock,
            release=release,
            bus=bus,
            roster=roster,
            admins=admins,
        )

        for name, value, meaning in (
            ("MailBucket", self.mailbox.bucket.bucket_name, "Where every mail is kept as it came"),
            ("ArrivedTopic", self.mailbox.arrived.topic_arn, "Where SES says that a mail came in"),
            ("EvidenceBucket", storage.evidence.bucket_name, "Where each instance's state before is kept"),
            ("CaseTable", storage.table.table_name, "The cases, with every notice and outcome"),
            ("AdminsTopic", admins.topic.topic_arn, "Every admin is subscribed here; each must confirm once"),
            (
                "AlarmsTopic",
                admins.alarms.topic_arn,
                "The responder's own troubles; each admin must confirm this one too",
            ),
            ("RespondMachine", respond.state_machine_arn, "One execution a mail: the incident, step by step"),
            ("WatchMachine", watch.state_machine_arn, "One execution a contained instance: does its quarantine hold?"),
            ("AskMachine", ask.machine.state_machine_arn, "One execution an instance that an admin is to decide about"),
            ("ClockMachine", clock.state_machine_arn, "One execution a case and deadline: whom it reminds, and when"),
            ("DeskMachine", desk.state_machine_arn, "One execution an act of an admin, noted and told to all"),
            ("ReleaseMachine", release.state_machine_arn, "Puts instances back as they were, when an admin asks"),
            ("RosterMachine", roster.machine.state_machine_arn, "One execution a day: do messages reach each admin?"),
            ("IntakeQueue", intake.queue.queue_url, "Where arrivals wait for their execution"),
            ("DeadLetters", intake.dead_letters.queue_url, "Arrivals that nobody could start an execution for"),
            ("EventBus", bus.bus.event_bus_arn, "Each change of a case, for rules of yours: docs/integrations.md"),
            (
                "EventDeadLetters",
                bus.dead_letters.queue_url,
                "Changes that could not be put on the bus, into a chat or on a page",
            ),
            ("RosterDeadLetters", roster.dead_letters.queue_url, "Daily checks that could not be started"),
            ("AccessLogBucket", access_logs.bucket_name, "Who read or wrote mail and evidence"),
            ("KeyArn", key.key_arn, "What mail, cases, evidence and topics are encrypted with"),
        ):
            CfnOutput(self, name, value=value, description=meaning)
        if bus.chat:
            CfnOutput(
                self,
                "ChatTopic",
                value=bus.chat.topic.topic_arn,
                description="What a chat of Amazon Q Developer follows",
            )
        if settings.members:
            CfnOutput(
                self, "HomeAccount", value=self.account, description="What a member deploys AbuseResponderMember with"
            )
