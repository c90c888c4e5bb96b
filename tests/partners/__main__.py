"""`python -m tests.partners`: the partners in the foreground, for demos and for trying by hand."""

from __future__ import annotations

import argparse
import asyncio
import signal

from tests.partners.server import MISBEHAVIOURS, OPTIONS, PATHS, Partners, running


async def serve(port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    partners = Partners()
    async with running(partners, port) as address:
        print(f"Partners at http://{address}. Allow them: IMPACT_IN_PRIVATE_HOSTS='[\"{address}\"]'")
        for name in PATHS:
            print(f"  {name:13} base URL http://{address}/{name}")
        print(f"Options: {OPTIONS}")
        print("Secrets (of this simulator alone):")
        for name, secret in partners.secrets.items():
            print(f"  {name:13} {secret}")
        print(
            f"Misbehave: POST http://{address}/_misbehave "
            '{"partner": "goodera", "faults": ["429", "reset"]}'
        )
        print(f"  faults: {', '.join(MISBEHAVIOURS)}")
        print(
            f"Call back: POST http://{address}/_call_back "
            '{"partner": "goodera", "outcome": "processed", "to": RECEIVER, "secret": SECRET}'
        )
        print(f"What they hold: GET http://{address}/_state", flush=True)
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.partners", description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    asyncio.run(serve(parser.parse_args().port))
