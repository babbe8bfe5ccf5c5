// A bucket as S3 speaks: objects by key, parts of them, lists in short pages. It checks every signature of version 4
// by its own arithmetic, refuses what the service refuses, and can fail on demand.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Bucket {
  endpoint: string;
  name: string;
  region: string;
  keyId: string;
  secret: string;
  objects: Map<string, { bytes: Buffer; type: string }>;
  /** "PUT /bucket/key 200", as they were answered. */
  log: string[];
  /** The next requests of these methods are answered 503 once each, after their body was read. */
  failing: string[];
  stop(): Promise<void>;
}
const NAME = "kizuna-media";
const REGION = "ap-northeast-1";
/** The service takes 1,000 to a page; lists are met sooner in pages of three. */
const PAGE = 3;
const CLOCK_SKEW_MS = 15 * 60_000;

const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();
const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");
/** The service's own percent-encoding: everything but unreserved characters. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** Starts an empty bucket. */
export async function startBucket(keyId = "AKIATESTONLY", secret = "s3cr3t/with+signs="): Promise<Bucket> {
  const server: Server = createServer((req, res) => {
    void answer(bucket, req, res).then((status) => bucket.log.push(`${req.method ?? ""} ${req.url ?? ""} ${status}`));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bucket: Bucket = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    name: NAME,
    region: REGION,
    keyId,
    secret,
    objects: new Map(),
    log: [],
    failing: [],
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return bucket;
}

async function answer(bucket: Bucket, req: IncomingMessage, res: ServerResponse): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const end = (status: number, headers: Record<string, string | number> = {}, content: Buffer | string = "") => {
    res.writeHead(status, headers).end(content);
    return status;
  };
  const problem = (status: number, code: string) =>
    end(status, { "Content-Type": "application/xml" }, `<Error><Code>${code}</Code></Error>`);
  const why = refuse(bucket, req, body);
  if (why) return problem(403, why);
  const failing = bucket.failing.indexOf(req.method ?? "");
  if (failing >= 0) {
    bucket.failing.splice(failing, 1);
    return problem(503, "SlowDown");
  }
  const url = new URL(req.url ?? "/", "http://bucket");
  const [, name, ...parts] = url.pathname.split("/").map(decodeURIComponent);
  if (name !== bucket.name) return problem(404, "NoSuchBucket");
  const key = parts.join("/");
  if (req.method === "GET" && key === "") return end(200, { "Content-Type": "application/xml" }, list(bucket, url));
  switch (req.method) {
    case "PUT":
      // Without a length the service does not know when to stop.
      if (req.headers["content-length"] === undefined) return problem(411, "MissingContentLength");
      bucket.objects.set(key, { bytes: body, type: req.headers["content-type"] ?? "" });
      return end(200);
    case "DELETE":
      bucket.objects.delete(key);
      return end(204);
    case "GET":
      return sendObject(bucket, key, req.headers.range, { end, problem });
    default:
      return problem(405, "MethodNotAllowed");
  }
}

interface Answering {
  end(status: number, headers?: Record<string, string | number>, content?: Buffer | string): number;
  problem(status: number, code: string): number;
}
function sendObject(bucket: Bucket, key: string, range: string | undefined, { end, problem }: Answering): number {
  const object = bucket.objects.get(key);
  if (!object) return problem(404, "NoSuchKey");
  const { bytes, type } = object;
  const part = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  if (!part) return end(200, { "Content-Type": type, "Content-Length": bytes.length }, bytes);
  const from = Number(part[1]);
  if (from >= bytes.length) return problem(416, "InvalidRange");
  const to = Math.min(part[2] ? Number(part[2]) : bytes.length - 1, bytes.length - 1);
  const headers = { "Content-Range": `bytes ${from}-${to}/${bytes.length}`, "Content-Length": to - from + 1 };
  return end(206, { "Content-Type": type, ...headers }, bytes.subarray(from, to + 1));
}

function list(bucket: Bucket, { searchParams }: URL): string {
  const found = [...bucket.objects.keys()].filter((key) => key.startsWith(searchParams.get("prefix") ?? "")).sort();
  const page = found.slice(0, PAGE).map((key) => `<Contents><Key>${key}</Key></Contents>`);
  return `<ListBucketResult><IsTruncated>${String(found.length > PAGE)}</IsTruncated>${page.join("")}</ListBucketResult>`;
}

/** The service's code for a request that it does not believe; null: it does. */
function refuse(bucket: Bucket, req: IncomingMessage, body: Buffer): string | null {
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      req.headers.authorization ?? "",
    );
  if (!given) return "AccessDenied";
  const [, keyId = "", day = "", region = "", names = "", signature = ""] = given;
  if (keyId !== bucket.keyId) return "InvalidAccessKeyId";
  const at = String(req.headers["x-amz-date"] ?? "");
  const moment = Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (region !== bucket.region || !at.startsWith(day)) return "AuthorizationHeaderMalformed";
  if (!(Math.abs(Date.now() - moment) <= CLOCK_SKEW_MS)) return "RequestTimeTooSkewed";
  const signed = names.split(";");
  const mustBeSigned = Object.keys(req.headers).filter((name) => name === "host" || name.startsWith("x-amz-"));
  if (mustBeSigned.some((name) => !signed.includes(name))) return "SignatureDoesNotMatch";
  const payload = String(req.headers["x-amz-content-sha256"] ?? "");
  if (payload !== "UNSIGNED-PAYLOAD" && payload !== sha256(body)) return "XAmzContentSHA256Mismatch";
  const expected = sign(bucket, req, { at, day, signed, payload });
  return timingSafeEqual(Buffer.from(expected, "hex"), Buffer.from(signature, "hex")) ? null : "SignatureDoesNotMatch";
}

function sign(
  { region, secret }: Bucket,
  req: IncomingMessage,
  { at, day, signed, payload }: { at: string; day: string; signed: string[]; payload: string },
): string {
  const url = new URL(req.url ?? "/", "http://bucket");
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
  const path = url.pathname.split("/").map((part) => encode(decodeURIComponent(part)));
  const headers = signed.map(
    (name) =>
      `${name}:${String(req.headers[name] ?? "")
        .trim()
        .replace(/ +/g, " ")}\n`,
  );
  const canonical = [req.method, path.join("/"), query, headers.join(""), signed.join(";"), payload].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const key = [region, "s3", "aws4_request"].reduce<Buffer>(
    (made, part) => hmac(made, part),
    hmac(`AWS4${secret}`, day),
  );
  return hmac(key, ["AWS4-HMAC-SHA256", at, scope, sha256(canonical)].join("\n")).toString("hex");
}
