// What went over the wire, newest last, for the control panel and for tests that ask "how often".

interface RequestLogEntry {
  at: string;
  direction: "admin-api" | "webhook" | "proxy" | "oauth";
  shop: string;
  summary: string;
  status: number;
  ms: number;
  body?: string;
}

const ENTRIES_MAX = 2_000;
const BODY_MAX_CHARACTERS = 4_000;
/** Token values never enter the log: a control panel is often on a shared screen. */
const SECRETS = /("?(?:access_token|refresh_token|client_secret|subject_token|id_token)"?\s*[:=]\s*"?)[^"&\s,}]+/g;

export class RequestLog {
  #entries: RequestLogEntry[] = [];

  add(entry: RequestLogEntry): void {
    const body = entry.body?.slice(0, BODY_MAX_CHARACTERS).replace(SECRETS, "$1[cut]");
    this.#entries.push({ ...entry, summary: entry.summary.replace(SECRETS, "$1[cut]"), body });
    if (this.#entries.length > ENTRIES_MAX) this.#entries.splice(0, this.#entries.length - ENTRIES_MAX);
  }

  /** The newest entries last, optionally of one direction or shop. */
  list(filter: { direction?: RequestLogEntry["direction"]; shop?: string; limit?: number } = {}): RequestLogEntry[] {
    const { direction, shop, limit = ENTRIES_MAX } = filter;
    return this.#entries
      .filter((entry) => (!direction || entry.direction === direction) && (!shop || entry.shop === shop))
      .slice(-limit);
  }

  clear(): void {
    this.#entries = [];
  }
}
