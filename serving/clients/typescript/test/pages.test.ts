/** A list is its first page, all its items, or a refusal to mix two publications. */
import assert from "node:assert/strict";
import test from "node:test";
import { FiguresChangedError, Impact } from "@impact/client";
import { json, problem, scripted, type Scripted } from "./server.js";

const page = (cursor: string | null, ...periods: string[]) =>
  json({ grain: "month", items: periods.map((period) => ({ period })), next_cursor: cursor });

function metrics(server: Scripted) {
  return new Impact({ url: server.url, key: "k", companyId: "c" }).reporting.getMetrics({ grain: "month", limit: 2 });
}

test("nothing is asked for until it is wanted, and awaiting asks for one page", async (t) => {
  const server = await scripted(t, page("two", "2026-01", "2026-02"));
  const list = metrics(server);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(server.seen.length, 0);
  assert.equal((await list).next_cursor, "two");
  assert.deepEqual(server.seen.map((one) => one.url), ["/v1/companies/c/metrics?grain=month&limit=2"]);
});

test("iterating turns the pages", async (t) => {
  const server = await scripted(t, page("two", "2026-01", "2026-02"), page("three"), page(null, "2026-03"));
  const periods: string[] = [];
  for await (const item of metrics(server)) periods.push(item.period);
  assert.deepEqual(periods, ["2026-01", "2026-02", "2026-03"]);
  assert.deepEqual(server.seen.map((one) => new URL(one.url, "http://x").searchParams.get("cursor")), [null, "two", "three"]);
});

test("leaving the loop asks for no further page", async (t) => {
  const server = await scripted(t, page("two", "2026-01", "2026-02"));
  for await (const item of metrics(server)) {
    assert.equal(item.period, "2026-01");
    break;
  }
  assert.equal(server.seen.length, 1);
});

test("figures published anew between two pages end an iteration, and begin `all` again", async (t) => {
  const changed = problem("figures-changed", 409);
  const server = await scripted(t, page("two", "old"), changed, page("two", "new"), page(null, "newer"));
  assert.deepEqual((await metrics(server).all()).map((item) => item.period), ["new", "newer"]);
  const other = await scripted(t, page("two", "old"), changed);
  const periods: string[] = [];
  await assert.rejects(async () => {
    for await (const item of metrics(other)) periods.push(item.period);
  }, FiguresChangedError);
  assert.deepEqual(periods, ["old"]);
});

test("a list that never holds still is given up", async (t) => {
  const changed = problem("figures-changed", 409);
  const server = await scripted(t, changed);
  await assert.rejects(metrics(server).all(), FiguresChangedError);
  assert.equal(server.seen.length, 4);
});
