"""The words of abuse in German, French, Italian, Portuguese and Spanish: they mean the same in all of them."""

from collections.abc import Mapping

HARM: Mapping[str, str] = {
    "dos_reflector": "amplificacion reflexion amplification reflexion verstarkung amplificacao",
    "dos": "dienstverweigerung denegacion_de_servicio negacao_de_servico deni_de_service ddos inundacion",
    "open_proxy": "proxy_abierto proxy_aberto proxy_ouvert offener_proxy offenen_proxy open-proxy proxy_aperto "
    "open_proxy",
    "crypto_mining": "mineria mineracao minage mining kryptowahrung criptomonedas criptomoedas cryptomonnaie "
    "krypto-mining criptominado",
    "intrusion_attempt": "intrusion intrusiones intrusao intrusoes einbruchsversuche eindringversuche fuerza_bruta "
    "forca_bruta force_brute brute-force brute-force-angriffe sin_autorizacion sem_autorizacao sans_autorisation "
    "ohne_autorisierung anmeldeversuche einbruchsversuch intrusioni unbefugten_zugriff ssh-anmeldeversuche "
    "brute_force forza_bruta",
    "port_scanning": "escaneo escaneos varredura varreduras portscan portscans port-scan port-scans balayage scan "
    "scans scansione scanning scansioni scannt gescannt escaneando",
    "phishing": "phish* hameconnage",
    "email_spam": "spam correo_no_deseado pourriel spamming unerwunschte",
    "botnet": "botnet c2 botnetz",
    "malware": "malware schadsoftware virus trojaner maliciel logiciel_malveillant",
    "copyright_dmca": "urheberrecht* derechos_de_autor direitos_autorais droit_d'auteur dmca copyright",
}  # fmt: skip
