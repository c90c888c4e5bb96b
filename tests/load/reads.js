// Dashboards' documents by arrival rate: k6 run -e RATE=1050 -e QUARTER=2026-Q3 tests/load/reads.js
// with IMPACT_API_URL, IMPACT_API_KEY and DEMO_COMPANY_ID of `impact env`, after a demo. A key's rate and a company's
// budget of reads hold here as everywhere: `impact load reads` makes a key of its own.
import http from "k6/http";
import { check } from "k6";
import exec from "k6/execution";

const base = `${__ENV.IMPACT_API_URL}/v1/companies/${__ENV.DEMO_COMPANY_ID}`;
const documents = [
  `at-a-glance?period=${__ENV.QUARTER}`,
  "metrics",
  "sroi",
  "vis",
  "trends?metric=sessions_count&granularity=day",
  "tiles?grain=month",
];
const headers = { Authorization: `Bearer ${__ENV.IMPACT_API_KEY}` };

export const options = {
  scenarios: {
    reads: {
      executor: "constant-arrival-rate",
      rate: Number(__ENV.RATE || 1050),
      timeUnit: "1s",
      duration: __ENV.DURATION || "120s",
      preAllocatedVUs: 100,
      maxVUs: 100,
    },
  },
  summaryTrendStats: ["min", "med", "p(95)", "p(99)", "max"],
  thresholds: {
    http_req_duration: ["p(95)<=50"],
    http_reqs: ["rate>=1000"],
    checks: ["rate>=1"],
    dropped_iterations: ["count<=0"],
  },
};

export default function read() {
  const number = exec.scenario.iterationInTest;
  let url = `${base}/${documents[number % documents.length]}`;
  // One in five has never been asked for before; an unknown parameter is passed over.
  if (Math.floor(number / documents.length) % 5 === 4) {
    url += `${url.includes("?") ? "&" : "?"}x=${number}`;
  }
  check(http.get(url, { headers, tags: { name: "document" } }), { "is there": (got) => got.status === 200 });
}
