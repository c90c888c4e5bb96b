import { Impact } from "@impact/client";

const impact = Impact.fromEnvironment();
const { labels, redacted_text, model } = await impact.q2q.classify({
  text: "My mentor helped me with my CV, call me on +47 900 00 000.",
  language: "en",
  provider: "local",
});
console.log(redacted_text, model.provider);
// Of each kind, null was not decided; false, or an empty list, was: there is nothing of it in the text.
console.log(Object.keys(labels).join(" "));
