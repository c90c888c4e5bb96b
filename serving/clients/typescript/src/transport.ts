/** How requests leave and answers come back: credentials, time-outs, retries, problems. Nothing here knows a route. */
import { ConnectionError, ImpactError, ProblemError, TimeoutError } from "./errors.js";
import { problemOf } from "./problems.js";
import { API_VERSION, USER_AGENT } from "./version.js";
import { backoffMs, sleep } from "./waiting.js";

/**
 * An API key or an access token, or a function that gives one. The function is asked for each request; `isRefused`
 * says that the API has just refused what it gave before.
 */
export type Key = string | ((isRefused: boolean) => string | Promise<string>);

export interface ImpactOptions {
  /** Where the API is, such as `https://impact.example.org`. */
  readonly url: string;
  readonly key: Key;
  /** The company that calls are about. A call may name another one; an administrator of the platform has to. */
  readonly companyId?: string;
  /** Milliseconds for each try, answer included. */
  readonly timeoutMs?: number;
  /** Tries beyond the first, of what may be sent again. */
  readonly maxRetries?: number;
  /** The longest wait for a retry; if the API asks for a longer one, its problem is thrown at once. */
  readonly maxWaitMs?: number;
  /** The API's dated version; without it, the one this package was made from. */
  readonly apiVersion?: string;
  /** Another `fetch`, for tests or proxies. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface CallOptions {
  readonly companyId?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Your own id of the request, if it is to be the same one again after a restart of yours. */
  readonly idempotencyKey?: string;
}

export type QueryValue = string | number | boolean | null | undefined | readonly (string | number)[];

export interface Order {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it may be sent again when nobody knows whether it arrived. */
  readonly isRepeatable: boolean;
}

const AGAIN = new Set([408, 429, 500, 502, 503, 504]);

export class Transport {
  readonly #url: string;
  readonly #key: Key;
  readonly #fetch: typeof globalThis.fetch;
  readonly #timeoutMs: number;
  readonly #maxRetries: number;
  readonly #maxWaitMs: number;
  readonly #apiVersion: string;

  constructor(options: ImpactOptions) {
    const url = new URL(options.url); // throws, and says why, if it is none
    if (url.protocol !== "https:" && url.protocol !== "http:") {
      throw new TypeError(`url has to begin with https:// or http://, not with ${url.protocol}//`);
    }
    if (options.key === "") throw new TypeError("key is empty: give an API key, an access token, or a function");
    this.#url = url.href.replace(/[?#].*$/, "").replace(/\/+$/, "");
    this.#key = options.key;
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#maxRetries = options.maxRetries ?? 3;
    this.#maxWaitMs = options.maxWaitMs ?? 70_000; // a minute's rate limit can be waited for
    this.#apiVersion = options.apiVersion ?? API_VERSION;
  }

  address(path: string, query: Order["query"] = {}): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== null && one !== undefined) search.append(name, String(one));
      }
    }
    const text = search.toString();
    return this.#url + path + (text && `?${text}`);
  }

  /** One request without retries or a time-out; the answer may be of any status. */
  async open(order: Order, signal: AbortSignal, isRefused = false): Promise<Response> {
    const key = typeof this.#key === "function" ? await this.#key(isRefused) : this.#key;
    const headers = new Headers({ Accept: "application/json", ...order.headers, Authorization: `Bearer ${key}` });
    if (USER_AGENT !== null) headers.set("User-Agent", USER_AGENT);
    headers.set("X-API-Version", this.#apiVersion);
    let body: string | null = null;
    if (order.body !== undefined) {
      headers.set("Content-Type", "application/json");
      body = JSON.stringify(order.body);
    }
    return await this.#fetch(this.address(order.path, order.query), {
      method: order.method,
      headers,
      body,
      signal,
      redirect: "error", // the API never redirects: whoever does is somebody else, and the request has a credential
    });
  }

  /** Whether another credential may help where this one was refused. */
  get canRenew(): boolean {
    return typeof this.#key === "function";
  }

  /** What `read` makes of the answer; a problem is thrown, after retries where they may help. */
  async send<T>(order: Order, read: (response: Response) => Promise<T>, options: CallOptions = {}): Promise<T> {
    let isRefused = false;
    let stillRunningMs = 0;
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#attempt(order, read, options, isRefused);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!isRefused && this.canRenew && error instanceof ProblemError && error.status === 401) {
          isRefused = true;
          continue;
        }
        if (error instanceof ProblemError && error.kind === "request-still-running") {
          // The first try is at work, its answer was lost on the way: it is waited for, not counted.
          const onceMoreMs = Math.max(error.retryAfterS ?? 0, 1) * 1000;
          if ((stillRunningMs += onceMoreMs) > this.#maxWaitMs) throw error;
          failures -= 1;
          await sleep(onceMoreMs, options.signal);
          continue;
        }
        const waitMs = this.#waitMs(order, error, failures);
        if (waitMs === null) throw error;
        await sleep(waitMs, options.signal);
      }
    }
  }

  async #attempt<T>(
    order: Order, read: (response: Response) => Promise<T>, options: CallOptions, isRefused: boolean,
  ): Promise<T> {
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const tooLate = new AbortController();
    const timer = setTimeout(() => tooLate.abort(), timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, tooLate.signal]) : tooLate.signal;
    try {
      const response = await this.open(order, signal, isRefused);
      if (!response.ok) throw await problemOf(response);
      return await read(response);
    } catch (error) {
      if (tooLate.signal.aborted) {
        throw new TimeoutError(`${order.method} ${order.path} had no answer within ${timeoutMs} ms`);
      }
      if (error instanceof ImpactError || !(error instanceof TypeError || error instanceof SyntaxError)) throw error;
      throw new ConnectionError(`${order.method} ${order.path} had no answer that can be read`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Milliseconds until the next try, or null if there is none. */
  #waitMs(order: Order, error: unknown, failures: number): number | null {
    if (failures > this.#maxRetries || !mayGoAgain(order, error)) return null;
    const asked = error instanceof ProblemError ? error.retryAfterS : null;
    if (asked === null) return backoffMs(failures, 500, 8_000);
    return asked * 1000 > this.#maxWaitMs ? null : asked * 1000 + Math.random() * 250;
  }
}

function mayGoAgain(order: Order, error: unknown): boolean {
  if (error instanceof ProblemError) {
    // What was refused for its number has not been begun.
    return error.status === 429 || (order.isRepeatable && AGAIN.has(error.status));
  }
  return order.isRepeatable && (error instanceof ConnectionError || error instanceof TimeoutError);
}
