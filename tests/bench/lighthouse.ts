// What our blocks cost a product page: Lighthouse with them and without them, in interleaved pairs, on a page with a
// large picture and a theme's own scripts, compressed as a content delivery network would.
//   node --import tsx tests/bench/lighthouse.ts [--pairs 9] [--json FILE]
// Prints the medians and ends with 1 where the blocks cost more than they may. Needs the network for Lighthouse itself.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { parseArgs, promisify } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";

import sharp from "sharp";

import { startStack, type Stack } from "../demo/stack";
import { median } from "./figure";

const LIGHTHOUSE = "lighthouse@13.5.0";
const HERO_BYTES = 150_000;
const SCRIPT_BYTES = 150_000;
const run = promisify(execFile);

interface Seen {
  lcp: number;
  tbt: number;
  cls: number;
  score: number;
  /** Requests that reached the app while the page loaded. */
  toUs: number;
  bytes: number;
}
/** What the blocks may add. */
const LIMITS: { name: string; of: keyof Seen; most: number; digits: number }[] = [
  { name: "LCP, ms", of: "lcp", most: 100, digits: 0 },
  { name: "TBT, ms", of: "tbt", most: 50, digits: 0 },
  { name: "CLS", of: "cls", most: 0, digits: 3 },
  { name: "lost score", of: "score", most: 2, digits: 0 },
  { name: "requests to us", of: "toUs", most: 0, digits: 0 },
  { name: "bytes", of: "bytes", most: Infinity, digits: 0 },
];

const { values: asked } = parseArgs({ options: { pairs: { type: "string", default: "9" }, json: { type: "string" } } });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-lighthouse-"));
const stack = await startStack({ seed: "demo", install: true, say: (line) => console.error(line) });
try {
  const page = await productPage(stack);
  const front = await openFront(stack, page.storefront);
  const results: Record<"on" | "off", Seen[]> = { on: [], off: [] };
  for (let pair = 0; pair < Number(asked.pairs); pair++) {
    // The order changes, so that whatever gets slower or faster meanwhile meets both.
    for (const blocks of pair % 2 === 0 ? (["on", "off"] as const) : (["off", "on"] as const)) {
      page.place(blocks === "on");
      const seen = await look(`${front.url}${page.path}`, front);
      results[blocks].push(seen);
      console.error(`pair ${pair + 1}, blocks ${blocks}: ${JSON.stringify(seen)}`);
    }
  }
  front.close();
  if (asked.json) fs.writeFileSync(asked.json, `${JSON.stringify(results, null, 2)}\n`);
  process.exitCode = report(results) ? 0 : 1;
} finally {
  await stack.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}

/** The product with the most reviews, and a switch for everything the app has put into the theme. */
async function productPage({ simulator, shops }: Stack) {
  const { domain, storefront } = shops()[0] ?? { domain: "", storefront: "" };
  const shop = simulator.sim.shop(domain);
  const placed = structuredClone(shop.placedBlocks);
  const reviewed = () =>
    Object.values(shop.products)
      .map(({ id, handle }) => ({
        path: `products/${handle}`,
        length:
          shop.metafields.find(({ ownerGid, key }) => ownerGid === `gid://shopify/Product/${id}` && key === "reviews")
            ?.value.length ?? 0,
      }))
      .sort((a, b) => b.length - a.length)[0];
  for (const until = Date.now() + 60_000; (reviewed()?.length ?? 0) === 0 && Date.now() < until;)
    await new Promise((resolve) => setTimeout(resolve, 250));
  const best = reviewed();
  if (!best || best.length === 0) throw new Error("no product shows reviews");
  return {
    storefront,
    path: best.path,
    place: (isOn: boolean) => void (shop.placedBlocks = isOn ? structuredClone(placed) : {}),
  };
}

