import type { LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { LOCALES } from "../i18n/locales";
import { readMailSetup } from "../journeys/message-log.server";
import { renderMessage, type RenderedSample } from "../journeys/render-message";
import { sampleContent } from "../journeys/sample-content";
import { reviewPromise } from "../loyalty/ways/review-promise.server";
import { requireProfile, requireShop } from "../shop-session.server";

const askedSchema = z.object({ locale: z.enum(LOCALES), points: z.enum(["yes", "no"]).catch("no") });

/** Asked by the review settings beside their form: the request as a buyer would get it, with or without a promise. */
export async function loader({ request }: LoaderFunctionArgs): Promise<{ mail: RenderedSample | null }> {
  const { shopId, ...shop } = await requireShop(request);
  await requireProfile({ shopId, ...shop });
  const asked = askedSchema.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!asked.success) return { mail: null };
  const { locale, points } = asked.data;
  const now = await businessNow();
  const [{ settings, shopName, primaryDomain, timeZone }, promise] = await Promise.all([
    readMailSetup(shopId),
    points === "yes" ? reviewPromise(shopId, now) : null,
  ]);
  const place = { locale, timeZone, primaryDomain };
  const content = sampleContent("review_request", now, place);
  if (content.kind === "review_request") content.params.offer = promise;
  const mail = await renderMessage(content, {
    ...place,
    shopName: settings.senderName ?? shopName,
    recipientName: locale === "ja" ? "山田 花子" : "Jane",
    unsubscribeUrl: "#",
  });
  return { mail };
}
