// The stage on which the real code plays: everything it asks of the outside (a statement, a connection, a call, a
// pause) waits until the director lets it happen, one thing at a time, in an order drawn from the seed. Between any
// two of these steps a process may die or stand still, exactly there again when the seed is played again.
import { AsyncLocalStorage } from "node:async_hooks";

import pg from "pg";

import type { Random } from "../../simulator/random";
import { Settlements } from "./settlements";

/** What whoever still runs in a dead process hears. Nothing it asks for reaches anybody. */
export class ProcessDied extends Error {
  override readonly name = "ProcessDied";
}

type PoolName = "tenant" | "router";
interface OpenPools {
  tenant?: pg.Pool;
  router?: pg.Pool;
  prisma?: object;
}

/** One process of the app, with its own connections. */
export class StageProcess {
  isDead = false;
  /** Stopped by a signal: none of its steps happens. */
  isFrozen = false;
  /** How many steps it has asked for. */
  asked = 0;
  readonly open: OpenPools = {};
  readonly clients = new Set<pg.Client>();
  constructor(
    readonly name: string,
    readonly isServer = false,
  ) {}
}

interface Step {
  number: number;
  process: StageProcess;
  what: string;
  happen(): Promise<unknown>;
  deliver(answer: { value: unknown } | { error: unknown }): void;
}
/** A statement that waits for a lock which another step will release. */
interface Blocked {
  step: Step;
  pid: number;
  over: boolean;
}

const current = new AsyncLocalStorage<StageProcess>();
const owners = new WeakMap<pg.Client, StageProcess>();
const clientOf = new WeakMap<Step, pg.Client>();
const LOCK_LOOK_MS = 4;
const TURNS = 3;
/** A quiet round has some hundreds. */
const STEPS_MAX = 12_000;
const CONNECT = "connect";

/** Ends the leases of a process that stands still, and sends somebody to take over. */
export type Overtake = () => Promise<{ taken: Promise<unknown> }>;

export interface Fate {
  /** At which step of the round, and how: before its effect, or after it with the answer lost. */
  crash: { at: number; process: StageProcess; answered: boolean } | null;
  freeze: { at: number; process: StageProcess } | null;
}

/** Runs processes step by step. */
export class Stage {
  #waiting: Step[] = [];
  #blocked: Blocked[] = [];
  #isSending = false;
  #isOnTheWay = false;
  #arrival: (() => void) | null = null;
  #steps = 0;
  readonly #played = new Set<StageProcess>();
  #admin: pg.Client;
  crashes = 0;
  freezes = 0;
  readonly settlements = new Settlements();
  /** What happened, one line a step, when somebody wants to read it. */
  trace: string[] | null = null;

  constructor(
    adminUrl: string,
    private readonly clock: () => Date,
  ) {
    this.#admin = new pg.Client({ connectionString: adminUrl });
  }

  async open(): Promise<void> {
    await this.#admin.connect();
    this.#admin.on("error", () => undefined);
    enter(this);
  }
  async close(): Promise<void> {
    enter(null);
    await this.#admin.end();
  }

