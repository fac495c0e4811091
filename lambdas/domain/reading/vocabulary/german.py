"""German."""

from lambdas.domain.reading.vocabulary.feature import Feature, Rows

F = Feature

MONTHS = "Januar|Februar|M[äa]rz|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
"""As a pattern: the dot in "12. März" ends no sentence."""
MARKERS = "der die das und ist wir sie nicht ihre ihrer den eine haben wurde mit fur bitte werden ihren"
"""Words that show the language."""

WORDS: Rows = {
    F.WE: "wir ich aws",
    F.YOU: "sie",
    F.YOUR: "ihr ihre ihrer ihrem ihren ihres",
    F.CUT: "gesperrt isoliert blockiert gestoppt deaktiviert ausgesetzt unterbunden getrennt beendet abgeschaltet "
    "angehalten suspendiert stillgelegt gedrosselt unterbrochen sperren isolieren blockieren",
    F.UNDO: "aufgehoben entsperrt wiederhergestellt freigegeben reaktiviert ruckgangig freigeschaltet aufheben "
    "wiederherstellen entfernt",
    F.CLOSE: "geschlossen abgeschlossen gelost schliessen abschliessen schliesse erledigt behoben beendet",
    F.CONSIDER: "betrachten erachten",
    F.RETRACT: "zuruckgezogen ignorieren hinfallig gegenstandslos zuruckgenommen zuruck",
    F.SEND: "gesendet geschickt versandt verschickt gemeldet ausgestellt zugestellt versendet eroffnet",
    F.MISTAKEN: "irrtumlich versehentlich falschlicherweise irrtum fehlalarm falschmeldung fehler_unsererseits "
    "versehen",
    F.RECEIVE: "erhalten eingegangen bekommen erreicht erreichen liegt_vor",
    F.OBSERVE: "festgestellt erkannt beobachtet entdeckt bemerkt registriert beteiligt festgehalten beobachten sehen "
    "verzeichnet gesehen verzeichnen",
    F.MEND: "geloscht entfernt rotiert bereinigt gesichert behoben ersetzt beendet gestoppt deaktiviert gehandelt "
    "ergriffen loschen loschung entfernen beheben bereinigung umsetzung abschaltung abgeschaltet gepatcht",
    F.CEASE: "aufgehort eingestellt beendet gestoppt erloschen",
    F.REQUEST: "antworten beantworten bestatigen mitteilen teilen nennen senden ubermitteln schildern beschreiben "
    "melden schicken informieren erlautern kontaktieren antwort ruckmeldung stellungnahme",
    F.THANK: "danke dank vielen_dank danken bedanken",
    F.SAY: "geschrieben mitgeteilt angegeben gesagt erklart berichtet schreiben_sie laut_ihrer gemeldet_haben",
    F.SEE: "bestatigen sehen feststellen prufung",
    F.REOPEN: "wieder_geoffnet erneut_geoffnet wiedereroffnet",
    F.CASE: "fall falls vorgang ticket angelegenheit meldung benachrichtigung supportfall vorfall support-fall "
    "mitteilung missbrauchsfall case untersuchung",
    F.RESOURCE: "instanz instanzen server ressource ressourcen host ec2-instanz ip-adresse adresse ec2 system",
    F.ACCOUNT: "konto kontos aws-konto account",
    F.KEY: "schlussel zugriffsschlussel zugangsschlussel anmeldedaten zugangsdaten passwort akia* access_key",
    F.CONTENT: "inhalt inhalte url seite webseite website bucket datei",
    F.TRAFFIC: "datenverkehr verkehr port ports netzwerk verbindungen verbindung traffic ausgehende ausgehenden "
    "ausgehender eingehende netz",
    F.ACCESS: "zugriff zugang berechtigungen",
    F.LIMIT: "sperre sperrung blockierung einschrankung einschrankungen isolierung beschrankung beschrankungen "
    "massnahme quarantane isolation",
    F.REPORT: "meldung meldungen beschwerde beschwerden missbrauchsmeldung bericht berichte hinweise hinweis",
    F.ANSWER: "antwort ruckmeldung stellungnahme reaktion nachricht",
    F.ACTION: "massnahmen schritte massnahme aktion handlungsbedarf nichts schritt",
    F.NEEDED: "erforderlich notig notwendig unternehmen besteht veranlassen",
    F.ACTIVITY: "aktivitat aktivitaten verhalten versuche angriffe missbrauch vorgange zugriffe anfragen",
    F.EXPOSED: "offentlich veroffentlicht offengelegt geleakt exponiert",
    F.COMPROMISED: "kompromittiert kompromittierung verdachtige verdachtig verdachtigen ungewohnliche ungewohnlichen "
    "unbefugt unbefugte unbefugten unautorisierte dritte dritten missbraucht unregelmassige unberechtigte "
    "unberechtigt auffallige",
    F.VIOLATION: "missbrauchlich verstoss missbrauch verletzt",
    F.NOT: "nicht kein keine keinen keiner nichts ohne weder nie niemals",
    F.IF: "wenn sofern falls sollten sollte ob es_sei_denn andernfalls",
    F.ONCE: "sobald",
    F.WHEN: "bevor nachdem um bis damit",
    F.MAY: "konnen kann konnten konnte mussen muss moglicherweise durfen wurden_wir eventuell",
    F.WILL: "werden wird planen beabsichtigen",
    F.NOW: "nun jetzt hiermit damit",
    F.BUT: "aber jedoch allerdings dennoch trotzdem obwohl",
    F.BE: "ist sind war wurde wurden worden sei",
    F.HAVE: "haben habe hat hatten",
    F.STILL: "weiterhin immer_noch noch_immer erneut wieder dauert anhalten halt_an dauern_an setzt_sich setzen_sich "
    "fort",
    F.REMAIN: "bleibt bleiben bestehen aufrecht",
    F.NEW: "neue neuen weitere weiterer weiteren zusatzliche andere neuer weiteres",
    F.PREVIOUS: "vorherige vorheriger fruhere fruherer letzte vorigen fruheren",
    F.PLEASE: "bitte bitten ersuchen",
    F.MUST: "mussen benotigen warten erwarten erbitten brauchen",
    F.OPTIONAL: "keine_antworten keine_eingehenden nicht_empfangen automatisch_versendet fragen zogern gerne "
    "jederzeit umfrage "
    "feedback hilfe",
    F.REMINDER: "erinnerung nachfassen erinnern letzte_mahnung letzter_hinweis mahnung kommen_zuruck letzte_warnung "
    "zweite_benachrichtigung",
    F.SILENCE: "noch_keine_antwort keine_antwort keine_ruckmeldung keine_reaktion noch_nichts_von",
    F.PASSING: "vorerst vorlaufig einstweilen zunachst",
    F.AWAY: "vom_netz vom_netzwerk offline",
    F.WHILE: "wahrend",
}  # fmt: skip
