// What shoppers talk about: topics that make sense across shops, with the words that name them. Terms are
// base forms; English ones also match their plural, a trailing * any ending. Pure data.
export interface Topic {
  id: string;
  name: { en: string; ja: string };
  en: readonly string[];
  ja: readonly string[];
}

const words = (text: string): string[] => text.split(" ");
const topic = (id: string, en: string, ja: string, enTerms: string, jaTerms: string): Topic => ({
  id,
  name: { en, ja },
  en: words(enTerms),
  ja: words(jaTerms),
});

export const TOPICS: readonly Topic[] = [
  topic(
    "quality",
    "Quality",
    "品質",
    "quality well-made workmanship craftsmanship build finish finishing stitching seam",
    "品質 質 クオリティ 作り 造り 仕上がり 仕立て 縫製 出来",
  ),
  topic(
    "price",
    "Price",
    "価格",
    "price priced cost value money expensive cheap affordable pricey overpriced bargain",
    "値段 価格 コスパ コストパフォーマンス 高い 安い 値打ち お得 割高 割安 お値打ち",
  ),
  topic(
    "size",
    "Size",
    "サイズ",
    "size sizing big small large tiny huge long short length width",
    "サイズ 大きさ 大きい 小さい 大き目 小さ目 大きめ 小さめ 長さ 丈 幅 寸法",
  ),
  topic(
    "fit",
    "Fit",
    "着心地・フィット感",
    "fit fitting tight loose snug baggy comfortable comfort comfy uncomfortable",
    "フィット 着心地 履き心地 着用 きつい ゆるい 緩い 窮屈 ぴったり 付け心地 かけ心地 使い心地",
  ),
  topic("colour", "Colour", "色", "color colour colored coloured shade hue", "色 色味 色合い カラー 発色 色落ち"),
  topic(
    "design",
    "Design",
    "デザイン",
    "design designed look style stylish shape pattern cute pretty elegant beautiful gorgeous ugly",
    "デザイン 見た目 形 柄 おしゃれ オシャレ お洒落 可愛い かわいい 素敵 シンプル 上品 雰囲気 見映え",
  ),
  topic(
    "material",
    "Material",
    "素材",
    "material fabric cotton leather wool linen texture feel touch soft softness thick thin",
    "素材 生地 布 革 綿 ウール リネン 手触り 肌触り 質感 柔らかい やわらかい 厚い 薄い 厚み",
  ),
  topic(
    "durability",
    "Durability",
    "丈夫さ",
    "durable durability sturdy last lasted broke broken break fell tore torn ripped peel* scratch* flimsy robust",
    "丈夫 耐久 頑丈 長持ち 壊れる 破れる 割れる 取れる 外れる 剥がれる ほつれる 傷 長年",
  ),
  topic(
    "scent",
    "Scent",
    "香り",
    "scent smell fragrance aroma perfume odor odour smelly stink*",
    "香り 匂い におい 臭い 香料 芳香 無香料",
  ),
  topic(
    "taste",
    "Taste",
    "味",
    "taste flavor flavour delicious tasty yummy bitter sweet salty bland aftertaste juicy",
    "味 美味しい おいしい 旨い うまい 風味 甘い 甘さ 苦い 辛い 塩辛い 後味 味わい 食感 不味い まずい",
  ),
  topic(
    "freshness",
    "Freshness",
    "鮮度",
    "fresh freshness stale rotten expired ripe",
    "鮮度 新鮮 日持ち 賞味期限 腐る 傷む",
  ),
  topic(
    "skin",
    "Skin",
    "肌への合い方",
    "skin irritat* rash sensitive breakout* redness itchy itch allergic gentle",
    "肌 敏感肌 乾燥肌 刺激 かゆい かゆみ 痒い かぶれる 荒れる 赤み ニキビ 肌荒れ しみる",
  ),
  topic(
    "moisture",
    "Moisture",
    "うるおい",
    "moistur* hydrat* dry dryness greasy oily sticky absorb*",
    "保湿 うるおい 潤い 潤う 乾燥 しっとり べたつく ベタつく べたつき ベタつき さっぱり 浸透 もちもち かさつく",
  ),
  topic(
    "effect",
    "Effect",
    "効果",
    "effect effective result work worked works difference improve* improvement",
    "効果 効き目 効く 変化 実感 改善 違い",
  ),
  topic(
    "ease",
    "Ease of use",
    "使いやすさ",
    "easy easily simple convenient handy practical difficult hard awkward assemble assembly instruction manual setup use",
    "使いやすい 便利 簡単 手軽 使い勝手 使いづらい 使いにくい 不便 難しい 説明書 組み立て 持ちやすい 操作",
  ),
  topic("weight", "Weight", "重さ", "weight light lightweight heavy", "重さ 軽い 重い 軽量 軽さ 重量"),
  topic(
    "cleaning",
    "Washing and care",
    "お手入れ",
    "wash washed washing clean cleaning laundry shrink shrank shrunk stain wrinkle*",
    "洗濯 洗う 手入れ お手入れ 縮む 汚れ 汚れる シワ しわ 掃除 食洗機",
  ),
  topic("sound", "Sound", "音", "sound noise noisy quiet loud audio", "音 音質 騒音 静か うるさい"),
  topic("battery", "Battery", "電池", "battery charge charging charger", "電池 バッテリー 充電"),
  topic(
    "storage",
    "Room inside",
    "収納",
    "pocket storage compartment capacity space roomy fits",
    "収納 ポケット 容量 入る スペース",
  ),
  topic(
    "packaging",
    "Packaging",
    "梱包",
    "package packaged packaging box wrap wrapped wrapping packed",
    "梱包 包装 箱 パッケージ ラッピング 袋 容器",
  ),
  topic(
    "delivery",
    "Delivery",
    "配送",
    "delivery delivered shipping shipped arrive arrived late courier",
    "配送 発送 届く 到着 配達 お届け 遅い 早い 迅速",
  ),
  topic(
    "service",
    "Service",
    "対応",
    "service support staff seller customer-service reply replied response refund exchange return",
    "対応 接客 スタッフ 店員 サポート 問い合わせ 返信 返品 交換 返金 連絡",
  ),
  topic(
    "gift",
    "As a gift",
    "贈り物",
    "gift present birthday wedding",
    "ギフト プレゼント 贈り物 誕生日 お祝い 手土産 母の日 父の日",
  ),
  topic(
    "description",
    "As described",
    "説明どおりか",
    "description described picture photo photos advertised expected",
    "写真 画像 説明 イメージ 期待 思う 想像",
  ),
  topic("amount", "Amount", "量", "amount quantity portion refill", "量 分量 容量 たっぷり 内容量 減る"),
];
