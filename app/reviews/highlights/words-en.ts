// English words that praise or complain, in their base forms (english.ts knows their inflections). Our own list,
// from reading how shoppers write; words that only say how a thing is (small, tight, heavy) count when something
// says that it is too much. Pure data.
const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));
const lines = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

export const PRAISE = set(`
  love adore enjoy like happy glad please pleased delight delighted satisfied satisfy thrilled impress impressed excited proud grateful relieved
  great good nice excellent amazing amaze awesome wonderful fantastic perfect perfection lovely beautiful beauty gorgeous superb brilliant outstanding exceptional
  incredible marvelous marvellous magnificent fabulous terrific phenomenal spectacular stellar superior ideal magical magic divine heavenly dreamy splendid
  best better favorite favourite fave recommend worth worthwhile worthy flawless stunning stunner cute pretty elegant stylish classy adorable charming chic sleek
  comfortable comfort comfy cozy cosy soft softness smooth gentle sturdy durable solid reliable dependable robust well-made well-built high-quality premium luxurious luxury
  easy simple convenient handy practical useful helpful help effective efficient versatile works worked fits fit fast quick prompt early timely seamless effortless
  delicious tasty yummy yum tender fresh flavorful flavourful juicy fragrant refreshing creamy crunchy scrumptious mouthwatering savory moreish
  affordable bargain reasonable inexpensive generous bonus compliment repurchase rebuy reorder reordered
  friendly polite kind courteous professional responsive thoughtful clean neat bright vivid vibrant crisp warm lightweight roomy spacious clear clearer
  exceed surpass thank thanks thankyou thx blessed wow yay pleasant improve improvement glow glowing radiant shiny shinier plump luminous dewy
  moisturizing moisturising hydrating hydrated absorbent fun enjoyable relaxing soothing satisfying precise accurate secure quiet silky fluffy velvety plush buttery
  cool excel rock winner gem treat obsessed addicted addictive lifesaver godsend staple must-have flattering flatter confident well decent sensational
  glide breathable supportive snug-fitting intricate detailed lifelike realistic sharpness quality-made protect protects keeper five-star top-notch stoked ecstatic
`);
export const COMPLAINT = set(`
  hate dislike disappoint disappointed disappointing disappointment dissapointed dissapointing disapointed unhappy displeased dissatisfied unsatisfied unimpressed upset annoyed annoying annoy
  frustrated frustrating frustrate frustration angry regret mad furious ashamed sorry
  bad worse worst terrible horrible awful poor mediocre useless worthless rubbish trash garbage junk crap crappy lousy subpar inferior pathetic appalling dreadful atrocious abysmal
  meh underwhelming unacceptable laughable ridiculous stupid joke shame pity nightmare disaster mess hassle pain suck sucks embarrassing horrendous unimpressive nope yikes ugh eww ew yuck blah
  broke broken break crack cracked rip ripped torn tore tear leak leaked peel fade scratched shrank shrunk shrink shatter chip chipped snap snapped smash smashed dent dented bent crush crushed
  melt melted collapse wobble wobbly wobbles rust rusty warp warped loosen unravel fray snag clog clogged jam jammed tangle tangled matted drain drained die died dies freeze freezes overheat
  defective faulty damaged damage flawed flaw defect missing lost incomplete wrong mistake mislead misleading fake counterfeit knockoff scam fraud lied lie dishonest deceptive false fooled ripoff
  cheap-looking flimsy fragile weak thin-looking see-through scratchy itchy itch irritate irritated irritation rash burn burned burnt sting breakout broke-out allergic allergy redness hives swollen sore hurt hurts painful
  headache nausea nauseous sick vomit blister acne-inducing pimple
  uncomfortable stiff rough sticky greasy oily smelly stink stinky reek musty moldy mouldy mold stale rotten spoiled bland tasteless flavorless soggy mushy gross disgusting nasty bitter inedible rancid expired
  overpriced expensive pricey rip-off waste ugly dull boring bulky awkward clumsy difficult confusing confuse complicated impossible hard cumbersome inconvenient tedious finicky fiddly hideous tacky frumpy unflattering
  late delayed delay slow never-arrived unresponsive rude ignored ignore unhelpful refuse cancelled careless unprofessional
  return refund complain complaint problem issue trouble fail failure unusable unreliable malfunction glitch unstable
  dirty stain stained noisy loud dead stop stopped stuck loose-threads uneven crooked misaligned pilling pill shed unfortunate sad lacking unsafe dangerous
  patchy streaky cakey chalky clumpy clump flaky blotchy frizz frizzy brittle distorted garbled weird strange odd overrated gimmick downgrade downside drawback discontinue low-quality dust muffled blurry
  overpowering artificial chemical-smelling sweaty saggy shapeless boxy lumpy lopsided avoid beware worthless lame unwearable refused
`);
/** Say how a thing is; a complaint with "too" or "than expected". */
export const MEASURES =
  set(`small smaller big bigger large larger tight tighter loose looser long longer short shorter heavy heavier thin thinner thick thicker dark darker light lighter
  strong stronger sweet sweeter salty hard harder soft softer loud hot cold bright wide narrow narrower tiny huge expensive high low stiff bulky slow`);
