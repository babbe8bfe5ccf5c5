// Words that offend, beside those of the package naughty-words ("List of Dirty, Naughty, Obscene, and Otherwise
// Bad Words", CC BY 4.0), and which of the package's are off by default: most of that list is about what one would
// not suggest, and many of its words are what shops sell (nude lipstick, baby bottles' nipples, おしりふき). Pure.

const list = (words: string) => words.split(",").map((word) => word.trim());

/** English of our own: inflections and insults. */
export const ENGLISH = list(`
  fucked, fucker, fuckers, fucks, fuckwit, motherfuckers, motherfucking, mofo, wtf, stfu, gtfo, shits, shite,
  shitting, shithole, shithead, bullshitting, horseshit, batshit, dipshit, bitching, son of a bitch,
  sons of bitches, assholes, arseholes, asshat, dumbass, dumbasses, jackass, smartass, cunts, dickhead,
  dickheads, dicks, prick, pricks, wanker, wankers, twats, sluts, slutty, whores, bastards, niggers, niggas,
  faggots, fags, retard, retards, retarded, cocksucker, cocksuckers, douchebag, douchebags, scumbag, scumbags,
  chink, chinks, gook, gooks, kikes, spics, wetbacks, trannies, dyke, pedo, pedos, paedo, subhuman, subhumans
`);

/** Of the package's English words: off unless the shop wants them. */
export const MILD_ENGLISH: ReadonlySet<string> = new Set(
  list(`
  alaskan pipeline, anal, anus, apeshit, ass, auto erotic, autoerotic, babeland, baby batter, ball kicking,
  ball sack, bareback, barenaked, bastinado, bbw, bdsm, beaver cleaver, big black, big breasts, big knockers,
  bimbos, birdlock, blonde action, blonde on blonde action, bollocks, bondage, boob, boobs, booty call,
  brunette action, bullet vibe, bung hole, busty, butt, buttcheeks, camel toe, chocolate rosebuds, cialis,
  cleveland steamer, clover clamps, coon, coons, cornhole, darkie, deep throat, dendrophilia, dildo,
  dingleberries, dingleberry, dirty pillows, dog style, dolcett, domination, dominatrix, dommes, donkey punch,
  double penetration, dp action, ecchi, ejaculation, erotic, erotism, escort, eunuch, fecal, figging,
  fingering, foot fetish, frotting, g-spot, genitals, girl on, girl on top, god damn, goo girl, goodpoop,
  grope, guro, hard core, hardcore, hentai, homoerotic, hooker, hot carl, hot chick, how to kill,
  how to murder, huge fat, humping, intercourse, jelly donut, kinbaku, kinkster, kinky, knobbing,
  leather restraint, leather straight jacket, lemon party, livesex, lolita, lovemaking, make me come,
  menage a trois, mong, mr hands, negro, nipple, nipples, nsfw, nude, nudity, nutten, octopussy, orgasm,
  panties, panty, pegging, penis, playboy, pleasure chest, pole smoker, ponyplay, poof, prince albert piercing,
  pubes, quim, rectum, sadism, santorum, scat, scissoring, semen, sex, sexcam, sexo, sexual, sexuality,
  sexually, sexy, s&m, shibari, shota, shrimping, skeet, smut, snatch, snowballing, splooge moose, spunk,
  strap on, strapon, strappado, strip club, suck, sucks, suicide girls, sultry women, swinger, tainted love,
  taste my, tea bagging, throating, tied up, tight white, tit, tits, tongue in a, topless, tosser, tranny,
  twinkie, undressing, urethra play, vagina, venus mound, viagra, vibrator, violet wand, voyeur, vulva,
  wrapping men, wrinkled starfish, xx, xxx, yaoi, bastard, bastardo, crotch, dick
`),
);

/** Ordinary phrases with an offensive word inside. */
export const INNOCENT_ENGLISH =
  /\b(?:pussy[ -]?(?:bows?|willows?|ears?|cats?|foot\w*)|rape[ -]?seeds?|maine coons?|\w+[ -]cum[ -]\w+|(?:summa|magna) cum|cock(?:a[ -]|[ -]a[ -]|er)\w+|chink in|chinks in|(?:van|moby|philip k\.?) dick\w*|fire[ -]retard\w+|flame[ -]retard\w+|retarded by|prick(?:s|ed)? (?:my|your|his|her|the|a) (?:finger|skin|thumb)|pin ?pricks?)\b/giu;

