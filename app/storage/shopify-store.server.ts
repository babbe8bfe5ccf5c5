// Media in the shop's own library at Shopify, served from Shopify's CDN. A folder is the beginning of a file's name
// there, so that whatever a crash left behind is found by it. Shopify takes its time with each file: `settle` asks.
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";

import type { ShopId } from "../db.server";
import {
  checkPlace,
  extensionOf,
  FOLDER_NAME,
  MEDIA_TYPES,
  type FileToKeep,
  type MediaStore,
  type OpenFile,
  type PutOutcome,
  type SettleOutcome,
  type StoredFile,
  type StoredName,
} from "./media-store";

/** What the library at Shopify does for us. */
interface ShopFiles {
  make(
    shopId: ShopId,
    file: { name: string; path: string; type: string },
  ): Promise<
    { outcome: "made"; id: string } | { outcome: "exists" } | { outcome: "refused"; why: string } | { outcome: "busy" }
  >;
  /** Those that are gone are missing. */
  read(shopId: ShopId, ids: readonly string[]): Promise<KnownFile[]>;
  /** Those that say that their name begins like this. isUnsure: others do not say theirs yet. */
  find(shopId: ShopId, start: string): Promise<{ files: KnownFile[]; isUnsure: boolean }>;
  remove(shopId: ShopId, id: string): Promise<"removed" | "later">;
  download(url: string, range?: { from: number; to: number | null }): Promise<Response>;
}
interface KnownFile {
  id: string;
  state: "ready" | "waiting" | "failed";
  name: string | null;
  url: string | null;
  type: string | null;
  why: string | null;
}

/** One word of small letters and digits: no search takes it apart. Merchants find our files by its beginning. */
const MARK = "kizuna";
/** A file whose id we were not told: it is known by its name until it is found. */
const BY_NAME = "name:";
const DUPLICATE = "DUPLICATE_FILENAME_ERROR";

/** A store in the libraries of the shops. */
export function shopifyStore(library: ShopFiles): MediaStore {
  return {
    put: (shopId, folder, files) => put(library, shopId, folder, files),
    settle: (shopId, folder, files) => settle(library, shopId, folder, files),
    async open(_shopId, place, range) {
      checkPlace(place);
      // Our own door has no address to look behind: pages lead to the CDN.
      return place.url ? download(library, place.url, range) : null;
    },
    async remove(shopId, folder, refs) {
      const { files, isUnsure } = await library.find(shopId, startOf(folder));
      const ids = new Set([...refs.filter((ref) => !ref.startsWith(BY_NAME)), ...files.map(({ id }) => id)]);
      const outcomes = [];
      for (const id of ids) outcomes.push(await library.remove(shopId, id));
      const unseen = refs.filter(
        (ref) => ref.startsWith(BY_NAME) && !files.some(({ name }) => ref === `${BY_NAME}${name}`),
      );
      // A picture that does not say its name yet may be ours, when we were never told its id.
      if (outcomes.includes("later") || (isUnsure && (refs.length === 0 || unseen.length > 0))) return "later";
      return unseen.length > 0 ? "unseen" : "removed";
    },
    // Its token went with the app.
    removeShop: () => Promise.resolve("left"),
  };
}

function startOf(folder: string): string {
  if (!FOLDER_NAME.test(folder)) throw new RangeError("not the place of a stored file");
  return `${MARK}${Buffer.from(folder, "base64url").toString("hex")}`;
}
const nameOf = (folder: string, name: string): string => `${startOf(folder)}${name}`;

// One picture is enough: the CDN makes the smaller ones of it, in whatever format the browser reads. The plain one
// is taken, because programs that know no webp get what was sent.
function masterOf<T extends StoredName>(files: readonly T[]): T | undefined {
  const widest = Math.max(...files.map(({ width }) => width ?? 0));
  const candidates = files.filter(({ width }) => (width ?? 0) === widest);
  return candidates.find(({ name }) => extensionOf(name) === "jpg") ?? candidates[0];
}

