import { Impact } from "@impact/client";

const impact = Impact.fromEnvironment();

// Awaited, a list is its first page; iterated over, it is every item of all pages.
for await (const month of impact.reporting.getMetrics({ grain: "month", from: "2026-07" })) {
  console.log(month.period, month.sessions_count, "sessions", month.avg_integration_score);
}

const sroi = await impact.reporting.getSROI({ period: "2026-Q3", variant: "employment_npv" });
for (const { scenario, ratio, missing_reason } of sroi.results ?? []) {
  console.log("SROI", scenario, ratio ?? missing_reason);
}

const vis = await impact.reporting.getVIS({ period: "2026-Q3", top: 1 });
console.log("VIS", vis.aggregate?.vis ?? vis.aggregate?.missing_reason, "best", vis.top_volunteers[0]?.vis_score);

const peers = await impact.reporting.benchmarks({ compare_with: "all" }).all();
for (const { metric, own_value, p50, standing } of peers) console.log(metric, own_value, "median", p50, standing);
