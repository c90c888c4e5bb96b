/**
 * A company's live updates as one endless iteration over many connections.
 *
 * It resumes exactly behind the last event, comes back after everything that may pass (a lost network, a server that
 * restarts, a connection that went silent), and throws what will not: a credential that is refused, another company.
 */
import { ConnectionError, ProblemError, TimeoutError } from "../errors.js";
import { backoffMs, sleep } from "../waiting.js";
import type { Gap, Reset, StreamEvent, Topic } from "./events.js";

export type StreamState = "connecting" | "open" | "waiting" | "closed";

export interface UpdatesOptions {
  /** Without it, all that the credential's role may see. */
  readonly topics?: readonly Topic[];
  readonly companyId?: string;
  /** The `id` of the last event you have dealt with; without it, the stream begins now. */
  readonly lastEventId?: string;
  /** Of what was missed beyond the server's memory, only the newest value of each figure. */
  readonly conflate?: boolean;
  /**
   * Called where history cannot be continued, and waited for before anything later is handed out: load the figures
   * again in it. Without it, the iteration has the event (`reset` or `gap`) itself. If it throws, so does the iteration.
   */
  readonly refetch?: (notice: Reset | Gap) => void | Promise<void>;
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
  /** Told of each change; `waiting` has what went wrong, if anything did. */
  readonly onState?: (state: StreamState, cause?: unknown) => void;
  /** Milliseconds without a sign of life after which a connection is given up: three of the server's heartbeats. */
  readonly silenceMs?: number;
  /** Failed connections in a row after which the last failure is thrown; without it, never. */
  readonly maxFailures?: number;
  /**
   * `fetch` works everywhere. `eventsource` is for pages on the API's own origin: the credential begins a session, and
   * the browser's EventSource opens the stream with its cookie; it cannot notice a connection that went silent.
   */
  readonly transport?: "fetch" | "eventsource";
}

/** One connection: its events, until it ends by itself. Throws what it ends of otherwise. */
export interface Connection {
  events(place: Place, signal: AbortSignal): AsyncGenerator<StreamEvent, void, undefined>;
}

/** Where the client is, which outlives a connection. */
export interface Place {
  lastEventId: string | null;
  retryMs: number;
  /** A sign that the connection stands. */
  stands(): void;
  /** The browser comes back by itself. */
  falters(): void;
}

const LONGEST_MS = 32_000;

export class Updates implements AsyncIterable<StreamEvent>, Place {
  /** The place in the log up to which everything has been handed out. */
  lastEventId: string | null;
  /** @internal What the server last said about coming back. */
  retryMs = 2_000;
  readonly #connection: Connection;
  readonly #options: UpdatesOptions;
  readonly #end = new AbortController();
  #state: StreamState = "closed";
  #failures = 0;
  #isTaken = false;

  constructor(connection: Connection, options: UpdatesOptions) {
    this.#connection = connection;
    this.#options = options;
    this.lastEventId = options.lastEventId ?? null;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** End the iteration, from wherever. */
  close(): void {
    this.#end.abort();
  }

  /** @internal */
  stands(): void {
    this.#failures = 0;
    this.#tell("open");
  }

  /** @internal */
  falters(): void {
    this.#tell("connecting");
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamEvent, void, undefined> {
    if (this.#isTaken) throw new TypeError("these updates are already iterated over: ask for another stream");
    this.#isTaken = true;
    const { signal: theirs, refetch } = this.#options;
    const signal = theirs ? AbortSignal.any([theirs, this.#end.signal]) : this.#end.signal;
    try {
      while (!signal.aborted) {
        this.#tell("connecting");
        let cause: unknown;
        try {
          for await (const event of this.#connection.events(this, signal)) {
            const isBreak = event.name === "reset" || event.name === "gap";
            if (isBreak && refetch) await calling(() => refetch(event));
            else yield event;
          }
        } catch (error) {
          if (signal.aborted) return;
          if (error instanceof CalledError) throw error.cause;
          this.#failures += 1;
          if (isFinal(error) || this.#failures === this.#options.maxFailures) throw error;
          cause = error;
        }
        if (signal.aborted) return;
        this.#tell("waiting", cause);
        await sleep(this.#waitMs(cause), signal).catch(() => undefined);
      }
    } finally {
      this.#end.abort();
      this.#tell("closed");
    }
  }

  #waitMs(cause: unknown): number {
    // A clean end: the server has said when to come back, to each client another moment.
    if (cause === undefined) return this.retryMs;
    const asked = cause instanceof ProblemError ? (cause.retryAfterS ?? 0) * 1000 : 0;
    return Math.max(asked, backoffMs(this.#failures, this.retryMs, LONGEST_MS));
  }

  #tell(state: StreamState, cause?: unknown): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState?.(state, cause);
  }
}

/** What the caller's own function threw: nothing of the connection, and not for it to be mended. */
class CalledError extends Error {}

async function calling(refetch: () => void | Promise<void>): Promise<void> {
  try {
    await refetch();
  } catch (cause) {
    throw new CalledError("refetch failed", { cause });
  }
}

/** Whether asking again will not help. Time mends a network, and some of what a server says. */
function isFinal(error: unknown): boolean {
  if (error instanceof ProblemError) {
    return error.status < 500 ? ![408, 425, 429].includes(error.status) : error.status === 501;
  }
  return !(error instanceof ConnectionError || error instanceof TimeoutError);
}
