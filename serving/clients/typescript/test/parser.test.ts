/** The parser says what eventsource-parser says, however the bytes are cut. */
import assert from "node:assert/strict";
import test from "node:test";
import { createParser } from "eventsource-parser";
import { FrameParser } from "#dist/stream/parser.js";

interface Told {
  event: string;
  data: string;
}

function theirs(text: string): { events: Told[]; retries: number[]; lastId: string | null } {
  const events: Told[] = [];
  const retries: number[] = [];
  let lastId: string | null = null;
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      events.push({ event: event ?? "message", data });
      lastId = id ?? lastId;
    },
    onRetry: (retry) => retries.push(retry),
  });
  parser.feed(text);
  return { events, retries, lastId };
}

function ours(parts: string[]): { events: Told[]; retries: number[]; lastId: string | null } {
  const events: Told[] = [];
  const retries: number[] = [];
  let lastId: string | null = null;
  const parser = new FrameParser();
  for (const part of parts) {
    for (const frame of parser.push(part)) {
      if (frame.data !== null) {
        events.push({ event: frame.event, data: frame.data });
        lastId = frame.id ?? lastId;
      }
      if (frame.retryMs !== null) retries.push(frame.retryMs);
    }
  }
  return { events, retries, lastId };
}

/** The same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const LINES = [
  "", "", "", "data: {\"a\":1}", "data:x", "data", "data: ", "data:  two", "event: metric.updated", "event:", "id: 1a-7",
  "id", ": keep-alive", ":", "other: y", "data: є ø 🙂", "data: a:b",
];

test("two thousand streams, cut anywhere", () => {
  const next = numbers(7);
  for (let round = 0; round < 2_000; round += 1) {
    const ends = [["\n"], ["\r\n"], ["\n", "\r\n", "\r"]][next(3)] as string[];
    let text = "";
    for (let line = next(30); line > 0; line -= 1) text += (LINES[next(LINES.length)] ?? "") + (ends[next(ends.length)] ?? "\n");
    text += "\n\n"; // all is ended, and no CR waits for its LF
    const parts: string[] = [];
    for (let rest = text; rest !== ""; ) {
      const size = 1 + next(rest.length);
      parts.push(rest.slice(0, size));
      rest = rest.slice(size);
    }
    assert.deepEqual(ours(parts).events, theirs(text).events, JSON.stringify(parts));
  }
});

test("a place without an event, a retry time, a null in an id, a number that is none", () => {
  const parser = new FrameParser();
  assert.deepEqual(parser.push("retry: 2000\n\nid: 1a-3\n\n: keep-alive\n\n"), [
    { id: null, event: "message", data: null, retryMs: 2000 },
    { id: "1a-3", event: "message", data: null, retryMs: null },
  ]);
  assert.deepEqual(parser.push("id: \0\nretry: 2s\ndata: x\n\n"), [{ id: "1a-3", event: "message", data: "x", retryMs: null }]);
});
