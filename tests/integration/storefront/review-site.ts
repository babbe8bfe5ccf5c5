// A shop whose review pages are open: the real handler over real HTTP, orders, and the links of their requests.
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";

import { JSDOM } from "jsdom";

import { inShop, type ShopId } from "../../../app/db.server";
import { hashToken, requestToken } from "../../../app/reviews/requests/request-token.server";
import { handleProxy } from "../../../app/storefront/proxy.server";
import { signProxyQuery } from "../../../app/storefront/proxy-signature";
import { createTestMember } from "../../builders/member";
import { newGid, orderLine } from "../../builders/order-facts";
import { storeOrder } from "../../builders/review";
import { createTestShop, type TestShopProfile } from "../../builders/shop";
import { listening } from "./beside-the-clock";

const DAY_MS = 86_400_000;

export interface Invitation {
  token: string;
  requestId: number;
  orderId: number;
  orderGid: string;
  /** Numbers of the order's lines, as the form names them. */
  keys: string[];
  lineIds: string[];
  productGids: string[];
  memberId: number;
  customerId: string;
}
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}
export type FormFields = Record<string, string | string[]>;

let visitors = 0;
/** An address that nobody used yet: limits count by it. */
export function newVisitor(): string {
  visitors += 1;
  return `203.0.113.${visitors % 250}, 10.${Math.floor(visitors / 250)}.0.1`;
}

export class ReviewSite {
  private constructor(
    readonly shopId: ShopId,
    readonly domain: string,
    readonly origin: string,
    private readonly server: Server,
  ) {}

  static async open(domain: string, profile: Partial<TestShopProfile> = {}): Promise<ReviewSite> {
    const shopId = await createTestShop(domain, profile);
    const server = createServer((req, res) => {
      void handleProxy(req, res).then((handled) => handled || res.writeHead(404).end());
    });
    return new ReviewSite(shopId, domain, await listening(server), server);
  }
  close(): Promise<unknown> {
    return new Promise((resolve) => this.server.close(resolve));
  }

  /** The address at which Shopify would ask for a page. */
  url(path: string, own: Record<string, string> = {}, customerId = "", over: Record<string, string> = {}): string {
    const parameters = new URLSearchParams({
      ...own,
      shop: this.domain,
      path_prefix: "/apps/kizuna",
      timestamp: String(Math.floor(Date.now() / 1000)),
      logged_in_customer_id: customerId,
      ...over,
    });
    parameters.set("signature", signProxyQuery(parameters, process.env.SHOPIFY_API_SECRET ?? ""));
    return `${this.origin}/proxy/${path}?${parameters.toString()}`;
  }

  async get(
    path: string,
    own: Record<string, string> = {},
    options: { customerId?: string; visitor?: string; language?: string; method?: string } = {},
  ): Promise<Answer> {
    const headers = { "x-forwarded-for": options.visitor ?? newVisitor(), "accept-language": options.language ?? "" };
    return read(await fetch(this.url(path, own, options.customerId), { method: options.method ?? "GET", headers }));
  }

  /** Posts a form as a browser without scripts does: multipart when there are files, or always for `multipart`. */
  async post(
    path: string,
    fields: FormFields,
    options: {
      customerId?: string;
      visitor?: string;
      files?: { field: string; name: string; bytes: Uint8Array; type?: string }[];
      multipart?: boolean;
    } = {},
  ): Promise<Answer> {
    const pairs = Object.entries(fields).flatMap(([name, value]) =>
      [value].flat().map((each) => [name, each] as const),
    );
    const body = options.files || options.multipart ? new FormData() : new URLSearchParams();
    for (const [name, value] of pairs) body.append(name, value);
    for (const { field, name, bytes, type } of options.files ?? [])
      (body as FormData).append(
        field,
        new Blob([bytes as Uint8Array<ArrayBuffer>], { type: type ?? "image/png" }),
        name,
      );
    const headers = { "x-forwarded-for": options.visitor ?? newVisitor() };
    return read(await fetch(this.url(path, {}, options.customerId), { method: "POST", body, headers }));
  }

