// The review pages over real HTTP with real signatures, as browsers without scripts meet them.
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { queryShop } from "../../../app/db.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { setReviewSettings } from "../../builders/review";
import { useTestDatabase } from "../../setup/postgres";
import { documentOf, fieldOf, newVisitor, ReviewSite, sentenceOf, wordsOf, type Invitation } from "./review-site";

useTestDatabase();
let site: ReviewSite;
let other: ReviewSite;

beforeAll(async () => {
  site = await ReviewSite.open("pages-tokyo.myshopify.com", { name: "Kumo <Tea> & Co", primaryLocale: "en" });
  other = await ReviewSite.open("pages-other.myshopify.com");
});
afterAll(() => Promise.all([site.close(), other.close()]));

interface Row {
  [column: string]: unknown;
  id: number;
  status: string;
  rating: number;
  body: string;
  title: string;
  authorName: string;
  verified: boolean;
  incentivised: boolean;
  source: string;
  locale: string;
  lineId: string | null;
}
const reviewsOf = (of: ReviewSite, { productGids }: Pick<Invitation, "productGids">) =>
  queryShop<Row>(
    of.shopId,
    `SELECT id, status, rating, body, title, author_name AS "authorName", verified, incentivised, source, locale, line_id AS "lineId"
       FROM review WHERE shop_id = $1 AND product_gid = ANY ($2) ORDER BY id`,
    [of.shopId, productGids],
  );
const everything = (of: ReviewSite) =>
  queryShop<{ rows: string }>(
    of.shopId,
    `SELECT (SELECT count(*) FROM review WHERE shop_id = $1) || '/' || (SELECT count(*) FROM review_event WHERE shop_id = $1)
            || '/' || (SELECT count(*) FROM review_media WHERE shop_id = $1) || '/' || (SELECT count(*) FROM review_report WHERE shop_id = $1)
            || '/' || (SELECT coalesce(max(updated_at)::text, '') FROM review WHERE shop_id = $1)
            || '/' || (SELECT coalesce(string_agg(status, ','), '') FROM review_request WHERE shop_id = $1) AS rows`,
    [of.shopId],
  );
const photo = (color: string) =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: color } })
    .png()
    .toBuffer();
const filled = (key: string, over: Record<string, string> = {}) => ({
  [`rating.${key}`]: "4",
  [`title.${key}`]: "Calm",
  [`body.${key}`]: sentenceOf(key),
  [`pros.${key}`]: "Light",
  [`cons.${key}`]: "Small tin",
  ...over,
});

