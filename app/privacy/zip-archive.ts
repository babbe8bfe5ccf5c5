// A zip file made while it is sent: each file is stored as it is, and its length and sum follow it. Pure.
import { crc32 } from "node:zlib";

export interface ArchivedFile {
  /** Path in the archive, with forward slashes. */
  name: string;
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}
interface Stored {
  name: Buffer;
  sum: number;
  size: number;
  offset: number;
}

/** Names are UTF-8, and sum and lengths come after the content. */
const FLAGS = 0x0808;
const VERSION = 20;
/** Formats older than sixty-four bits can count. */
const MAX = 0xffff_ffff;

/** The archive's bytes, in pieces. @throws RangeError when it grows beyond 4 GB */
export async function* zipArchive(files: AsyncIterable<ArchivedFile>): AsyncGenerator<Uint8Array> {
  const stored: Stored[] = [];
  let offset = 0;
  for await (const file of files) {
    const name = Buffer.from(file.name);
    const head = localHeader(name);
    yield head;
    let sum = 0;
    let size = 0;
    for await (const piece of file.content) {
      sum = crc32(piece, sum);
      size += piece.length;
      yield piece;
    }
    yield descriptor(sum, size);
    stored.push({ name, sum, size, offset });
    offset += head.length + size + 16;
    if (offset > MAX) throw new RangeError("an archive of more than 4 GB cannot be written");
  }
  const directory = Buffer.concat(stored.map(directoryLine));
  yield directory;
  yield ending(stored.length, directory.length, offset);
}

function localHeader(name: Buffer): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x0403_4b50, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(FLAGS, 6);
  // 1980-01-01, the first day the format knows: when a file was made is nobody's business.
  head.writeUInt16LE(0x21, 12);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, name]);
}

function descriptor(sum: number, size: number): Buffer {
  const tail = Buffer.alloc(16);
  tail.writeUInt32LE(0x0807_4b50, 0);
  tail.writeUInt32LE(sum, 4);
  tail.writeUInt32LE(size, 8);
  tail.writeUInt32LE(size, 12);
  return tail;
}

function directoryLine({ name, sum, size, offset }: Stored): Buffer {
  const line = Buffer.alloc(46);
  line.writeUInt32LE(0x0201_4b50, 0);
  line.writeUInt16LE(VERSION, 4);
  line.writeUInt16LE(VERSION, 6);
  line.writeUInt16LE(FLAGS, 8);
  line.writeUInt16LE(0x21, 14);
  line.writeUInt32LE(sum, 16);
  line.writeUInt32LE(size, 20);
  line.writeUInt32LE(size, 24);
  line.writeUInt16LE(name.length, 28);
  line.writeUInt32LE(offset, 42);
  return Buffer.concat([line, name]);
}

function ending(files: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(files, 8);
  end.writeUInt16LE(files, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
