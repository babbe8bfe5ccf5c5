// What a process may not start with: guessable secrets, and the shop simulator beside anything real.

/** The settings that can be unsafe together. */
export interface StartSettings {
  NODE_ENV: string;
  DATABASE_URL: string;
  DATABASE_ROUTER_URL: string;
  SHOPIFY_API_KEY: string;
  SHOPIFY_API_SECRET: string;
  SHOPIFY_APP_URL: string;
  KIZUNA_TOKEN_KEYS: string;
  KIZUNA_METRICS_TOKEN?: string | undefined;
  SHOPIFY_SIMULATOR_URL?: string | undefined;
  APP_BRIDGE_URL?: string | undefined;
}

/** Client ids of the simulator begin so; Shopify's are 32 hexadecimal digits, so none of them can. */
export const SIMULATED_KEY_PREFIX = "demo-";

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const NOTORIOUS =
  /change.?me|secret|passw|example|placeholder|your[-_ ]|insert|default|qwert|letmein|admin|postgres|kizuna/i;
const DISTINCT_MIN = 8;
const DISTINCT_BYTES_MIN = 16;

/** Everything unsafe about `settings`, in words that name the variable and never its value. */
export function findUnsafeSettings(settings: StartSettings): string[] {
  return [...weakSecrets(settings), ...simulatorMix(settings), ...addresses(settings)];
}

function weakSecrets(settings: StartSettings): string[] {
  const problems: string[] = [];
  const secret = weakness(settings.SHOPIFY_API_SECRET.replace(/^shpss_/, ""));
  if (secret) problems.push(`SHOPIFY_API_SECRET ${secret}; copy the client secret from the Dev Dashboard`);
  for (const [index, key] of settings.KIZUNA_TOKEN_KEYS.split(",").entries()) {
    if (new Set(decodeBase64(key.slice(key.indexOf(":") + 1))).size < DISTINCT_BYTES_MIN) {
      problems.push(`KIZUNA_TOKEN_KEYS: key ${index + 1} is not random; make one with: openssl rand -base64 32`);
    }
  }
  const reader = settings.KIZUNA_METRICS_TOKEN === undefined ? null : weakness(settings.KIZUNA_METRICS_TOKEN);
  if (reader) problems.push(`KIZUNA_METRICS_TOKEN ${reader}; make one with: openssl rand -hex 24`);
  if (settings.NODE_ENV !== "production") return problems;
  for (const name of ["DATABASE_URL", "DATABASE_ROUTER_URL"] as const) {
    const password = decodeURIComponent(new URL(settings[name]).password);
    // Without a password the server trusts a certificate, a socket or a file: not ours to judge.
    const weak = password === "" ? null : weakness(password, 12);
    if (weak) problems.push(`${name}: its password ${weak}`);
  }
  return problems;
}

/** Why a secret is guessable, or null. */
export function weakness(secret: string, lengthMin = 16): string | null {
  if (secret.length < lengthMin) return `is shorter than ${lengthMin} characters`;
  const random = /^[0-9a-f]{32,}$/i.test(secret);
  if (!random && NOTORIOUS.test(secret)) return "holds a word that is tried first";
  if (new Set(secret).size < DISTINCT_MIN) return "repeats a few characters";
  if (isSequence(secret) || /^(.{1,8})\1+$/.test(secret)) return "is a pattern";
  return null;
}

// Characters that keep climbing or falling by one: 0123…, abcd…
function isSequence(text: string): boolean {
  let steps = 0;
  for (let at = 1; at < text.length; at++) if (Math.abs(text.charCodeAt(at) - text.charCodeAt(at - 1)) === 1) steps++;
  return steps > (text.length * 2) / 3;
}

function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function simulatorMix(settings: StartSettings): string[] {
  const simulated = settings.SHOPIFY_API_KEY.startsWith(SIMULATED_KEY_PREFIX);
  if (!settings.SHOPIFY_SIMULATOR_URL) {
    const problems: string[] = [];
    if (simulated) problems.push("SHOPIFY_API_KEY is the demo's; a real store needs the app's own client id");
    if (settings.APP_BRIDGE_URL)
      problems.push("APP_BRIDGE_URL is for the simulator only; Shopify's own script is used otherwise");
    return problems;
  }
  const problems: string[] = [];
  if (!simulated) {
    problems.push("SHOPIFY_SIMULATOR_URL is set beside a real SHOPIFY_API_KEY; unset it to talk to Shopify");
  }
  for (const name of ["SHOPIFY_SIMULATOR_URL", "SHOPIFY_APP_URL", "APP_BRIDGE_URL"] as const) {
    const address = settings[name];
    if (address && !LOOPBACK.has(new URL(address).hostname)) {
      problems.push(`${name} must be an address of this machine while the simulator is on`);
    }
  }
  return problems;
}

function addresses(settings: StartSettings): string[] {
  const { protocol, hostname, pathname } = new URL(settings.SHOPIFY_APP_URL);
  const problems: string[] = [];
  if (protocol !== "https:" && !LOOPBACK.has(hostname)) problems.push("SHOPIFY_APP_URL must begin with https://");
  if (pathname !== "/") problems.push("SHOPIFY_APP_URL must be an origin, without a path");
  return problems;
}
