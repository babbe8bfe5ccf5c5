// Words that offend: whole words in English, runs in Japanese, disguises in both; and the Scunthorpe problem.
import { describe, expect, it } from "vitest";

import { findShopWords, profanityIn } from "../../../app/reviews/moderation/profanity";

const body = (text: string) => ({ title: "", body: text, pros: "", cons: "", authorName: "" });

describe("profanity", () => {
  it.each([
    "fuck",
    "What the FUCK is this",
    "fucking",
    "bullshit",
    "You assholes!",
    "ｆｕｃｋ",
    "f\u200Buck",
    "cunt.",
    "son of a bitch",
    "motherfuckers",
    "バカ野郎",
    "馬鹿野郎！",
    "このクソ店",
    "クソ野郎",
    "キチガイ",
    "くたばれ",
    "レイプ",
    "ちんこ",
    "🖕",
  ])("holds %s", (text) => {
    expect(profanityIn(text, false)).not.toEqual([]);
  });

  it.each([
    "f*ck",
    "f**k",
    "sh!t",
    "sh*t",
    "b!tch",
    "a**hole",
    "fuuuuck",
    "f.u.c.k",
    "F U C K",
    "ば○か",
    "バ力",
    "バ・カ",
    "ば*か",
    "ク.ソ",
    "ち○こ",
    "セッ○ス",
    "キ○ガイ",
    "レ〇プ",
    "ｸ･ｿ",
  ])("sees through %s", (text) => {
    expect(profanityIn(text, false).map(({ detail }) => detail)).toEqual(["masked"]);
  });

  it.each([
    "Scunthorpe",
    "Penistone",
    "cocktail",
    "cockpit",
    "assess the class",
    "analysis",
    "canal",
    "titan",
    "button",
    "grape",
    "drapes",
    "therapist",
    "shiitake",
    "Shitake",
    "Essex",
    "Sussex",
    "dickens",
    "peacock",
    "document",
    "cucumber",
    "circumstance",
    "snigger",
    "pussy bow blouse",
    "rapeseed oil",
    "Maine coon",
    "kitchen-cum-diner",
    "flame retardant",
    "pricked my finger",
    "バカ売れ",
    "バカンス",
    "バカラのグラス",
    "親バカ",
    "サブスク",
    "ファックス",
    "フェラーリ",
    "イエロー",
    "メイク",
    "ポケット",
    "エアバッグ",
    "パチンコ",
    "カスタム",
    "ハゲタカ",
    "デブリ",
    "しなければかなり",
    "そればかり",
    "あればかわいい",
    "コーヒー・バー",
    "A・B・C",
    "工場",
    "力仕事",
    "二口コンロ",
    "飲まんことには",
    "ぶっかけうどん",
    "スリット",
    "フック",
    "なめらか",
    "裸足",
    "人種",
    "糖質制限",
    "土方さん",
    "支那そば",
    "○○さん",
    "バ○○",
    "セ○",
  ])("leaves %s alone", (text) => {
    expect(profanityIn(text, false)).toEqual([]);
  });

  it.each(["ass", "sucks", "boobs", "nude", "sexy", "バカ", "アホ", "デブ", "おっぱい", "お尻", "女の子"])(
    "holds %s only where the shop wants mild words looked at",
    (text) => {
      expect(profanityIn(text, false)).toEqual([]);
      expect(profanityIn(text, true)).not.toEqual([]);
    },
  );

  it("says where the word is, as it was written", () => {
    const text = "とても ば○か な ｆｕｃｋ です";
    expect(profanityIn(text, false).map(({ from, to }) => text.slice(from, to))).toEqual(["ば○か", "ｆｕｃｋ"]);
  });
});

describe("the shop's own words", () => {
  it("are whole words in English and anywhere in Japanese", () => {
    const words = ["rival tea", "ライバル", "c++", "50%"];
    const found = (text: string) => findShopWords(body(text), words).length;
    expect(
      ["Rival  Tea is better", "ＲＩＶＡＬ ＴＥＡ", "ライバル社の方が", "I love C++", "50% off"].map(found),
    ).toEqual([1, 1, 1, 1, 1]);
    expect(["arrival teas", "rivalteam", "150%", "ライ麦"].map(found)).toEqual([0, 0, 0, 0]);
    expect(findShopWords(body("anything"), [])).toEqual([]);
  });
});
