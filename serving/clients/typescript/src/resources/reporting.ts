/** A company's figures: read from the latest publication of the warehouse. */
import { bytes, type Core } from "../core.js";
import type { CallOptions } from "../transport.js";
import type { AnswerOf, ListQueryOf, QueryOf } from "../types.js";

const COMPANY = "/v1/companies/{company_id}";

/** The parameters of an export, without its format. */
export type ExportQuery = Omit<QueryOf<`${typeof COMPANY}/export/csrd`, "get">, "format">;

export class Reporting {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** What was put into a month or quarter, what came of it, and what it was worth. */
  async getAtAGlance(query: QueryOf<`${typeof COMPANY}/at-a-glance`, "get">, options?: CallOptions) {
    return await this.#core.call("get", `${COMPANY}/at-a-glance`, { path: this.#company(options), query }, options);
  }

  /** All figures, one item per month or quarter, oldest first. */
  getMetrics(query: ListQueryOf<`${typeof COMPANY}/metrics`> = {}, options?: CallOptions) {
    return this.#core.list(`${COMPANY}/metrics`, { path: this.#company(options), query }, options);
  }

  /** One metric of the last months. */
  getHistory(query: ListQueryOf<`${typeof COMPANY}/history`>, options?: CallOptions) {
    return this.#core.list(`${COMPANY}/history`, { path: this.#company(options), query }, options);
  }

  /** The social return of a period, by formula and scenario, each with what it was computed from. */
  async getSROI(query: QueryOf<`${typeof COMPANY}/sroi`, "get"> = {}, options?: CallOptions) {
    return await this.#core.call("get", `${COMPANY}/sroi`, { path: this.#company(options), query }, options);
  }

  /** The volunteer impact of a period, and the volunteers who stand out, by pseudonym. */
  async getVIS(query: QueryOf<`${typeof COMPANY}/vis`, "get"> = {}, options?: CallOptions) {
    return await this.#core.call("get", `${COMPANY}/vis`, { path: this.#company(options), query }, options);
  }

  /** Scores per period and dimension. */
  getOutcomes(query: ListQueryOf<`${typeof COMPANY}/outcomes`> = {}, options?: CallOptions) {
    return this.#core.list(`${COMPANY}/outcomes`, { path: this.#company(options), query }, options);
  }

  /** The figures of all programme tiles. */
  getTiles(query: ListQueryOf<`${typeof COMPANY}/tiles`> = {}, options?: CallOptions) {
    return this.#core.list(`${COMPANY}/tiles`, { path: this.#company(options), query }, options);
  }

  /** Activities per Sustainable Development Goal. */
  getSDG(query: ListQueryOf<`${typeof COMPANY}/sdg`> = {}, options?: CallOptions) {
    return this.#core.list(`${COMPANY}/sdg`, { path: this.#company(options), query }, options);
  }

  /** One metric by day, week, month or quarter, without gaps. */
  getTrends(query: ListQueryOf<`${typeof COMPANY}/trends`>, options?: CallOptions) {
    return this.#core.list(`${COMPANY}/trends`, { path: this.#company(options), query }, options);
  }

  /** The groups of people that a company watches. */
  getCohorts(query: ListQueryOf<`${typeof COMPANY}/cohorts`> = {}, options?: CallOptions) {
    return this.#core.list(`${COMPANY}/cohorts`, { path: this.#company(options), query }, options);
  }

  /** The figures of one cohort. */
  getCohortMetrics(
    cohortId: string, query: ListQueryOf<`${typeof COMPANY}/cohorts/{cohort_id}/metrics`> = {}, options?: CallOptions,
  ) {
    const path = { ...this.#company(options), cohort_id: cohortId };
    return this.#core.list(`${COMPANY}/cohorts/{cohort_id}/metrics`, { path, query }, options);
  }

  /** One metric of several cohorts, period by period. */
  compareCohorts(
    cohortIds: readonly string[], query: Omit<ListQueryOf<`${typeof COMPANY}/cohorts/compare`>, "cohort_ids">,
    options?: CallOptions,
  ) {
    const all = { ...query, cohort_ids: cohortIds.join(",") };
    return this.#core.list(`${COMPANY}/cohorts/compare`, { path: this.#company(options), query: all }, options);
  }

  /** How many of those who began in a month were still active in each month after. */
  getRetention(query: ListQueryOf<`${typeof COMPANY}/retention`> = {}, options?: CallOptions) {
    return this.#core.list(`${COMPANY}/retention`, { path: this.#company(options), query }, options);
  }

  /** From enrolment to completion, for those who enrolled in one quarter. */
  getFunnels(query: ListQueryOf<`${typeof COMPANY}/funnels`> = {}, options?: CallOptions) {
    return this.#core.list(`${COMPANY}/funnels`, { path: this.#company(options), query }, options);
  }

  /** The company's own values beside those of its peers. */
  benchmarks(query: ListQueryOf<`${typeof COMPANY}/benchmarks`>, options?: CallOptions) {
    return this.#core.list(`${COMPANY}/benchmarks`, { path: this.#company(options), query }, options);
  }

  /** Data points for a sustainability report (CSRD): as objects, or as the bytes of a CSV or Parquet file. */
  async export(format: "json", query?: ExportQuery, options?: CallOptions): Promise<AnswerOf<`${typeof COMPANY}/export/csrd`, "get">>;
  async export(format: "csv" | "parquet", query?: ExportQuery, options?: CallOptions): Promise<Uint8Array>;
  async export(format: "json" | "csv" | "parquet", query: ExportQuery = {}, options?: CallOptions) {
    const route = `${COMPANY}/export/csrd` as const;
    const call = { path: this.#company(options), query: { ...query, format } };
    if (format === "json") return await this.#core.call("get", route, call, options);
    return await this.#core.read("get", route, { ...call, headers: { Accept: "*/*" } }, bytes, options);
  }

  /** The events that a number was computed from, newest first. */
  getEvidence(metric: string, query: ListQueryOf<"/v1/metrics/{metric_id}/evidence"> = {}, options?: CallOptions) {
    const all = { ...query, ...this.#core.named(options) };
    return this.#core.list("/v1/metrics/{metric_id}/evidence", { path: { metric_id: metric }, query: all }, options);
  }

  /** Redacted words of what was written, each with the score that rests on it. */
  getQ2QFeed(query: ListQueryOf<`${typeof COMPANY}/q2q-feed`> = {}, options?: CallOptions) {
    return this.#core.list(`${COMPANY}/q2q-feed`, { path: this.#company(options), query }, options);
  }

  #company(options: CallOptions | undefined): { company_id: string } {
    return { company_id: this.#core.company(options) };
  }
}