describe("the page behind a request's link", () => {
  it("shows one form for all products of the order, in the order's language", async () => {
    const invited = await site.invite(["Morning <b>tea</b>", "夜のお茶"], { locale: "ja" });
    const page = await site.get("review", { t: invited.token }, { language: "en-US" });
    expect(page.status).toBe(200);
    expect(page.text).toContain('<html lang="ja">');
    expect(page.text).toContain("Morning &lt;b&gt;tea&lt;/b&gt;");
    expect(page.text).toContain("夜のお茶");
    expect(page.text).toContain("Kumo &lt;Tea&gt; &amp; Co");
    expect(documentOf(page.text).querySelectorAll("input[type=radio][name^='rating.']")).toHaveLength(10);
    const english = await site.get("review", { t: invited.token, locale: "en" }, { language: "ja" });
    expect(english.text).toContain('<html lang="en">');
    expect(fieldOf(english.text, "name")).toBe("Jane S.");
  });

  it("is a document that no cache keeps, no frame shows and no script but its own runs in", async () => {
    const invited = await site.invite(["Tea"]);
    const page = await site.get("review", { t: invited.token });
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("cache-control")).toBe("private, no-store");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.headers.get("x-robots-tag")).toBe("noindex");
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(
      /default-src 'none'.*script-src 'nonce-[\w+/=]+'.*form-action 'self'; frame-ancestors 'none'; base-uri 'none'/,
    );
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(page.text).toContain(`<script nonce="${nonce ?? "?"}">`);
    const next = await site.get("review", { t: invited.token });
    expect(next.headers.get("content-security-policy")).not.toBe(policy);
  });

  it("prefills the stars of the product they stand beside, and of no other", async () => {
    const invited = await site.invite(["One", "Two"]);
    const checked = (text: string) =>
      [...documentOf(text).querySelectorAll<HTMLInputElement>("input[name^='rating.']:checked")].map(
        ({ name, value }) => [name.replace("rating.", ""), value],
      );
    const { token: t, keys } = invited;
    expect(checked((await site.get("review", { t, s: "4" })).text)).toEqual([[keys[0], "4"]]);
    expect(checked((await site.get("review", { t, s: "2", l: keys[1] ?? "" })).text)).toEqual([[keys[1], "2"]]);
    for (const s of ["0", "6", "x", "4.5"]) expect(checked((await site.get("review", { t, s })).text)).toEqual([]);
    await site.post("review", { t, ...filled(keys[0] ?? "") });
    expect(checked((await site.get("review", { t, s: "5" })).text)).toEqual([]);
  });

  it("saves what is complete, shows the rest again with everything typed, and says thanks at the end", async () => {
    const invited = await site.invite(["Green", "Black", "White"]);
    const [first = "", second = "", third = ""] = invited.keys;
    const sent = await site.post(
      "review",
      { t: invited.token, locale: "en", name: "Jane S.", ...filled(first), [`body.${second}`]: "No stars <yet>" },
      { multipart: true },
    );
    expect(sent.status).toBe(422);
    expect(wordsOf(sent.text)).toContain("Saved: Green.");
    expect(sent.text).toContain("No stars &lt;yet&gt;");
    expect(wordsOf(sent.text)).toContain("Choose one to five stars.");
    expect(sent.text).not.toContain(`rating.${first}`);
    expect(sent.text).toContain(`rating.${third}`);
    const again = await site.post("review", { t: invited.token, locale: "en", ...filled(second) });
    expect(again.status).toBe(200);
    expect(wordsOf(again.text)).toContain("Thank you for your review");
    expect(wordsOf(again.text)).toContain("Review these, too");
    expect(wordsOf(again.text)).toContain("White");
    const rows = await reviewsOf(site, invited);
    expect(rows.map(({ rating, verified, source, lineId }) => [rating, verified, source, lineId])).toEqual([
      [4, true, "request", invited.lineIds[0]],
      [4, true, "request", invited.lineIds[1]],
    ]);
    expect(rows[0]).toMatchObject({ title: "Calm", authorName: "Jane S.", locale: "en", status: "published" });
  });

  it("asks for stars where nothing was filled in, and keeps a name that was", async () => {
    const invited = await site.invite(["Plain"]);
    const sent = await site.post("review", { t: invited.token, locale: "en", name: "Only a name" });
    expect(sent.status).toBe(422);
    expect(wordsOf(sent.text)).toContain("Choose stars for at least one product.");
    expect(fieldOf(sent.text, "name")).toBe("Only a name");
  });

  it("says in place what is too long", async () => {
    const invited = await site.invite(["Long"]);
    const [key = ""] = invited.keys;
    const sent = await site.post("review", {
      t: invited.token,
      locale: "en",
      ...filled(key, { [`body.${key}`]: "x".repeat(5_001) }),
    });
    expect(sent.status).toBe(422);
    expect(wordsOf(sent.text)).toContain("Please keep it to 5000 characters.");
    expect(await reviewsOf(site, invited)).toEqual([]);
  });

  it("takes two photos without a script, with the licence in its exact words", async () => {
    const invited = await site.invite(["Photogenic"]);
    const [key = ""] = invited.keys;
    const look = await site.get("review", { t: invited.token, locale: "en" });
    const ticket = fieldOf(look.text, `ticket.${key}`);
    const files = [
      { field: `photo.${key}`, name: "../../etc/passwd", bytes: await photo("#a33") },
      { field: `photo.${key}`, name: "CON.png", bytes: await photo("#3a3") },
      { field: `photo.${key}`, name: "third.png", bytes: await photo("#33a") },
      { field: `photo.${key}`, name: "", bytes: new Uint8Array() },
    ];
    const fields = { t: invited.token, locale: "en", [`ticket.${key}`]: ticket, ...filled(key) };
    const unlicensed = await site.post("review", fields, { files });
    expect(unlicensed.status).toBe(422);
    expect(wordsOf(unlicensed.text)).toContain("Please agree to this, or remove the photos and videos.");
    expect(unlicensed.text).toContain("third.png");
    expect(wordsOf(unlicensed.text)).toContain("This is more than can be kept with one review.");
    expect(documentOf(unlicensed.text).querySelectorAll("li[data-id]")).toHaveLength(2);
    expect(fieldOf(unlicensed.text, `ticket.${key}`)).toBe(ticket);
    const [, mediaId = ""] = /<li data-id="(\d+)">/.exec(unlicensed.text) ?? [];
    const done = await site.post("review", { ...fields, licence: "1", [`alt.${mediaId}.${key}`]: "A red\ntin" });
    expect(done.status).toBe(200);
    expect(wordsOf(done.text)).toContain("Your photos and videos appear after a person has looked at them.");
    const media = await queryShop<{
      alt: string;
      licence: { wording: string; locale: string };
      storageKey: string;
      [column: string]: unknown;
    }>(
      site.shopId,
      `SELECT m.alt, m.licence, m.storage_key AS "storageKey" FROM review_media m JOIN review r ON r.shop_id = m.shop_id AND r.id = m.review_id
        WHERE m.shop_id = $1 AND r.product_gid = ANY ($2) ORDER BY m.position`,
      [site.shopId, invited.productGids],
    );
    expect(media.map(({ alt }) => alt)).toEqual(["A red tin", ""]);
    expect(media[0]?.licence.wording).toContain(
      "Kumo <Tea> & Co may show these photos and videos together with my review",
    );
    // E16: whatever a file is called, its name here is the server's.
    expect(media.every(({ storageKey }) => /^[\w-]{22}$/.test(storageKey))).toBe(true);
  });

  it("marks what is written while the program gives points for reviews, and says so before", async () => {
    const rewarding = await ReviewSite.open("pages-points.myshopify.com", { primaryLocale: "en" });
    const ways = [{ id: "review", kind: "review", enabled: true, points: 1_250, holdDays: 0, perMonth: 10 }];
    expect((await saveProgram(rewarding.shopId, { ways }, "staff:1", new Date("2026-06-01T00:00:00Z"))).outcome).toBe(
      "saved",
    );
    const invited = await rewarding.invite(["Rewarded"]);
    const look = await rewarding.get("review", { t: invited.token, locale: "en" });
    expect(look.text).toContain("1,250 points for a review");
    expect(wordsOf(look.text)).toContain("Points are given whatever you write");
    await rewarding.post("review", {
      t: invited.token,
      ...filled(invited.keys[0] ?? "", { [`rating.${invited.keys[0] ?? ""}`]: "1" }),
    });
    expect((await reviewsOf(rewarding, invited))[0]).toMatchObject({ incentivised: true, rating: 1 });
    await rewarding.close();
  });
});

