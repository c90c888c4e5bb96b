import { Impact } from "@impact/client";

const impact = Impact.fromEnvironment();
const figures = new Map<string, number | null>();

async function load(): Promise<void> {
  for await (const quarter of impact.reporting.getMetrics({ grain: "quarter" })) {
    figures.set(`sessions_count ${quarter.period}`, quarter.sessions_count);
  }
  console.log("loaded", figures.size);
}

const updates = impact.stream.updates({
  topics: ["metrics"],
  ...(process.env.LAST_EVENT_ID && { lastEventId: process.env.LAST_EVENT_ID }),
  refetch: load, // where history cannot be continued, the figures are loaded again before anything later is told
});
await load();
for await (const event of updates) {
  if (event.name !== "metric.updated") continue;
  const { metric, period, value } = event.data;
  figures.set(`${metric} ${period}`, value);
  console.log(event.id, metric, period, value);
}
