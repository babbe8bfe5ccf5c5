// Kinari (生成り, "undyed"): a Tokyo shop for skin care, tea and things for the house. Prices in yen, tax inside.
import type { CatalogueCollection, CatalogueItem } from "./catalogue";

const HOUSE = "きなり";
const TEA = "山吹茶園";
const KILN = "波佐見の窯";

export const TOKYO_ITEMS: CatalogueItem[] = [
  {
    en: "Yuzu Rice-Bran Soap",
    ja: "ゆず米ぬか石けん",
    type: "Soap",
    price: 1_320,
    tags: ["bath", "skin", "bestseller"],
    vendor: HOUSE,
    about: {
      en: "Cold-process soap with rice bran and yuzu peel from Kochi. Cures for forty days.",
      ja: "高知のゆず皮と米ぬかを合わせ、四十日寝かせた枠練り石けん。",
    },
  },
  {
    en: "Charcoal Clay Soap",
    ja: "竹炭とクレイの石けん",
    type: "Soap",
    price: 1_430,
    tags: ["bath", "skin"],
    vendor: HOUSE,
    about: {
      en: "Bamboo charcoal and fine clay for skin that gets shiny by noon.",
      ja: "竹炭ときめ細かなクレイ。昼にはテカりやすい肌に。",
    },
  },
  {
    en: "Camellia Face Oil",
    ja: "椿フェイスオイル",
    type: "Serum",
    price: 4_180,
    tags: ["skin", "bestseller"],
    vendor: HOUSE,
    options: {
      name: "Size",
      values: [
        ["15 ml", 4_180],
        ["30 ml", 7_260],
      ],
    },
    about: {
      en: "One ingredient: camellia seeds of the Goto islands, pressed the day they are shelled.",
      ja: "五島列島の椿の種を、殻をむいたその日に搾った一番搾りだけ。",
    },
  },
  {
    en: "Sake Lees Toner",
    ja: "酒粕化粧水",
    type: "Serum",
    price: 2_970,
    tags: ["skin"],
    vendor: HOUSE,
    options: {
      name: "Size",
      values: [
        ["120 ml", 2_970],
        ["Refill 240 ml", 4_950],
      ],
    },
    about: {
      en: "A light toner from the lees of a Fushimi brewery. No fragrance added.",
      ja: "伏見の蔵の酒粕から。香料を加えない、とろみの少ない化粧水。",
    },
  },
  {
    en: "Rice Ferment Cream",
    ja: "米発酵クリーム",
    type: "Cream",
    price: 5_280,
    tags: ["skin", "gift"],
    vendor: HOUSE,
    about: { en: "A night cream that melts at skin temperature.", ja: "体温でほどける、夜のためのクリーム。" },
  },
  {
    en: "Hand Balm Hinoki",
    ja: "ひのきハンドバーム",
    type: "Cream",
    price: 1_980,
    tags: ["skin", "gift"],
    vendor: HOUSE,
    options: {
      name: "Scent",
      values: [
        ["Hinoki", 1_980],
        ["Yuzu", 1_980],
        ["Unscented", 1_870],
      ],
    },
    about: { en: "Beeswax and hinoki. A little is enough.", ja: "みつろうとひのき。少しで足ります。" },
  },
  {
    en: "Bath Salts Five Baths",
    ja: "薬湯 五種セット",
    type: "Bath",
    price: 2_420,
    tags: ["bath", "gift"],
    vendor: HOUSE,
    about: {
      en: "Mugwort, ginger, yuzu, mint and hinoki: one evening each.",
      ja: "よもぎ、しょうが、ゆず、薄荷、ひのき。ひと晩にひとつ。",
    },
  },
  {
    en: "Imabari Face Towel",
    ja: "今治フェイスタオル",
    type: "Towel",
    price: 1_650,
    tags: ["bath", "home"],
    vendor: HOUSE,
    options: {
      name: "Colour",
      values: [
        ["Undyed", 1_650],
        ["Indigo", 1_870],
        ["Persimmon", 1_870],
      ],
    },
    about: { en: "Long loops, washed soft before you get it.", ja: "長めのパイル。届いた日からやわらかい洗い上げ。" },
  },
  {
    en: "Imabari Bath Towel",
    ja: "今治バスタオル",
    type: "Towel",
    price: 3_850,
    tags: ["bath", "home", "gift"],
    vendor: HOUSE,
    options: {
      name: "Colour",
      values: [
        ["Undyed", 3_850],
        ["Indigo", 4_180],
      ],
    },
    about: {
      en: "Dries you at the first touch and itself by the next morning.",
      ja: "一度で水気をとり、翌朝には乾いています。",
    },
  },
  {
    en: "First Flush Sencha",
    ja: "一番茶 煎茶",
    type: "Tea",
    price: 1_404,
    tags: ["tea", "food", "bestseller"],
    vendor: TEA,
    options: {
      name: "Weight",
      values: [
        ["80 g", 1_404],
        ["200 g", 3_132],
      ],
    },
    about: { en: "Shade of May in Uji. Seventy degrees, one minute.", ja: "宇治の五月。七十度で一分。" },
  },
  {
    en: "Hojicha Stem Roast",
    ja: "茎ほうじ茶",
    type: "Tea",
    price: 972,
    tags: ["tea", "food"],
    vendor: TEA,
    options: {
      name: "Weight",
      values: [
        ["100 g", 972],
        ["300 g", 2_592],
      ],
    },
    about: {
      en: "Stems roasted over sand: sweet, low in caffeine, good at night.",
      ja: "砂炒りの茎。甘く、カフェイン控えめで夜にも。",
    },
  },
  {
    en: "Genmaicha with Matcha",
    ja: "抹茶入り玄米茶",
    type: "Tea",
    price: 864,
    tags: ["tea", "food"],
    vendor: TEA,
    about: { en: "Toasted rice, sencha and a spoon of matcha.", ja: "香ばしい玄米に煎茶と抹茶をひとさじ。" },
  },
  {
    en: "Ceremonial Matcha",
    ja: "薄茶 抹茶",
    type: "Tea",
    price: 2_700,
    tags: ["tea", "food", "gift"],
    vendor: TEA,
    options: {
      name: "Weight",
      values: [
        ["20 g", 2_700],
        ["40 g", 4_968],
      ],
    },
    about: { en: "Stone-ground in the week it ships.", ja: "発送の週に石臼で挽きます。" },
  },
  {
    en: "Black Tea from Shizuoka",
    ja: "静岡の和紅茶",
    type: "Tea",
    price: 1_188,
    tags: ["tea", "food"],
    vendor: TEA,
    about: { en: "A soft Japanese black tea that needs no milk.", ja: "ミルクのいらない、やわらかな和紅茶。" },
  },
  {
    en: "Monaka Wafer Sweets",
    ja: "もなか 六個入り",
    type: "Sweets",
    price: 1_620,
    tags: ["food", "gift"],
    vendor: TEA,
    about: { en: "Fill them yourself, so that the wafer stays crisp.", ja: "餡は食べる直前に。皮はいつもぱりっと。" },
  },
  {
    en: "Kyusu Teapot",
    ja: "常滑の急須",
    type: "Teapot",
    price: 6_930,
    tags: ["tea", "tableware", "gift"],
    vendor: KILN,
    options: {
      name: "Colour",
      values: [
        ["Red clay", 6_930],
        ["Black clay", 7_480],
      ],
    },
    about: {
      en: "A 300 ml side-handle pot with a strainer made of the same clay.",
      ja: "三百ミリリットル。茶こしまで同じ土の横手急須。",
    },
  },
  {
    en: "Hasami Tea Cup",
    ja: "波佐見の湯のみ",
    type: "Cup",
    price: 1_870,
    tags: ["tea", "tableware", "bestseller"],
    vendor: KILN,
    options: {
      name: "Glaze",
      values: [
        ["White", 1_870],
        ["Celadon", 2_090],
        ["Iron", 2_090],
      ],
    },
    about: { en: "Thin lip, heavy foot.", ja: "口は薄く、足はどっしり。" },
  },
  {
    en: "Rice Bowl",
    ja: "飯碗",
    type: "Bowl",
    price: 2_200,
    tags: ["tableware", "home"],
    vendor: KILN,
    options: {
      name: "Glaze",
      values: [
        ["White", 2_200],
        ["Celadon", 2_420],
      ],
    },
    about: { en: "Weighs what a rice bowl should weigh.", ja: "飯碗らしい、ちょうどよい重さ。" },
  },
  {
    en: "Lacquer Soup Bowl",
    ja: "漆の汁椀",
    type: "Bowl",
    price: 5_500,
    tags: ["tableware", "gift"],
    vendor: "会津塗工房",
    about: { en: "Horse chestnut under eleven coats of lacquer.", ja: "栃の木地に十一回の塗り。" },
  },
  {
    en: "Chopsticks Pair",
    ja: "夫婦箸",
    type: "Chopsticks",
    price: 3_300,
    tags: ["tableware", "gift"],
    vendor: "会津塗工房",
    about: { en: "Two pairs in a paulownia box.", ja: "桐箱入りの二膳。" },
  },
  {
    en: "Soy Candle Kinmokusei",
    ja: "金木犀のソイキャンドル",
    type: "Candle",
    price: 3_080,
    tags: ["home", "gift"],
    vendor: HOUSE,
    options: {
      name: "Scent",
      values: [
        ["Kinmokusei", 3_080],
        ["Cedar", 3_080],
      ],
    },
    soldOut: ["Cedar"],
    about: { en: "Burns forty hours and smells of the first week of October.", ja: "四十時間、十月のはじめの香り。" },
  },
  {
    en: "Incense Morning",
    ja: "朝のお香",
    type: "Incense",
    price: 1_540,
    tags: ["home"],
    vendor: "淡路梅薫堂本舗",
    about: {
      en: "Sticks of twenty minutes, for airing the room with the windows open.",
      ja: "二十分のお線香。窓を開けて、空気を入れ替える朝に。",
    },
  },
  {
    en: "Linen Kitchen Cloth",
    ja: "リネンのふきん",
    type: "Towel",
    price: 1_210,
    tags: ["home"],
    vendor: HOUSE,
    options: {
      name: "Set",
      values: [
        ["One", 1_210],
        ["Three", 3_300],
      ],
    },
    about: { en: "Linen from Shiga that polishes glass without lint.", ja: "毛羽の出ない近江の麻。グラス磨きに。" },
  },
  {
    en: "Letter Paper Set",
    ja: "手紙のセット",
    type: "Paper",
    price: 1_100,
    tags: ["home", "gift"],
    vendor: HOUSE,
    about: { en: "Twenty sheets of Mino paper and ten envelopes.", ja: "美濃紙の便箋二十枚と封筒十枚。" },
  },
  {
    en: "Welcome Gift Box",
    ja: "はじめての詰め合わせ",
    type: "Box",
    price: 4_950,
    compareAt: 5_590,
    tags: ["gift", "skin"],
    vendor: HOUSE,
    about: { en: "Soap, toner and hand balm in travel sizes.", ja: "石けん、化粧水、ハンドバームの小さな詰め合わせ。" },
  },
  {
    en: "Kinari Gift Card",
    ja: "きなり ギフトカード",
    type: "Gift card",
    price: 3_000,
    tags: ["gift"],
    vendor: HOUSE,
    options: {
      name: "Value",
      values: [
        ["¥3,000", 3_000],
        ["¥5,000", 5_000],
        ["¥10,000", 10_000],
      ],
    },
    about: { en: "Sent by e-mail, good for five years.", ja: "メールで届き、五年間お使いいただけます。" },
  },
];