describe("files that cannot be taken", () => {
  it("E13 E16 are named after the words were taken, whatever they are called", async () => {
    const invited = await site.invite(["Words first"]);
    const [key = ""] = invited.keys;
    const files = [{ field: `photo.${key}`, name: "a<b>.svg", bytes: new TextEncoder().encode("<svg/>") }];
    const sent = await site.post("review", { t: invited.token, locale: "en", ...filled(key) }, { files });
    expect(sent.status).toBe(200);
    expect(wordsOf(sent.text)).toContain(
      "Some files could not be taken: a<b>.svg This kind of file is not taken here.",
    );
    expect(await reviewsOf(site, invited)).toHaveLength(1);
  });
});

describe("E08 a link is worth what it was made for", () => {
  it("E08 refuses links that were cut, altered, guessed, ended, or made for another shop, and keeps the words", async () => {
    const invited = await site.invite(["Kept"]);
    const { token } = invited;
    const ended = await site.invite(["Ended"], { expiresAt: new Date(Date.now() - 60_000) });
    const flipped = (token.startsWith("A") ? "B" : "A") + token.slice(1);
    for (const t of [token.slice(0, -1), flipped, "x", "", `${token}A`, ended.token, "../../", "\u0000"]) {
      expect((await site.get("review", { t })).status, t).toBe(404);
      const sent = await site.post("review", { t, [`body.${invited.keys[0] ?? ""}`]: "Five <minutes> of work" });
      expect(sent.status, t).toBe(404);
      expect(sent.text).toContain("Five &lt;minutes&gt; of work");
    }
    expect((await other.get("review", { t: token })).status).toBe(404);
    expect(await reviewsOf(site, invited)).toEqual([]);
  });

  it("E08 reviews only lines of its own order, each once, whatever the form says", async () => {
    const invited = await site.invite(["Mine"]);
    const stranger = await site.invite(["Not mine"]);
    const [mine = "", theirs = ""] = [invited.keys[0], stranger.keys[0]];
    await site.post("review", { t: invited.token, ...filled(theirs) });
    expect(await reviewsOf(site, stranger)).toEqual([]);
    const twice = await Promise.all([1, 2, 3, 4].map(() => site.post("review", { t: invited.token, ...filled(mine) })));
    expect(twice.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await reviewsOf(site, invited)).toHaveLength(1);
    const reload = await site.post("review", {
      t: invited.token,
      locale: "en",
      ...filled(mine, { [`rating.${mine}`]: "1" }),
    });
    expect(reload.status).toBe(200);
    expect((await reviewsOf(site, invited))[0]?.rating).toBe(4);
  });
});

