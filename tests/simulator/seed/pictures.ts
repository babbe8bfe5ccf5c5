// Product pictures of our own making: flat drawings chosen by product type, coloured by the product's
// handle. Drawn on request, so no picture is ever stored.
import type { SimProduct, SimShop } from "../state";

interface Palette {
  ground: string;
  halo: string;
  main: string;
  dark: string;
  light: string;
  accent: string;
}

const PALETTES: Palette[] = [
  { ground: "#f4efe6", halo: "#e9dfcd", main: "#c9a66b", dark: "#8a6a3b", light: "#efe0c2", accent: "#5f7a61" },
  { ground: "#eef1ea", halo: "#dde5d5", main: "#7f9b76", dark: "#4f6b4a", light: "#d4e0cb", accent: "#c98b5e" },
  { ground: "#f3ecea", halo: "#e7d6d1", main: "#c07f6f", dark: "#86483c", light: "#edcfc6", accent: "#6c7f92" },
  { ground: "#ecf0f3", halo: "#d9e2e9", main: "#6f8ca3", dark: "#3f5a70", light: "#cbdae5", accent: "#d2a15f" },
  { ground: "#f3f0ec", halo: "#e3dbd2", main: "#8d7b6c", dark: "#574a40", light: "#d8ccc0", accent: "#b5523b" },
  { ground: "#f1eef3", halo: "#e2dae8", main: "#8f7a9f", dark: "#5b4a6a", light: "#dcd0e4", accent: "#8aa06b" },
];

/** Neighbours in a catalogue differ: the place among the shop's products picks the colours. */
function paletteOf(shop: Pick<SimShop, "products">, handle: string): Palette {
  const place = Object.values(shop.products).findIndex((product) => product.handle === handle);
  return PALETTES[Math.max(0, place) % PALETTES.length] as Palette;
}

const shadow = (width: number): string =>
  `<ellipse cx="400" cy="632" rx="${width}" ry="22" fill="#000" opacity=".09"/>`;
const steam = (p: Palette): string =>
  `<g fill="none" stroke="${p.main}" stroke-width="9" stroke-linecap="round" opacity=".45"><path d="M350 250c-22-34 22-52 0-88"/><path d="M400 240c-22-34 22-52 0-88"/><path d="M450 250c-22-34 22-52 0-88"/></g>`;
const leaf = (p: Palette, x: number, y: number, turn: number): string =>
  `<path transform="translate(${x} ${y}) rotate(${turn})" d="M0 0c34-46 92-46 124 0-32 46-90 46-124 0z" fill="${p.accent}"/><path transform="translate(${x} ${y}) rotate(${turn})" d="M8 0h104" stroke="${p.light}" stroke-width="4"/>`;

const soap = (p: Palette): string =>
  `${shadow(210)}<rect x="210" y="420" width="380" height="200" rx="46" fill="${p.main}"/><rect x="210" y="400" width="380" height="180" rx="46" fill="${p.light}"/><rect x="270" y="446" width="260" height="88" rx="26" fill="none" stroke="${p.main}" stroke-width="8"/>${leaf(p, 340, 490, 0)}<circle cx="250" cy="350" r="26" fill="${p.light}"/><circle cx="306" cy="312" r="15" fill="${p.light}"/>`;
const dropper = (p: Palette): string =>
  `${shadow(120)}<rect x="352" y="170" width="96" height="120" rx="30" fill="${p.dark}"/><rect x="336" y="280" width="128" height="46" rx="10" fill="${p.accent}"/><rect x="300" y="322" width="200" height="300" rx="36" fill="${p.main}"/><rect x="300" y="396" width="200" height="150" fill="${p.light}"/><path d="M340 440h120M340 474h84" stroke="${p.dark}" stroke-width="8" stroke-linecap="round"/><rect x="322" y="340" width="16" height="262" rx="8" fill="#fff" opacity=".35"/>`;
const jar = (p: Palette): string =>
  `${shadow(190)}<rect x="236" y="322" width="328" height="84" rx="22" fill="${p.dark}"/><path d="M252 400h296v160c0 38-26 62-62 62H314c-36 0-62-24-62-62z" fill="${p.light}"/><rect x="252" y="440" width="296" height="100" fill="${p.main}"/><path d="M322 490h156" stroke="${p.light}" stroke-width="10" stroke-linecap="round"/>`;
