import { Impact, ReportNotRepeatedError } from "@impact/client";

const impact = Impact.fromEnvironment();
await impact.impactIn.putConnection("benevity", {
  connector: "benevity",
  base_url: "https://api.benevity.example",
  options: { organization_id: "org-1", program_id: "prog-1" },
});
const schedule = await impact.impactIn.addSchedule({ platform: "benevity", cadence: "monthly", hour: 6 });
await impact.impactIn.changeSchedule(schedule.schedule_id, { hour: 7 }, { version: schedule.version });
try {
  await impact.impactIn.changeSchedule(schedule.schedule_id, { hour: 8 }, { version: schedule.version });
} catch (error) {
  if (!(error instanceof ReportNotRepeatedError)) throw error;
  console.log("somebody else has changed it since");
}
for await (const delivery of impact.impactIn.getDeliveries({ status: ["failed"] })) {
  await impact.impactIn.replay(delivery.delivery_id);
}
await impact.impactIn.deleteSchedule(schedule.schedule_id);
