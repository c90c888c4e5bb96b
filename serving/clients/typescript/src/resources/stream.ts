/** Live updates of a company's figures. */
import type { Core } from "../core.js";
import { EventSourceConnection, begin } from "../stream/by-eventsource.js";
import { FetchConnection } from "../stream/by-fetch.js";
import { Updates, type UpdatesOptions } from "../stream/updates.js";
import type { CallOptions } from "../transport.js";

const SILENCE_MS = 45_000;

export class Stream {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Each change of a figure as it is published. Nothing is opened before it is iterated over. */
  updates(options: UpdatesOptions = {}): Updates {
    const query = {
      ...this.#core.named(options.companyId === undefined ? undefined : { companyId: options.companyId }),
      ...(options.topics && { topics: options.topics.join(",") }),
      ...(options.conflate && { conflate: true }),
    };
    const connection =
      options.transport === "eventsource"
        ? new EventSourceConnection(this.#core, query, options.companyId === undefined ? {} : { companyId: options.companyId })
        : new FetchConnection(this.#core.transport, query, options.silenceMs ?? SILENCE_MS);
    return new Updates(connection, options);
  }

  /** Begin a browser's session by hand, for an EventSource of your own. */
  async beginSession(options: CallOptions = {}) {
    return await begin(this.#core, options);
  }

  /** How many streams the process that answers serves, and how far it has read. */
  async getStats(options?: CallOptions) {
    return await this.#core.call("get", "/v1/stream/stats", {}, options);
  }
}
