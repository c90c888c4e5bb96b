/** Who this is, and which version of the API it was made for. */
export { API_VERSION } from "./generated/api.js";

export const VERSION = "1.0.0";

/** Browsers name themselves, and a page that sets the header needs leave to send it to another origin. */
export const USER_AGENT: string | null =
  (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === undefined
    ? null
    : `impact-client-ts/${VERSION}`;
