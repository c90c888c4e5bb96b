/**
 * Writes `src/generated/` from the API's specification: its types, and a class for each kind of problem.
 *
 *     node scripts/generate.mjs [--check] [specification.json]
 *
 * With `--check` nothing is written, and files that are not what they would be are named with exit code 1.
 */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import openapiTS, { astToString } from "openapi-typescript";

const { values, positionals } = parseArgs({ options: { check: { type: "boolean" } }, allowPositionals: true });
const source = positionals[0] ?? new URL("../../../specs/serving.json", import.meta.url);
const specification = JSON.parse(await readFile(source, "utf-8"));
const HEAD = "// Written by scripts/generate.mjs from the API's specification: change the API instead.\n";

const types = await openapiTS(shapes(specification), {
  defaultNonNullable: false, // what has a default need not be sent
});
const files = {
  "serving.ts": HEAD + astToString(types),
  "api.ts": HEAD + problemClasses(specification),
};

const folder = new URL("../src/generated/", import.meta.url);
const stale = [];
for (const [name, text] of Object.entries(files)) {
  const file = new URL(name, folder);
  if (!values.check) await writeFile(file, text);
  else if ((await readFile(file, "utf-8").catch(() => "")) !== text) stale.push(name);
}
if (stale.length > 0) {
  console.error(`${stale.join(", ")}: not what the specification says; run \`npm run generate\` and commit it`);
  process.exit(1);
}

/** The specification without what makes no type: headers of answers, and problems, of which each status has one shape. */
function shapes(specification) {
  const document = structuredClone(specification);
  for (const path of Object.values(document.paths)) {
    for (const { responses = {} } of Object.values(path)) {
      for (const [status, response] of Object.entries(responses)) {
        if (status >= 300) delete responses[status];
        delete response.headers;
      }
    }
  }
  return document;
}

function problemClasses({ components }) {
  const kinds = Object.values(components.examples)
    .map(({ value }) => value)
    .filter(({ type }) => type?.startsWith("/problems/"))
    .map((value) => [value.type.slice("/problems/".length), value]);
  const sorted = kinds.sort(([a], [b]) => (a < b ? -1 : 1));
  const classes = sorted.map(
    ([kind, { status, title, detail }]) =>
      `/** ${status} ${title}. ${detail} */\nexport class ${className(kind)} extends ProblemError {\n` +
      `  override readonly name = "${className(kind)}";\n}\n`,
  );
  const entries = sorted.map(([kind]) => `  ["${kind}", ${className(kind)}],\n`);
  return [
    'import { ProblemError } from "../errors.js";\n',
    `/** The dated version of the API that the types are of. */\nexport const API_VERSION = "${components.schemas.ApiVersion.enum.toSorted().at(-1)}";\n`,
    ...classes,
    `export const PROBLEMS: ReadonlyMap<string, typeof ProblemError> = new Map<string, typeof ProblemError>([\n${entries.join("")}]);\n`,
  ].join("\n");
}

function className(kind) {
  const name = kind.replace(/(^|-)(\w)/g, (_, _dash, letter) => letter.toUpperCase());
  return name.endsWith("Error") ? name : `${name}Error`;
}
