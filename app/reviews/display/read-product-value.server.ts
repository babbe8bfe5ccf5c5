// Reads everything a product's page shows of its reviews.
import { inShop, queryShop, type ShopId } from "../../db.server";
import type { ProductReviewsValue } from "../../shopify/metafields";
import { countAnswers, type AnswerCount } from "../recount-ratings.server";
import type { ReviewQuestion, ReviewSettings } from "../review-settings";
import { readShownReviews } from "./read-shown-reviews.server";
import { productValue, STRIP_MAX, type ProductValue, type Sums } from "./reviews-value";
import { firstPage, type ShownSort } from "./shown-query";

export interface GroupSums extends Sums {
  groupKey: string;
  topics: unknown[];
  /** null: counted before answers were. */
  answers: AnswerCount[] | null;
}

/** The value of a group's products; null when it has no review. */
export async function readProductValue(
  shopId: ShopId,
  group: GroupSums,
  { questions }: Pick<ReviewSettings, "questions">,
): Promise<ProductValue | null> {
  const { groupKey, answers: counted } = group;
  const list = async (sort: ShownSort, more: { withMedia?: boolean; limit?: number } = {}) =>
    (await readShownReviews(shopId, { ...firstPage(groupKey, sort), ...more })).reviews;
  const [helpful, newest, pictured, answerCounts] = await Promise.all([
    list("helpful"),
    list("newest"),
    list("newest", { withMedia: true, limit: STRIP_MAX }),
    counted ?? (questions.length === 0 ? [] : inShop(shopId, (tx) => countAnswers(tx, groupKey))),
  ]);
  const answers = placesOf(questions, answerCounts);
  return productValue({ sums: group, helpful, newest, pictured, topics: group.topics, answers });
}

/** How often each option of each question was chosen, and where on its scale the answers lie in the middle. */
function placesOf(questions: readonly ReviewQuestion[], rows: readonly AnswerCount[]): ProductReviewsValue["answers"] {
  return questions.flatMap((question) => {
    const options = question.options.map(({ id }) => ({
      id,
      count: rows.find((row) => row.question === question.id && row.option === id)?.count ?? 0,
    }));
    const count = options.reduce((sum, each) => sum + each.count, 0);
    if (count === 0) return [];
    const places = options.reduce((sum, each, index) => sum + each.count * index, 0);
    return [
      {
        q: question.id,
        count,
        options: Object.fromEntries(options.map((each) => [each.id, each.count])),
        /** 0 … 100: tight … loose. */
        position: question.kind === "scale" ? Math.round((places * 100) / (count * (options.length - 1))) : null,
      },
    ];
  });
}

/** The products whose pages show the group: its members, or the one product it is named after. */
export async function readProductsOfGroup(shopId: ShopId, groupKey: string): Promise<string[]> {
  const rows = await queryShop<{ productGid: string }>(
    shopId,
    `SELECT product_gid AS "productGid" FROM review_group WHERE shop_id = $1 AND group_key = $2
      UNION SELECT $2 WHERE starts_with($2, 'gid://')
                        AND NOT EXISTS (SELECT FROM review_group WHERE shop_id = $1 AND product_gid = $2 AND group_key <> $2)
      ORDER BY 1`,
    [shopId, groupKey],
  );
  return rows.map(({ productGid }) => productGid);
}

/** The group whose reviews a product's page shows. */
export async function readGroupOf(shopId: ShopId, productGid: string): Promise<string> {
  const [row] = await queryShop<{ groupKey: string }>(
    shopId,
    `SELECT group_key AS "groupKey" FROM review_group WHERE shop_id = $1 AND product_gid = $2`,
    [shopId, productGid],
  );
  return row?.groupKey ?? productGid;
}
