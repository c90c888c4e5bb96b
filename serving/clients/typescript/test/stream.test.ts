/** A live stream goes on exactly where it was, over everything that passes, and ends with what does not. */
import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import {
  CompanyForbiddenError, ConnectionError, Impact, StreamingDisabledError, type StreamEvent, type UpdatesOptions,
} from "@impact/client";
import { cut, hang, json, problem, scripted, sse, update, type Answer, type Scripted } from "./server.js";

function updates(server: Scripted, options: UpdatesOptions = {}, key: () => string = () => "k") {
  return new Impact({ url: server.url, key }).stream.updates(options);
}

/** The values of the next events, and then the stream is left. */
async function take(count: number, events: AsyncIterable<StreamEvent>): Promise<unknown[]> {
  const taken: unknown[] = [];
  for await (const event of events) {
    taken.push(event.name === "metric.updated" ? event.data.value : event.name);
    if (taken.length === count) break;
  }
  return taken;
}

const QUICK = "retry: 1\n\n";

test("it comes back behind the last whole event, after an end, a cut and a refusal", async (t) => {
  const half = update(3, 30).slice(0, -5);
  const server = await scripted(
    t,
    sse([QUICK, update(1, 10), update(2, 20), half], "cut"),
    problem("unavailable", 503, { "Retry-After": "0" }),
    cut,
    sse([QUICK, update(3, 30)], "end"),
    sse([update(4, 40)]),
  );
  assert.deepEqual(await take(4, updates(server, { topics: ["metrics", "journey"] })), [10, 20, 30, 40]);
  assert.deepEqual(server.seen.map((one) => one.headers["last-event-id"]), [undefined, "1a-2", "1a-2", "1a-2", "1a-3"]);
  assert.equal(server.seen[0]?.url, "/v1/stream/updates?topics=metrics%2Cjourney");
  assert.equal(server.seen[0]?.headers.accept, "text/event-stream");
});

test("a place that was kept is where it begins, and a quiet stream moves it", async (t) => {
  const server = await scripted(t, sse([QUICK, "id: 1a-9\n\n"], "end"), sse([update(10, 1)]));
  const stream = updates(server, { lastEventId: "1a-5" });
  assert.deepEqual(await take(1, stream), [1]);
  assert.deepEqual(server.seen.map((one) => one.headers["last-event-id"]), ["1a-5", "1a-9"]);
  assert.equal(stream.lastEventId, "1a-10");
});

test("bytes may be cut anywhere, also within a letter", async (t) => {
  const bytes = new TextEncoder().encode(update(1, 7).replace("sessions_count", "є🙂"));
  const server = await scripted(t, sse([...bytes].map((byte) => Uint8Array.of(byte))));
  for await (const event of updates(server)) {
    assert.equal(event.name === "metric.updated" && event.data.metric, "є🙂");
    break;
  }
});

test("a connection that goes silent is given up", async (t) => {
  let hangs = 1;
  const answer: Answer = (response, seen) => {
    if (seen.headers["last-event-id"] === undefined) return sse([QUICK, update(1, 1)])(response, seen);
    return (hangs-- > 0 ? hang : sse([update(2, 2)]))(response, seen);
  };
  const server = await scripted(t, answer);
  const causes: unknown[] = [];
  const onState: UpdatesOptions["onState"] = (state, cause) => {
    if (state === "waiting") causes.push(cause);
  };
  // The second connection never answers: that is not waited for longer than for a heartbeat either.
  assert.deepEqual(await take(2, updates(server, { silenceMs: 200, onState })), [1, 2]);
  assert.ok(causes.length >= 2);
  assert.ok(causes.every((cause) => cause instanceof ConnectionError && /silent for 200 ms/.test(cause.message)));
});

test("whoever takes long over an event is not taken for a silent server", async (t) => {
  const server = await scripted(t, sse([QUICK + update(1, 1), update(2, 2), update(3, 3)]));
  const values: unknown[] = [];
  let asked = 0;
  for await (const event of updates(server, { silenceMs: 400 })) {
    if (event.name === "metric.updated") values.push(event.data.value);
    asked ||= server.seen.length;
    if (values.length === 3) break;
    await new Promise((resolve) => setTimeout(resolve, 600));
  }
  assert.deepEqual(values, [1, 2, 3]);
  assert.equal(server.seen.length, asked);
});

