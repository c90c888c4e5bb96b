/**
 * The stream as the browser's own EventSource, which can send no header: a session's cookie opens it.
 *
 * The browser comes back by itself after a network's failure. What it takes for final, an answer that is no stream,
 * ends this connection: then the next one begins a new session.
 */
import { ConnectionError } from "../errors.js";
import { json, type Core } from "../core.js";
import type { CallOptions, QueryValue } from "../transport.js";
import type { Schemas } from "../types.js";
import { PATH } from "./by-fetch.js";
import { NOTICE_NAMES, UPDATE_NAMES, eventOf, type StreamEvent } from "./events.js";
import type { Connection, Place } from "./updates.js";

const SESSION = "/v1/stream/session";
const EARLY_MS = 60_000;

export class EventSourceConnection implements Connection {
  readonly #core: Core;
  readonly #query: Readonly<Record<string, QueryValue>>;
  readonly #options: CallOptions;

  constructor(core: Core, query: Readonly<Record<string, QueryValue>>, options: CallOptions) {
    this.#core = core;
    this.#query = query;
    this.#options = options;
  }

  async *events(place: Place, signal: AbortSignal): AsyncGenerator<StreamEvent, void, undefined> {
    const address = this.#core.transport.address(PATH, { ...this.#query, lastEventId: place.lastEventId });
    refuseElsewhere(address);
    const session = await begin(this.#core, this.#options, signal);
    const source = new EventSource(address);
    const queue = new Queue<StreamEvent>();
    const end = () => queue.end();
    signal.addEventListener("abort", end, { once: true });
    // Shortly before the session is over: its stream ends then, and the browser comes back with the cookie it has.
    const leftMs = Date.parse(session.expires_at) - Date.now();
    const renewal = setInterval(() => {
      begin(this.#core, this.#options, signal).catch((error: unknown) => queue.end(error));
    }, Math.min(Math.max(leftMs - EARLY_MS, leftMs / 2, 1_000), 2 ** 31 - 1));
    source.addEventListener("open", () => place.stands());
    source.addEventListener("error", () => {
      place.falters();
      if (source.readyState === EventSource.CLOSED) queue.end(new ConnectionError("the browser gave the live stream up"));
    });
    for (const name of [...UPDATE_NAMES, ...NOTICE_NAMES]) {
      source.addEventListener(name, (message: MessageEvent<string>) => {
        const event = eventOf(name, message.lastEventId, message.data);
        if (event !== null) queue.add(event);
      });
    }
    try {
      for await (const event of queue) {
        place.lastEventId = event.id;
        yield event;
      }
    } finally {
      clearInterval(renewal);
      signal.removeEventListener("abort", end);
      source.close();
    }
  }
}

/** A cookie for the live stream and nothing else, for twelve hours or as long as the credential is good. */
export async function begin(core: Core, options: CallOptions, signal?: AbortSignal): Promise<Schemas["StreamSession"]> {
  const call = { query: core.named(options), isRepeatable: true };
  return await core.read("post", SESSION, call, json<Schemas["StreamSession"]>, signal ? { ...options, signal } : options);
}

function refuseElsewhere(address: string): void {
  const here = (globalThis as { location?: Location }).location?.origin;
  if (typeof EventSource === "undefined" || here === undefined) {
    throw new TypeError('there is no EventSource here; use transport: "fetch"');
  }
  if (new URL(address).origin !== here) {
    throw new TypeError(`the session's cookie stays on the API's origin, and this page is on ${here}; use transport: "fetch"`);
  }
}

/** Events between the browser, which pushes, and the iteration, which takes. */
class Queue<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #isEnded = false;
  #error: unknown;
  #wake: () => void = () => undefined;

  add(item: T): void {
    if (this.#isEnded) return;
    this.#items.push(item);
    this.#wake();
  }

  end(error?: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#error = error;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#isEnded) break;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#error !== undefined) throw this.#error;
  }
}
