"""The kind of a mail by what its sentences say: closing, cutting, asking, accusing; in nine languages.

The sentences are examples of kinds of sentences. None of them stands in the vocabulary, and none of the corpus's here.
"""

import pytest

from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.reading.gist import gist_of
from lambdas.domain.reading.not_a_notice import reason_by_words
from lambdas.domain.reading.notice_kind import accuses, is_unclear, notice_kind

SUBJECT = "RE: Your AWS Abuse Report [10468407181]"
SUPPORT = "no-reply-aws@amazon.com"


def kind(sentences: str) -> NoticeKind:
    return notice_kind(f"Hello,\n\n{sentences}\n\nRegards,\nAWS Trust & Safety\n", SUBJECT)[0]


CLOSING = (
    "I have marked this case as resolved.",
    "We reviewed what you sent, lifted the block and closed the case.",
    "We're satisfied with the steps you have taken, so I'll go ahead and close this case now.",
    "This matter is now closed on our side.",
    "The restriction on your account has been removed and nothing further is needed from you.",
    "Thanks for terminating the instance. We consider this case closed.",
    "Thank you for taking care of this so quickly. No additional steps are necessary.",
    "After a second look we found that the traffic was legitimate. Please disregard our earlier notice.",
    "We opened this case by mistake and have withdrawn it.",
    "We can confirm that the scanning has stopped. I am closing the case.",
    "Network access to your instance has been restored and the report is closed.",
    "You may consider this case resolved.",
    "Thank you for rotating the exposed keys. We have reinstated your account.",
    "Our investigation is complete and we will now close this case.",
    "We have unblocked port 25 for your instance. There is nothing else you need to do.",
    "The reporter has withdrawn the complaint, and we are closing this report.",
    "We no longer see any malicious traffic from your instance, therefore this case is resolved.",
    "Thank you for deleting the compromised access key.",
    "This notification was issued in error; your instance was not involved.",
    "We have removed the quarantine policy from the IAM user and closed the case.",
    "The activity is consistent with our Acceptable Use Policy. No action is required on your part.",
)
CLOSING_ELSEWHERE = (
    "ご対応ありがとうございます。本ケースは解決済みとしてクローズいたします。",
    "制限を解除し、ケースを完了しました。追加の対応は必要ございません。",
    "先日の通知は誤って送信されたものでした。お詫び申し上げます。",
    "问题已解决,我们现在关闭此案例。感谢您的配合。",
    "限制已解除,您无需采取进一步操作。",
    "此前的通知系误发,对此我们深表歉意。",
    "조치해 주셔서 감사합니다. 본 케이스를 종결하겠습니다.",
    "차단을 해제하였으며 추가 조치는 필요하지 않습니다.",
    "해당 알림은 잘못 발송되었습니다. 불편을 드려 죄송합니다.",
    "Vielen Dank für die Löschung des Schlüssels. Wir haben den Fall geschlossen.",
    "Die Sperre wurde aufgehoben. Weitere Maßnahmen sind nicht erforderlich.",
    "Gracias por eliminar la clave. Hemos cerrado el caso.",
    "El bloqueo se ha levantado y no es necesaria ninguna otra acción.",
    "Este aviso se envió por error.",
    "Obrigado por remover o conteúdo. Encerramos o caso.",
    "O bloqueio foi removido e nenhuma ação adicional é necessária.",
    "Merci d'avoir supprimé la clé. Nous avons clôturé le dossier.",
    "Le blocage a été levé et aucune autre action n'est requise.",
    "Grazie per aver eliminato la chiave. Abbiamo chiuso il caso.",
)

