import type { LoaderFunctionArgs } from "@remix-run/node";

import { businessNow } from "../clock.server";
import {
  dryRunExpiry,
  forecastExpiry,
  type ExpiryDryRun,
  type ExpiryForecast,
} from "../loyalty/forecast-expiry.server";
import { expirySchema } from "../loyalty/program-parts";
import { requireShop } from "../shop-session.server";

/**
 * Asked by the earning page beside its form: `?policy=` (JSON) for what a changed expiry would mean, without it for
 * what ends in the coming months.
 */
export async function loader({
  request,
}: LoaderFunctionArgs): Promise<{ dryRun: ExpiryDryRun | null; forecast: ExpiryForecast | null }> {
  const { shopId } = await requireShop(request);
  const asked = new URL(request.url).searchParams.get("policy");
  const now = await businessNow();
  if (asked === null) return { dryRun: null, forecast: await forecastExpiry(shopId, now) };
  const policy = expirySchema.safeParse(readJson(asked));
  return { dryRun: policy.success ? await dryRunExpiry(shopId, policy.data, now) : null, forecast: null };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // typed by hand: no policy
  }
}
