// What axe says of a page: WCAG 2.2 A and AA as far as a program can tell. It is loaded once per document and runs in
// each frame by itself, a third of the time that collecting all frames' results in another page takes.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Frame, Page } from "playwright-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

interface Axe {
  run(
    context: Document,
    options: object,
  ): Promise<{ violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[] }>;
}

let source = "";
function axeSource(): string {
  if (source) return source;
  const owner = createRequire(import.meta.url).resolve("@axe-core/playwright");
  return (source = readFileSync(createRequire(owner).resolve("axe-core/axe.min.js"), "utf8"));
}

/** What is wrong on the page, "rule: where": in its frames too, in its own document alone, or in its frames alone. */
export async function violationsOn(
  page: Page,
  options: { in?: "all" | "document" | "frames" } = {},
): Promise<string[]> {
  const { in: where = "all" } = options;
  const frames = page
    .frames()
    .filter((frame) => where === "all" || (frame === page.mainFrame()) === (where === "document"));
  const found = await Promise.all(
    frames.map((frame) =>
      violationsIn(frame).catch((error: unknown) => {
        // One that has gone meanwhile is on the page no more.
        if (frame.isDetached()) return [];
        throw error;
      }),
    ),
  );
  return found.flat();
}

async function violationsIn(frame: Frame): Promise<string[]> {
  if (!(await runsScripts(frame))) return [];
  if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(axeSource());
  return frame.evaluate(async (values) => {
    // What is on its way in or out is half transparent, and no reader's contrast.
    const moving = document.getAnimations().filter(({ effect, playState }) => {
      return playState === "running" && Number.isFinite(Number(effect?.getComputedTiming().endTime));
    });
    await Promise.all(moving.map(({ finished }) => finished.catch(() => undefined)));
    const { axe } = window as unknown as { axe: Axe };
    const options = { iframes: false, resultTypes: ["violations"], runOnly: { type: "tag", values } };
    const { violations } = await axe.run(document, options);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" > ")} ${failureSummary ?? ""}`),
    );
  }, TAGS);
}

/** The picture of a mail is a frame without scripts, in which nothing can look round. */
async function runsScripts(frame: Frame): Promise<boolean> {
  if (frame.parentFrame() === null) return true;
  const sandbox = await (await frame.frameElement()).getAttribute("sandbox");
  return sandbox === null || sandbox.split(" ").includes("allow-scripts");
}
