"""The defences of docs/threat-model.md: how each is taken away, to see that the test of its row then fails.

    python -m tests.docs.defences [WORDS]    all of them, or those whose test or file holds these words (minutes)

It works in a copy of the repository. A defence whose test still passes proves nothing.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "node_modules", "__pycache__", "cdk.out*", ".*_cache")


class Defence(NamedTuple):
    """`test` proves it, and fails if `old` in `file` becomes `new`."""

    test: str
    file: str
    old: str
    new: str


DOORS = "tests/permissions/test_doors.py::test_nobody_forges_whatever_their_own_policies_allow"
NEVER = "tests/permissions/test_least_privilege.py::test_nobody_who_acts_by_himself_can"

DEFENCES = (
    # Doors
    Defence(
        f"{DOORS}[send SES's word-as it comes]",
        "stacks/intake_queue.py",
        '"NobodyElseSends", ["sqs:SendMessage"]',
        '"NobodyElseSends", ["sqs:PurgeQueue"]',
    ),
    Defence(
        f"{DOORS}[send an event as if another rule had-as it comes]",
        "stacks/intake_queue.py",
        'conditions={"StringNotEquals": unless},',
        'conditions={"Null": {next(iter(unless)): "true"}},',
    ),
    Defence(
        f"{DOORS}[delete a notice-as it comes]",
        "stacks/intake_queue.py",
        '"sqs:DeleteMessage", "sqs:PurgeQueue", "sqs:ReceiveMessage"]',
        '"sqs:PurgeQueue", "sqs:ReceiveMessage"]',
    ),
    Defence(
        f"{DOORS}[send a dead letter-as it comes]",
        "stacks/intake_queue.py",
        "for queue, sources in ((self.queue, senders), (self.dead_letters, [*senders, self.queue.queue_arn])):",
        "for queue, sources in ((self.queue, senders),):",
    ),
    Defence(
        "tests/lambdas/start/test_redrive_dead_letters.py"
        "::test_a_message_that_failed_in_a_queue_of_somebody_else_is_refused",
        "lambdas/start/redrive_dead_letters.py",
        "_refuse_other_queues(message, config.intake_queue)",
        "pass",
    ),
    Defence(
        f"{DOORS}[publish what has arrived-as it comes]",
        "stacks/mailbox.py",
        'sid="NobodyElsePublishes",\n                effect=iam.Effect.DENY,',
        'sid="NobodyElsePublishes",\n                effect=iam.Effect.ALLOW,',
    ),
    Defence(
        f"{DOORS}[write a mail-as it comes]",
        "stacks/mailbox.py",
        'deny_writes(self.bucket, f"{MAIL_PREFIX}*", sid="NobodyElseWrites", unless={"aws:SourceArn": rule})',
        "pass",
    ),
    Defence(
        f"{DOORS}[write an event-as it comes]",
        "stacks/mailbox.py",
        'deny_writes(self.bucket, f"{prefix}*", sid="OneFunctionWrites", unless={"aws:PrincipalArn": role})',
        "pass",
    ),
    Defence(
        f"{DOORS}[replicate a mail into the bucket-as it comes]",
        "stacks/bucket.py",
        '["s3:PutObject", "s3:ReplicateObject"]',
        '["s3:PutObject"]',
    ),
    Defence(
        f"{DOORS}[write evidence-as it comes]",
        "stacks/case_storage.py",
        'deny_writes(self.evidence, "*", sid="TwoFunctionsWrite", unless={"aws:PrincipalArn": roles})',
        "pass",
    ),
    Defence(
        "tests/permissions/test_doors.py::test_each_writer_may_write_what_it_is_for_and_no_other_role_may[as it comes]",
        "stacks/case_storage.py",
        'deny_writes(self.evidence, PAGE_KEYS, sid="OneWritesPages", unless={"aws:PrincipalArn": roles[1]})',
        "pass",
    ),
    Defence(
        "tests/domain/intake/test_arrival.py::test_nothing_but_a_hash_is_submitted",
        "lambdas/domain/intake/arrival.py",
        'if not re.fullmatch("[0-9a-f]{64}", digest):',
        "if not digest:",
    ),
    Defence(
        "tests/domain/intake/test_arrival.py::test_anything_else_is_refused",
        "lambdas/domain/intake/arrival.py",
        "if not arrival.key.startswith(MAIL_PREFIX):",
        "if False:",
    ),
    Defence(
        "tests/domain/intake/test_arrival.py::test_a_mail_in_a_foreign_bucket_is_refused_by_both_names",
        "lambdas/domain/intake/arrival.py",
        "if arrival.bucket != bucket:",
        "if False:",
    ),
    Defence(
        "tests/domain/reading/test_sources.py::test_a_submitted_file_cannot_speak_for_ses",
        "lambdas/domain/reading/sources.py",
        'return b"X-Submitted: by an admin\\r\\n" + raw if arrival.is_submitted else raw',
        "return raw",
    ),
    Defence(
        "tests/domain/reading/test_sources.py::test_a_mail_cannot_come_in_by_the_other_door",
        "lambdas/domain/reading/sources.py",
        "return _BY_HEALTH if arrival.is_health_event else prove(",
        "return _BY_HEALTH if b'aws.health' in raw else prove(",
    ),
    # Who sends it
    Defence(
        "tests/domain/reading/test_proof.py::test_a_from_that_is_not_one_clean_mailbox_proves_nothing",
        "lambdas/domain/intake/mail_address.py",
        'return (mailbox[1] or mailbox[2]).lower() if mailbox else ""',
        'return next(iter(parse_addresses(from_field)), "")',
    ),
    Defence(
        "tests/domain/reading/test_proof.py::test_what_ses_checked_must_be_the_domain_in_from",
        "lambdas/domain/reading/proof.py",
        "if ses.dmarc_from and not _is_checked_for(ses.dmarc_from, domain):",
        "if False:",
    ),
    Defence(
        "tests/domain/reading/test_proof.py::test_the_verdict_outweighs_the_header",
        "lambdas/domain/reading/proof.py",
        'if verdicts and verdicts.dmarc.upper() != "PASS":',
        "if False:",
    ),
    Defence(
        "tests/domain/reading/test_proof.py::test_results_below_the_block_of_ses_count_for_nothing",
        "lambdas/domain/reading/authentication.py",
        'if name not in left or (name == "received" and not _BY_SES.search(value)):\n            break',
        'if name not in left or (name == "received" and not _BY_SES.search(value)):\n            continue',
    ),
    Defence(
        "tests/domain/reading/test_proof.py::test_the_ring_of_the_sender_decides_what_its_mail_may_do",
        "lambdas/domain/intake/mail_address.py",
        "return SenderRing.OTHER_AMAZON if is_aws_address(address) else SenderRing.NOBODY",
        "return SenderRing.ABUSE_DESK if is_aws_address(address) else SenderRing.NOBODY",
    ),
    Defence(
        "tests/domain/reading/test_proof.py::test_without_a_signature_of_its_own_domain_no_mail_contains",
        "lambdas/domain/reading/proof.py",
        "if any(_is_checked_for(signer, domain) for signer in signers):",
        "if True:",
    ),
    Defence(
        "tests/domain/reading/test_proof.py::test_a_signature_of_aws_must_cover_what_the_text_is_read_as",
        "lambdas/domain/reading/proof.py",
        "if why := _uncovered(header, covered):",
        "if why := None:",
    ),
    Defence(
        "tests/domain/reading/test_proof.py::test_what_a_signature_must_be_to_count",
        "lambdas/domain/reading/proof.py",
        'return phrase("proof:partial") if signature.partial else _uncovered(header, signature.covers)',
        "return _uncovered(header, signature.covers)",
    ),
    Defence(
        "tests/domain/reading/test_proof.py::test_a_doubled_field_proves_nothing",
        "lambdas/domain/reading/proof.py",
        "if len(header.all(name)) > 1:",
        "if False:",
    ),
    Defence(
        "tests/domain/reading/test_attacks.py::test_the_attack_is_held",
        "lambdas/domain/reading/proof.py",
        "if is_aws_domain(domain) and not (vouched and _passes_on_a_notice(raw, sender)):",
        "if is_aws_domain(domain):",
    ),
    Defence(
        "tests/domain/reading/test_proof.py::test_nothing_else_is_checked",
        "lambdas/domain/reading/proof.py",
        "if len(notices) == 1 and notices[0].direct else ()",
        "if notices and notices[0].direct else ()",
    ),
    Defence(
        "tests/lambdas/test_signatures.py::test_a_mail_of_nobody_we_know_is_not_looked_into",
        "lambdas/domain/reading/proof.py",
        "elif sender not in trust.admins:",
        "elif not sender:",
    ),
    Defence(
        "tests/domain/test_policy.py::test_mail_of_amazons_other_senders_is_asked_about_at_most",
        "lambdas/domain/policy.py",
        "if proof.may_contain:\n        return []",
        "if proof.kind is ProofKind.AWS:\n        return []",
    ),
    Defence(
        "tests/domain/test_policy.py::test_a_trusted_forwarder_neither_ends_a_case_nor_outweighs_another_question",
        "lambdas/domain/policy.py",
        "doubts = _not_from_aws(proof)\n",
        "doubts = _unproven(proof, circumstances)\n",
    ),
    # What a genuine notice may lead to
    Defence(
        "tests/domain/test_policy.py::test_a_protected_instance_is_never_contained",
        "lambdas/domain/policy.py",
        "if circumstances.protect_tag in found.tags:",
        "if False:",
    ),
    Defence(
        "tests/domain/test_policy.py::test_an_instance_must_be_in_an_account_of_ours_that_the_notice_names",
        "lambdas/domain/policy.py",
        "if notice.account_ids and found.account_id not in notice.account_ids:",
        "if False:",
    ),
    Defence(
        "tests/domain/test_policy.py::test_only_who_held_an_address_of_aws_s_own_words_is_as_good_as_named",
        "lambdas/domain/policy.py",
        "if not found.found_by or confirmed_address(found.found_by):",
        "if True:",
    ),
    Defence(
        "tests/domain/test_policy.py::test_what_isolation_does_not_stop_is_asked",
        "lambdas/domain/policy.py",
        "doubts = [ASK_FIRST[notice.abuse_type]] if notice.abuse_type in ASK_FIRST else []",
        "doubts = list[Phrase]()",
    ),
    Defence(
        "tests/domain/test_policy.py::test_example",
        "lambdas/domain/policy.py",
        "elif (age := circumstances.received_at - notice.sent_at) > MAX_NOTICE_AGE:",
        "elif (age := circumstances.received_at - notice.sent_at) > 99 * MAX_NOTICE_AGE:",
    ),
    Defence(
        "tests/lambdas/read/test_decide.py::test_a_replay_of_the_same_message_under_another_key_is_told",
        "lambdas/domain/policy.py",
        'return [phrase("policy:replay")] if circumstances.already_handled else []',
        "return []",
    ),
    Defence(
        "tests/lambdas/read/test_decide.py::test_the_cap_holds_between_two_executions_at_once",
        "lambdas/read/decide.py",
        "if case_table.take_slot(CONTAINED, _slot(case, instance), now.max_per_hour):",
        "if True:",
    ),
    Defence(
        "tests/lambdas/read/test_decide.py::test_what_aws_health_said_before_a_release_counts_no_more",
        "lambdas/read/decide.py",
        "and all(moment > release for release in released)",
        "and bool(released or True)",
    ),
    # Strangers
    Defence(
        "tests/lambdas/read/test_open_case.py::test_a_stranger_joins_one_case_however_many_numbers_a_mail_names",
        "lambdas/domain/case/authority.py",
        "if not proof.changes_cases:",
        "if False:",
    ),
    Defence(
        "tests/lambdas/read/test_open_case.py::test_aws_writing_to_another_account_has_a_case_of_its_own",
        "lambdas/domain/case/authority.py",
        "if from_health or not notice.account_ids or set(notice.account_ids) & set(accounts):",
        "if True:",
    ),
    Defence(
        "tests/lambdas/read/test_open_case.py::test_a_stranger_joins_no_ended_case",
        "lambdas/read/case_of_notice.py",
        "return known is not None and not known.has_ended and len(strangers) < MAX_IN_CASE",
        "return known is not None and len(strangers) < MAX_IN_CASE",
    ),
    Defence(
        "tests/lambdas/read/test_open_case.py::test_a_case_takes_so_many_mails_of_strangers",
        "lambdas/read/case_of_notice.py",
        "and len(strangers) < MAX_IN_CASE",
        "and len(strangers) < 99 * MAX_IN_CASE",
    ),
    Defence(
        "tests/lambdas/test_case_table.py::test_aws_takes_over_what_a_stranger_has_claimed",
        "lambdas/case_table.py",
        " OR #since < :stale OR #proven = :no",
        " OR #since < :stale OR (#proven = :no AND #case = :case)",
    ),
    Defence(
        "tests/lambdas/test_case_table.py::test_a_claim_of_aws_stands_against_every_stranger",
        "lambdas/case_table.py",
        'ConditionExpression="attribute_not_exists(pk) OR #since < :stale",',
        'ConditionExpression="attribute_not_exists(pk) OR #since > :stale",',
    ),
    Defence(
        "tests/domain/case/test_case.py::test_a_strangers_mail_changes_nothing_of_a_proven_case",
        "lambdas/domain/case/case.py",
        "or (proven and entry.answers_stranger):",
        "or False:",
    ),
    Defence(
        "tests/lambdas/read/test_record_outcomes.py::test_what_an_unproven_mail_asks_shares_one_clock_and_has_no_execution_of_its_own",
        "lambdas/read/record_outcomes.py",
        "    if is_ours:\n        return",
        "    if True:\n        return",
    ),
    Defence(
        "tests/stacks/machines/test_ask.py::test_a_late_yes_works_and_a_late_no_is_noted",
        "lambdas/read/questions.py",
        'key=lambda item: (item["is_ours"], ',
        "key=lambda item: (0, ",
    ),
    Defence(
        "tests/domain/case/test_case.py"
        "::test_without_a_proven_notice_the_first_one_counts_and_later_strangers_change_nothing",
        "lambdas/domain/case/case.py",
        "key=lambda notice: (notice[1].at, _notice_order(notice)))[:1]",
        "key=lambda notice: (notice[1].at, _notice_order(notice)))",
    ),
    Defence(
        "tests/lambdas/read/test_open_case.py::test_what_is_looked_for_and_where_is_bounded",
        "lambdas/read/open_case.py",
        "list(dict.fromkeys(accounts))[:MAX_ACCOUNTS]",
        "list(dict.fromkeys(accounts))",
    ),
    Defence(
        "tests/lambdas/read/test_admit_mail.py::test_so_many_are_told_and_the_others_listed",
        "lambdas/domain/case/unproven_mail.py",
        "MAX_OTHERS: Final = 5",
        "MAX_OTHERS: Final = 500",
    ),
    Defence(
        "tests/lambdas/read/test_admit_mail.py::test_each_instance_of_ours_has_room_that_others_cannot_take",
        "lambdas/domain/case/unproven_mail.py",
        'named = [Lane(f"{LANE_PREFIX}{instance_id}", MAX_FOR_INSTANCE)',
        'named = [Lane(f"{LANE_PREFIX}others", MAX_OTHERS)',
    ),
    Defence(
        "tests/lambdas/read/test_admit_mail.py::test_a_trusted_forwarder_has_room_of_its_own",
        "lambdas/domain/case/unproven_mail.py",
        'forwarded = [Lane(f"{LANE_PREFIX}forwarded", MAX_FORWARDED)] if proof.trusted else []',
        "forwarded = list[Lane]()",
    ),
    Defence(
        "tests/domain/case/test_unproven_mail.py::test_questions_are_reminded_of_after_1_6_and_20_hours_without_sms",
        "lambdas/domain/case/unproven_mail.py",
        "ReminderKind.UNPROVEN_QUESTIONS, sms=False)",
        "ReminderKind.UNPROVEN_QUESTIONS, sms=True)",
    ),
    # Answers
    Defence(
        "tests/domain/answer/test_sent_answer.py::test_only_exact_addresses_of_the_settings_answer_aws",
        "lambdas/domain/answer/sent_answer.py",
        "elif by not in senders:",
        "elif not {by.partition('@')[2]} & {sender.partition('@')[2] for sender in senders}:",
    ),
    Defence(
        "tests/domain/answer/test_sent_answer.py::test_without_proof_it_counts_for_nothing",
        "lambdas/domain/answer/sent_answer.py",
        "elif verdicts is None or not authenticated:",
        "elif False:",
    ),
    Defence(
        "tests/domain/answer/test_sent_answer.py::test_what_no_person_sent_does_not_count",
        "lambdas/domain/answer/sent_answer.py",
        "doubt = _passed_on(header, by) or _automatic(mail)",
        "doubt = _passed_on(header, by)",
    ),
    Defence(
        "tests/domain/answer/test_sent_answer.py::test_a_case_of_the_quoted_report_is_none_of_ours_to_answer",
        "lambdas/domain/answer/sent_answer.py",
        "if case_ids := _case_ids_in(subject):",
        "if case_ids := _case_ids_in(mail_text(mail)):",
    ),
    Defence(
        "tests/domain/answer/test_draft.py::test_an_unproven_mail_gives_no_address",
        "lambdas/domain/answer/draft.py",
        "for received in (received for received in self.proven if received.proof.may_contain):",
        "for received in self.record.notices:",
    ),
    # Signatures
    Defence(
        "tests/lambdas/test_signatures.py::test_what_was_changed_in_an_attached_mail_undoes_the_proof",
        "lambdas/signatures.py",
        "if not mail.verify(index, dnsfunc=lambda *_, **__: key):",
        "if mail.verify(index, dnsfunc=lambda *_, **__: key) is None:",
    ),
    Defence(
        "tests/lambdas/test_signatures.py::test_a_short_key_proves_nothing",
        "lambdas/signatures.py",
        "minkey=LEAST_KEY_BITS",
        "minkey=0",
    ),
    # Text
    Defence(
        "tests/domain/reading/test_reader.py::test_the_limits_are_said",
        "lambdas/domain/reading/mail_parser.py",
        "MOST_PARTS = 100",
        "MOST_PARTS = 100_000",
    ),
    Defence(
        "tests/domain/test_clean.py::test_links_are_defanged",
        "lambdas/domain/clean.py",
        'text = _SCHEME.sub(r"hxxp\\1", text)',
        "pass",
    ),
    Defence(
        "tests/domain/test_clean.py::test_invisible_characters_go",
        "lambdas/domain/clean.py",
        'text = _CONTROLS.sub("", _LINE_ENDS.sub("\\n", text))',
        'text = _LINE_ENDS.sub("\\n", text)',
    ),
    Defence(
        "tests/domain/page/test_page.py::test_no_words_of_others_become_markup",
        "lambdas/domain/page/markup.py",
        "return escape(clean_text(str(words)), quote=True)",
        "return clean_text(str(words))",
    ),
    Defence(
        "tests/domain/test_clean.py::test_links_without_a_scheme_and_links_that_open_a_program_are_defanged",
        "lambdas/domain/clean.py",
        'return _BARE_HOST.sub(lambda host: _BARE_DOT.sub("[.]", host[0]), text)',
        "return text",
    ),
    # What a role that is taken over can do
    Defence(
        f"{NEVER}[attach another group-contain]",
        "stacks/rights/containing.py",
        'allow("OnlyIntoQuarantine", ["ec2:ModifyNetworkInterfaceAttribute"], [group], _QUARANTINE),',
        'allow("OnlyIntoQuarantine", ["ec2:ModifyNetworkInterfaceAttribute"], [group]),',
    ),
    Defence(
        f"{NEVER}[attach another policy-contain]",
        "stacks/rights/containing.py",
        '{"ArnEquals": {"iam:PolicyARN": arns.iam(stack, "policy", DENY_POLICY)}},',
        "{},",
    ),
    Defence(
        f"{NEVER}[give another profile-contain]",
        "stacks/rights/containing.py",
        '{"ArnEquals": {"ec2:NewInstanceProfile": arns.iam(stack, "instance-profile", NO_RIGHTS_PROFILE)}},',
        "{},",
    ),
    Defence(
        f"{NEVER}[lock for longer-contain]",
        "stacks/rights/containing.py",
        '"NumericEquals": {"ec2:SnapshotLockDuration": str(days)},',
        "",
    ),
    Defence(
        "tests/stacks/rights/test_permissions.py::test_protection_is_an_explicit_deny[FunctionsContainRole]",
        "stacks/rights/protecting.py",
        'conditions={"Null": {f"aws:ResourceTag/{settings.protect_tag}": "false"}},',
        'conditions={"Null": {f"aws:ResourceTag/{settings.protect_tag}x": "false"}},',
    ),
    Defence(
        "tests/permissions/test_least_privilege.py"
        "::test_the_protect_tag_denies_every_change_of_what_carries_it[contain-as it comes]",
        "stacks/rights/protecting.py",
        "(?:autoscaling|ec2|elasticloadbalancing|iam)",
        "(?:ec2)",
    ),
    Defence(
        "tests/lambdas/contain/test_unless_protected.py::test_with_the_tag_they_change_nothing_and_say_why",
        "lambdas/contain/__init__.py",
        "unless_protected(leave_load_balancers)",
        "leave_load_balancers",
    ),
    Defence(
        "tests/lambdas/contain/test_start_snapshots.py::test_the_volumes_of_a_protected_instance_are_not_tried_alone",
        "lambdas/contain/start_snapshots.py",
        "if refused and (protected := protected_now(instance)):",
        "if False and (protected := protected_now(instance)):",
    ),
    Defence(
        "tests/lambdas/release/test_protected.py::test_nothing_of_it_is_put_back_and_the_admin_reads_why",
        "lambdas/current_state.py",
        "if (tag := load_config(ProtectTagConfig).protect_tag) in instance.tags:",
        "if (tag := load_config(ProtectTagConfig).protect_tag) is None:",
    ),
    Defence(
        "tests/stacks/rights/test_releasing.py::test_what_the_release_role_can_do",
        "stacks/rights/releasing.py",
        '{"ArnEquals": {"iam:PolicyARN": arns.iam(stack, "policy", DENY_POLICY)}},',
        "{},",
    ),
    Defence(
        "tests/stacks/rights/test_releasing.py::test_no_role_of_the_responder_starts_a_release",
        "stacks/responder.py",
        "release=release if settings.sent_in_error is SentInErrorPolicy.RELEASE else None,",
        "release=release,",
    ),
    Defence(
        "tests/domain/release/test_offer.py::test_each_doubt_is_raised_by_itself_and_beside_others",
        "lambdas/domain/release/offer.py",
        "(ReleaseDoubt.UNPROVEN, not proof.may_contain),",
        "(ReleaseDoubt.UNPROVEN, False),",
    ),
    Defence(
        "tests/stacks/test_credential_deny.py::test_a_named_instance_is_denied_everything",
        "stacks/credential_deny.py",
        "return iam.PolicyStatement(effect=iam.Effect.DENY,",
        "return iam.PolicyStatement(effect=iam.Effect.ALLOW,",
    ),
    Defence(
        "tests/stacks/test_member.py::test_only_one_role_of_the_home_account_may_assume_it",
        "stacks/member.py",
        '"StringEquals": {"sts:ExternalId": self._members.external_id},',
        "",
    ),
    Defence(
        "tests/lambdas/test_aws.py::test_an_account_that_is_no_member_is_refused_before_any_call",
        "lambdas/aws.py",
        "if member not in member_accounts():",
        "if False:",
    ),
    Defence(
        f"{NEVER}[subscribe somebody else-roster]",
        "stacks/rights/subscribing.py",
        '"sns:Endpoint": addresses',
        '"sns:Endpoint": [*addresses, "eve@example.org"]',
    ),
    # Cases and evidence
    Defence(
        "tests/stacks/test_responder.py::test_the_case_table_is_ours_to_read_and_to_restore",
        "stacks/case_storage.py",
        "deletion_protection=True,",
        "deletion_protection=False,",
    ),
    Defence(
        "tests/stacks/test_responder.py::test_evidence_is_written_once",
        "stacks/case_storage.py",
        '"Null": {"s3:if-none-match": "true"},',
        '"Null": {"s3:if-none-match": "false"},',
    ),
    Defence(
        "tests/stacks/test_responder.py::test_evidence_is_locked_for_as_long_as_the_settings_say",
        "stacks/case_storage.py",
        "lock_days=settings.evidence_lock_days,",
        "lock_days=None,",
    ),
    Defence(
        "tests/lambdas/contain/test_collect_evidence.py::test_the_manifest_vouches_for_every_file",
        "lambdas/domain/containment/evidence.py",
        "return hashlib.sha256(body).hexdigest()",
        'return hashlib.sha256(b"").hexdigest()',
    ),
    Defence(
        "tests/lambdas/contain/test_check_quarantine.py"
        "::test_an_interface_that_was_moved_is_left_and_who_moved_it_is_said",
        "lambdas/contain/check_quarantine.py",
        'return check_interfaces(current.state if current else "", reader.interfaces(), reader.quarantine_groups())',
        'return check_interfaces(current.state if current else "", (), reader.quarantine_groups())',
    ),
    Defence(
        "tests/lambdas/contain/test_check_snapshots.py::test_one_that_somebody_deleted_is_told",
        "lambdas/contain/check_snapshots.py",
        'outcome = "failed" if progress.next is SnapshotAction.TELL else "done"',
        'outcome = "done"',
    ),
    # Admins
    Defence(
        "tests/domain/case/test_timeline.py::test_a_name_that_the_desk_passes_on_is_claimed",
        "lambdas/domain/case/timeline.py",
        "return self.kind in _BY_ADMINS and ",
        "return False and ",
    ),
    Defence(
        "tests/domain/case/test_admin_action.py::test_nothing_new_is_decided_in_an_ended_case",
        "lambdas/domain/case/admin_action.py",
        "    if case.instances.get(action.instance) not in _HELD:\n        _refuse_decision(case)\n",
        "",
    ),
    Defence(
        "tests/lambdas/roster/test_check_roster.py::test_who_was_taken_off_is_subscribed_again_as_before",
        "lambdas/roster/check_roster.py",
        '_subscribe(finding, event["execution"]) if finding.undelivered else finding',
        "finding",
    ),
    Defence(
        "tests/domain/admins/test_roster.py::test_who_is_not_in_the_settings_is_named_once_it_is_confirmed",
        "lambdas/domain/admins/roster.py",
        "        if stranger.arn  # SNS",
        "        if False  # SNS",
    ),
    Defence(
        "tests/domain/admins/test_confirmation.py::test_any_other_link_is_refused",
        "lambdas/domain/admins/confirmation.py",
        "if topic not in topics:",
        "if False:",
    ),
    Defence(
        "tests/domain/admins/test_roster.py::test_a_masked_number_hides_all_but_its_ends",
        "lambdas/domain/admins/roster.py",
        'return number[:3] + "*" * max(len(number) - 5, 0) + number[-2:]',
        "return number",
    ),
    Defence(
        "tests/stacks/test_responder.py::test_an_alarm_tells_the_admins_and_means_something",
        "stacks/alarms.py",
        '    "MailNotUnderstood": "A mail came in, but no execution could be started: read the dead letters.",\n',
        "",
    ),
    Defence(
        "tests/domain/reading/test_proof.py::test_domains_of_aws",
        "lambdas/domain/intake/mail_address.py",
        'return ".".join(labels[-2:]) in AWS_DOMAINS',
        "return any(known in domain for known in AWS_DOMAINS)",
    ),
    Defence(
        "tests/domain/case/test_case.py::test_state_and_deadline",
        "lambdas/domain/case/case.py",
        "ordered = by_desk or proven or sorted(notices, key=lambda notice: (notice[1].at, _notice_order(notice)))[:1]",
        "ordered = sorted(notices, key=_notice_order)",
    ),
    Defence(
        "tests/lambdas/read/test_open_case.py::test_an_unproven_mail_adds_no_instance_for_later_notices",
        "lambdas/read/open_case.py",
        """ and item["is_ours"]
    }
    able = [item for item in notices.values() if Proof.from_json(item["proof"]).may_contain]
