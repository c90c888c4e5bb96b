/** Typed calls by route: what the resources are made of, and what reaches every route that has no method of its own. */
import { Pages } from "./pages.js";
import type { CallOptions, Order, QueryValue, Transport } from "./transport.js";
import type { AnswerOf, BodyOf, Method, PathOf, QueryOf, Route } from "./types.js";

export interface Call<P extends Route<M>, M extends Method> {
  readonly path?: PathOf<P, M>;
  readonly query?: QueryOf<P, M>;
  readonly body?: BodyOf<P, M>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it changes nothing to send it twice. Reads, PUT and DELETE never do. */
  readonly isRepeatable?: boolean;
}

export class Core {
  readonly transport: Transport;
  readonly #companyId: string | undefined;

  constructor(transport: Transport, companyId: string | undefined) {
    this.transport = transport;
    this.#companyId = companyId;
  }

  /** The JSON of a route's success. */
  async call<M extends Method, P extends Route<M>>(
    method: M, route: P, call: Call<P, M>, options?: CallOptions,
  ): Promise<AnswerOf<P, M>> {
    return await this.read(method, route, call, json<AnswerOf<P, M>>, options);
  }

  /** What `read` makes of a route's success. */
  async read<M extends Method, P extends Route<M>, T>(
    method: M, route: P, call: Call<P, M>, read: (response: Response) => Promise<T>, options?: CallOptions,
  ): Promise<T> {
    return await this.transport.send(orderOf(method, route, call), read, options);
  }

  /** A list, whose pages the cursor of each turns. */
  list<P extends Route<"get">>(route: P, call: Call<P, "get">, options?: CallOptions): Pages<AnswerOf<P, "get">> {
    return new Pages(async (cursor) => {
      const query = { ...call.query, ...(cursor !== null && { cursor }) } as QueryOf<P, "get">;
      return await this.call("get", route, { ...call, query }, options);
    });
  }

  /** The company a call is about. */
  company(options: CallOptions | undefined): string {
    const companyId = options?.companyId ?? this.#companyId;
    if (companyId === undefined) {
      throw new TypeError("say which company this is about: { companyId } for new Impact(…), or with the call");
    }
    return companyId;
  }

  /** The same where the API takes the credential's company if none is named. */
  named(options: CallOptions | undefined): { companyId?: string } {
    const companyId = options?.companyId ?? this.#companyId;
    return companyId === undefined ? {} : { companyId };
  }
}

/** A header under which a repeated request is answered as the first time. */
export function idempotency(options: CallOptions | undefined): { readonly "Idempotency-Key": string } {
  return { "Idempotency-Key": options?.idempotencyKey ?? crypto.randomUUID() };
}

export async function json<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}

export async function bytes(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

export async function nothing(response: Response): Promise<void> {
  await response.body?.cancel();
}

function orderOf<M extends Method, P extends Route<M>>(method: M, route: P, call: Call<P, M>): Order {
  const values = (call.path ?? {}) as Record<string, string>;
  const path = String(route).replace(/\{(\w+)(?::\w+)?\}/g, (_, name: string) => {
    const value = values[name];
    // Dots alone would be taken for a step in the address, and lead to another route.
    if (value === undefined || /^\.{0,2}$/.test(value)) {
      throw new TypeError(`${String(route)} needs a ${name}, and got ${JSON.stringify(value)}`);
    }
    return encodeURIComponent(value);
  });
  return {
    method: method.toUpperCase(),
    path,
    ...(call.query && { query: call.query as Record<string, QueryValue> }),
    ...(call.body !== undefined && { body: call.body }),
    ...(call.headers && { headers: call.headers }),
    isRepeatable: method !== "post" && method !== "patch" ? true : (call.isRepeatable ?? false),
  };
}
