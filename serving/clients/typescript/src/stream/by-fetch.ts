/** The stream as a `fetch` whose body is read: in Node and in browsers, from any origin that the API allows. */
import { ConnectionError, ProblemError } from "../errors.js";
import { problemOf } from "../problems.js";
import type { Order, QueryValue, Transport } from "../transport.js";
import { eventOf, type StreamEvent } from "./events.js";
import { FrameParser } from "./parser.js";
import type { Connection, Place } from "./updates.js";

export const PATH = "/v1/stream/updates";
const CONNECT_MS = 10_000;

export class FetchConnection implements Connection {
  readonly #transport: Transport;
  readonly #query: Readonly<Record<string, QueryValue>>;
  readonly #silenceMs: number;

  constructor(transport: Transport, query: Readonly<Record<string, QueryValue>>, silenceMs: number) {
    this.#transport = transport;
    this.#query = query;
    this.#silenceMs = silenceMs;
  }

  async *events(place: Place, signal: AbortSignal): AsyncGenerator<StreamEvent, void, undefined> {
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    try {
      const body = await within(Math.min(CONNECT_MS, this.#silenceMs), ended, () => this.#open(place, either));
      const reader = body.getReader();
      const decoder = new TextDecoder();
      const parser = new FrameParser();
      for (;;) {
        // Only waiting for the server counts as its silence, not what is done with an event.
        const { done, value } = await within(this.#silenceMs, ended, () => reader.read());
        if (done) return;
        place.stands();
        for (const frame of parser.push(decoder.decode(value, { stream: true }))) {
          if (frame.retryMs !== null) place.retryMs = frame.retryMs;
          const event = frame.data === null ? null : eventOf(frame.event, frame.id ?? "", frame.data);
          if (frame.id !== null) place.lastEventId = frame.id;
          if (event !== null) yield event;
        }
      }
    } finally {
      ended.abort(); // also where the iteration was left: nobody reads the rest
    }
  }

  async #open(place: Place, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const headers: Record<string, string> = { Accept: "text/event-stream" };
    if (place.lastEventId !== null) headers["Last-Event-ID"] = place.lastEventId;
    const order: Order = { method: "GET", path: PATH, query: this.#query, headers, isRepeatable: true };
    let response = await this.#ask(order, signal, false);
    if (response.status === 401 && this.#transport.canRenew) response = await this.#ask(order, signal, true);
    if (!response.ok) throw await problemOf(response);
    if (response.body === null || !response.headers.get("content-type")?.startsWith("text/event-stream")) {
      throw new ConnectionError(`${PATH} was answered with something else than a stream: is a proxy in between?`);
    }
    return response.body;
  }

  async #ask(order: Order, signal: AbortSignal, isRefused: boolean): Promise<Response> {
    try {
      return await this.#transport.open(order, signal, isRefused);
    } catch (error) {
      // `fetch` says TypeError for everything between here and the server.
      if (!(error instanceof TypeError) || error instanceof ProblemError) throw error;
      throw new ConnectionError(`${PATH} had no answer`, { cause: error });
    }
  }
}

/** What `work` comes to, or an end to all of it if that takes longer. */
async function within<T>(milliseconds: number, ended: AbortController, work: () => Promise<T>): Promise<T> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    ended.abort();
  }, milliseconds);
  try {
    return await work();
  } catch (error) {
    if (isLate) throw new ConnectionError(`the live stream was silent for ${milliseconds} ms`, { cause: error });
    if (error instanceof TypeError) throw new ConnectionError("the live stream was cut off", { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
