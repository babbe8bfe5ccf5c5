// Scripts and styles of the simulator's own pages: TypeScript bundled when first asked for.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const bundles = new Map<string, Promise<string>>();

/** A browser script made of one entry below client/, as a classic script (once per process). */
export function bundleScript(entry: string): Promise<string> {
  let bundle = bundles.get(entry);
  if (!bundle) {
    bundle = build({
      entryPoints: [`${HERE}client/${entry}`],
      bundle: true,
      write: false,
      format: "iife",
      target: "es2022",
      charset: "utf8",
      legalComments: "none",
    }).then((result) => result.outputFiles[0]?.text ?? "");
    bundles.set(entry, bundle);
    bundle.catch(() => bundles.delete(entry));
  }
  return bundle;
}

/** A text file below this folder. */
export function readAsset(path: string): Promise<string> {
  return readFile(HERE + path, "utf8");
}

/** Absolute path of a file or folder below this one. */
export function assetPath(path: string): string {
  return HERE + path;
}
