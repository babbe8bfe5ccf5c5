// Files: stagedUploadsCreate, fileCreate, fileDelete, files, and what node says of one.
import { addFile, contentsOf, dropFile, filesOf, fileUrl, freeName, statusOf } from "../files/library";
import { stagedTarget, STAGED_PATH, type StagedResource } from "../files/staged-target";
import { gid, parseGid } from "../ids";
import type { SimFile } from "../state";
import { paginate } from "./connection";
import { compileSearch, type SearchTable } from "./search";
import {
  badRequest,
  dateTime,
  fields,
  notImplemented,
  plain,
  text,
  typed,
  type Args,
  type GraphContext,
  type TypeTable,
} from "./types";

const FILES_MAX = 250;
const ALT_MAX = 512;
const KIND_OF: Record<string, SimFile["kind"]> = { IMAGE: "MediaImage", VIDEO: "Video", FILE: "GenericFile" };
const extensionOf = (name: string): string => /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? "";

export function stagedUploadsCreate(args: Args, ctx: GraphContext): unknown {
  const inputs = args.input as Args[];
  const targets = [];
  for (const [at, input] of inputs.entries()) {
    const resource = String(input.resource) as StagedResource;
    if (!(resource in STAGED_PATH)) throw notImplemented(`staged uploads of ${resource}`);
    if (input.httpMethod !== "POST") throw notImplemented("staged uploads by PUT");
    const refuse = (field: string, message: string) => ({
      stagedTargets: [],
      userErrors: [{ field: ["input", String(at), field], message }],
    });
    const filename = String(input.filename);
    const mimeType = String(input.mimeType);
    if (extensionOf(filename) === "" || /[/\\]/.test(filename)) return refuse("filename", "Filename is invalid");
    const family = { IMAGE: "image/", VIDEO: "video/", FILE: "" }[resource];
    if (!mimeType.startsWith(family)) return refuse("mimeType", `${mimeType} is not a recognized format`);
    if (resource === "VIDEO" && !input.fileSize) return refuse("fileSize", "file size is required for video resources");
    const fileSize = input.fileSize ? Number(input.fileSize) : null;
    targets.push(stagedTarget(ctx.sim, { shopId: ctx.shop.id, resource, filename, mimeType, fileSize }));
  }
  return { stagedTargets: targets, userErrors: [] };
}

export function fileCreate(args: Args, ctx: GraphContext): unknown {
  const inputs = args.files as Args[];
  if (inputs.length > FILES_MAX) throw badRequest("too many files", "MAX_INPUT_SIZE_EXCEEDED");
  const planned = inputs.map((input, at) => planFile(input, at, ctx));
  const refused = planned.flatMap((plan) => ("code" in plan ? [plan] : []));
  if (refused.length > 0) return { files: null, userErrors: refused };
  const made = planned.flatMap((plan) => ("code" in plan ? [] : [addFile(ctx.sim, ctx.shop, plan)]));
  return { files: made.map((file) => typed(file.kind, file)), userErrors: [] };
}

type Plan = Parameters<typeof addFile>[2] | { field: string[]; message: string; code: string };

function planFile(input: Args, at: number, ctx: GraphContext): Plan {
  const refuse = (field: string, code: string, message: string) => ({
    field: ["files", String(at), field],
    code,
    message,
  });
  const kind = KIND_OF[String(input.contentType)];
  if (!kind) throw notImplemented(`files of the content type ${String(input.contentType)}`);
  const mode = String(input.duplicateResolutionMode);
  if (mode === "REPLACE") throw notImplemented("files that replace another");
  const alt = text(input.alt) ?? "";
  if (alt.length > ALT_MAX) return refuse("alt", "ALT_VALUE_LIMIT_EXCEEDED", "The alt value exceeds the maximum limit");
  if (kind === "Video" && mode !== "APPEND_UUID")
    return refuse("duplicateResolutionMode", "INVALID_DUPLICATE_MODE_FOR_TYPE", "not supported for this file type");
  const key = keyOf(String(input.originalSource), ctx);
  const name = text(input.filename) ?? key.split("/").at(-1) ?? "";
  if (extensionOf(name) !== extensionOf(key))
    return refuse("filename", "MISMATCHED_FILENAME_AND_ORIGINAL_SOURCE", "The extension is another one");
  const isTaken = Object.values(filesOf(ctx.shop)).some((file) => file.name === name);
  if (isTaken && mode === "RAISE_ERROR")
    return refuse("filename", "FILENAME_ALREADY_EXISTS", "The provided filename already exists.");
  return {
    kind,
    // Films are not told apart by their names.
    name: kind === "Video" ? name : freeName(ctx.shop, name),
    alt,
    source: contentsOf(ctx.sim).staged.get(key),
  };
}

function keyOf(source: string, ctx: GraphContext): string {
  const { origin, pathname } = new URL(source);
  const prefix = Object.values(STAGED_PATH).find((path) => pathname.startsWith(path));
  if (origin !== ctx.sim.addresses.shell || !prefix) throw notImplemented("files that Shopify fetches from elsewhere");
  return decodeURIComponent(pathname.slice(prefix.length));
}

