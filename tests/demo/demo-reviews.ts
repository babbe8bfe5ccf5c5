// What shoppers of the demo would have written: about what they bought, in their language, some with photos, a
// few that moderation holds. Everything goes through the same use cases as a shopper's own review.
import { Readable } from "node:stream";
import sharp from "sharp";

import type { Submission } from "../../app/reviews/submit-review.server";

interface Words {
  rating: number;
  title: string;
  body: string;
  pros?: string;
  cons?: string;
}
const JAPANESE: Words[] = [
  {
    rating: 5,
    title: "毎日の相棒です",
    body: "手触りがとても良く、思っていたより軽いので毎日使っています。梱包も丁寧でした。",
  },
  {
    rating: 5,
    title: "贈り物にしました",
    body: "母の誕生日に贈ったところ、とても喜んでくれました。箱も素敵でそのまま渡せました。",
  },
  {
    rating: 4,
    title: "香りが上品",
    body: "香りが上品で気に入っています。もう少し容量が多いと嬉しいです。",
    pros: "香り",
    cons: "容量が少なめ",
  },
  { rating: 4, title: "丈夫です", body: "半年使っていますが、ほつれもなく丈夫です。洗濯しても縮みませんでした。" },
  {
    rating: 3,
    title: "色味が写真と少し違いました",
    body: "色味が写真より少し暗く感じました。質は良いので、そのまま使っています。",
  },
  {
    rating: 2,
    title: "サイズが合いませんでした",
    body: "思ったより小さくて合いませんでした。交換の対応は迅速でした。",
    cons: "サイズ感がわかりにくい",
  },
  { rating: 5, title: "リピートしています", body: "三回目の購入です。味が濃くて美味しく、日持ちもします。" },
  { rating: 1, title: "届いたときに割れていました", body: "箱を開けたら割れていて残念でした。お店に連絡しました。" },
];
const ENGLISH: Words[] = [
  {
    rating: 5,
    title: "My everyday companion",
    body: "The material feels great and it is lighter than I thought. Carefully packed, too.",
  },
  {
    rating: 5,
    title: "A lovely gift",
    body: "Gave it to my mother for her birthday and she loves it. The box is beautiful.",
  },
  {
    rating: 4,
    title: "Elegant scent",
    body: "The scent is elegant and never too strong. I wish there were a little more of it.",
    pros: "Scent",
    cons: "Small amount",
  },
  {
    rating: 4,
    title: "Sturdy",
    body: "Half a year in and no loose seams. Washed it many times and it did not shrink.",
  },
  {
    rating: 3,
    title: "Colour differs a little",
    body: "The colour is darker than in the picture, but the quality is good, so I kept it.",
  },
  {
    rating: 2,
    title: "Too small",
    body: "Smaller than I expected and it did not fit. The exchange was quick.",
    cons: "Sizing is hard to judge",
  },
  { rating: 5, title: "Third time buying", body: "Rich taste, keeps well, and delivery was fast again." },
  {
    rating: 1,
    title: "Arrived broken",
    body: "It was broken when I opened the box, which was disappointing. I have written to the shop.",
  },
];
/** What moderation has something to say about. */
const HELD: Record<"en" | "ja", Words[]> = {
  ja: [
    {
      rating: 5,
      title: "もっと知りたい方へ",
      body: "詳しい使い方はこちらのサイトにまとめました https://example.com/review をご覧ください。",
    },
    { rating: 5, title: "シミが消えました", body: "一週間でシミが消えました。アトピーも治ると思います。" },
  ],
  en: [
    {
      rating: 5,
      title: "More on my page",
      body: "I wrote down how I use it on https://example.com/review, have a look.",
    },
    { rating: 4, title: "Call me", body: "Happy to answer questions, call 212 555 0147 after six." },
  ],
};
const REPLIES = {
  ja: "ご購入ありがとうございます。いただいたお声は作り手にも伝えました。またのご来店をお待ちしております。",
  en: "Thank you for taking the time. We have passed this on to the people who make it.",
};
const PHOTO_COLOURS = ["#c98b6b", "#7d9471", "#8aa4b8", "#b7a57a"];
const DAY_MS = 86_400_000;
const REVIEWS_MAX = 40;

interface Purchase {
  orderId: number;
  memberId: number;
  customerGid: string;
  email: string | null;
  name: string;
  lineId: string;
  productGid: string;
}

