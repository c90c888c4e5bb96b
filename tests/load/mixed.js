// Webhooks and reads at once, each by its arrival rate: k6 run -e QUARTER=2026-Q3 tests/load/mixed.js
// with the variables of both. k6 has no live streams: `impact load mixed` adds those, a file of history and the account.
import ingest, { options as ingesting } from "./ingest.js";
import read, { options as reading } from "./reads.js";

const FACTOR = 3; // of the times that each has to keep alone
const duration = __ENV.DURATION || "300s";

export { ingest, read };

export const options = {
  scenarios: {
    ingest: { ...ingesting.scenarios.ingest, rate: Number(__ENV.RATE || 200), duration, exec: "ingest" },
    reads: { ...reading.scenarios.reads, rate: Number(__ENV.READ_RATE || 100), duration, exec: "read" },
  },
  summaryTrendStats: ingesting.summaryTrendStats,
  thresholds: {
    "http_req_duration{scenario:ingest}": [`med<=${3 * FACTOR}`, `p(95)<=${10 * FACTOR}`, `p(99)<=${25 * FACTOR}`],
    "http_req_duration{scenario:reads}": [`p(95)<=${50 * FACTOR}`],
    checks: ["rate>=1"],
    dropped_iterations: ["count<=0"],
  },
};
