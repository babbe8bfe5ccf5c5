// Which database an operator's command means.
import fs from "node:fs";
import path from "node:path";

import { ownerDatabaseUrl } from "../env.server";
import { UsageError } from "./command";
import { projectRoot } from "../project-root.server";

/**
 * The owner's URL: the option, the environment, or the demo that is running from this clone.
 * @throws UsageError when there is none of them
 */
export function findOwnerUrl(option: string | boolean | undefined, say: (line: string) => void): string {
  if (typeof option === "string") return option;
  const url = ownerDatabaseUrl();
  if (url) return url;
  const demo = path.join(projectRoot(), ".data/demo.json");
  if (fs.existsSync(demo)) {
    say("DATABASE_OWNER_URL is not set: using the demo that is running");
    return (JSON.parse(fs.readFileSync(demo, "utf8")) as { ownerDatabaseUrl: string }).ownerDatabaseUrl;
  }
  throw new UsageError(
    "Which database? Set DATABASE_OWNER_URL (see .env.example), give --database-url, or start the demo.",
  );
}
