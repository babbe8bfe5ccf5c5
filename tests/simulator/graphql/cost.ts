// Query cost by Shopify's published rules: scalars and enums 0, an object 1, an interface or union the
// dearest of its possible selections, a connection two points plus its objects (sized by first or last),
// a mutation 10. The actual cost counts what was really there.
import {
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  getNullableType,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

const CONNECTION_COST = 2;
const MUTATION_COST = 10;

interface Walk {
  schema: GraphQLSchema;
  fragments: Map<string, FragmentDefinitionNode>;
  variables: Record<string, unknown>;
}
type Data = Record<string, unknown> | null;

/** Without data: the requested cost. With data: the actual cost. */
export function queryCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
  data?: Data,
): number {
  const rootType = schema.getRootType(operation.operation);
  if (!rootType) return 0;
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const walk: Walk = { schema, fragments, variables };
  if (operation.operation === OperationTypeNode.MUTATION) return MUTATION_COST * rootFieldCount(operation.selectionSet);
  return selectionCost(walk, operation.selectionSet, rootType, data);
}

const rootFieldCount = (set: SelectionSetNode): number =>
  set.selections.filter((one) => one.kind === Kind.FIELD).length;

/** data undefined: unknown yet; null: there is nothing. */
function selectionCost(walk: Walk, set: SelectionSetNode, type: GraphQLCompositeType, data: Data | undefined): number {
  let always = 0;
  const byType = new Map<string, number>();
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      always += fieldCost(walk, selection, type, data);
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection;
    if (!fragment) continue;
    const condition = fragment.typeCondition?.name.value ?? type.name;
    const narrowed = walk.schema.getType(condition);
    if (!narrowed || !isCompositeType(narrowed)) continue;
    const cost = selectionCost(walk, fragment.selectionSet, narrowed, data);
    if (isAbstractType(type) && condition !== type.name) byType.set(condition, (byType.get(condition) ?? 0) + cost);
    else always += cost;
  }
  return always + Math.max(0, ...byType.values());
}

function fieldCost(walk: Walk, node: FieldNode, parent: GraphQLCompositeType, data: Data | undefined): number {
  const field = "getFields" in parent ? parent.getFields()[node.name.value] : undefined;
  const named = field ? getNamedType(field.type) : undefined;
  if (!field || !named || !isCompositeType(named) || !node.selectionSet) return 0;
  const value = data === undefined ? undefined : (data?.[node.alias?.value ?? node.name.value] ?? null);
  if (value === null) return 0;
  if (isObjectType(named) && named.name.endsWith("Connection")) return connectionCost(walk, node, field, named, value);
  if (named.name === "PageInfo") return 0;
  const each = (item: unknown) =>
    1 + selectionCost(walk, node.selectionSet ?? EMPTY, named, item === undefined ? undefined : (item as Data));
  if (!isListType(getNullableType(field.type))) return each(value);
  const size = listSize(walk, node, field);
  if (!Array.isArray(value)) return (size ?? 1) * each(undefined);
  const costs = value.map((item) => (item === null ? 0 : each(item)));
  // A list nobody sized counts as one object, before and after.
  return size === null ? Math.max(0, ...costs) : costs.reduce((sum, cost) => sum + cost, 0);
}

const EMPTY: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [] };

function listSize(walk: Walk, node: FieldNode, field: GraphQLField<unknown, unknown>): number | null {
  const { first, ids } = getArgumentValues(field, node, walk.variables) as { first?: unknown; ids?: unknown };
  if (typeof first === "number") return first;
  return Array.isArray(ids) ? ids.length : null;
}

function connectionCost(
  walk: Walk,
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  type: GraphQLCompositeType,
  value: unknown,
): number {
  const args = getArgumentValues(field, node, walk.variables) as { first?: unknown; last?: unknown };
  const size = typeof args.first === "number" ? args.first : typeof args.last === "number" ? args.last : 0;
  const fields = flatten(walk, node.selectionSet);
  let cost = CONNECTION_COST;
  for (const inner of fields) {
    const { items, selection, itemType } = itemsOf(walk, inner, type, value);
    if (!selection || !itemType) continue;
    if (items) for (const item of items) cost += item === null ? 0 : 1 + selectionCost(walk, selection, itemType, item);
    else cost += size * (1 + selectionCost(walk, selection, itemType, undefined));
  }
  return cost;
}

function flatten(walk: Walk, set: SelectionSetNode | undefined): FieldNode[] {
  return (set?.selections ?? []).flatMap((one) => {
    if (one.kind === Kind.FIELD) return [one];
    const fragment = one.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(one.name.value) : one;
    return flatten(walk, fragment?.selectionSet);
  });
}

interface Items {
  items: Data[] | null;
  selection: SelectionSetNode | undefined;
  itemType: GraphQLCompositeType | undefined;
}

/** The objects behind `nodes` or `edges { node }` of a connection's selection. */
function itemsOf(walk: Walk, inner: FieldNode, connection: GraphQLCompositeType, value: unknown): Items {
  const none: Items = { items: null, selection: undefined, itemType: undefined };
  const list =
    value === undefined ? null : ((value as Record<string, unknown>)[inner.alias?.value ?? inner.name.value] as Data[]);
  const typeOf = (parent: GraphQLCompositeType, name: string): GraphQLCompositeType | undefined => {
    const field = "getFields" in parent ? parent.getFields()[name] : undefined;
    const named = field ? getNamedType(field.type) : undefined;
    return named && isCompositeType(named) ? named : undefined;
  };
  if (inner.name.value === "nodes")
    return { items: list, selection: inner.selectionSet, itemType: typeOf(connection, "nodes") };
  if (inner.name.value !== "edges") return none;
  const node = flatten(walk, inner.selectionSet).find(({ name }) => name.value === "node");
  const edge = typeOf(connection, "edges");
  if (!node || !edge) return none;
  const items = list?.map((one) => (one?.[node.alias?.value ?? "node"] ?? null) as Data) ?? null;
  return { items, selection: node.selectionSet, itemType: typeOf(edge, "node") };
}
