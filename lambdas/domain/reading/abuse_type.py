"""What a notice is about, as one slug. The first row that matches AWS's own words wins."""

import re

from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.plain_text import flatten

_LABEL = lazy_pattern(
    r"\b(?:reported (?:activity|abuse)|abuse type|activity type|type of abuse)(?:\(s\))? ?: ?([^\n]{2,80})",
    re.IGNORECASE,
)
_CODE = lazy_pattern(r"\bAWS_(?:ABUSE_(?:EC2_)?|RISK_)[A-Z_]{3,60}")

_TYPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (slug, lazy_pattern(words))
    for slug, words in (
        ("model_policy", (r"revoke access to [^.]{0,60}models?\b|models? on (?:amazon )?bedrock|bedrock abuse"
                         r"|third-party models")),
        ("vulnerability", r"vulnerability report|reported vulnerability|exposed vulnerab"),
        ("credential_exposure",
         (r"credentials?[_ ]exposed|credentials?[_ ]exposure|iam[_ ]quarantine"
         r"|access key (?:\w+ )?(?:\([^)]{0,80}\) )?(?:along )?[^.]{0,160}"
         r"(?:is exposed|was exposed|been exposed|publicly|available online|public(?:ly)? (?:available|accessible)"
         r"|github|posted|leaked)"
         r"|(?:exposed|leaked) (?:access |secret |iam )?(?:keys?|credentials)|keys? (?:is|are|was"
         r"|were) (?:publicly )?(?:exposed|leaked)")),
        ("dos_reflector",
         (r"(?:open|recursive|misconfigured) (?:dns |ntp |memcached |ssdp |ldap |cldap |snmp )?(?:resolver|recursive"
         r"|reflector)|reflect(?:ion|or|ive|ed)|amplif(?:y|ication|ier)")),
        ("dos", (r"denial[ -]of[ -]service|\bd?dos\b(?! equipment)|\bddos|abuse_(?:ec2_)?dos|packet flood|\b(?:udp"
                r"|syn|tcp|http) flood")),
        ("open_proxy", r"open[ _]prox(?:y|ies)|anonymous prox|socks proxy"),
        ("crypto_mining", (r"crypto[ -]?(?:currency)?[ -]?(?:mining|miner|jacking)|crypto ?currency|bitcoin|coin "
                          r"?min(?:er|ing)|mining (?:pool|activity)|coinhive|xmrig")),
        ("intrusion_attempt",
         (r"access remote hosts on the internet without authori[sz]ation|intrusion|brute[ -]?forc(?:e|ing)"
         r"|unauthori[sz]ed (?:access|login|log-in|ssh)|(?:ssh|login|password|rdp|exploit|hacking"
         r"|sql injection) attempts?|credential stuffing"
         r"|exploit(?:ation|ing)? (?:attempt|remote|vulnerab)")),
        ("port_scanning", r"port[ _-]?scan|scanning|\bscans?\b (?:of|against|for)|network scan"),
        ("phishing", r"phish"),
        ("spam_website", (r"spam[ _-]?(?:advertised |vertised )?(?:web ?sites?|url)|spamvertis|forum[ _]spam|comment "
                         r"spam|blog spam")),
        ("email_spam", r"email[ _]spam|spam|unsolicited|bulk e-?mail"),
        ("botnet", r"botnet|command[ -]and[ -]control|c&c|\bc2\b|\bbots?\b"),
        ("malware", r"malware|malicious (?:software|code|files?|content)|\bvirus\b|trojan|ransomware"),
        ("copyright_dmca", r"\bdmca\b|copyright|trademark|counterfeit|infring|takedown|intellectual property"),
        ("illegal_content", (r"illegal|child (?:sexual|abuse)|\bcsam\b|pii[ _]|personally identifiable|cc[ _]fraud"
                            r"|credit card fraud|carding|terroris")),
        ("account_compromise",
         (r"compromised|inappropriately accessed|suspicious activity|irregular activity|unwanted activity"
         r"|unauthori[sz]ed (?:activity|use|third[- ]part)|review your aws account and credentials"
         r"|不正アクセス|侵害|침해|도용|무단 (?:액세스|접근)|盗用|被盗|不当访问|遭到入侵"
         r"|credentials?[_ ]compromise|exposure[_ ]suspected|potentially (?:un)?authori")),
    )
)  # fmt: skip


def abuse_type_of(words: str, subject: str) -> str | None:
    """Return the slug for AWS's own `words`; None when neither they nor the subject say it.

    AWS's label comes first, then a code of a Health event, then the subject of a compromise, then prose.
    """
    label = _LABEL.search(words)
    code = _CODE.search(words) if "AWS_" in words else None
    stated = (label[1] if label else "", code[0].replace("_", " ") if code else "", words, subject)
    return next((slug for text in stated if text and (slug := _slug(flatten(_without_links(text))))), None)


_LINK = lazy_pattern(r"https?://\S{1,1900}")
_ADVICE = lazy_pattern(
    r"\n[ \t]{0,9}(?:technical questions|tips for|these references|if you're unaware|if you are unaware|in case none)",
    re.IGNORECASE,
)


def _without_links(text: str) -> str:
    """Drop links (their paths say "abuse-detection") and the advice that every notice carries."""
    advice = _ADVICE.search(text)
    return _LINK.sub(" ", text[: advice.start()] if advice else text)


def _slug(text: str) -> str | None:
    return next((slug for slug, pattern in _TYPES if pattern.search(text)), None)