async function put(
  library: ShopFiles,
  shopId: ShopId,
  folder: string,
  files: readonly FileToKeep[],
): Promise<PutOutcome> {
  for (const { name } of files) checkPlace({ folder, name });
  const master = masterOf(files);
  if (!master) return { outcome: "stored", files: [] };
  const name = nameOf(folder, master.name);
  const made = await library.make(shopId, { name, path: master.path, type: MEDIA_TYPES[extensionOf(master.name)] });
  if (made.outcome === "refused" || made.outcome === "busy") return made;
  const ref = made.outcome === "made" ? made.id : `${BY_NAME}${name}`;
  return { outcome: "stored", files: files.map(() => ({ url: null, ref })) };
}

async function settle(
  library: ShopFiles,
  shopId: ShopId,
  folder: string,
  files: readonly (StoredName & { ref: string })[],
): Promise<SettleOutcome> {
  const known = new Map<string, KnownFile>();
  for (const ref of new Set(files.map((file) => file.ref))) {
    const master = masterOf(files.filter((file) => file.ref === ref));
    const found = await look(library, shopId, ref, nameOf(folder, master?.name ?? ""));
    if (found.outcome !== "ready") return found;
    known.set(ref, found.file);
  }
  return { outcome: "ready", files: files.map((file) => storedFile(file, known.get(file.ref))) };
}

type Looked = { outcome: "ready"; file: KnownFile } | { outcome: "waiting" } | { outcome: "failed"; why: string };

async function look(library: ShopFiles, shopId: ShopId, ref: string, name: string): Promise<Looked> {
  if (ref.startsWith(BY_NAME)) return lookForName(library, shopId, ref.slice(BY_NAME.length));
  const [file] = await library.read(shopId, [ref]);
  if (!file) return { outcome: "failed", why: "GONE" };
  if (file.state === "ready") return { outcome: "ready", file };
  if (file.state === "waiting") return { outcome: "waiting" };
  if (file.why !== DUPLICATE) return { outcome: "failed", why: file.why ?? "UNKNOWN" };
  // An earlier try was there first: that one is ours, and this one is of no use.
  const first = await lookForName(library, shopId, name);
  if (first.outcome === "ready") await library.remove(shopId, ref);
  return first;
}

async function lookForName(library: ShopFiles, shopId: ShopId, name: string): Promise<Looked> {
  const { files } = await library.find(shopId, name);
  const file = files.find((each) => each.name === name);
  if (file?.state === "failed") return { outcome: "failed", why: file.why ?? "UNKNOWN" };
  return file?.state === "ready" ? { outcome: "ready", file } : { outcome: "waiting" };
}

function storedFile({ name, width }: StoredName, file: KnownFile | undefined): StoredFile {
  if (!file?.url) throw new Error("a file that is ready has no address");
  if (MEDIA_TYPES[extensionOf(name)].startsWith("video/"))
    return { url: file.url, ref: file.id, ...(file.type ? { type: file.type } : {}) };
  const url = new URL(file.url);
  if (width !== null) url.searchParams.set("width", String(width));
  return { url: url.toString(), ref: file.id };
}

async function download(
  library: ShopFiles,
  url: string,
  range?: { from: number; to: number | null },
): Promise<OpenFile | null> {
  const answer = await library.download(url, range);
  if (answer.status === 404) return null;
  if (!answer.ok || !answer.body) throw new Error(`Shopify's CDN answered ${answer.status} to a get`);
  const length = Number(answer.headers.get("content-length") ?? 0);
  const whole = /\/(\d+)$/.exec(answer.headers.get("content-range") ?? "")?.[1];
  const stream = Readable.fromWeb(answer.body as ReadableStream);
  return { stream, length, size: whole ? Number(whole) : length, from: whole ? (range?.from ?? 0) : 0 };
}
