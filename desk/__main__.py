"""`python -m desk VERB …`: what an admin runs. Each verb is one module."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from desk.errors import DeskError
from desk.rehearsal.stories import MISSION, STORIES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the result is the exit status. 0 done, 1 not as it should be, 2 bad input, 130 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except DeskError as error:
        print(f"desk {options.verb}: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.split(".")[0] in {"desk", "lambdas"}:
            raise
        print(
            f"desk {options.verb}: {missing.name} is not installed for {sys.executable}. Run `make setup` "
            "(`make rehearse` for the rehearsal), then use .venv/bin/python -m desk.",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print(f"desk {options.verb}: interrupted, nothing is left running", file=sys.stderr)
        return 130


def _parser(prog: str = "python -m desk") -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="The desk of abuse-responder.",
        epilog=_examples(
            ("what is open, the most urgent first", "cases"),
            ("all about a case, with its instances as they are now", "show 12480031774"),
            ("what a mail says, without AWS", "read --explain mail.eml"),
            ("more about a verb", "show --help"),
        ),
        formatter_class=_Help,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    _verbs_that_read_cases(verbs)
    _completion_verb(verbs)

    rehearse = verbs.add_parser(
        "rehearse",
        help="do the main job on this machine, on emulated services",
        description="Deploy the responder to emulators, hand in a mail and show what happens. Without MAIL: a whole "
        f"story, by default {MISSION.name}, in which admins act at the desk and the clock strikes within seconds.",
        epilog="stories:\n" + "\n".join(f"  {story.name}\n    {story.about}" for story in STORIES.values()),
        formatter_class=_Help,
    )
    played = rehearse.add_mutually_exclusive_group()
    played.add_argument(
        "mail", nargs="?", type=Path, metavar="MAIL", help="a mail as it was stored (.eml), or a Health event (.json)"
    )
    played.add_argument(
        "--story",
        action="append",
        choices=tuple(STORIES),
        metavar="NAME",
        help="play this story; more than once: one after the other",
    )
    rehearse.add_argument("--json", type=Path, metavar="FILE", help="write what was read back to FILE")
    rehearse.add_argument("--keep", action="store_true", help="leave the emulators up until Ctrl-C, print where")
    rehearse.set_defaults(run=_rehearse)

    read = verbs.add_parser(
        "read",
        help="print what mails say, one JSON object a line",
        description="Read mails as the responder does and print one JSON object a line. With --explain: a page for "
        "people, with every value where it was found, who vouches for the mail, and what would be done.",
    )
    read.add_argument("mails", nargs="+", type=Path, metavar="MAIL")
    read.add_argument("--explain", action="store_true", help="explain each mail to a person instead")
    read.add_argument("--dns", action="store_true", help="with --explain: check signatures, with keys from DNS")
    read.set_defaults(run=_read)

    submit = verbs.add_parser(
        "submit",
        help="hand in a mail that reached somebody else",
        description="Store a mail in the deployed responder's bucket and have it answered as if it had come in. "
        "Only its own signature shows that it is from AWS; without one, an admin is asked.",
    )
    submit.add_argument("mail", type=Path, metavar="MAIL")
    submit.set_defaults(run=_submit)

    release = verbs.add_parser(
        "release",
        help="put instances back as they were before they were contained",
        description="Show what a release of a case would put back, and with --do put it back: groups, credentials, "
        "Auto Scaling, load balancers, protection, tags. What somebody changed since is shown and left.",
    )
    release.add_argument("case", metavar="CASE", help="the case, as the report names it")
    release.add_argument("instance", nargs="?", metavar="INSTANCE", help="one instance of it; all by default")
    release.add_argument("--do", action="store_true", help="do it; without this nothing is changed")
    release.add_argument("--force", action="store_true", help="put back also what somebody changed since")
    release.add_argument("--json", action="store_true", help="print what was planned or read back as JSON")
    release.set_defaults(run=_release)
    _verbs_that_act(verbs)
    _confirm_verb(verbs)
    return parser


def _confirm_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    confirm = verbs.add_parser(
        "confirm",
        help="confirm that you get the responder's mails",
        description="Confirm a subscription by the link of SNS's confirmation mail, which comes once for the cases and "
        "once for the alarms. The link is read and not opened: the call is signed with your own AWS credentials, so "
        "that later no program that opens the unsubscribe link of a mail takes you off.",
        epilog=_examples(
            (
                "the link as you copied it from the mail, in quotes",
                "confirm 'https://sns.us-east-1.amazonaws.com/confirmation.html?TopicArn=…&Token=…'",
            )
        ),
        formatter_class=_Help,
    )
    confirm.add_argument("link", metavar="LINK", help='the link that the mail calls "Confirm subscription"')
    confirm.add_argument("--json", action="store_true", help="print what is confirmed as JSON")
    confirm.set_defaults(run=_confirm)


def _verbs_that_act(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """They go into the case's timeline with the identity of whoever types, and all admins are told."""
    ack = verbs.add_parser(
        "ack",
        help="say that you are on a case",
        description="Say that you are on a case, so that the others know. Reminders then go to you alone, and to all "
        "in the last hour before AWS's deadline and when it is overdue. Another admin can take it over likewise.",
        epilog=_examples(
            ("under an identity that bears your name, such as user/ada for ada@example.com", "ack 12480031774"),
            ("under any other one", "ack 12480031774 --as ada@example.com"),
        ),
        formatter_class=_Help,
    )
    ack.add_argument("--as", dest="admin", default="", metavar="ADDRESS", help="your e-mail address in the settings")
    replied = verbs.add_parser(
        "replied",
        help="say that you have answered AWS",
        description="Say that you have answered AWS: the clock stops. Not needed where the intake address was in copy, "
        "for then the responder sees the answer itself. If AWS writes again, the clock runs anew.",
        epilog=_examples(("with what the others should know", "replied 12480031774 --words 'the key is exchanged'")),
        formatter_class=_Help,
    )
    close = verbs.add_parser(
        "close",
        help="say that a case is done",
        description="Close a case: the clock stops, and nothing is put back (see `release`). If AWS writes again, the "
        "case opens anew.",
        epilog=_examples(("a mail that was not from AWS", "close mail-0a1b2c3d4e5f --words 'not from AWS'")),
        formatter_class=_Help,
    )
    approve = verbs.add_parser(
        "approve",
        help="have an instance contained that the responder asks about",
        description="Have an instance contained. The responder then answers the same notice once more, with your yes. "
        "An instance that carries the protect tag is left all the same: remove the tag first.",
        epilog=_examples(
            ("the instance of the case that waits for a decision", "approve 12480031774"),
            ("one of several, or one to be contained once more", "approve 12480031774 i-0a7b1dd0e3f94c256"),
        ),
        formatter_class=_Help,
    )
    decline = verbs.add_parser(
        "decline",
        help="have an instance left as it is that the responder asks about",
        description="Say that an instance is to stay as it is: nothing is changed, and nobody is asked about it again "
        "until AWS writes about it once more.",
        epilog=_examples(("with what the others should know", "decline 12480031774 --words 'our own load test'")),
        formatter_class=_Help,
    )
    for acting in (ack, approve, decline, replied, close):
        acting.add_argument("case", metavar="CASE", help="AWS's case number, or the name that `cases` shows")
        if acting in {approve, decline}:
            acting.add_argument(
                "instance", nargs="?", default="", metavar="INSTANCE", help="by default the one that waits"
            )
        acting.add_argument("--words", metavar="TEXT", default="", help="why, or what you did, for the other admins")
        acting.add_argument("--json", action="store_true", help="print what was noted as JSON")
        acting.set_defaults(run=_act)


