// Questions that many shops ask, ready to be taken over. Pure.
import type { ReviewQuestion } from "../../../reviews/review-settings";

const options = (...texts: [string, string, string][]) => texts.map(([id, en, ja]) => ({ id, label: { en, ja } }));

export const QUESTION_IDEAS: ReviewQuestion[] = [
  {
    id: "fit",
    kind: "scale",
    label: { en: "How does it fit?", ja: "サイズ感" },
    options: options(
      ["small", "Runs small", "小さめ"],
      ["slightly-small", "Slightly small", "やや小さめ"],
      ["true", "True to size", "ちょうどよい"],
      ["slightly-large", "Slightly large", "やや大きめ"],
      ["large", "Runs large", "大きめ"],
    ),
    productTypes: [],
    aboutAuthor: false,
  },
  {
    id: "height",
    kind: "choice",
    label: { en: "Your height", ja: "身長" },
    options: options(
      ["under-150", "Under 150 cm", "150cm未満"],
      ["150-159", "150–159 cm", "150〜159cm"],
      ["160-169", "160–169 cm", "160〜169cm"],
      ["170-179", "170–179 cm", "170〜179cm"],
      ["over-180", "180 cm or more", "180cm以上"],
    ),
    productTypes: [],
    aboutAuthor: true,
  },
  {
    id: "skin",
    kind: "choice",
    label: { en: "Your skin type", ja: "肌質" },
    options: options(
      ["dry", "Dry", "乾燥肌"],
      ["normal", "Normal", "普通肌"],
      ["oily", "Oily", "脂性肌"],
      ["mixed", "Combination", "混合肌"],
      ["sensitive", "Sensitive", "敏感肌"],
    ),
    productTypes: [],
    aboutAuthor: true,
  },
  {
    id: "age",
    kind: "choice",
    label: { en: "Your age", ja: "年代" },
    options: options(
      ["under-20", "Under 20", "10代以下"],
      ["20s", "20–29", "20代"],
      ["30s", "30–39", "30代"],
      ["40s", "40–49", "40代"],
      ["50s", "50–59", "50代"],
      ["over-60", "60 or more", "60代以上"],
    ),
    productTypes: [],
    aboutAuthor: true,
  },
  {
    id: "taste",
    kind: "scale",
    label: { en: "How sweet is it?", ja: "甘さ" },
    options: options(
      ["light", "Not sweet", "ひかえめ"],
      ["medium", "Just right", "ほどよい"],
      ["strong", "Very sweet", "しっかり甘い"],
    ),
    productTypes: [],
    aboutAuthor: false,
  },
];