const towel = (p: Palette): string =>
  `${shadow(220)}<rect x="210" y="520" width="380" height="104" rx="40" fill="${p.dark}"/><rect x="200" y="428" width="400" height="108" rx="42" fill="${p.main}"/><rect x="216" y="336" width="368" height="106" rx="42" fill="${p.light}"/><path d="M216 390h368M200 484h400M210 574h380" stroke="#fff" stroke-width="6" stroke-dasharray="4 12" opacity=".7"/>`;
const pouch = (p: Palette): string =>
  `${shadow(170)}<path d="M262 230h276l26 380c1 10-6 16-16 16H252c-10 0-17-6-16-16z" fill="${p.main}"/><path d="M262 230h276l4 62H258z" fill="${p.dark}"/><rect x="306" y="356" width="188" height="180" rx="12" fill="${p.light}"/>${leaf(p, 338, 446, -28)}<path d="M284 262h232" stroke="${p.light}" stroke-width="5" stroke-dasharray="10 8"/>`;
const teapot = (p: Palette): string =>
  `${shadow(210)}<path d="M250 448c0-86 66-140 150-140s150 54 150 140-62 174-150 174-150-88-150-174z" fill="${p.main}"/><rect x="556" y="396" width="150" height="44" rx="22" transform="rotate(-14 556 396)" fill="${p.dark}"/><path d="M262 440c-46-8-74-44-86-92 34 6 80 8 112 44z" fill="${p.dark}"/><ellipse cx="400" cy="314" rx="104" ry="22" fill="${p.dark}"/><circle cx="400" cy="284" r="24" fill="${p.accent}"/>${leaf(p, 340, 470, -10)}`;
const cup = (p: Palette): string =>
  `${steam(p)}${shadow(140)}<path d="M268 318h264l-26 268c-2 22-18 38-42 38H336c-24 0-40-16-42-38z" fill="${p.light}"/><path d="M276 400h248l-12 126H288z" fill="${p.main}"/><ellipse cx="400" cy="318" rx="132" ry="26" fill="${p.dark}"/><ellipse cx="400" cy="322" rx="112" ry="18" fill="${p.accent}"/>`;
const bowl = (p: Palette): string =>
  `${shadow(150)}<path d="M196 372h408c0 128-80 220-204 220S196 500 196 372z" fill="${p.main}"/><ellipse cx="400" cy="372" rx="204" ry="44" fill="${p.dark}"/><ellipse cx="400" cy="366" rx="170" ry="30" fill="${p.light}"/><rect x="336" y="584" width="128" height="40" rx="12" fill="${p.dark}"/><path d="M230 450c110 36 230 36 340 0" stroke="${p.light}" stroke-width="8" fill="none"/>`;
const chopsticks = (p: Palette): string =>
  `${shadow(220)}<rect x="180" y="540" width="440" height="84" rx="14" fill="${p.light}"/><g stroke-width="20" stroke-linecap="round"><path d="M220 500 560 210" stroke="${p.dark}"/><path d="M270 514 610 224" stroke="${p.accent}"/><path d="M470 287 560 210" stroke="${p.main}"/><path d="M520 301 610 224" stroke="${p.main}"/></g>`;
const candle = (p: Palette): string =>
  `${shadow(150)}<path d="M400 190c34 44 44 66 44 90a44 44 0 0 1-88 0c0-24 10-46 44-90z" fill="#e8a33d"/><path d="M400 240c16 22 20 32 20 44a20 20 0 0 1-40 0c0-12 4-22 20-44z" fill="#fbe3a8"/><path d="M400 300v50" stroke="${p.dark}" stroke-width="7"/><rect x="278" y="346" width="244" height="278" rx="30" fill="${p.light}"/><rect x="278" y="430" width="244" height="116" fill="${p.main}"/><path d="M324 474h152M324 504h96" stroke="${p.light}" stroke-width="8" stroke-linecap="round"/>`;
