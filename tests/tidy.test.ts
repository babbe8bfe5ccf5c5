// The house rules as a test: the message of a failure is the reason for the rule.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";

import { cruise, type IReporterOutput, type ICruiseResult } from "dependency-cruiser";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** Files of the project: tracked ones and new ones git would track. */
function projectFiles(): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return listed
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(ROOT, file)) && statSync(join(ROOT, file)).isFile());
}
const files = projectFiles();
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const within = (folder: string, ending: RegExp) => files.filter((file) => file.startsWith(folder) && ending.test(file));
const code = files.filter((file) => /\.(ts|tsx|js|mjs|cjs)$/.test(file));
const text = files.filter(
  (file) =>
    /\.(ts|tsx|js|mjs|cjs|json|md|toml|liquid|css|sql|prisma|html|sh|yml)$/.test(file) && file !== "package-lock.json",
);

/** Every place where `pattern` occurs, as file:line. */
function places(list: string[], pattern: RegExp): string[] {
  return list.flatMap((file) =>
    read(file)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
  );
}

describe("rooms and arrows", () => {
  it("keeps the arrows of app/README.md", async () => {
    const { default: config } = (await import(join(ROOT, ".dependency-cruiser.cjs"))) as {
      default: { forbidden: []; options: Record<string, unknown> };
    };
    const result: IReporterOutput = await cruise(["app"], {
      ...config.options,
      ruleSet: { forbidden: config.forbidden },
      validate: true,
      baseDir: ROOT,
    });
    const output = result.output as ICruiseResult;
    const broken = output.summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`);
    expect(output.summary.totalCruised).toBeGreaterThan(10);
    expect(broken).toEqual([]);
  });

  it("keeps the model of the truth on its own feet: it imports nothing of the app", () => {
    const model = within("tests/chaos/model/", /\.ts$/);
    expect(model.length).toBeGreaterThan(0);
    expect(places(model, /(from|import\()\s*"[^"]*\/app\//)).toEqual([]);
  });

  it("has only known rooms, no drawers and no barrels", () => {
    const rooms = new Set(files.filter((file) => /^app\/[^/]+\//.test(file)).map((file) => file.split("/")[1]));
    const known = [
      "generated",
      "i18n",
      "ingest",
      "jobs",
      "journeys",
      "loyalty",
      "mail",
      "operator",
      "privacy",
      "publishing",
      "reviews",
      "routes",
      "server",
      "shopify",
      "shops",
      "storage",
      "storefront",
      "ui",
    ];
    expect([...rooms].filter((room) => !known.includes(room ?? ""))).toEqual([]);
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|lib|common|misc|services?)\//.test(file))).toEqual([]);
    expect(files.filter((file) => /^app\/.*\/index\.tsx?$/.test(file))).toEqual([]);
  });

  it("keeps the top level as the map says", () => {
    const top = new Set(files.map((file) => file.split("/")[0] ?? ""));
    const allowed = [
      "app",
      "extensions",
      "prisma",
      "tests",
      "public",
      "shopify.app.toml",
      "package.json",
      "package-lock.json",
      "tsconfig.json",
      "README.md",
      "CHANGELOG.md",
    ];
    const strangers = [...top].filter(
      (name) => !allowed.includes(name) && !name.startsWith(".") && !/\.config\.(ts|js|mjs)$|^codegen\.ts$/.test(name),
    );
    expect(strangers).toEqual([]);
  });
});

describe("promises of names", () => {
  it("reads process.env only in env.server.ts", () => {
    expect(
      places(within("app/", /\.tsx?$/), /process\.env\b/).filter((place) => !place.startsWith("app/env.server.ts")),
    ).toEqual([]);
  });

  it("writes the ledger only in ledger.server.ts", () => {
    const writes =
      /(INSERT INTO|UPDATE|DELETE FROM)\s+(points_entry|lot)\b|\.(pointsEntry|lot)\.(create|update|delete|upsert)/i;
    const writers = places(within("app/", /\.tsx?$/), writes).map((place) => place.split(":")[0]);
    expect([...new Set(writers)].filter((file) => !file?.startsWith("app/loyalty/ledger"))).toEqual([]);
  });

  it("sets status codes only at the doors", () => {
    const elsewhere = within("app/", /\.tsx?$/).filter(
      (file) =>
        !/^app\/(routes|ingest|storefront|server|entry|root|shop-session|security-headers)/.test(file) &&
        !file.startsWith("app/generated"),
    );
    expect(places(elsewhere, /new Response\(|\.writeHead\(|res\.statusCode\s*=/)).toEqual([]);
  });

  it("keeps business dates off the database's clock", () => {
    const sql = within("app/", /\.tsx?$/).filter((file) => /^app\/(loyalty|shops|privacy)\//.test(file));
    expect(
      places(sql, /(?<!Date\.)\bnow\(\)|CURRENT_TIMESTAMP/i).filter(
        (place) => !read(place.split(":")[0] ?? "").includes("real time:"),
      ),
    ).toEqual([]);
  });
});

describe("doors are guarded", () => {
  const routes = within("app/routes/", /\.tsx?$/);

  it("asks each app.* loader and action for the session", () => {
    const open = routes
      .filter((file) => /\/app\./.test(file))
      .filter((file) => {
        const source = read(file);
        const doors = source.match(/export (?:const|async function|function) (loader|action)\b/g) ?? [];
        const guards = source.match(/requireShop\(|authenticate\.admin\(/g) ?? [];
        return doors.length > guards.length;
      });
    expect(open).toEqual([]);
  });

  it("verifies the signature at the storefront and webhook doors", () => {
    const ingest = within("app/ingest/", /\.ts$/).map(read).join("\n");
    expect(ingest).toMatch(/timingSafeEqual/);
    const proxy = within("app/storefront/", /\.ts$/).map(read).join("\n");
    expect(proxy).toMatch(/timingSafeEqual/);
  });

  it("uses one Admin API version everywhere", () => {
    const versions = new Set(
      [...within("app/", /\.tsx?$/), "shopify.app.toml"]
        .filter((file) => existsSync(join(ROOT, file)))
        .flatMap((file) => read(file).match(/\b20\d\d-(01|04|07|10)\b(?!-)/g) ?? []),
    );
    expect([...versions]).toEqual(["2026-07"]);
  });
});

describe("what the project says", () => {
  it("leaves no marker, escape hatch or focused test behind", () => {
    const own = code.filter((file) => file !== "tests/tidy.test.ts");
    expect(places(own, /\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
    expect(places(own, /@ts-ignore|@ts-nocheck|eslint-disable|\bas any\b/)).toEqual([]);
    expect(
      places(
        own.filter((file) => file.startsWith("tests/")),
        /\b(it|describe|test)\.(only|skip|todo)\(/,
      ),
    ).toEqual([]);
  });

  it("names no machine path and no package registry host", () => {
    const own = text.filter((file) => file !== "tests/tidy.test.ts");
    expect(places(own, /\/work\/(main|shared)|registry\.npmjs\.org|registry\.yarnpkg/)).toEqual([]);
  });

  it("F14 holds no secret", () => {
    const own = text.filter((file) => file !== "tests/tidy.test.ts");
    expect(
      places(own, /shp(at|ca|pa|ss|rt)_[0-9a-f]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}/),
    ).toEqual([]);
  });

  it("pins every dependency exactly", () => {
    const manifest = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
    const loose = ["dependencies", "devDependencies", "optionalDependencies"].flatMap((group) =>
      Object.entries(manifest[group] ?? {}).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
    );
    expect(loose).toEqual([]);
  });

  it("keeps files small enough to read", () => {
    const long = code
      .filter((file) => !file.includes("/generated/"))
      .map((file) => [relative(".", file), read(file).split("\n").length] as const)
      .filter(([, lines]) => lines > 600);
    expect(long).toEqual([]);
  });
});

describe("storefront extension", () => {
  const extension = "extensions/storefront";

  it("keeps scripts and styles within the platform's limits", () => {
    const folder = join(ROOT, extension, "assets");
    const heavy = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => {
      const bytes = statSync(join(folder, name)).size;
      return (name.endsWith(".js") && bytes > 10_000) || (name.endsWith(".css") && bytes > 100_000);
    });
    expect(heavy).toEqual([]);
  });

  it("never uses innerHTML in assets", () => {
    expect(
      places(within(`${extension}/assets/`, /\.js$/), /innerHTML|outerHTML|insertAdjacentHTML|document\.write/),
    ).toEqual([]);
  });

  it("has each t: key and each t filter in English and Japanese", () => {
    const locales = within(`${extension}/locales/`, /\.json$/);
    const flatten = (value: unknown, path: string): string[] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => flatten(inner, path === "" ? key : `${path}.${key}`))
        : [path];
    const keysOf = (file: string) => flatten(JSON.parse(read(file)), "").sort();
    // Plural branches differ between the languages; their parent key is what a template names.
    const parents = (keys: string[]) => [
      ...new Set(keys.map((key) => key.replace(/\.(one|other|few|many|two|zero)$/, ""))),
    ];
    const english = locales.filter((file) => /\/en\.default(\.schema)?\.json$/.test(file));
    expect(english.length).toBeGreaterThan(0);
    for (const file of english) {
      const japanese = file.replace("en.default", "ja");
      expect(parents(keysOf(japanese))).toEqual(parents(keysOf(file)));
    }
  });
});