/** Writes the reviews of one demo shop. Only what was bought is reviewed, so that each badge is earned. */
export async function seedReviews(shopId: number, locale: "en" | "ja", now: Date): Promise<{ written: number }> {
  const { submitReview } = await import("../../app/reviews/submit-review.server");
  const { replyToReview } = await import("../../app/reviews/reply-to-review.server");
  const words = [...(locale === "ja" ? JAPANESE : ENGLISH), ...HELD[locale]];
  const purchases = await readPurchases(shopId);
  let written = 0;
  for (const [index, purchase] of purchases.entries()) {
    const said = words[index % words.length];
    if (!said) break;
    const at = new Date(now.getTime() - (purchases.length - index) * DAY_MS);
    const photo = index % 5 === 0 ? await uploadPhoto(shopId, index, at) : null;
    const outcome = await submitReview(shopId, submissionOf(purchase, said, { locale, at, photo }), at);
    if (outcome.outcome !== "published" && outcome.outcome !== "held") continue;
    written += 1;
    if (outcome.outcome === "published" && index % 6 === 5) {
      await replyToReview(shopId, outcome.reviewId, REPLIES[locale], "system", at);
    }
  }
  await showPhotos(shopId, now);
  return { written };
}

function submissionOf(
  purchase: Purchase,
  said: Words,
  { locale, at, photo }: { locale: "en" | "ja"; at: Date; photo: string | null },
): Submission {
  const { orderId, memberId, customerGid, email, name, lineId, productGid } = purchase;
  return {
    source: "account",
    productGid,
    content: { ...said, authorName: name },
    locale,
    memberId,
    customerGid,
    orderId,
    lineId,
    requestId: null,
    authorEmail: email,
    isConfirmed: true,
    promised: false,
    mediaTicket: photo,
    licence: photo ? { wording: "demo", locale, agreedAt: at.toISOString() } : null,
    visitorKey: null,
  };
}

async function readPurchases(shopId: number): Promise<Purchase[]> {
  const { queryShop } = await import("../../app/db.server");
  return queryShop<Purchase>(
    shopId,
    `SELECT DISTINCT ON (line->>'productId', m.id) o.id AS "orderId", m.id AS "memberId", m.customer_gid AS "customerGid", m.email, m.name,
            line->>'lineId' AS "lineId", line->>'productId' AS "productGid"
       FROM (SELECT * FROM customer_order WHERE shop_id = $1 AND facts IS NOT NULL AND member_id IS NOT NULL ORDER BY processed_at DESC LIMIT 200) o
       JOIN member m ON m.shop_id = $1 AND m.id = o.member_id AND m.status = 'active' AND m.customer_gid IS NOT NULL
      CROSS JOIN LATERAL jsonb_array_elements(o.facts->'lines') line
      WHERE line->>'productId' IS NOT NULL AND NOT (line->>'isGiftCard')::boolean AND o.facts->>'cancelledAt' IS NULL
        AND jsonb_array_length(o.facts->'refunds') = 0
      ORDER BY line->>'productId', m.id, o.id LIMIT ${REVIEWS_MAX}`,
    [shopId],
  );
}

// A picture of its own making: a plain still life, so that galleries and strips have something to show.
async function uploadPhoto(shopId: number, index: number, at: Date): Promise<string | null> {
  const { openUpload } = await import("../../app/reviews/media/upload-ticket.server");
  const { receiveMedia } = await import("../../app/reviews/media/receive-media.server");
  const { DEFAULT_REVIEW_SETTINGS } = await import("../../app/reviews/review-settings");
  const colour = PHOTO_COLOURS[(index / 5) % PHOTO_COLOURS.length] ?? "#999999";
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"><rect width="900" height="900" fill="#f3efe8"/>
    <rect y="620" width="900" height="280" fill="#e4dacb"/><ellipse cx="450" cy="690" rx="230" ry="40" fill="#cdbfa9"/>
    <rect x="300" y="300" width="300" height="380" rx="60" fill="${colour}"/><rect x="390" y="230" width="120" height="90" rx="20" fill="#5b4636"/></svg>`;
  const ticket = openUpload(shopId);
  const photo = await sharp(Buffer.from(drawing)).jpeg({ quality: 85 }).toBuffer();
  const facts = { ticket, alt: "", posterOf: null, settings: DEFAULT_REVIEW_SETTINGS.media };
  const received = await receiveMedia(shopId, Readable.from([photo]), facts, at);
  return received.outcome === "ready" ? ticket : null;
}

// All but the last have been looked at; the first ones stand in the gallery.
async function showPhotos(shopId: number, now: Date): Promise<void> {
  const { inShop } = await import("../../app/db.server");
  const { approveMedia } = await import("../../app/reviews/media/show-media.server");
  const { curateMedia } = await import("../../app/reviews/display/curate-media.server");
  const { settleQueue } = await import("../../app/reviews/moderation/settle-queue.server");
  const ids = await inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: number; reviewId: number }>(
      "SELECT id, review_id AS \"reviewId\" FROM review_media WHERE shop_id = $1 AND review_id IS NOT NULL AND status = 'ready' ORDER BY id",
      [shopId],
    );
    const seen = rows.slice(0, -1).map(({ id }) => id);
    await approveMedia(tx, seen, "system", now);
    await settleQueue(tx, [...new Set(rows.map(({ reviewId }) => reviewId))], now);
    return seen;
  });
  await curateMedia(shopId, ids.slice(0, 4), true, "system", now);
}
