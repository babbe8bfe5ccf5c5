// Claims about health and beauty: what is held for a person, and what a shopper may say without anybody looking.
import { describe, expect, it } from "vitest";

import { CLAIMS_EN } from "../../../app/reviews/moderation/claims-en";
import { ARTICLES, CLAIMS_JA } from "../../../app/reviews/moderation/claims-ja";
import { claimsIn, explainClaim } from "../../../app/reviews/moderation/claims";

describe("the list", () => {
  it("has 150 Japanese phrases and more, each with its article and a reason in both languages", () => {
    const phrases = CLAIMS_JA.flatMap((group) => group.phrases);
    expect(phrases.length).toBeGreaterThanOrEqual(150);
    expect(new Set(phrases).size).toBe(phrases.length);
    for (const { id, article, why } of [...CLAIMS_JA, ...CLAIMS_EN]) {
      expect(ARTICLES[article]).toBeDefined();
      expect(why.en).toMatch(/^[A-Z].*\.$/);
      expect(why.ja).toMatch(/。$/);
      expect(explainClaim(`${article}:${id}`)).not.toBeNull();
    }
    expect(explainClaim("no:such")).toBeNull();
  });

  it("finds each of its plain Japanese phrases as people write them", () => {
    const plain = CLAIMS_JA.flatMap((group) => group.phrases).filter((phrase) => !/[(?]/.test(phrase));
    const missed = plain.filter((phrase) => claimsIn(`これで${phrase.replaceAll("~", "が")}ました。`).length === 0);
    expect(missed).toEqual([]);
  });
});

describe("claims", () => {
  it.each([
    ["シミがすっかり消えました", "yakkiho-66:cosmetic-beyond"],
    ["アトピーが治りました！", "yakkiho-68:cure"],
    ["これで癌が治った", "yakkiho-67:grave-disease"],
    ["血圧がかなり下がりました", "yakkiho-68:lifestyle-disease"],
    ["免疫力が上がります", "yakkiho-68:body-function"],
    ["1ヶ月で5kg痩せました", "keihyoho-5-1:slimming"],
    ["飲むだけで健康になれます", "kenko-65:food-health"],
    ["髪が生えてきました", "yakkiho-66:hair"],
    ["副作用がないので安心", "yakkiho-66:safety"],
    ["ｼﾐが消えた", "yakkiho-66:cosmetic-beyond"],
    ["It cured my eczema in a week", "yakkiho-68:cure"],
    ["I lost 12 pounds", "keihyoho-5-1:slimming"],
    ["My wrinkles have completely disappeared", "yakkiho-66:cosmetic-beyond"],
    ["Clinically proven and no side effects", "yakkiho-66:safety"],
  ])("%s is held under %s", (text, detail) => {
    expect(claimsIn(text).map((claim) => claim.detail)).toContain(detail);
  });

  it.each([
    "シミは消えませんでした",
    "シミが消えるわけではない",
    "シミが消えるといいな",
    "アトピーは治らなかった",
    "治るかわかりませんが試します",
    "ニキビが治るように祈っています",
    "血圧が下がることはなかった",
    "髪が生えてくる気配はない",
    "痩せるとは思えない",
    "1ヶ月でキロ単位で減らない",
    "服のシミが消えました",
    "カーペットのシミが取れた",
    "犬の抜け毛が減りました",
    "浴槽の黒ずみが消えた",
    "毛穴が目立たなくなった",
    "がんばって治します",
    "シミュレーションゲームが取れない",
    "妊娠中でも使えました",
    "楽しみが消えた",
    "It did not cure my eczema",
    "never got rid of my back pain",
    "I hope it cures my acne",
    "The wrinkles in my shirt",
    "Does it lower blood pressure?",
    "I lost 2 of them",
    "cured ham",
  ])("%s is not", (text) => expect(claimsIn(text)).toEqual([]));
});
