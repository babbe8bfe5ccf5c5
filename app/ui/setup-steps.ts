// Which set-up steps are done, from what we know; never from what somebody ticked.
import type { SetupStep } from "./setup-guide";

export interface SetupFacts {
  setup: Record<string, unknown>;
  /** 0: the program was never saved. */
  version: number;
  status: "live" | "paused";
  backfilled: boolean;
  hasPoints: boolean;
  themeEditor: string;
}

/** The five steps; null when the guide was dismissed or nothing is left to do. */
export function readSetupSteps(facts: SetupFacts): SetupStep[] | null {
  const steps: SetupStep[] = [
    { name: "rules", done: facts.version > 0, url: "/app/program/wizard" },
    { name: "live", done: facts.version > 0 && facts.status === "live", url: "/app/program/earning" },
    { name: "block", done: typeof facts.setup.themeBlockSeenAt === "string", url: facts.themeEditor },
    { name: "history", done: facts.backfilled, url: "/app#backfill" },
    { name: "first_order", done: facts.hasPoints, url: null },
  ];
  if (typeof facts.setup.dismissedAt === "string" || steps.every((step) => step.done)) return null;
  return steps;
}
