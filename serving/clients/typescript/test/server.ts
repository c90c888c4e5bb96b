/** A server that answers as a test says: for what the real API does not do on demand, such as failing. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Answer = (response: ServerResponse, seen: Seen) => void | Promise<void>;

export interface Scripted {
  readonly url: string;
  readonly seen: Seen[];
}

/** Each request gets the next answer, and all after the last one get that. */
export async function scripted(t: TestContext, ...answers: [Answer, ...Answer[]]): Promise<Scripted> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += String(part);
    const one = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
    const answer = answers[Math.min(seen.length, answers.length - 1)] as Answer;
    seen.push(one);
    await answer(response, one);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

export function json(body: unknown, status = 200): Answer {
  return (response) => void response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

export function problem(kind: string, status: number, headers: Record<string, string> = {}, more: object = {}): Answer {
  const document = { type: `/problems/${kind}`, title: kind, status, detail: "as the test says", instance: "urn:uuid:0", ...more };
  return (response) =>
    void response.writeHead(status, { "Content-Type": "application/problem+json", ...headers }).end(JSON.stringify(document));
}

/** The connection ends in the middle of the answer. */
export const cut: Answer = (response) => {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" }).write("{");
  setTimeout(() => response.destroy(), 5);
};

/** Nothing ever comes. */
export const hang: Answer = () => undefined;

/** A live stream of these parts, which then stays open, ends, or is cut off. */
export function sse(parts: readonly (string | Uint8Array)[], end: "open" | "end" | "cut" = "open"): Answer {
  return async (response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    for (const part of parts) {
      response.write(part);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (end === "end") response.end();
    if (end === "cut") response.destroy();
  };
}

/** One update as it is on the wire. */
export function update(sequence: number, value: number, name = "metric.updated"): string {
  const data = { type: name, companyId: "c", time: "2026-11-27T00:00:00Z", data: { metric: "sessions_count", value } };
  return `id: 1a-${sequence}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
