import { isObject, type Json, type JsonObject } from '@millrace/contract';
import { type FlowBundle, isEqual } from '@millrace/flow';

/*
 * The parameters of a clone are the defaults of its own flow: published, compared and merged with it as everything else.
 */

/** The bundle with these values as defaults; what is no parameter of the flow is left out. */
export function withParameters(bundle: FlowBundle, values: JsonObject): FlowBundle {
  const known = Object.entries(values).filter(([name]) => parameterSchema(bundle, name));
  return known.reduce((each, [name, value]) => withDefault(each, name, value), bundle);
}

/**
 * Theirs with each default that mine has set itself: a tenant's setting is not contested by another proposal. One whose
 * parameter is gone in theirs stays a conflict.
 */
export function keepingParameters(base: FlowBundle, mine: FlowBundle, theirs: FlowBundle): FlowBundle {
  return Object.keys(propertiesOf(theirs)).reduce((each, name) => {
    const [before, own] = [base, mine].map((bundle) => parameterSchema(bundle, name));
    return before && own && !isEqual(before.default, own.default) ? withDefault(each, name, own.default) : each;
  }, theirs);
}

/** JSON Schema of a parameter, where the flow has it. */
export function parameterSchema(bundle: FlowBundle, name: string): JsonObject | undefined {
  const properties = propertiesOf(bundle);
  const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return schema !== undefined && isObject(schema) ? schema : undefined;
}

function propertiesOf({ flow }: FlowBundle): JsonObject {
  const parameters = (flow.parameters ?? null) as Json;
  const properties = isObject(parameters) ? parameters.properties : undefined;
  return properties !== undefined && isObject(properties) ? properties : {};
}

function withDefault(bundle: FlowBundle, name: string, value: Json | undefined): FlowBundle {
  const { default: _, ...schema } = parameterSchema(bundle, name) ?? {};
  const changed = value === undefined ? schema : { ...schema, default: value };
  const properties = { ...propertiesOf(bundle), [name]: changed };
  return { ...bundle, flow: { ...bundle.flow, parameters: { ...bundle.flow.parameters, properties } } };
}