def _verbs_that_read_cases(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """They change nothing, and read the case table, the evidence and EC2 under the identity of whoever asks."""
    cases = verbs.add_parser(
        "cases",
        help="list all cases, the most urgent first",
        description="List every case: how urgent it is, its state, by when AWS wants an answer, its instances, and who "
        "is on it. Reads the case table with your own AWS credentials and changes nothing.",
        epilog=_examples(
            ("all cases", "cases"),
            ("with a profile of yours", "cases", "AWS_PROFILE=security AWS_DEFAULT_REGION=us-east-1"),
            ("those that are overdue", "cases --json | jq -r '.[] | select(.urgency==\"overdue\") | .case'"),
        ),
        formatter_class=_Help,
    )
    cases.add_argument("--json", action="store_true", help="print JSON for programs")
    cases.set_defaults(run=_cases)

    show = verbs.add_parser(
        "show",
        help="show a case: clock, instances as they are now, what to do next",
        description="Show all of a case. Its instances are read from EC2 and Auto Scaling at this moment, with your "
        "own AWS credentials; nothing is changed. What to do next stands last, each with its command.",
        epilog=_examples(
            ("a case by its number", "show 12480031774"),
            (
                "its instances that are not in quarantine now",
                "show 12480031774 --json \\\n    | jq '.instances[] | select(.now.quarantined | not) | .instance_id'",
            ),
        ),
        formatter_class=_Help,
    )
    show.add_argument("case", metavar="CASE", help="AWS's case number, or the name that `cases` shows")
    show.add_argument("--json", action="store_true", help="print JSON for programs")
    show.set_defaults(run=_show)

    report = verbs.add_parser(
        "report",
        help="write a case as one page (HTML) to read, print and keep",
        description="Write a case as one self-contained page: the clock, the timeline as a picture, each instance "
        "before, after and now, and the evidence with its hashes. The page loads nothing and runs nothing.",
        epilog=_examples(("a page to send or print", "report 12480031774 --html case.html")),
        formatter_class=_Help,
    )
    report.add_argument("case", metavar="CASE", help="AWS's case number, or the name that `cases` shows")
    report.add_argument("--html", required=True, type=Path, metavar="FILE", help="where to write the page")
    report.add_argument("--language", metavar="LANGUAGE", default="en", help="of the page; by default en")
    report.add_argument("--json", action="store_true", help="print JSON for programs")
    report.set_defaults(run=_report)
    _reply_verb(verbs)


def _reply_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    reply = verbs.add_parser(
        "reply",
        help="draft the answer to AWS, with the gaps that you fill",
        description="Print a draft of the answer to AWS, made from what was read back: what was done, when, and how it "
        "stands now. What only you can know is a gap, [[ like this ]]. Nothing is sent: you send it yourself, with the "
        "intake address in copy, and the responder sees by that copy that AWS was answered.",
        epilog=_examples(
            ("the draft that fits how the case stands", "reply 12480031774"),
            ("in your mail program", "reply 12480031774 --open"),
            ("AWS was wrong: this is our use case", "reply 12480031774 --variant false-positive"),
        ),
        formatter_class=_Help,
    )
    reply.add_argument("case", metavar="CASE", help="AWS's case number, or the name that `cases` shows")
    reply.add_argument(
        "--variant",
        choices=("contained", "false-positive", "more-time", "not-ours"),
        help="what the answer says; by default what fits how the case stands",
    )
    reply.add_argument("--open", dest="open_mail", action="store_true", help="open it in your mail program as well")
    form = reply.add_mutually_exclusive_group()
    form.add_argument("--mailto", action="store_true", help="print only the link that a mail program opens")
    form.add_argument("--json", action="store_true", help="print JSON for programs")
    reply.set_defaults(run=_reply)


def _completion_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    here = "cd REPOSITORY && .venv/bin/python -m desk completion"
    completion = verbs.add_parser(
        "completion",
        help="print what lets a shell complete `desk` with the Tab key",
        description="Print a shell function `desk` that works from every folder, and its completion.",
        epilog="once for each new shell:\n"
        f'  # ~/.bashrc\n  eval "$({here} bash)"\n'
        f'  # ~/.zshrc, after compinit\n  eval "$({here} zsh)"\n'
        f"  # ~/.config/fish/config.fish\n  fish -c '{here} fish' | source",
        formatter_class=_Help,
    )
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell that you use")
    completion.set_defaults(run=_completion)


class _Help(argparse.HelpFormatter):
    """Wraps what describes a verb, and leaves its examples as they can be copied."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)


def _examples(*examples: tuple[str, ...]) -> str:
    """What stands below the help of a verb: what for, the command as it can be copied, and what is set before it."""
    lines = (f"  # {what}\n  {' '.join((*before, 'python -m desk', verb))}" for what, verb, *before in examples)
    return "examples:\n" + "\n".join(lines)


# Each verb imports what it needs when it runs: `desk read` must not wait for the emulators' libraries.


def _rehearse(options: argparse.Namespace) -> int:
    from desk.rehearsal.command import rehearse  # noqa: PLC0415

    return rehearse(options.mail, stories=options.story or (), json_file=options.json, keep=options.keep)


def _read(options: argparse.Namespace) -> int:
    if options.explain:
        from desk.explain import explain  # noqa: PLC0415
        from lambdas.signatures import txt_record  # noqa: PLC0415

        return explain(options.mails, sys.stdout, lookup=txt_record if options.dns else None, now=datetime.now(UTC))
    if options.dns:
        raise DeskError("--dns goes with --explain: the JSON lines say what can be said without a network")
    from desk.read import read  # noqa: PLC0415

    return read(options.mails, sys.stdout)


def _submit(options: argparse.Namespace) -> int:
    from desk.submit import submit  # noqa: PLC0415

    return submit(options.mail, sys.stdout)


def _act(options: argparse.Namespace) -> int:
    from desk.admin_action import act  # noqa: PLC0415

    return act(
        options.verb,
        options.case,
        vars(options).get("instance", ""),
        sys.stdout,
        words=options.words,
        admin=vars(options).get("admin", ""),
        as_json=options.json,
    )


def _confirm(options: argparse.Namespace) -> int:
    from desk.confirm import confirm  # noqa: PLC0415

    return confirm(options.link, sys.stdout, as_json=options.json)


def _release(options: argparse.Namespace) -> int:
    from desk.release import release  # noqa: PLC0415

    return release(options.case, options.instance, sys.stdout, do=options.do, force=options.force, as_json=options.json)


def _cases(options: argparse.Namespace) -> int:
    from desk.cases import cases  # noqa: PLC0415

    return cases(sys.stdout, datetime.now(UTC), json=options.json)


def _show(options: argparse.Namespace) -> int:
    from desk.show import show  # noqa: PLC0415

    return show(options.case, sys.stdout, datetime.now(UTC), json=options.json)


def _report(options: argparse.Namespace) -> int:
    from desk.report import report  # noqa: PLC0415

    return report(
        options.case, options.html, sys.stdout, datetime.now(UTC), language=options.language, json=options.json
    )


def _reply(options: argparse.Namespace) -> int:
    from desk.reply import reply  # noqa: PLC0415
    from lambdas.domain.answer.draft import AnswerVariant  # noqa: PLC0415

    return reply(
        options.case,
        sys.stdout,
        datetime.now(UTC),
        variant=AnswerVariant(options.variant) if options.variant else None,
        link=options.mailto,
        open_mail=options.open_mail,
        json=options.json,
    )


def _completion(options: argparse.Namespace) -> int:
    from desk.completion import completion  # noqa: PLC0415

    return completion(_parser(prog="desk"), options.shell, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
