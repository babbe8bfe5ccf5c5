// The boundary of the stage: what the code of the app asks of the outside (a statement, a connection, a call, a pause)
// becomes a step that the director lets happen.
import pg from "pg";

import { CONNECT, offStage, onStage, ProcessDied, theStage, type OpenPools, type StageProcess } from "./stage";

const owners = new WeakMap<pg.Client, StageProcess>();
const realSetTimeout = globalThis.setTimeout;
const realFetch = globalThis.fetch;

/** Puts the stage between the app and the outside of this Node process. Outside of actors nothing changes. */
export function installBoundary(): void {
  interceptStatements();
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
    const stage = theStage();
    if (!process || !stage) return real.apply(this, values);
    const callback = typeof values.at(-1) === "function" ? (values.pop() as (e: unknown, r?: unknown) => void) : null;
    const text = typeof values[0] === "string" ? values[0] : String((values[0] as { text?: string }).text);
    const step = stage.step(
      process,
      text.replace(/\s+/g, " ").slice(0, 90),
      async () => {
        const result = await offStage(() => real.apply(this, values) as Promise<pg.QueryResult>);
        stage.settlements.note(this, text, values[1] ?? (values[0] as pg.QueryConfig).values, result);
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
    const here = onStage();
    const [done] = values as [((error?: Error) => void) | undefined];
    if (!here || !done) return connect.apply(this, values);
    const { stage, process } = here;
    // How long a statement may take, and a transaction stand still, is counted in the machine's time.
    Object.assign(parametersOf(this), { statement_timeout: 0, idle_in_transaction_session_timeout: 0 });
    const happen = (): Promise<void> =>
      offStage(
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

/**
 * app/db.server.ts keeps its pools in one place of the process: here each process of the stage has its own. Closing the
 * database deletes the places together with the pools, so that every world makes them anew.
 */
export function givePools(): void {
  const shared = globalThis as { __kizunaDb?: OpenPools };
  const outside = (shared.__kizunaDb ??= {});
  const own: OpenPools = { ...outside };
  for (const name of ["tenant", "router", "prisma"] as const) {
    Object.defineProperty(outside, name, {
      configurable: true,
      enumerable: true,
      get: () => (onStage()?.process.open ?? own)[name],
      set(value: object | undefined) {
        Object.assign(onStage()?.process.open ?? own, { [name]: value });
      },
    });
  }
}

function interceptCalls(): void {
  globalThis.fetch = (input, init) => {
    const here = onStage();
    if (!here) return realFetch(input, init);
    const { stage, process } = here;
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.pathname === "/control/clock") return Promise.resolve(Response.json({ now: stage.now().toISOString() }));
    const happen = async (): Promise<Response> => {
      const response = await offStage(() => realFetch(input, init));
      return new Response(await response.arrayBuffer(), { status: response.status, headers: response.headers });
    };
    return stage.step(process, `call ${url.pathname}`, happen) as Promise<Response>;
  };
}

/** What the app waits for on purpose takes no time, and may come at any moment; a limit of a wait never strikes: steps take as long as they take. */
function interceptPauses(): void {
  const paused = (callback: (...values: unknown[]) => void, ms?: number, ...values: unknown[]): unknown => {
    const here = onStage();
    if (!here || !ms || ms < 50) return realSetTimeout(callback, ms, ...values);
    if (isPauseOfTheApp()) {
      const go = (): void => callback(...values);
      void here.stage.step(here.process, "pause", () => Promise.resolve()).then(go, go);
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
  Date.now = () => {
    const here = onStage();
    return here ? from + here.stage.steps : real();
  };
}

// Asked at every statement, for its limit: the bare frames, as a readable stack costs more than the statement.
function isPauseOfTheApp(): boolean {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = (_error, frames) => frames;
  Error.stackTraceLimit = 3;
  const frames = new Error("where").stack as unknown as NodeJS.CallSite[];
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  return /[\\/]app[\\/](shopify[\\/]admin-client|loyalty[\\/])/.test(frames[2]?.getFileName() ?? "");
}

function parametersOf(client: pg.Client): object {
  return (client as unknown as { connectionParameters: object }).connectionParameters;
}
