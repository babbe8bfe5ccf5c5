// A shop's offline session as a token exchange would leave it.
import { Session } from "@shopify/shopify-api";

import { offlineSessionId, sessionStorage } from "../../app/shopify/session-storage.server";

export interface TestTokens {
  accessToken?: string;
  refreshToken?: string | undefined;
  /** Seconds until the access token expires; negative: it has. */
  expiresIn?: number;
}

/** Stores an offline session for the shop: valid for an hour unless said otherwise. */
export async function storeTestSession(domain: string, tokens: TestTokens = {}): Promise<Session> {
  const { accessToken = "shpat_first", expiresIn = 3_600 } = tokens;
  const refreshToken = "refreshToken" in tokens ? tokens.refreshToken : "shprt_first";
  const session = new Session({
    id: offlineSessionId(domain),
    shop: domain,
    state: "",
    isOnline: false,
    scope: "read_orders",
    accessToken,
    expires: new Date(Date.now() + expiresIn * 1000),
    ...(refreshToken ? { refreshToken, refreshTokenExpires: new Date(Date.now() + 90 * 86_400_000) } : {}),
  });
  await sessionStorage.storeSession(session);
  return session;
}