CUTTING = (
    "Your instance has been stopped.",
    "We therefore isolated i-0123456789abcdef0.",
    "We have removed the instance from the network. Please reply within 24 hours.",
    "As we did not hear from you, we have blocked all outbound traffic from the instance.",
    "We had to shut down your instance i-0123456789abcdef0.",
    "To protect others, the IP address 203.0.113.4 was null-routed this morning.",
    "Outbound connections to port 22 are now blocked.",
    "We suspended your account on 4 March.",
    "A quarantine policy has been attached to the IAM user deploy.",
    "Your instance is now isolated. Tell us what you find.",
    "We disconnected the server from the internet because the flood went on.",
    "Because the reports kept coming in, we've cut off network access to your instance.",
)
CUTTING_ELSEWHERE = (
    "お返事がないため、インスタンスをネットワークから隔離いたしました。",
    "由于未收到您的回复,我们已隔离您的实例。",
    "회신이 없어 해당 인스턴스의 아웃바운드 트래픽을 차단하였습니다.",
    "Da wir keine Antwort erhalten haben, haben wir Ihre Instanz isoliert.",
    "Como no hemos recibido respuesta, hemos bloqueado el tráfico saliente de su instancia.",
    "Como não recebemos resposta, bloqueamos o tráfego de saída da sua instância.",
    "Faute de réponse, nous avons isolé votre instance.",
    "Abbiamo bloccato il traffico in uscita della sua istanza.",
)

OPEN = (
    "You told us that the issue is resolved. The scans go on.",
    "You mentioned that the case is closed. We still receive reports about your instance.",
    "We will close this case once you have confirmed the cause.",
    "Please reply so that we can close this case.",
    "This case will be closed automatically if we do not hear from you within 5 days.",
    "We have lifted the block on port 80. Please tell us within 48 hours what caused the traffic.",
    "Thank you for your reply. Could you tell us which software was affected?",
    "We can not close this case until you have told us the root cause.",
    "If you believe this was sent in error, please reply.",
    "Thank you for removing the malware. However, we continue to see attacks from the instance.",
    "The block will be lifted as soon as you reply.",
    "I am resolving this case for now; the restrictions remain in place.",
    "We have not heard back from you. Your instance may be isolated.",
    "Unless you reply, we will suspend your account.",
    "This is our second notice. We need to know what you have done.",
    "We have extended the deadline until Friday. Please send us your findings.",
    "You wrote that the instance was terminated. We are unable to confirm this.",
    "Have you been able to look into this?",
    "We reopened this case because the activity has resumed.",
    "Before we resolve this case, please confirm that the keys were rotated.",
)
OPEN_ELSEWHERE = (
    "まだご返信をいただいておりません。24時間以内にご返信ください。",
    "引き続き同じインスタンスから攻撃が観測されています。原因をお知らせください。",
    "我们尚未收到您的回复,请在24小时内回复。",
    "该实例仍在继续扫描其他主机,请告知您采取的措施。",
    "아직 회신을 받지 못했습니다. 24시간 이내에 회신해 주십시오.",
    "동일한 인스턴스에서 스캔이 계속되고 있습니다. 원인을 알려 주시기 바랍니다.",
    "Wir haben noch keine Antwort von Ihnen erhalten. Bitte antworten Sie innerhalb von 24 Stunden.",
    "Die Angriffe von Ihrer Instanz dauern weiterhin an.",
    "Todavía no hemos recibido su respuesta. Responda en 24 horas.",
    "Seguimos observando ataques desde su instancia.",
    "Ainda não recebemos a sua resposta. Responda em 24 horas.",
    "Nous n'avons pas encore reçu votre réponse. Veuillez répondre sous 24 heures.",
    "Les attaques provenant de votre instance se poursuivent.",
    "Non abbiamo ancora ricevuto una risposta. La preghiamo di rispondere entro 24 ore.",
)


@pytest.mark.parametrize("sentences", (CLOSING + CLOSING_ELSEWHERE), ids=str)
def test_aws_ends_the_case(sentences):
    assert kind(sentences) is NoticeKind.RESOLVED


@pytest.mark.parametrize("sentences", (CUTTING + CUTTING_ELSEWHERE), ids=str)
def test_aws_has_cut_something(sentences):
    assert kind(sentences) is NoticeKind.ACTION_TAKEN


@pytest.mark.parametrize("sentences", (OPEN + OPEN_ELSEWHERE), ids=str)
def test_the_case_is_open(sentences):
    assert kind(sentences) is NoticeKind.FOLLOW_UP


def test_an_older_case_that_was_closed_ends_nothing():
    sentences = "Your previous case was closed. We've received a new report about your instance."
    assert kind(sentences) is not NoticeKind.RESOLVED
    assert accuses(sentences)


