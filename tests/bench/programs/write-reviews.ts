// Shops with reviews of one product. Started as a process of its own.
//   node --import tsx tests/bench/programs/write-reviews.ts SHOPS REVIEWS
import { closeDatabase } from "../../../app/db.server";
import { insertReviews } from "../../builders/published-reviews";
import { createTestShop } from "../../builders/shop";

const [shops = 1, reviews = 1] = process.argv.slice(2).map(Number);
for (let n = 0; n < shops; n++) {
  const shopId = await createTestShop(`anonymous-${n}.myshopify.com`);
  const written = Array.from({ length: reviews }, (_, at) => ({
    rating: 1 + (at % 5),
    title: "毎朝使っています",
    body: "乾燥する季節でも肌がもっちりします。香りがやさしく、少しの量でよく伸びます。".repeat(1 + (at % 3)),
    helpful: at % 7,
  }));
  await insertReviews(shopId, written);
}
await closeDatabase();
