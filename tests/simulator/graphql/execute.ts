// Runs one GraphQL request against the real schema with our own resolvers only.
import {
  execute,
  getNamedType,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  isObjectType,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLSchema,
} from "graphql";

import { loadAdminSchema } from "../../setup/admin-schema";
import { takeFault, type OperationFault } from "../faults";
import { describeScopes, FIELD_SCOPES, hasScope, TYPE_SCOPES } from "../scopes";
import type { Simulator } from "../simulator";
import type { SimInstall, SimShop } from "../state";
import { giveBack, refill, spend } from "./bucket";
import { queryCost } from "./cost";
import { tableOf } from "./registry";
import { notImplemented, typeNameOf, type Args, type BulkPage, type Engine, type GraphContext } from "./types";

const QUERY_COST_MAX = 1_000;
const EXAMINED_MAX = 500;

export interface GraphqlRequest {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}
export interface GraphqlAnswer {
  data?: unknown;
  errors?: readonly unknown[];
  extensions?: Record<string, unknown>;
}

let shared: Engine | undefined;
function theEngine(): Engine {
  if (shared) return shared;
  const schema = loadAdminSchema();
  return (shared = {
    schema,
    check(document) {
      const objections = validate(schema, document);
      return objections.length > 0 ? objections : unimplemented(schema, document);
    },
    runBulkPage(document, ctx, page) {
      const bulkPage: BulkPage & { next: string | null } = { ...page, next: null };
      const result = run(schema, document, { ...ctx, bulkPage }, {}, undefined);
      return { ...result, next: bulkPage.next };
    },
  });
}

interface Examined {
  /** Null when there is something against it. */
  document: DocumentNode | null;
  objections: readonly GraphQLError[];
}
const examined = new Map<string, Examined>();

/** Parses and checks a document; an app sends the same few again and again. */
function examine(engine: Engine, query: string): Examined {
  const known = examined.get(query);
  if (known) return known;
  let answer: Examined;
  try {
    const document = parse(query);
    const objections = engine.check(document);
    answer = { document: objections.length > 0 ? null : document, objections };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    answer = { document: null, objections: [error] };
  }
  if (examined.size >= EXAMINED_MAX) examined.clear();
  examined.set(query, answer);
  return answer;
}

/** Answers a request of an installed app; also everything about cost and throttling. */
export function answerGraphql(
  sim: Simulator,
  shop: SimShop,
  install: SimInstall,
  request: GraphqlRequest,
  fault?: OperationFault,
): GraphqlAnswer {
  const engine = theEngine();
  const { schema } = engine;
  const { document, objections } = examine(engine, request.query);
  if (!document) return { errors: report(objections) };
  const operation = getOperationAST(document, request.operationName);
  if (!operation) return { errors: [new GraphQLError("No operation was named, or there are several.")] };
  const variables = request.variables ?? {};
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (coerced.errors) return { errors: coerced.errors };

  const requested = queryCost(schema, document, operation, coerced.coerced);
  if (requested > QUERY_COST_MAX) return tooExpensive(requested);
  const isThrottled = takeFault(sim.faults, "throttle") || fault?.kind === "throttled";
  if (isThrottled || !spend(shop, requested)) return throttled(shop, requested);
  const ctx: GraphContext = { sim, shop, install, bulk: false, totals: new WeakMap(), engine, fault };
  const result = run(schema, document, ctx, variables, request.operationName);
  const actual = queryCost(schema, document, operation, coerced.coerced, result.data ?? null);
  giveBack(shop, requested - actual);
  const cost = { requestedQueryCost: requested, actualQueryCost: actual, throttleStatus: refill(shop) };
  return { data: result.data, ...(result.errors ? { errors: report(result.errors) } : {}), extensions: { cost } };
}

function throttled(shop: SimShop, requested: number): GraphqlAnswer {
  return {
    errors: [
      {
        message: "Throttled",
        extensions: { code: "THROTTLED", documentation: "https://shopify.dev/api/usage/rate-limits" },
      },
    ],
    extensions: { cost: { requestedQueryCost: requested, actualQueryCost: null, throttleStatus: refill(shop) } },
  };
}

function tooExpensive(cost: number): GraphqlAnswer {
  const message = `Query cost is ${cost}, which exceeds the single query max cost limit (${QUERY_COST_MAX}).\n\nSee https://shopify.dev/concepts/about-apis/rate-limits for more information on how the cost of a query is calculated.`;
  return { errors: [{ message, extensions: { code: "MAX_COST_EXCEEDED", cost, maxCost: QUERY_COST_MAX } }] };
}

/** What is not implemented is also said aloud: a test or a person should not have to look for it. */
function report(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  for (const { message, extensions } of errors) {
    if (extensions.code === "SIMULATOR_NOT_IMPLEMENTED" || message.startsWith("simulator:")) console.error(message);
  }
  return errors;
}

