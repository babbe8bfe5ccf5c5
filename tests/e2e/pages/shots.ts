// Pictures of pages for people to look at: only where KIZUNA_SHOTS names a folder.
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "playwright-core";

const LONGEST = 6_000;

/** Saves the whole page, with all of what the app's frame holds, as `<name>.png`. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.KIZUNA_SHOTS;
  const size = page.viewportSize();
  if (!folder || !size) return;
  mkdirSync(folder, { recursive: true });
  // A frame scrolls inside itself, so the window grows to what the frame holds.
  const hidden = await Promise.all(
    page.frames().map((frame) => frame.evaluate(() => document.documentElement.scrollHeight - innerHeight)),
  );
  const missing = Math.max(0, ...hidden.slice(1));
  if (missing > 0) {
    await page.setViewportSize({ width: size.width, height: Math.min(size.height + missing, LONGEST) });
    await page.waitForTimeout(200);
  }
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: "disabled" });
  if (missing > 0) await page.setViewportSize(size);
}
