// A TCP proxy that stands between two processes and fails the way networks do: late bytes, resets, silence,
// half-closed connections and answers cut off in the middle. What passes, passes unchanged and in order.
import net from "node:net";

import type { Random } from "../../simulator/random";

/** Ways a connection under way goes wrong. */
export const STRIKES = ["reset", "black_hole", "half_close", "truncate"] as const;
export type Strike = (typeof STRIKES)[number];

/** What happens to connections from now on; everything 0: nothing. */
export interface ProxyFaults {
  /** Each piece of data waits up to so long. */
  latencyMs: number;
  /** Share of new connections that are reset before a byte passes. */
  refuse: number;
  /** Share of new connections that suffer this strike after a few pieces of data. */
  strikes: Partial<Record<Strike, number>>;
}
export const CALM: ProxyFaults = { latencyMs: 0, refuse: 0, strikes: {} };

export interface ProxyTarget {
  host: string;
  port: number;
}

/** Pieces of data that pass at most before a drawn strike hits. */
const PIECES_BEFORE_STRIKE_MAX = 12;

interface Link {
  client: net.Socket;
  server: net.Socket;
  /** A strike drawn at the start, and the pieces of data until then. */
  doom: { strike: Strike; pieces: number } | null;
  isSilent: boolean;
  cutsNextAnswer: boolean;
}

export class FaultProxy {
  faults: ProxyFaults = CALM;
  readonly stats = { connections: 0, refused: 0, unreachable: 0, struck: noStrikes() };
  readonly #links = new Set<Link>();
  #turn = 0;

  private constructor(
    private readonly server: net.Server,
    private readonly targets: () => readonly ProxyTarget[],
    private readonly random: Random,
  ) {}

  /**
   * Opens a proxy on a free loopback port.
   * @param targets where new connections go, in turn; empty: they are reset
   */
  static async open(targets: () => readonly ProxyTarget[], random: Random): Promise<FaultProxy> {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true });
    const proxy = new FaultProxy(server, targets, random);
    server.on("connection", (client) => proxy.#accept(client));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    server.unref();
    return proxy;
  }

  get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }
  get openLinks(): number {
    return this.#links.size;
  }

  /** Hits a share of the connections under way. @returns how many were hit */
  strike(strike: Strike, share = 1): number {
    const hit = [...this.#links].filter(() => this.random.chance(share));
    for (const link of hit) this.#hit(link, strike);
    return hit.length;
  }

  /** From now on everything passes; connections that are silent by a strike are broken. */
  calm(): void {
    this.faults = CALM;
    for (const link of this.#links) {
      link.doom = null;
      link.cutsNextAnswer = false;
      if (link.isSilent) breakOff(link);
    }
  }

  /** Breaks every connection and stops listening. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const link of this.#links) breakOff(link);
    await closed;
  }

  #accept(client: net.Socket): void {
    this.stats.connections += 1;
    client.on("error", () => undefined);
    const targets = this.targets();
    const target = targets[this.#turn++ % Math.max(1, targets.length)];
    if (!target || this.random.chance(this.faults.refuse)) {
      if (target) this.stats.refused += 1;
      client.resetAndDestroy();
      return;
    }
    const server = net.connect({ ...target, allowHalfOpen: true, noDelay: true });
    const link: Link = { client, server, doom: this.#drawDoom(), isSilent: false, cutsNextAnswer: false };
    this.#links.add(link);
    server.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") this.stats.unreachable += 1;
      breakOff(link);
    });
    client.on("error", () => breakOff(link));
    for (const socket of [client, server]) {
      socket.once("close", (hadError) => {
        // A clean end may still be on its way to the other side.
        if (hadError) breakOff(link);
        if (client.destroyed && server.destroyed) this.#links.delete(link);
      });
    }
    this.#carry(link, client, server);
    this.#carry(link, server, client);
  }

  #drawDoom(): Link["doom"] {
    for (const strike of STRIKES) {
      const share = this.faults.strikes[strike] ?? 0;
      if (share > 0 && this.random.chance(share))
        return { strike, pieces: this.random.between(1, PIECES_BEFORE_STRIKE_MAX) };
    }
    return null;
  }

  #carry(link: Link, from: net.Socket, to: net.Socket): void {
    // One chain for each direction: late pieces stay in order, and the end comes after the last of them.
    let last: Promise<void> = Promise.resolve();
    let waiting = 0;
    const inOrder = (pass: () => void): void => {
      const wait = this.faults.latencyMs > 0 ? this.random.between(0, this.faults.latencyMs) : 0;
      if (wait === 0 && waiting === 0) return pass();
      waiting += 1;
      last = last
        .then(() => pause(wait))
        .then(() => {
          waiting -= 1;
          pass();
        });
    };
    from.on("data", (piece: Buffer) => {
      this.#meetDoom(link);
      if (link.isSilent || from.destroyed) return;
      if (link.cutsNextAnswer && from === link.server) {
        link.cutsNextAnswer = false;
        return inOrder(() => passHalf(link, piece));
      }
      inOrder(() => {
        if (to.destroyed || to.writableEnded || link.isSilent || to.write(piece)) return;
        from.pause();
        to.once("drain", () => from.resume());
      });
    });
    from.on("end", () => {
      if (!link.isSilent) inOrder(() => void (to.destroyed || to.end()));
    });
  }

  #meetDoom(link: Link): void {
    if (!link.doom || link.doom.pieces-- > 0) return;
    const { strike } = link.doom;
    link.doom = null;
    this.#hit(link, strike);
  }

  #hit(link: Link, strike: Strike): void {
    this.stats.struck[strike] += 1;
    switch (strike) {
      case "reset":
        return breakOff(link);
      case "black_hole":
        link.isSilent = true;
        return;
      case "half_close":
        // The client hears the end of the answers; what it still sends goes nowhere, but is accepted.
        link.client.end();
        return;
      case "truncate":
        link.cutsNextAnswer = true;
        return;
    }
  }
}

function passHalf(link: Link, piece: Buffer): void {
  if (!link.client.destroyed && !link.client.writableEnded)
    link.client.write(piece.subarray(0, Math.floor(piece.length / 2)));
  breakOff(link, "end");
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

function breakOff(link: Link, how: "reset" | "end" = "reset"): void {
  for (const socket of [link.client, link.server]) {
    if (socket.destroyed) continue;
    if (how === "end" && socket === link.client) socket.destroySoon();
    else if (socket.connecting) socket.destroy();
    else socket.resetAndDestroy();
  }
}

function noStrikes(): Record<Strike, number> {
  return { reset: 0, black_hole: 0, half_close: 0, truncate: 0 };
}
