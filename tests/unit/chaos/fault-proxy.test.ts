// The proxy between the bench's processes must fail in exactly the ways it says, and pass everything else.
import { once } from "node:events";
import net from "node:net";
import { afterEach, describe, expect, it } from "vitest";

import { CALM, FaultProxy, type ProxyTarget } from "../../chaos/process/fault-proxy";
import { createRandom } from "../../simulator/random";

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** Answers each piece it hears with itself; with `greeting`, that first. Counts what it heard. */
async function echo(greeting = ""): Promise<{ target: ProxyTarget; heard: () => number; ends: () => number }> {
  let heard = 0;
  let ends = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    if (greeting) socket.write(greeting);
    socket.on("data", (piece) => {
      heard += piece.length;
      socket.write(piece);
    });
    socket.on("end", () => (ends += 1));
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as net.AddressInfo;
  return { target: { host: "127.0.0.1", port }, heard: () => heard, ends: () => ends };
}

async function open(...targets: ProxyTarget[]): Promise<FaultProxy> {
  const proxy = await FaultProxy.open(() => targets, createRandom(1));
  cleanUp.push(() => proxy.close());
  return proxy;
}

interface Caller {
  socket: net.Socket;
  text(): string;
  /** "end": the other side finished; otherwise the error's code. */
  over: Promise<string>;
}
async function call(proxy: FaultProxy): Promise<Caller> {
  const socket = net.connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true });
  let text = "";
  socket.on("data", (piece) => (text += piece.toString()));
  const over = new Promise<string>((resolve) => {
    socket.once("end", () => resolve("end"));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
  });
  cleanUp.push(() => void socket.destroy());
  await Promise.race([once(socket, "connect"), over]);
  return { socket, text: () => text, over };
}
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}
/** A caller that has been answered once. */
async function talking(proxy: FaultProxy): Promise<Caller> {
  const caller = await call(proxy);
  caller.socket.write("hello");
  await until(() => caller.text().endsWith("hello"));
  return caller;
}

describe("the fault proxy", () => {
  it("passes bytes unchanged in both directions, and each side's end", async () => {
    const server = await echo();
    const caller = await call(await open(server.target));
    const sent = "0123456789".repeat(200_000);
    caller.socket.end(sent);
    expect(await caller.over).toBe("end");
    expect(caller.text()).toBe(sent);
  });

  it("takes its targets in turn, and resets connections while there are none", async () => {
    const [first, second] = [await echo("first"), await echo("second")];
    const proxy = await open(first.target, second.target);
    const greetings: string[] = [];
    for (let count = 0; count < 4; count++) {
      const caller = await call(proxy);
      await until(() => caller.text() !== "");
      greetings.push(caller.text());
    }
    expect(greetings).toEqual(["first", "second", "first", "second"]);
    expect(await (await call(await open())).over).toBe("ECONNRESET");
  });

  it("resets callers whose target does not listen", async () => {
    const server = await echo();
    const proxy = await open({ host: "127.0.0.1", port: 1 }, server.target);
    expect(await (await call(proxy)).over).toBe("ECONNRESET");
    expect(proxy.stats.unreachable).toBe(1);
    await talking(proxy);
  });

  it("delays pieces without changing their order, and their end comes last", async () => {
    const server = await echo();
    const proxy = await open(server.target);
    proxy.faults = { ...CALM, latencyMs: 15 };
    const caller = await call(proxy);
    caller.socket.setNoDelay(true);
    const pieces = Array.from({ length: 30 }, (_, index) => `<${index}>`);
    for (const piece of pieces) {
      caller.socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    caller.socket.end();
    expect(await caller.over).toBe("end");
    expect(caller.text()).toBe(pieces.join(""));
  });

  it("resets", async () => {
    const proxy = await open((await echo()).target);
    const caller = await talking(proxy);
    expect(proxy.strike("reset")).toBe(1);
    expect(await caller.over).toBe("ECONNRESET");
    await until(() => proxy.openLinks === 0);
  });

  it("falls silent without closing, until it is calm again", async () => {
    const server = await echo();
    const proxy = await open(server.target);
    const caller = await talking(proxy);
    const before = server.heard();
    proxy.strike("black_hole");
    caller.socket.write("into the dark");
    const other = await talking(proxy);
    expect(other.text()).toBe("hello");
    expect(server.heard()).toBe(before + "hello".length);
    expect(caller.socket.destroyed).toBe(false);
    proxy.calm();
    expect(await caller.over).toBe("ECONNRESET");
    other.socket.write("still here");
    await until(() => other.text() === "hellostill here");
  });

  it("half-closes: the caller hears the end, what it sends still arrives", async () => {
    const server = await echo();
    const proxy = await open(server.target);
    const caller = await talking(proxy);
    proxy.strike("half_close");
    expect(await caller.over).toBe("end");
    const before = server.heard();
    caller.socket.write("more");
    await until(() => server.heard() === before + 4);
    expect(caller.text()).toBe("hello");
    caller.socket.end();
    await until(() => server.ends() === 1);
  });

  it("cuts the next answer in the middle", async () => {
    const proxy = await open((await echo()).target);
    const caller = await talking(proxy);
    proxy.strike("truncate");
    caller.socket.write("0123456789");
    expect(await caller.over).toBe("end");
    expect(caller.text()).toBe("hello01234");
  });

  it("strikes new connections by their share, and none when calm", async () => {
    const proxy = await open((await echo()).target);
    proxy.faults = { latencyMs: 0, refuse: 1, strikes: {} };
    expect(await (await call(proxy)).over).toBe("ECONNRESET");
    proxy.faults = { latencyMs: 0, refuse: 0, strikes: { reset: 1 } };
    const doomed = await call(proxy);
    const isOver = doomed.over.then(() => true);
    for (let over = false; !over;) {
      doomed.socket.write("x");
      over = await Promise.race([isOver, new Promise<false>((resolve) => setTimeout(() => resolve(false), 2))]);
    }
    expect(proxy.stats).toMatchObject({ refused: 1, struck: { reset: 1 } });
    proxy.calm();
    const lucky = await talking(proxy);
    for (let count = 0; count < 40; count++) {
      const { length } = lucky.text();
      lucky.socket.write("y");
      await until(() => lucky.text().length > length);
    }
  });

  it("leaves nothing open when it is closed", async () => {
    const proxy = await FaultProxy.open(() => [], createRandom(1));
    const { port } = proxy;
    await proxy.close();
    const socket = net.connect({ port, host: "127.0.0.1" });
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNREFUSED");
  });
});
