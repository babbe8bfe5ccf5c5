// What a photo or video may be, and why one is refused. Pure.
import type { MediaExtension } from "../../storage/media-store";

export const PHOTO_BYTES_MAX = 20 * 1024 * 1024;
export const VIDEO_BYTES_MAX = 60 * 1024 * 1024;
/** Uploads that one page visit may hold before its review is sent. */
export const FILES_PER_TICKET = 36;
export const TICKET_HOURS = 24;

export const REFUSALS = [
  /** Neither a photo nor a video by its first bytes; also SVG and GIF, which are not taken. */
  "type_not_allowed",
  "too_large",
  "too_many_pixels",
  "too_small",
  /** It begins like a photo, but cannot be decoded to its end. */
  "broken",
  "took_too_long",
  "too_much_memory",
  "too_many_files",
  /** The shop's own limit is reached. */
  "quota",
  /** The place where the shop keeps its files does not take it, or does not answer. */
  "not_kept",
  "ticket",
  "switched_off",
] as const;
export type Refusal = (typeof REFUSALS)[number];

export type MediaKind = "photo" | "video";
export type MediaFormat = "jpeg" | "png" | "webp" | "avif" | "heic" | "mp4" | "mov" | "webm";

const VIDEO_EXTENSION = { mp4: "mp4", mov: "mov", webm: "webm" } as const satisfies Partial<
  Record<MediaFormat, MediaExtension>
>;
/** The extension of a video's format; null for photos, which are always encoded again. */
export function videoExtension(format: MediaFormat): "mp4" | "mov" | "webm" | null {
  return format in VIDEO_EXTENSION ? VIDEO_EXTENSION[format as keyof typeof VIDEO_EXTENSION] : null;
}

/** How many bytes `sniffFormat` looks at. */
export const SNIFF_BYTES = 64;
const HEIC_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];
const MP4_BRANDS = [
  "isom",
  "iso2",
  "iso3",
  "iso4",
  "iso5",
  "iso6",
  "mp41",
  "mp42",
  "avc1",
  "mp71",
  "M4V ",
  "MSNV",
  "dash",
  "3gp4",
  "3gp5",
  "3gp6",
];

/** The format by a file's first bytes, whatever it is called or said to be; null: none that is taken. */
export function sniffFormat(head: Uint8Array): MediaFormat | null {
  const ascii = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "jpeg";
  if (head[0] === 0x89 && ascii(1, 8) === "PNG\r\n\x1a\n") return "png";
  if (ascii(0, 4) === "RIFF" && ascii(8, 12) === "WEBP") return "webp";
  if (head[0] === 0x1a && head[1] === 0x45 && head[2] === 0xdf && head[3] === 0xa3)
    return ascii(4, SNIFF_BYTES).includes("webm") ? "webm" : null;
  if (ascii(4, 8) !== "ftyp") return null;
  const size = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  const brands: string[] = [ascii(8, 12)];
  for (let at = 16; at + 4 <= Math.min(size, head.length); at += 4) brands.push(ascii(at, at + 4));
  if (brands.includes("avif") || brands.includes("avis")) return "avif";
  if (brands[0] === "qt  ") return "mov";
  if (HEIC_BRANDS.includes(brands[0] ?? "")) return "heic";
  return brands.some((brand) => MP4_BRANDS.includes(brand)) ? "mp4" : null;
}
/** Whether a format is a photo's or a video's. */
export function kindOf(format: MediaFormat): MediaKind {
  return videoExtension(format) ? "video" : "photo";
}

/** A stored file of a photo or video, smallest first; of a video the poster's files stand beside it. */
export interface MediaFile {
  name: string;
  width: number | null;
  height: number | null;
  type: string;
  bytes: number;
  /** null: served through our own door; with a ref: the store is still at work on it. */
  url: string | null;
  ref: string | null;
}
/** Whether the store is ready with a file: only then can it be seen. */
export function isReadyFile({ url, ref }: Pick<MediaFile, "url" | "ref">): boolean {
  return url !== null || !ref;
}
/** The licence an author gives with their media, as they saw it. */
export interface MediaLicence {
  wording: string;
  locale: "en" | "ja";
  agreedAt: string;
}
