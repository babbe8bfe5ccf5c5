import type { LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { LOCALES } from "../i18n/locales";
import { readMailSetup } from "../journeys/message-log.server";
import { MESSAGE_KINDS } from "../journeys/messages";
import { renderSample, type RenderedSample } from "../journeys/render-message";
import { requireProfile, requireShop } from "../shop-session.server";

const askedSchema = z.object({
  kind: z.enum(MESSAGE_KINDS),
  locale: z.enum(LOCALES),
  sender: z.string().max(200).default(""),
  link: z.string().max(200).default("/"),
});

/** Asked by the message settings beside their form: one message as somebody would get it, with what is typed. */
export async function loader({ request }: LoaderFunctionArgs): Promise<{ mail: RenderedSample | null }> {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const asked = askedSchema.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!asked.success) return { mail: null };
  const { kind, locale, sender, link } = asked.data;
  const { shopName, primaryDomain, timeZone } = await readMailSetup(shop.shopId);
  const place = { locale, timeZone, primaryDomain, shopName: sender.trim() || shopName, linkPath: link };
  return { mail: await renderSample(kind, await businessNow(), place) };
}
