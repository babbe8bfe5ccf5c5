// Takes metadata out of a video in place: where it was filmed, with what, by whom. Pictures and sound stay as
// they are, byte for byte; what is removed becomes free space of the same length, so that no offset moves.
//
// MP4, MOV   the boxes udta, meta and uuid at every level become "free" and zeros; metadata tracks (action
//            cameras and phones write positions there) lose their samples and their place in the film
// WebM       the elements Tags and Attachments become Void and zeros
// A file that cannot be walked to its end is refused: what is not understood cannot be cleaned.
import fs from "node:fs/promises";

const CONTAINERS = new Set(["moov", "trak", "mdia", "minf", "stbl", "moof", "traf", "mvex", "edts", "dinf"]);
const REMOVED = new Set(["udta", "meta", "uuid"]);
/** The whole index of a film; larger ones are no shopper's video. */
const INDEX_MAX = 32 * 1024 * 1024;
const SAMPLES_MAX = 10_000_000;

interface Box {
  type: string;
  /** Offsets in the file: of the box, of its content, of what follows. */
  at: number;
  body: number;
  end: number;
}
interface Span {
  at: number;
  end: number;
}

/** Cleans the video in `file`. @returns false when it cannot be read to its end, and must be refused */
export async function stripVideoMetadata(file: string, format: "mp4" | "mov" | "webm"): Promise<boolean> {
  const handle = await fs.open(file, "r+");
  try {
    const { size } = await handle.stat();
    return format === "webm" ? await stripWebm(handle, size) : await stripBoxes(handle, size);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  } finally {
    await handle.close();
  }
}

// ─── MP4 and MOV ────────────────────────────────────────────────────────────────────────────────

async function stripBoxes(handle: fs.FileHandle, size: number): Promise<boolean> {
  let hasFilm = false;
  for (let at = 0; at < size;) {
    const box = await readBox(handle, at, size);
    if (REMOVED.has(box.type)) await freeBox(handle, box);
    if (box.type === "moov" || box.type === "moof") {
      hasFilm ||= box.type === "moov";
      await stripIndex(handle, box);
    }
    at = box.end;
  }
  return hasFilm;
}

async function readBox(handle: fs.FileHandle, at: number, limit: number): Promise<Box> {
  const head = Buffer.alloc(16);
  const { bytesRead } = await handle.read(head, 0, 16, at);
  return boxOf(head.subarray(0, bytesRead), at, limit);
}
function boxOf(head: Buffer, at: number, limit: number): Box {
  if (head.length < 8) throw new RangeError("a box is cut short");
  const short = head.readUInt32BE(0);
  const isLong = short === 1;
  if (isLong && head.length < 16) throw new RangeError("a box is cut short");
  const length = isLong ? Number(head.readBigUInt64BE(8)) : short === 0 ? limit - at : short;
  const body = at + (isLong ? 16 : 8);
  if (at + length < body || at + length > limit) throw new RangeError("a box leads out of the file");
  return { type: head.toString("latin1", 4, 8), at, body, end: at + length };
}

// The index is small: it is changed in memory and written back in one piece.
async function stripIndex(handle: fs.FileHandle, box: Box): Promise<void> {
  const length = box.end - box.at;
  if (length > INDEX_MAX) throw new RangeError("the index is too large");
  const bytes = Buffer.alloc(length);
  await handle.read(bytes, 0, length, box.at);
  const spoken: Span[] = [];
  walk(bytes, { ...box, at: 0, body: box.body - box.at, end: length }, spoken);
  for (const span of spoken) await zero(handle, span);
  await handle.write(bytes, 0, length, box.at);
}