/** Letters that may be hidden inside: f*ck, sh!t, b1tch, fuuuck. First and last letters stand. */
export const OFTEN_MASKED = list(`
  fuck, fucking, fucker, shit, bitch, bitches, cunt, asshole, bastard, nigger, nigga, faggot, whore, slut,
  pussy, dick, cock, bullshit, motherfucker
`);

/** Japanese of our own: insults and slurs. */
export const JAPANESE = list(`
  バカ野郎, 馬鹿野郎, ばか野郎, バカヤロー, バカヤロウ, ばかやろう, ばかやろー, バカ店, 馬鹿店, バカ会社,
  バカ社長, バカ店員, バカ店長, クソ野郎, くそ野郎, 糞野郎, クソ店, くそ店, 糞店, クソショップ, クソ会社,
  糞会社, クソ商品, くそったれ, クソったれ, クソくらえ, くそくらえ, 糞くらえ, 糞食らえ, クソガキ, クソババア,
  クソジジイ, クソアマ, クソ女, クソ男, クズ野郎, クズ会社, クズ店, クズ店員, ゴミクズ, ゴミ野郎, カス野郎,
  カス会社, カス店員, 豚野郎, ブタ野郎, キチガイ, きちがい, 気違い, 基地外, ガイジ, 池沼, 知恵遅れ, 白痴, 低能,
  アホんだら, あほんだら, ドアホ, どあほ, ボケナス, ボケカス, ボケが, マヌケ野郎, 間抜け野郎, チョン公,
  バカチョン, チャンコロ, シナ人, 支那人, 土人, ニガー, クロンボ, 黒んぼ, 部落民, 穢多, 非人, 売国奴, 非国民,
  オカマ野郎, ホモ野郎, ヤリマン, やりまん, ヤリチン, オマンコ, おまんこ, マンコ, まんこ, チンコ, ちんこ,
  チンポ, ちんぽ, キンタマ, きんたま, オナニー, おなにー, セックス, せっくす, フェラチオ, クンニ, レイプ, 強姦,
  輪姦, 中出し, 手コキ, 足コキ, 顔射, 射精, 勃起, 巨根, 淫乱, 痴女, 肉便器, 性奴隷, 援交, 援助交際, パパ活,
  ハメ撮り, 乱交, 獣姦, 近親相姦, 売春, デリヘル, ソープ嬢, セフレ, 早漏, 口内射精, 口内発射, 騎乗位, 生ハメ,
  素股, 睡姦, 屍姦, 青姦, 陵辱, 凌辱, 逆レイプ, 集団レイプ, 電マ, 手マン, 手淫, 淫行, 淫語, 淫靡, 朝勃ち,
  我慢汁, 肉棒, アヘ顔, イキ顔, 喘ぎ声, 愛液, 亀頭, 金玉, 陰核, 陰唇, 飲尿, 食糞, 放尿プレイ, 孕ませ,
  種付けプレス, 寝取り, 泡姫, 男娼, 立ちんぼ, 遅漏, 性処理, 口淫, 尻穴, 爆乳, 貧乳女, オナホ, オナホール,
  オナペット, スペルマ, アクメ顔, ソープランド, デリバリーヘルス, ピンサロ, イメクラ, ダッチワイフ, ブルセラ,
  スワッピング, アナルセックス, アナルプラグ, アナルビーズ, ペニバン, バキュームフェラ, ディープスロート,
  クソゴミ, ゴミカス, おめこ, おちんちん, おなほ, 包茎, 童貞野郎, 陰茎, 陰嚢, ザーメン, パイズリ, イラマチオ,
  寝取られ, 痴漢野郎, 変態野郎, 変態店長, エロジジイ, エロオヤジ, ロリコン野郎, 尻軽女, ビッチ女, ファックユー,
  ファッキン, くたばれ, クタバレ, ざまあみろ, 土下座しろ
`);
/** On their own these are as often about cake, erasers and oneself: off unless the shop wants them. */
export const MILD_JAPANESE_OWN = list(`
  バカ, ばか, 馬鹿, アホ, あほ, 阿呆, クソ, くそ, 糞, クズ, カス, ゴミ, デブ, ブス, ハゲ, ババア, ジジイ, ボケ,
  マヌケ, ノロマ, キモい, キモイ, ウザい, ウザイ, ステハゲ, チビ, 畜生, ちくしょう, エロ, エッチ, えっち,
  スケベ, すけべ, 変態, おっぱい, オッパイ, 巨乳, 貧乳, 爆乳, 処女, 童貞, 熟女, 痴漢, ロリコン, ビッチ, アナル,
  フェラ, ちんちん, チンチン, ムラムラ, むらむら, アクメ, いやらしい, ナンパ, バイアグラ, インポ, 陰部, 性感,
  性感マッサージ, 性交, 座位, 脇コキ, 放尿, 微乳, 巨尻, 愛人, ハーレム, おねショタ, ショタおね, NTR, Gスポット,
  イメージビデオ, 個人撮影, 裏筋, 仮性包茎, 真性包茎, 睡眠姦, 筆おろし, 性奴隷商, 一人エッチ, ひとりえっち,
  コンドーム, ラブホテル, ラブホ, ラブドール, ノーパン, パンチラ, 成人向け, アダルトビデオ, AV女優, 性行為,
  性欲, 性感帯, 自慰, 乳首, 乳房, 陰毛, 睾丸, 絶倫, 媚薬, 発情, 愛撫, 体位, ネトウヨ, パヨク, ナマポ, ポリ公,
  アスペ, 統失, 尻軽, 支那, 土方, つんぼ, めくら, かたわ, びっこ, いざり, ぎっちょ, でべそ
`);
/** Of the package's Japanese words: off unless the shop wants them. */
export const MILD_JAPANESE: ReadonlySet<string> = new Set(
  list(`
  3p, g スポット, s ＆ m, sm, xx, アジアのかわいい女の子, アナル, いたずら, エクスタシー, エスコート, エッチ,
  エロティズム, エロティック, オーガズム, オカマ, おしっこ, おしり, オシリ, おしりのあな, おっぱい, オッパイ,
  おもらし, お尻, カーマスートラ, カント, グロ, ゲイボーイ, コカイン, ゴックン, サディズム, しばり,
  スウィンガー, スカートの中, ストラップオン, ストリップ劇場, スラット, スリット, セクシーな, セクシーな 10 代,
  ディック, デブ, ドッグスタイル, トップレス, なめ, ヌード, ハードコア, バイブレーター, バック・スタイル,
  パンティー, ビッチ, ファンタジー, フィスト, フェティッシュ, ふたなり, ぶっかけ, フック,
  プリンス アルバート ピアス, プレイボーイ, ベアバック, ペニス, ボーイズラブ, ぽっちゃり, ホモ, ポルノ,
  ボンテージ, やおい, ラティーナ, ラバー, ランジェリー, レズビアン, ローター, ロリータ, 陰毛, 革抑制, 巨乳,
  玉なめ, 緊縛, 嫌い, 後背位, 合意の性交, 拷問, 殺し方, 殺人事件, 殺人方法, 支配, 自己愛性, 女の子, 女王様,
  女子高生, 女装, 人妻, 人種, 正常位, 生殖器, 精液, 挿入, 足フェチ, 足を広げる, 大陰唇, 脱衣, 直腸, 剃毛,
  貞操帯, 奴隷, 二穴, 乳首, 覗き, 縛り, 噴出, 糞, 糞便, 平手打ち, 変態, 毛深い, 誘惑, 裸, 裸の女性, 両性,
  両性具有, 両刀, 卍, 宦官, 肛門, 膣, 夢精, アスホール, ファック
`),
);
/** Ordinary words with an offensive one inside. */
export const INNOCENT_JAPANESE =
  /バカ(?:売れ|ラ|ンス|ンシー|ロール|ウケ|受け|うけ|にでき)|(?:親|猫|犬|筋肉|専門|役者)(?:バカ|ばか|馬鹿)|馬鹿(?:に(?:でき|なら)|売れ)|ば(?:か(?:り|ら))|(?:すれ|けれ|なけれ|あれ|いけ|言え|れ|え|せ|て|め|げ|け|ね|べ)ばか|そば(?:か|屋)|わかば(?:か)?|あほうどり|アホウドリ|パチンコ|ぱちんこ|きんたまご|ちくしょう油|土方(?:歳三|さん)|支那そば|非人(?:間|道)|部落民宿|セックス(?:レス|チェック)|(?:デ|チ)?クズ(?:粉|餅|切り|湯|もち)|[消け]しゴム?カス|消しカス|(?:油|粕|食べ|削り|アカ|垢|目|水|茶|出)(?:カス|ゴミ)|ゴミ(?:箱|袋|出し|捨て|が|も|は|を|に|の|収集|取り|付|つ|処|分)|カス(?:タ|テ|ケ|ト|ピ|が|も|は)|ハゲ(?:る|ず|ない|にく|て)|ボケ(?:味|て|る|ない|感)|(?:ピン|色|時差|暑さ|寒さ|平和)ボケ|くそ(?:う|の|こ|れ)|(?:よ|はや|な|あ|ふ|ひど|すご|おそ|うす)くそ|低能(?:率|力)/gu;
