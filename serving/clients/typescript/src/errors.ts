/** Everything this package throws, but for an abort of the caller's own, which is thrown as it was given. */

/** The base of all errors of this package. */
export class ImpactError extends Error {
  override readonly name: string = "ImpactError";
}

/** No answer, or none that could be read; `cause` has what the platform's `fetch` said. */
export class ConnectionError extends ImpactError {
  override readonly name = "ConnectionError";
}

/** No complete answer within the time given. */
export class TimeoutError extends ImpactError {
  override readonly name = "TimeoutError";
}

/** One parameter that was refused. */
export interface FieldError {
  readonly location: string;
  readonly message: string;
}

/** A problem document (RFC 9457) as it came; kinds may have members of their own. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly FieldError[] | null;
  readonly [member: string]: unknown;
}

/** The API refused or failed. Each kind of problem is a class of its own, so that `instanceof` tells them apart. */
export class ProblemError extends ImpactError {
  override readonly name: string = "ProblemError";
  /** The kind, such as `rate-limited`; `about:blank` if something else than the API answered. */
  readonly kind: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** This occurrence; the API's log has it under the same id. */
  readonly instance: string;
  /** Each parameter that was refused. */
  readonly errors: readonly FieldError[];
  /** Seconds until it makes sense to ask again, if the API said so. */
  readonly retryAfterS: number | null;
  readonly document: ProblemDocument;

  constructor(document: ProblemDocument, retryAfterS: number | null = null) {
    super(`${document.status} ${document.title}: ${document.detail}`);
    this.kind = kindOf(document.type);
    this.status = document.status;
    this.title = document.title;
    this.detail = document.detail;
    this.instance = document.instance;
    this.errors = document.errors ?? [];
    this.retryAfterS = retryAfterS;
    this.document = document;
  }
}

export function kindOf(type: string): string {
  return type.startsWith("/problems/") ? type.slice("/problems/".length) : type;
}