@pytest.mark.parametrize("end", ["We have closed the case.", "We have lifted the block on your instance."])
@pytest.mark.parametrize(
    "veto",
    [
        "Please tell us within 48 hours what caused the traffic.",
        "The scans go on.",
        "The restrictions on your account remain in place.",
        "We have since received a further report.",
    ],
)
def test_what_is_still_open_outweighs_an_end(end, veto):
    assert kind(f"{end} {veto}") is not NoticeKind.RESOLVED


def test_between_an_open_and_a_closed_case_it_is_unclear():
    assert is_unclear("We have lifted the block on port 80. Please tell us what caused the traffic.")
    assert not is_unclear("We have lifted the block on port 80, and this case is closed.")
    assert not is_unclear("We have lifted the block. However, we've received a new report about your instance.")


@pytest.mark.parametrize("said", ["You told us that", "You mentioned that", "In your reply you state that"])
def test_what_the_customer_says_is_not_aws_s_word(said):
    gist = gist_of(f"{said} the case is closed and that the instance was isolated.")
    assert (gist.closes, gist.cuts) == ("", "")


COMPROMISED = (
    "お客様の AWS アカウントで不審なアクティビティが検出されました。",
    "お客様のアクセスキーが第三者により不正利用された可能性があります。",
    "アクセスキーが公開リポジトリに掲載されていることを確認いたしました。",
    "お客様のアカウントが不正アクセスを受けていると考えられます。",
    "我们检测到您的 AWS 账户存在异常活动。",
    "您的访问密钥可能已被第三方不当访问。",
    "您的访问密钥已在公开代码库中泄露。",
    "我们认为您的账户已被盗用。",
    "고객님의 AWS 계정에서 의심스러운 활동이 감지되었습니다.",
    "고객님의 액세스 키가 제3자에게 노출되었을 수 있습니다.",
    "고객님의 액세스 키가 공개 저장소에 노출된 것을 확인했습니다.",
    "Wir haben verdächtige Aktivitäten in Ihrem AWS-Konto festgestellt.",
    "Ihr Zugriffsschlüssel wurde öffentlich zugänglich gemacht und ist kompromittiert.",
    "Möglicherweise haben sich Unbefugte Zugang zu Ihrem AWS-Konto verschafft.",
    "Hemos detectado actividad sospechosa en su cuenta de AWS.",
    "Su clave de acceso está expuesta en un repositorio público.",
    "Es posible que un tercero haya accedido a su cuenta.",
    "Detectamos atividade suspeita na sua conta da AWS.",
    "Sua chave de acesso foi exposta em um repositório público.",
    "Sua conta pode ter sido comprometida.",
    "Nous avons détecté une activité suspecte sur votre compte AWS.",
    "Votre clé d'accès est exposée dans un dépôt public.",
    "Votre compte AWS a peut-être été compromis.",
    "Abbiamo rilevato attività sospette nel suo account AWS.",
    "La sua chiave di accesso è stata pubblicata in un repository pubblico.",
)

ABOUT_US = (
    (
        "[Action Required] Irregular Activity Detected for Your AWS Access Keys",
        (
            "Hello,\n\nWe observed anomalous API calls that indicate your AWS access keys may have been used by "
            "a third party."
        ),
    ),
    (
        "Your AWS account",
        (
            "Hello,\n\nWe believe that your AWS account was accessed by an unauthorized party. Please rotate "
            "your root password."
        ),
    ),
    (
        "RE:[CASE 176679531900745] Your AWS account",
        (
            "Hello,\n\nThank you for deleting the exposed key. Please complete the remaining steps so that we "
            "can restore your account."
        ),
    ),
    (
        "RE:[CASE 176679531900745] AWS account review",
        (
            "Hi there,\n\nWe noticed that an IAM user which you did not create launched several GPU instances in "
            "your account. Please delete this user and reply to this case."
        ),
    ),
    (
        "Important: credentials found in a public repository",
        "Hello,\n\nCredentials belonging to your account 111122223333 were found in a public GitHub repository.",
    ),
    ("Notice", "Dear customer,\n\nSeveral of your EC2 instances appear to be infected with a crypto miner."),
    (
        "RE:[CASE 176679531900745] compromised",
        (
            "Hello,\n\nOur service team has lifted the restrictions on your account. We found no further "
            "unauthorized resources."
        ),
    ),
    (
        "[Action Required] Suspicious activity in your AWS account",
        "Hello,\n\nWe detected potentially unwanted activity related to your access key AKIAEXAMPLE.",
    ),
    (
        "Your AWS resources",
        "Hello,\n\nWe've received a complaint that a website hosted on your account copies the login page of a bank.",
    ),
    (
        "RE: secret key",
        (
            "Hello,\n\nThe secret key of user deploy was published on a public website. We have attached the "
            "policy AWSCompromisedKeyQuarantineV3 to the user."
        ),
    ),
)

