// The SMTP channel: one pooled transport per process, limits on every wait, and an answer that says whether
// trying again makes sense.
import { createTransport, type Transporter } from "nodemailer";
import type SMTPPool from "nodemailer/lib/smtp-pool";

import { env } from "../env.server";
import { countMail } from "../metrics.server";
import { headerName, oneLine } from "./address";

export interface Mail {
  senderName: string;
  replyTo: string | null;
  to: string;
  subject: string;
  html: string;
  text: string;
  /** Unique for what is said to whom: a second sending of the same carries the same id. */
  messageId: string;
  /** One-click end (RFC 8058); null: a test to the shop itself. */
  unsubscribeUrl: string | null;
}
export type SendOutcome =
  | { outcome: "sent" }
  /** `address`: the mailbox does not exist. `message`: this mail will never be taken. `later`: try again. */
  | { outcome: "failed"; what: "address" | "message" | "later"; code: string };

type FailedMail = Extract<SendOutcome, { outcome: "failed" }>;

const CONNECTIONS_MAX = 3;
const WAIT_MS = 10_000;

const shared = globalThis as { __kizunaMail?: { url: string; transport: Transporter<SMTPPool.SentMessageInfo> } };

/** Whether this process can send mail at all. */
export function hasMailChannel(): boolean {
  return env().SMTP_URL !== undefined && env().MAIL_FROM !== undefined;
}

function transport(url: string): Transporter<SMTPPool.SentMessageInfo> {
  if (shared.__kizunaMail?.url === url) return shared.__kizunaMail.transport;
  shared.__kizunaMail?.transport.close();
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === "smtps:";
  const options: SMTPPool.Options = {
    pool: true,
    host: hostname,
    port: Number(port) || (secure ? 465 : 587),
    secure,
    maxConnections: CONNECTIONS_MAX,
    connectionTimeout: WAIT_MS,
    greetingTimeout: WAIT_MS,
    socketTimeout: 3 * WAIT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
  };
  const made = createTransport(options);
  shared.__kizunaMail = { url, transport: made };
  return made;
}

/** The domain that message ids end with: the sender's. */
export function mailDomain(): string {
  return env().MAIL_FROM?.split("@")[1] ?? "localhost";
}

/** Hands one mail to the server. Never throws: what went wrong is the answer. */
export async function sendMail(mail: Mail): Promise<SendOutcome> {
  const { SMTP_URL, MAIL_FROM } = env();
  if (!SMTP_URL || !MAIL_FROM) return { outcome: "failed", what: "later", code: "no_channel" };
  try {
    await transport(SMTP_URL).sendMail({
      from: { name: headerName(mail.senderName), address: MAIL_FROM },
      to: mail.to,
      ...(mail.replyTo ? { replyTo: mail.replyTo } : {}),
      subject: oneLine(mail.subject),
      html: mail.html,
      text: mail.text,
      messageId: mail.messageId,
      headers: {
        "Auto-Submitted": "auto-generated",
        Precedence: "bulk",
        ...(mail.unsubscribeUrl
          ? {
              "List-Unsubscribe": `<${mail.unsubscribeUrl}>`,
              "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
          : {}),
      },
    });
    countMail("sent");
    return { outcome: "sent" };
  } catch (error) {
    const failed = classify(error as { code?: string; responseCode?: number; command?: string; response?: string });
    countMail(failed.what);
    return failed;
  }
}

// A mailbox that does not exist is told at RCPT TO; 5xx elsewhere is about us or about the message.
function classify(error: { code?: string; responseCode?: number; command?: string; response?: string }): FailedMail {
  const status = error.responseCode ?? 0;
  const code = status > 0 ? String(status) : (error.code ?? "unknown");
  if (error.code === "EAUTH" || status < 500) return { outcome: "failed", what: "later", code };
  const isAboutMailbox = /\b5\.1\.\d+\b/.test(error.response ?? "") || [550, 551, 553].includes(status);
  if (error.command === "RCPT TO" && isAboutMailbox) return { outcome: "failed", what: "address", code };
  return { outcome: "failed", what: "message", code };
}

/** Closes the connections; for shutdown and tests. */
export function closeMail(): void {
  shared.__kizunaMail?.transport.close();
  delete shared.__kizunaMail;
}
