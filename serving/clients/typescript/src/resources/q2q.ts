/** What texts say, as labels and scores, and how good the models behind them are. */
import { idempotency, type Core } from "../core.js";
import type { CallOptions } from "../transport.js";
import type { BodyOf, QueryOf } from "../types.js";

export class Q2Q {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /**
   * Labels and scores of one text. It is screened and redacted first, and not stored. Sent under an idempotency key,
   * so that a retry is not paid for twice.
   */
  async classify(order: BodyOf<"/v1/q2q/classify", "post">, options?: CallOptions) {
    const call = { query: this.#core.named(options), body: order, headers: idempotency(options), isRepeatable: true };
    return await this.#core.call("post", "/v1/q2q/classify", call, options);
  }

  /** Stored evaluations of the models, newest first. */
  async getEval(query: QueryOf<"/v1/q2q/evaluations", "get"> = {}, options?: CallOptions) {
    return await this.#core.call("get", "/v1/q2q/evaluations", { query }, options);
  }

  /** Drift checks, newest windows first. */
  async getDrift(query: QueryOf<"/v1/q2q/drift", "get"> = {}, options?: CallOptions) {
    return await this.#core.call("get", "/v1/q2q/drift", { query }, options);
  }

  /** Every version of the models, and which is in force. */
  async getModels(query: QueryOf<"/v1/q2q/models", "get"> = {}, options?: CallOptions) {
    return await this.#core.call("get", "/v1/q2q/models", { query }, options);
  }

  /** The labels, the dimensions they are scored on, and how. */
  async getTaxonomy(options?: CallOptions) {
    return await this.#core.call("get", "/v1/q2q/taxonomy", { query: this.#core.named(options) }, options);
  }
}