describe("E09 looking changes nothing", () => {
  it("E09 leaves everything as it is on GET and HEAD, with any parameters, for every page", async () => {
    const invited = await site.invite(["Quiet"]);
    await site.post("review", { t: invited.token, ...filled(invited.keys[0] ?? "") });
    const [review] = await reviewsOf(site, invited);
    const mine = await site.get("review", { t: invited.token });
    const author = /review\/mine\?t=([\w-]+)/.exec(mine.text)?.[1] ?? "";
    expect(author).toHaveLength(22);
    const before = await everything(site);
    const looks: [string, Record<string, string>][] = [
      ["review", { t: invited.token, s: "5", rating: "5" }],
      ["review/mine", { t: author, act: "delete", sure: "1" }],
      ["review/confirm", { t: author }],
      ["review/report", { review: String(review?.id), reason: "spam" }],
    ];
    for (const [path, own] of looks) {
      for (const method of ["GET", "HEAD"]) {
        const answer = await site.get(path, own, { method });
        expect([path, method, answer.status]).toEqual([path, method, 200]);
        if (method === "HEAD") expect(answer.text).toBe("");
      }
      for (const method of ["PUT", "DELETE", "PATCH"]) {
        const answer = await site.get(path, own, { method });
        expect([path, answer.status, answer.headers.get("allow")]).toEqual([path, 405, "GET, HEAD, POST"]);
      }
    }
    expect(await everything(site)).toEqual(before);
  });
});

