/**
 * A list of the API. Awaited it is its first page; iterated over it is every item of all pages.
 *
 * No two pages are of different publications: if the figures are published anew in between, iterating throws
 * `FiguresChangedError`, and `all` begins again by itself, since it has not handed out anything yet.
 */
import { ProblemError } from "./errors.js";

interface Page {
  readonly items: readonly unknown[];
  readonly next_cursor?: string | null;
}

type ItemOf<P> = P extends { items: readonly (infer Item)[] } ? Item : never;

const RESTARTS = 3;

export class Pages<P> implements PromiseLike<P>, AsyncIterable<ItemOf<P>> {
  readonly #fetch: (cursor: string | null) => Promise<P>;

  constructor(fetch: (cursor: string | null) => Promise<P>) {
    this.#fetch = fetch;
  }

  /** The first page. Nothing is asked for before this or an iteration. */
  then<A = P, B = never>(
    onPage?: ((page: P) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#fetch(null).then(onPage, onError);
  }

  /** Page after page. */
  async *pages(): AsyncGenerator<P, void, undefined> {
    let cursor: string | null = null;
    do {
      const page: P = await this.#fetch(cursor);
      yield page;
      cursor = (page as Page).next_cursor ?? null;
    } while (cursor !== null);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ItemOf<P>, void, undefined> {
    for await (const page of this.pages()) yield* (page as Page).items as readonly ItemOf<P>[];
  }

  /** Every item, all of one publication. */
  async all(): Promise<ItemOf<P>[]> {
    for (let restarts = 0; ; restarts += 1) {
      try {
        const items: ItemOf<P>[] = [];
        for await (const item of this) items.push(item);
        return items;
      } catch (error) {
        const isChanged = error instanceof ProblemError && error.kind === "figures-changed";
        if (!isChanged || restarts === RESTARTS) throw error;
      }
    }
  }
}
