// What a shop may not say about health and beauty in Japan, and what therefore becomes its own claim once it shows
// a review that says it. Each line: the phrases, the article they concern, and why. Written for this product. Pure.
//
// In a phrase ~ stands for a few other characters of the same sentence: シミ~消え is シミがすっかり消え, too.

/** The articles, by the code that findings carry. */
export const ARTICLES = {
  "yakkiho-66": {
    ja: "薬機法第66条（誇大広告等の禁止）",
    en: "Pharmaceutical and Medical Device Act, article 66 (exaggerated advertising)",
  },
  "yakkiho-67": {
    ja: "薬機法第67条（特定疾病用の医薬品等の広告の制限）",
    en: "Pharmaceutical and Medical Device Act, article 67 (advertising of treatments for specified diseases)",
  },
  "yakkiho-68": {
    ja: "薬機法第68条（承認前の医薬品等の広告の禁止）",
    en: "Pharmaceutical and Medical Device Act, article 68 (advertising of unapproved medicines and devices)",
  },
  "keihyoho-5-1": {
    ja: "景品表示法第5条第1号（優良誤認）",
    en: "Premiums and Representations Act, article 5(1) (misleading about quality)",
  },
  "keihyoho-5-2": {
    ja: "景品表示法第5条第2号（有利誤認）",
    en: "Premiums and Representations Act, article 5(2) (misleading about terms)",
  },
  "kenko-65": {
    ja: "健康増進法第65条（誇大表示の禁止）",
    en: "Health Promotion Act, article 65 (exaggerated health claims of food)",
  },
} as const;
export type Article = keyof typeof ARTICLES;

export interface ClaimGroup {
  article: Article;
  /** Stands in findings; never changes. */
  id: string;
  why: { en: string; ja: string };
  phrases: readonly string[];
}

const list = (phrases: string) => phrases.split(",").map((phrase) => phrase.trim());

