import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { findProblems, readAudit, type Lockfile } from "../../setup/audit-deps.mjs";

const ROOT = path.join(import.meta.dirname, "../../..");
const read = <T>(name: string) => JSON.parse(readFileSync(path.join(ROOT, name), "utf8")) as T;
const lockfile = () => read<Lockfile>("package-lock.json");

describe("F15 what is installed", () => {
  it("F15 is locked by hash and version, from no place of its own, and runs no script that is not on the list", () => {
    expect(findProblems(read("package.json"), lockfile())).toEqual([]);
  });

  it.each([
    ["an unknown install script", { hasInstallScript: true }, "run a script"],
    ["no hash", { integrity: "" }, "no SHA-512 hash"],
    ["a weak hash", { integrity: "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=" }, "no SHA-512 hash"],
    ["a host of its own", { resolved: "https://packages.evil.example/pg.tgz" }, "place of its own"],
    ["a folder for a package", { link: true }, "a folder"],
    ["another version than asked for", { version: "8.0.0" }, "package.json says"],
  ])("F15 %s is refused", (_what, change, said) => {
    const locked = lockfile();
    locked.packages["node_modules/pg"] = { ...locked.packages["node_modules/pg"], ...change };
    expect(findProblems(read("package.json"), locked).join("\n")).toContain(said);
  });

  it.each(["^8.0.0", "~8.0.0", "latest", "*", "8.x", "git+https://evil.example/pg.git", "file:../pg"])(
    "F15 “%s” is no exact version",
    (version) => {
      const manifest = read<{ dependencies: Record<string, string> }>("package.json");
      const asked = { ...manifest, dependencies: { ...manifest.dependencies, pg: version } };
      expect(findProblems(asked, lockfile()).join("\n")).toContain("not one exact version");
    },
  );

  it("F15 a registry that does not answer is not a clean bill of health", () => {
    expect(readAudit("<html>")).toMatchObject({ checked: false });
    expect(readAudit('{"statusCode":405,"error":{}}')).toEqual({ checked: false, why: "the registry answers 405" });
    const known = { a: { name: "a", severity: "high" }, b: { name: "b", severity: "low" } };
    const answer = readAudit(JSON.stringify({ metadata: { vulnerabilities: { high: 1 } }, vulnerabilities: known }));
    expect(answer).toMatchObject({ checked: true, grave: [{ name: "a" }], found: [{ name: "a" }, { name: "b" }] });
  });
});