test("figures are fetched again before anything later is told", async (t) => {
  const notices = ['id: 1a-5\nevent: reset\ndata: {"reason":"expired"}\n\n', 'id: 1a-8\nevent: gap\ndata: {"from":"1a-6","to":"1a-8"}\n\n'];
  const server = await scripted(t, sse([notices[0] + update(6, 6), notices[1] + update(9, 9)].map(String)));
  const order: unknown[] = [];
  const refetch: UpdatesOptions["refetch"] = async (notice) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    order.push(notice.name === "reset" ? notice.data.reason : notice.data.to);
  };
  for await (const event of updates(server, { refetch })) {
    order.push(event.id);
    if (event.id === "1a-9") break;
  }
  assert.deepEqual(order, ["expired", "1a-6", "1a-8", "1a-9"]);
  const other = await scripted(t, sse([...notices, update(9, 9)]));
  assert.deepEqual(await take(3, updates(other)), ["reset", "gap", 9]);
});

test("what a refetch throws is the caller's, and ends the stream", async (t) => {
  const server = await scripted(t, sse(['id: 1a-5\nevent: reset\ndata: {"reason":"expired"}\n\n', update(6, 6)]));
  const lost = new ConnectionError("the figures could not be fetched");
  const refetch = () => {
    throw lost;
  };
  await assert.rejects(take(1, updates(server, { refetch })), lost);
  assert.equal(server.seen.length, 1);
});

test("names that came later are passed over, and their place is kept", async (t) => {
  const server = await scripted(t, sse([QUICK + update(1, 1, "invented.since") + update(2, 2, "toString")], "end"), sse([update(3, 3)]));
  assert.deepEqual(await take(1, updates(server)), [3]);
  assert.equal(server.seen[1]?.headers["last-event-id"], "1a-2");
});

test("a refusal that stays is thrown", async (t) => {
  const cases: [Answer, typeof CompanyForbiddenError | typeof StreamingDisabledError][] = [
    [problem("company-forbidden", 403), CompanyForbiddenError],
    [problem("streaming-disabled", 501), StreamingDisabledError],
  ];
  for (const [answer, kind] of cases) {
    const server = await scripted(t, sse([QUICK, update(1, 1)], "end"), answer);
    await assert.rejects(take(2, updates(server)), kind);
    assert.equal(server.seen.length, 2);
  }
});

test("an access token that is over is replaced by the next one", async (t) => {
  const over = problem("unauthenticated", 401);
  const server = await scripted(t, sse([QUICK, update(1, 1)], "end"), over, sse([QUICK, update(2, 2)], "end"), over, over);
  let number = 0;
  const stream = updates(server, {}, () => `token-${(number += 1)}`);
  const seen: unknown[] = [];
  await assert.rejects(async () => {
    for await (const event of stream) seen.push(event.id);
  }, { kind: "unauthenticated" });
  assert.deepEqual(seen, ["1a-1", "1a-2"]);
  const tokens = server.seen.map((one) => one.headers.authorization);
  assert.deepEqual(tokens, [1, 2, 3, 4, 5].map((one) => `Bearer token-${one}`));
});

test("a page instead of a stream is not waited for", async (t) => {
  const server = await scripted(t, json({}), sse([update(1, 1)]));
  assert.deepEqual(await take(1, updates(server)), [1]);
});

test("failures in a row can be limited", async (t) => {
  const failing = problem("unavailable", 503, { "Retry-After": "0" });
  const server = await scripted(t, sse([QUICK], "end"), failing, sse([QUICK, update(1, 1)], "end"), failing);
  await assert.rejects(take(2, updates(server, { maxFailures: 2 })), { kind: "unavailable" });
  assert.equal(server.seen.length, 5);
});

test("leaving the loop, `close` and a signal each let go of the connection", async (t) => {
  const closed: Promise<unknown>[] = [];
  const holding: Answer = (response) => {
    closed.push(once(response, "close"));
    response.writeHead(200, { "Content-Type": "text/event-stream" }).write(update(1, 1));
  };
  const server = await scripted(t, holding);
  assert.deepEqual(await take(1, updates(server)), [1]);
  const stream = updates(server);
  const controller = new AbortController();
  const ways: [AsyncIterable<StreamEvent>, () => void][] = [
    [stream, () => stream.close()],
    [updates(server, { signal: controller.signal }), () => controller.abort()],
  ];
  for (const [events, leave] of ways) {
    const ids: string[] = [];
    for await (const event of events) {
      ids.push(event.id);
      setTimeout(leave, 5);
    }
    assert.deepEqual(ids, ["1a-1"]);
  }
  await Promise.all(closed);
  assert.equal(stream.state, "closed");
});

test("one stream is one iteration", async (t) => {
  const server = await scripted(t, sse([update(1, 1)]));
  const stream = updates(server);
  await take(1, stream);
  await assert.rejects(take(1, stream), TypeError);
});

test("a browser's way is refused where there is no browser", async (t) => {
  const server = await scripted(t, json({}));
  await assert.rejects(take(1, updates(server, { transport: "eventsource" })), /transport: "fetch"/);
  assert.equal(server.seen.length, 0);
});
