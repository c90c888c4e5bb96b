/** From an answer that is no success to the error of its kind. */
import { ProblemError, kindOf, type ProblemDocument } from "./errors.js";
import { PROBLEMS } from "./generated/api.js";

/** The error of an answer; one that is no problem document came from something before the API, such as a proxy. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const retryAfterS = secondsOf(response.headers.get("retry-after"));
  const document = await documentOf(response);
  const Kind = PROBLEMS.get(kindOf(document.type)) ?? ProblemError;
  return new Kind(document, retryAfterS);
}

/** `Retry-After` in seconds, whether it is a number of them or a date. */
export function secondsOf(header: string | null, now: number = Date.now()): number | null {
  if (header === null || header.trim() === "") return null;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

async function documentOf(response: Response): Promise<ProblemDocument> {
  const mediaType = response.headers.get("content-type") ?? "";
  if (/^application\/problem\+json\b/i.test(mediaType)) {
    const document: unknown = await response.json().catch(() => null);
    if (isProblem(document)) return document;
  } else {
    await response.body?.cancel().catch(() => undefined);
  }
  const title = response.statusText || "No problem document";
  return {
    type: "about:blank",
    title,
    status: response.status,
    detail: `${new URL(response.url).origin} answered with ${mediaType || "nothing"} instead of a problem document`,
    instance: response.headers.get("x-request-id") ?? "",
  };
}

function isProblem(document: unknown): document is ProblemDocument {
  const found = document as Partial<ProblemDocument> | null;
  return typeof found?.type === "string" && typeof found.status === "number" && typeof found.detail === "string";
}
