"""`desk reply CASE`: a draft of the answer to AWS from what was read back. The responder sends nothing."""

import webbrowser
from datetime import datetime
from typing import TextIO

from desk.case_reader import CaseReader, as_json
from desk.deployed import explain_aws_errors, intake_address
from desk.errors import DeskError
from desk.live_instances import read_live_states
from lambdas.domain.answer.draft import AnswerDraft, AnswerVariant, draft_answer
from lambdas.domain.answer.mailto import MailtoLink, mailto


def reply(
    case: str, out: TextIO, now: datetime, *, variant: AnswerVariant | None, link: bool, open_mail: bool, json: bool
) -> int:
    """Print the draft and its gaps, or only its `mailto:` link; with `open_mail` open the link too.

    Raises DeskError if AWS refuses, or if no mail program can be opened.
    """
    with explain_aws_errors("Look"):
        reader = CaseReader()
        record = reader.case_record(case)
        draft = draft_answer(record, read_live_states(record), now, variant=variant, cc=intake_address())
    mail_link = mailto(draft)
    if json:
        content = {
            "case": record.case.id,
            **draft.to_json(),
            "mailto": mail_link.url,
            "mailto_is_whole": mail_link.has_body,
        }
        print(as_json(content), file=out)
    elif link:
        print(mail_link.url, file=out)
    else:
        print(_page(draft, mail_link, opening=open_mail), file=out)
    if open_mail and not webbrowser.open(mail_link.url):
        raise DeskError("no mail program could be opened here: copy the draft above into a new mail")
    return 0


def _page(draft: AnswerDraft, mail_link: MailtoLink, *, opening: bool) -> str:
    """The draft between two lines, followed by the notes that are not to be sent."""
    rule = "-" * 72
    lines = [rule, draft.text.rstrip(), rule, "", f"This is the variant {draft.variant}. Others: --variant"]
    lines[-1] += f" {', '.join(variant for variant in AnswerVariant if variant is not draft.variant)}"
    lines += ["Nothing has been sent. Before you send it, fill in:"]
    lines += [f"  {gap}" for gap in draft.gaps]
    lines += ["", *[f"- {advice}" for advice in draft.advice]]
    if opening and not mail_link.has_body:
        lines.append("- It is too long for a link: paste the text above into the mail that opens.")
    return "\n".join(lines)
