// Where a file is sent before it becomes one of the shop's: an address with signed fields, as Google's storage takes a
// form. Pictures and plain files get the fields of signature version 4, films those of their own, older storage.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

import type { Simulator } from "../simulator";
import type { Id } from "../state";

export type StagedResource = "IMAGE" | "VIDEO" | "FILE";
interface StagedInput {
  shopId: Id;
  resource: StagedResource;
  filename: string;
  mimeType: string;
  /** Films say how long they are; nothing else is taken. */
  fileSize: number | null;
}
interface StagedTarget {
  url: string;
  resourceUrl: string;
  parameters: { name: string; value: string }[];
}
type Condition = Record<string, string> | ["content-length-range", number, number];
interface Policy {
  expiration: string;
  conditions: Condition[];
}

const PICTURE_BYTES_MAX = 20 * 1024 * 1024;
const FILM_BYTES_MAX = 1024 * 1024 * 1024;
const VALID_MS = 24 * 3_600_000;
export const STAGED_PATH = { IMAGE: "/staged-uploads/", FILE: "/staged-uploads/", VIDEO: "/staged-films/" } as const;
/** Fields that no policy speaks of. */
const UNSIGNED = new Set(["policy", "x-goog-signature", "signature", "GoogleAccessId", "file"]);

/** An address for one file. Real time, like every signature. */
export function stagedTarget(sim: Simulator, input: StagedInput): StagedTarget {
  const { resource, filename } = input;
  const isFilm = resource === "VIDEO";
  const key = isFilm
    ? `c/o/v/${randomUUID().replaceAll("-", "")}${/\.\w+$/.exec(filename)?.[0] ?? ""}`
    : `tmp/${input.shopId}/files/${randomUUID()}/${filename}`;
  const url = new URL(STAGED_PATH[resource], sim.addresses.shell).toString();
  const film = isFilm ? `?external_video_id=${sim.newId()}` : "";
  return {
    url,
    resourceUrl: `${url}${key}${film}`,
    parameters: isFilm ? filmFields(sim, key, input) : pictureFields(sim, key, input),
  };
}

function pictureFields(sim: Simulator, key: string, { mimeType }: StagedInput): StagedTarget["parameters"] {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const fields = {
    "Content-Type": mimeType,
    success_action_status: "201",
    acl: "private",
    key,
    "x-goog-date": date,
    "x-goog-credential": `simulator@localhost/${date.slice(0, 8)}/auto/storage/goog4_request`,
    "x-goog-algorithm": "GOOG4-RSA-SHA256",
  };
  const policy = encode([
    ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
    ["content-length-range", 1, PICTURE_BYTES_MAX],
  ]);
  return named({ ...fields, "x-goog-signature": sign(sim, policy), policy });
}

function filmFields(sim: Simulator, key: string, { fileSize }: StagedInput): StagedTarget["parameters"] {
  const size = fileSize ?? FILM_BYTES_MAX;
  const policy = encode([{ key }, ["content-length-range", size, size]]);
  return named({ GoogleAccessId: "simulator@localhost", key, policy, signature: sign(sim, policy) });
}

function encode(conditions: Condition[]): string {
  const policy: Policy = { expiration: new Date(Date.now() + VALID_MS).toISOString(), conditions };
  return Buffer.from(JSON.stringify(policy)).toString("base64");
}
const named = (fields: Record<string, string>) => Object.entries(fields).map(([name, value]) => ({ name, value }));
const sign = (sim: Simulator, policy: string): string =>
  createHmac("sha256", `${sim.apiSecret}:staged`).update(policy).digest("hex");

interface SentForm {
  /** What came before the file: nothing after it is read. */
  fields: ReadonlyMap<string, string>;
  bytes: number;
}

/** The storage's code for a form that it does not take, with its status; null: it does. */
export function refuseForm(sim: Simulator, { fields, bytes }: SentForm): { status: number; code: string } | null {
  const policy = fields.get("policy");
  const signature = fields.get("x-goog-signature") ?? fields.get("signature");
  if (!policy || !signature) return { status: 401, code: "AuthenticationRequired" };
  if (!isSame(signature, sign(sim, policy))) return { status: 403, code: "SignatureDoesNotMatch" };
  const { expiration, conditions } = JSON.parse(Buffer.from(policy, "base64").toString("utf8")) as Policy;
  if (Date.parse(expiration) <= Date.now()) return { status: 400, code: "ExpiredToken" };
  const wanted = new Map<string, string>();
  for (const condition of conditions) {
    if (!Array.isArray(condition)) {
      for (const [name, value] of Object.entries(condition)) wanted.set(name, value);
      continue;
    }
    const [, least, most] = condition;
    if (bytes < least) return { status: 400, code: "EntityTooSmall" };
    if (bytes > most) return { status: 400, code: "EntityTooLarge" };
  }
  for (const [name, value] of wanted)
    if (fields.get(name) !== value) return { status: 403, code: "PolicyConditionNotMet" };
  // A field that the policy does not know is refused, not overlooked.
  const unknown = [...fields.keys()].some((name) => !wanted.has(name) && !UNSIGNED.has(name));
  return unknown ? { status: 403, code: "PolicyConditionNotMet" } : null;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
