/** Requests are tried again where that can do no harm and may help; what stays wrong has its own class. */
import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import {
  CompanyForbiddenError, ConnectionError, Impact, ProblemError, RateLimitedError, TimeoutError, UnauthenticatedError,
} from "@impact/client";
import { cut, hang, json, problem, scripted } from "./server.js";

const COMPANY = "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11";
const PERSON = "6a1f0c52-3f0e-4b52-9a55-0c8f8f1f7a10";
const SROI = { company_id: COMPANY, period: "2026-Q3", results: [], data_version: 1, as_of: null };
const TEXT = { text: "I dare to speak now" };

function client(url: string, options: object = {}): Impact {
  return new Impact({ url, key: "teei_test_key", companyId: COMPANY, ...options });
}

test("a read outlives a store that is away and a connection that is cut", async (t) => {
  const server = await scripted(t, problem("unavailable", 503, { "Retry-After": "0" }), cut, json(SROI));
  assert.deepEqual(await client(server.url).reporting.getSROI({ period: "2026-Q3" }), SROI);
  assert.equal(server.seen.length, 3);
  assert.equal(server.seen[2]?.url, `/v1/companies/${COMPANY}/sroi?period=2026-Q3`);
  assert.equal(server.seen[2]?.headers.authorization, "Bearer teei_test_key");
});

test("it waits as long as the API asks for", async (t) => {
  const server = await scripted(t, problem("rate-limited", 429, { "Retry-After": "1" }), json(SROI));
  const started = performance.now();
  await client(server.url).reporting.getSROI();
  assert.ok(performance.now() - started >= 990);
});

test("a wait that is too long is the caller's to decide about", async (t) => {
  const server = await scripted(t, problem("rate-limited", 429, { "Retry-After": "3600" }));
  await assert.rejects(client(server.url).reporting.getSROI(), (error) => {
    assert.ok(error instanceof RateLimitedError);
    assert.equal(error.retryAfterS, 3600);
    return true;
  });
  assert.equal(server.seen.length, 1);
});

test("it gives up after as many retries as were allowed", async (t) => {
  const server = await scripted(t, problem("internal-error", 500, { "Retry-After": "0" }));
  await assert.rejects(client(server.url, { maxRetries: 2 }).reporting.getSROI(), { kind: "internal-error" });
  assert.equal(server.seen.length, 3);
});

test("what might be done twice is not sent twice", async (t) => {
  for (const answer of [cut, problem("internal-error", 500), problem("unavailable", 503, { "Retry-After": "0" })]) {
    const server = await scripted(t, answer, json({ request_id: PERSON }));
    await assert.rejects(client(server.url).privacy.retry(PERSON));
    assert.equal(server.seen.length, 1);
  }
});

test("what was refused for its number is sent again, for it was not begun", async (t) => {
  const server = await scripted(t, problem("rate-limited", 429, { "Retry-After": "0" }), json({ request_id: PERSON }));
  await client(server.url).privacy.retry(PERSON);
  assert.equal(server.seen.length, 2);
});

test("a repeated order has the same idempotency key, and another order another one", async (t) => {
  const server = await scripted(t, cut, problem("request-still-running", 409), json({ labels: {} }));
  const impact = client(server.url);
  await impact.q2q.classify(TEXT);
  await impact.q2q.classify(TEXT);
  await impact.q2q.classify(TEXT, { idempotencyKey: "mine" });
  const keys = server.seen.map((one) => one.headers["idempotency-key"]);
  assert.match(String(keys[0]), /^[0-9a-f-]{36}$/);
  assert.deepEqual(keys.slice(0, 3), Array(3).fill(keys[0]));
  assert.notEqual(keys[3], keys[0]);
  assert.equal(keys[4], "mine");
  assert.deepEqual(JSON.parse(server.seen[0]?.body ?? ""), TEXT);
});

test("the first try's answer is waited for, for so long", async (t) => {
  const server = await scripted(t, problem("request-still-running", 409));
  const impact = client(server.url, { maxRetries: 0, maxWaitMs: 1_500 });
  await assert.rejects(impact.q2q.classify(TEXT), { kind: "request-still-running" });
  assert.equal(server.seen.length, 2);
});

test("an answer that does not come in time ends as a time-out", async (t) => {
  const server = await scripted(t, hang);
  await assert.rejects(client(server.url, { timeoutMs: 300, maxRetries: 1 }).reporting.getSROI(), TimeoutError);
  assert.equal(server.seen.length, 2);
});

