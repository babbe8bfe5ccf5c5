// The files of a shop (Content → Files): what was sent to a staged address becomes one of them, is processed for a
// while of virtual time, and is ready or failed then. Contents live in memory: they are gone after a restart.
import { randomUUID } from "node:crypto";
import sharp from "sharp";

import type { Simulator } from "../simulator";
import type { Id, SimFile, SimShop } from "../state";

const PIXELS_MAX = 25_000_000;

/** What a staged address was sent. */
export interface StagedObject {
  content: Buffer;
  type: string;
  /** Of pictures that can be decoded. */
  width: number | null;
  height: number | null;
}
interface Contents {
  staged: Map<string, StagedObject>;
  files: Map<Id, StagedObject>;
}
const contents = new WeakMap<Simulator, Contents>();

/** Everything that is only in memory. */
export function contentsOf(sim: Simulator): Contents {
  const found = contents.get(sim) ?? { staged: new Map(), files: new Map() };
  contents.set(sim, found);
  return found;
}

/** Keeps what was sent under its key. */
export async function keepStaged(sim: Simulator, key: string, content: Buffer, type: string): Promise<void> {
  const { width = null, height = null } = await sharp(content)
    .metadata()
    .catch((): { width?: number; height?: number } => ({}));
  contentsOf(sim).staged.set(key, { content, type, width, height });
}

/** The shop's files by id. */
export function filesOf(shop: SimShop): Record<Id, SimFile> {
  return (shop.files ??= {});
}

/** A file made of what stands at a staged key (undefined: nothing was sent there). */
export function addFile(
  sim: Simulator,
  shop: SimShop,
  { kind, name, alt, source }: { kind: SimFile["kind"]; name: string; alt: string; source: StagedObject | undefined },
): SimFile {
  const { processingMs, failWith } = sim.faults.files;
  const at = sim.now();
  const file: SimFile = {
    id: sim.newId(),
    kind,
    name,
    alt,
    mimeType: source?.type ?? "application/octet-stream",
    bytes: source?.content.length ?? 0,
    width: source?.width ?? null,
    height: source?.height ?? null,
    createdAt: at.toISOString(),
    updatedAt: at.toISOString(),
    readyAt: new Date(at.getTime() + processingMs).toISOString(),
    error: failWith ?? problemOf(kind, source),
  };
  filesOf(shop)[file.id] = file;
  if (source) contentsOf(sim).files.set(file.id, source);
  sim.changed();
  return file;
}

function problemOf(kind: SimFile["kind"], source: StagedObject | undefined): string | null {
  if (!source) return kind === "MediaImage" ? "IMAGE_DOWNLOAD_FAILURE" : "GENERIC_FILE_DOWNLOAD_FAILURE";
  if (kind === "GenericFile") return null;
  if (kind === "Video") return isFilm(source.content) ? null : "VIDEO_INVALID_FILETYPE_ERROR";
  if (source.width === null || source.height === null) return "IMAGE_PROCESSING_FAILURE";
  return source.width * source.height > PIXELS_MAX ? "INVALID_IMAGE_RESOLUTION" : null;
}
const isFilm = (content: Buffer): boolean =>
  content.toString("latin1", 4, 8) === "ftyp" || content.readUInt32BE(0) === 0x1a45dfa3;

/** UPLOADED for half of the time, then PROCESSING, then READY or FAILED. */
export function statusOf(sim: Simulator, file: SimFile): "UPLOADED" | "PROCESSING" | "READY" | "FAILED" {
  const now = sim.now().getTime();
  const [from, until] = [Date.parse(file.createdAt), Date.parse(file.readyAt)];
  if (now < until) return now < (from + until) / 2 ? "UPLOADED" : "PROCESSING";
  return file.error === null ? "READY" : "FAILED";
}

/** A name that no file has: the wished one, or with random letters behind it. */
export function freeName(shop: SimShop, wished: string): string {
  if (!Object.values(filesOf(shop)).some(({ name }) => name === wished)) return wished;
  return wished.replace(/(\.\w+)?$/, (extension) => `_${randomUUID()}${extension}`);
}

/** Forgets a file and its content. */
export function dropFile(sim: Simulator, shop: SimShop, id: Id): void {
  delete filesOf(shop)[id];
  contentsOf(sim).files.delete(id);
  sim.changed();
}

/** Where a file that is ready is served from. */
export function fileUrl(sim: Simulator, shop: SimShop, file: SimFile): string {
  const path = file.kind === "Video" ? `videos/${shop.id}/${file.id}/film` : `s/files/1/${shop.id}/files/${file.name}`;
  const version = Math.floor(Date.parse(file.createdAt) / 1_000);
  return `${sim.addresses.shell}/cdn/${path}${file.kind === "Video" ? ".mp4" : ""}?v=${version}`;
}
