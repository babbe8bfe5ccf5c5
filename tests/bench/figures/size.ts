// What it takes before anybody asks for anything: time to start, memory when idle, bytes on the storefront.
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync } from "node:zlib";

import { projectRoot } from "../../setup/postgres-account";
import { figure, median, type Figure } from "../figure";
import { memoryOf, type Stage } from "../stage";

const ROUNDS = 3;
const IDLE_MS = 10_000;

/** Until the built app listens, all roles in one process. */
export async function start(stage: Stage): Promise<Figure> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const asked = performance.now();
    const app = await stage.startApp("all");
    rounds.push(performance.now() - asked);
    await app.stop();
  }
  return figure({ name: "start", value: median(rounds), unit: "ms", rounds, note: "spawn until it listens" });
}

/** Resident memory ten seconds after the start, all roles in one process. */
export async function memoryIdle(stage: Stage): Promise<Figure> {
  const app = await stage.startApp("all");
  await sleep(IDLE_MS);
  const value = memoryOf(app.pid);
  await app.stop();
  return figure({ name: "memory.idle", value, unit: "MiB", note: "resident, ten seconds after the start" });
}

/** Every script and sheet of the theme blocks, compressed as a CDN does. */
export function storefrontBytes(): Promise<Figure> {
  const folder = path.join(projectRoot, "extensions/storefront/assets");
  const files = fs.readdirSync(folder).filter((name) => /\.(js|css)$/.test(name));
  const value = files.reduce(
    (sum, name) => sum + brotliCompressSync(fs.readFileSync(path.join(folder, name))).length,
    0,
  );
  return Promise.resolve(
    figure({
      name: "storefront.bytes",
      value,
      unit: "bytes (brotli)",
      note: `${files.length} files together; a page loads those of the blocks on it, scripts on interaction`,
    }),
  );
}
