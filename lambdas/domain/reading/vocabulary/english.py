"""English. Verbs are given in their base form; `lexicon` inflects them."""

from collections.abc import Mapping

from lambdas.domain.reading.vocabulary.feature import Feature, Rows

F = Feature

IRREGULAR: Mapping[str, str] = {
    "take": "took taken", "put": "put", "cut": "cut", "shut": "shut", "freeze": "froze frozen", "find": "found",
    "see": "saw seen", "send": "sent", "say": "said", "tell": "told", "write": "wrote written", "hold": "held",
    "undo": "undid undone", "withdraw": "withdrew withdrawn", "understand": "understood", "bring": "brought",
    "give": "gave given", "let": "let", "rebuild": "rebuilt", "set": "set", "make": "made", "get": "got gotten",
    "become": "became become", "think": "thought", "feel": "felt", "hear": "heard",
}  # fmt: skip
DOUBLED = frozenset(("stop", "submit", "ban", "unplug", "shut", "cut", "drop", "put", "get", "let", "set", "wrap"))

VERBS: Rows = {
    F.CUT: "block isolate suspend quarantine disable revoke stop terminate restrict null-route nullroute null_route "
    "blackhole sinkhole throttle rate_limit rate-limit deactivate disconnect detach freeze pause lock ban halt "
    "unplug shut_down power_off take_offline take_down cut_off shut_off turn_off switch_off bring_down drop fence "
    "segregate cap",
    F.APPLY: "apply place impose attach implement put introduce enforce",
    F.UNDO: "lift restore reinstate unblock unsuspend unlock revert undo re-enable reenable reactivate re-activate "
    "unfreeze release relax roll_back reverse free",
    F.REMOVE: "remove withdraw",
    F.CLOSE: "close resolve complete conclude settle finalize finalise archive wrap_up",
    F.CONSIDER: "consider treat regard deem",
    F.RETRACT: "retract withdraw rescind disregard void cancel ignore",
    F.SEND: "send issue generate flag open create identify include list notify raise attribute associate implicate",
    F.RECEIVE: "receive get hear",
    F.OBSERVE: "detect observe identify find discover notice register record implicate trace see involve "
    "become_aware suspect determine",
    F.MEND: "delete rotate patch clean clean_up secure remediate mitigate fix address rebuild replace resolve "
    "take_care_of take_action act harden update terminate stop disable remove isolate block shut_down take_down "
    "deactivate close upgrade reinstall eliminate contain handle correct purge revoke",
    F.CEASE: "cease stop subside die_down end halt",
    F.REQUEST: "reply respond answer provide confirm tell share describe explain submit clarify let_us_know contact "
    "write inform advise get_back furnish detail outline send update_us report_back complete",
    F.SAY: "tell say state mention write claim indicate inform explain describe note assert believe think feel argue",
    F.SEE: "see confirm note understand verify acknowledge observe notice check",
    F.REOPEN: "reopen re-open",
    F.NEEDED: "need require",
    F.THANK: "appreciate thank",
}  # fmt: skip

