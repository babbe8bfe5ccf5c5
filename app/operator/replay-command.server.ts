// kizuna replay: the command line's side of it. The replay itself belongs to the simulator, which a
// production install may not have, so it is loaded on demand.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { UsageError, type Command } from "./command";
import { projectRoot } from "../project-root.server";

/** What tests/simulator/replay.ts exports. */
interface ReplayModule {
  replay(options: ReplayOptions): Promise<ReplayTotals>;
}
export interface ReplayOptions {
  /** UCI Online Retail files (.csv or .csv.gz), read as one history. */
  files: string[];
  /** Share of deliveries sent twice, 0 to 1. */
  duplicates: number;
  shuffle: boolean;
  seed: number;
  /** Start what it needs and remove it afterwards; otherwise the running demo is used. */
  fresh: boolean;
  say: (line: string) => void;
}
export interface ReplayTotals {
  orders: number;
  guests: number;
  refundInvoices: number;
  unmatchedRefundLines: number;
  members: number;
  pointsGranted: number;
  pointsClawedBack: number;
  pointsNet: number;
  deliveries: number;
  seconds: number;
}

/** The command. */
export const replayCommand: Command = {
  name: "replay",
  summary: "send a shop's history through the app as signed webhooks",
  synopsis: "FILE… [--duplicates SHARE] [--shuffle] [--seed N] [--fresh] [--json]",
  description:
    "Turns UCI Online Retail files (one or more .csv or .csv.gz, read as one history) into the orders and refunds of a shop in the " +
    "simulator, delivers them as real signed webhooks over HTTP to the running app, waits until the app has worked them off, runs the " +
    "reconciler and prints the totals. Without --fresh it uses the demo that is running.",
  options: [
    { name: "duplicates", value: "SHARE", text: "send this share of the deliveries twice, e.g. 0.2 (default 0)" },
    { name: "shuffle", text: "deliver in random order" },
    { name: "seed", value: "N", text: "makes the random choices repeatable (default 1)" },
    { name: "fresh", text: "start database, simulator and app for this run and remove them afterwards" },
  ],
  async run({ files, options, say }) {
    const totals = await (await load()).replay({ ...readOptions(files, options), say });
    const text = Object.entries(totals)
      .map(([name, value]) => `${name.padEnd(22)}${value}`)
      .join("\n");
    return { ok: true, json: totals, text };
  },
};

function readOptions(
  files: string[],
  options: Record<string, string | boolean | undefined>,
): Omit<ReplayOptions, "say"> {
  if (files.length === 0) throw new UsageError("Which files? npm run kizuna -- replay FILE…");
  const missing = files.find((file) => !fs.existsSync(file));
  if (missing !== undefined) throw new UsageError(`There is no file ${missing}.`);
  const duplicates = Number(options.duplicates ?? 0);
  if (!(duplicates >= 0 && duplicates <= 1)) throw new UsageError("--duplicates is a share between 0 and 1, e.g. 0.2");
  const seed = Number(options.seed ?? 1);
  if (!Number.isSafeInteger(seed)) throw new UsageError("--seed is a whole number");
  return {
    files: files.map((file) => path.resolve(file)),
    duplicates,
    seed,
    shuffle: options.shuffle === true,
    fresh: options.fresh === true,
  };
}

async function load(): Promise<ReplayModule> {
  const file = path.join(projectRoot(), "tests/simulator/replay.ts");
  if (!fs.existsSync(file))
    throw new UsageError("replay needs the simulator (tests/simulator), which this installation does not have.");
  return (await import(pathToFileURL(file).href)) as ReplayModule;
}
