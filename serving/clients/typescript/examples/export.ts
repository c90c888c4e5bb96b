import { writeFile } from "node:fs/promises";
import { Impact } from "@impact/client";

const impact = Impact.fromEnvironment();
const report = await impact.reporting.export("json", { from: "2026-Q3" });
for (const { datapoint, amount, unit } of report.items.slice(0, 2)) console.log(datapoint, amount, unit);
await writeFile("csrd.csv", await impact.reporting.export("csv"));
