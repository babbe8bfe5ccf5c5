// Shopify's real Admin GraphQL schema, out of the published package that carries it. The package has
// heavy dependencies, so only its archive is fetched, and of that only one file is kept.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";

const PACKAGE = "@shopify/dev-mcp@1.16.0";
const INTEGRITY = "sha512-tqgRnK7sQhjew+htxtleTH23nXB5fZcsrhWgEkomsorGXvLOB2mh2upwZm8uzuTDNTZnqtLMe64yIwh6s2awtw==";
const MEMBER = "package/dist/data/admin_2026-07.json.gz";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
/** The schema's introspection, gzipped. */
export const adminSchemaFile = path.join(root, "node_modules/.cache/admin-schema/admin_2026-07.json.gz");

/** Fetches the schema unless it is there already. @returns {Promise<"present" | "fetched">} */
export async function fetchAdminSchema() {
  if (fs.existsSync(adminSchemaFile)) return "present";
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-admin-schema-"));
  try {
    await promisify(execFile)("npm", ["pack", PACKAGE, "--pack-destination", folder, "--silent"], { cwd: folder });
    const archive = fs.readdirSync(folder).find((name) => name.endsWith(".tgz"));
    if (!archive) throw new Error(`npm pack ${PACKAGE} left no archive`);
    const bytes = fs.readFileSync(path.join(folder, archive));
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    if (integrity !== INTEGRITY) throw new Error(`${PACKAGE} is not the archive this project was written against`);
    const file = readMember(gunzipSync(bytes), MEMBER);
    fs.mkdirSync(path.dirname(adminSchemaFile), { recursive: true });
    fs.writeFileSync(`${adminSchemaFile}.${process.pid}`, file);
    fs.renameSync(`${adminSchemaFile}.${process.pid}`, adminSchemaFile);
    return "fetched";
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

// Enough of the tar format for an archive npm made: 512-byte headers, name and octal size.
function readMember(tar, wanted) {
  for (let at = 0; at + 512 <= tar.length;) {
    const name = tar.toString("utf8", at, at + 100).replace(/\0.*$/s, "");
    const prefix = tar.toString("utf8", at + 345, at + 500).replace(/\0.*$/s, "");
    const size = parseInt(tar.toString("ascii", at + 124, at + 136), 8) || 0;
    if ((prefix ? `${prefix}/${name}` : name) === wanted) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`${wanted} is not in the archive`);
}
