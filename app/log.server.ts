// Structured logs on stdout. Values that could hold secrets or personal data are cut by name.
import { pino, type Logger } from "pino";

import { env } from "./env.server";

const SECRET_PATHS = [
  "token",
  "accessToken",
  "refreshToken",
  "authorization",
  "cookie",
  "id_token",
  "email",
  "body",
  "name",
  "phone",
];

let logger: Logger | undefined;
/** The process's logger. Log ids and codes, never customer data, tokens or bodies. */
export function log(): Logger {
  logger ??= pino({
    level: env().LOG_LEVEL,
    base: { role: env().KIZUNA_ROLE },
    redact: { paths: SECRET_PATHS.flatMap((path) => [path, `*.${path}`]), censor: "[cut]" },
  });
  return logger;
}
