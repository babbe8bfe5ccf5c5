// POST /admin/api/<version>/graphql.json: authentication, shop state, faults, log.
import { randomUUID } from "node:crypto";

import { takeFault, takeOperationFault, type OperationFault } from "../faults";
import { findInstallByToken } from "../oauth";
import type { Context, Router } from "../router";
import type { Simulator } from "../simulator";
import type { SimInstall, SimShop } from "../state";
import { answerGraphql, type GraphqlAnswer, type GraphqlRequest } from "./execute";
import { rootFieldsOf } from "./root-fields";
import { API_VERSION } from "./version";

const HANG_MS = 60_000;
const TOO_MANY = "Exceeded API call limit. Reduce request rates to resume uninterrupted service.";
const RETRY_AFTER = { "retry-after": "1.0" };
const HTML = "<!doctype html><title>Something went wrong</title>";
const STATUS_WORDS = { "500": "Internal Server Error", "502": "Bad Gateway", "503": "Service Unavailable" } as const;
const SHOP_STATUS = {
  402: "Unavailable Shop",
  403: "This shop is not allowed to be accessed by this application.",
  423: "Locked",
} as const;

/** Mounts the Admin API. The header x-sim-host names the shop whose host was called. */
export function mountGraphql(router: Router, sim: Simulator): void {
  router.on("POST", "/admin/api/:version/graphql.json", (ctx) => handle(ctx, sim));
}

async function handle(ctx: Context, sim: Simulator): Promise<void> {
  const started = Date.now();
  const domain = String(ctx.req.headers["x-sim-host"] ?? "");
  const log = (status: number, summary: string, body?: string) =>
    sim.requestLog.add({
      at: sim.now().toISOString(),
      direction: "admin-api",
      shop: domain,
      summary,
      status,
      ms: Date.now() - started,
      body,
    });
  const refuse = (status: number, errors: string, headers: Record<string, string> = {}) => {
    log(status, errors);
    ctx.send(status, { errors }, headers);
  };
  const shop = sim.findShop(domain);
  if (!shop || ctx.params.version !== API_VERSION) return refuse(404, "Not Found");
  const shopStatus = sim.faults.api.shopStatus;
  if (shopStatus) return refuse(shopStatus, SHOP_STATUS[shopStatus]);
  const install = findInstallByToken(sim, domain, String(ctx.req.headers["x-shopify-access-token"] ?? ""));
  if (!install) return refuse(401, "[API] Invalid API key or access token (unrecognized login or wrong password)");
  if (takeFault(sim.faults, "status429")) return refuse(429, TOO_MANY, RETRY_AFTER);
  if (takeFault(sim.faults, "status5xx")) return refuse(503, "Service Unavailable");
  if (takeFault(sim.faults, "htmlBody")) {
    log(200, "HTML in place of JSON");
    return ctx.send(200, HTML, { "content-type": "text/html" });
  }
  if (takeFault(sim.faults, "timeout")) {
    log(0, "no answer");
    return hang(ctx);
  }
  const request = await readRequest(ctx);
  if (!request) return refuse(400, "query is missing");
  const fault = takeOperationFault(sim.faults, rootFieldsOf(request));
  const serving = { shop, install, request, log };
  if (fault) return failOperation(ctx, sim, serving, fault);
  serve(ctx, sim, serving);
}

/** A call that goes wrong on the way: perhaps with its work done, never with the answer it would have had. */
async function failOperation(ctx: Context, sim: Simulator, serving: Serving, fault: OperationFault): Promise<void> {
  const { log, request } = serving;
  if (fault.kind === "throttled" || fault.kind === "user_error" || fault.kind === "taken")
    return serve(ctx, sim, serving, fault);
  const isDone = fault.kind === "ok_answer_lost" || (fault.done === true && fault.kind !== "429");
  const body = JSON.stringify({ query: request.query, variables: request.variables });
  const outcome = isDone ? describeErrors(answerGraphql(sim, serving.shop, serving.install, request)) : ": not done";
  const summary = `${nameOf(request)}${outcome} (${fault.kind})`;
  switch (fault.kind) {
    case "ok_answer_lost":
    case "reset":
      log(0, summary, body);
      ctx.res.destroy();
      return;
    case "timeout":
      log(0, summary, body);
      return hang(ctx);
    case "html":
      log(200, summary, body);
      return ctx.send(200, HTML, { "content-type": "text/html" });
    case "429":
      log(429, summary, body);
      return ctx.send(429, { errors: TOO_MANY }, RETRY_AFTER);
    default: {
      const status = Number(fault.kind);
      log(status, summary, body);
      return ctx.send(status, { errors: STATUS_WORDS[fault.kind] });
    }
  }
}

interface Serving {
  shop: SimShop;
  install: SimInstall;
  request: GraphqlRequest;
  log: (status: number, summary: string, body?: string) => void;
}

function serve(ctx: Context, sim: Simulator, serving: Serving, fault?: OperationFault): void {
  const { shop, install, request, log } = serving;
  const answer = answerGraphql(sim, shop, install, request, fault);
  const summary = `${nameOf(request)}${describeErrors(answer)}`;
  const body = JSON.stringify({ query: request.query, variables: request.variables });
  if (takeFault(sim.faults, "answerLost")) {
    log(0, `${summary} (answer lost)`, body);
    ctx.res.destroy();
    return;
  }
  log(200, summary, body);
  ctx.send(200, answer, { "x-shopify-api-version": API_VERSION, "x-request-id": randomUUID() });
}

const nameOf = ({ query, operationName }: GraphqlRequest): string =>
  operationName ?? /\b(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? query.replace(/\s+/g, " ").slice(0, 60);

function describeErrors({ errors }: GraphqlAnswer): string {
  const first = errors?.[0] as { message?: string } | undefined;
  return first?.message ? `: ${first.message.split("\n")[0]}` : "";
}

async function readRequest(ctx: Context): Promise<GraphqlRequest | null> {
  if (String(ctx.req.headers["content-type"] ?? "").startsWith("application/graphql"))
    return { query: await ctx.body() };
  const body = (await ctx.json()) as Partial<GraphqlRequest> | null;
  if (typeof body?.query !== "string") return null;
  return { query: body.query, variables: body.variables ?? {}, operationName: body.operationName ?? undefined };
}

async function hang(ctx: Context): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, HANG_MS);
    ctx.res.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  ctx.res.destroy();
}