/** Every selected field of an object type must have a resolver, whether or not there is data to reach it. */
function unimplemented(schema: GraphQLSchema, document: DocumentNode): GraphQLError[] {
  const names = new Set<string>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        const parent = info.getParentType();
        if (!isObjectType(parent) || parent.name.startsWith("__") || node.name.value.startsWith("__")) return;
        if (!tableOf(parent.name)?.has(node.name.value)) names.add(`${parent.name}.${node.name.value}`);
      },
    }),
  );
  return [...names].map((name) => notImplemented(name));
}

function run(
  schema: GraphQLSchema,
  document: DocumentNode,
  ctx: GraphContext,
  variableValues: Record<string, unknown>,
  operationName: string | undefined,
): ExecutionResult {
  const result = execute({
    schema,
    document,
    contextValue: ctx,
    variableValues,
    operationName,
    rootValue: {},
    fieldResolver: resolveField,
    typeResolver: typeNameOf,
  });
  if (result instanceof Promise) throw new Error("simulator: a resolver was asynchronous");
  return result;
}

const resolveField: GraphQLFieldResolver<unknown, GraphContext, Args> = (source, args, ctx, info) => {
  const name = `${info.parentType.name}.${info.fieldName}`;
  requireScope(ctx, name, info.fieldName, getNamedType(info.returnType).name);
  const resolver = tableOf(info.parentType.name)?.get(info.fieldName);
  if (!resolver) throw notImplemented(name);
  const { fault } = ctx;
  if (fault && info.path.prev === undefined && fault.operation === info.fieldName)
    return refusedPayload(info.fieldName, getNamedType(info.returnType), fault);
  const isBulkRoot = ctx.bulkPage !== undefined && info.path.prev === undefined;
  if (isBulkRoot) return resolveBulkRoot(ctx, args, (pageArgs, pageCtx) => resolver(source, pageArgs, pageCtx));
  if (ctx.bulk) return resolver(source, args, ctx);
  const { proxy, unread } = track(args, info.fieldNodes[0]?.arguments?.map((argument) => argument.name.value) ?? []);
  const value = resolver(source, proxy, ctx);
  const overlooked = unread();
  if (overlooked.length > 0) throw notImplemented(`argument ${overlooked.join(", ")} of ${name}`);
  return value;
};

/** A mutation's answer with one user error and nothing done. */
function refusedPayload(operation: string, payload: GraphQLNamedType, fault: OperationFault): unknown {
  const errors = isObjectType(payload) ? payload.getFields().userErrors : undefined;
  if (!isObjectType(payload) || !errors) throw notImplemented(`a user error of ${operation}, which has none`);
  const isTaken = fault.kind === "taken";
  const userError = {
    field: fault.field ?? null,
    message: fault.message ?? (isTaken ? "has already been taken" : "The simulator was told to refuse this"),
    code: isTaken ? "TAKEN" : (fault.code ?? null),
    extraInfo: null,
    elementIndex: null,
    elementKey: null,
  };
  const nothing = Object.keys(payload.getFields()).map((name) => [name, null]);
  return { ...(Object.fromEntries(nothing) as Record<string, null>), userErrors: [userError] };
}

/** The outermost connection of a bulk query is read in pages, so that a large one never blocks the process. */
function resolveBulkRoot(ctx: GraphContext, args: Args, resolve: (args: Args, ctx: GraphContext) => unknown): unknown {
  const page = ctx.bulkPage;
  if (!page) throw new Error("simulator: not a bulk page");
  const { first: _first, last: _last, after: _after, before: _before, ...kept } = args;
  const connection = resolve({ ...kept, first: page.first, after: page.after }, { ...ctx, bulk: false }) as {
    pageInfo?: { hasNextPage: boolean; endCursor: string | null };
  };
  if (connection.pageInfo?.hasNextPage) page.next = connection.pageInfo.endCursor;
  return connection;
}

/** Watches which arguments a resolver reads: one that is given but ignored would make a wrong answer. */
function track(args: Args, given: string[]): { proxy: Args; unread: () => string[] } {
  const read = new Set<string>();
  const proxy = new Proxy(args, {
    get(target, key, receiver) {
      read.add(String(key));
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  return {
    proxy,
    unread: () => given.filter((name) => !read.has(name) && args[name] !== undefined && args[name] !== null),
  };
}

function requireScope(ctx: GraphContext, name: string, fieldName: string, returned: string): void {
  const typeName = returned.replace(/(Connection|Edge)$/, "");
  for (const wanted of [FIELD_SCOPES[name], TYPE_SCOPES[typeName]]) {
    if (!wanted || hasScope(ctx.install.scopes, wanted)) continue;
    const requiredAccess = describeScopes(wanted);
    throw new GraphQLError(`Access denied for ${fieldName} field. Required access: ${requiredAccess}`, {
      extensions: {
        code: "ACCESS_DENIED",
        documentation: "https://shopify.dev/api/usage/access-scopes",
        requiredAccess,
      },
    });
  }
}
