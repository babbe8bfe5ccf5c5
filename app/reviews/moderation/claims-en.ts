// The same for English words, of a smaller list: claims of cure, of changes in the body and of certainty. ~ stands
// for a few other words of the sentence. Pure.
import type { ClaimGroup } from "./claims-ja";

export const CLAIMS_EN: readonly ClaimGroup[] = [
  {
    id: "cure",
    article: "yakkiho-68",
    why: {
      en: "Says that a product cures a disease or an injury: only approved medicines may.",
      ja: "病気やけがが治るという表現は、承認された医薬品でなければ広告できません。",
    },
    phrases: [
      "cured my",
      "cures ~ (?:eczema|psoriasis|acne|arthritis|diabetes|depression|anxiety|insomnia|asthma|allerg(?:y|ies)|migraines?|covid|flu|colds?|back pain)",
      "healed my (?:eczema|psoriasis|acne|arthritis|back|knee|wound|skin condition|gut)",
      "got rid of my (?:eczema|psoriasis|arthritis|migraines?|back pain|asthma|allergies|anxiety|depression|tinnitus)",
      "(?:eczema|psoriasis|arthritis|migraines?|back pain|asthma|tinnitus) (?:is|has|have) (?:completely )?(?:gone|disappeared|vanished)",
      "no longer need (?:my )?(?:medication|medicine|pills|insulin|inhaler|surgery)",
      "came off my (?:medication|meds)",
      "stopped taking my (?:medication|meds|medicine)",
      "prevents? (?:covid|the flu|colds|infections?|disease)",
      "restored my (?:eyesight|vision|hearing)",
      "better than (?:any )?(?:medicine|medication|prescription)",
    ],
  },
  {
    id: "grave-disease",
    article: "yakkiho-67",
    why: {
      en: "Names cancer: even medicines for it may not be advertised to the public.",
      ja: "がん・肉腫・白血病に関する効能は、医薬品であっても一般向けの広告が制限されています。",
    },
    phrases: [
      "(?:cures?|cured|fights?|kills?|prevents?|treats?|treated|shrinks?|shrank) ~ (?:cancer|tumou?rs?|leuka?emia)",
      "(?:cancer|tumou?r) ~ (?:disappeared|is gone|shrank|went away)",
    ],
  },
  {
    id: "lifestyle-disease",
    article: "yakkiho-68",
    why: {
      en: "Says that blood pressure, blood sugar or the like improve: an effect on the body that only medicines may promise.",
      ja: "血圧や血糖値などを改善するという表現は、医薬品的な効能にあたります。",
    },
    phrases: [
      "(?:lowers?|lowered|reduces?|reduced) ~ (?:blood pressure|blood sugar|cholesterol|a1c)",
      "(?:blood pressure|blood sugar|cholesterol) (?:went|has gone|came|is) (?:way )?down",
      "reversed? my diabetes",
    ],
  },
  {
    id: "body-function",
    article: "yakkiho-68",
    why: {
      en: "Says that a food or a thing changes how the body works: immunity, hormones, metabolism, detoxing.",
      ja: "免疫・ホルモン・代謝・デトックスなど、身体の機能に影響を与えるという表現は医薬品的な効能にあたります。",
    },
    phrases: [
      "(?:boosts?|boosted|strengthens?) ~ (?:immune system|immunity|metabolism|testosterone|fertility)",
      "balances? ~ hormones",
      "(?:detoxes|detoxified|detoxifies|flushes) ~ (?:body|liver|toxins)",
      "regrew ~ hair",
      "hair ~ (?:grew|growing) back",
      "increases? ~ breast size",
    ],
  },
  {
    id: "slimming",
    article: "keihyoho-5-1",
    why: {
      en: "Promises losing weight without effort: such results have to be proved, and are refused time and again.",
      ja: "努力なしで痩せるという表現には合理的な根拠が必要で、優良誤認とされる例が多くあります。",
    },
    phrases: [
      "lost \\d+ ?(?:pounds|lbs?|kg|kilos|stone)",
      "(?:melts?|melted|burns?|burned) ~ (?:belly )?fat",
      "lose weight without",
      "guaranteed weight loss",
      "lost ~ (?:inches|cm) (?:off|from) my (?:waist|hips|thighs)",
    ],
  },
  {
    id: "cosmetic-beyond",
    article: "yakkiho-66",
    why: {
      en: "Says that a cosmetic does more than cosmetics may be said to do: removing spots, wrinkles and sagging, restoring cells.",
      ja: "化粧品に認められた効能の範囲を超えています（シミ・シワが消える、若返る、細胞が再生するなど）。",
    },
    phrases: [
      "(?:wrinkles|fine lines|dark spots|age spots|stretch marks|acne scars|crow'?s feet) ~ (?:disappeared|gone|vanished|erased)",
      "(?:erases?|erased|removed|got rid of|eliminates?) ~ (?:wrinkles|fine lines|dark spots|age spots|stretch marks|acne scars)",
      "cleared (?:up )?my (?:acne|rosacea|eczema)",
      "look (?:10|ten|20|twenty|15) years younger",
      "reverses? (?:the )?(?:aging|ageing|signs of ag)",
      "like (?:botox|a facelift)",
    ],
  },
  {
    id: "safety",
    article: "yakkiho-66",
    why: {
      en: "Guarantees safety or effect: no effect is certain for everybody.",
      ja: "効能・効果や安全性を保証する表現は、誰にとっても確実ではないため禁じられています。",
    },
    phrases: [
      "(?:no|zero|without(?: any)?) side[- ]effects",
      "100 ?% (?:safe|effective)",
      "clinically proven",
      "(?:doctors?|dermatologists?) recommend(?:ed|s)?",
      "fda[- ]approved",
      "works for everyone",
      "guaranteed (?:results|to work)",
    ],
  },
];
