/** The methods against a running API; `tests/sdk/typescript` starts one and says where it is. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  CompanyForbiddenError, Impact, RateLimitedError, ReportNotRepeatedError, RoleForbiddenError, UnauthenticatedError,
} from "@impact/client";

const { IMPACT_API_URL: url = "", ADMIN_KEY: adminKey = "", FEW_KEY: fewKey = "", OTHER_COMPANY = "" } = process.env;
const { PARTICIPANT_ID = "", PERSON_ID = "" } = process.env;
const live = { skip: url === "" };
const QUARTERS = ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"];

test("figures", live, async () => {
  const { reporting } = Impact.fromEnvironment();
  const quarters = await reporting.getMetrics({ grain: "quarter" }).all();
  assert.deepEqual(quarters.map((one) => one.period), QUARTERS);
  assert.equal(quarters[0]?.sessions_count, 30);
  const glance = await reporting.getAtAGlance({ period: "2026-Q3" });
  assert.equal(glance.inputs.total_sessions, 30);
  const { results } = await reporting.getSROI({ period: "2026-Q3", scenario: "base", variant: "employment_npv" });
  assert.deepEqual(results?.map((one) => one.ratio), [3.5]);
  const vis = await reporting.getVIS({ period: "2026-Q3", top: 2 });
  assert.equal(vis.top_volunteers.length, 2);
  const peers = await reporting.benchmarks({ compare_with: "all" });
  assert.equal(peers.items[0]?.p50, 40);
});

test("lists over several pages", live, async () => {
  const { reporting } = Impact.fromEnvironment();
  const days = await reporting.getTrends({ metric: "sessions_count", granularity: "day", limit: 250 }).all();
  assert.deepEqual(days.map((one) => one.value), Array.from({ length: 600 }, (_, day) => day));
});

test("every other list has its items", live, async () => {
  const { reporting } = Impact.fromEnvironment();
  const [cohort] = await reporting.getCohorts().all();
  assert.ok(cohort);
  const lists = [
    reporting.getHistory({ metric: "sessions_count", months: 6 }),
    reporting.getOutcomes({ dimensions: "confidence,belonging" }),
    reporting.getTiles(),
    reporting.getSDG(),
    reporting.getRetention(),
    reporting.getFunnels(),
    reporting.getCohortMetrics(cohort.cohort_id),
    reporting.compareCohorts([cohort.cohort_id], { metric: "integration_score" }),
  ];
  for (const list of lists) assert.ok((await list.all()).length > 0);
  for (const one of await reporting.getQ2QFeed().all()) assert.ok(one.event_id); // of texts that other tests have scored
});

test("exports in each format", live, async () => {
  const { reporting } = Impact.fromEnvironment();
  const { items } = await reporting.export("json", { from: "2026-Q3" });
  const lines = new TextDecoder().decode(await reporting.export("csv", { from: "2026-Q3" })).trim().split("\r\n");
  assert.equal(lines.length, items.length + 1);
  const parquet = await reporting.export("parquet");
  assert.equal(new TextDecoder().decode(parquet.slice(0, 4)), "PAR1");
});

test("what a credential may not see is refused by name", live, async () => {
  const impact = Impact.fromEnvironment();
  await assert.rejects(impact.reporting.getSROI({}, { companyId: OTHER_COMPANY }), CompanyForbiddenError);
  await assert.rejects(impact.privacy.getRequests(), RoleForbiddenError);
  await assert.rejects(Impact.fromEnvironment({ key: "teei_live_nothing" }).reporting.getSROI(), UnauthenticatedError);
});

test("a rate limit says when it ends", live, async () => {
  const { q2q } = Impact.fromEnvironment({ key: fewKey, maxWaitMs: 0 });
  await assert.rejects(async () => {
    for (let call = 0; call < 9; call += 1) await q2q.getTaxonomy();
  }, (error) => error instanceof RateLimitedError && (error.retryAfterS ?? 0) > 0);
});

test("a person's journey", live, async () => {
  const { journey } = Impact.fromEnvironment({ key: adminKey });
  const order = { reached_at: "2026-09-30T12:00:00Z", reason: "was offered a job" };
  const made = await journey.triggerMilestone(PARTICIPANT_ID, "job_ready", order);
  const again = await journey.triggerMilestone(PARTICIPANT_ID, "job_ready", { ...order, reason: "another one" });
  assert.deepEqual([made.is_reached, again.reason], [true, order.reason]);
  assert.ok((await journey.getMilestones(PARTICIPANT_ID)).items.some((one) => one.milestone === "job_ready"));
  assert.ok((await journey.getMilestone(PARTICIPANT_ID, "job_ready")).is_reached);
  const { flags } = await journey.getJourneyFlags(PARTICIPANT_ID);
  assert.ok(flags.length > 0 && flags.every((one) => !one.is_set));
  assert.deepEqual((await journey.getHistory(PARTICIPANT_ID)).items, []);
  assert.equal((await journey.evaluate(PARTICIPANT_ID)).participant_id, PARTICIPANT_ID);
  assert.ok((await journey.getRules()).items.length > 0);
});

test("a text's labels, paid once", live, async () => {
  const { q2q } = Impact.fromEnvironment();
  const order = { text: "My mentor helped me with my CV.", language: "en", provider: "local", context: { id: "c-1" } } as const;
  const first = await q2q.classify(order, { idempotencyKey: "text-1" });
  assert.deepEqual([first.context.id, first.model.provider], ["c-1", "local"]);
  assert.deepEqual(await q2q.classify(order, { idempotencyKey: "text-1" }), first);
  await assert.rejects(q2q.classify({ ...order, text: "Another text." }, { idempotencyKey: "text-1" }), { kind: "idempotency-key-reused" });
  assert.ok(Array.isArray((await q2q.getEval({ limit: 1 })).items));
  assert.ok((await q2q.getModels()).items.length > 0);
  assert.ok(Array.isArray((await q2q.getDrift()).items));
});

test("people's rights", live, async () => {
  const { privacy } = Impact.fromEnvironment({ key: adminKey });
  const subject = { person_id: PERSON_ID };
  const request = await privacy.requestExport({ subject }, { idempotencyKey: "export-1" });
  assert.equal((await privacy.requestExport({ subject }, { idempotencyKey: "export-1" })).request_id, request.request_id);
  assert.ok((await privacy.getRequests({ right: "access" })).items.some((one) => one.request_id === request.request_id));
  await privacy.cancel(request.request_id);
  assert.equal((await privacy.waitFor(request.request_id)).state, "cancelled");
  const consent = await privacy.recordConsent({ subject, purpose: "marketing", text_version: 1, language: "uk", method: "checkbox" });
  assert.ok((await privacy.getPerson(PERSON_ID)).consents.some((one) => one.consent_id === consent.consent_id));
  assert.equal((await privacy.withdrawConsent(consent.consent_id)).is_in_force, false);
  assert.ok((await privacy.getConsentTexts()).items.length > 0);
  await assert.rejects(privacy.download(request.request_id), { kind: "privacy-request-closed" });
});

test("deliveries and their schedules", live, async () => {
  const { impactIn } = Impact.fromEnvironment({ key: adminKey });
  const options = { organization_id: "org-1", program_id: "prog-1" };
  const made = await impactIn.putConnection("benevity", { connector: "benevity", base_url: "https://api.benevity.example", options });
  assert.deepEqual(made.missing_secrets, ["token", "signing_key"]);
  await impactIn.putSecret("benevity", "token", "the-token-that-nobody-sees");
  assert.deepEqual((await impactIn.getConnections()).items.map((one) => one.secrets), [["token"]]);
  const schedule = await impactIn.addSchedule({ platform: "benevity", cadence: "monthly" });
  const changed = await impactIn.changeSchedule(schedule.schedule_id, { hour: 7 }, { version: schedule.version });
  assert.equal(changed.hour, 7);
  await assert.rejects(
    impactIn.changeSchedule(schedule.schedule_id, { hour: 8 }, { version: schedule.version }), ReportNotRepeatedError,
  );
  assert.deepEqual((await impactIn.getSchedules()).items, [changed]);
  assert.deepEqual(await impactIn.getSchedule(schedule.schedule_id), changed);
  assert.deepEqual(await impactIn.getDeliveries().all(), []);
  assert.deepEqual((await impactIn.getStats()).items, []);
  assert.deepEqual((await impactIn.getSlaStatus()).items, []);
  assert.deepEqual(await impactIn.replayAll({ dry_run: true }), { replayed: [], refused: {} });
  assert.equal((await impactIn.deleteSchedule(schedule.schedule_id)).is_active, false);
});

test("a route without a method", live, async () => {
  const budget = await Impact.fromEnvironment().call("get", "/v1/ai/budget");
  assert.ok(Object.keys(budget).length > 0);
});
