// Carries out a schedule on a bench. What was begun is always ended: when `run` returns, nothing is frozen,
// locked, filled or struck any more, and PostgreSQL runs.
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

import { noFaults } from "../../simulator/faults";
import { expireTokens, revokeTokens } from "../../simulator/oauth";
import type { Bench } from "./bench";
import { CALM, type FaultProxy } from "./fault-proxy";
import { endLeases } from "./leases";
import type { Scheduled, Trouble, Way } from "./schedule";

export interface TroubleFigures {
  kills: number;
  freezes: number;
  strikes: number;
}

export class Troublemaker {
  readonly figures: TroubleFigures = { kills: 0, freezes: 0, strikes: 0 };
  #underWay: Promise<void>[] = [];
  #restarting: Promise<void> | null = null;

  constructor(
    private readonly bench: Bench,
    /** The shops whose tokens may go. */
    private readonly domains: readonly string[],
  ) {}

  /** Runs the schedule to its end, or until `signal` aborts. */
  async run(schedule: readonly Scheduled[], signal: AbortSignal): Promise<void> {
    const started = Date.now();
    try {
      for (const { atMs, ...trouble } of schedule) {
        await sleep(Math.max(0, started + atMs - Date.now()), undefined, { signal });
        this.#begin(trouble);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await this.#end();
    }
  }

  async #end(): Promise<void> {
    const { bench } = this;
    for (const way of [bench.databaseWay, bench.platformWay, bench.frontDoor]) way.calm();
    bench.simulator.sim.faults.api = noFaults().api;
    await Promise.all(this.#underWay);
    await this.#restarting;
    for (const way of [bench.databaseWay, bench.platformWay, bench.frontDoor]) way.calm();
    bench.simulator.sim.faults.api = noFaults().api;
  }

  #begin(trouble: Trouble): void {
    const work = this.#cause(trouble);
    if (work) this.#underWay.push(work);
  }

  #cause(trouble: Trouble): Promise<void> | undefined {
    const { bench } = this;
    switch (trouble.kind) {
      case "kill":
        return this.#kill(trouble);
      case "freeze worker":
        return this.#freeze(trouble);
      case "fill connections":
        return fillConnections(bench.appUrl, trouble.forMs);
      case "lock table":
        return lockTable(bench.ownerUrl, trouble);
      case "strike":
        this.figures.strikes += this.#way(trouble.way).strike(trouble.strike, trouble.share);
        return undefined;
      case "bad line":
        return worsen(this.#way(trouble.way), trouble);
      case "platform fault":
        bench.simulator.sim.faults.api[trouble.fault] = trouble.times;
        return undefined;
      case "tokens": {
        const { sim } = bench.simulator;
        for (const domain of this.domains) (trouble.change === "expire" ? expireTokens : revokeTokens)(sim, domain);
        return undefined;
      }
    }
  }

  #way(way: Way): FaultProxy {
    const { databaseWay, platformWay, frontDoor } = this.bench;
    return { database: databaseWay, platform: platformWay, "front door": frontDoor }[way];
  }

  async #kill({ what, choice }: Extract<Trouble, { kind: "kill" }>): Promise<void> {
    const { fleet, postgres, owner } = this.bench;
    switch (what) {
      case "postgres":
        return this.#killPostgres();
      case "backend":
        if (postgres.killBackend((pids) => pids[choice % Math.max(1, pids.length)])) this.figures.kills += 1;
        return;
      case "web":
      case "worker": {
        const killed = fleet.kill(what, choice) ?? fleet.kill(what === "web" ? "worker" : "web", choice);
        if (killed) this.figures.kills += 1;
        // The dead one's minute is over at once in half of the cases; in the others somebody waits for it.
        if (killed && choice % 2 === 0) await endLeases(owner).catch(() => undefined);
      }
    }
  }

  #killPostgres(): Promise<void> {
    const { postgres } = this.bench;
    this.#restarting ??= (async () => {
      await postgres.kill();
      this.figures.kills += 1;
      await postgres.restart();
      this.#restarting = null;
    })();
    return this.#restarting;
  }

  async #freeze({ choice, forMs }: Extract<Trouble, { kind: "freeze worker" }>): Promise<void> {
    const frozen = this.bench.fleet.freeze(choice);
    if (!frozen) return;
    this.figures.freezes += 1;
    try {
      await sleep(forMs / 2);
      await endLeases(this.bench.owner).catch(() => undefined);
      await sleep(forMs / 2);
    } finally {
      frozen.thaw();
    }
  }
}

async function worsen(way: FaultProxy, line: Extract<Trouble, { kind: "bad line" }>): Promise<void> {
  way.faults = { latencyMs: line.latencyMs, refuse: line.refuse, strikes: line.strikes };
  await sleep(line.forMs);
  way.faults = CALM;
}

/** Takes every connection the server gives to the app's role, and holds them. */
async function fillConnections(url: string, forMs: number): Promise<void> {
  const held: pg.Client[] = [];
  const end = Date.now() + forMs;
  try {
    for (let isFull = false; !isFull && Date.now() < end;) {
      const batch = Array.from(
        { length: 10 },
        () => new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 }),
      );
      for (const client of batch) client.on("error", () => undefined);
      held.push(...batch);
      const answers = await Promise.allSettled(batch.map((client) => client.connect()));
      isFull = answers.some(({ status }) => status === "rejected");
    }
    await sleep(Math.max(0, end - Date.now()));
  } finally {
    await Promise.allSettled(held.map((client) => client.end()));
  }
}

async function lockTable(url: string, { table, forMs }: { table: string; forMs: number }): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    await sleep(forMs);
  } catch {
    // PostgreSQL was just killed, or full: trouble enough.
  } finally {
    await client.end().catch(() => undefined);
  }
}
