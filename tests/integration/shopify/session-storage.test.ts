import { randomBytes } from "node:crypto";
import { Session } from "@shopify/shopify-api";
import { describe, expect, it } from "vitest";

import { routerPool } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { deleteSessionsOf, rotateSessionKeys, sessionStorage } from "../../../app/shopify/session-storage.server";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();

const key = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;
const rows = async (domain: string) =>
  (
    await routerPool().query<{ id: string; payload: string }>(
      "SELECT id, payload FROM shopify_session WHERE domain = $1",
      [domain],
    )
  ).rows;

/** The process's environment with other token keys; env() itself reads it once and for all. */
function withKeys(...keys: string[]): void {
  const real = env();
  real.KIZUNA_TOKEN_KEYS = keys.join(",");
}

describe("session storage", () => {
  it("gives back what the library stored, tokens and instants included", async () => {
    const session = await storeTestSession("round-trip.myshopify.com", {
      accessToken: "shpat_secret",
      refreshToken: "shprt_secret",
    });
    const loaded = await sessionStorage.loadSession(session.id);
    expect(loaded?.toObject()).toEqual(session.toObject());
    expect(loaded?.expires).toBeInstanceOf(Date);
    expect(await sessionStorage.findSessionsByShop("round-trip.myshopify.com")).toHaveLength(1);
    expect(await sessionStorage.loadSession("offline_nobody.myshopify.com")).toBeUndefined();
  });

  it("keeps online sessions with their user", async () => {
    const user = {
      id: 7,
      first_name: "H",
      last_name: "Y",
      email: "s@example.jp",
      account_owner: true,
      locale: "ja",
      collaborator: false,
      email_verified: true,
    };
    const online = new Session({
      id: "online.myshopify.com_7",
      shop: "online.myshopify.com",
      state: "",
      isOnline: true,
      accessToken: "shpat_online",
      onlineAccessInfo: { expires_in: 1, associated_user_scope: "", associated_user: user },
    });
    await sessionStorage.storeSession(online);
    expect((await sessionStorage.loadSession(online.id))?.onlineAccessInfo?.associated_user.id).toBe(7);
    await sessionStorage.deleteSession(online.id);
    expect(await sessionStorage.loadSession(online.id)).toBeUndefined();
  });

  it("F14 holds no token in the clear, and never the same ciphertext twice", async () => {
    const domain = "sealed.myshopify.com";
    await storeTestSession(domain, { accessToken: "shpat_canary" });
    const [first] = await rows(domain);
    await storeTestSession(domain, { accessToken: "shpat_canary" });
    const [second] = await rows(domain);
    expect(first?.payload).toMatch(/^test\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
    expect(first?.payload).not.toContain("canary");
    expect(second?.payload).not.toBe(first?.payload);
  });

  it("refuses an altered ciphertext and one moved to another shop's row", async () => {
    const session = await storeTestSession("moved-a.myshopify.com");
    const other = await storeTestSession("moved-b.myshopify.com");
    const [sealed] = await rows("moved-a.myshopify.com");
    await routerPool().query("UPDATE shopify_session SET payload = $2 WHERE id = $1", [other.id, sealed?.payload]);
    await expect(sessionStorage.loadSession(other.id)).rejects.toThrow();
    // The first character of the ciphertext: the last one of base64url may carry only padding bits.
    const flipped = sealed?.payload.replace(/[^.](?=[^.]*$)/, (first) => (first === "A" ? "B" : "A"));
    await routerPool().query("UPDATE shopify_session SET payload = $2 WHERE id = $1", [session.id, flipped]);
    await expect(sessionStorage.loadSession(session.id)).rejects.toThrow();
    await routerPool().query("DELETE FROM shopify_session WHERE id = ANY($1)", [[session.id, other.id]]);
  });

  it("rotation: the newest key seals, every listed key opens, and afterwards the old one can go", async () => {
    const before = env().KIZUNA_TOKEN_KEYS;
    const [older, newer] = [key("2026-01"), key("2026-07")];
    try {
      withKeys(older);
      await routerPool().query("DELETE FROM shopify_session");
      const session = await storeTestSession("rotated.myshopify.com", { accessToken: "shpat_kept" });
      withKeys(newer, older);
      await storeTestSession("young.myshopify.com");
      expect((await sessionStorage.loadSession(session.id))?.accessToken).toBe("shpat_kept");
      expect(await rotateSessionKeys()).toEqual({ rotated: 1, current: 1 });
      expect(await rotateSessionKeys()).toEqual({ rotated: 0, current: 2 });
      withKeys(newer);
      expect((await sessionStorage.loadSession(session.id))?.accessToken).toBe("shpat_kept");
      withKeys(older);
      await expect(sessionStorage.loadSession(session.id)).rejects.toThrow("no key");
    } finally {
      withKeys(before);
    }
  });

  it("forgets all of a shop's sessions and only those", async () => {
    await storeTestSession("leaving.myshopify.com");
    await storeTestSession("staying.myshopify.com");
    await deleteSessionsOf("leaving.myshopify.com");
    expect(await rows("leaving.myshopify.com")).toEqual([]);
    expect(await rows("staying.myshopify.com")).toHaveLength(1);
  });
});
