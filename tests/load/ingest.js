// Signed webhooks by arrival rate: k6 run -e RATE=1000 -e DURATION=300s tests/load/ingest.js
// with IMPACT_WEBHOOK_URL and IMPACT_WEBHOOK_SECRET_KINTELL of `impact env`.
// k6's http_req_duration begins when a request is sent, and a rate it cannot keep shows as dropped_iterations, hence
// the threshold on them. `impact load ingest` counts from when a request was due and checks the warehouse as well.
import crypto from "k6/crypto";
import http from "k6/http";
import { check } from "k6";
import exec from "k6/execution";

const rate = Number(__ENV.RATE || 1000);
const run = __ENV.RUN || `k6${Date.now()}`;
const secret = __ENV.IMPACT_WEBHOOK_SECRET_KINTELL.split(/[ ,]+/)[0];
const url = `${__ENV.IMPACT_WEBHOOK_URL}/v1/webhooks/session-completed`;
const padding = "x".repeat(1024);

export const options = {
  scenarios: {
    ingest: {
      executor: "constant-arrival-rate",
      rate,
      timeUnit: "1s",
      duration: __ENV.DURATION || "300s",
      preAllocatedVUs: 128,
      maxVUs: 512,
    },
  },
  summaryTrendStats: ["min", "med", "p(95)", "p(99)", "max"],
  thresholds: {
    http_req_duration: ["med<=3", "p(95)<=10", "p(99)<=25"],
    checks: ["rate>=1"],
    dropped_iterations: ["count<=0"],
  },
};

export default function ingest() {
  const number = exec.scenario.iterationInTest;
  const session = {
    session_id: `${run}-${number}`,
    session_type: "language",
    participant_email: `load-p${number % 2000}@example.org`,
    volunteer_email: `load-v${number % 400}@example.com`,
    scheduled_at: "2025-10-02T16:00:00Z",
    completed_at: "2025-10-02T16:47:00Z",
    duration_minutes: 47,
    topics: ["daily life", "work"],
    language_level: "B1",
    note: "",
  };
  session.note = padding.slice(JSON.stringify(session).length);
  const body = JSON.stringify(session);
  const at = Math.floor(Date.now() / 1000);
  const mac = crypto.hmac("sha256", secret, `${at}.${body}`, "hex");
  const answer = http.post(url, body, {
    headers: {
      "Content-Type": "application/json",
      "X-Kintell-Signature": `t=${at},v1=${mac}`,
      "X-Delivery-Id": `${run}-${number}`,
    },
  });
  check(answer, { "is on disk": (got) => got.status === 202 });
}
