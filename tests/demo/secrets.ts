// The demo's own secrets: made once per data folder, so that sealed tokens open again at the next start.
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { SIMULATED_KEY_PREFIX } from "../../app/server/unsafe-environment";

export interface Secrets {
  apiKey: string;
  apiSecret: string;
  tokenKeys: string;
  ownerPassword: string;
  appPassword: string;
  routerPassword: string;
}

/** Reads the secrets of `folder`, making them first when there are none. */
export function keepSecrets(folder: string): Secrets {
  const file = path.join(folder, "secrets.json");
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, "utf8")) as Secrets;
  const hex = (bytes: number) => randomBytes(bytes).toString("hex");
  const secrets: Secrets = {
    // No client id of Shopify's looks like this one; the app refuses the simulator beside any other.
    apiKey: `${SIMULATED_KEY_PREFIX}${hex(14)}`,
    apiSecret: hex(32),
    tokenKeys: `demo:${randomBytes(32).toString("base64")}`,
    ownerPassword: hex(24),
    appPassword: hex(24),
    routerPassword: hex(24),
  };
  fs.writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}
