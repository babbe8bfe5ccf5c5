// What anybody may read without signing in, reviews of a product, beside a bare server reading the same rows.
import { figure, median, type Figure } from "../figure";
import { saturate, type Fired, type Magazine } from "../load";
import { cpuOf, type OwnDatabase, type Server, type Stage } from "../stage";

const CLIENTS = 8;
const ROUNDS = 3;
/** Limits are per shop and per visitor: enough of both that none is reached. */
const SHOPS = 60;
const REVIEWS = 50;
const PRODUCT = 71;

async function magazineOf(stage: Stage): Promise<Magazine> {
  const { signProxyQuery } = await import("../../../app/storefront/proxy-signature");
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const paths = Array.from({ length: SHOPS }, (_, n) => {
    const query = new URLSearchParams({ shop: `anonymous-${n}.myshopify.com`, path_prefix: "/apps/kizuna", timestamp, logged_in_customer_id: "", product: String(PRODUCT) }); // prettier-ignore
    query.set("signature", signProxyQuery(query, stage.stack.apiSecret));
    return `/proxy/reviews?${query.toString()}`;
  });
  return (n) => ({
    method: "GET",
    path: paths[n % SHOPS] ?? "/",
    headers: { "x-forwarded-for": `203.0.${(n >> 8) & 255}.${n & 255}-${n}` },
  });
}

async function measured(stage: Stage, server: Server): Promise<Fired & { cpuMs: number }> {
  await saturate(server.url, CLIENTS, 1, await magazineOf(stage));
  const before = cpuOf(server.pid);
  const fired = await saturate(server.url, CLIENTS, stage.isQuick ? 4 : 15, await magazineOf(stage));
  return { ...fired, cpuMs: (cpuOf(server.pid) - before) / (fired.good + fired.bad) };
}

/** As many as eight clients can ask, with the first page of a product's reviews in each answer. */
export async function storefrontAnonymous(stage: Stage): Promise<Figure> {
  const database = await stage.openDatabase("anonymous");
  try {
    await stage.run("tests/bench/programs/write-reviews.ts", [String(SHOPS), String(REVIEWS)], { database });
    await database.owner.query("VACUUM (ANALYZE)");
    return await compare(stage, database);
  } finally {
    await database.drop();
  }
}

async function compare(stage: Stage, database: OwnDatabase): Promise<Figure> {
  const app: (Fired & { cpuMs: number })[] = [];
  const bare: (Fired & { cpuMs: number })[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const real = await stage.startApp("web", { database });
    app.push(await measured(stage, real).finally(() => real.stop()));
    const plain = await stage.startBare("storefront-anonymous", {
      BENCH_SECRET: stage.stack.apiSecret,
      DATABASE_URL: database.ownerUrl,
    });
    bare.push(await measured(stage, plain).finally(() => plain.stop()));
  }
  const values = app.map(({ perSecond }) => perSecond);
  const middle = [...app].sort((a, b) => a.latency.p99 - b.latency.p99)[Math.floor((ROUNDS - 1) / 2)];
  return figure({
    name: "storefront.anonymous",
    value: median(values),
    unit: "answers/s",
    bare: median(bare.map(({ perSecond }) => perSecond)),
    cpuMs: median(app.map(({ cpuMs }) => cpuMs)),
    bareCpuMs: median(bare.map(({ cpuMs }) => cpuMs)),
    bareP99: median(bare.map(({ latency }) => latency.p99)),
    ...middle?.latency,
    rounds: values,
    note: `${CLIENTS} clients, the first page of ${REVIEWS} reviews in ${SHOPS} shops, each visitor once; ${app.reduce((sum, { bad }) => sum + bad, 0)} not answered 2xx; nothing between caches`,
  });
}
