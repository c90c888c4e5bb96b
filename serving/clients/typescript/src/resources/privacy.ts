/** People's rights over their data. Requests are sent under an idempotency key: a retry is the same request. */
import { bytes, idempotency, nothing, type Core } from "../core.js";
import { ImpactError } from "../errors.js";
import type { CallOptions } from "../transport.js";
import type { BodyOf, QueryOf, Route, Schemas } from "../types.js";
import { sleep } from "../waiting.js";

const REQUEST = "/v1/privacy/requests/{request_id}";
type Asking = Extract<Route<"post">, `/v1/privacy/${"export" | "delete" | "rectify" | "restrict"}`>;
type Order<P extends Asking> = Omit<BodyOf<P, "post">, "company_id">;
type Started = Schemas["PrivacyRequest"];
type Stage = Schemas["PrivacyRequestWithSteps"];

/** `failed` too: somebody has to help, and `retry` takes it up again. */
const ENDED: ReadonlySet<Stage["state"]> = new Set<Stage["state"]>(["completed", "partial", "failed", "cancelled"]);

export class Privacy {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Have all that is held about a person made into one file; `waitFor` tells when it is there. */
  async requestExport(order: Order<"/v1/privacy/export">, options?: CallOptions): Promise<Started> {
    return await this.#ask("/v1/privacy/export", order, options);
  }

  /** Have a person erased after their grace, or at once for a stated reason. */
  async requestErasure(order: Order<"/v1/privacy/delete">, options?: CallOptions): Promise<Started> {
    return await this.#ask("/v1/privacy/delete", order, options);
  }

  /** Put right a person's name or address. It is done when this answers. */
  async rectify(order: Order<"/v1/privacy/rectify">, options?: CallOptions): Promise<Started> {
    return await this.#ask("/v1/privacy/rectify", order, options);
  }

  /** Have a person's data kept and not used. */
  async restrict(order: Order<"/v1/privacy/restrict">, options?: CallOptions): Promise<Started> {
    return await this.#ask("/v1/privacy/restrict", order, options);
  }

  /** Requests by the time they are due. */
  async getRequests(query: Omit<QueryOf<"/v1/privacy/requests", "get">, "companyId"> = {}, options?: CallOptions) {
    const all = { ...query, ...this.#core.named(options) };
    return await this.#core.call("get", "/v1/privacy/requests", { query: all }, options);
  }

  /** One request with all that has happened, and the link to its file when there is one. */
  async getRequest(requestId: string, options?: CallOptions): Promise<Stage> {
    return await this.#core.call("get", REQUEST, { path: { request_id: requestId } }, options);
  }

  /** The request once nothing more happens by itself; throws if that takes longer than `withinMs`. */
  async waitFor(requestId: string, options: CallOptions & { readonly withinMs?: number } = {}): Promise<Stage> {
    const { withinMs = 120_000 } = options;
    const until = Date.now() + withinMs;
    for (let waitMs = 500; ; waitMs = Math.min(waitMs * 1.5, 15_000)) {
      const request = await this.getRequest(requestId, options);
      if (ENDED.has(request.state)) return request;
      if (Date.now() + waitMs > until) {
        throw new ImpactError(`privacy request ${requestId} is ${request.state} after ${withinMs} ms; ask again later`);
      }
      await sleep(waitMs, options.signal);
    }
  }

  /** The file of a finished export, a ZIP archive. */
  async download(requestId: string, options?: CallOptions): Promise<Uint8Array> {
    const call = { path: { request_id: requestId }, headers: { Accept: "*/*" } };
    return await this.#core.read("get", `${REQUEST}/download`, call, bytes, options);
  }

  /** End a request whose work has not begun. Twice is the same as once. */
  async cancel(requestId: string, reason?: string, options?: CallOptions): Promise<Started> {
    const body = reason === undefined ? {} : { reason };
    return await this.#core.call("post", `${REQUEST}/cancel`, { path: { request_id: requestId }, body, isRepeatable: true }, options);
  }

  /** Have a request that failed, or was done in part, taken up once more. */
  async retry(requestId: string, options?: CallOptions): Promise<Started> {
    return await this.#core.call("post", `${REQUEST}/retry`, { path: { request_id: requestId } }, options);
  }

  /** The words people are asked with. */
  async getConsentTexts(options?: CallOptions) {
    return await this.#core.call("get", "/v1/privacy/consent-texts", {}, options);
  }

  /** Record what a person has agreed to. */
  async recordConsent(order: Omit<BodyOf<"/v1/privacy/consents", "post">, "company_id">, options?: CallOptions) {
    return await this.#core.call("post", "/v1/privacy/consents", { body: this.#about(order, options) }, options);
  }

  /** End a consent. */
  async withdrawConsent(consentId: string, options?: CallOptions) {
    return await this.#core.call("post", "/v1/privacy/consents/{consent_id}/withdraw", { path: { consent_id: consentId } }, options);
  }

  /** A person's consents and restrictions. */
  async getPerson(personId: string, options?: CallOptions) {
    return await this.#core.call("get", "/v1/privacy/people/{person_id}", { path: { person_id: personId } }, options);
  }

  /** Let a person's data be used again. */
  async liftRestriction(restrictionId: string, options?: CallOptions): Promise<void> {
    const call = { path: { restriction_id: restrictionId } };
    await this.#core.read("post", "/v1/privacy/restrictions/{restriction_id}/lift", call, nothing, options);
  }

  async #ask<P extends Asking>(route: P, order: Order<P>, options: CallOptions | undefined): Promise<Started> {
    const body = this.#about(order, options) as unknown as BodyOf<P, "post">;
    const call = { body, headers: idempotency(options), isRepeatable: true };
    return (await this.#core.call("post", route, call, options)) as Started;
  }

  /** With the company that the call or the client names; of an administrator without one, every company's data. */
  #about<T extends object>(order: T, options: CallOptions | undefined): T & { company_id?: string } {
    const { companyId } = this.#core.named(options);
    return companyId === undefined ? order : { ...order, company_id: companyId };
  }
}
