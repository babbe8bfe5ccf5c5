import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readAppConfig } from "../../simulator/app-config";
import { createDiscount } from "../../simulator/order-engine";
import { createSimulator, emptyState } from "../../simulator/simulator";
import { keepSnapshot, loadState, saveState } from "../../simulator/snapshot";
import { sampleSimulator, TOKYO } from "./sample-shops";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "simulator-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the snapshot", () => {
  it("brings the state back and leaves nothing half-written", async () => {
    const file = join(folder, "deep", "simulator.json");
    expect(await loadState(file)).toBeNull();
    const sim = createSimulator({ apiKey: "k", apiSecret: "s", state: emptyState() });
    const writer = keepSnapshot(sim, file);
    sim.newId();
    sim.changed();
    await writer.stop();
    expect(await loadState(file)).toEqual(sim.state);
    expect(await readdir(join(folder, "deep"))).toEqual(["simulator.json"]);
    sim.clock.stop();
  });

  it("of an earlier release is filled in with what was added since", async () => {
    const file = join(folder, "simulator.json");
    const { sim } = sampleSimulator();
    const { id } = createDiscount(sim, TOKYO, { code: "OLD" });
    const old = structuredClone(sim.state) as unknown as {
      shops: Record<
        string,
        { giftCards?: unknown; storeCredit?: unknown; discounts: Record<string, { items?: unknown }> }
      >;
    };
    for (const shop of Object.values(old.shops)) {
      delete shop.giftCards;
      delete shop.storeCredit;
      for (const discount of Object.values(shop.discounts)) delete discount.items;
    }
    await writeFile(file, JSON.stringify({ format: 1, state: old }));
    const shop = (await loadState(file))?.shops[TOKYO];
    expect(shop).toMatchObject({ giftCards: {}, storeCredit: {}, discounts: { [id]: { items: null } } });
    sim.clock.stop();
  });

  it("refuses what is not a snapshot, naming the file and the way out", async () => {
    const file = join(folder, "simulator.json");
    for (const content of ["", "{", '{"format":0}']) {
      await writeFile(file, content);
      await expect(loadState(file)).rejects.toThrow(/simulator\.json is not a usable simulator snapshot; delete it/);
    }
    await saveState(file, emptyState());
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ format: 1 });
  });
});

describe("shopify.app.toml", () => {
  it("is read for scopes and webhooks, over several lines, with comments", async () => {
    const file = join(folder, "shopify.app.toml");
    await writeFile(
      file,
      `name = "x" # not a [table]
[access_scopes]
scopes = "read_orders, write_customers" # two
[webhooks]
api_version = "2026-07"
[[webhooks.subscriptions]]
topics = [
  "app/uninstalled", # first
  "app/scopes_update",
]
uri = "/webhooks"
[[webhooks.subscriptions]]
compliance_topics = ["shop/redact"]
uri = "https://example.com/hooks#part"
`,
    );
    expect(readAppConfig(file)).toEqual({
      scopes: ["read_orders", "write_customers"],
      webhooks: [
        { topic: "app/uninstalled", uri: "/webhooks" },
        { topic: "app/scopes_update", uri: "/webhooks" },
        { topic: "shop/redact", uri: "https://example.com/hooks#part" },
      ],
    });
  });
});
