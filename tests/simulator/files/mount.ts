// The two sides of files that are no GraphQL: the storage that takes a form, and the CDN.
import sharp from "sharp";

import { takeCount } from "../faults";
import type { Context, Router } from "../router";
import type { Simulator } from "../simulator";
import type { SimFile } from "../state";
import { contentsOf, filesOf, keepStaged, statusOf, type StagedObject } from "./library";
import { refuseForm, STAGED_PATH } from "./staged-target";

const xml = { "content-type": "application/xml" };

/** Mounts the storage and the CDN. */
export function mountFiles(router: Router, sim: Simulator): void {
  for (const path of new Set(Object.values(STAGED_PATH))) router.on("POST", path, (ctx) => takeForm(ctx, sim));
  router.on("GET", "/cdn/s/files/1/:shop/files/:name", (ctx) =>
    sendPicture(
      ctx,
      findFile(sim, ctx.params.shop, ({ name, kind }) => kind !== "Video" && name === ctx.params.name),
    ),
  );
  router.on("GET", "/cdn/videos/:shop/:id/film.mp4", (ctx) =>
    sendFilm(
      ctx,
      findFile(sim, ctx.params.shop, ({ id, kind }) => kind === "Video" && id === ctx.params.id),
    ),
  );
}

async function takeForm(ctx: Context, sim: Simulator): Promise<void> {
  const refuse = (status: number, code: string) => ctx.send(status, `<Error><Code>${code}</Code></Error>`, xml);
  if (ctx.req.headers["content-length"] === undefined) return refuse(411, "MissingContentLength");
  const form = await readForm(ctx);
  if (!form) return refuse(400, "MalformedPOSTRequest");
  const wrong = refuseForm(sim, { fields: form.fields, bytes: form.content.length });
  if (wrong) return refuse(wrong.status, wrong.code);
  if (takeCount(sim.faults.files, "uploadStatus5xx")) return refuse(503, "ServiceUnavailable");
  const isFilm = ctx.url.pathname === STAGED_PATH.VIDEO;
  await keepStaged(sim, form.fields.get("key") ?? "", form.content, form.fields.get("Content-Type") ?? form.type);
  if (takeCount(sim.faults.files, "uploadAnswerLost")) return void ctx.res.destroy();
  if (isFilm) return ctx.send(204);
  ctx.send(201, `<PostResponse><Key>${form.fields.get("key") ?? ""}</Key></PostResponse>`, xml);
}

interface Form {
  fields: Map<string, string>;
  content: Buffer;
  type: string;
}
// Up to the file and no further: a field behind it does not exist.
async function readForm(ctx: Context): Promise<Form | null> {
  const headers = { "content-type": String(ctx.req.headers["content-type"] ?? "") };
  const parsed = await new Response(new Uint8Array(await ctx.rawBody()), { headers }).formData().catch(() => null);
  const fields = new Map<string, string>();
  for (const [name, value] of parsed ?? []) {
    if (typeof value !== "string")
      return name === "file" ? { fields, content: Buffer.from(await value.arrayBuffer()), type: value.type } : null;
    if (fields.has(name)) return null;
    fields.set(name, value);
  }
  return null;
}

function findFile(
  sim: Simulator,
  shopId: string | undefined,
  fits: (file: SimFile) => boolean,
): StagedObject | undefined {
  const shop = Object.values(sim.state.shops).find(({ id }) => id === shopId);
  const file = shop && Object.values(filesOf(shop)).find(fits);
  return file && statusOf(sim, file) === "READY" ? contentsOf(sim).files.get(file.id) : undefined;
}

// As the CDN does: never wider than the original, and in a format that the one who asks says it reads.
async function sendPicture(ctx: Context, object: StagedObject | undefined): Promise<void> {
  if (!object) return ctx.send(404, "");
  const width = Number(ctx.url.searchParams.get("width"));
  const isWebp = String(ctx.req.headers.accept ?? "").includes("image/webp");
  if (!object.type.startsWith("image/") || (!width && !isWebp)) return send(ctx, object.content, object.type);
  const picture = width ? sharp(object.content).resize({ width, withoutEnlargement: true }) : sharp(object.content);
  send(ctx, await (isWebp ? picture.webp() : picture).toBuffer(), isWebp ? "image/webp" : object.type);
}
function send(ctx: Context, content: Buffer, type: string): void {
  ctx.send(200, content, { "content-type": type, "content-length": String(content.length), vary: "Accept" });
}

function sendFilm(ctx: Context, object: StagedObject | undefined): void {
  if (!object) return ctx.send(404, "");
  const { content } = object;
  const part = /^bytes=(\d+)-(\d*)$/.exec(String(ctx.req.headers.range ?? ""));
  if (!part) return send(ctx, content, "video/mp4");
  const [from, to] = [Number(part[1]), Math.min(part[2] ? Number(part[2]) : Infinity, content.length - 1)];
  if (from >= content.length) return ctx.send(416, "", { "content-range": `bytes */${content.length}` });
  ctx.send(206, content.subarray(from, to + 1), {
    "content-type": "video/mp4",
    "content-length": String(to - from + 1),
    "content-range": `bytes ${from}-${to}/${content.length}`,
  });
}
