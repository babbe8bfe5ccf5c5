// Structured logs on stdout. Values that could hold secrets or personal data are cut by name.
import { pino, type Logger } from "pino";

import { env } from "./env.server";
import { logContext } from "./log-context.server";
import { loggableError } from "./log-error";

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
    // A copy: pino writes into what it is given.
    mixin: () => ({ ...logContext() }),
    serializers: { err: loggableError },
    redact: { paths: SECRET_PATHS.flatMap((path) => [path, `*.${path}`]), censor: "[cut]" },
  });
  return logger;
}
