"""Load taskbot for minutes and write down what came of it: see benchmarks/load/README.md."""

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
from pathlib import Path

import uvloop

from benchmarks.load.drive import Run
from benchmarks.load.machine import described
from benchmarks.load.phases import Plan
from benchmarks.load.report import verdict, written
from benchmarks.load.stage import Crowd, own_database, own_redis


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="of steady load")
    parser.add_argument("--warm-up", type=float, default=60.0, help="seconds")
    parser.add_argument("--overload", type=float, default=60.0, help="seconds")
    parser.add_argument("--share", type=float, default=0.4, help="of what can be answered at most")
    parser.add_argument(
        "--database-server",
        default=os.environ.get("TASKBOT_TEST_DATABASE_URL", "postgresql:///postgres"),
    )
    parser.add_argument(
        "--redis-server",
        default=os.environ.get("TASKBOT_TEST_REDIS_URL", "redis://127.0.0.1:6379"),
    )
    parser.add_argument("--into", type=Path, default=Path("docs/performance"))
    return parser.parse_args()


def main(options: argparse.Namespace) -> int:
    plan = Plan(
        steady=options.minutes * 60,
        warm_up=options.warm_up,
        overload=options.overload,
        share=options.share,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that it tidies up, too
    with (
        tempfile.TemporaryDirectory() as folder,
        own_database(options.database_server) as database_url,
        own_redis(options.redis_server) as redis_url,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        machine = described(database_url)
        run = Run(plan, Crowd(), database_url, redis_url, Path(folder))
        figures = {"machine": machine, **runner.run(run.drive())}
    options.into.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    (options.into / "load.json").write_text(f"{text}\n")
    (options.into / "load.md").write_text(written(figures))
    faults = verdict(figures)
    print("\n".join(["All is well."] if not faults else ["NOT AS IT SHOULD BE:", *faults]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(_options()))
