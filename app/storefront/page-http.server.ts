// Forms in and documents out of the bare doors. What a browser posts has hard limits: fields, files, bytes and
// time; what is too large is read to an end that is far away, so that the shopper gets an answer with their text.
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import fs from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import os from "node:os";
import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";

import { Busboy, type BusboyHeaders } from "@fastify/busboy";

import { PHOTO_BYTES_MAX } from "../reviews/media/media-limits";
import type { Fields } from "./pages/form-model";
import { contentPolicy } from "./pages/page-layout";

const URLENCODED = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data";
const LIMITS = {
  fieldNameSize: 120,
  /** 5,000 characters of four bytes, and line ends of two. */
  fieldSize: 32 * 1024,
  fields: 600,
  fileSize: PHOTO_BYTES_MAX + 1,
  files: 40,
  parts: 640,
  headerPairs: 10,
  headerSize: 4 * 1024,
} as const;
/** All text of a form. */
const TEXT_BYTES_MAX = 512 * 1024;
/** All of a form's files. */
const FILES_BYTES_MAX = 120 * 1024 * 1024;
/** Beyond it nobody listens any more. */
const BODY_BYTES_MAX = 2 * FILES_BYTES_MAX;

/** A file of a form, kept in a folder of ours until the form is done with. */
export interface PostedFile {
  field: string;
  /** What the shopper calls it: shown to them, never a name of ours. */
  name: string;
  path: string;
  isTooLarge: boolean;
}
/** A posted form. `fields` hold what was read, also when the rest was refused. */
export interface PostedForm {
  outcome: "read" | "too_large" | "bad_form";
  fields: Fields;
  files: readonly PostedFile[];
  /** Removes the files. */
  dispose(): Promise<void>;
}

/** Reads a form; a body of any other type is a bad one. */
export async function readForm(req: IncomingMessage): Promise<PostedForm> {
  const type = req.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type === URLENCODED) return readUrlencoded(req);
  if (type === MULTIPART) return readMultipart(req);
  return without("bad_form");
}

function without(outcome: PostedForm["outcome"], fields: Fields = new Map()): PostedForm {
  return { outcome, fields, files: [], dispose: () => Promise.resolve() };
}

async function readUrlencoded(req: IncomingMessage): Promise<PostedForm> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of req as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= TEXT_BYTES_MAX) parts.push(part);
    else if (bytes > BODY_BYTES_MAX) return without("too_large");
  }
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(Buffer.concat(parts).toString("utf8"))) {
    if (fields.size < LIMITS.fields) addField(fields, name, value.slice(0, LIMITS.fieldSize));
  }
  return without(bytes > TEXT_BYTES_MAX ? "too_large" : "read", fields);
}

function addField(fields: Map<string, string[]>, name: string, value: string): void {
  const values = fields.get(name);
  if (values) values.push(value);
  else fields.set(name, [value]);
}

async function readMultipart(req: IncomingMessage): Promise<PostedForm> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "kizuna-form-"));
  const dispose = () => fs.rm(folder, { recursive: true, force: true });
  const reading = new MultipartReading(folder);
  try {
    const outcome = await reading.read(req);
    return { outcome, fields: reading.fields, files: reading.files, dispose };
  } catch (error) {
    await dispose();
    // A body that ends in the middle or is no multipart at all: what was read before is what there is.
    if (error instanceof MalformedForm) return without("bad_form", reading.fields);
    throw error;
  }
}

class MalformedForm extends Error {}

/** One multipart body on its way: fields into memory, files onto the disk, nothing beyond the limits. */
class MultipartReading {
  readonly fields = new Map<string, string[]>();
  readonly #arriving: (PostedFile & { bytes: number })[] = [];
  #textBytes = 0;
  #fileBytes = 0;
  #isTooLarge = false;
  readonly #writing: Promise<void>[] = [];
  readonly #streams: Readable[] = [];

  constructor(readonly folder: string) {}

  /** The files in the order of the form. A field that was left empty arrives as a file without name and bytes. */
  get files(): PostedFile[] {
    return this.#arriving.filter(({ bytes }) => bytes > 0);
  }