""",
        """
    }
    able = [*notices.values()]
""",
    ),
    Defence(
        "tests/lambdas/read/test_clocks.py::test_a_mail_that_proves_nothing_sets_no_clock_and_moves_none",
        "lambdas/read/open_case.py",
        '"clocks": list(clocks((case,), arrival.received_at)) if decided else [],',
        '"clocks": list(clocks((case,), arrival.received_at)),',
    ),
    Defence(
        "tests/domain/answer/test_draft.py::test_nothing_foreign_is_a_gap_or_a_line",
        "lambdas/domain/answer/draft.py",
        'return re.sub(r"\\](?=\\])", "] ", re.sub(r"\\[(?=\\[)", "[ ", one_line(text, limit)))',
        "return one_line(text, limit)",
    ),
    Defence(
        "tests/domain/messages/test_message.py::test_every_quoted_line_is_marked",
        "lambdas/domain/clean.py",
        'return "\\n".join(f"> {line}".rstrip() for line in clean_text(text).split("\\n"))',
        "return clean_text(text)",
    ),
    Defence(
        "tests/domain/page/test_page.py::test_its_policy_allows_its_own_style_sheet_alone",
        "lambdas/domain/page/case_page.py",
        "default-src 'none'; style-src",
        "default-src *; style-src",
    ),
    Defence(
        "tests/permissions/test_least_privilege.py::test_nobody_who_acts_by_himself_can[take an admin off-roster]",
        "stacks/rights/subscribing.py",
        '"sns:CheckIfPhoneNumberIsOptedOut",',
        '"sns:CheckIfPhoneNumberIsOptedOut", "sns:Unsubscribe",',
    ),
    Defence(
        "tests/stacks/test_responder.py::test_a_bucket_is_private_encrypted_and_reached_by_tls_only",
        "stacks/bucket.py",
        "encryption=s3.BucketEncryption.KMS,\n        encryption_key=key,",
        "encryption=s3.BucketEncryption.S3_MANAGED,",
    ),
    Defence(
        "tests/domain/case/test_timeline.py::test_a_name_that_the_desk_passes_on_is_claimed",
        "lambdas/domain/case/timeline.py",
        'return self.kind in _BY_ADMINS and "mail" not in self.details and not automatic',
        "return False",
    ),
    Defence(
        "tests/lambdas/test_signatures.py::test_what_cannot_be_restored_is_only_passed_on",
        "lambdas/domain/reading/proof.py",
        'elif "x-original-from" in header and _is_trusted(sender, trust):',
        'elif "x-original-from" in header:',
    ),
    Defence(
        f"{DOORS}[tell the admins something-as it comes]",
        "stacks/admins.py",
        "                    effect=iam.Effect.DENY,",
        "                    effect=iam.Effect.ALLOW,",
    ),
    Defence(
        "tests/domain/reading/test_resource_block.py::test_a_report_adds_no_instance",
        "lambdas/domain/reading/reader.py",
        "own.within(identifiers.find_instance_ids(plain))",
        "identifiers.find_instance_ids(plain)",
    ),
    Defence(
        "tests/domain/reading/test_resource_block.py::test_an_address_that_a_report_names_is_not_aws_s",
        "lambdas/domain/reading/reader.py",
        "own_linked.within(addresses)",
        "addresses",
    ),
    Defence(
        "tests/domain/reading/test_resource_block.py::test_a_report_resolves_nothing",
        "lambdas/domain/reading/reader.py",
        "if kind is not NoticeKind.FIRST_NOTICE and (block := resource_block(words)).labelled:",
        "if False:",
    ),
    Defence(
        "tests/domain/reading/test_other_parts.py::test_a_further_part_names_nothing",
        "lambdas/domain/reading/mail_parser.py",
        "if self.texts and self.in_alternative else None",
        "if self.texts else None",
    ),
    Defence(
        "tests/domain/reading/test_other_parts.py::test_a_block_quotation_is_a_quotation",
        "lambdas/domain/reading/html_text.py",
        '"> " * min(depth, _MOST_QUOTES) + words',
        "words",
    ),
    Defence(
        "tests/domain/reading/test_other_parts.py::test_hidden_html_names_nothing",
        "lambdas/domain/reading/html_text.py",
        "and _HIDDEN.search(attributes)",
        "and False",
    ),
    Defence(
        "tests/domain/reading/test_resource_block.py::test_a_report_names_neither_case_nor_account",
        "lambdas/domain/reading/reader.py",
        'case_end = own.end if values.names("case_numbers") else len(words)',
        "case_end = len(words)",
    ),
    Defence(
        "tests/domain/reading/test_report.py::test_report_moves_nothing",
        "lambdas/domain/reading/health_event.py",
        "if tried == _MOST_TRIES or not is_heading(text[: match.start()]):",
        "if tried == _MOST_TRIES:",
    ),
    Defence(
        "tests/domain/reading/test_abuse_report.py::test_it_fills_no_gap_of_the_notice",
        "lambdas/domain/reading/reader.py",
        "    return bounded(notice)\n\n\ndef _quoted_texts",
        "    claimed = notice.report.abuse_type if notice.report else None\n"
        "    return bounded(replace(notice, abuse_type=notice.abuse_type or claimed))\n\n\ndef _quoted_texts",
    ),
    Defence(
        "tests/domain/reading/test_abuse_report.py::test_of_json_only_so_many_tokens_are_read",
        "lambdas/domain/reading/xarf.py",
        "islice(_TOKEN.finditer(text, start), _MOST_TOKENS)",
        "_TOKEN.finditer(text, start)",
    ),
    Defence(
        "tests/domain/test_policy.py::test_what_aws_names_beside_an_instance_must_be_its_own[another Region]",
        "lambdas/domain/policy.py",
        "if not notice.regions or found.region in notice.regions:",
        "if True:",
    ),
    Defence(
        "tests/domain/test_policy.py::test_what_aws_names_beside_an_instance_must_be_its_own[another address]",
        "lambdas/domain/policy.py",
        "if not named or set(named) & set(found.addresses):",
        "if True:",
    ),
    Defence(
        "tests/domain/reading/test_bounds.py::test_a_mail_with_thousands_of_names_leaves_little",
        "lambdas/domain/reading/bounds.py",
        '"case_numbers": (10, 30),',
        '"case_numbers": (10_000, 30),',
    ),
)


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of the repository that uses the same packages."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "repository"
        shutil.copytree(ROOT, copy, ignore=_LEFT_OUT)
        for name in (".venv", "node_modules"):
            (copy / name).symlink_to((ROOT / name).resolve())
        yield copy


def fails_without(defence: Defence, copy: Path) -> str:
    """Take the defence away in a copy and run its test: "" if it fails as it should, otherwise what happened."""
    file = copy / defence.file
    text = file.read_text()
    if text.count(defence.old) != 1:
        return f"{defence.file} has what is to be replaced {text.count(defence.old)} times"
    file.write_text(text.replace(defence.old, defence.new))
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", defence.test]
        run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    finally:
        file.write_text(text)
    failed = run.returncode == 1 and "FAILED" in run.stdout
    return "" if failed else f"pytest ended with {run.returncode}: {run.stdout.strip()[-300:]}"


def sweep(defences: Iterable[Defence]) -> int:
    """Print each that holds nothing; 1 if there is one."""
    wrong = 0
    with copied() as copy:
        for defence in defences:
            problem = fails_without(defence, copy)
            wrong += bool(problem)
            print(f"{'NOT PROVEN' if problem else 'proven':10}  {defence.test}", flush=True)
            if problem:
                print(f"            {problem}")
    print(f"{wrong} not proven")
    return int(bool(wrong))


if __name__ == "__main__":
    words = sys.argv[1] if len(sys.argv) > 1 else ""
    sys.exit(sweep(entry for entry in DEFENCES if words in entry.test or words in entry.file))
