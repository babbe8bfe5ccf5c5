import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks until there is an answer; an error counts as none.
 * @throws Error when that takes too long
 */
export async function until<T>(ask: () => Promise<T | undefined>, what: string, limitMs = 120_000): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(200)) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`waited too long for ${what}`, { cause: last });
}
