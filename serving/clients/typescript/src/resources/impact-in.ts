/** A company's numbers on their way to its CSR suites. */
import { bytes, type Core } from "../core.js";
import type { CallOptions } from "../transport.js";
import type { BodyOf, ListQueryOf, QueryOf } from "../types.js";

const BASE = "/v1/impact-in";
const SCHEDULE = `${BASE}/schedules/{schedule_id}` as const;
const SCHEDULED = `${BASE}/scheduled/{scheduled_id}` as const;
const CONNECTION = `${BASE}/connections/{platform}` as const;
type Without<T> = Omit<T, "companyId" | "company_id">;

export class ImpactIn {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Deliveries, newest first. */
  getDeliveries(query: ListQueryOf<`${typeof BASE}/deliveries`> = {}, options?: CallOptions) {
    return this.#core.list(`${BASE}/deliveries`, { query: { ...query, ...this.#core.named(options) } }, options);
  }

  /** One delivery with every request that was made for it, and what the partner called back. */
  async getDelivery(deliveryId: string, options?: CallOptions) {
    return await this.#core.call("get", `${BASE}/deliveries/{delivery_id}`, { path: { delivery_id: deliveryId } }, options);
  }

  /** What was sent, byte for byte. */
  async getPayload(deliveryId: string, options?: CallOptions): Promise<Uint8Array> {
    const call = { path: { delivery_id: deliveryId }, headers: { Accept: "*/*" } };
    return await this.#core.read("get", `${BASE}/deliveries/{delivery_id}/payload`, call, bytes, options);
  }

  /** How many deliveries there are, per platform and status. */
  async getStats(query: Without<QueryOf<`${typeof BASE}/deliveries/stats`, "get">> = {}, options?: CallOptions) {
    return await this.#core.call("get", `${BASE}/deliveries/stats`, { query: { ...query, ...this.#core.named(options) } }, options);
  }

  /** What was delivered and what failed, day by day in UTC. */
  async getTimeline(query: Without<QueryOf<`${typeof BASE}/delivery-timeline`, "get">> = {}, options?: CallOptions) {
    return await this.#core.call("get", `${BASE}/delivery-timeline`, { query: { ...query, ...this.#core.named(options) } }, options);
  }

  /** Whether deliveries keep what was promised, per platform. */
  async getSlaStatus(query: Without<QueryOf<`${typeof BASE}/sla-status`, "get">> = {}, options?: CallOptions) {
    return await this.#core.call("get", `${BASE}/sla-status`, { query: { ...query, ...this.#core.named(options) } }, options);
  }

  /** Send failed deliveries again, up to 100, each under its own key: sent twice, none counts twice. */
  async replayAll(order: BodyOf<`${typeof BASE}/deliveries/bulk-replay`, "post">, options?: CallOptions) {
    return await this.#core.call("post", `${BASE}/deliveries/bulk-replay`, { query: this.#core.named(options), body: order }, options);
  }

  /** Send a failed delivery again: the same bytes under the same key. */
  async replay(deliveryId: string, options?: CallOptions) {
    return await this.#core.call("post", `${SCHEDULED}/replay`, { path: { scheduled_id: deliveryId } }, options);
  }

  /** What a schedule would send, or what a delivery is: frozen bytes, their hash, and what has changed. */
  async preview(scheduledId: string, query: QueryOf<`${typeof SCHEDULED}/preview`, "get"> = {}, options?: CallOptions) {
    return await this.#core.call("get", `${SCHEDULED}/preview`, { path: { scheduled_id: scheduledId }, query }, options);
  }

  /** Send exactly the bytes that were looked at; refused if the figures have moved since. */
  async approve(scheduledId: string, order: BodyOf<`${typeof SCHEDULED}/approve`, "post">, options?: CallOptions) {
    return await this.#core.call("post", `${SCHEDULED}/approve`, { path: { scheduled_id: scheduledId }, body: order }, options);
  }

  /** The schedules there are. */
  async getSchedules(options?: CallOptions) {
    return await this.#core.call("get", `${BASE}/schedules`, { query: this.#core.named(options) }, options);
  }

  async getSchedule(scheduleId: string, options?: CallOptions) {
    return await this.#core.call("get", SCHEDULE, { path: { schedule_id: scheduleId } }, options);
  }

  /** Send a company's numbers to a platform from now on. */
  async addSchedule(order: Without<BodyOf<`${typeof BASE}/schedules`, "post">>, options?: CallOptions) {
    const body = this.#about(order, options) as BodyOf<`${typeof BASE}/schedules`, "post">;
    return await this.#core.call("post", `${BASE}/schedules`, { body }, options);
  }

  /** Change what is named; with the `version` that was read, refused if somebody else has changed it since. */
  async changeSchedule(
    scheduleId: string, change: BodyOf<typeof SCHEDULE, "patch">, options?: CallOptions & { readonly version?: number },
  ) {
    const headers: Record<string, string> = options?.version === undefined ? {} : { "If-Match": `"${options.version}"` };
    return await this.#core.call("patch", SCHEDULE, { path: { schedule_id: scheduleId }, body: change, headers }, options);
  }

  /** End a schedule. What it has sent stays on record. */
  async deleteSchedule(scheduleId: string, options?: CallOptions) {
    return await this.#core.call("delete", SCHEDULE, { path: { schedule_id: scheduleId } }, options);
  }

  /** Have a period's report made and sent now; once, however often it is asked for. */
  async runNow(scheduleId: string, order: BodyOf<`${typeof SCHEDULE}/run-now`, "post"> = {}, options?: CallOptions) {
    const call = { path: { schedule_id: scheduleId }, body: order };
    return await this.#core.call("post", `${SCHEDULE}/run-now`, call, options);
  }

  /** Where the numbers go, with the names of the secrets that are kept. */
  async getConnections(options?: CallOptions) {
    return await this.#core.call("get", `${BASE}/connections`, { query: this.#core.named(options) }, options);
  }

  /** Say where the numbers go. */
  async putConnection(platform: string, order: Without<BodyOf<typeof CONNECTION, "put">>, options?: CallOptions) {
    const body = this.#about(order, options) as BodyOf<typeof CONNECTION, "put">;
    return await this.#core.call("put", CONNECTION, { path: { platform }, body }, options);
  }

  /** Keep a secret, encrypted, in the place of the one before. Nobody is ever shown it. */
  async putSecret(platform: string, name: string, secret: string, options?: CallOptions) {
    const body = this.#about({ secret }, options);
    return await this.#core.call("put", `${CONNECTION}/secrets/{name}`, { path: { platform, name }, body }, options);
  }

  #about<T extends object>(order: T, options: CallOptions | undefined): T & { company_id?: string } {
    const { companyId } = this.#core.named(options);
    return companyId === undefined ? order : { ...order, company_id: companyId };
  }
}
