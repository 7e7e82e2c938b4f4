"""``podium answer``."""

import argparse

from podium.cli.choosing import add_plan
from podium.cli.commanding import command_plan
from podium.cli.workspace import add_workspace, find_workspace
from podium.domain.request import Request


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the question and its answer."""
    parser.add_argument("question", metavar="QUESTION", help="its id, as Q1")
    parser.add_argument("answer", metavar="ANSWER", help="in your own words, or one of its options")
    add_plan(parser, option=True)
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Answer a question; the answer is written into the plan document."""

    def asks(request: Request) -> bool:
        return any(it.id == args.question for it in request.unanswered)

    plan = command_plan(
        find_workspace(args),
        args.plan,
        "question/answer",
        asks,
        f"take an answer to {args.question}",
        question=args.question,
        answer=args.answer,
    )
    print(f"{args.question} of {plan} is answered")
    return 0