HARMLESS = (
    (
        "AWS Security newsletter, March",
        (
            "In this issue: how compromised credentials are used, and five ways to protect your "
            "account.\nRegister for our webinar."
        ),
    ),
    (
        "Update to the AWS Acceptable Use Policy",
        "Hello,\n\nWe are updating the AWS Acceptable Use Policy on 1 June. You do not need to take any action.",
    ),
    (
        "RE:[CASE 176679531900746] SES production access",
        (
            "Hello,\n\nThank you for your request for production access. We were unable to grant your request "
            "because your use could be harmful to our reputation. Our Acceptable Use Policy explains more."
        ),
    ),
    (
        "Introducing the AWS Trust & Safety Center",
        "Hello,\n\nThe AWS Trust & Safety Center is your home for reporting abuse and learning about phishing.",
    ),
    (
        "Best practices for rotating access keys",
        (
            "Hello,\n\nWe recommend that you rotate your access keys every 90 days to reduce the risk of "
            "unauthorized access."
        ),
    ),
    ("Your free tier usage", "Hello,\n\nYour AWS account has exceeded 85% of the free tier."),
    (
        "CVE-2026-1234 in OpenSSL",
        (
            "Hello,\n\nAWS is aware of the issue described in CVE-2026-1234. Customers should update their "
            "instances. Attackers could exploit it to run code."
        ),
    ),
    (
        "RE:[CASE 176679531900747] Reverse DNS",
        "Hello,\n\nWe have removed the port 25 restriction and configured reverse DNS for your address.",
    ),
    (
        "AWS IAM Access Analyzer: what's new",
        "Hello,\n\nAccess Analyzer now finds unused keys and public buckets in your account.",
    ),
    (
        "[Notification] Amazon EC2 instance scheduled for retirement",
        (
            "Hello,\n\nOne of your instances (i-0123456789abcdef0) is scheduled for retirement due to "
            "degradation of the underlying hardware."
        ),
    ),
    (
        "RE:[CASE 176679531900748] VPC question",
        (
            "Hello,\n\nThank you for contacting AWS Support. I have checked your security group and port 22 is "
            "blocked. Please let me know if this resolves your issue."
        ),
    ),
    (
        "RE:[CASE 176679531900749] Limit increase",
        "Hello,\n\nYour limit increase was approved and this case is now resolved.",
    ),
    ("How to secure your account against compromised credentials", "Hello,\n\nUse MFA. Rotate keys."),
    ("GuardDuty price change", "Hello,\n\nFrom May on, GuardDuty malware protection scans cost less."),
)


@pytest.mark.parametrize("sentence", COMPROMISED, ids=str)
def test_a_compromise_is_a_notice_in_any_language(sentence):
    assert reason_by_words(f"{sentence}\n\nAmazon Web Services\n", "AWS", SUPPORT) is None


@pytest.mark.parametrize(("subject", "words"), ABOUT_US, ids=str)
def test_words_that_say_harm_to_ours_are_a_notice(subject, words):
    assert reason_by_words(words, subject, SUPPORT) is None


@pytest.mark.parametrize(("subject", "words"), HARMLESS, ids=str)
def test_bare_words_of_security_are_none(subject, words):
    assert reason_by_words(words, subject, SUPPORT) is not None
