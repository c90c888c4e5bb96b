/** Server-sent events out of text, by the rules of the HTML standard, whatever parts the text arrives in. */

/** What a blank line ends: an event, or, without data, the news of a place or of a retry time. */
export interface Frame {
  /** The last id the stream has set so far; null before the first. */
  readonly id: string | null;
  readonly event: string;
  readonly data: string | null;
  /** Milliseconds, if this frame set them. */
  readonly retryMs: number | null;
}

const LINE_END = /\r\n|\n|\r/g;

export class FrameParser {
  #rest = "";
  #id: string | null = null;
  #event = "";
  #data: string[] = [];
  #retryMs: number | null = null;
  #isBegun = false;

  /** The frames that end in this part. What is after the last of them waits for the next part. */
  push(part: string): Frame[] {
    const frames: Frame[] = [];
    const text = this.#rest + part;
    let start = 0;
    LINE_END.lastIndex = 0;
    for (let end = LINE_END.exec(text); end !== null; end = LINE_END.exec(text)) {
      // The second half of a CRLF may come with the next part.
      if (end[0] === "\r" && LINE_END.lastIndex === text.length) break;
      const frame = this.#line(text.slice(start, end.index));
      start = LINE_END.lastIndex;
      if (frame !== null) frames.push(frame);
    }
    this.#rest = text.slice(start);
    return frames;
  }

  #line(line: string): Frame | null {
    if (line === "") return this.#end();
    const colon = line.indexOf(":");
    if (colon === 0) return null; // a comment
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    this.#isBegun = true;
    if (name === "data") this.#data.push(value);
    else if (name === "event") this.#event = value;
    else if (name === "id" && !value.includes("\0")) this.#id = value;
    else if (name === "retry" && /^\d+$/.test(value)) this.#retryMs = Number(value);
    return null;
  }

  #end(): Frame | null {
    if (!this.#isBegun) return null;
    const data = this.#data.length > 0 ? this.#data.join("\n") : null;
    const frame = { id: this.#id, event: this.#event || "message", data, retryMs: this.#retryMs };
    this.#event = "";
    this.#data = [];
    this.#retryMs = null;
    this.#isBegun = false;
    return frame;
  }
}
