"""The worker's `/healthz` and `/metrics`."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ingest.worker.supervision import RUNNING, Supervisor


async def serve(supervisor: Supervisor, *, host: str, port: int) -> web.AppRunner:
    """Start serving; the caller cleans the runner up."""

    async def healthz(_: web.Request) -> web.Response:
        # 200 even while a store is away: starting this process again would not bring the store back.
        is_whole = all(state == RUNNING for state in supervisor.states.values())
        return web.json_response({"status": "ok" if is_whole else "degraded", "parts": supervisor.states})

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner
