/** What a live stream tells: the catalogue of updates, and what the stream says of itself. */

type Grain = "month" | "quarter";

/** The data of each update, by its name. Never a text that somebody wrote, nor who wrote it. */
export interface UpdateData {
  readonly "metric.updated": {
    readonly metric: string;
    readonly periodGrain: Grain;
    readonly period: string;
    readonly value: number | null;
    readonly previousValue: number | null;
    readonly dataVersion: number;
  };
  readonly "sroi.updated": {
    readonly variant: "employment_npv" | "outcome_value";
    readonly scenario: "low" | "base" | "high";
    readonly periodGrain: Grain;
    readonly period: string;
    readonly value: number | null;
    readonly previousValue: number | null;
    readonly dataVersion: number;
  };
  readonly "vis.updated": {
    readonly periodGrain: Grain;
    readonly period: string;
    readonly value: number | null;
    readonly previousValue: number | null;
    readonly dataVersion: number;
  };
  readonly "journey.flag.updated": {
    readonly userId: string;
    readonly ruleId: string;
    readonly flag: string;
    readonly value: unknown;
    readonly previousValue?: unknown;
    readonly evaluatedAt: string;
  };
  readonly "journey.milestone.reached": {
    readonly userId: string;
    readonly ruleId?: string;
    readonly milestone: string;
    readonly previousMilestone?: string | null;
    readonly reachedAt: string;
  };
  readonly "impact.delivery.updated": {
    readonly state: "attempted" | "succeeded" | "failed" | "exhausted" | "confirmed";
    readonly deliveryId: string;
    readonly platform: string;
    readonly periodStart?: string;
    readonly periodEnd?: string;
    readonly attempt?: number;
    readonly attempts?: number;
    readonly httpStatus?: number | null;
    readonly errorClass?: string;
    readonly nextAttemptAt?: string | null;
    readonly providerReference?: string | null;
  };
  readonly "safety.flag.raised": {
    readonly flagId: string;
    readonly contentId: string;
    readonly contentType: string;
    readonly flagReason: string;
    readonly severity?: string | null;
    readonly confidence: number;
    readonly requiresHumanReview: boolean;
    readonly raisedAt: string;
  };
  readonly "safety.review.completed": {
    readonly reviewId: string;
    readonly flagId: string;
    readonly decision: "approved" | "rejected" | "escalated";
    readonly completedAt: string;
  };
  readonly "privacy.request.updated": {
    readonly requestId: string;
    readonly state: string;
    readonly right?: string;
    readonly step?: string | null;
    readonly progress?: number;
    readonly dueAt?: string;
  };
  readonly "report.generated": {
    readonly report: string;
    readonly periods: readonly string[];
    readonly dataVersion: number;
  };
  readonly "q2q.scored": {
    readonly textCount: number;
    readonly scoreCounts: Readonly<Record<string, number>>;
    readonly modelVersion: string;
    readonly writtenFrom: string | null;
    readonly writtenUntil: string | null;
  };
}

export type UpdateName = keyof UpdateData;

/** The names this package knows; the object says so to the compiler as well. */
const NAMES: Readonly<Record<UpdateName, true>> = {
  "metric.updated": true,
  "sroi.updated": true,
  "vis.updated": true,
  "journey.flag.updated": true,
  "journey.milestone.reached": true,
  "impact.delivery.updated": true,
  "safety.flag.raised": true,
  "safety.review.completed": true,
  "privacy.request.updated": true,
  "report.generated": true,
  "q2q.scored": true,
};
export const UPDATE_NAMES = Object.keys(NAMES) as readonly UpdateName[];

export const TOPICS = ["metrics", "journey", "deliveries", "safety", "privacy", "reports", "scores"] as const;
export type Topic = (typeof TOPICS)[number];

/** Something changed. `id` is its place in the log: keep it to go on from there later. */
export type Update = {
  readonly [Name in UpdateName]: {
    readonly name: Name;
    readonly id: string;
    readonly companyId: string;
    readonly time: string;
    readonly data: UpdateData[Name];
  };
}[UpdateName];

/** The history cannot be continued: fetch the figures again; what comes now is newer than this moment. */
export interface Reset {
  readonly name: "reset";
  readonly id: string;
  readonly data: { readonly reason: "expired" | "unknown" | "recreated" | "foreign" | "malformed" };
}

/** Updates with these ids may have been for you, and the log no longer has them: fetch the figures again. */
export interface Gap {
  readonly name: "gap";
  readonly id: string;
  readonly data: { readonly from: string; readonly to: string };
}

/** In this range, of each figure only the newest value follows, as `conflate` asked for. */
export interface Conflated {
  readonly name: "conflated";
  readonly id: string;
  readonly data: { readonly from: string; readonly to: string };
}

export type StreamEvent = Update | Reset | Gap | Conflated;

export const NOTICE_NAMES = ["reset", "gap", "conflated"] as const;

/** The event of a frame, or null if it is of a name that this package does not know: it is for newer ones. */
export function eventOf(name: string, id: string, data: string): StreamEvent | null {
  const isUpdate = Object.hasOwn(NAMES, name);
  if (!isUpdate && !(NOTICE_NAMES as readonly string[]).includes(name)) return null;
  const told = JSON.parse(data) as { companyId: string; time: string; data: unknown };
  const event = isUpdate
    ? { name, id, companyId: told.companyId, time: told.time, data: told.data }
    : { name, id, data: told };
  return event as StreamEvent;
}
