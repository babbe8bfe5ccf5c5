// Plan seeds that failed once: kept as files, tried first every time.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "regressions");

/** The kept seeds, the smallest first. */
export function readRegressions(): number[] {
  mkdirSync(FOLDER, { recursive: true });
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^plan-\d+\.json$/.test(entry.name))
    .map(({ name }) => (JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as { seed: number }).seed)
    .sort((a, b) => a - b);
}

/** Keeps seeds that failed now. */
export function keepRegressions(seeds: readonly number[]): void {
  mkdirSync(FOLDER, { recursive: true });
  for (const seed of new Set(seeds))
    writeFileSync(join(FOLDER, `plan-${seed}.json`), `${JSON.stringify({ seed, kept: "it failed once" })}\n`);
}
