// Plan seeds in processes of their own, side by side: one step at a time leaves a core idle whenever the other works.
import { spawn } from "node:child_process";
import os from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { mergeFigures, noFigures, type ChaosFigures } from "../report";
import type { ShardOrder } from "./shard";

export interface ShardedPlan extends Omit<ShardOrder, "seeds" | "rewrites"> {
  seeds: readonly number[];
  rewrites?: ShardOrder["rewrites"];
  say(line: string): void;
}

const SHARDS_MAX = 2;
const SHARD = fileURLToPath(new URL("./shard.ts", import.meta.url));

/** Plays the seeds, every other one in another process. */
export async function playInShards({ seeds, say, ...order }: ShardedPlan): Promise<ChaosFigures> {
  const count = Math.max(1, Math.min(SHARDS_MAX, os.availableParallelism(), Math.ceil(seeds.length / 2)));
  const shards = Array.from({ length: count }, (_, shard) => seeds.filter((_seed, index) => index % count === shard));
  return mergeFigures(await Promise.all(shards.map((own) => playShard({ rewrites: [], ...order, seeds: own }, say))));
}

/** Plays the seeds in one new process. */
export async function playShard(order: ShardOrder, say: (line: string) => void): Promise<ChaosFigures> {
  const child = spawn(process.execPath, ["--import", "tsx", SHARD], { stdio: ["pipe", "pipe", "pipe"] });
  let answer = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (answer += text));
  createInterface({ input: child.stderr }).on("line", say);
  child.stdin.end(JSON.stringify(order));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code === 0) return JSON.parse(answer) as ChaosFigures;
  const detail = `the process of the seeds ${order.seeds.join(", ")} ended with ${code}`;
  return { ...noFigures(), violations: [{ seed: order.seeds[0] ?? 0, invariant: "bench", detail }] };
}
