// The list of members in a shop with very many: what the server's question costs, for each way to look.
import type { MemberListRequest } from "../../../app/loyalty/member-list.server";
import { figure, percentiles, type Figure } from "../figure";
import type { Stage } from "../stage";

const ASKED_EACH = 20;
const WAYS: MemberListRequest[] = [
  { sort: "balance" },
  { sort: "last_order" },
  { sort: "name" },
  { sort: "newest" },
  { sort: "balance", search: "五美" },
  { sort: "last_order", search: "田中" },
  { sort: "name", search: "user1999" },
  { tierId: "gold" },
  { tierId: "silver", search: "田中" },
];

async function seed(stage: Stage, members: number): Promise<number> {
  const { createTestShop } = await import("../../builders/shop");
  const shopId = await createTestShop(`members-${members}.myshopify.com`);
  await stage.owner.query(
    `INSERT INTO member (shop_id, customer_gid, name, email, tags, search_grams, first_seen_at, available, tier_id, last_order_at)
     SELECT $1::int, 'gid://shopify/Customer/' || n, name, 'user' || n || '@example.jp', '{}',
            ARRAY(SELECT $1::int || ':' || substr(replace(name, ' ', ''), i, 2) FROM generate_series(1, length(replace(name, ' ', '')) - 1) i),
            timestamptz '2024-01-01' + n * interval '1 minute', (n * 7919) % 5000,
            (ARRAY['gold', 'silver', NULL, NULL])[1 + n % 4],
            CASE WHEN n % 3 = 0 THEN NULL ELSE timestamptz '2026-01-01' + (n * 31 % 100000) * interval '1 minute' END
       FROM (SELECT n, (ARRAY['佐藤','鈴木','高橋','田中','伊藤','渡辺','山本','中村','小林','加藤'])[1 + n % 10] || ' ' ||
                    (ARRAY['一','二','三','四','五','六','七','八','九','十'])[1 + n / 10 % 10] || (ARRAY['子','郎','美','介','香'])[1 + n / 100 % 5] AS name
               FROM generate_series(1, $2::int) n) people`,
    [shopId, members],
  );
  await stage.owner.query("VACUUM ANALYZE member");
  return shopId;
}

/** Every order, search and filter, first pages and second ones. */
export async function membersList(stage: Stage): Promise<Figure> {
  stage.useRooms();
  const members = stage.isQuick ? 100_000 : 1_000_000;
  stage.say(`making ${members} members`);
  const shopId = await seed(stage, members);
  const { listMembers } = await import("../../../app/loyalty/member-list.server");
  const rounds: number[] = [];
  const all: number[] = [];
  for (let round = 0; round < 3; round++) {
    const taken: number[] = [];
    for (let asked = 0; asked < ASKED_EACH; asked++) {
      for (const way of WAYS) {
        const first = performance.now();
        const { nextCursor } = await listMembers(shopId, { ...way, limit: 50 });
        taken.push(performance.now() - first);
        const second = performance.now();
        if (nextCursor) await listMembers(shopId, { ...way, limit: 50, cursor: nextCursor });
        taken.push(performance.now() - second);
      }
    }
    rounds.push(percentiles(taken).p95);
    all.push(...taken);
  }
  const seen = percentiles(all);
  return figure({
    name: "members.list",
    value: seen.p95,
    unit: "ms (p95)",
    ...seen,
    rounds,
    note: `${members} members, ${WAYS.length} orders, searches and filters, pages one and two; the server's question alone`,
  });
}
