"""Italian."""

from lambdas.domain.reading.vocabulary.feature import Feature, Rows

F = Feature

MARKERS = "la dal stata il che per di abbiamo della sono una non del questo vostro le suo stato gli"
"""Words that show the language."""

WORDS: Rows = {
    F.WE: "abbiamo aws",
    F.YOU: "lei voi ha avete",
    F.YOUR: "suo sua suoi sue vostro vostra vostri",
    F.CUT: "bloccato bloccata bloccati isolato isolata sospeso sospesa arrestato arrestata disabilitato disattivato "
    "limitato interrotto disconnesso disconnessa fermato revocato",
    F.UNDO: "rimosso_il rimosso_le ripristinato ripristinata sbloccato sbloccata riattivato revocato_le revocato_il "
    "eliminato_le rimosse rimosso rimossa",
    F.CLOSE: "chiuso chiusa risolto risolta chiudiamo chiudere concluso",
    F.CONSIDER: "consideriamo",
    F.RETRACT: "ritirato ritirata ignorare annullata annullato ignorarla",
    F.SEND: "inviato inviata segnalato emesso inviataLe",
    F.MISTAKEN: "per_errore erroneamente falso_positivo errore",
    F.RECEIVE: "ricevuto ricevuta ricevute pervenuta",
    F.OBSERVE: "notato notata rilevata rileviamo rilevato osservato individuato coinvolta coinvolto riscontrato "
    "riscontriamo",
    F.MEND: "eliminato rimosso rimossa pulito corretto sostituito terminato eliminazione aver_eliminato rimozione",
    F.CEASE: "cessato cessata terminata interrotta",
    F.REQUEST: "rispondere confermare fornire indicare comunicare descrivere contattare inviare risponda confermi "
    "indichi",
    F.THANK: "grazie ringraziamo",
    F.SAY: "detto scritto dichiarato riferito comunicato_che afferma",
    F.SEE: "confermiamo verificato",
    F.CASE: "caso ticket segnalazione notifica richiesta pratica",
    F.RESOURCE: "istanza istanze server risorsa risorse macchina indirizzo ip ec2",
    F.ACCOUNT: "account",
    F.KEY: "chiave chiavi credenziali password akia*",
    F.CONTENT: "contenuto url sito pagina",
    F.TRAFFIC: "traffico porta porte rete connessioni uscita",
    F.ACCESS: "accesso autorizzazioni",
    F.LIMIT: "blocco restrizione restrizioni limitazione limitazioni isolamento sospensione misure",
    F.REPORT: "segnalazione segnalazioni reclamo",
    F.ANSWER: "risposta riscontro messaggio",
    F.ACTION: "azione azioni altro intervento nulla misure",
    F.NEEDED: "necessaria necessario necessarie richiesta",
    F.ACTIVITY: "attivita comportamento tentativi attacchi abuso",
    F.EXPOSED: "pubblica pubblicamente esposta esposto pubblicata divulgata",
    F.COMPROMISED: "compromesso compromessa sospetta sospette insolita anomala anomalo irregolare irregolari "
    "sospetto non_autorizzata non_autorizzate terzi",
    F.VIOLATION: "abusiva violazione abuso",
    F.NOT: "non nessuna nessun nessuno senza mai ne",
    F.IF: "se qualora salvo",
    F.ONCE: "una_volta non_appena",
    F.WHEN: "prima dopo quando per_poter affinche",
    F.MAY: "possiamo puo potrebbe potremmo dobbiamo potrebbero possono",
    F.WILL: "sara verra saranno procederemo",
    F.NOW: "ora pertanto",
    F.BUT: "ma tuttavia pero",
    F.BE: "e stato stata stati state sono risulta",
    F.HAVE: "abbiamo ha hanno avete",
    F.STILL: "ancora continua continuano persiste tuttora nuovamente",
    F.REMAIN: "resta restano rimane rimangono vigore",
    F.NEW: "nuova nuovo nuove altra ulteriore ulteriori altre",
    F.PREVIOUS: "precedente precedenti",
    F.PLEASE: "prego preghiamo prega cortesemente chiediamo gentilmente",
    F.MUST: "deve attendiamo attesa",
    F.OPTIONAL: "non_riceve non_puo_ricevere domande esiti esitare sondaggio assistenza",
    F.REMINDER: "promemoria sollecito ultimo_avviso ricordiamo",
    F.SILENCE: "nessuna_risposta non_abbiamo_ricevuto senza_risposta non_abbiamo_ancora",
    F.PASSING: "per_ora per_il_momento ",
    F.AWAY: "dalla_rete offline",
}  # fmt: skip
