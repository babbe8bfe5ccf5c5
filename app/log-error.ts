// What of an error may be written down. PostgreSQL quotes whole rows in the details of an error and values in its
// message, a JSON parser quotes the text it fell over, and what was asked of others holds tokens and addresses.

const SECRETS = /\b(shp[a-z]{2,3}_\w+|eyJ[\w-]+\.[\w-]+\.[\w-]*)/g;
const ADDRESSES = /[^\s"'<>(),:;=]+@[^\s"'<>(),;]+/g;

/** A pg error: `detail`, `where` and `hint` are left out, because they quote rows. */
interface DatabaseError extends Error {
  code: string;
  severity: string;
  constraint?: string;
  table?: string;
  column?: string;
}
function isDatabaseError(error: Error): error is DatabaseError {
  return "severity" in error && "code" in error && typeof error.code === "string";
}

/** Texts without anything that looks like a token or an address. */
export function scrub(text: string): string {
  return text.replace(SECRETS, "[cut]").replace(ADDRESSES, "[cut]");
}

/** An error for the log: what kind, where in the code, and no values. */
export function loggableError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error, message: loggableMessage(error) };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    message: loggableMessage(error),
    stack: framesOf(error),
    ...(isDatabaseError(error) ? { constraint: error.constraint, table: error.table, column: error.column } : {}),
    ...(error.cause === undefined ? {} : { cause: loggableError(error.cause) }),
  };
}

/** An error's message without values, for a log or for a row that outlives the person. */
export function loggableMessage(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "string" ? scrub(error) : "unknown";
  if (error instanceof SyntaxError) return "[cut]";
  // Class 22 is about data: its messages quote the value.
  if (isDatabaseError(error) && error.code.startsWith("22")) return "[cut]";
  return scrub(error.message);
}

/** The same failure without values, for whoever keeps what a job threw. */
export function withoutValues(error: unknown): Error {
  const message = loggableMessage(error);
  const safe = new Error(message);
  if (!(error instanceof Error)) return safe;
  const { code } = error as { code?: unknown };
  safe.name = error.name;
  safe.stack = `${error.name}: ${message}\n${framesOf(error)}`;
  return code === undefined ? safe : Object.assign(safe, { code });
}

function framesOf(error: Error): string {
  const lines = (error.stack ?? "").split("\n");
  return lines.filter((line) => /^\s+at /.test(line)).join("\n");
}
