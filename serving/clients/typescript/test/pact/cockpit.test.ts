/**
 * What the cockpit needs of the API, written down as a contract: this client asks Pact's server, and the API has to
 * answer the same questions alike. `PACT_DIR` is where the contract is written.
 */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { MatchersV3, PactV4, SpecificationVersion } from "@pact-foundation/pact";
import { CompanyForbiddenError, Impact, InvalidParameterError } from "@impact/client";

const { eachLike, integer, like, nullValue, number: anyNumber, regex, uuid } = MatchersV3;

const COMPANY = "aaaaaaaa-0000-4000-8000-000000000001";
const OTHER = "bbbbbbbb-0000-4000-8000-000000000002";
const KEY = "teei_test_of-the-contracts-0000000000000000000000000"; // exists where the state below says so
const CONSUMER = "cockpit-ts";
const PROVIDER = "impact-api";
const DIR = process.env["PACT_DIR"] ?? fileURLToPath(new URL("../../../../../../tests/contracts/pacts", import.meta.url));
const STATE = "the company has figures, and the key is its administrator's";

rmSync(`${DIR}/${CONSUMER}-${PROVIDER}.json`, { force: true }); // what is not asked any more is no part of it
const pact = new PactV4({
  consumer: CONSUMER, provider: PROVIDER, dir: DIR, spec: SpecificationVersion.SPECIFICATION_VERSION_V4, logLevel: "warn",
});

// JSON has one kind of number: a whole one is sent without its fraction.
const number = (example: number) => anyNumber(example);
const time = regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.source, "2026-10-01T04:00:12Z");
const day = regex(/^\d{4}-\d\d-\d\d$/.source, "2026-07-01");
const month = regex(/^\d{4}-\d\d$/.source, "2026-07");
const about = { company_id: uuid(COMPANY), data_version: integer(17), as_of: time };
const problem = (kind: string, status: number, more: object = {}) => ({
  type: `/problems/${kind}`, title: like("What it is"), status, detail: like("What was wrong"), instance: like("urn:uuid:0"), ...more,
});

type Query = Record<string, string>;

/** One question of the cockpit, the answer it needs, and that this client makes of it what the cockpit reads. */
async function agreed(
  what: string, path: string, query: Query, status: number, body: object, use: (impact: Impact) => Promise<void>,
): Promise<void> {
  await pact
    .addInteraction()
    .given(STATE)
    .uponReceiving(what)
    .withRequest("GET", path, (request) => {
      request.headers({ Authorization: `Bearer ${KEY}` });
      if (Object.keys(query).length > 0) request.query(query);
    })
    .willRespondWith(status, (response) => {
      response.headers({ "Content-Type": status < 400 ? "application/json" : "application/problem+json" }).jsonBody(body);
    })
    .executeTest(async (server) => {
      await use(new Impact({ url: server.url, key: KEY, companyId: COMPANY, maxRetries: 0 }));
    });
}

test("the figures at a glance", async () => {
  const body = {
    ...about,
    period: "2026-Q3",
    inputs: {
      total_volunteers: integer(42), total_hours: number(318.5), total_sessions: integer(377), active_participants: integer(129),
    },
    outcomes: like({ integration_avg: 52.1 }),
    value: { sroi_ratio: number(2.41) },
  };
  await agreed("the quarter at a glance", `/v1/companies/${COMPANY}/at-a-glance`, { period: "2026-Q3" }, 200, body, async (impact) => {
    const { inputs, value } = await impact.reporting.getAtAGlance({ period: "2026-Q3" });
    assert.deepEqual([inputs.total_sessions, value.sroi_ratio], [377, 2.41]);
  });
});

test("sessions and hours over time", async () => {
  const item = { period: month, period_start: day, sessions_count: integer(30), volunteer_hours: number(24.5), participants_count: integer(20) };
  const body = { ...about, grain: "month", items: eachLike(item), next_cursor: nullValue() };
  const query = { grain: "month", from: "2026-07" };
  await agreed("the months since July", `/v1/companies/${COMPANY}/metrics`, query, 200, body, async (impact) => {
    const months = await impact.reporting.getMetrics({ grain: "month", from: "2026-07" }).all();
    assert.deepEqual(months.map((one) => [one.period, one.sessions_count]), [["2026-07", 30]]);
  });
});

test("the SROI panel", async () => {
  const result = {
    variant: "employment_npv", scenario: "base", ratio: number(2.5), value: number(1000.5), cost: number(400.5),
    currency: like("USD"), formula_version: like("1.0"), inputs: like({}), missing_reason: nullValue(),
  };
  const body = { ...about, period: "2026-Q3", results: eachLike(result) };
  const query = { period: "2026-Q3", variant: "employment_npv", scenario: "base" };
  await agreed("the social return of a quarter", `/v1/companies/${COMPANY}/sroi`, query, 200, body, async (impact) => {
    const { results } = await impact.reporting.getSROI({ period: "2026-Q3", variant: "employment_npv", scenario: "base" });
    assert.deepEqual(results?.map((one) => [one.scenario, one.ratio]), [["base", 2.5]]);
  });
});

test("the VIS panel", async () => {
  const volunteer = { rank: integer(1), volunteer_id: uuid(), vis_score: number(57.5), hours: number(50.5), sessions_count: integer(6) };
  const body = { ...about, period: "2026-Q3", aggregate: { hours: number(150.5), parts: like({ hours: 15.5 }) }, top_volunteers: eachLike(volunteer) };
  await agreed("the volunteers who stand out", `/v1/companies/${COMPANY}/vis`, { period: "2026-Q3", top: "3" }, 200, body, async (impact) => {
    const { top_volunteers } = await impact.reporting.getVIS({ period: "2026-Q3", top: 3 });
    assert.equal(top_volunteers[0]?.vis_score, 57.5);
  });
});

test("beside its peers", async () => {
  const item = {
    metric: like("vis_score"), period: like("2026-Q2"), own_value: number(40.5), p25: number(40.5), p50: number(40.5), p75: number(40.5),
    p90: number(40.5), peers_count: integer(12), standing: like("p50_to_p75"), is_suppressed: false,
  };
  const body = { ...about, items: eachLike(item), next_cursor: nullValue() };
  await agreed("benchmarks among all companies", `/v1/companies/${COMPANY}/benchmarks`, { compare_with: "all" }, 200, body, async (impact) => {
    const [first] = await impact.reporting.benchmarks({ compare_with: "all" }).all();
    assert.deepEqual([first?.p50, first?.is_suppressed], [40.5, false]);
  });
});

test("another company's figures are refused", async () => {
  const body = problem("company-forbidden", 403);
  await agreed("another company's social return", `/v1/companies/${OTHER}/sroi`, {}, 403, body, async (impact) => {
    await assert.rejects(impact.reporting.getSROI({}, { companyId: OTHER }), CompanyForbiddenError);
  });
});

test("a period that is none is named", async () => {
  const body = problem("invalid-parameter", 422, { errors: eachLike({ location: "query.period", message: like("give a month") }) });
  await agreed("the social return of no period", `/v1/companies/${COMPANY}/sroi`, { period: "2026-13" }, 422, body, async (impact) => {
    await assert.rejects(impact.reporting.getSROI({ period: "2026-13" }), (error) => {
      assert.ok(error instanceof InvalidParameterError);
      assert.equal(error.errors[0]?.location, "query.period");
      return true;
    });
  });
});