const incense = (p: Palette): string =>
  `${shadow(190)}<path d="M260 548h280v44c0 20-12 32-32 32H292c-20 0-32-12-32-32z" fill="${p.main}"/><ellipse cx="400" cy="548" rx="140" ry="26" fill="${p.dark}"/><g stroke="${p.accent}" stroke-width="8" stroke-linecap="round"><path d="M360 546 320 306"/><path d="M404 546V286"/><path d="M448 546 486 306"/></g><g fill="none" stroke="${p.main}" stroke-width="7" opacity=".5" stroke-linecap="round"><path d="M404 270c-30-40 34-60 0-110"/><path d="M318 290c-22-30 24-48 0-84"/></g>`;
const paper = (p: Palette): string =>
  `${shadow(200)}<rect x="230" y="270" width="300" height="350" rx="10" fill="#fffdf8" transform="rotate(-5 380 440)"/><g stroke="${p.light}" stroke-width="5" transform="rotate(-5 380 440)"><path d="M270 340h220M270 390h220M270 440h220M270 490h150"/></g><rect x="300" y="430" width="300" height="194" rx="10" fill="${p.main}"/><path d="M300 440l150 104 150-104" fill="none" stroke="${p.light}" stroke-width="9"/><circle cx="450" cy="552" r="26" fill="${p.accent}"/>`;
const box = (p: Palette): string =>
  `${shadow(220)}<rect x="210" y="390" width="380" height="234" rx="14" fill="${p.main}"/><rect x="190" y="330" width="420" height="84" rx="14" fill="${p.dark}"/><rect x="366" y="330" width="68" height="294" fill="${p.light}"/><path d="M400 330c-30-84-130-84-122-24 4 28 66 30 122 24zm0 0c30-84 130-84 122-24-4 28-66 30-122 24z" fill="${p.accent}"/>`;
const card = (p: Palette): string =>
  `${shadow(220)}<g transform="rotate(-6 400 440)"><rect x="170" y="300" width="460" height="290" rx="28" fill="${p.main}"/><rect x="170" y="360" width="460" height="56" fill="${p.dark}"/><path d="M220 500h190M220 540h120" stroke="${p.light}" stroke-width="12" stroke-linecap="round"/><circle cx="548" cy="520" r="38" fill="${p.accent}"/></g>`;
const sweets = (p: Palette): string =>
  `${shadow(220)}<rect x="180" y="540" width="440" height="84" rx="20" fill="${p.dark}"/><circle cx="290" cy="470" r="88" fill="${p.light}"/><circle cx="510" cy="470" r="88" fill="${p.main}"/><circle cx="400" cy="390" r="92" fill="${p.accent}"/><g fill="none" stroke="#fff" stroke-width="6" opacity=".6"><circle cx="400" cy="390" r="56"/><circle cx="290" cy="470" r="54"/><circle cx="510" cy="470" r="54"/></g>`;
const mug = (p: Palette): string =>
  `${steam(p)}${shadow(170)}<path d="M534 374c92-14 108 142-14 164" fill="none" stroke="${p.dark}" stroke-width="30"/><rect x="250" y="318" width="290" height="306" rx="38" fill="${p.main}"/><rect x="250" y="318" width="290" height="34" rx="17" fill="${p.light}"/><path d="M330 540l66-110 36 56 24-36 50 90z" fill="${p.light}"/>`;
const bottle = (p: Palette): string =>
  `${shadow(120)}<rect x="346" y="150" width="108" height="80" rx="18" fill="${p.dark}"/><path d="M352 226h96c8 46 62 60 62 126v232c0 26-16 40-42 40H332c-26 0-42-14-42-40V352c0-66 54-80 62-126z" fill="${p.main}"/><rect x="290" y="400" width="220" height="116" fill="${p.light}"/><path d="M340 490l46-66 28 40 18-24 36 50z" fill="${p.accent}"/><rect x="312" y="340" width="14" height="250" rx="7" fill="#fff" opacity=".35"/>`;
