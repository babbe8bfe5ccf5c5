declare module "heic-decode" {
  /** Decodes the primary image; orientation applied by the decoder. */
  export default function decode(options: {
    buffer: Uint8Array;
  }): Promise<{ width: number; height: number; data: Uint8ClampedArray }>;
}
