// The app's processes as an orchestrator keeps them: two that serve, three that work; whichever ends is
// started again until it stays.
import { setTimeout as sleep } from "node:timers/promises";

import { lastWords, startApp, type AppProcess } from "../../demo/app-process";
import type { ProxyTarget } from "./fault-proxy";

export type Role = "web" | "worker";
const SLOTS: readonly (readonly [Role, string])[] = [
  ["web", "web-1"],
  ["web", "web-2"],
  ["worker", "worker-1"],
  ["worker", "worker-2"],
  ["worker", "worker-3"],
];
const AGAIN_AFTER_MS = 300;
const UP_WITHIN_MS = 120_000;

interface Slot {
  role: Role;
  name: string;
  app: AppProcess | null;
  /** The kill that was meant. */
  isDoomed: boolean;
  isStopped: boolean;
}

export class Fleet {
  /** Processes that ended although nobody killed them, with their last words. */
  readonly collapses: string[] = [];
  /** Starts that failed, for instance while the database was away; the next try follows. */
  failedStarts = 0;
  readonly #slots: Slot[] = SLOTS.map(([role, name]) => ({ role, name, app: null, isDoomed: false, isStopped: false }));
  #keepers: Promise<void>[] = [];
  #isOver = false;

  constructor(
    private readonly env: Record<string, string | undefined>,
    private readonly logFileOf: (name: string) => string,
  ) {}

  /** Starts every process and keeps it running until `stop`. */
  async start(): Promise<void> {
    this.#keepers = this.#slots.map((slot) => this.#keep(slot));
    await this.allUp();
  }

  /** Resolves when every process listens. @throws Error when one does not manage to */
  async allUp(): Promise<void> {
    for (const end = Date.now() + UP_WITHIN_MS; this.#slots.some(({ app }) => app === null); await sleep(50)) {
      const missing = this.#slots.filter(({ app }) => app === null);
      if (Date.now() > end)
        throw new Error(
          `not up after ${UP_WITHIN_MS / 1000} s: ${missing.map(({ name }) => `${name}\n${this.#words(name)}`).join("\n")}`,
        );
    }
  }

  /** Where the living web processes listen. */
  webTargets(): ProxyTarget[] {
    return this.#slots.flatMap(({ role, app }) =>
      role === "web" && app ? [{ host: "127.0.0.1", port: Number(new URL(app.url).port) }] : [],
    );
  }

  /** kill -9 of one living process of the role. @returns its name, null when none lives */
  kill(role: Role, choice: number): string | null {
    const slot = this.#pick(role, choice);
    if (!slot) return null;
    slot.isDoomed = true;
    slot.app?.kill("SIGKILL");
    return slot.name;
  }

  /** Stops a worker where it stands. @returns the way to let it go on, null when none lives */
  freeze(choice: number): { name: string; thaw(): void } | null {
    const slot = this.#pick("worker", choice);
    const app = slot?.app;
    if (!slot || !app) return null;
    slot.isStopped = true;
    app.kill("SIGSTOP");
    return {
      name: slot.name,
      thaw() {
        slot.isStopped = false;
        app.kill("SIGCONT");
      },
    };
  }

  /** Asks every process to finish what it does and waits for that. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(
      this.#slots.map(async (slot) => {
        slot.isDoomed = true;
        if (slot.isStopped) slot.app?.kill("SIGCONT");
        await slot.app?.stop();
      }),
    );
    await Promise.all(this.#keepers);
  }

  #pick(role: Role, choice: number): Slot | undefined {
    const living = this.#slots.filter((slot) => slot.role === role && slot.app && !slot.isDoomed && !slot.isStopped);
    return living[choice % Math.max(1, living.length)];
  }

  #words(name: string): string {
    return lastWords(this.logFileOf(name));
  }

  async #keep(slot: Slot): Promise<void> {
    while (!this.#isOver) {
      try {
        const app = await startApp({
          env: { ...this.env, KIZUNA_ROLE: slot.role },
          logFile: this.logFileOf(slot.name),
        });
        Object.assign(slot, { app, isDoomed: false, isStopped: false });
        if (this.#isOver) await app.stop();
        const how = await app.ended;
        if (!slot.isDoomed && !this.#isOver)
          this.collapses.push(`${slot.name} ended by itself (${how}):\n${this.#words(slot.name)}`);
        slot.app = null;
      } catch {
        this.failedStarts += 1;
        await sleep(AGAIN_AFTER_MS);
      }
    }
  }
}