test("the caller's own abort ends it at once, with the caller's reason", async (t) => {
  const server = await scripted(t, hang);
  const reason = new Error("the user left the page");
  const signal = AbortSignal.abort(reason);
  await assert.rejects(client(server.url).reporting.getSROI({}, { signal }), reason);
  const later = new AbortController();
  const asked = client(server.url).reporting.getSROI({}, { signal: later.signal });
  setTimeout(() => later.abort(reason), 10);
  await assert.rejects(asked, reason);
});

test("nobody there is a connection error that says what was asked", async () => {
  await assert.rejects(client("http://127.0.0.1:1", { maxRetries: 0 }).reporting.getSROI(), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.match(error.message, /GET \/v1\/companies\/.*\/sroi/);
    assert.ok(error.cause instanceof TypeError);
    return true;
  });
});

test("each kind of problem is a class, and one that came later is a problem all the same", async (t) => {
  const fields = [{ location: "query.period", message: "give a month" }];
  const server = await scripted(
    t,
    problem("company-forbidden", 403),
    problem("invented-since", 422, {}, { errors: fields, hint: 7 }),
    problem("constructor", 400),
  );
  const impact = client(server.url);
  await assert.rejects(impact.reporting.getSROI(), CompanyForbiddenError);
  await assert.rejects(impact.reporting.getSROI(), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.deepEqual([error.kind, error.status, error.errors], ["invented-since", 422, fields]);
    assert.equal(error.document["hint"], 7);
    return true;
  });
  await assert.rejects(impact.reporting.getSROI(), { name: "ProblemError", kind: "constructor" });
});

test("a proxy's page is not taken for the API", async (t) => {
  const server = await scripted(t, (response) => void response.writeHead(403, { "Content-Type": "text/html" }).end("<h1>No</h1>"));
  await assert.rejects(client(server.url).reporting.getSROI(), { kind: "about:blank", status: 403, title: "Forbidden" });
  const page = await scripted(t, (response) => void response.writeHead(200, { "Content-Type": "text/html" }).end("<h1>Hi</h1>"));
  await assert.rejects(client(page.url, { maxRetries: 0 }).reporting.getSROI(), ConnectionError);
});

test("a function is asked for another credential once, when one was refused", async (t) => {
  const server = await scripted(t, problem("unauthenticated", 401), json(SROI), problem("unauthenticated", 401));
  const asked: boolean[] = [];
  const key = (isRefused: boolean) => {
    asked.push(isRefused);
    return isRefused ? "new" : "old";
  };
  const impact = client(server.url, { key });
  await impact.reporting.getSROI();
  assert.deepEqual(server.seen.map((one) => one.headers.authorization), ["Bearer old", "Bearer new"]);
  await assert.rejects(impact.reporting.getSROI(), UnauthenticatedError);
  assert.deepEqual(asked, [false, true, false, true]);
});

test("the credential follows no redirect, and is not shown with the client", async (t) => {
  const elsewhere = await scripted(t, json(SROI));
  const server = await scripted(t, (response) => void response.writeHead(307, { Location: elsewhere.url }).end());
  const impact = client(server.url, { maxRetries: 0 });
  await assert.rejects(impact.reporting.getSROI(), ConnectionError);
  assert.equal(elsewhere.seen.length, 0);
  assert.doesNotMatch(inspect(impact, { depth: 10, showHidden: true }), /teei_test_key/);
});

test("an id cannot lead to another route, nor a company be forgotten", async (t) => {
  const server = await scripted(t, json({ flags: [] }));
  const impact = client(server.url);
  for (const id of ["..", ".", ""]) await assert.rejects(impact.journey.getFlags(id), TypeError);
  await impact.journey.getFlags("../rules?x=1#y");
  assert.equal(server.seen[0]?.url, `/v1/journey/participants/..%2Frules%3Fx%3D1%23y/flags?companyId=${COMPANY}`);
  const anybody = new Impact({ url: server.url, key: "k" });
  await assert.rejects(anybody.reporting.getSROI(), /say which company/);
});

test("an address or a key that cannot be right is refused when the client is made", () => {
  assert.throws(() => new Impact({ url: "impact.example.org", key: "k" }), TypeError);
  assert.throws(() => new Impact({ url: "file:///etc/passwd", key: "k" }), /https/);
  assert.throws(() => new Impact({ url: "https://impact.example.org", key: "" }), /key is empty/);
});

test("an API below a path is asked below it", async (t) => {
  const server = await scripted(t, json(SROI));
  await client(`${server.url}/impact/`).reporting.getSROI();
  assert.equal(server.seen[0]?.url, `/impact/v1/companies/${COMPANY}/sroi`);
});

test("a client keeps no process alive", async (t) => {
  const server = await scripted(t, json(SROI));
  await client(server.url).reporting.getSROI();
  const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout");
  assert.deepEqual(timers, []);
});