export const CLAIMS_JA: readonly ClaimGroup[] = [
  {
    id: "cure",
    article: "yakkiho-68",
    why: {
      en: "Says that a product cures a disease or an injury: only approved medicines may.",
      ja: "病気やけがが治るという表現は、承認された医薬品でなければ広告できません。",
    },
    phrases: list(`
      アトピー~治, アトピー~良くな, アトピー~よくな, アトピー~改善, アトピー~消え, 湿疹~治, 湿疹~消え,
      じんましん~治, 蕁麻疹~治, 水虫~治, ヘルペス~治, 帯状疱疹~治, 花粉症~治, 花粉症~楽にな, 花粉症~改善,
      鼻炎~治, 喘息~治, ぜんそく~治, 腰痛~治, 腰痛~消え, 肩こり~治, 肩こり~消え, 肩こり~解消, 肩こり~なくな,
      頭痛~治, 頭痛~消え, 膝の痛み~消え, 膝の痛み~なくな, 関節痛~治, 神経痛~治, リウマチ~治, 椎間板ヘルニア~治,
      ヘルニア~治, 痛風~治, 痔~治, 便秘~治, 便秘~解消, 便秘~改善, 胃炎~治, 不眠症~治, 不眠~改善, うつ病~治,
      鬱~治, うつ病~改善, 自律神経~整, 自律神経失調症~治, 更年期障害~治, 更年期~改善, 生理痛~治, 生理痛~なくな,
      生理不順~治, PMS~改善, 冷え性~治, 冷え性~改善, むくみ~解消, 口内炎~治, 歯周病~治, 歯周病~防, 虫歯~治,
      虫歯~防げ, やけど~治, 傷~早く治, 病気~治, 持病~治, 難病~治, 風邪~治, インフルエンザ~防, コロナ~予防,
      コロナ~防げ, ウイルス~死滅, 感染~予防でき, がん(?!ば|こ|ぼ|も|じ|が|ば)~予防, 視力~回復, 視力~良くな,
      老眼~治, 耳鳴り~治, 難聴~治, 完治し, 治癒し, 薬~いらなくな, 薬~必要なくな, 薬~やめられ, 病院~行かなくて,
      医者~いらない, 手術~しなくて
    `),
  },
  {
    id: "grave-disease",
    article: "yakkiho-67",
    why: {
      en: "Names cancer, sarcoma or leukaemia: even medicines for these may not be advertised to the public.",
      ja: "がん・肉腫・白血病に関する効能は、医薬品であっても一般向けの広告が制限されています。",
    },
    phrases: list(`
      がん(?!ば|こ|ぼ|も|じ|が|ば)~治, (?<![ァ-ヶー])ガン(?![ァ-ヶー])~治, 癌~治,
      がん(?!ば|こ|ぼ|も|じ|が|ば)~消え, (?<![ァ-ヶー])ガン(?![ァ-ヶー])~消え, 癌~消え, 癌~効,
      がん(?!ば|こ|ぼ|も|じ|が|ば)~効, (?<![ァ-ヶー])ガン(?![ァ-ヶー])~効, がん(?!ば|こ|ぼ|も|じ|が|ば)細胞~,
      癌細胞~, 腫瘍~消え, 腫瘍~小さくな, 白血病~治, 肉腫~治, 抗がん作用, 抗癌作用, 抗ガン作用
    `),
  },
  {
    id: "lifestyle-disease",
    article: "yakkiho-68",
    why: {
      en: "Says that blood pressure, blood sugar or the like improve: an effect on the body that only medicines may promise.",
      ja: "血圧や血糖値などを改善するという表現は、医薬品的な効能にあたります。",
    },
    phrases: list(`
      血圧~下が, 血圧~下げ, 高血圧~治, 高血圧~改善, 血糖値~下が, 血糖値~下げ, 血糖値~改善, 糖尿病~治,
      糖尿病~改善, 糖尿病~予防, コレステロール~下が, コレステロール~減, 中性脂肪~下が, 中性脂肪~減,
      尿酸値~下が, 肝機能~改善, 肝臓~良くな, 動脈硬化~, 血液~サラサラ, 血液~さらさら, 血行~促進, 血流~改善,
      心臓病~, 脳梗塞~予防, 認知症~予防, 認知症~改善, ボケ防止, 骨粗しょう症~, 骨密度~上が
    `),
  },
  {
    id: "body-function",
    article: "yakkiho-68",
    why: {
      en: "Says that a food or a thing changes how the body works: immunity, hormones, metabolism, detoxing.",
      ja: "免疫・ホルモン・代謝・デトックスなど、身体の機能に影響を与えるという表現は医薬品的な効能にあたります。",
    },
    phrases: list(`
      免疫力~上が, 免疫力~高ま, 免疫力~アップ, 免疫~上が, 自然治癒力~, ホルモンバランス~整, 女性ホルモン~増,
      代謝~上が, 基礎代謝~アップ, 新陳代謝~促, デトックス効果, 毒素~排出, 毒素~出, 老廃物~排出, 老廃物~流れ,
      宿便~, 疲労回復効果, 疲労回復, 疲れ~取れ, 疲労~取れ, 滋養強壮, 体力~回復し, 精力~増強, 精力~ついた,
      勃起力~, 精力剤~, 妊娠できた, 妊娠できまし, 不妊~改善, 不妊症~治, 母乳~増え, 母乳~出るように,
      二日酔い~しなく, 二日酔い~治, 腸内環境~改善, 整腸作用, 記憶力~上が, 身長~伸びるサプリ, バスト~大きく,
      バストアップし, 胸~大きくな, 豊胸効果, 骨盤~矯正, 小顔~矯正, 猫背~治, O脚~治, 姿勢~矯正され
    `),
  },
  {
    id: "slimming",
    article: "keihyoho-5-1",
    why: {
      en: "Promises losing weight without effort: such results have to be proved, and are refused time and again.",
      ja: "努力なしで痩せるという表現には合理的な根拠が必要で、優良誤認とされる例が多くあります。",
    },
    phrases: list(`
      飲むだけで~痩せ, 飲むだけで~やせ, 貼るだけで~痩せ, 貼るだけで~やせ, 着るだけで~痩せ, 履くだけで~痩せ,
      塗るだけで~痩せ, 寝てるだけで~痩せ, 寝ている間に~痩せ, 食べても太らな, 食べながら~痩せ,
      運動しなくても~痩せ, 食事制限なしで~, リバウンド~しない, リバウンドなし, 必ず痩せ, 絶対痩せ, 確実に痩せ,
      誰でも痩せ, 楽に痩せ, みるみる痩せ, 短期間で~痩せ, 1週間で~キロ~痩せ, 1か月で~キロ~痩せ,
      一ヶ月で~キロ~減, 1ヶ月で~キロ~減, 1ヶ月で~kg~減, 2週間で~kg~減, 体重~キロ落ち, キロ痩せました,
      kg痩せました, キロ減りました, キロ減った, kg減りました, kg減った, キロ痩せた, kg痩せた, 体脂肪~減,
      内臓脂肪~減, 内臓脂肪~落ち, 脂肪~燃焼, 脂肪~分解, 脂肪~溶け, セルライト~消え, セルライト~なくな,
      部分痩せ, ウエスト~細くなりました, ウエスト~cm減, 脚~細くな, 顔~小さくな, お腹~へこ, 激やせ, 激痩せ
    `),
  },
  {
    id: "food-health",
    article: "kenko-65",
    why: {
      en: "Praises a food for what it does to health, as if it were proved.",
      ja: "食品の健康保持増進効果について、著しく事実に相違する、または誤認させる表現は禁じられています。",
    },
    phrases: list(`
      飲むだけで健康, 食べるだけで健康, 飲めば~健康にな, 病気~なりにく, 病気~ならなくな, 病気~予防, 病気知らず,
      若返り効果, 寿命~延び, 長生きでき, アンチエイジング効果, 糖~吸収を抑え, 脂肪~吸収を抑え, 酵素で~痩せ,
      活性酸素~除去, 体質~改善, アレルギー~治, アレルギー~改善, アレルギー~出なくな, 体の中から~若返
    `),
  },
  {
    id: "cosmetic-beyond",
    article: "yakkiho-66",
    why: {
      en: "Says that a cosmetic does more than cosmetics may be said to do: removing spots, wrinkles and sagging, restoring cells.",
      ja: "化粧品に認められた効能の範囲を超えています（シミ・シワが消える、若返る、細胞が再生するなど）。",
    },
    phrases: list(`
      シミ(?!ュ)~消え, シミ(?!ュ)~なくな, シミ(?!ュ)~取れ, シミ(?!ュ)~薄くな,
      (?<![ぁ-ん楽親惜悲苦憎])しみ(?![じこるまてたなに])~消え,
      (?<![ぁ-ん楽親惜悲苦憎])しみ(?![じこるまてたなに])~薄くな, シワ~消え, シワ~なくな, しわ~消え,
      しわ~なくな, ほうれい線~消え, ほうれい線~なくな, ほうれい線~薄くな, たるみ~消え, たるみ~なくな,
      たるみ~改善, たるみ~解消, リフトアップし, リフトアップ効果, 小じわ~消え, 目尻のシワ~, 目の下のクマ~消え,
      目のクマ~消え, クマが消え, 目の下のクマ~なくな, くすみ~消え, 毛穴~消え, 毛穴~なくな, 毛穴~閉じ,
      黒ずみ~消え, ニキビ~治, にきび~治, ニキビ~消え, ニキビ跡~消え, ニキビ跡~治, 肌荒れ~治, 肌荒れ~改善,
      赤ら顔~治, そばかす~消え, イボ~取れ, ほくろ~取れ, 傷跡~消え, 妊娠線~消え, 肌~再生, 細胞~再生,
      細胞~活性化, 細胞~蘇, ターンオーバー~促進, コラーゲン~増え, 真皮~届, 肌の奥~届, 角質層の奥~届, 肌質~改善,
      若返っ, 若返り, 10歳若, 5歳若, 20歳若, 老化~防, 老化~止ま, エイジングケア~シワ~消, 美白効果, 美白され,
      肌~白くな, 色白にな, アンチエイジング~効, ヒアルロン酸~注入, ボトックス~効果, 整形級, デトックス~肌,
      敏感肌~治, 乾燥肌~治
    `),
  },
  {
    id: "hair",
    article: "yakkiho-66",
    why: {
      en: "Says that hair grows or comes back: only approved quasi-drugs and medicines may, in their own words.",
      ja: "発毛・育毛・白髪改善などは、承認された医薬部外品・医薬品以外では表現できません。",
    },
    phrases: list(`
      髪~生え, うぶ毛~生え, 産毛~生え, 髪の毛~増え, 髪が増え, 毛量~増え, 発毛効果, 発毛し, 育毛効果,
      抜け毛~なくな, 抜け毛~減, 抜け毛~止ま, 薄毛~改善, 薄毛~治, 薄毛~解消, ハゲ~治, 白髪~なくな, 白髪~治,
      白髪~減, AGA~治, AGA~改善, まつ毛美容液~伸び, まつ毛~生え, 眉毛~生え, 永久脱毛, 毛~生えてこなくな,
      ムダ毛~生えなく
    `),
  },
  {
    id: "safety",
    article: "yakkiho-66",
    why: {
      en: "Guarantees safety or effect: no effect is certain for everybody.",
      ja: "効能・効果や安全性を保証する表現は、誰にとっても確実ではないため禁じられています。",
    },
    phrases: list(`
      副作用~ない, 副作用~ありません, 副作用なし, 副作用ゼロ, 絶対~安全, 100%安全, 100%効, 必ず効, 絶対効,
      確実に効, 絶対に治, 必ず治, 誰にでも効, 万病に効, 何にでも効, 即効性~ある, 飲んだその日に効, 一発で治,
      一晩で治, 医師も認め, 医者が勧め, 医師が推奨, 薬よりも効, 薬より効, 臨床試験で証明, 医学的に証明,
      科学的に証明, 厚生労働省~認め, 厚労省認可
    `),
  },
  {
    id: "devices",
    article: "yakkiho-68",
    why: {
      en: "Gives a thing that is no approved medical device the effect of one.",
      ja: "医療機器として承認されていない製品に、医療機器のような効能をうたっています。",
    },
    phrases: list(`
      磁気~血行, ゲルマニウム~効, トルマリン~効, 遠赤外線~血行, マイナスイオン~健康, 電磁波~カット~健康,
      コリ~ほぐれて治, 着るだけで~肩こり, 貼るだけで~痛み, 巻くだけで~痛み, 履くだけで~むくみ, 寝るだけで~腰痛,
      いびき~治, 無呼吸~治, 睡眠の質~改善され, ストレス解消効果
    `),
  },
  {
    id: "superlative",
    article: "keihyoho-5-1",
    why: {
      en: "Says that it is the best of all, or proved, without saying by whom.",
      ja: "根拠のない最上級・No.1・実証済みなどの表現は優良誤認のおそれがあります。",
    },
    phrases: list(`
      世界一効, 日本一効, 業界No.1の効果, 効果No.1, 満足度No.1, 効果は実証済み, 効果実証済み, 医療レベルの効果,
      除菌率100%, 除菌率99.9%~人体, ウイルス~99.9%, 抗菌率100%, 完全に除菌, 空間除菌, カビ~二度と生え,
      害虫~完全に
    `),
  },
  {
    id: "terms",
    article: "keihyoho-5-2",
    why: {
      en: "Says that the price or the terms are better than anywhere, or about to end.",
      ja: "根拠のない最安値・今だけなどの表現は有利誤認のおそれがあります。",
    },
    phrases: list(`
      地域最安値保証, 業界最安値, どこよりも安い保証, 日本最安値, 今だけ半額, 実質無料で手に入, 定価の9割引
    `),
  },
];
