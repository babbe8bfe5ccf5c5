// How resolvers are written: one table per GraphQL type, field → function of (source, args, context).
// A field without an entry is not implemented and says so by name; nothing is ever made up.
import { GraphQLError, type DocumentNode, type ExecutionResult, type GraphQLSchema } from "graphql";

import type { OperationFault } from "../faults";
import type { OrderTotals } from "../order-math";
import type { Simulator } from "../simulator";
import type { Id, SimInstall, SimOrder, SimShop } from "../state";

export type Args = Record<string, unknown>;

export interface BulkPage {
  first: number;
  after: string | null;
}

export interface GraphContext {
  sim: Simulator;
  shop: SimShop;
  install: SimInstall;
  /** Bulk operations read whole connections. */
  bulk: boolean;
  /** In a bulk operation: the page of the outermost connection being read. */
  bulkPage?: BulkPage & { next: string | null };
  totals: WeakMap<SimOrder, OrderTotals>;
  engine: Engine;
  /** The refusal this call was told to meet. */
  fault?: OperationFault | undefined;
}

/** What resolvers may ask of the machine that runs them (bulk operations run an inner query). */
export interface Engine {
  schema: GraphQLSchema;
  /** Syntax aside, everything wrong with a document: the schema's objections, then what is not implemented. */
  check(document: DocumentNode): readonly GraphQLError[];
  /** Runs a checked query over whole connections, one page of the outermost connection at a time. */
  runBulkPage(document: DocumentNode, ctx: GraphContext, page: BulkPage): ExecutionResult & { next: string | null };
}

export type Resolver<S> = (source: S, args: Args, ctx: GraphContext) => unknown;
export type TypeTable = ReadonlyMap<string, Resolver<unknown>>;

/** A type's table. The source type is a promise that whoever returns this GraphQL type keeps. */
export function fields<S>(table: Record<string, Resolver<S>>): TypeTable {
  return new Map(Object.entries(table) as [string, Resolver<unknown>][]);
}

/** A table for sources that already are the answer: the named properties are read off. */
export function plain(...names: string[]): TypeTable {
  return new Map(
    names.map((name) => [
      name,
      (source: unknown) => {
        const value = (source as Record<string, unknown>)[name];
        if (value === undefined) throw new Error(`simulator: the value of ${name} is missing`);
        return value;
      },
    ]),
  );
}

const TYPE_NAMES = new WeakMap<object, string>();
/** Marks a value with its type, for fields whose declared type is an interface or a union. */
export function typed<T extends object>(name: string, value: T): T {
  TYPE_NAMES.set(value, name);
  return value;
}
/** @throws GraphQLError when the value was not marked */
export function typeNameOf(value: unknown): string {
  const name = typeof value === "object" && value !== null ? TYPE_NAMES.get(value) : undefined;
  if (!name) throw new GraphQLError("simulator: a value of an abstract type carries no type");
  return name;
}

/** An error about something this simulator does not do; never to be taken for an answer of the platform. */
export function notImplemented(what: string): GraphQLError {
  return new GraphQLError(`simulator: ${what} is not implemented`, {
    extensions: { code: "SIMULATOR_NOT_IMPLEMENTED" },
  });
}

/** An answer as the platform gives it to a wrong argument. */
export function badRequest(message: string, code = "BAD_REQUEST"): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

/** "gid://shopify/Order/1" → "1"; null when the gid is of another type. @throws GraphQLError when it is no gid */
export function idOf(type: string, value: unknown): Id | null {
  const match = /^gid:\/\/shopify\/([A-Za-z]+)\/([A-Za-z0-9_-]+)$/.exec(String(value));
  if (!match) throw badRequest(`Invalid global id '${String(value)}'`, "argumentLiteralsIncompatible");
  return match[1] === type ? (match[2] ?? null) : null;
}

/** The platform keeps whole seconds: "2026-11-22T06:30:00Z". */
export function dateTime(instant: string | null): string | null {
  return instant === null ? null : `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** A scalar argument as text. */
export const say = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
export const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
export const upper = (value: string): string => value.toUpperCase();

/** A list field with an optional `first`. */
export function head<T>(items: T[], args: Args): T[] {
  return typeof args.first === "number" ? items.slice(0, args.first) : items;
}
