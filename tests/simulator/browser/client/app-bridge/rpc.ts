// Promise calls to the shell over postMessage. Only the parent window, at the origin this script was
// served from, is believed.
import { isBridgeMessage } from "../protocol";
import type { CallName, Calls, Command, ToApp, ToShell } from "../protocol";

const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
const listeners = new Set<(command: Command) => void>();
let lastId = 0;

const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "";
/** Origin of the shell: where this script came from. */
export const shellOrigin = new URL(script || location.href, location.href).origin;

/** Asks the shell and waits for its answer. */
export function call<Name extends CallName>(
  name: Name,
  payload: Calls[Name]["payload"],
): Promise<Calls[Name]["result"]> {
  if (window.parent === window) return Promise.reject(new Error(`App Bridge: ${name} needs the admin around the app`));
  const id = ++lastId;
  const message: ToShell = { bridge: 1, id, call: name, payload };
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
    window.parent.postMessage(message, shellOrigin);
  });
}

/** Tells the shell; nobody waits. */
export function tell<Name extends CallName>(name: Name, payload: Calls[Name]["payload"]): void {
  if (window.parent !== window) call(name, payload).catch((error: unknown) => console.error(error));
}

export function onCommand(listener: (command: Command) => void): void {
  listeners.add(listener);
}

window.addEventListener("message", (event: MessageEvent<unknown>) => {
  if (event.source !== window.parent || event.origin !== shellOrigin || !isBridgeMessage(event.data)) return;
  const message = event.data as ToApp;
  if ("command" in message) {
    for (const listener of listeners) listener(message.command);
    return;
  }
  const waiter = waiting.get(message.id);
  waiting.delete(message.id);
  if ("error" in message) waiter?.reject(new Error(message.error));
  else waiter?.resolve(message.result);
});