export const TOKYO_COLLECTIONS: CatalogueCollection[] = [
  { handle: "bestsellers", en: "Bestsellers", ja: "人気の品", tag: "bestseller" },
  { handle: "skin-care", en: "Skin care", ja: "スキンケア", tag: "skin" },
  { handle: "bath", en: "Bath", ja: "お風呂", tag: "bath" },
  { handle: "tea", en: "Tea", ja: "お茶", tag: "tea" },
  { handle: "tableware", en: "Tableware", ja: "うつわ", tag: "tableware" },
  { handle: "home", en: "For the house", ja: "暮らしの道具", tag: "home" },
  { handle: "gifts", en: "Gifts", ja: "贈りもの", tag: "gift" },
];

/** Family name and given name, with the letters that make the e-mail address. */
export const TOKYO_FAMILY: [string, string][] = [["佐藤", "sato"], ["鈴木", "suzuki"], ["高橋", "takahashi"], ["田中", "tanaka"], ["伊藤", "ito"], ["渡辺", "watanabe"], ["山本", "yamamoto"], ["中村", "nakamura"], ["小林", "kobayashi"], ["加藤", "kato"], ["吉田", "yoshida"], ["山田", "yamada"], ["佐々木", "sasaki"], ["山口", "yamaguchi"], ["松本", "matsumoto"], ["井上", "inoue"], ["木村", "kimura"], ["林", "hayashi"], ["斎藤", "saito"], ["清水", "shimizu"], ["山崎", "yamazaki"], ["森", "mori"], ["池田", "ikeda"], ["橋本", "hashimoto"], ["石川", "ishikawa"], ["前田", "maeda"], ["藤田", "fujita"], ["岡田", "okada"], ["長谷川", "hasegawa"], ["村上", "murakami"], ["近藤", "kondo"], ["石井", "ishii"], ["遠藤", "endo"], ["青木", "aoki"], ["坂本", "sakamoto"]]; // prettier-ignore
export const TOKYO_GIVEN: [string, string][] = [["陽菜", "hina"], ["結衣", "yui"], ["葵", "aoi"], ["美咲", "misaki"], ["さくら", "sakura"], ["優子", "yuko"], ["真由美", "mayumi"], ["恵", "megumi"], ["千尋", "chihiro"], ["彩", "aya"], ["香織", "kaori"], ["直美", "naomi"], ["智子", "tomoko"], ["由紀", "yuki"], ["麻衣", "mai"], ["蓮", "ren"], ["大翔", "hiroto"], ["翔太", "shota"], ["健太", "kenta"], ["拓海", "takumi"], ["大輔", "daisuke"], ["直樹", "naoki"], ["誠", "makoto"], ["修", "osamu"], ["浩", "hiroshi"]]; // prettier-ignore
