"""Mails that look like notices and are not, each with the reason for an admin."""

import re

from lambdas.domain.intake.mail_address import (
    ANSWER_ADDRESSES,
    domain_of,
    is_aws_address,
    is_aws_domain,
    is_topic_sender,
    parse_addresses,
)
from lambdas.domain.phrase import Phrase, phrase
from lambdas.domain.reading.authentication import Authentication, ses_authentication
from lambdas.domain.reading.aws_part import AwsPart
from lambdas.domain.reading.gist import goes_on_with_case, names_abuse, speaks_of_abuse
from lambdas.domain.reading.identifiers import accounts, cases, subject_cases, subject_of_aws
from lambdas.domain.reading.mail_parser import MailHeader, ParsedMail
from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.plain_text import flatten

_AUTOMATIC_SUBJECT = lazy_pattern(
    r"\s*(?:\[[^\]]{1,30}\]\s{0,3})?(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response|answer)|autoreply"
    r"|out of (?:the )?office|abwesenheits|automatische antwort|abwesend"
    r"|réponse automatique|respuesta automática|risposta automatica|resposta automática"
    r"|自動応答|自動返信|不在|자동 ?(?:회신|응답)"
    r"|부재|自动(?:答复|回复)|自動回覆)",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = lazy_pattern(
    r"\s*(?:undeliver|delivery status notification|mail delivery (?:failed|failure|subsystem)|returned mail"
    r"|delivery (?:has )?failed|failure notice|delayed\b|delivery delay"
    r"|unzustellbar|non remis|(?:not )?read:|gelesen:)",
    re.IGNORECASE,
)
_REPLY_SUBJECT = lazy_pattern(
    r"\s*(?:\[[^\]]{1,40}\]\s{0,3})*(?:re|aw|sv|antw|odp|rif|res|回复|答复|返信|回覆|답장|회신)(?:\[\d\])?\s{0,2}:",
    re.IGNORECASE,
)
_EXERCISE = lazy_pattern(
    r"\b(?:this is (?:only )?an? (?:exercise|drill|test|training|simulation)|exercise only|tabletop|table-top"
    r"|fire ?drill|game ?day|training material|security drill"
    r"|post-?mortem|retrospective|lessons learned|incident review|übung|exercice de sécurité|simulacro)\b|\bdrill:"
    r"|\bexercise:|\[(?:exercise|drill|test|training|simulation)\]|訓練|演習|훈련|演练",
    re.IGNORECASE,
)
_FOR_AWS = lazy_pattern(
    # A service provider is asked to pass an answer on to AWS.
    r"(?:aws|amazon)[^\n\u3002]{0,24}(?:へ|宛て?に|に)[^\n\u3002]{0,4}ご?(?:連絡|報告|返信|回答|転送)"
    r"|(?:aws|amazon)[^\n]{0,20}(?:에|에게|측에) ?(?:전달|회신|답변)"
    r"|(?:转发|转交|转达|轉發|轉交|提交)给 ?(?:aws|amazon)"
    r"|\b(?:forward|pass|relay|send|submit)\b[^.\n]{0,60}\bto (?:the )?(?:aws|amazon)\b",
    re.IGNORECASE,
)
_LINES_OF_SUBJECT = 4
_RELAY_FIELDS = (
    "resent-from", "resent-to", "x-forwarded-to", "x-forwarded-for", "list-id", "list-post", "mailing-list",
    "x-original-from", "x-original-sender", "arc-seal", "x-ms-exchange-generated-message-source",
    "x-ms-exchange-forwardingloop", "x-ms-exchange-inbox-rules-loop", "x-mimecast-spam-score",
    "x-proofpoint-virus-version", "x-forefront-antispam-report", "x-original-to", "x-zendesk-ticket-id",
    "x-jira-fingerprint", "x-servicenow-source",
)  # fmt: skip

# AWS's mails about other things. Checked first: they have ids, dates and threats too.
_OTHER_MATTERS: tuple[tuple[Phrase, re.Pattern[str]], ...] = tuple(
    (reason, lazy_pattern(pattern))
    for reason, pattern in (
        (
            phrase("mail:subscription"),
            (
                r"you have chosen to subscribe to the topic|subscription confirmation|confirm subscription"
                r"|confirm this subscription"
            ),
        ),
        (
            phrase("mail:our_report"),
            (
                r"thank you for (?:submitting (?:your|the|this|an)|filing|your) (?:\w+ ){0,2}(?:abuse )?(?:report"
                r"|complaint)|thank you for (?:reporting|bringing (?:this|it|the)|alerting|contacting (?:the )?(?:aws"
                r"|amazon)[^.]{0,40}about)"
                r"|(?:report|complaint) (?:that )?you (?:have )?(?:filed|submitted|sent|made|provided)|you(?:'ve"
                r"| have)? (?:recently )?(?:reported|submitted a report|filed)"
                r"|(?:notified|contacted|reached out to|forwarded (?:it|your report|this) to) (?:the|our) "
                r"(?:responsible "
                r"|implicated )?customer|\b(?:the|our) customer (?:responsible|has been notified|reports|in question)"
                r"|(?:report|complaint) (?:has been|was) (?:passed|forwarded) to (?:the|our) customer"
            ),
        ),
        (
            phrase("mail:receipt"),
            (
                r"written to an address that cannot accept|^(?=.{0,600}\bautomat(?:ed|ic)\b)"
                r"(?!.*\b(?:please (?:reply|respond|answer|provide|confirm)|within \d|within the next|failure to|must"
                r"|suspend|isolat|block|terminat|resolved|closed|no further action))"
                r".*\b(?:we(?:'ve| have)?(?: now| successfully)? received|thank you for) your (?:\w+ ){0,2}"
                r"(?:response|reply|answer|message|e-?mail|correspondence)\b"
            ),
        ),
        (
            phrase("mail:maintenance"),
            (
                r"\bretirement notification\b|scheduled for (?:retirement|maintenance|reboot|termination|stop)"
                r"|degradation of the underlying hardware|(?:planned|scheduled|upcoming|system|network|host) "
                r"maintenance"
                r"|maintenance (?:window|notification|event)"
                r"|instance (?:retirement|reboot|stop) (?:is )?scheduled|lifecycle event|end[ -]of[ -](?:support|life"
                r"|standard support)|(?:will be )?deprecated?\b.{0,60}runtime|certificate (?:expir|rotation)"
                r"|planned lifecycle"
            ),
        ),
        (
            phrase("mail:guardduty"),
            (
                r"\bguardduty\b.{0,60}\bfinding|finding type|\bguardduty finding|security hub "
                r"finding|amazon inspector finding"
            ),
        ),
        (
            phrase("mail:sending"),
            (
                r"(?:bounce|complaint) (?:rate|probation|review)|amazon ses (?:\w+ ){0,3}(?:probation|review|pause)"
                r"|change in your sending status|sending (?:status|pause|quota|limit increase)|email sending (?:paused"
                r"|probation|review)"
            ),
        ),
        (
            phrase("mail:billing"),
            (
                r"(?:past[ -]due|overdue|unpaid|outstanding) (?:balance|invoice|payment|charge|amount|bill)|(?:invoice"
                r"|payment|balance|bill) (?:\w+ ){0,3}(?:past[ -]due|overdue|unpaid)|payment method|unable to charge"
                r"|your (?:aws )?(?:invoice|bill|billing statement) (?:is|for)|budget (?:alert|notification|has "
                r"exceeded"
                r"|name)"
                r"|non-?payment"
            ),
        ),
        (
            phrase("mail:port_25"),
            (
                r"(?:remov\w+|lift\w+|request\w*|increase\w*) (?:\w+ ){0,6}(?:port 25|e-?mail sending limit"
                r"|sending limitations?|smtp)(?:\b.{0,40}(?:restriction|throttle|limit))?|reverse dns|\brdns\b"
                r"|\bptr record|port 25 (?:restriction|throttle|limitation)s? (?:\w+ ){0,6}(?:removed|lifted)"
                r"|e-?mail sending limitations"
            ),
        ),
        (
            phrase("mail:sign_in"),
            (
                r"verify your identity|verification code|sign-in attempt|multi-factor "
                r"authentication|mfa device|one-time (?:code|password)|password "
                r"(?:reset|assistance)"
            ),
        ),
        (
            phrase("mail:marketing"),
            (
                r"ニュースレター|配信停止|セミナー|뉴스레터|수신 ?거부|세미나|웨비나|订阅|退订|研讨会|訂閱|研討會"
                r"|电子报|電子報|boletín|darse de baja|cancelar (?:a )?(?:sua )?(?:inscri|assinat)|désabonner|désinscri"
                r"|abmelden|abbestellen|annulla\w* l'iscrizione|unsubscribe"
                r"|webinar|newsletter|re:invent|take (?:our|the|a) survey|how (?:did we do|we did)"
                r"|what's new at aws|register now|aws summit|free tier "
                r"usage|marketplace (?:subscription|agreement|offer)"
            ),
        ),
    )
)
_OUTWEIGH_LABELS = tuple(reason for reason, _ in _OTHER_MATTERS[:3])
"""A subscription, an answer to our report and a receipt may carry the labels of a notice; other matters never do."""
_HEALTH_CODE = lazy_pattern(r"aws_(?:abuse|risk)_|\bhealth (?:abuse )?event\b")
_AS_AWS = lazy_pattern(
    r"^[ \t*_-]{0,9}(?:the )?(?:aws|amazon(?: ec2| web services)?)(?: ec2)? (?:abuse|trust (?:&|and) safety)(?: "
    r"team)?[ \t*_.,]{0,9}$"
    r"|^[ \t*_]{0,9}amazon web services[ \t*_.,]{0,9}$|\baws (?:account )?id\s{0,3}:|your aws resource"
    r"|\baws_(?:abuse|risk)_|has opened case \d|'affected resources' tab"
    r"|(?:abuse report|activity in your aws account|your aws account)[\s:]{0,3}\[?[\dP]\d{9,11}",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED_BY_DESK = lazy_pattern(
    r"^[\s*-]{0,9}(?:the )?(?:aws|amazon ec2)(?: ec2)? (?:abuse|trust (?:&|and) safety)(?: team)?[.,]?\s{0,9}$",
    re.IGNORECASE | re.MULTILINE,
)
_CASE_OPENED = lazy_pattern(r"has opened (?:support )?case|new support case|the details of the case are as follows")
_CASE_SUBJECT = lazy_pattern(r"^[ \t>*]{0,9}Subject:[ \t]{0,4}([^\n]{1,300})", re.IGNORECASE | re.MULTILINE)
_ABUSE_SUBJECT = lazy_pattern(
    r"\byour (?:amazon ec2|aws|ec2) abuse report|\baws abuse\b|\babuse (?:report|case|notice)\b.{0,40}\b(?:aws|ec2"
    r"|amazon)\b|\baws (?:abuse|trust & safety) (?:case|report|notice)"
    r"|your aws account.{0,40}compromised|access key (?:is|was|has been) exposed|(?:suspicious|irregular"
    r"|unauthori[sz]ed|unusual) activity in your aws account|review your aws account and credentials|aws_(?:abuse"
    r"|risk)_",
    re.IGNORECASE,
)
_CERTAIN = lazy_pattern(
    r"implicated in activity|reported (?:activity|vulnerability)(?:\(s\))? ?:|abuse case number|implicated resource"
    r"|vulnerability report implicating|abuse report implicating|aws id ?: ?\d{12}.{0,80}instance"
    r"|aws_abuse_|aws_risk_(?:credentials|iam)|your aws account (?:may|might) (?:have been|still be"
    r"|be) (?:inappropriately accessed|compromised)|aws account (?:\d{12} )?is compromised"
)
_WORDS_OF_ABUSE = lazy_pattern(
    r"abuse report|report\(s\) that your (?:aws|ec2) (?:resource|instance)|final notification|reported activity"
    r"|abuse (?:activity|notice|notification|complaint)|^event abuse |abuse [a-z ]{3,40} report\b"
    r"|several ports open to the public|revoke access to .{0,60}model"
)
"""Words of a notice that are no sentence."""


def reason_by_header(letter: ParsedMail) -> Phrase | None:
    """Say from the header alone why a mail is no notice; None if it may be one."""
    header = letter.header
    subject = header.text("subject")
    if not header.fields:
        return phrase("mail:no_header")
    automatic = header.first("auto-submitted").lower()
    if automatic.startswith("auto-replied") or "x-autoreply" in header or _AUTOMATIC_SUBJECT.match(subject):
        return phrase("mail:automatic_reply")
    if _is_bounce(letter, subject):
        return phrase("mail:delivery_report")
    if "x-abuse-responder" in header:
        return phrase("mail:our_own")
    return None


def is_reply_subject(subject: str) -> bool:
    """Say whether the outermost prefix of a subject is one of a reply, in any language."""
    return bool(_REPLY_SUBJECT.match(subject))


def _is_bounce(letter: ParsedMail, subject: str) -> bool:
    content_type = letter.header.first("content-type").lower()
    if letter.is_report and ("delivery-status" in content_type or "disposition-notification" in content_type):
        return True
    by_daemon = re.search(
        r"\b(?:mailer-daemon|postmaster|microsoftexchange\w*)@", letter.header.first("from"), re.IGNORECASE
    )
    return bool(_BOUNCE_SUBJECT.match(subject)) and bool(by_daemon or letter.is_report)


def reason_of_spoof(header: MailHeader) -> Phrase | None:
    """Say why a mail in AWS's name is not believed: it failed DMARC, and no relay explains that."""
    ses = ses_authentication(header)
    if not ses or ses.dmarc != "fail":
        return None
    answer_to = [domain_of(address) for address in parse_addresses(header.first("reply-to"))]
    if any(not is_aws_domain(domain) for domain in answer_to) and "list-id" not in header:
        return phrase("mail:answers_elsewhere")
    if not (is_relayed(header) and _vouched_relay(header, ses)):
        return phrase("mail:no_relay")
    return None


def _vouched_relay(header: MailHeader, ses: Authentication) -> bool:
    """Whether SES vouches for a relay that is not AWS: anybody can invent the fields of one."""
    relays = [signer for signer in ses.passing_signatures if not is_aws_domain(signer) and signer != "amazonses.com"]
    return bool(relays) or (
        ses.spf == "pass" and not is_aws_domain(domain_of(header.first("return-path").strip("<> ")))
    )


def is_relayed(header: MailHeader) -> bool:
    """Say whether the header shows a list, a rule or a gateway between AWS and us."""
    return any(name in header for name in _RELAY_FIELDS) or bool(
        re.search(r"\+srs=|srs[01][=+-]|\+caf_=", header.first("return-path"), re.IGNORECASE)
    )


def reason_of_sender(header: MailHeader, part: AwsPart) -> Phrase | None:
    """Say why a mail with AWS's words forwards no notice: it is an answer, a reply or an exercise."""
    recipients = parse_addresses(header.first("to")) + parse_addresses(header.first("cc"))
    if any(address in ANSWER_ADDRESSES or is_aws_domain(domain_of(address)) for address in recipients):
        return phrase("mail:answer")
    subject = header.text("subject")
    if part.replied and is_reply_subject(subject):
        return phrase("mail:reply")
    # Of AWS's words such a mail repeats the subject at most.
    if len(part.words.split("\n")) <= _LINES_OF_SUBJECT and _FOR_AWS.search(part.above):
        return phrase("mail:answer")
    if _EXERCISE.search(subject) or _EXERCISE.search(part.above):
        return phrase("mail:exercise")
    return None


def reason_of_imitation(header: MailHeader, part: AwsPart) -> Phrase | None:
    """Say why words in AWS's manner are not AWS's.

    A forwarder has words of his own, a header block or a list's fields above AWS's words; an imitator has none."""
    if part.sender:
        senders = parse_addresses(part.sender)
        if not senders or any(is_aws_domain(domain_of(address)) for address in senders) or " via " in part.sender:
            return None
        # A colleague's forward that has lost AWS's own header: its subject is AWS's, and so are its words.
        colleagues = {domain_of(address) for name in ("from", "to") for address in parse_addresses(header.first(name))}
        if domain_of(senders[0]) in colleagues and any(subject_cases(part.subject)) and _speaks_as_aws(header, part):
            return None
        return phrase("mail:forwarded_from", sender=senders[0])
    if not (part.above.strip() or is_relayed(header) or " via " in header.text("from")):
        return phrase("mail:imitation")
    return None if _speaks_as_aws(header, part) else phrase("mail:unsigned")


def _speaks_as_aws(header: MailHeader, part: AwsPart) -> bool:
    """Whether words without a header block are AWS's: by its signature, labels or subject."""
    if _AS_AWS.search(part.words) or any(is_aws_address(address) for address in parse_addresses(part.above[-300:])):
        return True
    subject = subject_of_aws(part.subject or header.text("subject"))
    return any(cases(subject)) or any(accounts(subject))


def reason_by_words(words: str, subject: str, sender: str) -> Phrase | None:
    """Say what AWS writes about if it is not abuse; None for a notice."""
    text, title = flatten(words), flatten(subject)
    if is_topic_sender(sender) and not _HEALTH_CODE.search(text):
        # The owner of a topic writes its name and its messages, and anybody can own one.
        return phrase("mail:topic")
    opened = _CASE_OPENED.search(text) or _CASE_OPENED.search(title)
    if opened:
        inner = _CASE_SUBJECT.findall(words)
        if inner and not any(names_abuse(about, words) or "abuse" in about.lower() for about in inner):
            return phrase("mail:support_case")
    certain = bool(_CERTAIN.search(text)) or (bool(_ABUSE_SUBJECT.search(title)) and any(subject_cases(subject)))
    for reason, pattern in _OTHER_MATTERS:
        if (reason in _OUTWEIGH_LABELS or not certain) and (pattern.search(title) or pattern.search(text[:1500])):
            return reason
    if certain or _ABUSE_SUBJECT.search(title) or _WORDS_OF_ABUSE.search(text) or sender in ANSWER_ADDRESSES:
        return None
    by_desk = bool(_SIGNED_BY_DESK.search(words)) and goes_on_with_case(words)
    return None if by_desk or names_abuse(subject, words) or speaks_of_abuse(words) else phrase("mail:nothing")