describe("the author's page", () => {
  async function written(over: Record<string, string> = {}) {
    const invited = await site.invite(["Own"]);
    const [key = ""] = invited.keys;
    const sent = await site.post("review", {
      t: invited.token,
      locale: "en",
      ...filled(key, Object.fromEntries(Object.entries(over).map(([field, value]) => [`${field}.${key}`, value]))),
    });
    const author = /review\/mine\?t=([\w-]+)/.exec(sent.text)?.[1] ?? "";
    const [review] = await reviewsOf(site, invited);
    if (!review) throw new Error(`no review: ${sent.status}`);
    return { invited, author, review };
  }

  it("shows where the review stands, takes a new version, and deletes only with consent", async () => {
    const { invited, author, review } = await written();
    const page = await site.get("review/mine", { t: author, locale: "en" });
    expect(wordsOf(page.text)).toContain("Everybody can see it in the shop.");
    const fields = {
      t: author,
      act: "edit",
      locale: "en",
      name: "Jane",
      ...filled(String(review.id), { [`body.${review.id}`]: "Second thoughts." }),
    };
    const saved = await site.post("review/mine", fields, { multipart: true });
    expect(wordsOf(saved.text)).toContain("Your change is saved and published.");
    expect((await reviewsOf(site, invited))[0]?.body).toBe("Second thoughts.");
    const unsure = await site.post("review/mine", { t: author, act: "delete", locale: "en" });
    expect(unsure.status).toBe(422);
    expect((await reviewsOf(site, invited))[0]?.status).toBe("published");
    expect((await site.post("review/mine", { t: author, act: "delete", sure: "1", locale: "en" })).text).toContain(
      "Your review is deleted",
    );
    expect((await reviewsOf(site, invited))[0]).toMatchObject({ status: "deleted", body: "", authorName: "" });
    expect((await site.get("review/mine", { t: author })).status).toBe(404);
  });

  it("says why words wait and until when", async () => {
    const { author, review } = await written({ body: "See https://tea.example for more" });
    expect(review.status).toBe("held");
    const page = await site.get("review/mine", { t: author, locale: "en" });
    expect(page.text).toContain("it contains a link");
    expect(page.text).toMatch(/It appears by \w+ \d+, 20\d\d at the latest/);
    const japanese = await site.get("review/mine", { t: author, locale: "ja" });
    expect(japanese.text).toMatch(/遅くとも20\d\d年\d+月\d+日までに掲載されます/);
  });

  it("takes one appeal after a rejection", async () => {
    const { author, review } = await written();
    await queryShop(site.shopId, "SELECT 1");
    const { decideReviews } = await import("../../../app/reviews/moderation/decide-reviews.server");
    await decideReviews(site.shopId, [review.id], { decision: "reject", reason: "off_topic" }, "staff:1", new Date());
    const page = await site.get("review/mine", { t: author, locale: "en" });
    expect(page.text).toContain("it is not about this product or its use");
    expect((await site.post("review/mine", { t: author, act: "appeal", text: "  ", locale: "en" })).status).toBe(422);
    const appealed = await site.post("review/mine", {
      t: author,
      act: "appeal",
      text: "It is about the tin.",
      locale: "en",
    });
    expect(wordsOf(appealed.text)).toContain("A person will look at it again.");
    expect((await site.get("review/mine", { t: author, locale: "en" })).text).toContain(
      "You have asked for a second look.",
    );
  });

  it("E08 gives nothing to a link that is not the author's", async () => {
    const { author } = await written();
    for (const t of ["", "x", author.slice(1), `${author}A`, "A".repeat(22)])
      expect((await site.get("review/mine", { t })).status).toBe(404);
    expect((await other.get("review/mine", { t: author })).status).toBe(404);
  });
});

