// Runs the photo program for one file and watches it: time, memory, and no environment of ours.
import { spawn } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

import { PROGRAM_ENVIRONMENT } from "../../env.server";
import { log } from "../../log.server";
import { projectRoot } from "../../project-root.server";
import { REFUSALS, type MediaFormat, type Refusal } from "./media-limits";

const answerSchema = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("ready"),
    width: z.number().int(),
    height: z.number().int(),
    files: z.array(
      z.object({
        name: z.string(),
        width: z.number().int(),
        height: z.number().int(),
        bytes: z.number().int(),
        type: z.string(),
      }),
    ),
  }),
  z.object({ outcome: z.literal("refused"), why: z.enum(REFUSALS) }),
]);
export type EncodeOutcome = z.infer<typeof answerSchema>;

/** What one photo may take; tests take less. */
export interface EncodeLimits {
  milliseconds: number;
  bytes: number;
}
export const ENCODE_LIMITS: EncodeLimits = { milliseconds: 20_000, bytes: 700 * 1024 * 1024 };
const WATCH_MS = 40;
/** Photos decoded at once in one process: the rest wait their turn. */
const AT_ONCE = 2;

let running = 0;
const waiting: (() => void)[] = [];

/** Decodes and encodes one photo into `folder`; the child is killed when it exceeds its limits. */
export async function encodePhoto(
  file: string,
  format: MediaFormat,
  folder: string,
  limits: EncodeLimits = ENCODE_LIMITS,
): Promise<EncodeOutcome> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await runProgram([file, format, folder], limits);
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

async function runProgram(args: string[], limits: EncodeLimits): Promise<EncodeOutcome> {
  const program = path.join(projectRoot(), "app/reviews/media/decode-photo.server.ts");
  const child = spawn(process.execPath, ["--max-old-space-size=256", "--no-warnings", program, ...args], {
    // No secrets where files of strangers are decoded.
    env: PROGRAM_ENVIRONMENT,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let killedFor: Refusal | null = null;
  const kill = (why: Refusal) => {
    killedFor ??= why;
    child.kill("SIGKILL");
  };
  const timer = setTimeout(() => kill("took_too_long"), limits.milliseconds);
  const watch = setInterval(() => {
    void residentBytes(child.pid).then((bytes) => bytes > limits.bytes && kill("too_much_memory"));
  }, WATCH_MS);
  try {
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    await new Promise<void>((resolve, reject) => child.once("error", reject).once("close", () => resolve()));
    if (killedFor) return { outcome: "refused", why: killedFor };
    return readAnswer(Buffer.concat(output).toString("utf8"));
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
  }
}

// A decoder that crashed says nothing: the photo was more than it could read. The answer is the last line, because
// a decoder may complain aloud before it.
function readAnswer(text: string): EncodeOutcome {
  const parsed = answerSchema.safeParse(parseJson(text.slice(text.lastIndexOf("\n") + 1)));
  if (parsed.success) return parsed.data;
  log().warn("the photo program ended without an answer");
  return { outcome: "refused", why: "broken" };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// Linux tells it in a file; elsewhere the time limit alone stands guard.
async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await fs.readFile(`/proc/${pid ?? 0}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}
