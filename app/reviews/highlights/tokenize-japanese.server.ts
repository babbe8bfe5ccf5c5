// The Japanese tokenizer with its dictionary: some 150 MB once loaded, so it is loaded by the first Japanese
// review that a worker analyses, and by nobody else.
import type { JapaneseToken } from "./japanese";

interface RawToken {
  surface: string;
  baseForm: string;
  partOfSpeech: string;
  partOfSpeechSubcategory1: string;
}
interface Tokenizer {
  tokenize(text: string): (RawToken | Map<string, string>)[];
}
let loaded: Promise<Tokenizer> | undefined;

async function load(): Promise<Tokenizer> {
  const { TokenizerBuilder } = await import("lindera-wasm-nodejs-ipadic");
  const builder = new TokenizerBuilder();
  builder.setDictionary("embedded://ipadic");
  builder.setMode("normal");
  return builder.build();
}

/** A tokenizer for one piece of work. */
export async function japaneseTokenizer(): Promise<(text: string) => JapaneseToken[]> {
  const tokenizer = await (loaded ??= load());
  return (text) => tokenizer.tokenize(text).map(toToken);
}

function toToken(raw: RawToken | Map<string, string>): JapaneseToken {
  const token = (raw instanceof Map ? Object.fromEntries(raw) : raw) as RawToken;
  const { surface, baseForm, partOfSpeech, partOfSpeechSubcategory1 } = token;
  // Words the dictionary does not know have no base form.
  return {
    surface,
    base: baseForm === "*" || !baseForm ? surface : baseForm,
    pos: partOfSpeech,
    detail: partOfSpeechSubcategory1,
  };
}
