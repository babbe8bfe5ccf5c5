// The mail server beside the shops: takes everything, delivers nothing, keeps it for the mailbox page.
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

import { parseMail } from "./mime";
import type { Simulator } from "./simulator";

const MAILS_MAX = 1_000;
const CLOSE_MS = 500;
const SIZE_MAX_BYTES = 5 * 1024 * 1024;

export interface MailServer {
  /** smtp://127.0.0.1:<port> */
  address: string;
  stop(): Promise<void>;
}

/** Listens on the loopback; port 0: any free one. @throws Error when the port is taken */
export async function startMailServer(sim: Simulator, port = 0): Promise<MailServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    closeTimeout: CLOSE_MS, // A client's idle pool must not hold up the end.
    size: SIZE_MAX_BYTES,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (stream.sizeExceeded)
          return done(Object.assign(new Error("the message is too large"), { responseCode: 552 }));
        const { mailFrom, rcptTo } = session.envelope;
        receive(sim, Buffer.concat(chunks), {
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
        });
        done();
      });
    },
  });
  server.on("error", (error) => console.error("simulator: the mail server:", error.message));
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    address: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function receive(sim: Simulator, raw: Buffer, envelope: { from: string; to: string[] }): void {
  const mail = (sim.state.mail ??= []);
  mail.push({ id: sim.newId(), receivedAt: sim.now().toISOString(), envelope, ...parseMail(raw) });
  if (mail.length > MAILS_MAX) mail.splice(0, mail.length - MAILS_MAX);
  sim.changed();
}
