// The browser of the tests: the system's Chromium or Chrome if there is one, else the one from npm.
// Never skipped: without a browser the tests fail and say what to install.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from "playwright-core";

const SYSTEM_BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const WAY_OUT =
  "No Chromium was found. Install Chromium or Google Chrome (Debian, Ubuntu: apt-get install chromium), " +
  "or name one in KIZUNA_CHROMIUM.";
// Without these a closed network is asked for updates at every start.
const QUIET_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
// The library answers 410 to user agents that name a headless browser.
const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36";

/** Where the browser is, and with which arguments; "npm" in KIZUNA_CHROMIUM forces the npm one. */
async function findBrowser(): Promise<{ executablePath: string; args: string[] }> {
  const named = process.env.KIZUNA_CHROMIUM;
  if (named !== undefined && named !== "npm") return { executablePath: named, args: [] };
  const system = named === "npm" ? undefined : SYSTEM_BROWSERS.find((path) => existsSync(path));
  if (system !== undefined) return { executablePath: system, args: [] };
  if (process.platform !== "linux" || process.arch !== "x64") throw new Error(WAY_OUT);
  // Makes the package unpack its own NSS libraries beside the browser.
  process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs22.x";
  const { default: packaged } = await import("@sparticuz/chromium");
  return { executablePath: await packaged.executablePath(), args: packaged.args };
}

/** A fontconfig file that adds a Japanese font from npm, so that screenshots never show boxes. */
function fontConfiguration(): string {
  const font = (weight: string, file: string) =>
    dirname(createRequire(import.meta.url).resolve(`@expo-google-fonts/noto-sans-jp/${weight}/${file}`));
  const folders = [font("400Regular", "NotoSansJP_400Regular.ttf"), font("700Bold", "NotoSansJP_700Bold.ttf")];
  const home = join(tmpdir(), "kizuna-fontconfig");
  mkdirSync(home, { recursive: true });
  const file = join(home, "fonts.conf");
  const lines = [
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>',
    '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
    ...folders.map((folder) => `<dir>${folder}</dir>`),
    `<cachedir>${home}</cachedir></fontconfig>`,
  ];
  writeFileSync(file, lines.join("\n"));
  return file;
}

/**
 * Starts the browser. `partitioned: true` leaves third-party storage partitioned as real browsers do;
 * by default Playwright switches partitioning off, so that storage in the app's iframe throws.
 * @throws Error with the way out where there is no browser
 */
export async function launchBrowser(options: { partitioned?: boolean } = {}): Promise<Browser> {
  const { executablePath, args } = await findBrowser();
  const environment = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const launch = {
    executablePath,
    args: [...args, ...QUIET_ARGUMENTS],
    env: { ...Object.fromEntries(environment), FONTCONFIG_FILE: fontConfiguration() },
  };
  const browser = await chromium.launch(launch);
  if (!options.partitioned) return browser;
  // Playwright names the feature in its own --disable-features, which no later flag takes back: that flag
  // itself has to be replaced, and only a running browser tells what it says.
  const session = await browser.newBrowserCDPSession();
  const { commandLine } = (await session.send("SystemInfo.getInfo")) as { commandLine: string };
  await browser.close();
  const disabled = commandLine.split(" ").filter((flag) => flag.startsWith("--disable-features="));
  const kept = disabled.map((flag) => flag.replace(/,?ThirdPartyStoragePartitioning/, ""));
  return chromium.launch({ ...launch, ignoreDefaultArgs: disabled, args: [...launch.args, ...kept] });
}

/** A fresh profile that looks like a person's browser, in a language and at a width. */
export async function openContext(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return browser.newContext({ userAgent: USER_AGENT, viewport: { width: 1280, height: 900 }, ...options });
}
