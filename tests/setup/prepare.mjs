// npm's "prepare": leaves a fresh clone ready to run. Quick when nothing changed; never the reason that
// an installation fails, since a production install or a partial copy of the sources is a fine place to be.
import { buildApp, generateClient } from "./build.mjs";
import { fetchAdminSchema } from "./fetch-admin-schema.mjs";

const STEPS = [
  ["Prisma client", generateClient],
  ["Shopify's Admin schema (for the simulator and the tests)", () => (canTest() ? fetchAdminSchema() : "impossible")],
  ["the app", buildApp],
];

for (const [what, step] of STEPS) {
  const started = Date.now();
  try {
    const outcome = await step();
    if (outcome === "generated" || outcome === "fetched" || outcome === "built") {
      console.log(`${outcome} ${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    }
  } catch (error) {
    const said = [error.stderr, error.stdout, error.message].find(
      (text) => typeof text === "string" && text.trim() !== "",
    );
    console.warn(`Could not prepare ${what}; run "npm run prepare" again later.\n${String(said).trim().slice(-3000)}`);
    process.exitCode = process.env.CI === "true" ? 1 : 0;
  }
}

// The packages that only development installs.
function canTest() {
  try {
    import.meta.resolve("vitest");
    return true;
  } catch {
    return false;
  }
}