  async read(req: IncomingMessage): Promise<"read" | "too_large"> {
    const parser = openParser(req);
    parser.on("field", (name, value, isNameCut, isValueCut) => this.#field(name, value, isNameCut || isValueCut));
    parser.on("file", (field, stream, name) => this.#write(field, stream, name));
    for (const limit of ["partsLimit", "filesLimit", "fieldsLimit"] as const)
      parser.on(limit, () => (this.#isTooLarge = true));
    try {
      await feed(req, parser);
    } catch (error) {
      // A file that was cut off in the middle would be waited for for ever.
      for (const stream of this.#streams) stream.destroy();
      await Promise.allSettled(this.#writing);
      throw error;
    }
    await Promise.all(this.#writing);
    return this.#isTooLarge ? "too_large" : "read";
  }

  #write(field: string, stream: Readable & { truncated: boolean }, name: unknown): void {
    const writing = this.#file(field, stream, name);
    writing.catch(() => undefined); // Heard when the form is read; until then it must not count as unhandled.
    this.#streams.push(stream);
    this.#writing.push(writing);
  }

  #field(name: string, value: string, isCut: boolean): void {
    // The parser says undefined for a part without a name.
    if (typeof name !== "string" || typeof value !== "string") return;
    this.#textBytes += value.length;
    if (isCut || this.#textBytes > TEXT_BYTES_MAX) this.#isTooLarge = true;
    if (this.#textBytes <= TEXT_BYTES_MAX) addField(this.fields, name, value);
  }

  // Called when a file begins: the order of the form is kept, whichever is written first.
  async #file(field: string, stream: Readable & { truncated: boolean }, name: unknown): Promise<void> {
    const place = path.join(this.folder, randomUUID());
    const file = {
      field,
      name: typeof name === "string" ? name.slice(0, 200) : "",
      path: place,
      isTooLarge: false,
      bytes: 0,
    };
    this.#arriving.push(file);
    const take = async function* (this: MultipartReading, source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        file.bytes += chunk.length;
        this.#fileBytes += chunk.length;
        if (this.#fileBytes > FILES_BYTES_MAX) this.#isTooLarge = true;
        else yield chunk;
      }
    }.bind(this);
    await pipeline(stream, take, createWriteStream(place, { mode: 0o600 }));
    file.isTooLarge = stream.truncated;
  }
}

function openParser(req: IncomingMessage): ReturnType<typeof newParser> {
  try {
    return newParser(req.headers as BusboyHeaders);
  } catch {
    throw new MalformedForm("no boundary");
  }
}
function newParser(headers: BusboyHeaders) {
  return new Busboy({ headers, limits: LIMITS });
}

// A parser that gives up must not cut the connection: the rest is read and thrown away, so that the answer arrives.
async function feed(req: IncomingMessage, parser: Writable): Promise<void> {
  const done = finished(parser);
  let problem: unknown = null;
  done.catch((error: unknown) => (problem = error));
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) break;
    if (problem === null) await offer(parser, chunk, done).catch((error: unknown) => (problem = error));
  }
  if (problem === null && bytes <= BODY_BYTES_MAX) {
    parser.end();
    await done.catch((error: unknown) => (problem = error));
  }
  if (problem === null && bytes <= BODY_BYTES_MAX) return;
  parser.destroy();
  throw new MalformedForm(problem instanceof Error ? problem.message : "endless");
}
async function offer(parser: Writable, chunk: Buffer, done: Promise<void>): Promise<void> {
  if (!parser.write(chunk)) await Promise.race([new Promise((resolve) => parser.once("drain", resolve)), done]);
}

/** The first of a field's files that may be taken, and how many were over. */
export function filesOf(
  form: Pick<PostedForm, "files">,
  field: string,
  most: number,
): { taken: PostedFile[]; over: PostedFile[] } {
  const all = form.files.filter((file) => file.field === field);
  return { taken: all.slice(0, most), over: all.slice(most) };
}
/** A document that no cache keeps, no frame shows and no search engine lists; a HEAD gets its headers only. */
export function sendPage(
  res: ServerResponse,
  status: number,
  document: string,
  policy: { nonce: string; pictures: readonly string[] },
  headers: Record<string, string> = {},
): void {
  res.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Length": Buffer.byteLength(document),
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": contentPolicy(policy.nonce, policy.pictures),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
    ...headers,
  });
  res.end(document);
}
