// The files of build/client: a closed list read at start, so no path can lead out of it.
import { createHash } from "node:crypto";
import fs from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};
const COMPRESSIBLE = /^(text|application\/json|image\/svg)/;
/** Remix names assets by content, so they never change. */
const HASHED = "/assets/";

type Encoding = "br" | "gzip";
interface StaticFile {
  file: string;
  type: string;
  etag: string;
  bytes: Buffer;
  compressed: Partial<Record<Encoding, Promise<Buffer>>>;
}

/** A handler for the files of `folder`; answers false when the request is not for one of them. */
export function serveStatic(
  folder: string,
): (req: IncomingMessage, res: ServerResponse, pathname: string) => Promise<boolean> {
  const files = readFiles(folder);
  return async (req, res, pathname) => {
    const found = files.get(pathname);
    if (!found || (req.method !== "GET" && req.method !== "HEAD")) return false;
    await sendFile(req, res, found, pathname.startsWith(HASHED));
    return true;
  };
}

function readFiles(folder: string): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = path.join(folder, name);
    const type = TYPES[path.extname(name)];
    if (!type || name.startsWith(".") || !fs.statSync(file).isFile()) continue;
    const bytes = fs.readFileSync(file);
    const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
    files.set(`/${name.split(path.sep).join("/")}`, { file, type, etag, bytes, compressed: {} });
  }
  return files;
}

async function sendFile(req: IncomingMessage, res: ServerResponse, found: StaticFile, hashed: boolean): Promise<void> {
  res.setHeader("Cache-Control", hashed ? "public, max-age=31536000, immutable" : "public, max-age=3600");
  res.setHeader("ETag", found.etag);
  res.setHeader("X-Content-Type-Options", "nosniff");
  if (req.headers["if-none-match"] === found.etag) return void res.writeHead(304).end();
  const encoding = COMPRESSIBLE.test(found.type) ? acceptedEncoding(req.headers["accept-encoding"]) : null;
  const body = encoding ? await compressed(found, encoding) : found.bytes;
  if (COMPRESSIBLE.test(found.type)) res.setHeader("Vary", "Accept-Encoding");
  if (encoding) res.setHeader("Content-Encoding", encoding);
  res.writeHead(200, { "Content-Type": found.type, "Content-Length": body.length });
  res.end(req.method === "HEAD" ? undefined : body);
}

function acceptedEncoding(header: string | string[] | undefined): Encoding | null {
  const accepted = String(header ?? "");
  if (/\bbr\b(?!;q=0(\.0*)?(,|$))/.test(accepted)) return "br";
  return /\bgzip\b(?!;q=0(\.0*)?(,|$))/.test(accepted) ? "gzip" : null;
}

// Once per file and encoding; the list is closed, so the memory is bounded.
function compressed(found: StaticFile, encoding: Encoding): Promise<Buffer> {
  return (found.compressed[encoding] ??=
    encoding === "br"
      ? promisify(brotliCompress)(found.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } })
      : promisify(gzip)(found.bytes));
}
