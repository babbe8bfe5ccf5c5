import type { ActionFunctionArgs } from "@remix-run/node";

import { businessNow } from "../clock.server";
import { simulateProgram, type ProgramSimulation } from "../loyalty/simulate-program.server";
import { requireShop } from "../shop-session.server";

/** Asked by the earning page beside its form: what the rules as typed would have meant for past orders. Saves nothing. */
export async function action({ request }: ActionFunctionArgs): Promise<ProgramSimulation> {
  const { shopId } = await requireShop(request);
  return simulateProgram(shopId, await request.json(), await businessNow());
}