const brewer = (p: Palette): string =>
  `${shadow(160)}<path d="M262 212h276l-96 170h-84z" fill="${p.light}"/><path d="M288 258h224l-70 124h-84z" fill="${p.dark}"/><rect x="250" y="376" width="300" height="24" rx="12" fill="${p.accent}"/><path d="M290 400h220l34 182c4 26-12 42-38 42H294c-26 0-42-16-38-42z" fill="${p.main}" opacity=".55"/><path d="M270 506h260l14 76c4 26-12 42-38 42H294c-26 0-42-16-38-42z" fill="${p.dark}"/>`;
const kettle = (p: Palette): string =>
  `${shadow(190)}<path d="M262 560c-70-10-96-70-92-150 2-40-22-60-50-72" fill="none" stroke="${p.dark}" stroke-width="26" stroke-linecap="round"/><path d="M262 420c0-60 60-96 146-96s146 36 146 96l24 170c4 22-12 34-34 34H272c-22 0-38-12-34-34z" fill="${p.main}"/><path d="M300 330c-10-150 220-150 212 0" fill="none" stroke="${p.dark}" stroke-width="24"/><ellipse cx="408" cy="332" rx="112" ry="22" fill="${p.dark}"/><circle cx="408" cy="302" r="20" fill="${p.accent}"/><path d="M300 470h216" stroke="${p.light}" stroke-width="12"/>`;
const grinder = (p: Palette): string =>
  `${shadow(130)}<path d="M400 196h170" stroke="${p.dark}" stroke-width="20" stroke-linecap="round"/><circle cx="578" cy="196" r="32" fill="${p.accent}"/><rect x="386" y="190" width="28" height="90" fill="${p.dark}"/><rect x="310" y="270" width="180" height="160" rx="24" fill="${p.light}"/><rect x="310" y="420" width="180" height="204" rx="24" fill="${p.main}"/><path d="M310 430h180" stroke="${p.dark}" stroke-width="12"/>`;
const pack = (p: Palette): string =>
  `${shadow(180)}<path d="M344 226c0-70 112-70 112 0" fill="none" stroke="${p.dark}" stroke-width="22"/><path d="M246 330c0-84 60-120 154-120s154 36 154 120v246c0 30-20 48-50 48H296c-30 0-50-18-50-48z" fill="${p.main}"/><path d="M246 330c0-84 60-120 154-120s154 36 154 120v40H246z" fill="${p.dark}"/><rect x="294" y="444" width="212" height="136" rx="22" fill="${p.light}"/><path d="M294 484h212" stroke="${p.main}" stroke-width="8"/><rect x="380" y="340" width="40" height="70" rx="10" fill="${p.accent}"/>`;
const tote = (p: Palette): string =>
  `${shadow(180)}<path d="M320 360c0-170 160-170 160 0" fill="none" stroke="${p.dark}" stroke-width="20"/><path d="M230 340h340l24 264c1 12-7 20-18 20H224c-11 0-19-8-18-20z" fill="${p.light}"/><path d="M322 540l70-116 42 66 26-38 52 88z" fill="${p.accent}"/>`;
const tent = (p: Palette): string =>
  `${shadow(280)}<path d="M400 240 660 624H140z" fill="${p.main}"/><path d="M400 240 660 624H470z" fill="${p.dark}"/><path d="M400 300 470 624H330z" fill="${p.light}"/><circle cx="610" cy="230" r="44" fill="${p.accent}"/>`;
const blanket = (p: Palette): string =>
  `${shadow(230)}<path d="M190 360c0-36 26-60 62-60h296c36 0 62 24 62 60v264H190z" fill="${p.main}"/><path d="M190 430h420M190 500h420M190 570h420" stroke="${p.light}" stroke-width="18"/><path d="M296 300v324M504 300v324" stroke="${p.dark}" stroke-width="14" opacity=".6"/>`;
const lantern = (p: Palette): string =>
  `${shadow(130)}<path d="M330 240c0-100 140-100 140 0" fill="none" stroke="${p.dark}" stroke-width="14"/><rect x="320" y="236" width="160" height="54" rx="16" fill="${p.dark}"/><rect x="306" y="286" width="188" height="250" rx="26" fill="#fdf1cf"/><circle cx="400" cy="412" r="56" fill="#f0b54a"/><g stroke="${p.main}" stroke-width="12"><path d="M334 290v244M466 290v244"/></g><rect x="296" y="532" width="208" height="92" rx="24" fill="${p.main}"/>`;
