import { LogSeverity } from "@shopify/shopify-api";
import { afterEach, describe, expect, it, vi } from "vitest";

import { log } from "../../../app/log.server";
import { authenticate } from "../../../app/shopify.server";
import { passLibraryLog } from "../../../app/shopify/library-log.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminRequest, sessionToken, storeOfflineSession } from "../routes/admin-requests";

useTestDatabase();
afterEach(() => void vi.restoreAllMocks());

describe("what Shopify's library says", () => {
  it("goes to our log as detail, and never straight to the terminal", async () => {
    const terminal = (["log", "info", "debug", "warn", "error"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => undefined),
    );
    const detail = vi.spyOn(log(), "debug");
    const domain = "library-log.myshopify.com";
    await createTestShop(domain);
    await storeOfflineSession(domain);
    await authenticate.admin(adminRequest("/app", await sessionToken(domain)));
    expect(terminal.flatMap((spy) => spy.mock.calls)).toEqual([]);
    expect(detail.mock.calls.map(([, message]) => message).join("\n")).toContain("Authenticating admin request");
  });

  it("F14 carries no token", async () => {
    const error = vi.spyOn(log(), "error").mockImplementation(() => undefined);
    const token = await sessionToken("library-log.myshopify.com");
    const access = ["shpat", "0123456789abcdef"].join("_");
    passLibraryLog(LogSeverity.Error, `refused: ${access} for Bearer ${token}`);
    expect(error.mock.calls).toEqual([[{ from: "shopify" }, "refused: [cut] for Bearer [cut]"]]);
  });
});
