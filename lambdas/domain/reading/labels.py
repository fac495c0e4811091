"""AWS's labels in other languages, turned into AWS's own, so that everything behind them reads one spelling."""

import re

from lambdas.domain.reading.patterns import lazy_pattern

_OF = r"(?: (?:de|da|do|del|della|di|du|des|la|el|l|d)(?:\b|'))*\s?'?\s?"
_ID = r"(?:ids?|arn|番号|号|號|編號|编号|번호|아이디|kennung|nummer|numero|número|numéro)"
_OURS = (
    r"(?:該当|対象|影響を受ける|影響を受けた|受影响的?|受影響的?|涉及的?|해당|영향을 받는|영향받는|대상|betroffene[rs]?"
    r"|afectad[oa]|afetad[oa])?"
)
_TRANSLATIONS = {
    "EC2 Instance Id": (
        rf"{_OURS}\s?(?:(?:amazon )?ec2[ -]?)?(?:インスタンス|リソース|인스턴스|리소스|实例|實例|執行個體|执行个体|资源"
        r"|資源|instanz(?:en)?|ressource|instancia|instância|istanza|recurso|risorsa)"
        rf"\s?-?\s?{_ID}?(?: ?(?:afectad[oa]|afetad[oa]|interessata))?"
        rf"|{_ID}{_OF}(?:instancia|instância|instance|istanza|recurso|ressource)(?: (?:de )?(?:amazon )?ec2)?"
        r"|ec2-instanz(?:-id)?|ressource concernée"
    ),
    "AWS Account ID": (
        r"(?:(?:お客様の )?aws\s?-?)?\s?(?:アカウント|계정|账户|账号|帐户|帐号|帳戶|帳號|konto|kontos)"
        rf"\s?-?\s?{_ID}|{_ID}{_OF}(?:cuenta|conta|compte|account)(?:{_OF}aws)?|{_ID}{_OF}aws|konto-?id|aws-konto"
    ),
    "Remote IP": (
        r"(?:リモート|接続先|宛先|远程|目标|对端|遠端|目的地?|원격|대상|목적지|ziel-?|entfernte )"
        r" ?ip(?:アドレス| アドレス|地址|주소| 주소|-adresse)?"
        r"|(?:ip|direcci[óo]n(?: ip)?|endereço(?: ip)?|adresse(?: ip)?|indirizzo(?: ip)?)"
        r" (?:de destino|remot[oa]|distante|de destination|di destinazione)"
    ),
    "Public IP": (
        r"(?:公网|公網|公共|パブリック|グローバル|퍼블릭|공인|öffentliche) ?ip"
        r"(?: ?アドレス| ?地址| ?位址| ?주소|-adresse)?"
        r"|(?:ip|direcci[óo]n ip|endereço ip|adresse ip|indirizzo ip) (?:pública|público|publique|pubblico)"
    ),
    "Source IP": (
        r"(?:送信元|来源|來源|源|출발지|소스|quell-?) ?ip(?: ?アドレス| ?地址| ?位址| ?주소|-adresse)?"
        r"|(?:ip|direcci[óo]n ip|endereço ip|adresse ip|indirizzo ip) (?:de )?(?:origen|origem|source|di origine)"
    ),
    "Reported URL": (
        r"(?:報告された|被举报的?|举报的?|被檢舉的?|신고된|gemeldete) ?(?:url|网址|網址|链接)"
        r"|url (?:denunciada|denunciado|notificada|reportada|relatada|signalée|segnalato|rapporté)"
    ),
    "Region": r"(?:aws[ -])?(?:リージョン|리전|区域|區域|地区|region|región|région|regione|região)",
    "Reported Activity": (
        r"(?:報告された|報告対象の|検知された|被举报的?|举报的?|被檢舉的?|報告的?|檢舉的?|舉報的?|신고된|보고된|신고"
        r"|gemeldete[rs]?)\s?(?:アクティビティ|活動|行為|内容|活动|行为|활동|행위|내용|aktivität(?:en)?)"
        r"|(?:actividad|atividade|activité|attività)(?:es)?"
        r" (?:denunciada|notificada|reportada|informada|relatada|signalée|segnalata)"
        r"|(?:滥用|濫用|남용|不正利用の?)\s?(?:类型|類型|유형|種類|種別)|art des missbrauchs|tipo de abuso|type d'abus"
    ),
    "Abuse Time": (
        r"(?:不正利用の?|検知|報告|滥用|濫用|举报|檢舉|舉報|신고|남용|발생)\s?(?:日時|時刻|时间|時間|시각|시간|일시)"
        r"|zeitpunkt(?: des missbrauchs| der meldung)?"
        r"|(?:hora|fecha|data|heure|date|ora)(?: y hora| e hora)? (?:del|do|de l'|dell')\s?(?:abuso|abus|incident\w*)"
    ),
    "Case Number": (
        rf"(?:サポート)?ケース\s?{_ID}|(?:支持)?(?:案例|工单|案件|個案|个案|사례|케이스)\s?{_ID}"
        rf"|(?:support-?)?fall-?{_ID}|vorgangs{_ID}|{_ID}{_OF}(?:caso|cas|dossier|chamado)|fallnummer|vorgangsnummer"
    ),
}
_LABELS = tuple(
    (
        lazy_pattern(
            rf"(^[ \t*\u2022\u30fb-]{{0,9}}|[ \t]{{2,9}})(?:{words})\s{{0,3}}[:\uff1a]\s{{0,9}}",
            re.IGNORECASE | re.MULTILINE,
        ),
        label,
    )
    for label, words in _TRANSLATIONS.items()
)


_HINT = lazy_pattern(r"konto|instanz|cuenta|compte|istanza|conta\b|d'instance|fallnummer", re.IGNORECASE)
"""Found in the labels that have no letter outside ASCII."""


def in_english(words: str) -> str:
    """Return AWS's own `words` with the labels at the beginnings of lines in English."""
    if words.isascii() and not _HINT.search(words):
        return words
    for pattern, label in _LABELS:
        words = pattern.sub(rf"\1{label}: ", words)
    return words
