// Reads a mail as it came over the wire: headers, and the text and HTML among its parts.

export interface ParsedMail {
  from: string;
  to: string;
  subject: string;
  text: string | null;
  html: string | null;
  headers: Record<string, string>;
}

interface Part {
  headers: Record<string, string>;
  body: Buffer;
}

/** Parses a message. Attachments are left out. */
export function parseMail(raw: Buffer): ParsedMail {
  const part = splitPart(raw);
  const leaves = leavesOf(part);
  const find = (type: string): string | null => {
    const leaf = leaves.find(({ headers }) => typeOf(headers).type === type);
    return leaf ? bodyText(leaf) : null;
  };
  const { headers } = part;
  const header = (name: string): string => decodeWords(headers[name] ?? "");
  return {
    from: header("from"),
    to: header("to"),
    subject: header("subject"),
    text: find("text/plain"),
    html: find("text/html"),
    headers,
  };
}

function splitPart(raw: Buffer): Part {
  const crlf = raw.indexOf("\r\n\r\n");
  const at = crlf >= 0 ? crlf : raw.indexOf("\n\n");
  const head = at < 0 ? raw : raw.subarray(0, at);
  const body = at < 0 ? Buffer.alloc(0) : raw.subarray(at + (crlf >= 0 ? 4 : 2));
  const headers: Record<string, string> = {};
  const unfolded = head.toString("utf8").replace(/\r?\n[ \t]+/g, " ");
  for (const line of unfolded.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}\n${value}` : value;
  }
  return { headers, body };
}

function typeOf(headers: Record<string, string>): { type: string; boundary: string | null; charset: string } {
  const value = headers["content-type"] ?? "text/plain";
  const parameter = (name: string): string | null => {
    const match = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s]+))`, "i").exec(value);
    return match?.[1] ?? match?.[2] ?? null;
  };
  return {
    type: (value.split(";")[0] ?? "").trim().toLowerCase(),
    boundary: parameter("boundary"),
    charset: parameter("charset") ?? "utf-8",
  };
}

function leavesOf(part: Part): Part[] {
  const { type, boundary } = typeOf(part.headers);
  if (!type.startsWith("multipart/") || boundary === null) {
    const isAttached = /^attachment/i.test(part.headers["content-disposition"] ?? "");
    return isAttached ? [] : [part];
  }
  // Latin-1 keeps every byte, so that slices of the text are slices of the body.
  const pieces = `\r\n${part.body.toString("latin1")}`.split(new RegExp(`\\r?\\n--${escape(boundary)}`));
  return pieces
    .slice(1)
    .filter((piece) => !piece.startsWith("--"))
    .flatMap((piece) => leavesOf(splitPart(Buffer.from(piece.replace(/^[ \t]*\r?\n/, ""), "latin1"))));
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function bodyText({ headers, body }: Part): string {
  const encoding = (headers["content-transfer-encoding"] ?? "7bit").trim().toLowerCase();
  return decode(bytesOf(body, encoding), typeOf(headers).charset).replace(/\r\n/g, "\n");
}

function bytesOf(body: Buffer, encoding: string): Buffer {
  if (encoding === "base64") return Buffer.from(body.toString("latin1"), "base64");
  if (encoding !== "quoted-printable") return body;
  return quoted(body.toString("latin1").replace(/=[ \t]*\r?\n/g, ""));
}

const quoted = (text: string): Buffer =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );

function decode(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString("utf8"); // An unknown charset: show what can be shown.
  }
}

/** "=?UTF-8?B?44Od?= points" → "ポ points" (RFC 2047). */
export function decodeWords(value: string): string {
  const joined = value.replace(/(\?=)\s+(=\?)/g, "$1$2");
  // Neighbouring words may split a character between them: their bytes are decoded together.
  return joined.replace(/(?:=\?[^?]+\?[bq]\?[^?]*\?=)+/gi, (words) => {
    const parts = [...words.matchAll(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi)];
    const charset = parts[0]?.[1] ?? "utf-8";
    const bytes = parts.map(([, , kind, text = ""]) =>
      kind?.toLowerCase() === "b" ? Buffer.from(text, "base64") : quoted(text.replace(/_/g, " ")),
    );
    return decode(Buffer.concat(bytes), charset);
  });
}