  /** Starts an actor inside a process; its failure is its process's affair. */
  play(process: StageProcess, act: () => Promise<unknown>): Promise<{ error: unknown } | { value: unknown }> {
    this.#played.add(process);
    return current.run(process, () =>
      act().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      ),
    );
  }

  /** Sends something over the network to a process of the stage: only one thing at a time is on its way. */
  async send<T>(work: () => Promise<T>): Promise<T> {
    this.#isSending = this.#isOnTheWay = true;
    try {
      return await work();
    } finally {
      this.#isSending = false;
      this.#arrive();
    }
  }

  #arrive(): void {
    this.#isOnTheWay = false;
    this.#arrival?.();
    this.#arrival = null;
  }

  /** Runs what a server of the process was asked. */
  serve(process: StageProcess, work: () => Promise<void>): Promise<void> {
    return current.run(process, work);
  }

  step(process: StageProcess, what: string, happen: () => Promise<unknown>, client?: pg.Client): Promise<unknown> {
    if (process.isDead) return Promise.reject(new ProcessDied(process.name));
    return new Promise((resolve, reject: (error: Error) => void) => {
      if (process.isServer) this.#arrive();
      const step: Step = {
        number: ++process.asked,
        process,
        what,
        happen,
        deliver: (answer) => {
          // Back to the sender.
          if (process.isServer && this.#isSending)
            this.#isOnTheWay = !this.#waiting.some((each) => each.process.isServer);
          if ("error" in answer) reject(answer.error as Error);
          else resolve(answer.value);
        },
      };
      if (client) clientOf.set(step, client);
      this.#waiting.push(step);
    });
  }

  /** Lets everything happen that the actors of this round ask for, and the round's fate strike once. */
  async direct(actors: Promise<unknown>[], random: Random, fate: Fate, overtake: Overtake): Promise<void> {
    let left = actors.length;
    for (const actor of actors) void actor.finally(() => left--);
    let step = 0;
    const overtaken = new Set<StageProcess>();
    for (;;) {
      await this.#settle();
      // Within a process the order is its own; between processes it is nobody's.
      const ready = this.#waiting
        .filter(({ process }) => !process.isFrozen)
        .sort((a, b) => a.process.name.localeCompare(b.process.name) || a.number - b.number);
      if (ready.length === 0) {
        if (this.#blocked.length > 0 && (await this.#wake())) continue;
        const frozen = this.#waiting.find(({ process }) => process.isFrozen)?.process;
        if (frozen && overtaken.has(frozen)) {
          frozen.isFrozen = false;
          continue;
        }
        if (frozen) {
          overtaken.add(frozen);
          left++;
          void (await overtake()).taken.finally(() => left--);
          continue;
        }
        if (left === 0 && this.#blocked.length === 0) return;
        // A real timer of the code is running, or PostgreSQL is working.
        await new Promise((resolve) => setTimeout(resolve, 1));
        continue;
      }
      const chosen = this.#choose(ready, random);
      if (++step > STEPS_MAX)
        throw new Error(`a round does not end: ${chosen.process.name} still wants ${chosen.what}`);
      this.#steps++;
      if (fate.freeze && step >= fate.freeze.at && fate.freeze.process === chosen.process) {
        this.trace?.push(`${chosen.process.name} stands still before ${chosen.what}`);
        fate.freeze = null;
        chosen.process.isFrozen = true;
        this.freezes++;
        continue;
      }
      // The drawn step may belong to a neighbour: the process dies at its own next one.
      const isEnd = fate.crash !== null && step >= fate.crash.at && fate.crash.process === chosen.process;
      if (isEnd && !fate.crash?.answered) {
        this.trace?.push(`${chosen.process.name} dies before ${chosen.what}`);
        fate.crash = null;
        await this.kill(chosen.process);
        continue;
      }
      await this.#happen(chosen, isEnd);
      if (isEnd) {
        fate.crash = null;
        this.trace?.push(`${chosen.process.name} dies without the answer of ${chosen.what}`);
        await this.kill(chosen.process);
      }
    }
  }

  // The pool waits three real seconds for a connection, senders five for an answer: theirs is never the last of many steps.
  #choose(ready: Step[], random: Random): Step {
    const connecting = ready.find(({ what }) => what === CONNECT);
    if (connecting) return connecting;
    const served = ready.find(({ process }) => process.isServer);
    return served && random.chance(0.5) ? served : random.pick(ready);
  }

  /** kill -9: every connection ends, and nobody inside hears or does anything any more. */
  async kill(process: StageProcess): Promise<void> {
    this.crashes++;
    await this.#end(process);
  }

  /** After a seed: its processes give their connections back, which a server has only so many of. */
  async retire(): Promise<void> {
    for (const process of this.#played) if (!process.isDead) await this.#end(process);
    this.#played.clear();
  }

  async #end(process: StageProcess): Promise<void> {
    process.isDead = true;
    const pids = [...process.clients].flatMap((client) => pidOf(client) ?? []);
    await this.#admin.query("SELECT pg_terminate_backend(pid, 5000) FROM unnest($1::int[]) pid", [pids]);
    for (const client of process.clients) streamOf(client).destroy();
    const [mine, others] = split(this.#waiting, (step) => step.process === process);
    this.#waiting = others;
    for (const step of mine) step.deliver({ error: new ProcessDied(process.name) });
    for (const each of this.#blocked.filter(({ step }) => step.process === process)) each.over = true;
    this.#blocked = this.#blocked.filter(({ over }) => !over);
    await this.#settle();
  }

  get steps(): number {
    return this.#steps;
  }

  async #happen(step: Step, isLast: boolean): Promise<void> {
    this.#waiting = this.#waiting.filter((each) => each !== step);
    this.trace?.push(`${step.process.name}: ${step.what}`);
    const client = clientOf.get(step);
    const waiting: Blocked = { step, pid: client ? (pidOf(client) ?? 0) : 0, over: false };
    const over = step.happen().then(
      (value) => {
        waiting.over = true;
        step.deliver(isLast ? { error: new ProcessDied(step.process.name) } : { value });
      },
      (error: unknown) => {
        waiting.over = true;
        step.deliver({ error: isLast || step.process.isDead ? new ProcessDied(step.process.name) : error });
      },
    );
    await this.#overOrBlocked(waiting, over);
    await this.#wake();
  }

  async #overOrBlocked(waiting: Blocked, over: Promise<void>): Promise<void> {
    for (;;) {
      await Promise.race([over, pause(LOCK_LOOK_MS)]);
      if (waiting.over) return;
      if (waiting.pid !== 0 && (await this.#isBlocked(waiting.pid))) {
        if (!waiting.over) this.#blocked.push(waiting);
        return;
      }
    }
  }

  /** Waits until each blocked statement is over or still blocked; true when one is over. */
  async #wake(): Promise<boolean> {
    let woke = false;
    for (const each of [...this.#blocked]) {
      while (!each.over && !(await this.#isBlocked(each.pid))) await pause(0);
      if (each.over) woke = true;
    }
    this.#blocked = this.#blocked.filter(({ over }) => !over);
    return woke;
  }

  async #isBlocked(pid: number): Promise<boolean> {
    const { rows } = await this.#admin.query<{ blocked: boolean }>(
      "SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked",
      [pid],
    );
    return rows[0]?.blocked ?? false;
  }

  /** Until everybody who can go on by themselves has come to their next step. */
  async #settle(): Promise<void> {
    for (let turn = 0; turn < TURNS || this.#isOnTheWay; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  now(): Date {
    return this.clock();
  }
}

let stage: Stage | null = null;
function enter(next: Stage | null): void {
  stage = next;
}

function split<T>(all: T[], fits: (each: T) => boolean): [T[], T[]] {
  return [all.filter(fits), all.filter((each) => !fits(each))];
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => realSetTimeout(resolve, ms));
function pidOf(client: pg.Client): number | null {
  return (client as unknown as { processID: number | null }).processID;
}
function streamOf(client: pg.Client): { destroy(): void } {
  return (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;
}

// ─── The boundary: what the code of the app asks of the outside ──────────────────────────────────

const realSetTimeout = globalThis.setTimeout;
const realFetch = globalThis.fetch;

/** Puts the stage between the app and the outside of this Node process. Outside of actors nothing changes. */
export function installBoundary(): void {
  interceptStatements();
  interceptPools();
  interceptCalls();
  interceptPauses();
  interceptClock();
  process.on("unhandledRejection", (error) => {
    if (error instanceof ProcessDied || (error as { cause?: unknown }).cause instanceof ProcessDied) return;
    if (String((error as Error).message).includes("Connection terminated")) return;
    throw error;
  });
}

type Query = (...values: unknown[]) => unknown;
function interceptStatements(): void {
  const real = pg.Client.prototype.query as unknown as Query;
  const intercepted = function (this: pg.Client, ...values: unknown[]): unknown {
    const process = owners.get(this);
    if (!process || !stage) return real.apply(this, values);
    const callback = typeof values.at(-1) === "function" ? (values.pop() as (e: unknown, r?: unknown) => void) : null;
    const text = typeof values[0] === "string" ? values[0] : String((values[0] as { text?: string }).text);
    const step = stage.step(
      process,
      text.replace(/\s+/g, " ").slice(0, 90),
      async () => {
        const result = await current.exit(() => real.apply(this, values) as Promise<pg.QueryResult>);
        stage?.settlements.note(this, text, values[1], result);
        return result;
      },
      this,
    );
    if (!callback) return step;
    step.then((result) => callback(null, result), callback);
    return undefined;
  };
  Object.assign(pg.Client.prototype, { query: intercepted });
  const connect = pg.Client.prototype.connect as unknown as Query;
  const staged = function (this: pg.Client, ...values: unknown[]): unknown {
    const process = current.getStore();
    const [done] = values as [((error?: Error) => void) | undefined];
    if (!process || !stage || !done) return connect.apply(this, values);
    const happen = (): Promise<void> =>
      current.exit(
        () =>
          new Promise((resolve, reject) => {
            connect.call(this, (error?: Error) => {
              owners.set(this, process);
              process.clients.add(this);
              // The pool listens only when it hears of the connection, which is a step later here.
              this.on("error", () => undefined);
              if (error) reject(error);
              else resolve();
            });
          }),
      );
    stage.step(process, CONNECT, happen).then(() => done(), done);
    return undefined;
  };
  Object.assign(pg.Client.prototype, { connect: staged });
}

// app/db.server.ts keeps its pools in one place of the process: here each process of the stage has its own.
function interceptPools(): void {
  const shared = globalThis as { __kizunaDb?: OpenPools };
  const outside = (shared.__kizunaDb ??= {});
  const own: OpenPools = { ...outside };
  for (const name of ["tenant", "router", "prisma"] as const) {
    Object.defineProperty(outside, name, {
      configurable: true,
      enumerable: true,
      get: () => (current.getStore()?.open ?? own)[name],
      set(value: OpenPools[PoolName]) {
        Object.assign(current.getStore()?.open ?? own, { [name]: value });
      },
    });
  }
}

function interceptCalls(): void {
  globalThis.fetch = (input, init) => {
    const process = current.getStore();
    if (!process || !stage) return realFetch(input, init);
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.pathname === "/control/clock") return Promise.resolve(Response.json({ now: stage.now().toISOString() }));
    const happen = async (): Promise<Response> => {
      const response = await current.exit(() => realFetch(input, init));
      return new Response(await response.arrayBuffer(), { status: response.status, headers: response.headers });
    };
    return stage.step(process, `call ${url.pathname}`, happen) as Promise<Response>;
  };
}

/** What the app waits for on purpose takes no time, and may come at any moment; a limit of a wait never strikes: steps take as long as they take. */
function interceptPauses(): void {
  const paused = (callback: (...values: unknown[]) => void, ms?: number, ...values: unknown[]): unknown => {
    const process = current.getStore();
    if (!process || !stage || !ms || ms < 50) return realSetTimeout(callback, ms, ...values);
    if (isPauseOfTheApp()) {
      const go = (): void => callback(...values);
      void stage.step(process, "pause", () => Promise.resolve()).then(go, go);
    }
    const timer = { unref: () => timer, ref: () => timer, refresh: () => timer, hasRef: () => false };
    return timer;
  };
  Object.assign(globalThis, { setTimeout: Object.assign(paused, realSetTimeout) });
}

// What is remembered for five seconds would be forgotten sooner on a slow machine, and no seed would play twice alike.
function interceptClock(): void {
  const real = Date.now;
  const from = real();
  Date.now = () => (stage && current.getStore() ? from + stage.steps : real());
}

function isPauseOfTheApp(): boolean {
  const caller = new Error().stack?.split("\n")[3] ?? "";
  return /[\\/]app[\\/](shopify[\\/]admin-client|loyalty[\\/])/.test(caller);
}
