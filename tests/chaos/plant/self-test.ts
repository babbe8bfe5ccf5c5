// A bench that never fails proves nothing: plants bugs one by one and looks whether each is caught, and by what.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { playShard } from "../plan/shards";
import { noFigures, type ChaosFigures } from "../report";
import { PLANTED, type PlantedBug } from "./planted-bugs";

export interface CaughtBug {
  bug: string;
  caught: boolean;
  /** What told: an invariant, the model, or the start that refuses. */
  by: string | null;
  seed: number | null;
}
export interface SelfTestReport {
  /** "clean", or what was found although nothing was planted. */
  control: string;
  planted: CaughtBug[];
}

/**
 * As many seeds as a bug may take to show itself; the control plays them all. The first two draw rules by which nearly
 * every cent counts.
 */
const SEEDS = [14, 33, 1, 2, 3, 4];
const AT_ONCE = 2;

/** Plays the control and every planted bug, each in processes of its own. */
export async function runSelfTest({ say }: { say: (line: string) => void }): Promise<SelfTestReport> {
  const folder = mkdtempSync(join(tmpdir(), "kizuna-plant-"));
  try {
    let control: ChaosFigures = noFigures();
    const planted: CaughtBug[] = [];
    // The control takes longest, as nothing ends it: it begins.
    const queue: (() => Promise<void>)[] = [
      async () => void (control = await play({ bug: "nothing (the control)" }, folder, say)),
      ...PLANTED.map((bug, index) => async () => {
        planted[index] = judge(bug, await play(bug, folder, say), say);
      }),
    ];
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) await next();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const [first] = control.violations;
    return {
      control: first === undefined ? "clean" : `seed ${first.seed} ${first.invariant}: ${first.detail}`,
      planted,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function play(
  { bug, sql, rewrites = [] }: PlantedBug,
  folder: string,
  say: (line: string) => void,
): Promise<ChaosFigures> {
  let plant: string | null = null;
  if (sql !== undefined) {
    plant = join(folder, `${bug.replaceAll(/\W+/g, "-")}.sql`);
    writeFileSync(plant, sql);
  }
  const order = { seeds: SEEDS, plant, rewrites, isUntilCaught: true, trace: false };
  return playShard(order, (line) => say(`${bug}: ${line}`));
}

// A child that could not play at all has caught nothing.
function judge({ bug }: PlantedBug, { violations }: ChaosFigures, say: (line: string) => void): CaughtBug {
  const told = violations.find(({ invariant }) => invariant !== "bench");
  for (const each of violations) say(`${bug}: seed ${each.seed} ${each.invariant}: ${each.detail.slice(0, 300)}`);
  return { bug, caught: told !== undefined, by: told?.invariant ?? null, seed: told?.seed ?? null };
}
