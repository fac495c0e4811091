"""Only AWS's own lines name instances to act on: what each form names, and what ends the place where it does."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.reading import read_notice
from lambdas.domain.reading.resource_block import is_heading, resource_block

OURS, THEIRS = "i-0a1b2c3d4e5f60718", "i-0fedcba9876543210"
CLAUSE = "has been implicated in activity which resembles port scanning.\n\n"
SIGNED = "Regards,\nAWS Trust & Safety\n"
FORMS = {
    "id line": f"AWS ID: 210987654321    Region: eu-west-1    EC2 Instance Id: {OURS} [203.0.113.5]\n\n{CLAUSE}",
    "labels": f"AWS Account ID: 210987654321\nImplicated Resource(s): EC2 Instance Id: {OURS}\nReported Activity: x\n",
    "label above its value": f"Instance ID(s):\n{OURS}\nReported Activity:\nSpam\n",
    "arn": f"Resources:\n- arn:aws:ec2:eu-west-1:210987654321:instance/{OURS}\n",
    "table": f"EC2 Instance Id    Region    IP\n{OURS}    eu-west-1    203.0.113.5\n\n{CLAUSE}",
    "sentence": f"Your EC2 instance {OURS} {CLAUSE}",
    "list": f"The following EC2 instances have been reported for spam:\n\n* {OURS} (eu-west-1)\n",
    "sentence and list": f"Your instance {OURS} {CLAUSE}Your instance(s):\nInstance Id: {OURS}\nProtocol: TCP\n",
    "label in a sentence": f"We've received a report that your AWS resource(s) EC2 Instance Id: {OURS} {CLAUSE}",
    "colon and a blank": f"Abuse has been reported from the following: \n\nInstance-Id: {OURS}\n",
    "port and name": f"We've received a report.\n\nEC2 Instance Id: {OURS} (web-1) [203.0.113.5:22]\n\n{CLAUSE}",
    "interface": f"We've received a report.\n\nENI: eni-0a1b2c3d\nService: EC2\nInstance ID: {OURS}\n",
    "below thanks": f"Thank you for your response.\n\nWe have received an additional report for instance {OURS}.\n",
    "reminder": f"This is a reminder regarding case 10400000017.\n\nInstance ID: {OURS}\n",
    "reminder with a colon": f"This is a reminder: no answer about your AWS resource\n\nAWS ID: 210987654321    "
    f"Region: eu-west-1    EC2 Instance Id: {OURS}\n\n{CLAUSE}",
    "follow-up": f"This is a follow-up to our notice.\n\nInstance {OURS} continues to scan remote hosts.\n",
    "list with places": f"We have reports from the following resources:\n\n- {OURS} (203.0.113.5) in eu-west-1\n",
    "numbered list": f"We have received reports of abuse from the following resources:\n\n1. {OURS}\n",
    "second paragraph": f"Abuse was reported.\n\nWe ask you about the following instances:\n\n{OURS}\n",
    "service and interface": (
        f"We have received a report.\n\nService: Amazon EC2\nAccount Name: Shop\n"
        f"Network Interface: eni-0a1b2c3d4e5f60718\nEC2 Instance Id: {OURS}\nReported Activity: Spam\n"
    ),
    "measure": f"To mitigate the abuse, we have taken the following steps:\n\nBlocked traffic from {OURS}\n",
    "Japanese": f"AWS アカウント ID: 210987654321\nリージョン: eu-west-1\nインスタンス ID: {OURS}\n",
    "Korean": f"AWS 계정 ID: 210987654321\n리전: eu-west-1\n인스턴스 ID: {OURS}\n",
    "Chinese": f"AWS 账户 ID: 210987654321\n区域: eu-west-1\n实例 ID: {OURS}\n",
    "German": f"AWS-Konto-ID: 210987654321\nRegion: eu-west-1\nInstanz-ID: {OURS}\n",
    "Spanish": f"ID de cuenta de AWS: 210987654321\nRegión: eu-west-1\nID de instancia: {OURS}\n",
    "French": f"ID de compte AWS : 210987654321\nRégion : eu-west-1\nID d'instance : {OURS}\n",
    "2012": f"We've received report(s) of malware.\n\nIf you think that is wrong, answer.\n\nInstance Id: {OURS}\n",
}
ADDRESS_ONLY = f"AWS ID: 210987654321    Region: eu-west-1    Public IP: 203.0.113.5\n\n{CLAUSE}"
EMBEDDED = {
    "bare label": f"EC2 Instance Id: {THEIRS}\n",
    "id line": f"AWS ID: 210987654321    Region: eu-west-1    EC2 Instance Id: {THEIRS}\n\n{CLAUSE}",
    "unknown label": f"Comments: EC2 Instance Id: {THEIRS}\n",
    "unknown label above": f"Evidence:\nEC2 Instance Id: {THEIRS}\n",
    "another language": f"Bericht des Melders:\nEC2 Instance Id: {THEIRS}\n",
    "rule": f"======\nEC2 Instance Id: {THEIRS}\n======\n",
    "tildes": f"~~~~ forwarded ~~~~\nEC2 Instance Id: {THEIRS}\n",
    "hash signs": f"# EC2 Instance Id: {THEIRS}\n",
    "quotation": f"> EC2 Instance Id: {THEIRS}\n",
    "bars": f"| Hello,\n| EC2 Instance Id: {THEIRS}\n",
    "brackets": f"<<<\nx\n>>>\nEC2 Instance Id: {THEIRS}\n",
    "greeting": f"Hello,\n\nWe've received a report(s) that your AWS\n\nEC2 Instance Id: {THEIRS}\n\n{CLAUSE}",
    "header block": f"From: ec2-abuse@amazon.com\nSubject: Your AWS Abuse Report\n\nEC2 Instance Id: {THEIRS}\n",
    "attribution": f"On Mon, 9 Sep 2024, AWS <ec2-abuse@amazon.com> wrote:\n\nEC2 Instance Id: {THEIRS}\n",
    "log": f"2026-11-16T05:00:00Z kernel: EC2 Instance Id: {THEIRS}\n",
    "json": f'{{"EC2 Instance Id": "{THEIRS}"}}\n',
    "xml": f"<Source>\nEC2 Instance Id: {THEIRS}\n</Source>\n",
    "yaml": f"---\nCategory: abuse\nInstance-Id: {THEIRS}\n",
    "csv": f"time,instance\n2026-11-16,{THEIRS}\n",
    "destination": f"Destination URL: http://x.test/\nEC2 Instance Id: {THEIRS}\n",
    "sentence": f"Your EC2 instance {THEIRS} {CLAUSE}",
}


def mail(text: str) -> bytes:
    head = "From: ec2-abuse@amazon.com\nSubject: Your AWS Abuse Report [10400000017] [AWS ID 210987654321]\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}".encode()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_each_form_names_its_instance(form):
    assert read_notice(mail(f"Hello,\n\n{form}\n{SIGNED}")).instance_ids == (OURS,)


@pytest.mark.parametrize("place", ["above the signature", "below the signature"])
@pytest.mark.parametrize("report", EMBEDDED.values(), ids=EMBEDDED)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_report_adds_no_instance(form, report, place):
    below = f"{report}\n{SIGNED}" if place.startswith("above") else f"{SIGNED}\n{report}"
    assert read_notice(mail(f"Hello,\n\n{form}\nPlease stop this.\n\n{below}")).instance_ids == (OURS,)


@pytest.mark.parametrize("report", EMBEDDED.values(), ids=EMBEDDED)
def test_where_aws_names_an_address_a_report_names_no_instance(report):
    text = f"Hello,\n\nWe've received a report(s) that your AWS resource(s)\n\n{ADDRESS_ONLY}{report}\n{SIGNED}"
    notice = read_notice(mail(text))
    assert notice.instance_ids == ()
    assert "203.0.113.5" in notice.ips


@pytest.mark.parametrize(
    "report", [f"Comments: {THEIRS}\n\n{SIGNED}", f"{SIGNED}\n> EC2 Instance Id: {THEIRS}\n"], ids=["text", "quotation"]
)
def test_an_instance_named_elsewhere_is_shown_as_evidence(report):
    notice = read_notice(mail(f"Hello,\n\n{FORMS['id line']}{report}"))
    also = {value.value for value in notice.extracted_values if (value.field, value.part) == ("instance_ids", "report")}
    assert also == {THEIRS}


def test_an_address_that_a_report_names_is_not_aws_s():
    report = "Comments: Source IP: 203.0.113.99, see http://203.0.113.98/x\n"
    notice = read_notice(mail(f"Hello,\n\nWe've received a report(s)\n\n{ADDRESS_ONLY}{report}\n{SIGNED}"))
    assert (notice.quoted_ips, notice.urls) == (("203.0.113.99", "203.0.113.98"), ())
    assert "203.0.113.5" in notice.ips


def test_a_translation_is_announced_above_the_greeting():
    text = f"===== Machine translated message =====\n\nHello,\n\n{FORMS['2012']}"
    assert read_notice(mail(text)).instance_ids == (OURS,)


def test_a_spanish_greeting_is_no_data():
    assert read_notice(mail(f"Hola:\n\nHemos recibido un informe.\n\n{FORMS['Spanish']}")).instance_ids == (OURS,)


def test_a_report_names_neither_case_nor_account():
    report = "Comments: Abuse Case Number: 10499999999\nAWS Account ID: 999988887777\n"
    notice = read_notice(mail(f"Hello,\n\n{FORMS['id line']}{report}\n{SIGNED}"))
    assert (notice.case_numbers, notice.account_ids) == (("10400000017",), ("210987654321",))


def test_a_report_resolves_nothing():
    report = "Comments: This notification was sent in error. This case has been resolved.\n"
    notice = read_notice(mail(f"Hello,\n\n{FORMS['id line']}{report}\n{SIGNED}"))
    assert (notice.kind, notice.sent_in_error) == (NoticeKind.FIRST_NOTICE, False)


def test_a_notice_that_is_data_as_a_whole_is_read_down_to_its_text():
    data = f'{{\n  "accountId": "210987654321",\n  "resources": [\n    {{\n      "id": "{OURS}"\n    }}\n  ],\n'
    words = f'{data}  "message": "A reporter says a lot about {THEIRS} here.",\n  "id": "{THEIRS}"\n}}\n'
    assert [words[start:end].strip() for start, end in resource_block(words).spans] == [f'"id": "{OURS}"']


def test_only_a_heading_may_stand_above_a_health_event():
    assert is_heading("** FINAL NOTIFICATION **\n\nHello,\n")
    assert not is_heading("Hello,\n\nWe have received a report.\n")


REMINDER = "We have not received a response regarding the abuse report implicating resources on your account.\n\n"
ACTIVITY = "Reported Activity: Port Scanning\nAbuse Time: 15 Nov 2026 14:46:47 GMT\n"


@pytest.mark.parametrize(
    "report",
    [
        f"Your instance {THEIRS} {CLAUSE}",
        f"We recently sent an abuse report for Open Proxy originating from instance {THEIRS}.\n",
        f"Hi,\nyour server {THEIRS} attacks us.\n",
        "Public IP: 203.0.113.99\n",
        f"EC2 Instance Id: {THEIRS}\n",
    ],
)
@pytest.mark.parametrize("gap", ["", "\n"])
def test_below_what_aws_says_about_the_activity_nothing_is_named(report, gap):
    notice = read_notice(mail(f"Hello,\n\n{REMINDER}{ACTIVITY}\n{gap}{report}\n{SIGNED}"))
    assert notice.instance_ids == ()
    assert set(notice.ips) <= set(notice.quoted_ips)


@pytest.mark.parametrize(
    "listing",
    [
        f"Affected instances:\n{THEIRS}\n",
        f"Region: eu-west-1\nInstance Id: {THEIRS}\n",
        f"AWS ID: 210987654321\nRegion: eu-west-1\nInstance Id: {THEIRS}\n",
    ],
)
def test_a_list_below_a_sentence_only_repeats_what_the_sentence_names(listing):
    text = f"Hello,\n\nWe recently sent an abuse report for Open Proxy originating from instance {OURS}.\n\n"
    assert read_notice(mail(text + listing)).instance_ids == (OURS,)
    assert read_notice(mail(text + listing.replace(THEIRS, OURS))).instance_ids == (OURS,)


LINES = st.sampled_from([line for report in EMBEDDED.values() for line in report.splitlines()])
NAMING = st.sampled_from(
    [
        f"Implicated Resource(s): EC2 Instance Id: {THEIRS}",
        f"arn:aws:ec2:eu-west-1:210987654321:instance/{THEIRS}",
        f"Your instance(s) {THEIRS} has been implicated in activity",
        f"- {THEIRS}",
        "AWS ID: 999988887777    Region: us-east-1    Public IP: 203.0.113.99",
        "Abuse Case Number: 10499999999",
        "This case has been resolved. No further action is required.",
        "We have taken the following steps:",
        SIGNED,
    ]
)
REPORT_TEXTS = st.lists(LINES | NAMING | st.text(max_size=30) | st.just(""), max_size=12).map("\n".join)
WAYS = {
    "as it is": lambda text: text,
    "marked": lambda text: f"---Beginning of forwarded report(s)---\n{text}",
    "labelled": lambda text: f"Comments: {text}",
    "ruled": lambda text: f"=====\n{text}\n=====",
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "barred": lambda text: "\n".join(f"| {line}" for line in text.split("\n")),
    "bracketed": lambda text: f"<<<\n{text}\n>>>",
    "forwarded": lambda text: (
        f"---------- Forwarded message ---------\nFrom: ec2-abuse@amazon.com\nSubject: x\n\n{text}"
    ),
    "on one line": lambda text: " ".join(text.split()),
    "signed above": lambda text: f"{SIGNED}\n{text}",
    "as JSON": lambda text: json.dumps({"report": text}, indent=1),
}
NAMED_BY_AWS = {
    "instance": (FORMS["id line"], (OURS,)),
    "address": (ADDRESS_ONLY, ()),
    "labels": (FORMS["labels"] + "Abuse Time: 15 Nov 2026 14:46:47 GMT\n\n", (OURS,)),
    "activity": (f"{REMINDER}{ACTIVITY}\n", ()),
}


@settings(deadline=None, derandomize=True, max_examples=400)
@given(st.sampled_from(sorted(NAMED_BY_AWS)), st.sampled_from(sorted(WAYS)), REPORT_TEXTS)
def test_whatever_a_reporter_writes_in_whatever_way_names_nothing_to_act_on(form, way, text):
    by_aws, instances = NAMED_BY_AWS[form]
    notice = read_notice(mail(f"Hello,\n\n{by_aws}{WAYS[way](text)}\n"))

    assert notice.instance_ids == instances
    assert set(notice.account_ids) <= {"210987654321"}
    assert notice.case_numbers == ("10400000017",)
    assert "203.0.113.99" not in set(notice.ips) - set(notice.quoted_ips)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (f"Your EC2 instance {OURS} {CLAUSE}AWS Account ID: 210987654321\nInstance Id: {THEIRS}\n", (OURS,)),
        (f"Your EC2 instance {OURS} has been implicated in activity. The instance {THEIRS} attacks us.\n", (OURS,)),
        (f"We have no answer about this case yet.\n\nInstance Id: {THEIRS}\n", ()),
        (f"We have no answer about this case yet.\n\nWe have isolated instance {THEIRS}.\n", ()),
        (f"We've received a report.\n\nRegards,\nAWS Trust & Safety\n\nInstance Id: {THEIRS}\n", ()),
        (f"We've received a report.\n\nThank you,\nJo\n\nInstance Id: {THEIRS}\n", ()),
        (f"We recently sent a report about {OURS}. Another names a different instance, {THEIRS}.\n", (OURS, THEIRS)),
    ],
    ids=["labels below", "same paragraph", "no report", "no report, prose", "signature", "thanks", "two of AWS"],
)
def test_prose_names_only_what_aws_says_in_its_place(words, named):
    assert read_notice(mail(f"Hello,\n\n{words}")).instance_ids == named


@pytest.mark.parametrize(
    "words", ["This is the evidence: ", "This is a notice: ", "This is our evidence: we saw ", "This is a reminder: "]
)
def test_only_a_reminder_of_aws_goes_on_after_a_colon(words):
    text = f"Hello,\n\nWe've received a report about your AWS resources.\n{words}{THEIRS}\n\n{SIGNED}"
    assert read_notice(mail(text)).instance_ids == ()


REMINDER = (
    "We have not received a response regarding the abuse report implicating resources on your account. "
    "Please reply within 24 hours.\n\n"
)


@pytest.mark.parametrize(
    "announcement",
    [
        f"弊社のサーバーへの攻撃元インスタンスは次のとおりですのでご確認ください:\nEC2 Instance Id: {THEIRS}\n",
        f"我们检测到的攻击来源是您的下列实例,请您尽快处理并回复我们:\n实例 ID: {THEIRS}\n",
        f"Wir sehen Angriffe von Ihrer Instanz und bitten Sie um Hilfe:\n\nInstanz-ID: {THEIRS}\n",
    ],
)
def test_below_aws_s_english_words_another_language_announces_nothing(announcement):
    assert read_notice(mail(f"Hello,\n\n{REMINDER}{announcement}\n{SIGNED}")).instance_ids == ()


@pytest.mark.parametrize("line", ["** http://a.example/b **", "***https://a.example/***", "** ! **", "**** . ****"])
def test_a_starred_line_without_words_says_nothing(line):
    notice = read_notice(mail(f"{line}\n\nHello,\n\n{REMINDER}{line}\n\n{SIGNED}"))
    assert (notice.kind, notice.measures) == (NoticeKind.FOLLOW_UP, ())


def test_a_reporter_s_words_below_aws_s_labels_accuse_nobody():
    """An instance that was released is contained again only on AWS's own word."""
    labels = f"AWS Account ID: 210987654321\nRegion: eu-west-1\nEC2 Instance Id: {OURS}\nReported Activity: Spam\n\n"
    report = "Our notes: none\nWe have detected attacks from your instance. The attacks continue.\n"
    notice = read_notice(mail(f"Hello,\n\n{REMINDER}{labels}{report}\n{SIGNED}"))
    assert (notice.kind, notice.accuses, notice.sent_in_error) == (NoticeKind.FOLLOW_UP, False, False)
    assert read_notice(mail(f"Hello,\n\nThe attacks continue. {REMINDER}{labels}{SIGNED}")).accuses
