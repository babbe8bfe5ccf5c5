// What the platform refuses in a bulk query, beyond the schema.
import {
  getNamedType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  getNullableType,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";

const CONNECTIONS_MAX = 5;
const DEPTH_MAX = 3;

/** Named fragments become inline ones, so that a selection can be read where it stands. */
export function openFragments(document: DocumentNode): DocumentNode {
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const open = (set: SelectionSetNode, depth: number): SelectionSetNode => {
    if (depth > 50) throw new Error("fragments refer to each other");
    return {
      ...set,
      selections: set.selections.map((one): SelectionNode => {
        if (one.kind === Kind.FIELD)
          return one.selectionSet ? { ...one, selectionSet: open(one.selectionSet, depth) } : one;
        if (one.kind === Kind.INLINE_FRAGMENT) return { ...one, selectionSet: open(one.selectionSet, depth) };
        const fragment = fragments.get(one.name.value);
        if (!fragment) return one;
        return {
          kind: Kind.INLINE_FRAGMENT,
          typeCondition: fragment.typeCondition,
          selectionSet: open(fragment.selectionSet, depth + 1),
        };
      }),
    };
  };
  return {
    ...document,
    definitions: document.definitions.flatMap((one) =>
      one.kind === Kind.OPERATION_DEFINITION ? [{ ...one, selectionSet: open(one.selectionSet, 0) }] : [],
    ),
  };
}

/** Whether the selection asks for the field, inline fragments included. */
function selectsIn(set: SelectionSetNode | undefined, name: string): boolean {
  return (set?.selections ?? []).some((one) => {
    if (one.kind === Kind.FIELD) return one.name.value === name && one.alias === undefined;
    return one.kind === Kind.INLINE_FRAGMENT && selectsIn(one.selectionSet, name);
  });
}

/** The platform's objection to a valid document as a bulk query; null when there is none. */
export function inspectBulkQuery(document: DocumentNode, schema: GraphQLSchema): string | null {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const operation = operations[0];
  if (operations.length !== 1 || operation?.operation !== OperationTypeNode.QUERY)
    return "Invalid bulk query: exactly one query is wanted.";
  if (operation.variableDefinitions?.length) return "Invalid bulk query: variables are not supported.";
  const roots = operation.selectionSet.selections;
  const root = roots[0];
  if (roots.length !== 1 || root?.kind !== Kind.FIELD)
    return "Invalid bulk query: only one top-level field is supported.";
  if (root.name.value === "node" || root.name.value === "nodes")
    return `Invalid bulk query: the top-level field ${root.name.value} cannot be used.`;

  let objection: string | null = null;
  const path: { connection: boolean; list: boolean; field: FieldNode }[] = [];
  let connections = 0;
  const info = new TypeInfo(schema);
  const object = (text: string) => (objection ??= text);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: {
        enter(field) {
          const type = info.getType();
          const named = type ? getNamedType(type) : null;
          const connection = isObjectType(named) && named.name.endsWith("Connection");
          const inConnection = path.some((one) => one.connection);
          const list = type
            ? isListType(getNullableType(type)) && field.name.value !== "edges" && field.name.value !== "nodes"
            : false;
          if (connection) {
            connections++;
            if (path.some((one) => one.list))
              object("Queries that contain a connection field within a list field are not currently supported.");
            if (1 + path.filter((one) => one.connection).length > DEPTH_MAX)
              object("Bulk queries cannot contain connections with a nesting depth greater than 2.");
            const parent = path.findLast((one) => one.field.name.value === "node" || one.field.name.value === "nodes");
            if (inConnection && parent && !selectsIn(parent.field.selectionSet, "id")) {
              object(
                "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type.",
              );
            }
          }
          path.push({ connection, list, field });
        },
        leave: () => void path.pop(),
      },
    }),
  );
  if (connections === 0) object("Bulk queries must contain at least one connection.");
  if (connections > CONNECTIONS_MAX) object("Bulk queries cannot contain more than 5 connections.");
  return objection;
}
