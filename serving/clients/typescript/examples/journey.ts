import { Impact } from "@impact/client";

const impact = Impact.fromEnvironment();
const participant = process.env.PARTICIPANT_ID ?? "";

await impact.journey.triggerMilestone(participant, "credential_earned", {
  reached_at: "2026-09-30T12:00:00Z",
  reason: "showed the certificate",
});
const { flags } = await impact.journey.getFlags(participant);
for (const { flag, is_set, why } of flags) {
  console.log(flag, is_set ? "is set" : `is not set: ${why[0]?.missing[0]?.distance ?? "nothing is missing"}`);
}
