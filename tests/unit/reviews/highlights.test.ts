// What reviews say about what: measured on sentences labelled by hand, and by cases.
import { describe, expect, it } from "vitest";

import { mentionsOf, sentenceSentiment } from "../../../app/reviews/highlights/mentions";
import { japaneseTokenizer } from "../../../app/reviews/highlights/tokenize-japanese.server";
import * as english from "../../../app/reviews/highlights/words-en";
import * as japanese from "../../../app/reviews/highlights/words-ja";
import { ENGLISH, JAPANESE, type LabelledSentence } from "../../fixtures/review-sentences";
import { JAPANESE_ELSEWHERE } from "../../fixtures/review-sentences-elsewhere";

const AGREEMENT = 0.8;
const tokenize = await japaneseTokenizer();
const mentions = (...texts: string[]) =>
  Object.fromEntries(mentionsOf(texts, tokenize).map(({ topic, sentiment }) => [topic, sentiment]));

describe("the sentiment of a sentence", () => {
  // Word lists grew from what the even sentences showed; the odd ones check them.
  const half = (all: readonly LabelledSentence[], rest: 0 | 1) => all.filter((_, index) => index % 2 === rest);
  it.each([
    ["English, even", half(ENGLISH, 0)],
    ["English, odd", half(ENGLISH, 1)],
    ["Japanese, even", half(JAPANESE, 0)],
    ["Japanese, odd", half(JAPANESE, 1)],
    ["Japanese, about things that no list grew with", JAPANESE_ELSEWHERE],
  ])("agrees with people on four sentences of five: %s", (_, sentences) => {
    const disagreements = sentences.flatMap(([sentence, label]) => {
      const found = sentenceSentiment(sentence, tokenize);
      return found === label ? [] : [`${sentence} is ${label}, not ${found}`];
    });
    const agreement = 1 - disagreements.length / sentences.length;
    expect(agreement, disagreements.join("\n")).toBeGreaterThanOrEqual(AGREEMENT);
  });

  it.each([ENGLISH, JAPANESE])("is measured on enough sentences of each kind", (...sentences) => {
    const count = (label: number) => sentences.filter((row) => row[1] === label).length;
    expect(new Set(sentences.map(([sentence]) => sentence)).size).toBeGreaterThanOrEqual(160);
    expect(Math.min(count(1), count(-1))).toBeGreaterThanOrEqual(60);
    expect(count(0)).toBeGreaterThanOrEqual(30);
  });
});

describe("mentions", () => {
  it.each([
    ["The fabric is soft but the delivery was slow.", { material: 1, delivery: -1 }],
    ["Great quality. The smell is horrible, though.", { quality: 1, scent: -1 }],
    ["The box arrived crushed, however the taste is delicious.", { packaging: -1, taste: 1 }],
    ["The colour is not as nice as in the photo.", { colour: -1 }],
    ["生地はとても柔らかいですが、配送が遅かったです。", { material: 1, delivery: -1 }],
    ["香りがとても良いです。味はまずいです。", { scent: 1, taste: -1 }],
    ["縫製が丁寧で満足しています。", { quality: 1 }],
    ["色が写真と違って残念でした。", { colour: -1 }],
  ])("are found with what is said of them: %s", (text, expected) => expect(mentions(text)).toMatchObject(expected));

  it("count a topic once in a review, with what is said of it in all", () => {
    const found = mentionsOf(["The taste is great. I love the taste. Taste again: delicious."], tokenize);
    expect(found.filter(({ topic }) => topic === "taste")).toEqual([{ topic: "taste", sentiment: 1 }]);
    expect(mentions("味が良い。", "味は最高です。", "味がまずい。")).toMatchObject({ taste: 1 });
  });

  it("are none where no topic is named, and where there is no text", () => {
    expect(mentionsOf(["Yes", "I told my neighbour about it.", "また来ます。"], tokenize)).toEqual([]);
    expect(mentionsOf([], tokenize)).toEqual([]);
    expect(mentionsOf(["", "   ", "!!!", "🎉🎉"], tokenize)).toEqual([]);
  });

  it("are found in both languages of one review", () => {
    expect(mentions("香りがとても良いです。\nThe delivery was terribly slow.", "Great quality!")).toMatchObject({
      scent: 1,
      delivery: -1,
      quality: 1,
    });
  });

  it("in Japanese are left out without a tokenizer, and English ones are not", () => {
    expect(mentionsOf(["The taste is great."], null)).toEqual([{ topic: "taste", sentiment: 1 }]);
    expect(mentionsOf(["とても良い買い物でした。"], null)).toEqual([]);
  });
});

describe("hostile text", () => {
  const filled = (part: string, length: number) => part.repeat(Math.ceil(length / part.length)).slice(0, length);

  // How often the tokens of a text are looked at.
  function looks(text: string): number {
    let count = 0;
    const counted = (sentence: string) =>
      tokenize(sentence).map((token) => ({
        ...token,
        get base() {
          count += 1;
          return token.base;
        },
        get surface() {
          count += 1;
          return token.surface;
        },
      }));
    mentionsOf([text], counted);
    return count;
  }

  it.each(["もっと", "高い", "のに", "味", "、が", "良くない", "手放せない", "あ"])(
    "of twice the length costs about twice the steps: %s",
    (part) => expect(looks(filled(part, 5000))).toBeLessThan(3 * looks(filled(part, 2500)) + 1000),
  );

  it("meets no pattern that reads on without an end and then tries again", () => {
    const patterns = [english, japanese].flatMap(({ PRAISING, COMPLAINING }) => [...PRAISING, ...COMPLAINING]);
    expect(patterns.length).toBeGreaterThan(40);
    // An open end may only close its pattern.
    const open = /(?:\.|\[\^[^\]]*\])[*+](?!$|\|)/u;
    expect(patterns.filter((pattern) => open.test(pattern))).toEqual([]);
  });

  it.each([
    "I wish ",
    "not ",
    "could be ",
    "a",
    "'-",
    "too ",
    "no no ",
    "、",
    "。",
    "。\n",
    "\u0000",
    "\ud83d",
    "ﾊﾟ",
    "👍",
  ])("of 5,000 characters is read to its end: %j", (part) =>
    expect(mentionsOf([filled(part, 5000)], tokenize)).toBeInstanceOf(Array),
  );
});
