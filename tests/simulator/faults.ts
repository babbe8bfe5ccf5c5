// Every switch that makes the simulated platform misbehave, as one plain object the control API shows.

interface WebhookFaults {
  /** Share of events sent once more with the same webhook id. */
  duplicateRate: number;
  /** Deliveries are shuffled within this window of virtual time. */
  reorderWindowMs: number;
  delayMs: number;
  lossRate: number;
  /** Share of events whose body is the state before the change. */
  staleRate: number;
  badSignatureRate: number;
}

/** A fault with a count hits that many next calls; "always" hits until cleared. */
export type FaultCount = number | "always";

interface ApiFaults {
  /** GraphQL answers THROTTLED whatever the bucket holds. */
  throttle: FaultCount;
  status429: FaultCount;
  status5xx: FaultCount;
  /** 200 with an HTML page in place of JSON. */
  htmlBody: FaultCount;
  /** The connection hangs (until the client gives up or 60 s). */
  timeout: FaultCount;
  /** The work is done, then the connection breaks before the answer. */
  answerLost: FaultCount;
  /** The same for the token endpoint: a rotated refresh token whose answer never arrives. */
  tokenAnswerLost: FaultCount;
  tokenStatus5xx: FaultCount;
  /** Shop state: 402 frozen, 403 forbidden, 423 locked. */
  shopStatus: 402 | 403 | 423 | null;
}

export interface Faults {
  webhooks: WebhookFaults;
  api: ApiFaults;
  /** How Liquid sees an app-owned namespace: "shorthand": as "$app:ns" too; "resolved": only as "app--id--ns". */
  metafieldNamespace: "shorthand" | "resolved";
  storagePartitioning: boolean;
  /** Whether a visitor's own shop, signature or logged_in_customer_id parameter reaches the app beside the platform's. */
  proxyKeepsReserved: boolean;
}

/** A platform that behaves. */
export function noFaults(): Faults {
  return {
    webhooks: { duplicateRate: 0, reorderWindowMs: 0, delayMs: 0, lossRate: 0, staleRate: 0, badSignatureRate: 0 },
    api: {
      throttle: 0,
      status429: 0,
      status5xx: 0,
      htmlBody: 0,
      timeout: 0,
      answerLost: 0,
      tokenAnswerLost: 0,
      tokenStatus5xx: 0,
      shopStatus: null,
    },
    metafieldNamespace: "shorthand",
    storagePartitioning: true,
    proxyKeepsReserved: false,
  };
}

type CountedFault = Exclude<keyof ApiFaults, "shopStatus">;
/** Whether the named fault hits now; counts down. */
export function takeFault(faults: Faults, name: CountedFault): boolean {
  const left = faults.api[name];
  if (left === "always") return true;
  if (left <= 0) return false;
  faults.api[name] = left - 1;
  return true;
}