/** In front of the shop: the large picture, the theme's scripts, compression and caching. */
async function openFront({ simulator, addresses }: Stack, storefront: string) {
  const hero = await heroPicture();
  const script = themeScript();
  const toUs: string[] = [];
  const own = new Map([
    ["/hero.jpg", { type: "image/jpeg", body: hero }],
    ["/theme-parts.js", { type: "text/javascript", body: Buffer.from(script) }],
  ]);
  const { tunnel } = simulator.addresses;
  const server = http.createServer((request, response) => {
    void (async () => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      if (pathname.startsWith("/apps/")) toUs.push(pathname);
      const from = pathname.startsWith("/media/") ? tunnel : storefront;
      const answer = own.get(pathname) ?? (await shopAnswer(new URL(request.url ?? "/", from), tunnel));
      const isText = /text|json|javascript|svg/.test(answer.type);
      const body = isText
        ? brotliCompressSync(answer.body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
        : answer.body;
      response.writeHead(200, {
        "content-type": answer.type,
        "content-length": body.length,
        ...(isText && { "content-encoding": "br" }),
        ...(!answer.type.startsWith("text/html") && { "cache-control": "public, max-age=31536000" }),
      });
      response.end(body);
    })().catch((error: Error) => response.writeHead(502).end(error.message));
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () => server.close(),
    toUs,
    ours: [tunnel, addresses().app],
  };
}

// Reviewers' photos come from the store's delivery network, as they do from a bucket.
async function shopAnswer(url: URL, tunnel: string): Promise<{ type: string; body: Buffer }> {
  const answer = await fetch(url, { redirect: "manual" });
  const type = answer.headers.get("content-type") ?? "application/octet-stream";
  const body = Buffer.from(await answer.arrayBuffer());
  if (!type.startsWith("text/html")) return { type, body };
  const page = body
    .toString("utf8")
    .replace(
      /(<div class="product__picture">)<img[^>]*>/,
      '$1<img src="/hero.jpg" width="800" height="800" alt="" fetchpriority="high">',
    )
    .replace("</head>", '<script src="/theme-parts.js" defer></script></head>')
    .replaceAll(url.origin, "")
    .replaceAll(`${tunnel}/media/`, "/media/");
  return { type, body: Buffer.from(page) };
}

async function heroPicture(): Promise<Buffer> {
  for (let side = 500; ; side += 100) {
    const raw = { width: side, height: side, channels: 3 as const };
    const picture = await sharp(randomBytes(side * side * 3), { raw })
      .blur(1.5)
      .jpeg({ quality: 80 })
      .toBuffer();
    if (picture.length >= HERO_BYTES) return picture;
  }
}

// Functions of a theme's kind: some run when the page is there, most only have to be read.
function themeScript(): string {
  let script = "";
  for (let n = 0; script.length < SCRIPT_BYTES; n++) {
    script += `function part${n}(list) { const seen = {}; for (const item of list) { const key = item.tagName + ${n}; seen[key] = (seen[key] || 0) + 1; } return Object.keys(seen).sort().join("-${randomBytes(8).toString("hex")}-"); }\n`;
    if (n % 20 === 0)
      script += `document.documentElement.dataset.part = part${n}(document.querySelectorAll("*")).length;\n`;
  }
  return script;
}

async function look(url: string, front: { toUs: string[]; ours: string[] }): Promise<Seen> {
  const file = path.join(folder, "report.json");
  front.toUs.length = 0;
  const chrome = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update";
  const lighthouse = [
    "lighthouse",
    url,
    "--quiet",
    "--only-categories=performance",
    "--output=json",
    `--output-path=${file}`,
  ];
  await run("npm", ["exec", "--yes", "--package", LIGHTHOUSE, "--", ...lighthouse, `--chrome-flags=${chrome}`], {
    cwd: folder,
    timeout: 300_000,
  });
  const { audits, categories } = JSON.parse(fs.readFileSync(file, "utf8")) as Report;
  const requests = audits["network-requests"]?.details?.items ?? [];
  const foreign = requests.filter((request) => front.ours.some((ours) => request.url.startsWith(ours)));
  const valueOf = (audit: string) => audits[audit]?.numericValue ?? NaN;
  for (const what of [...front.toUs, ...foreign.map((request) => request.url)]) console.error(`  asked us: ${what}`);
  return {
    lcp: valueOf("largest-contentful-paint"),
    tbt: valueOf("total-blocking-time"),
    cls: valueOf("cumulative-layout-shift"),
    score: (categories.performance?.score ?? NaN) * 100,
    toUs: front.toUs.length + foreign.length,
    bytes: requests.reduce((sum, { transferSize }) => sum + (transferSize ?? 0), 0),
  };
}
interface Report {
  audits: Record<
    string,
    { numericValue?: number; details?: { items?: { url: string; transferSize?: number }[] } } | undefined
  >;
  categories: Record<string, { score: number | null } | undefined>;
}

/** Prints the medians. @returns whether the blocks cost no more than they may */
function report({ on, off }: Record<"on" | "off", Seen[]>): boolean {
  let isFine = true;
  console.log(
    `\n${on.length} pairs   ${"on".padStart(10)} ${"off".padStart(10)} ${"on - off".padStart(10)} ${"at most".padStart(10)}`,
  );
  for (const { name, of, most, digits } of LIMITS) {
    const [withBlocks, without] = [on, off].map((runs) => median(runs.map((seen) => seen[of]))) as [number, number];
    const cost = of === "score" ? without - withBlocks : withBlocks - without;
    // Layout shifts of less than a thousandth are none.
    const isOver = Number(cost.toFixed(digits)) > most || Number.isNaN(cost);
    isFine &&= !isOver;
    const cells = [withBlocks, without, cost].map((value) => value.toFixed(digits).padStart(10));
    console.log(`${name.padEnd(16)}${cells.join(" ")} ${String(most).padStart(10)}${isOver ? "  ← too much" : ""}`);
  }
  return isFine;
}
