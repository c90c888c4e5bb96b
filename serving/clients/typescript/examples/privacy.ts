import { Impact } from "@impact/client";

const impact = Impact.fromEnvironment();
const subject = { person_id: process.env.PERSON_ID ?? "" };

// Sent under an idempotency key: a retry, here or in the client, is the same request.
const request = await impact.privacy.requestErasure({ subject }, { idempotencyKey: "ticket-4711" });
const again = await impact.privacy.requestErasure({ subject }, { idempotencyKey: "ticket-4711" });
console.log(again.request_id === request.request_id, request.right);

await impact.privacy.cancel(request.request_id, "the person has changed their mind");
const { state } = await impact.privacy.waitFor(request.request_id);
console.log(state);
