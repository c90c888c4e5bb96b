import { Impact } from "@impact/client";

const impact = Impact.fromEnvironment();
const text = "My mentor helped me with my CV, call me on +47 900 00 000.";
const { labels, redacted_text, model } = await impact.q2q.classify({ text, language: "en", provider: "local" });
console.log(redacted_text);
console.log(labels.employability_signals, model.provider);
