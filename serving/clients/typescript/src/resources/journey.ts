/** A person's flags and milestones: what they are, why, and why not yet. */
import type { Core } from "../core.js";
import type { CallOptions } from "../transport.js";
import type { BodyOf, PathOf, QueryOf } from "../types.js";

const PERSON = "/v1/journey/participants/{participant_id}";
const MILESTONE = "/v1/journey/milestones/{participant_id}/{milestone}";

export type Milestone = PathOf<typeof MILESTONE, "get">["milestone"];

export class Journey {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Every flag of the rules in force: whether it is set, why, and what is missing where it is not. */
  async getFlags(participantId: string, options?: CallOptions) {
    const call = { path: { participant_id: participantId }, query: this.#core.named(options) };
    return await this.#core.call("get", `${PERSON}/flags`, call, options);
  }

  /** `getFlags` by the name that earlier clients know. */
  async getJourneyFlags(participantId: string, options?: CallOptions) {
    return await this.getFlags(participantId, options);
  }

  /** What was believed about a person, about when, and since when. */
  async getHistory(
    participantId: string, query: Omit<QueryOf<`${typeof PERSON}/history`, "get">, "companyId"> = {}, options?: CallOptions,
  ) {
    const all = { ...query, ...this.#core.named(options) };
    return await this.#core.call("get", `${PERSON}/history`, { path: { participant_id: participantId }, query: all }, options);
  }

  /** Have a person's whole history looked at again. It takes a second or so. */
  async evaluate(participantId: string, options?: CallOptions) {
    const call = { path: { participant_id: participantId }, query: this.#core.named(options), isRepeatable: true };
    return await this.#core.call("post", `${PERSON}/evaluate`, call, options);
  }

  /** The milestones a person has reached. */
  async getMilestones(participantId: string, options?: CallOptions) {
    const call = { path: { participant_id: participantId }, query: this.#core.named(options) };
    return await this.#core.call("get", "/v1/journey/milestones/{participant_id}", call, options);
  }

  /** One milestone: when and why it was reached, or what is missing. */
  async getMilestone(participantId: string, milestone: Milestone, options?: CallOptions) {
    const call = { path: { participant_id: participantId, milestone }, query: this.#core.named(options) };
    return await this.#core.call("get", MILESTONE, call, options);
  }

  /** Record a milestone that no rule can see. Reached before, it stays as it was, so trying again does no harm. */
  async triggerMilestone(
    participantId: string, milestone: Milestone, order: BodyOf<typeof MILESTONE, "post">, options?: CallOptions,
  ) {
    const path = { participant_id: participantId, milestone };
    const call = { path, query: this.#core.named(options), body: order, isRepeatable: true };
    return await this.#core.call("post", MILESTONE, call, options);
  }

  /** The rules there are. */
  async getRules(options?: CallOptions) {
    return await this.#core.call("get", "/v1/journey/rules", {}, options);
  }
}
