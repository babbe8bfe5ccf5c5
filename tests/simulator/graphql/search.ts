// Shopify's search syntax: terms joined by AND (or a space) and OR, NOT or "-", parentheses,
// field:value with :>, :>=, :<, :<=, quotes and a trailing wildcard.
import { DateTime } from "luxon";

import { compareIds } from "./connection";
import { badRequest, notImplemented } from "./types";

type Comparator = ":" | ":>" | ":>=" | ":<" | ":<=";
type Expression =
  | { kind: "and" | "or"; parts: Expression[] }
  | { kind: "not"; part: Expression }
  | { kind: "term"; field: string | null; comparator: Comparator; value: string };

type SearchField<T> =
  | { kind: "text"; read: (item: T) => (string | null)[] }
  | { kind: "exact"; read: (item: T) => (string | null)[] }
  | { kind: "id"; read: (item: T) => string | null }
  | { kind: "number"; read: (item: T) => number | null }
  | { kind: "time"; read: (item: T) => string | null }
  | { kind: "test"; test: (item: T, value: string) => boolean };

export interface SearchTable<T> {
  /** For messages: "orders". */
  name: string;
  fields: Record<string, SearchField<T>>;
  /** What a bare word is looked for in. */
  words: (item: T) => (string | null)[];
}

/** A test for items; every item passes when there is no query. @throws GraphQLError for unknown fields or bad syntax */
export function compileSearch<T>(query: unknown, table: SearchTable<T>, timeZone: string): (item: T) => boolean {
  if (typeof query !== "string" || query.trim() === "") return () => true;
  return compile(parse(query), table, timeZone);
}

function compile<T>(expression: Expression, table: SearchTable<T>, zone: string): (item: T) => boolean {
  switch (expression.kind) {
    case "and": {
      const parts = expression.parts.map((part) => compile(part, table, zone));
      return (item) => parts.every((test) => test(item));
    }
    case "or": {
      const parts = expression.parts.map((part) => compile(part, table, zone));
      return (item) => parts.some((test) => test(item));
    }
    case "not": {
      const test = compile(expression.part, table, zone);
      return (item) => !test(item);
    }
    case "term":
      return compileTerm(expression, table, zone);
  }
}

