// Mail to the shop itself: its own address, in its own language. Nobody's consent is asked, because nobody is
// advertised to; it names no customer.
import { inShop, type ShopId } from "../db.server";
import { escapeHtml } from "../mail/escape-html";
import { hasMailChannel, sendMail } from "../mail/smtp.server";
import { messageId } from "./send-messages.server";

/** What a shop is told, in both languages. */
const NOTICES = {
  data_request: {
    en: {
      subject: "A customer asked for their data",
      body: "A customer of your shop has asked for the data that is held about them. The file is ready in the app under Settings, Privacy. Please hand it over within 30 days; it is deleted a week after that.",
    },
    ja: {
      subject: "お客様から個人情報の開示請求がありました",
      body: "お客様から、保存している個人情報の開示請求がありました。ファイルはアプリの「設定」→「プライバシー」からダウンロードできます。30日以内にお客様へお渡しください。ファイルはその1週間後に削除されます。",
    },
  },
} as const;
export type ShopNotice = keyof typeof NOTICES;

/** Sends one notice. `key` makes a second sending the same mail. later: the server did not take it for now. */
export async function tellShop(
  shopId: ShopId,
  notice: ShopNotice,
  key: string,
): Promise<{ outcome: "sent" | "no_address" | "no_channel" | "refused" | "later" }> {
  if (!hasMailChannel()) return { outcome: "no_channel" };
  const { rows } = await inShop(shopId, (tx) =>
    tx.query<{ name: string; email: string | null; locale: string }>(
      "SELECT name, email, primary_locale AS locale FROM shop_profile WHERE shop_id = $1",
      [shopId],
    ),
  );
  const [shop] = rows;
  if (!shop?.email) return { outcome: "no_address" };
  const locale = shop.locale.startsWith("ja") ? "ja" : "en";
  const { subject, body } = NOTICES[notice][locale];
  const sent = await sendMail({
    senderName: shop.name,
    replyTo: null,
    to: shop.email,
    subject,
    text: `${body}\n`,
    html: `<!doctype html><html lang="${locale}"><body><p>${escapeHtml(body)}</p></body></html>`,
    messageId: messageId(shopId, key),
    unsubscribeUrl: null,
  });
  if (sent.outcome === "sent") return { outcome: "sent" };
  return { outcome: sent.what === "later" ? "later" : "refused" };
}
