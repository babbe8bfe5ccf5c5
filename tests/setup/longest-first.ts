// Which test file begins first: one that begins last and takes long is waited for by nobody else's work.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take many times longer than others, the longest first. */
const LONG = [
  "e2e/accessibility",
  "e2e/program",
  "conformance/replay",
  "whole/soak",
  "e2e/",
  "simulator/shell",
  "loyalty/redemption-crash-matrix",
  "loyalty/expiry-year",
  "simulator/storefront",
  "loyalty/member-list",
  "ingest/reads",
  "tenancy/routes-crawl",
  "attack/unsigned",
  "storefront/panel-browser",
  "loyalty/redemption-concurrency",
  "loyalty/tiers/tiers",
  "loyalty/ledger-guards",
  "unit/simulator",
  "tidy",
];

/** The long ones in their order, then the others by name: the same order in every run. */
export class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = LONG.findIndex((name) => moduleId.includes(`/${name}`));
      return found < 0 ? LONG.length : found;
    };
    const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
    return Promise.resolve([...files].sort((a, b) => rank(a) - rank(b) || byName(a.moduleId, b.moduleId)));
  }
}
