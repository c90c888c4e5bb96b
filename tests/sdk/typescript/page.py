"""A page that uses the client as it is, without a bundler, and the server in front of it and of the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from tests.sdk.typescript import node

PAGE = """<!doctype html>
<title>The client in a page</title>
<script type="importmap">{"imports": {"@impact/client": "/dist/index.js"}}</script>
<script type="module">
import { Impact } from "@impact/client";
const { url, key, transport } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
window.told = [];
window.states = [];
try {
  const impact = new Impact({ url: url ?? location.origin, key });
  const updates = impact.stream.updates({
    transport,
    refetch: async (notice) => { told.push(notice.data.reason); },
    onState: (state) => states.push(state),
  });
  for await (const event of updates) told.push(event.data.value);
} catch (error) {
  window.failure = `${error.name}: ${error.message}`;
}
</script>
"""
_HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "host", "date", "server"}


@asynccontextmanager
async def serving(api: str) -> AsyncIterator[str]:
    """The page's origin: `/` is the page, `/dist` the package, and `/v1` the API as behind a proxy."""

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def forward(request: web.Request) -> web.StreamResponse:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP}
        try:
            answer = await http.request(
                request.method, f"{api}{request.path_qs}", headers=headers, data=await request.read()
            )
        except aiohttp.ClientConnectionError:
            return web.Response(status=502, text="<h1>Bad gateway</h1>", content_type="text/html")
        async with answer:
            response = web.StreamResponse(status=answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in _HOP_BY_HOP:
                    response.headers.add(name, value)
            await response.prepare(request)
            async for part in answer.content.iter_any():
                await response.write(part)
            return response

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_static("/dist", node.CLIENT / "dist")
    app.router.add_route("*", "/v1/{rest:.*}", forward)
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=None), auto_decompress=False
    ) as http:
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()
