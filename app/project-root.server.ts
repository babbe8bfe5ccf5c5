// Where package.json, prisma/ and node_modules/ are: two folders up from the source, one from build/.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The installation's folder, found from this file upwards. */
export function projectRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!fs.existsSync(path.join(folder, "package.json"))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error("package.json was not found above the program's own folder.");
    folder = parent;
  }
  return folder;
}
