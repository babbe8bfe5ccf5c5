// Builds the app when its sources are newer than the last build: Remix's client and server bundles, and
// our own server around them. Plain Node, so that it also runs while npm installs.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const stampFile = path.join(root, "build/.sources");
const clientStampFile = path.join(root, "app/generated/.sources");
const lockFile = path.join(root, "node_modules/.cache/kizuna-build.lock");
const run = promisify(execFile);

/** Folders and files whose content decides whether a build is current. */
const SOURCES = [
  "app",
  "public",
  "vite.config.ts",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
  "tests/setup/build.mjs",
];
const NOT_SOURCES = new Set(["app/generated/.sources"]);

/**
 * Generates the Prisma client unless it is current.
 * @returns {Promise<"current" | "generated" | "impossible">}
 */
export async function generateClient() {
  const cli = path.join(root, "node_modules/prisma/build/index.js");
  const schema = path.join(root, "prisma/schema.prisma");
  if (!fs.existsSync(cli) || !fs.existsSync(schema)) return "impossible";
  const wanted = hashOf(["prisma/schema.prisma", "node_modules/prisma/package.json"]);
  const made = path.join(root, "app/generated/prisma/client.ts");
  const isCurrent = () => fs.existsSync(made) && readStamp(clientStampFile) === wanted;
  if (isCurrent()) return "current";
  return alone(async () => {
    if (isCurrent()) return "current";
    await run(process.execPath, [cli, "generate"], {
      cwd: root,
      // Never connected to; without any URL Prisma would look for an engine to download.
      env: {
        ...process.env,
        DATABASE_OWNER_URL: "postgresql://nobody@127.0.0.1:1/none",
        CHECKPOINT_DISABLE: "1",
        PRISMA_HIDE_UPDATE_MESSAGE: "1",
      },
    });
    fs.writeFileSync(clientStampFile, wanted);
    return "generated";
  });
}

/**
 * Builds build/client, build/server and build/server.js unless they are current.
 * @returns {Promise<"current" | "built" | "impossible">}
 */
export async function buildApp({ force = false } = {}) {
  const remix = path.join(root, "node_modules/@remix-run/dev/dist/cli.js");
  if (!fs.existsSync(remix) || !fs.existsSync(path.join(root, "app/server.ts"))) return "impossible";
  const wanted = hashOf(SOURCES);
  const isCurrent = () => !force && readStamp(stampFile) === wanted;
  if (isCurrent()) return "current";
  return alone(async () => {
    if (isCurrent()) return "current";
    fs.rmSync(stampFile, { force: true });
    await run(process.execPath, [remix, "vite:build"], {
      cwd: root,
      env: { ...process.env, NODE_ENV: "production" },
      maxBuffer: 64 * 1024 * 1024,
    });
    await bundleServer();
    fs.writeFileSync(stampFile, wanted);
    return "built";
  });
}

async function bundleServer() {
  const { build } = await import("vite");
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    // Whatever NODE_ENV is here, the bundle runs in production, where React has no development runtime.
    esbuild: { jsx: "automatic", jsxDev: false },
    build: {
      ssr: "app/server.ts",
      outDir: "build",
      emptyOutDir: false,
      target: "node20",
      minify: false,
      sourcemap: true,
      rollupOptions: { output: { format: "es", entryFileNames: "server.js", inlineDynamicImports: true } },
    },
  });
}

/** Several tests find a stale build at the same moment: one of them makes it, the others wait and find it made. */
async function alone(work) {
  fs.mkdirSync(path.dirname(lockFile), { recursive: true });
  while (!takeLock()) await new Promise((resolve) => setTimeout(resolve, 100));
  try {
    return await work();
  } finally {
    fs.rmSync(lockFile, { force: true });
  }
}

function takeLock() {
  try {
    fs.writeFileSync(lockFile, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    // Left behind by a process that was killed.
    if (!isAlive(Number(readStamp(lockFile)))) fs.rmSync(lockFile, { force: true });
    return false;
  }
}

function isAlive(pid) {
  // Between its creation and its first byte the file is empty.
  if (!pid) return fs.existsSync(lockFile) && Date.now() - fs.statSync(lockFile).mtimeMs < 5_000;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function hashOf(names) {
  const hash = createHash("sha256");
  for (const name of names) {
    const full = path.join(root, name);
    if (!fs.existsSync(full)) continue;
    const inside = fs.statSync(full).isDirectory()
      ? fs.readdirSync(full, { recursive: true, encoding: "utf8" }).sort()
      : [""];
    for (const part of inside) {
      const file = path.join(full, part);
      const relative = path.join(name, part);
      if (NOT_SOURCES.has(relative) || !fs.statSync(file).isFile()) continue;
      hash.update(relative).update(fs.readFileSync(file));
    }
  }
  return hash.digest("hex");
}

function readStamp(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : null;
}

// npm run build
if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await generateClient();
  console.log(await buildApp({ force: !process.argv.includes("--if-stale") }));
}