function walk(bytes: Buffer, parent: Box, spoken: Span[]): void {
  for (const box of childrenOf(bytes, parent)) {
    if (REMOVED.has(box.type)) freeInMemory(bytes, box);
    else if (box.type === "trak" && isMetadataTrack(bytes, box)) {
      spoken.push(...samplesOf(bytes, box));
      freeInMemory(bytes, box);
    } else if (CONTAINERS.has(box.type)) walk(bytes, box, spoken);
  }
}
function childrenOf(bytes: Buffer, parent: Box): Box[] {
  const boxes: Box[] = [];
  // A closing zero of four bytes is allowed in old QuickTime files.
  for (let at = parent.body; at + 8 <= parent.end;) {
    const box = boxOf(bytes.subarray(at, Math.min(at + 16, parent.end)), at, parent.end);
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}
function descend(bytes: Buffer, from: Box, path: string[]): Box | null {
  let found: Box | null = from;
  for (const type of path) found = found && (childrenOf(bytes, found).find((box) => box.type === type) ?? null);
  return found;
}
function isMetadataTrack(bytes: Buffer, track: Box): boolean {
  const handler = descend(bytes, track, ["mdia", "hdlr"]);
  // Version and flags, then QuickTime's component type, then the kind of track.
  const kind = handler && bytes.toString("latin1", handler.body + 8, handler.body + 12);
  return kind === "meta" || kind === "camm" || kind === "gpmd";
}

function samplesOf(bytes: Buffer, track: Box): Span[] {
  const table = descend(bytes, track, ["mdia", "minf", "stbl"]);
  if (!table) return [];
  const parts = new Map(childrenOf(bytes, table).map((box) => [box.type, box]));
  const offsets = offsetsOf(bytes, parts.get("stco"), parts.get("co64"));
  const perChunk = perChunkOf(bytes, parts.get("stsc"));
  const samples = sizesOf(bytes, parts.get("stsz"));
  const spans: Span[] = [];
  let sample = 0;
  offsets.forEach((offset, chunk) => {
    let end = offset;
    // Never more samples than the file has sizes for: the numbers are a stranger's.
    const last = Math.min(samples.count, sample + perChunk(chunk + 1));
    for (; sample < last; sample += 1) end += samples.sizeOf(sample);
    spans.push({ at: offset, end });
  });
  return spans;
}
function offsetsOf(bytes: Buffer, short: Box | undefined, long: Box | undefined): number[] {
  const box = long ?? short;
  if (!box) return [];
  const width = long ? 8 : 4;
  const count = bytes.readUInt32BE(box.body + 4);
  if (box.body + 8 + count * width > box.end) throw new RangeError("a table leads out of its box");
  return Array.from({ length: count }, (_, index) => {
    const at = box.body + 8 + index * width;
    return long ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at);
  });
}
function perChunkOf(bytes: Buffer, box: Box | undefined): (chunk: number) => number {
  if (!box) return () => 0;
  const count = bytes.readUInt32BE(box.body + 4);
  if (box.body + 8 + count * 12 > box.end) throw new RangeError("a table leads out of its box");
  const runs = Array.from({ length: count }, (_, index) => {
    const at = box.body + 8 + index * 12;
    return { first: bytes.readUInt32BE(at), samples: bytes.readUInt32BE(at + 4) };
  });
  return (chunk) => runs.findLast(({ first }) => first <= chunk)?.samples ?? 0;
}
function sizesOf(bytes: Buffer, box: Box | undefined): { count: number; sizeOf: (sample: number) => number } {
  if (!box) return { count: 0, sizeOf: () => 0 };
  const all = bytes.readUInt32BE(box.body);
  const shared = bytes.readUInt32BE(box.body + 4);
  const count = bytes.readUInt32BE(box.body + 8);
  if (shared !== 0) return { count: Math.min(count, SAMPLES_MAX), sizeOf: () => shared };
  if (all !== 0 || box.body + 12 + count * 4 > box.end) throw new RangeError("a table leads out of its box");
  return { count, sizeOf: (sample) => bytes.readUInt32BE(box.body + 12 + sample * 4) };
}

function freeInMemory(bytes: Buffer, box: Box): void {
  bytes.write("free", box.at + 4, "latin1");
  bytes.fill(0, box.body, box.end);
}
async function freeBox(handle: fs.FileHandle, box: Box): Promise<void> {
  await handle.write(Buffer.from("free", "latin1"), 0, 4, box.at + 4);
  await zero(handle, { at: box.body, end: box.end });
}

// ─── WebM ───────────────────────────────────────────────────────────────────────────────────────

const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const EMPTIED = new Set([0x1254c367, 0x1941a469]); // Tags, Attachments
const VOID = 0xec;

interface Element {
  id: number;
  at: number;
  body: number;
  end: number;
}

async function stripWebm(handle: fs.FileHandle, size: number): Promise<boolean> {
  let hasFilm = false;
  for (let at = 0; at < size;) {
    const element = await readElement(handle, at, size);
    // A live recording's segment has no length: it goes to the end of the file.
    if (element.id === SEGMENT) {
      at = element.body;
      hasFilm = true;
      continue;
    }
    if (EMPTIED.has(element.id)) await voidElement(handle, element);
    at = element.end;
  }
  return hasFilm;
}

async function readElement(handle: fs.FileHandle, at: number, limit: number): Promise<Element> {
  const head = Buffer.alloc(12);
  const { bytesRead } = await handle.read(head, 0, 12, at);
  const idLength = lengthOf(head[0] ?? 0, 4);
  const sizeAt = head[idLength] ?? 0;
  const sizeLength = lengthOf(sizeAt, 8);
  if (bytesRead < idLength + sizeLength) throw new RangeError("an element is cut short");
  let length = sizeAt & (0xff >> sizeLength);
  let isUnknown = length === 0xff >> sizeLength;
  for (const byte of head.subarray(idLength + 1, idLength + sizeLength)) {
    length = length * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  const id = head.readUIntBE(0, idLength);
  const body = at + idLength + sizeLength;
  if (isUnknown && id !== SEGMENT && id !== CLUSTER) throw new RangeError("an element without a length");
  // A cluster without a length: its blocks follow as if they stood beside it.
  const end = isUnknown ? body : body + length;
  if (end > limit && id !== SEGMENT) throw new RangeError("an element leads out of the file");
  return { id, at, body, end };
}
function lengthOf(first: number, most: number): number {
  const length = Math.clz32(first) - 23;
  if (first === 0 || length > most) throw new RangeError("not an element");
  return length;
}

async function voidElement(handle: fs.FileHandle, { at, end }: Element): Promise<void> {
  // One byte for the id, eight for the length: every Tags or Attachments element has at least five bytes of both.
  const length = end - at;
  const head = length >= 9 ? Buffer.alloc(9) : Buffer.alloc(2);
  head[0] = VOID;
  if (head.length === 9) {
    head[1] = 0x01;
    head.writeUIntBE(length - 9, 3, 6);
  } else head[1] = 0x80 | (length - 2);
  await handle.write(head, 0, head.length, at);
  await zero(handle, { at: at + head.length, end });
}

const ZEROS = Buffer.alloc(64 * 1024);
async function zero(handle: fs.FileHandle, { at, end }: Span): Promise<void> {
  const { size } = await handle.stat();
  for (let from = at; from < Math.min(end, size); from += ZEROS.length) {
    await handle.write(ZEROS, 0, Math.min(ZEROS.length, Math.min(end, size) - from), from);
  }
}
