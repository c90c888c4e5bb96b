/**
 * The API's own types, by route. They follow from the specification: a field that is renamed there fails to compile
 * wherever it is read.
 */
import type { components, paths } from "./generated/serving.js";

/** Every named shape of the API, such as `Schemas["CompanyMetrics"]`. */
export type Schemas = components["schemas"];

export type Method = "get" | "post" | "put" | "patch" | "delete";

type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>;

/** The routes that have the method. */
export type Route<M extends Method> = {
  [P in keyof paths]: [Operation<P, M>] extends [never] ? never : P;
}[keyof paths];

type Parameters<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { parameters: infer Found } ? Found : never;

/** What stands in the route's address. */
export type PathOf<P extends keyof paths, M extends Method> =
  Parameters<P, M> extends { path: infer Found } ? Found : Record<never, never>;

/** What may stand behind the question mark; all of it by the API's own names. */
export type QueryOf<P extends keyof paths, M extends Method> =
  Parameters<P, M> extends { query?: infer Found } ? NonNullable<Found> : Record<never, never>;

/** A list's parameters without those that turn its pages: an iterator does that. */
export type ListQueryOf<P extends keyof paths> = Omit<QueryOf<P, "get">, "cursor" | "companyId">;

/** The JSON a request carries. */
export type BodyOf<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { requestBody?: infer Found }
    ? NonNullable<Found> extends { content: { "application/json": infer Body } }
      ? Body
      : never
    : never;

type Json<R> = R extends { content: { "application/json": infer Body } } ? Body : never;

/** The JSON a success carries. */
export type AnswerOf<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R } ? Json<R[keyof R & (200 | 201 | 202)]> : never;