  /** A customer with a delivered order of these products, and the link of its request. */
  async invite(
    titles: string[],
    options: { promised?: boolean; expiresAt?: Date; locale?: string; name?: string; email?: string } = {},
  ): Promise<Invitation> {
    const member = await createTestMember(this.shopId, {
      name: options.name ?? "Jane Smith",
      email: options.email ?? `jane.${visitors++}@example.com`,
    });
    const products = titles.map((title) => ({ title, productGid: newGid("Product") }));
    const lines = products.map(({ title, productGid }) => orderLine({ productId: productGid, title }));
    const { orderId, lineIds, facts } = await storeOrder(this.shopId, {
      productGids: [],
      lines,
      customerId: member.customerGid,
      email: options.email ?? null,
      deliveredAt: "2026-06-10T01:00:00.000Z",
    });
    const requestId = await this.#request(orderId, member.memberId, { ...options, products, lineIds });
    if (options.locale !== undefined)
      await inShop(this.shopId, (tx) =>
        tx.query("UPDATE member SET locale = $2 WHERE shop_id = $1 AND id = $3", [
          this.shopId,
          options.locale,
          member.memberId,
        ]),
      );
    const numberOf = (gid: string) => gid.slice(gid.lastIndexOf("/") + 1);
    return {
      token: requestToken(this.shopId, requestId, 1),
      requestId,
      orderId,
      orderGid: facts.orderId,
      keys: lineIds.map(numberOf),
      lineIds,
      productGids: products.map(({ productGid }) => productGid),
      memberId: member.memberId,
      customerId: numberOf(member.customerGid),
    };
  }

  async #request(
    orderId: number,
    memberId: number,
    facts: {
      products: { title: string; productGid: string }[];
      lineIds: string[];
      promised?: boolean;
      expiresAt?: Date;
    },
  ): Promise<number> {
    const products = facts.products.map(({ title, productGid }, index) => ({
      lineId: facts.lineIds[index],
      productId: productGid,
      title,
    }));
    const expires = facts.expiresAt ?? new Date(Date.now() + 30 * DAY_MS);
    return inShop(this.shopId, async (tx) => {
      for (const { title, productGid } of facts.products)
        await tx.query(
          `INSERT INTO product_fact (shop_id, product_gid, title, tags, collection_ids, updated_at) VALUES ($1, $2, $3, '{}', '{}', $4)`,
          [this.shopId, productGid, title, new Date("2026-06-01T00:00:00Z")],
        );
      const { rows } = await tx.query<{ id: number }>(
        `INSERT INTO review_request (shop_id, order_id, member_id, status, invited_at, token_expires_at, promised, products, created_at, updated_at)
         VALUES ($1, $2, $3, 'sent', $4, $5, $6, $7, $4, $4)
         ON CONFLICT (shop_id, order_id) DO UPDATE SET status = 'sent', invited_at = $4, token_expires_at = $5, promised = $6, products = $7, due_at = NULL
         RETURNING id`,
        [
          this.shopId,
          orderId,
          memberId,
          new Date("2026-06-15T00:00:00Z"),
          expires,
          facts.promised ?? false,
          JSON.stringify(products),
        ],
      );
      const id = rows[0]?.id ?? 0;
      await tx.query("UPDATE review_request SET token_hash = $3 WHERE shop_id = $1 AND id = $2", [
        this.shopId,
        id,
        hashToken(requestToken(this.shopId, id, 1)),
      ]);
      return id;
    });
  }
}

async function read(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The page as a browser reads it. */
export function documentOf(page: string): Document {
  return new JSDOM(page).window.document;
}
/** The value of a field of a page. @throws when there is none */
export function fieldOf(page: string, name: string): string {
  const field = documentOf(page).querySelector<HTMLInputElement>(`[name="${name}"]`);
  if (!field) throw new Error(`no field ${name}`);
  return field.value;
}
/** What a page says, in one line. */
export function wordsOf(page: string): string {
  const document = documentOf(page);
  for (const hidden of document.querySelectorAll("style, script")) hidden.remove();
  return (document.body.textContent ?? "").replace(/\s+/g, " ").trim();
}

const WORDS =
  `amber basil cedar dawn ember fern garden harbour island juniper kettle lantern meadow nutmeg orchard pepper
quiet river saffron thyme umbrella velvet willow autumn breeze copper dusk evening forest ginger honey ivory`.split(
    /\s+/,
  );
/** A sentence about something that no other review says. */
export function sentenceOf(seed: string): string {
  const picked = [...createHash("sha256").update(seed).digest().subarray(0, 9)].map(
    (byte) => WORDS[byte % WORDS.length] ?? "",
  );
  return `It reminds me of ${picked.join(" and ")}.`;
}
