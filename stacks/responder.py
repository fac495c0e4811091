"""The main stack."""

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
    """Everything that reads notices, decides, acts and notifies admins."""

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
            scope,
            construct_id,
            env=env,
            description="Reads AWS's abuse notices, quarantines instances and tells admins",
        )
        key = kms.Key(self, "Key", enable_key_rotation=True, removal_policy=RemovalPolicy.RETAIN)
        access_logs = s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,  # S3 cannot write access logs with our key
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
        pages = CasePages(
            self, "Pages", settings=settings, code=code, storage=storage, dead_letters=bus.dead_letters, key=key
        )
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
        storage.let_only_write(functions.contain, pages.archive_page)
        admins.let_only_publish(functions.tell)
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
        roster = RosterMachine(self, "Roster", functions=functions)
        if any(admin.phone for admin in settings.admins):
            SmsLog(self, "SmsLog", code=code, admins=admins)
        intake = IntakeQueue(self, "Front", code=code, mailbox=self.mailbox, respond=respond, key=key)
        desk = DeskMachine(self, "Desk", functions=functions, start=intake.start, respond=respond).machine
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
            ("MailBucket", self.mailbox.bucket.bucket_name, "Every mail, unchanged"),
            ("ArrivedTopic", self.mailbox.arrived.topic_arn, "Where SES reports each mail"),
            ("EvidenceBucket", storage.evidence.bucket_name, "Evidence, and each instance's state before containment"),
            ("CaseTable", storage.table.table_name, "All cases with their notices and outcomes"),
            ("AdminsTopic", admins.topic.topic_arn, "Messages about cases; every admin must confirm once"),
            ("AlarmsTopic", admins.alarms.topic_arn, "The responder's own alarms; every admin must confirm this too"),
            ("RespondMachine", respond.state_machine_arn, "One execution for each mail: the incident, step by step"),
            (
                "WatchMachine",
                watch.state_machine_arn,
                "One execution for each contained instance: does its quarantine hold?",
            ),
            ("AskMachine", ask.machine.state_machine_arn, "One execution for each instance that waits for a decision"),
            ("ClockMachine", clock.state_machine_arn, "One execution for each case and deadline: sends the reminders"),
            ("DeskMachine", desk.state_machine_arn, "One execution for each admin action: records and reports it"),
            ("ReleaseMachine", release.state_machine_arn, "Restores instances when an admin asks for it"),
            ("RosterMachine", roster.machine.state_machine_arn, "One execution a day: do messages reach every admin?"),
            ("IntakeQueue", intake.queue.queue_url, "Where arrivals wait for their execution to start"),
            ("DeadLetters", intake.dead_letters.queue_url, "Arrivals whose execution could not be started"),
            ("EventBus", bus.bus.event_bus_arn, "Each change of a case, for your own rules: docs/integrations.md"),
            ("EventDeadLetters", bus.dead_letters.queue_url, "Changes that did not reach the bus, a chat or a page"),
            ("RosterDeadLetters", roster.dead_letters.queue_url, "Daily checks that could not be started"),
            ("AccessLogBucket", access_logs.bucket_name, "Access logs of the mail and evidence buckets"),
            ("KeyArn", key.key_arn, "The key for mail, cases, evidence and topics"),
        ):
            CfnOutput(self, name, value=value, description=meaning)
        if bus.chat:
            CfnOutput(
                self,
                "ChatTopic",
                value=bus.chat.topic.topic_arn,
                description="Subscribe a chat of Amazon Q Developer to this",
            )
        if settings.members:
            CfnOutput(
                self, "HomeAccount", value=self.account, description="The parameter HomeAccount of AbuseResponderMember"
            )
