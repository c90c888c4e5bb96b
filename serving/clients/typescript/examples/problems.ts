import { CompanyForbiddenError, Impact, InvalidParameterError, ProblemError } from "@impact/client";

const impact = Impact.fromEnvironment();
try {
  await impact.reporting.getSROI({ period: "2026-13" });
} catch (error) {
  if (!(error instanceof InvalidParameterError)) throw error;
  for (const { location } of error.errors) console.log("refused:", location);
}
try {
  await impact.reporting.getSROI({}, { companyId: "bbbbbbbb-0000-4000-8000-000000000002" });
} catch (error) {
  if (error instanceof CompanyForbiddenError) console.log(error.status, error.title);
  else if (error instanceof ProblemError) console.log(error.kind, error.instance); // one that came after this package
  else throw error; // no answer at all
}
