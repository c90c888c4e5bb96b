// What AsyncAPI's own parser has to say of a document: a JSON list on standard output, worst first.
const { readFileSync } = require("node:fs");
const { Parser } = require(`${process.env.PARSER}/@asyncapi/parser`);

new Parser().validate(readFileSync(process.argv[2], "utf8")).then((found) => {
  const told = found.map((one) => ({
    severity: ["error", "warning", "information", "hint"][one.severity],
    rule: one.code,
    where: one.path.join("."),
    message: one.message,
  }));
  process.stdout.write(JSON.stringify(told));
});
