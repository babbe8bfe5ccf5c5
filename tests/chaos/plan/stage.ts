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

/** The connections that app/db.server.ts keeps in one place of a process. */
export interface OpenPools {
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
  deliver(answer: Answer): void;
}
type Answer = { value: unknown } | { error: unknown };
/** A step under way; one that stays so waits for a lock which another step will release. */
interface UnderWay {
  step: Step;
  pid: number;
  answer: Answer | null;
}

const current = new AsyncLocalStorage<StageProcess>();
const clientOf = new WeakMap<Step, pg.Client>();
const LOCK_LOOK_MS = 4;
const TURNS = 6;
/** A quiet round has some hundreds. */
const STEPS_MAX = 12_000;
/** What opening a connection is called. */
export const CONNECT = "connect";
// The boundary puts another one in its place.
const machineTimeout = globalThis.setTimeout;

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
  #blocked: UnderWay[] = [];
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
    // Who waits for a lock of its own process goes first: nobody may get on because another connection ended.
    const [blocked, others] = split(this.#blocked, ({ step }) => step.process === process);
    this.#blocked = others;
    await this.#terminate(blocked.map(({ pid }) => pid));
    await this.#terminate([...process.clients].flatMap((client) => pidOf(client) ?? []));
    for (const client of process.clients) streamOf(client).destroy();
    const [mine, left] = split(this.#waiting, (step) => step.process === process);
    this.#waiting = left;
    for (const step of [...blocked.map((each) => each.step), ...mine])
      step.deliver({ error: new ProcessDied(process.name) });
    // Others may have waited for what it held.
    await this.#wake();
    await this.#settle();
  }

  async #terminate(pids: number[]): Promise<void> {
    if (pids.length === 0) return;
    await this.#admin.query("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) pid", [pids]);
    // A statement that was already running may still come to its end: only then is it known what happened.
    const isLeft = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ANY ($1)) AS left";
    while ((await this.#admin.query<{ left: boolean }>(isLeft, [pids])).rows[0]?.left) await pause(1);
  }

  get steps(): number {
    return this.#steps;
  }

  async #happen(step: Step, isLast: boolean): Promise<void> {
    this.#waiting = this.#waiting.filter((each) => each !== step);
    this.trace?.push(`${step.process.name}: ${step.what}`);
    const client = clientOf.get(step);
    const underWay: UnderWay = { step, pid: client ? (pidOf(client) ?? 0) : 0, answer: null };
    const over = step.happen().then(
      (value) => void (underWay.answer = { value }),
      (error: unknown) => void (underWay.answer = { error }),
    );
    await this.#overOrBlocked(underWay, over);
    if (underWay.answer) step.deliver(isLast ? { error: new ProcessDied(step.process.name) } : underWay.answer);
    else this.#blocked.push(underWay);
    await this.#wake();
  }

  async #overOrBlocked(underWay: UnderWay, over: Promise<void>): Promise<void> {
    for (;;) {
      await Promise.race([over, pause(LOCK_LOOK_MS)]);
      if (underWay.answer || (underWay.pid !== 0 && (await this.#isBlocked(underWay.pid)))) return;
    }
  }

  /** Waits until each blocked statement is over or still blocked; true when one is over. */
  async #wake(): Promise<boolean> {
    const woken: UnderWay[] = [];
    for (const each of this.#blocked) {
      while (!each.answer && !(await this.#isBlocked(each.pid))) await pause(0);
      if (each.answer) woken.push(each);
    }
    this.#blocked = this.#blocked.filter((each) => !woken.includes(each));
    // One commit may wake several: they hear of it in the order in which they came, not in that of the machine.
    for (const { step, answer } of woken) {
      step.deliver(answer ?? { error: new ProcessDied(step.process.name) });
      await this.#settle();
    }
    return woken.length > 0;
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
/** The stage that is being played on, and the process whose code runs; outside of either nothing is staged. */
export function onStage(): { stage: Stage; process: StageProcess } | null {
  const process = current.getStore();
  return stage && process ? { stage, process } : null;
}
/** The stage, whoever asks. */
export function theStage(): Stage | null {
  return stage;
}
/** Does what is done outside of the stage: the machine's own work. */
export function offStage<T>(work: () => T): T {
  return current.exit(work);
}

function split<T>(all: T[], fits: (each: T) => boolean): [T[], T[]] {
  return [all.filter(fits), all.filter((each) => !fits(each))];
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => machineTimeout(resolve, ms));
function pidOf(client: pg.Client): number | null {
  return (client as unknown as { processID: number | null }).processID;
}
function streamOf(client: pg.Client): { destroy(): void } {
  return (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;
}