/** What a thing should do or have: silent by itself, a complaint where it does not. */
export const EXPECTED = set(`
  work last close open fit stay hold arrive receive charge stick match help respond reply answer seal keep turn fasten cover support absorb show heat cut clean function
`);
/** Words that follow "too" without saying that it is too much. */
export const NOT_TOO = set(
  `i it we they he she and but because so for as the a my this that is was if when who in on at with to after before since one or both of`,
);
export const NEGATIONS = set(
  `not no never none nothing hardly barely scarcely without neither nor nobody zero less fewer cannot cant can't don't dont doesn't doesnt didn't didnt won't wont wouldn't isn't isnt aren't wasn't wasnt weren't couldn't shouldn't hasn't haven't hadn't ain't lack lacks`,
);
/** Words between a negation and what it negates: "not really very good". */
export const NEGATION_REACH = 4;

/** Turns of phrase that praise as one, as patterns of a clause. */
export const PRAISING = lines(`
  must[ -]haves?
  no[ -]brainer
  (can't|cannot|can not|couldn't|can never) (go wrong|wait|fault|get enough|live without|stop|beat|say enough|put (it|this|them) down)
  (can't|cannot|couldn't|can not) recommend .{1,40}(enough|highly enough|more)
  (couldn't|can't|could not) (be|have been|get|ask for|have asked for|imagine) (any )?(a )?(more|\\w+er|happier|better)
  never (felt|looked|been|had|seen|tasted|smelled|slept|used|owned|tried) .{0,20}\\b(so|this|that|such|as|better|more|softer|happier|smoother)( \\w+)?
  (going|holding|goes|held|hold|holds) (strong|up)( \\w+)?
  (keep|keeps|kept|keeping) .{0,25}(warm|hot|cold|cool|fresh|dry|organi[sz]ed)
  (all|every) day long|lasts? (all day|forever|for (hours|years|ages)|a long time|a while|ages|so long|years)|long[ -]lasting
  (as|just as) (described|advertised|pictured|promised|expected|shown|stated)
  (exactly|just) (what|as|like)( \\w+)?( \\w+)? (wanted|needed|looking for|hoped|hoping for|expected|ordered|searching for)|just what
  (everything|all) (i|you|we) (wanted|hoped|could want|need|needed|could ask for)
  does (what|everything|all) .{1,25}(says?|said|should|supposed|promises?|claims?|advertised|need|want)( to)?( do)?
  (does|gets|do|did) the (job|trick)
  (like|works) (a charm|a dream|new|magic|a glove|silk|butter|heaven|a champ|a cloud|a pro)|like a (charm|dream|glove|champ|cloud|pro|cozy hug|hug|queen|king)
  (true|runs true) to (size|color|colour|photo|the photos?|pictures?)
  (buy|buying|bought|order|ordering|ordered|purchase|purchasing|repurchase|repeat) .{0,15}(again|more|another|a second|in every colou?r)
  (back|return|returning|come back|coming back) for (more|another|seconds)
  my (second|third|fourth|fifth|sixth|2nd|3rd|4th|5th) (\\w+)
  (second|third|fourth|fifth|2nd|3rd|4th|5th) time (buying|ordering|purchasing)
  holy grail
  game[ -]changer
  (spot|bang) on
  (top|first) (notch|quality|class|rate)
  thumbs up|two thumbs up
  hands down
  speaks? for itself
  (four|five|4|5|ten|10) stars?|[45]/5|10/10|5-star
  (sooner|earlier|years ago)$
  want(ed)? (it|one|more|this|them)? ?in (every|all|other|another|more)( \\w+)?|want (every|all|more)
  a pleasure|a joy|a delight|a dream
  every penny|every cent
  on time
  (really|actually|so|very|still) work(s|ed|ing)?
  (good|great|nice|fine|easy|well) enough
  kept up( very)?( well)?
  (clears?|cleared) (up|my)
  (arrived|came|delivered) .{0,15}(early|quickly|safely|intact|sooner)
  (ate|finished|devoured|gone|polished off) .{0,15}(whole|entire|all|in one|in a day|in minutes)( \\w+)?
  (highly|definitely|totally) recommend(ed)?
  speedy
`);
/** Turns of phrase that complain as one. */
export const COMPLAINING = lines(`
  (could|should|would|might) (have been|be|have|use) (a (little|bit|lot) |much |so much |some )?(better|nicer|\\w+ier|improve\\w*|more \\w+|improvement|bigger|larger|longer|smaller|thicker|softer|stronger|cheaper|nice|great|good)
  (expect|expected|hoped for|hoping for|wanted|expecting) (something |it to be |a bit |a lot |much |so much |far )?(more|better)( \\w+)?
  (wanted|tried|hoped|want) to (like|love|enjoy)( \\w+)?
  (wish|wished) .*
  (used to be|was) (so much |much |way |far )?(better|nicer) (before|in the past|previously|last)
  used to (be|love|like|work)( \\w+)?
  nothing (special|like|great|to write home about|fancy|spectacular|exceptional|but (problems|trouble|issues))
  (does|did|do|has done|had|doing) (absolutely |literally |pretty much )?nothing
  (no|not any|zero|without|lacks|lacked|lacking|lack of) (any |noticeable |visible |real |much )?(difference|results?|effect|change|improvement|support|tracking|reply|response|answer|instructions|warranty|flavou?r|taste|scent|use|stretch|grip|padding|cushioning|structure|pigment|coverage|way|sense|idea|help)
  (zero|one|two|0|1|2|1\\.5|half a) stars?|[12]/5
  (waste|wasting|wasted|save|keep|out) (of )?(your |my |our |the )?(\\$+|money|time|cash|effort)
  (don't|dont|do not|didn't|wouldn't|would not|never) (bother|waste|buy|purchase|order|get|recommend|trust|be fooled|fall for|use|do business)( \\w+)? ?(again|it|this|from|these|them|that|one|your|money|time|any)?
  (money|my money) back|(one's |your )?money down the drain
  (stay|steer|run|keep) (away|clear|far away)
  (look|shop|buy|go) (elsewhere|somewhere else)
  (pass|skip) (on )?(this|it|these)
  rip[ -]?off|ripped off|ripping off
  (fell|falls?|falling|came|coming|comes?|fallen) (apart|off|undone|loose|to pieces|out)
  (wore|wears?|worn|dried|dries|drying|ran|gave) out
  (broke|breaks|breaking|broken) (me |my \\w+ |my )?(out|off)
  (threw|throw|throwing|thrown|tossed|toss|chucked|went|straight|put|ended up) (\\w+ )?(\\w+ )?(away|(in|into|to) the (bin|trash|garbage|rubbish|drawer))|throw-?away
  (sent|send|sending|going|went) (it |them |this |mine )?(straight )?back
  (stopped|quit|quits|stops|ceased) \\w+ing|(stopped|quit|quits|stops) (work\\w*|charg\\w*)
  (false|wrong(ly)?) (advertis\\w+|description|size|colou?r|item)
  (taste|tastes|tasted|smell|smells|smelled|smelt|feel|feels|felt|look|looks|looked) (\\w+ )?like (\\w+ )?(cardboard|plastic|chemicals?|rubber|soap|medicine|chalk|dirt|sawdust|toys?|costume|paper|nothing|cheap|sandpaper|garbage|trash|petrol|gasoline|alcohol|a bag|a sack|a rag|straw|glue|water|perfume|grandma|wet dog|mold|feet|burnt)
  (took|takes|taking|waited|waiting) .{0,15}(forever|ages|so long|too long|weeks|months|an eternity)
  still (waiting|haven't|have not|hasn't|not)( \\w+)?
  (runs?|running|ran|fits?) (very |really |too |way |super |a bit |a little |extremely )?(small|large|big|short|long|tight|narrow|wide)
  (nobody|no one|noone|no-one) (\\w+ )?(answers?|answered|replies|replied|responds?|responded|cares?|helps?|helped)
  (barely|hardly|scarcely) (smells?|works?|worked|tastes?|lasts?|lasted|fits?|covers?|holds?|stays?|noticeable|visible|any|see|usable|heats?|makes?|made|does)( \\w+)?
  (digs?|digging|dug|cuts?|cutting) (in|into)( \\w+)?
  (hair|bugs?|insects?|mold|mould|worms?|glass|holes?|stains?) (in|on|inside) (it|the|them|my|one|this|each|every)|had a hole|(a|tiny|big|small|several|two|with) holes?
  (arrived|came|delivered|received) .{0,25}(open|opened|used|empty|late|days late|unsealed|wet|squashed|leaking|in pieces)
  not (so |that |very )?(much|sure (about|why|what))
  lasts? (only|just|barely|maybe)( \\w+)?|(only|just|barely) (lasted|lasts|worked|works)( \\w+)?
  (within|after|in) (a |one |two |three |the first |only |just |a few |less than )+(minutes|wash(es)?|wears?|uses|days use)
  (before|months) (it|they) even|expired
  (let|lets|letting) (me |you |us )?down|letdown|let-down
  (so|not so|so-so) so$
  low(er)? quality|poor quality|bad quality
  (size|sizing|order|go) (up|down)
  nothing alike|(not|isn't|wasn't|nothing) (at all )?(like|as) (the |in the )?(picture|photo|image|description|pictured|described|advertised|shown)s?
  overpriced|too good to be true
  forget (it|about it|this)|you can forget
  (dropped|drops|drop) (calls?|coverage|connection)
  (poor|bad|no|terrible|weak) (fit|design|service|reception|value|stitching|packaging)
  the less (i|we|you) like
  for no reason
  (won't|wouldn't|will not|can't|cannot|could not|couldn't|cant|does not|doesn't|do not|don't|did not|didn't) (even )?(stay|last|close|open|fit|hold|work|charge|hear|see|use|wear|eat|finish|turn|stick|get|seal|make sense|match|come|do)( \\w+)?
  (never|not) (arrived|received|came|showed up|got|worked|delivered|again)|never (receive|arrive|work)\\w*
`);
