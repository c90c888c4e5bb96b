/** The one thing to make: a client for one API and one credential. */
import { Core, type Call } from "./core.js";
import { ImpactIn } from "./resources/impact-in.js";
import { Journey } from "./resources/journey.js";
import { Privacy } from "./resources/privacy.js";
import { Q2Q } from "./resources/q2q.js";
import { Reporting } from "./resources/reporting.js";
import { Stream } from "./resources/stream.js";
import { Transport, type CallOptions, type ImpactOptions } from "./transport.js";
import type { AnswerOf, Method, Route } from "./types.js";

export class Impact {
  readonly reporting: Reporting;
  readonly journey: Journey;
  readonly q2q: Q2Q;
  readonly stream: Stream;
  readonly privacy: Privacy;
  readonly impactIn: ImpactIn;
  readonly #core: Core;

  constructor(options: ImpactOptions) {
    this.#core = new Core(new Transport(options), options.companyId);
    this.reporting = new Reporting(this.#core);
    this.journey = new Journey(this.#core);
    this.q2q = new Q2Q(this.#core);
    this.stream = new Stream(this.#core);
    this.privacy = new Privacy(this.#core);
    this.impactIn = new ImpactIn(this.#core);
  }

  /** With the environment's `IMPACT_API_URL`, `IMPACT_API_KEY` and, if it is set, `IMPACT_COMPANY_ID`. */
  static fromEnvironment(options: Partial<ImpactOptions> = {}): Impact {
    const set = (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env ?? {};
    const { IMPACT_API_URL: url, IMPACT_API_KEY: key, IMPACT_COMPANY_ID: companyId } = set;
    if (!url || !key) throw new TypeError("set IMPACT_API_URL and IMPACT_API_KEY, or use new Impact({ url, key })");
    return new Impact({ url, key, ...(companyId && { companyId }), ...options });
  }

  /** Any route of the API, with the same types, retries and problems as the methods. */
  async call<M extends Method, P extends Route<M>>(
    method: M, route: P, call: Call<P, M> = {}, options?: CallOptions,
  ): Promise<AnswerOf<P, M>> {
    return await this.#core.call(method, route, call, options);
  }
}
