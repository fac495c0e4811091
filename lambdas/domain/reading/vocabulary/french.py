"""French."""

from lambdas.domain.reading.vocabulary.feature import Feature, Rows

F = Feature

MARKERS = "les des vous nous est votre pour une avons dans sur cette vos merci nos ete"
"""Words that show the language."""

WORDS: Rows = {
    F.WE: "nous je aws",
    F.YOU: "vous",
    F.YOUR: "votre vos",
    F.CUT: "bloque bloquee bloques bloquees isole isolee isoles isolees suspendu suspendue suspendus suspendues "
    "arrete arretee arretes desactive desactivee coupe coupee restreint restreinte revoque revoquee deconnecte "
    "deconnectee interrompu bloquer isoler suspendre arreter stoppe stoppee",
    F.UNDO: "leve levee leves levees retabli retablie retablis restaure restauree debloque debloquee reactive "
    "reactivee retire supprimee",
    F.CLOSE: "clos close cloture cloturee ferme fermee resolu resolue cloturons fermons cloturer fermer classe",
    F.CONSIDER: "considerons considere considerer",
    F.RETRACT: "retiree annulee ignorer annulons tenir_compte retirons sans_objet",
    F.SEND: "envoye envoyee adresse adressee emis emise signale signalee transmis transmise",
    F.MISTAKEN: "par_erreur a_tort faux_positif erronee erreur_de_notre fausse_alerte errone",
    F.RECEIVE: "recu recue recus parvenu parvenus recevons",
    F.OBSERVE: "detecte detectee observe observee constate constatee identifie identifiee implique impliquee "
    "constatons observons remarque releve",
    F.MEND: "supprime supprimee nettoye securise corrige remplace arrete suppression pris supprimer corriger resilie "
    "revoque rotation traite desactive intervention",
    F.CEASE: "cesse arrete pris_fin",
    F.REQUEST: "repondre confirmer indiquer fournir preciser communiquer transmettre decrire contacter envoyer "
    "expliquer repondez confirmez indiquez fournissez precisez communiquez reponse informer",
    F.THANK: "merci remercions remercier",
    F.SAY: "dites indique_que affirmez ecrivez mentionnez selon_vous declarez nous_avez ecrit signalez",
    F.SEE: "confirmons constatons verifie voyons",
    F.REOPEN: "rouvert rouverte reouvert rouvrons rouvrir",
    F.CASE: "dossier cas ticket incident notification demande affaire avis enquete signalement probleme",
    F.RESOURCE: "instance instances serveur ressource ressources machine hote adresse ip ec2",
    F.ACCOUNT: "compte comptes",
    F.KEY: "cle cles identifiants identification_de mot_de_passe akia*",
    F.CONTENT: "contenu url site page fichier",
    F.TRAFFIC: "trafic port ports reseau connexions connexion sortant sortants entrant sortante",
    F.ACCESS: "acces permissions",
    F.LIMIT: "blocage restriction restrictions limitation limitations isolement suspension mesure quarantaine "
    "mesures",
    F.REPORT: "signalement signalements plainte plaintes rapport rapports",
    F.ANSWER: "reponse retour message",
    F.ACTION: "action actions mesure mesures demarche rien intervention",
    F.NEEDED: "requise necessaire requis necessaires attendue nest attendu faire",
    F.ACTIVITY: "activite activites comportement tentatives attaques abus evenements",
    F.EXPOSED: "public publique publiquement publiee exposee expose divulguee exposees",
    F.COMPROMISED: "compromis compromise compromises suspecte suspectes inhabituelle inhabituelles non_autorise "
    "tiers non_autorisee non_autorisees frauduleuse irreguliere anormale indument",
    F.VIOLATION: "abusif abusive violation infraction enfreint",
    F.NOT: "pas ne n aucune aucun sans ni jamais rien plus",
    F.IF: "si sauf defaut_de",
    F.ONCE: "des_que une_fois",
    F.WHEN: "avant apres lorsque quand afin pour_que pour_pouvoir",
    F.MAY: "pouvons peut pourrait pourrions peuvent pourraient devons susceptible puissions risque",
    F.WILL: "allons sera seront va procederons",
    F.NOW: "desormais maintenant present",
    F.BUT: "mais toutefois cependant neanmoins pourtant",
    F.BE: "est sont ete etait etes etaient",
    F.HAVE: "avons a ont ai avez",
    F.STILL: "toujours encore continue continuent persiste persistent poursuit poursuivent repris nouveau",
    F.REMAIN: "reste restent demeure demeurent maintenue maintenues maintenu maintenons vigueur",
    F.NEW: "nouveau nouveaux nouvelle nouvelles autre supplementaire supplementaires",
    F.PREVIOUS: "precedent precedente precedents ancien",
    F.PLEASE: "veuillez merci_de prions priere demandons",
    F.MUST: "devez attendons attente besoin necessitons demandons",
    F.OPTIONAL: "ne_recoit n_accepte adresse_d'envoi pas_recevoir adresse_qui questions hesitez hesiter enquete_de "
    "aide",
    F.REMINDER: "rappel relance relancons revenons dernier_avis suivi derniere_notification second_avis",
    F.SILENCE: "faute_de_reponse sans_reponse pas_recu_de aucune_reponse pas_recu_votre pas_encore_recu "
    "aucun_retour sans_retour",
    F.PASSING: "pour_le_moment pour_l'instant provisoirement pour_linstant",
    F.AWAY: "du_reseau hors_ligne",
    F.WHILE: "alors",
}  # fmt: skip
