// A token refresh, whatever becomes of the answer and wherever we die: the shop can be called again, and the
// rotated pair is never lost while one of the two still opens the door.
import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { env } from "../../../app/env.server";
import { accessTokenOf } from "../../../app/shopify/access-token.server";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";
import { noFaults } from "../../simulator/faults";
import { DOMAIN, startPlatform, type Platform } from "../simulator/platform";
import { plantCrash, type CrashPlan } from "./crash";

const database = useTestDatabase();
let platform: Platform;
let crash: CrashPlan;
let pair = 0;

beforeAll(async () => {
  platform = await startPlatform();
  Object.assign(env(), {
    SHOPIFY_SIMULATOR_URL: platform.address,
    SHOPIFY_API_KEY: platform.sim.apiKey,
    SHOPIFY_API_SECRET: platform.sim.apiSecret,
  });
  await createTestShop(DOMAIN);
  crash = await plantCrash(database.owner());
});
afterAll(async () => {
  delete env().SHOPIFY_SIMULATOR_URL;
  await platform.stop();
});

/** A pair at Shopify whose access token has run out, and the same in our store. */
async function expired(): Promise<void> {
  const [access, refresh] = [`shpat_${++pair}`, `shprt_${pair}`];
  const install = platform.shop.install;
  if (!install) throw new Error("the app is not installed");
  install.tokens = [
    { kind: "offline", access, refresh, expiresAtMs: Date.now() - 1, refreshExpiresAtMs: Date.now() + 1e9 },
  ];
  await storeTestSession(DOMAIN, { accessToken: access, refreshToken: refresh, expiresIn: -1 });
}
async function expectOpen(): Promise<void> {
  const token = await accessTokenOf(DOMAIN);
  const answer = await platform.post(
    "/admin/api/2026-07/graphql.json",
    { query: "{ shop { name } }" },
    { "x-shopify-access-token": token },
  );
  expect(answer.status).toBe(200);
  expect(platform.shop.install?.tokens.some(({ access }) => access === token)).toBe(true);
}

it("D01 every answer to a refresh, with and without a death before our commit", async () => {
  const faults = { ok: {}, "5xx": { tokenStatus5xx: 1 }, "answer lost": { tokenAnswerLost: 1 } } as const;
  for (const [name, fault] of Object.entries(faults)) {
    for (const isCrash of [false, true]) {
      await expired();
      Object.assign(platform.sim.faults.api, noFaults().api, fault);
      if (isCrash) await crash.arm(1);
      await accessTokenOf(DOMAIN).catch(() => undefined);
      await crash.disarm();
      Object.assign(platform.sim.faults.api, noFaults().api);
      await expectOpen().catch((error: unknown) => {
        throw new Error(`${name}, ${isCrash ? "crash" : "no crash"}`, { cause: error });
      });
    }
  }
});

it("D01 an endpoint that hangs is given up and asked again", async () => {
  await expired();
  const real = AbortSignal.timeout.bind(AbortSignal);
  const short = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => real(0));
  await expect(accessTokenOf(DOMAIN)).rejects.toThrow();
  short.mockRestore();
  await expectOpen();
});