export function fileDelete(args: Args, ctx: GraphContext): unknown {
  const ids = args.fileIds as unknown[];
  const refuse = (code: string, message: string) => ({
    deletedFileIds: null,
    userErrors: [{ field: ["fileIds"], code, message }],
  });
  const found = ids.map((id) => findFile(ctx, String(id)));
  const missing = ids.filter((_, at) => !found[at]);
  if (missing.length > 0)
    return refuse("FILE_DOES_NOT_EXIST", `File id ${missing.map(String).join(", ")} does not exist.`);
  const files = found.flatMap((file) => file ?? []);
  if (files.some((file) => ["UPLOADED", "PROCESSING"].includes(statusOf(ctx.sim, file))))
    return refuse("NON_READY_STATE", "The file is not in the READY state.");
  for (const { id } of files) dropFile(ctx.sim, ctx.shop, id);
  return { deletedFileIds: ids, userErrors: [] };
}

function findFile(ctx: GraphContext, id: string): SimFile | null {
  const parsed = parseGid(id);
  const file = parsed ? filesOf(ctx.shop)[parsed.id] : undefined;
  return file && file.kind === parsed?.type ? file : null;
}
/** For node: a file of one kind. */
export const fileLookup =
  (kind: SimFile["kind"]) =>
  (ctx: GraphContext, id: string): SimFile | null =>
    findFile(ctx, gid(kind, id));

/** The search is a moment behind what happens. */
export function fileConnection(args: Args, ctx: GraphContext): unknown {
  const { sim, shop } = ctx;
  const seen = new Date(sim.now().getTime() - sim.faults.files.searchLagMs).toISOString();
  const { query } = args;
  const fits = compileSearch(sim.faults.files.searchAnswersAnything ? null : query, fileSearch(ctx), shop.timeZone);
  if (args.sortKey !== undefined && args.sortKey !== "ID") throw notImplemented(`files by ${String(args.sortKey)}`);
  const files = Object.values(filesOf(shop)).filter((file) => file.createdAt <= seen && fits(file));
  return paginate(
    files.map((file) => typed(file.kind, file)),
    args,
    { position: ({ id }) => ({ value: 0, id }), whole: ctx.bulk },
  );
}

function fileSearch(ctx: GraphContext): SearchTable<SimFile> {
  return {
    name: "files",
    words: ({ name, alt }) => [name, alt],
    fields: {
      id: { kind: "id", read: ({ id }) => id },
      filename: { kind: "exact", read: ({ name }) => [name] },
      created_at: { kind: "time", read: ({ createdAt }) => createdAt },
      status: { kind: "test", test: (file, value) => statusOf(ctx.sim, file).toLowerCase() === value },
    },
  };
}

const shared = {
  id: ({ kind, id }: SimFile) => gid(kind, id),
  alt: ({ alt }: SimFile) => alt,
  createdAt: ({ createdAt }: SimFile) => dateTime(createdAt),
  updatedAt: ({ updatedAt }: SimFile) => dateTime(updatedAt),
  fileStatus: (file: SimFile, _: Args, ctx: GraphContext) => statusOf(ctx.sim, file),
  fileErrors: (file: SimFile, _: Args, ctx: GraphContext) =>
    statusOf(ctx.sim, file) === "FAILED" ? [{ code: file.error, details: null, message: "File failed." }] : [],
};
const urlOf = (file: SimFile, ctx: GraphContext): string | null =>
  statusOf(ctx.sim, file) === "READY" ? fileUrl(ctx.sim, ctx.shop, file) : null;

/** No film is transcoded here: what was sent is its only source, and says that it is 720 lines high. */
function sources(file: SimFile, ctx: GraphContext): unknown[] {
  const url = urlOf(file, ctx);
  return url === null
    ? []
    : [{ url, mimeType: "video/mp4", format: "mp4", height: 720, width: 1280, fileSize: file.bytes }];
}

export const FILE_TYPES: Record<string, TypeTable> = {
  MediaImage: fields<SimFile>({
    ...shared,
    mimeType: ({ mimeType }) => mimeType,
    image: (file, _, ctx) => {
      const url = urlOf(file, ctx);
      return url === null ? null : { url, altText: file.alt };
    },
  }),
  Video: fields<SimFile>({
    ...shared,
    filename: ({ name }) => name,
    sources: (file, _, ctx) => sources(file, ctx),
    originalSource: (file, _, ctx) => sources(file, ctx)[0] ?? null,
  }),
  GenericFile: fields<SimFile>({
    ...shared,
    mimeType: ({ mimeType }) => mimeType,
    originalFileSize: ({ bytes }) => bytes,
    url: (file, _, ctx) => urlOf(file, ctx),
  }),
  VideoSource: plain("url", "mimeType", "format", "height", "width", "fileSize"),
  FileError: plain("code", "details", "message"),
  FilesUserError: plain("field", "message", "code"),
  StagedMediaUploadTarget: plain("url", "resourceUrl", "parameters"),
  StagedUploadParameter: plain("name", "value"),
  StagedUploadsCreatePayload: plain("stagedTargets", "userErrors"),
  FileCreatePayload: plain("files", "userErrors"),
  FileDeletePayload: plain("deletedFileIds", "userErrors"),
};