describe("reviews without an invitation", () => {
  const [open] = [{ open: "everyone" }];
  const product = (invited: Invitation) => (invited.productGids[0] ?? "").replace(/\D/g, "");

  it("E10 marks a signed-in buyer as verified by their order, and nobody else", async () => {
    await setReviewSettings(site.shopId, {});
    const buyer = await site.invite(["Bought"]);
    const other = await site.invite(["Something else"]);
    const id = product(buyer);
    const look = await site.get("review", { product: id, locale: "en" }, { customerId: buyer.customerId });
    expect(wordsOf(look.text)).toContain("It is marked as a verified purchase");
    const send = (customerId: string, page: string) =>
      site.post(
        "review",
        { product: id, key: fieldOf(page, "key"), locale: "en", name: "X", ...filled(id) },
        { customerId },
      );
    expect((await send(buyer.customerId, look.text)).status).toBe(200);
    const stranger = await site.get("review", { product: id, locale: "en" }, { customerId: other.customerId });
    expect(wordsOf(stranger.text)).toContain("It is marked as not verified");
    const claimed = await site.post(
      "review",
      {
        product: id,
        key: fieldOf(stranger.text, "key"),
        name: "X",
        verified: "true",
        orderId: String(buyer.orderId),
        lineId: buyer.lineIds[0] ?? "",
        ...filled(id),
      },
      { customerId: other.customerId },
    );
    expect(claimed.status).toBe(200);
    expect((await reviewsOf(site, buyer)).map(({ verified, source }) => [verified, source])).toEqual([
      [true, "signed_in"],
      [false, "signed_in"],
    ]);
    const again = await site.get("review", { product: id, locale: "en" }, { customerId: buyer.customerId });
    expect(wordsOf(again.text)).toContain("You have reviewed this product already");
    expect(again.text).toMatch(/review\/mine\?t=[\w-]{22}/);
  });

  it("asks a signed-in customer about everything they got: what the code in every parcel opens", async () => {
    await setReviewSettings(site.shopId, {});
    const { customerId, keys, productGids } = await site.invite(["Cup", "Saucer"]);
    const stranger = await site.get("review", { locale: "en" });
    expect(stranger.status).toBe(403);
    expect(wordsOf(stranger.text)).toContain("Sign in to review what you bought");
    const look = await site.get("review", { locale: "en" }, { customerId });
    expect(look.status).toBe(200);
    for (const title of ["Cup", "Saucer"]) expect(wordsOf(look.text)).toContain(title);
    const [cup = "", saucer = ""] = keys;
    const send = (key: string, fields: Record<string, string>) =>
      site.post("review", { key, locale: "en", name: "X", ...fields }, { customerId });
    const stale = await send("made.up", filled(cup));
    expect(stale.status).toBe(422);
    expect(await reviewsOf(site, { productGids })).toEqual([]);
    const key = fieldOf(look.text, "key");
    expect(wordsOf((await send(key, filled(cup))).text)).toContain("Thank you for your review");
    // A second tap brings nothing twice; what is left can still be written.
    expect(wordsOf((await send(key, filled(cup))).text)).toContain("Thank you for your review");
    const rest = await site.get("review", { locale: "en" }, { customerId });
    expect(wordsOf(rest.text)).not.toContain("Cup");
    expect((await send(fieldOf(rest.text, "key"), filled(saucer))).status).toBe(200);
    expect((await reviewsOf(site, { productGids })).map(({ verified, source }) => [verified, source])).toEqual([
      [true, "signed_in"],
      [true, "signed_in"],
    ]);
    const done = await site.get("review", { locale: "en" }, { customerId });
    expect(wordsOf(done.text)).toContain("You have reviewed these products already");
    const nobody = await site.get("review", { locale: "en" }, { customerId: "987654321" });
    expect(wordsOf(nobody.text)).toContain("Nothing to review yet");
    expect((await site.get("review", { t: "", locale: "en" }, { customerId })).status).toBe(404);
  });

  it("E02 takes the customer from the signature alone", async () => {
    await setReviewSettings(site.shopId, { open: "signed_in" });
    const buyer = await site.invite(["Signed"]);
    const id = product(buyer);
    const look = await site.get("review", { product: id }, { customerId: buyer.customerId });
    const forged = await site.post("review", {
      product: id,
      key: fieldOf(look.text, "key"),
      logged_in_customer_id: buyer.customerId,
      customerId: buyer.customerId,
      name: "X",
      ...filled(id),
    });
    expect(forged.status).toBe(403);
    const url = `${site.url("review", { product: id })}&logged_in_customer_id=${buyer.customerId}`;
    expect((await fetch(url)).status).toBe(400);
    expect(await reviewsOf(site, buyer)).toEqual([]);
  });

  it("E03 takes no form that another page made for the person who is signed in", async () => {
    await setReviewSettings(site.shopId, {});
    const [victim, attacker] = [await site.invite(["Target"]), await site.invite(["Elsewhere"])];
    const id = product(victim);
    const own = await site.get("review", { product: id, locale: "en" }, { customerId: attacker.customerId });
    for (const key of ["", "x", fieldOf(own.text, "key"), `${fieldOf(own.text, "key")}0`, "0.AAAA"]) {
      const forged = await site.post(
        "review",
        { product: id, key, locale: "en", name: "X", ...filled(id) },
        { customerId: victim.customerId },
      );
      expect(forged.status).toBe(422);
      expect(wordsOf(forged.text)).toContain("Everything you typed is still here");
      expect(wordsOf(forged.text)).toContain("It reminds me of");
    }
    expect(await reviewsOf(site, victim)).toEqual([]);
  });

  it("keeps to the shop's setting: nobody, signed in, everyone", async () => {
    const invited = await site.invite(["Setting"]);
    const id = product(invited);
    await setReviewSettings(site.shopId, { open: "nobody" });
    expect((await site.get("review", { product: id, locale: "en" })).text).toContain("Reviews by invitation");
    expect((await site.get("review", { product: id }, { customerId: invited.customerId })).status).toBe(200);
    await setReviewSettings(site.shopId, { open: "signed_in" });
    const asked = await site.get("review", { product: id, locale: "en" });
    expect([asked.status, asked.text.includes("Please sign in")]).toEqual([403, true]);
    await setReviewSettings(site.shopId, open);
    expect((await site.get("review", { product: id, locale: "en" })).text).toContain("Your e-mail address");
    expect((await site.get("review", { product: "99" })).status).not.toBe(200);
  });

  it("F04 asks who is not signed in for a name and an address, and shows nothing before it is confirmed", async () => {
    await setReviewSettings(site.shopId, open);
    const invited = await site.invite(["Anonymous"]);
    const id = product(invited);
    const visitor = newVisitor();
    const look = await site.get("review", { product: id, locale: "en" }, { visitor });
    const key = fieldOf(look.text, "key");
    const nameless = await site.post(
      "review",
      { product: id, key, locale: "en", email: "not an address", ...filled(id) },
      { visitor },
    );
    expect(nameless.status).toBe(422);
    expect(wordsOf(nameless.text)).toContain("Enter a name or a nickname.");
    expect(wordsOf(nameless.text)).toContain("Enter an e-mail address, such as name@example.com.");
    const sent = await site.post(
      "review",
      { product: id, key, locale: "en", name: "Momo", email: "Momo@Example.com", ...filled(id) },
      { visitor },
    );
    expect(sent.status).toBe(200);
    expect(wordsOf(sent.text)).toContain("Please press the button in it");
    expect(sent.text).not.toContain("review/mine");
    const [review] = await reviewsOf(site, invited);
    expect(review).toMatchObject({ status: "held", verified: false, source: "open", incentivised: false });
    const { authorToken } = await import("../../../app/reviews/author-token.server");
    const t = authorToken(site.shopId, review?.id ?? 0);
    const ask = await site.get("review/confirm", { t, locale: "en" });
    expect(wordsOf(ask.text)).toContain("Yes, I wrote it");
    expect((await reviewsOf(site, invited))[0]?.status).toBe("held");
    const confirmed = await site.post("review/confirm", { t, locale: "en" });
    expect(wordsOf(confirmed.text)).toContain("Your review is confirmed");
    expect((await site.post("review/confirm", { t, locale: "en" })).text).toContain("It was confirmed before.");
  });

  it("E11 F08 slows one place down without shutting out the next, and without losing its words", async () => {
    await setReviewSettings(site.shopId, open);
    const invited = await site.invite(["Bombed"]);
    const id = product(invited);
    const visitor = newVisitor();
    const key = fieldOf((await site.get("review", { product: id }, { visitor })).text, "key");
    const send = (number: number) =>
      site.post(
        "review",
        {
          product: id,
          key,
          locale: "en",
          name: "B",
          email: `b${number}@example.com`,
          ...filled(id, { [`body.${id}`]: `Bomb number ${number}` }),
        },
        { visitor },
      );
    const answers = [];
    for (let number = 0; number < 14; number++) answers.push(await send(number));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(9);
    expect(refused[0]?.text).toContain("Bomb number");
    expect(refused[0]?.text).toContain("Send it again");
    expect((await reviewsOf(site, invited)).every(({ status }) => status === "held")).toBe(true);
    expect((await site.get("review", { product: id })).status).toBe(200);
  });
});

