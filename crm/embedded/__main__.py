"""`python -m crm.embedded VERB`: what bin/dev, bin/manage and bin/test stand on."""

import argparse
import os
import sys
from pathlib import Path

import environ

from crm.embedded import dev
from crm.embedded.instance import PROJECT, Instance, ensure
from crm.embedded.keeper import keep


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="crm.embedded", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, words in {
        "keep": "own both servers until nobody uses them",
        "run": "bring the servers up and become a command",
        "status": "say whether the servers run",
    }.items():
        verb = verbs.add_parser(name, help=words)
        verb.add_argument("--test", action="store_true", help="the pair that serves tests")
        verb.add_argument("--root", type=Path, help="another folder for the data")
        if name == "run":
            verb.add_argument("command", nargs=argparse.REMAINDER)
    verbs.add_parser("dev", help="the whole product, supervised")
    return parser


def _instance(options: argparse.Namespace) -> Instance:
    return Instance(options.root.resolve(), options.test) if options.root else Instance.of_project(test=options.test)


def _run(instance: Instance, command: list[str]) -> None:
    command = command[1:] if command[:1] == ["--"] else command
    if not command:
        raise SystemExit("run: name the command to run.")
    environment = dict(os.environ)
    if not (environment.get("DATABASE_URL") and environment.get("REDIS_URL")):
        ensure(instance)
    environment.setdefault("DATABASE_URL", instance.urls.database)
    environment.setdefault("REDIS_URL", instance.urls.redis)
    os.execvpe(command[0], command, environment)  # noqa: S606  (the caller's own command)


def _status(instance: Instance) -> int:
    print("running" if instance.ready() else "not running", instance.urls.database, instance.urls.redis)
    return 0 if instance.ready() else 1


def main() -> int:
    """Carry out one verb; returns the exit status."""
    options = _parser().parse_args()
    if options.verb in {"dev", "run"} and not getattr(options, "test", False) and (PROJECT / ".env").exists():
        # Before anything is started: .env may name other services. Tests keep to their own pair.
        environ.Env.read_env(PROJECT / ".env")
    if options.verb == "dev":
        return dev.main()
    instance = _instance(options)
    if options.verb == "keep":
        return keep(instance)
    if options.verb == "status":
        return _status(instance)
    _run(instance, options.command)
    return 0


if __name__ == "__main__":
    sys.exit(main())
