// The spam score on texts of reviews.
import { describe, expect, it } from "vitest";

import { SPAM_FROM, spamScore } from "../../../app/reviews/moderation/spam";

describe("spam", () => {
  it.each([
    "CONGRATULATIONS! You have won a $1000 voucher. Claim now at www.prize.example.com",
    "Best online casino, sign up today and get 50 free spins http://c.example.com",
    "I was broke until I met this forex trading expert. Contact him on WhatsApp +1 555 123 4567 for passive income",
    "Buy followers for Instagram, cheapest price, www.follow.example.com",
    "Replica watches and replica bags, order now: www.rep.example.com",
    "誰でも簡単に稼げる副業！詳しくはプロフのリンクから、今すぐ登録",
    "【当選しました】現金プレゼント中。LINE追加してください",
    "スーパーコピー格安販売 http://copy.example.com",
    "asdkjfhqwkjrhxcvbnm qwrtpsdfghjklz",
    "buy buy buy buy buy buy buy buy buy buy buy buy buy now now",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  ])("holds %s", (text) =>
    expect(spamScore(text)).toMatchObject({ score: expect.toSatisfy((score: number) => score >= SPAM_FROM) }),
  );

  it("says what made the score, never the words", () => {
    const { features } = spamScore("You have WON a prize, call 09061221066 now");
    expect(features).toEqual(expect.arrayContaining(["premium_number", "winner", "prize"]));
    for (const feature of features) expect(feature).toMatch(/^[a-z_]+$/);
  });
});