WORDS: Rows = {
    F.WE: "we i aws amazon trust_&_safety abuse_team our_team the_team",
    F.YOU: "you",
    F.YOUR: "your yours you've",
    F.SAY: "reported according_to",
    F.SEND: "reported",
    F.MISTAKEN: "in_error by_mistake by_error mistakenly erroneously incorrectly wrongly false_positive "
    "false_positives false_alarm misattributed misidentified wrong_customer wrong_account wrong_party "
    "an_error_on_our unfounded not_yours unrelated_to_your",
    F.THANK: "thanks grateful",
    F.CASE: "case cases ticket tickets issue issues investigation investigations inquiry matter matters incident "
    "notice notification it",
    F.RESOURCE: "instance instances instance(s) server servers resource resources resource(s) machine machines host "
    "hosts system systems vm ip ips address addresses node nodes ec2 workload eip",
    F.ACCOUNT: "account accounts",
    F.KEY: "key keys key(s) credential credentials credential(s) password passwords akia*",
    F.CONTENT: "content url urls site sites website websites page pages bucket buckets distribution domain domains "
    "link file files image images material",
    F.TRAFFIC: "traffic port ports network networks connection connections outbound inbound egress ingress internet "
    "connectivity packets sending smtp",
    F.ACCESS: "access ability permissions privileges",
    F.LIMIT: "block blocks restriction restrictions restriction(s) limits limitation limitations isolation "
    "quarantine suspension mitigation mitigations hold throttle throttling filter filters null-route null_route "
    "nullroute ban lock measure measures deny_policy awscompromisedkeyquarantine*",
    F.REPORT: "report reports report(s) complaint complaints",
    F.ANSWER: "response responses reply replies answer answers correspondence from_you back_from_you",
    F.ACTION: "action actions step steps anything nothing follow-up",
    F.NEEDED: "necessary",
    F.ACTIVITY: "attack attacks activity activities behavior behaviour attempts requests events usage logins calls "
    "abuse abusive",
    F.EXPOSED: "published exposed exposure leaked leak publicly posted disclosed available_online public_repository",
    F.COMPROMISED: "not_create not_launch not_recognize not_recognise not_authorize not_authorise compromised "
    "compromise compromises inappropriately_accessed suspicious irregular anomalous unusual unwanted unauthorized "
    "unauthorised hijacked taken_over third_party third-party breached stolen malicious unrecognized unrecognised "
    "fraudulent misused",
    F.VIOLATION: "within_our_aup within_the_aup within_our_acceptable within_the_acceptable abusive violation "
    "violations violating violate violates abuse infringing malicious",
    F.NOT: "within_our_aup within_the_aup within_our_acceptable within_the_acceptable not no never without unable "
    "neither nor none nobody no_longer any_longer",
    F.IF: "if unless whenever whether in_case provided should_you in_the_event assuming failure_to were_you "
    "depending",
    F.ONCE: "once as_soon_as",
    F.WHEN: "until pending before after when upon in_order_to so_that so_we why how to_resolve to_close to_have "
    "to_avoid to_prevent by_the_time prior_to to_help",
    F.MAY: "may might can could would should possible possibly ca cannot ability_to risk result_in lead_to wish",
    F.WILL: "will shall going_to plan plans intend intends about_to wo scheduled",
    F.NOW: "now hereby go_ahead",
    F.TO: "to",
    F.BUT: "but however yet although though nevertheless nonetheless instead",
    F.BE: "is are was were been be being am",
    F.HAVE: "have has had having",
    F.STILL: "still continue continues continued continuing ongoing persist persists persisted again resumed "
    "restarted recurring recurred unabated keeps go_on goes_on going_on came_back come_back has_not_stopped "
    "carries_on started_again not_ceased",
    F.REMAIN: "remain remains remained remaining stay stays stayed in_place in_force in_effect",
    F.NEW: "new another additional further fresh more_reports more_complaints different second",
    F.PREVIOUS: "previous previously earlier prior other last former first old unrelated separate",
    F.PLEASE: "please kindly",
    F.MUST: "must required needs need have_to ask request asks requested waiting wait await awaiting look_forward "
    "looking_forward would_like_to_know",
    F.OPTIONAL: "feel_free hesitate questions concerns question assistance would_like need_help need_assistance "
    "anything_else feedback survey experience do_not_reply cannot_accept",
    F.REMINDER: "reminder follow_up following_up follow-up followup remind second_notice third_notice last_notice "
    "final_notice final_warning last_warning recently_sent reaching_out_again checking_in outstanding "
    "final_reminder",
    F.SILENCE: "still_no_answer still_no_reply still_no_response",
    F.PASSING: "for_now for_the_time_being for_the_moment",
    F.AWAY: "from_the_network offline from_the_internet off_the_network off_the_internet out_of_service "
    "from_our_network",
    F.WHILE: "while although though even_though since",
}  # fmt: skip

HARM: Mapping[str, str] = {
    # By abuse type. Where a text speaks of several, the first of these counts.
    "model_policy": "third-party_models bedrock model_provider foundation_model foundation_models",
    "vulnerability": "vulnerability_report reported_vulnerability",
    "dos_reflector": "open_resolver open_resolvers open_dns open_recursive recursive_resolver dns_resolver "
    "dns_resolvers open_ntp open_memcached reflection reflector reflected reflective amplification amplify "
    "amplifier amplifying",
    "dos": "denial_of_service denial-of-service dos ddos packet_flood udp_flood syn_flood flood flooding flooded "
    "floods",
    "open_proxy": "open_proxy open_proxies open-proxy anonymous_proxy socks_proxy",
    "crypto_mining": "mining miner miners cryptomining cryptojacking cryptocurrency crypto-mining bitcoin coinhive "
    "xmrig monero cryptominer cryptominers",
    "intrusion_attempt": "intrusion intrusions brute_force brute-force bruteforce brute_forcing brute-forcing "
    "hacking credential_stuffing exploits exploitation exploiting without_authorization without_authorisation "
    "ssh_attempts login_attempts sql_injection break-in password_guessing unauthorized_login unauthorized_logins "
    "log-in_attempts exploit_attempts",
    "port_scanning": "port_scan port_scans port_scanning scanning scans scan portscan port-scanning port-scan "
    "probing probes scanned",
    "phishing": "phish* credential_harvesting",
    "spam_website": "spam_website spam_websites spamvertised forum_spam comment_spam spam_site spam_url",
    "email_spam": "spam spamming unsolicited bulk_mail bulk_email bulk_e-mail junk_mail",
    "botnet": "botnet botnets command_and_control command-and-control c2 c&c bots",
    "malware": "malware virus trojan ransomware malicious_software malicious_code malicious_file malicious_files",
    "copyright_dmca": "dmca copyright copyrighted trademark counterfeit infring* takedown intellectual_property",
    "illegal_content": "illegal csam child_abuse personally_identifiable carding terroris*",
}  # fmt: skip
