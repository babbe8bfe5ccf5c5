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

interface FileFaults {
  /** Virtual time until a new file is ready or failed. */
  processingMs: number;
  /** How long (virtual time) a new file stays out of searches. */
  searchLagMs: number;
  /** The search answers whatever there is, as it does to terms that it does not understand. */
  searchAnswersAnything: boolean;
  /** New files end with this code: IMAGE_PROCESSING_FAILURE … */
  failWith: string | null;
  /** The storage takes the form, and says that it could not. */
  uploadStatus5xx: FaultCount;
  /** It keeps the file, and the connection breaks. */
  uploadAnswerLost: FaultCount;
}

/** The ways one operation can go wrong; README.md, "Faults of one operation", says what each does. */
export const OPERATION_FAULTS = [
  "ok_answer_lost",
  "timeout",
  "reset",
  "429",
  "500",
  "502",
  "503",
  "html",
  "throttled",
  "user_error",
  "taken",
] as const;

export interface OperationFault {
  /** A root field of the request: discountCodeBasicCreate, orders … */
  operation: string;
  kind: (typeof OPERATION_FAULTS)[number];
  /** How many calls it hits; "always" until cleared. */
  times: FaultCount;
  /** So many calls pass before the first hit. */
  skip?: number;
  /** timeout, reset, 500, 502, 503, html: the work was done all the same. */
  done?: boolean;
  /** user_error: what it says. */
  code?: string;
  message?: string;
  field?: string[];
}

export interface Faults {
  webhooks: WebhookFaults;
  api: ApiFaults;
  files: FileFaults;
  /** How Liquid sees an app-owned namespace: "shorthand": as "$app:ns" too; "resolved": only as "app--id--ns". */
  metafieldNamespace: "shorthand" | "resolved";
  storagePartitioning: boolean;
  /** How long (virtual time) a use of a discount code stays out of asyncUsageCount. */
  usageLagMs: number;
  /** Faults of single operations, by root field; the first that fits hits. */
  operations: OperationFault[];
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
    files: {
      processingMs: 1_000,
      searchLagMs: 0,
      searchAnswersAnything: false,
      failWith: null,
      uploadStatus5xx: 0,
      uploadAnswerLost: 0,
    },
    metafieldNamespace: "shorthand",
    storagePartitioning: true,
    usageLagMs: 0,
    operations: [],
    proxyKeepsReserved: false,
  };
}

type CountedFault = Exclude<keyof ApiFaults, "shopStatus">;
/** Whether the named fault hits now; counts down. */
export function takeFault(faults: Faults, name: CountedFault): boolean {
  return takeCount(faults.api, name);
}

/** The same for any group of counted faults. */
export function takeCount<Name extends string>(counts: Record<Name, FaultCount>, name: Name): boolean {
  const left: FaultCount = counts[name];
  if (left === "always") return true;
  if (left <= 0) return false;
  counts[name] = left - 1;
  return true;
}

/** Makes the next calls of an operation go wrong, for tests in this process. Answers how many are still to come. */
export function failNext(
  faults: Faults,
  operation: string,
  kind: OperationFault["kind"],
  more: Partial<Omit<OperationFault, "operation" | "kind">> = {},
): { left(): FaultCount; clear(): void } {
  const fault: OperationFault = { operation, kind, times: 1, ...more };
  faults.operations.push(fault);
  return {
    left: () => fault.times,
    clear: () => void (fault.times = 0),
  };
}

/** The fault that hits a call with these root fields now; counts down. */
export function takeOperationFault(faults: Faults, rootFields: readonly string[]): OperationFault | null {
  const fault = faults.operations.find(({ operation, times }) => times !== 0 && rootFields.includes(operation));
  if (!fault) return null;
  if (fault.skip) {
    fault.skip -= 1;
    return null;
  }
  if (fault.times !== "always") fault.times -= 1;
  return fault;
}
