/** Client of the impact platform's API. See README.md. */
export { Impact } from "./client.js";
export type { Call } from "./core.js";
export * from "./errors.js";
export * from "./generated/api.js";
export { Pages } from "./pages.js";
export type { CallOptions, ImpactOptions, Key } from "./transport.js";
export type { AnswerOf, BodyOf, Method, PathOf, QueryOf, Route, Schemas } from "./types.js";
export type { Milestone } from "./resources/journey.js";
export type { ExportQuery } from "./resources/reporting.js";
export { TOPICS, UPDATE_NAMES } from "./stream/events.js";
export type {
  Conflated, Gap, Reset, StreamEvent, Topic, Update, UpdateData, UpdateName,
} from "./stream/events.js";
export type { StreamState, Updates, UpdatesOptions } from "./stream/updates.js";
export { VERSION } from "./version.js";
