// A program of its own: decodes one photo and writes it anew, in a process that its parent kills when it takes
// too long or too much. Nothing of the original is kept: pixels are read, turned upright and encoded again.
// Run by encode-photo.server.ts as: node decode-photo.server.ts <input> <format> <output folder>
import fs from "node:fs/promises";
import path from "node:path";
import decodeHeic from "heic-decode";
import sharp, { type Metadata, type Sharp } from "sharp";

// Imports nothing of ours: it runs without a bundler and without the app's environment.
const PIXELS_MAX = 50_000_000;
const SIDE_MIN = 16;
const WIDTHS = [320, 640, 1280];
const SECONDS_MAX = 15;

interface Written {
  name: string;
  width: number;
  height: number;
  bytes: number;
  type: string;
}
type Answer =
  { outcome: "ready"; width: number; height: number; files: Written[] } | { outcome: "refused"; why: string };

class Refused extends Error {}

sharp.cache(false);
sharp.concurrency(1);
const [input = "", format = "", folder = ""] = process.argv.slice(2);
const answer = await convert().catch((error: unknown): Answer => ({ outcome: "refused", why: whyOf(error) }));
process.stdout.write(`\n${JSON.stringify(answer)}`);

function whyOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  const text = error instanceof Error ? error.message : "";
  if (/pixel limit|dimensions|too large/i.test(text)) return "too_many_pixels";
  return /timeout/i.test(text) ? "took_too_long" : "broken";
}

async function convert(): Promise<Answer> {
  const upright = await read();
  const { width, height } = await upright.clone().metadata();
  if (width * height > PIXELS_MAX) throw new Refused("too_many_pixels");
  if (Math.min(width, height) < SIDE_MIN) throw new Refused("too_small");
  const files: Written[] = [];
  for (const wanted of WIDTHS.filter((_, index) => index === 0 || (WIDTHS[index - 1] ?? 0) < width)) {
    const resized = upright.clone().resize({ width: wanted, withoutEnlargement: true });
    files.push(await write(resized.webp({ quality: 80, effort: 3 }), `w${wanted}.webp`, "image/webp"));
  }
  // Mail programs and feeds that know no webp.
  const plain = upright.clone().flatten({ background: "#ffffff" }).resize({ width: 1280, withoutEnlargement: true });
  files.push(await write(plain.jpeg({ quality: 82, mozjpeg: false }), "w1280.jpg", "image/jpeg"));
  return { outcome: "ready", width, height, files };
}

// Decoded once to plain pixels, so that each size costs a resize and the orientation is applied exactly once.
async function read(): Promise<Sharp> {
  const source =
    format === "heic" ? await heic() : sharp(input, { failOn: "warning", limitInputPixels: PIXELS_MAX, pages: 1 });
  const found = await source.metadata();
  if (format !== "heic" && !isExpected(found)) throw new Refused("type_not_allowed");
  const { data, info } = await source
    .autoOrient()
    .toColourspace("srgb")
    .timeout({ seconds: SECONDS_MAX })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return sharp(data, {
    raw: { width: info.width, height: info.height, channels: info.channels },
    limitInputPixels: PIXELS_MAX,
  });
}
function isExpected({ format: found, compression }: Metadata): boolean {
  if (format === "avif") return found === "heif" && compression === "av1";
  return found === format;
}

// sharp's own HEIC knows the header only.
async function heic(): Promise<Sharp> {
  const { width, height, data } = await decodeHeic({ buffer: await fs.readFile(input) });
  if (width * height > PIXELS_MAX) throw new Refused("too_many_pixels");
  return sharp(Buffer.from(data.buffer, data.byteOffset, data.byteLength), { raw: { width, height, channels: 4 } });
}

async function write(image: Sharp, name: string, type: string): Promise<Written> {
  const { width, height, size } = await image.timeout({ seconds: SECONDS_MAX }).toFile(path.join(folder, name));
  return { name, width, height, bytes: size, type };
}
