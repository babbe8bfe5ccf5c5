// What an orchestrator asks: does the process live, and should it get requests?
import { queryShop, routerPool } from "../db.server";

const ANSWER_WITHIN_MS = 2_000;

/** Whether both database roles answer in time. */
export async function databaseAnswers(): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), ANSWER_WITHIN_MS).unref());
  const asked = Promise.all([queryShop(0, "SELECT 1 AS one"), routerPool().query("SELECT 1")]).then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]);
}