describe("reporting", () => {
  it("takes a listed reason for a published review, once for a person, and leaves the review", async () => {
    const invited = await site.invite(["Reported"]);
    await site.post("review", { t: invited.token, ...filled(invited.keys[0] ?? "") });
    const [review] = await reviewsOf(site, invited);
    const id = String(review?.id);
    const visitor = newVisitor();
    const look = await site.get("review/report", { review: id, locale: "en" }, { visitor });
    expect(wordsOf(look.text)).toContain("It is advertising or not meant for this shop");
    const key = fieldOf(look.text, "key");
    const post = (fields: Record<string, string>) =>
      site.post("review/report", { review: id, key, locale: "en", ...fields }, { visitor });
    expect((await post({ reason: "too_few_stars" })).status).toBe(422);
    expect((await post({ reason: "spam", text: "<b>see</b>" })).text).toContain("Thank you for telling us");
    expect((await post({ reason: "spam" })).status).toBe(200);
    expect((await site.post("review/report", { review: id, key: "x", reason: "spam" })).status).toBe(422);
    const reports = await queryShop(
      site.shopId,
      "SELECT text FROM review_report WHERE shop_id = $1 AND review_id = $2",
      [site.shopId, review?.id],
    );
    expect(reports).toEqual([{ text: "<b>see</b>" }]);
    expect((await reviewsOf(site, invited))[0]?.status).toBe("published");
    expect((await site.get("review/report", { review: "999999999" })).status).toBe(404);
    expect((await other.get("review/report", { review: id })).status).toBe(404);
  });
});
