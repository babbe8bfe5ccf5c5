// How every endpoint of the control API answers: JSON, {error} with a 4xx and a sentence on mistakes.
import { z } from "zod";

import { Refused } from "../orders/world";
import { BadRequest, type Context, type Router } from "../router";
import type { Simulator } from "../simulator";
import type { SimShop } from "../state";

/** Something the path names does not exist. */
export class NotFound extends Error {}

interface Endpoint {
  method: string;
  path: string;
  about: string;
}

/** Registers endpoints and remembers them, so that GET /control can list them. */
export class ControlRoutes {
  readonly endpoints: Endpoint[] = [];
  readonly #router: Router;
  readonly sim: Simulator;

  constructor(router: Router, sim: Simulator) {
    this.#router = router;
    this.sim = sim;
  }

  /** What the handler returns is answered with 200 (201 for objects made by a POST that say so). */
  on(method: string, path: string, about: string, handler: (ctx: Context) => unknown): void {
    this.endpoints.push({ method, path, about });
    this.#router.on(method, path, async (ctx) => {
      try {
        const answer = await handler(ctx);
        if (method !== "GET") this.sim.changed();
        ctx.send(200, answer ?? {}, { "cache-control": "no-store" });
      } catch (error) {
        const status = statusOf(error);
        if (status === null) throw error;
        ctx.send(status, { error: error instanceof z.ZodError ? sentenceOf(error) : (error as Error).message });
      }
    });
  }

  /** The shop the path names. @throws NotFound */
  shop(ctx: Context): SimShop {
    const shop = this.sim.findShop(ctx.params.domain ?? "");
    if (!shop)
      throw new NotFound(
        `there is no shop ${ctx.params.domain}; there are ${Object.keys(this.sim.state.shops).join(", ")}`,
      );
    return shop;
  }
}

function statusOf(error: unknown): number | null {
  if (error instanceof NotFound) return 404;
  if (error instanceof z.ZodError || error instanceof BadRequest || error instanceof RangeError) return 400;
  return error instanceof Refused ? 422 : null;
}

function sentenceOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`).join("; ");
}

/** The body, checked. An absent body counts as {}. @throws ZodError */
export async function bodyAs<T extends z.ZodType>(ctx: Context, schema: T): Promise<z.infer<T>> {
  return schema.parse((await ctx.json()) ?? {});
}

/** A whole number of the query string. */
export function queryNumber(ctx: Context, name: string, otherwise: number): number {
  const text = ctx.url.searchParams.get(name);
  if (text === null) return otherwise;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new BadRequest(`${name} must be a whole number, not "${text}"`);
  return number;
}

export const query = (ctx: Context, name: string): string | undefined => ctx.url.searchParams.get(name) ?? undefined;

/** A part of the path. */
export const param = (ctx: Context, name: string): string => ctx.params[name] ?? "";