function compileTerm<T>(
  term: { field: string | null; comparator: Comparator; value: string },
  table: SearchTable<T>,
  zone: string,
): (item: T) => boolean {
  if (term.field === null) {
    const fits = textTest(term.value);
    return (item) => table.words(item).some((word) => word !== null && fits(word));
  }
  const field = table.fields[term.field];
  if (!field) throw notImplemented(`search of ${table.name} by "${term.field}"`);
  const ranged = term.comparator !== ":";
  switch (field.kind) {
    case "text":
    case "exact": {
      if (ranged) throw badRequest(`${term.field} takes no comparator`);
      if (term.value === "*") return (item) => field.read(item).some((value) => value !== null && value !== "");
      const fits = field.kind === "exact" ? exactTest(term.value) : textTest(term.value);
      return (item) => field.read(item).some((value) => value !== null && fits(value));
    }
    case "test":
      if (ranged) throw badRequest(`${term.field} takes no comparator`);
      return (item) => field.test(item, term.value.toLowerCase());
    case "id": {
      const wanted = term.value.replace(/^gid:\/\/shopify\/\w+\//, "");
      if (!/^\d+$/.test(wanted)) throw badRequest(`${term.field} wants a numeric id`);
      return (item) => {
        const id = field.read(item);
        return id !== null && holds(term.comparator, compareIds(id, wanted));
      };
    }
    case "number": {
      const wanted = Number(term.value);
      return (item) => {
        const value = field.read(item);
        return value !== null && holds(term.comparator, value - wanted);
      };
    }
    case "time":
      return timeTest(term, field.read, zone);
  }
}

/** Whole seconds, as the platform keeps them; a bare date means that day in the shop's zone. */
function timeTest<T>(
  term: { comparator: Comparator; value: string },
  read: (item: T) => string | null,
  zone: string,
): (item: T) => boolean {
  const start = DateTime.fromISO(term.value, { zone });
  if (!start.isValid) throw badRequest(`Invalid timestamp for search: "${term.value}"`);
  const isDate = /^\d{4}(-\d{2}(-\d{2})?)?$/.test(term.value);
  const unit = term.value.length === 4 ? "year" : term.value.length === 7 ? "month" : "day";
  const second = (at: DateTime): string => at.toUTC().toISO({ includeOffset: false })?.slice(0, 19) ?? "";
  const from = second(start);
  const until = isDate ? second(start.endOf(unit)) : from;
  return (item) => {
    const at = read(item)?.slice(0, 19);
    if (at === undefined) return false;
    switch (term.comparator) {
      case ":":
        return at >= from && at <= until;
      case ":>":
        return at > until;
      case ":>=":
        return at >= from;
      case ":<":
        return at < from;
      case ":<=":
        return at <= until;
    }
  };
}

function holds(comparator: Comparator, difference: number): boolean {
  switch (comparator) {
    case ":":
      return difference === 0;
    case ":>":
      return difference > 0;
    case ":>=":
      return difference >= 0;
    case ":<":
      return difference < 0;
    case ":<=":
      return difference <= 0;
  }
}

/** Case-insensitive: a word of the text, or with a trailing "*" the start of a word. */
function textTest(value: string): (text: string) => boolean {
  const wanted = value.toLowerCase();
  if (wanted.endsWith("*")) {
    const start = wanted.slice(0, -1);
    return (text) => wordsOf(text).some((word) => word.startsWith(start)) || text.toLowerCase().startsWith(start);
  }
  return (text) =>
    text.toLowerCase() === wanted ||
    wordsOf(text).includes(wanted) ||
    ` ${text.toLowerCase()} `.includes(` ${wanted} `);
}
function exactTest(value: string): (text: string) => boolean {
  const wanted = value.toLowerCase();
  if (wanted.endsWith("*")) return (text) => text.toLowerCase().startsWith(wanted.slice(0, -1));
  return (text) => text.toLowerCase() === wanted;
}
const wordsOf = (text: string): string[] => text.toLowerCase().split(/[\s,;#]+/);

type Token =
  | { kind: "(" | ")" | "and" | "or" | "not" }
  | { kind: "term"; field: string | null; comparator: Comparator; value: string };

const TOKEN =
  /\s*(?:([()])|(-)(?=\S)|(AND|OR|NOT)(?=[\s(]|$)|([A-Za-z_][\w.$-]*)(:>=|:<=|:>|:<|:)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s()]+)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s()]+))/y;

function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = query.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(query);
    if (!match) throw badRequest(`the search query cannot be read: ${query}`);
    const [, parenthesis, minus, word, field, comparator, value, bare] = match;
    if (parenthesis === "(" || parenthesis === ")") tokens.push({ kind: parenthesis });
    else if (minus) tokens.push({ kind: "not" });
    else if (word) tokens.push({ kind: word.toLowerCase() as "and" | "or" | "not" });
    else if (field)
      tokens.push({ kind: "term", field, comparator: comparator as Comparator, value: unquote(value ?? "") });
    else tokens.push({ kind: "term", field: null, comparator: ":", value: unquote(bare ?? "") });
  }
  return tokens;
}

const unquote = (value: string): string =>
  /^(["']).*\1$/s.test(value) && value.length > 1 ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value;

function parse(query: string): Expression {
  const tokens = tokenize(query);
  let at = 0;
  const either = (): Expression => {
    const parts = [all()];
    while (tokens[at]?.kind === "or") {
      at++;
      parts.push(all());
    }
    return parts.length === 1 && parts[0] ? parts[0] : { kind: "or", parts };
  };
  const all = (): Expression => {
    const parts = [one()];
    for (let kind = tokens[at]?.kind; kind && kind !== "or" && kind !== ")"; kind = tokens[at]?.kind) {
      if (kind === "and") at++;
      parts.push(one());
    }
    return parts.length === 1 && parts[0] ? parts[0] : { kind: "and", parts };
  };
  const one = (): Expression => {
    const token = tokens[at++];
    if (token?.kind === "not") return { kind: "not", part: one() };
    if (token?.kind === "term") return token;
    if (token?.kind === "(") {
      const inner = either();
      if (tokens[at++]?.kind !== ")") throw badRequest(`a parenthesis is not closed: ${query}`);
      return inner;
    }
    throw badRequest(`the search query cannot be read: ${query}`);
  };
  const expression = either();
  if (at < tokens.length) throw badRequest(`the search query cannot be read: ${query}`);
  return expression;
}
