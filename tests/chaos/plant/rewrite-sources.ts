// Puts a bug into a source as Node loads it: the file on disk, and every other process, stay what they are.
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

export interface SourceRewrite {
  /** The file's path inside the project. */
  file: string;
  find: string;
  replace: string;
}

/** Rewrites what is loaded from now on. @throws when a source does not hold what is to be replaced */
export function rewriteSources(rewrites: readonly SourceRewrite[]): void {
  if (rewrites.length === 0) return;
  registerHooks({
    load(url, context, nextLoad) {
      const file = url.startsWith("file:") ? fileURLToPath(url.split("?")[0] ?? url) : "";
      const own = rewrites.filter((each) => file.endsWith(`/${each.file}`));
      if (own.length === 0) return nextLoad(url, context);
      let source = readFileSync(file, "utf8");
      for (const { find, replace } of own) {
        if (source.split(find).length !== 2) throw new Error(`${file} does not hold just one ${find}`);
        source = source.replace(find, () => replace);
      }
      return { format: "module", source: stripTypeScriptTypes(source, { mode: "transform" }), shortCircuit: true };
    },
  });
}
