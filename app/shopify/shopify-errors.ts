// How a call to Shopify can fail, as types: what to do next follows from the class alone.

/** The cost bucket is empty or HTTP 429: wait, then the same call again. */
export class ThrottledError extends Error {
  override name = "ThrottledError";
  constructor(readonly retryAfterMs: number) {
    super(`Shopify throttled the call; retry in ${retryAfterMs} ms`);
  }
}

export type UnauthorizedReason =
  /** The app is not installed there (any more). */
  | "uninstalled"
  /** No usable token (revoked by an uninstall, or spent): the next page a merchant opens in the admin exchanges one. */
  | "token_refused"
  /** The shop itself is frozen, locked or closed (HTTP 402, 403, 404, 423). */
  | "shop_unavailable";

/** Shopify refuses this shop's work as a whole; retrying soon cannot help. */
export class UnauthorizedShopError extends Error {
  override name = "UnauthorizedShopError";
  constructor(
    readonly domain: string,
    readonly reason: UnauthorizedReason,
  ) {
    super(`Shopify refuses calls for ${domain}: ${reason}`);
  }
}

/** Network, DNS, TLS, time-out, 5xx or an HTML page: the outcome of the call is unknown; retry later. */
export class TransientShopifyError extends Error {
  override name = "TransientShopifyError";
  constructor(
    readonly kind: "network" | "timeout" | "server_error" | "not_json",
    options?: { status?: number; cause?: unknown },
  ) {
    super(`Shopify did not answer the call (${kind}${options?.status ? `, ${options.status}` : ""})`, {
      cause: options?.cause,
    });
  }
}

/** Shopify understood the call and refuses it (bad query, missing scope, wrong id): retrying cannot help. */
export class RefusedByShopifyError extends Error {
  override name = "RefusedByShopifyError";
  constructor(readonly problems: { code: string | null; message: string }[]) {
    super(`Shopify refused the call: ${problems.map((each) => each.code ?? each.message).join(", ")}`);
  }
  /** Whether a scope or a protected-data approval is missing: the feature goes off, nothing crashes. */
  get isAccessDenied(): boolean {
    return this.problems.some((problem) => problem.code === "ACCESS_DENIED");
  }
}

export interface UserError {
  code?: string | null;
  field?: readonly string[] | null;
  message: string;
}
/** A mutation's own verdict on its input; not retryable. */
export class UserErrors extends Error {
  override name = "UserErrors";
  constructor(
    readonly operation: string,
    readonly errors: readonly UserError[],
  ) {
    super(
      `${operation}: ${errors.map((error) => `${error.code ?? ""} ${error.field?.join(".") ?? ""}`.trim() || error.message).join("; ")}`,
    );
  }
}

/** Passes a mutation's payload on when it has no userErrors. @throws UserErrors */
export function expectNoUserErrors<T extends { userErrors: readonly UserError[] }>(
  operation: string,
  payload: T | null | undefined,
): T {
  if (!payload) throw new RefusedByShopifyError([{ code: null, message: `${operation} answered nothing` }]);
  if (payload.userErrors.length > 0) throw new UserErrors(operation, payload.userErrors);
  return payload;
}
