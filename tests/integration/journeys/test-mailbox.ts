// A real SMTP server on a loopback port that keeps what it is given, and can refuse.
import type { AddressInfo } from "node:net";

import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach } from "vitest";

import { closeMail } from "../../../app/mail/smtp.server";

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers and body as sent. */
  raw: string;
  /** Unfolded headers by lower-case name. */
  headers: Map<string, string>;
}
type Refusal = { at: "rcpt" | "data"; code: number; text: string } | null;

export interface TestMailbox {
  received: ReceivedMail[];
  refuse(refusal: Refusal): void;
  /** Runs while a mail is taken, before the server says ok. */
  beforeAnswer(work: (() => Promise<void>) | null): void;
}

/** Starts the server for this test file and points SMTP_URL at it. Call after `useTestDatabase`. */
export function useTestMailbox(): TestMailbox {
  let refusal: Refusal = null;
  let pause: (() => Promise<void>) | null = null;
  const received: ReceivedMail[] = [];
  const refused = (at: "rcpt" | "data") =>
    refusal?.at === at ? Object.assign(new Error(refusal.text), { responseCode: refusal.code }) : null;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo: (_address, _session, done) => done(refused("rcpt")),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks).toString("utf8");
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
        const to = session.envelope.rcptTo.map(({ address }) => address);
        void (pause?.() ?? Promise.resolve()).then(() => {
          const error = refused("data");
          if (!error) received.push({ from, to, raw, headers: parseHeaders(raw) });
          done(error);
        });
      });
    },
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.server.address() as AddressInfo;
    Object.assign(process.env, { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "points@mail.kizuna.test" });
  });
  beforeEach(() => {
    received.length = 0;
    refusal = null;
    pause = null;
  });
  afterAll(async () => {
    closeMail();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { received, refuse: (next) => (refusal = next), beforeAnswer: (work) => (pause = work) };
}

function parseHeaders(raw: string): Map<string, string> {
  const head = (raw.split("\r\n\r\n", 1)[0] ?? "").replace(/\r\n[ \t]+/g, " ");
  return new Map(
    head.split("\r\n").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