const knife = (p: Palette): string =>
  `${shadow(220)}<g transform="rotate(-24 400 440)"><path d="M400 400h260c0 60-60 92-140 92H400z" fill="#c9d0d4"/><path d="M400 400h260l-18 22H400z" fill="#e8edef"/><rect x="150" y="392" width="266" height="104" rx="44" fill="${p.dark}"/><circle cx="220" cy="444" r="12" fill="${p.light}"/><circle cx="340" cy="444" r="12" fill="${p.light}"/></g>`;
const skillet = (p: Palette): string =>
  `${shadow(210)}<rect x="520" y="452" width="190" height="44" rx="22" transform="rotate(-18 520 452)" fill="#3b3f42"/><circle cx="370" cy="470" r="176" fill="#3b3f42"/><circle cx="370" cy="470" r="140" fill="#53585c"/><circle cx="340" cy="450" r="56" fill="#fff8e6"/><circle cx="346" cy="446" r="24" fill="#f0b54a"/><circle cx="440" cy="510" r="26" fill="${p.accent}"/>`;
const socks = (p: Palette): string =>
  `${shadow(210)}<g><path d="M250 230h110v210l90 70c40 32 22 104-40 104-26 0-46-8-66-24l-70-56c-16-14-24-30-24-52z" fill="${p.main}"/><path d="M250 230h110v56H250z" fill="${p.dark}"/></g><g transform="translate(160 -20)"><path d="M250 230h110v210l90 70c40 32 22 104-40 104-26 0-46-8-66-24l-70-56c-16-14-24-30-24-52z" fill="${p.light}"/><path d="M250 230h110v56H250z" fill="${p.accent}"/></g>`;
const cap = (p: Palette): string =>
  `${shadow(220)}<path d="M220 520c0-140 70-220 190-220s180 80 180 220z" fill="${p.main}"/><path d="M220 520c120-40 330-40 460 30 20 12 10 40-14 40-150-20-300-24-446 0z" fill="${p.dark}"/><path d="M410 300c-34 60-44 130-44 206" fill="none" stroke="${p.dark}" stroke-width="7"/><circle cx="410" cy="298" r="16" fill="${p.accent}"/>`;
const shirt = (p: Palette): string =>
  `${shadow(200)}<path d="M310 240h180l130 70-42 120-58-24v218H280V406l-58 24-42-120z" fill="${p.main}"/><path d="M310 240h180l-90 84z" fill="${p.dark}"/><path d="M400 324v300" stroke="${p.dark}" stroke-width="7"/><rect x="424" y="380" width="70" height="78" rx="8" fill="${p.light}"/><rect x="306" y="380" width="70" height="78" rx="8" fill="${p.light}"/>`;

const SHAPES: Record<string, (palette: Palette) => string> = {
  Soap: soap, Serum: dropper, Cream: jar, Bath: jar, Towel: towel, Tea: pouch, Coffee: pouch, Food: box, Sweets: sweets, Teapot: teapot,
  Cup: cup, Bowl: bowl, Chopsticks: chopsticks, Candle: candle, Incense: incense, Paper: paper, Box: box, "Gift card": card, Mug: mug,
  Bottle: bottle, Brewer: brewer, Grinder: grinder, Kettle: kettle, Tumbler: cup, Backpack: pack, Tote: tote, Tent: tent, Blanket: blanket, Lantern: lantern, Knife: knife,
  Skillet: skillet, Socks: socks, Cap: cap, Shirt: shirt,
}; // prettier-ignore

/** The picture of a product: 800 × 800, decorative (pages name the product themselves). */
export function drawPicture(
  shop: Pick<SimShop, "products">,
  product: Pick<SimProduct, "handle" | "productType">,
): string {
  const palette = paletteOf(shop, product.handle);
  const shape = SHAPES[product.productType] ?? box;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800" width="800" height="800"><rect width="800" height="800" fill="${palette.ground}"/><circle cx="400" cy="410" r="290" fill="${palette.halo}"/>${shape(palette)}</svg>`;
}
