/** Defaults of a flow's parameters (a JSON Schema of an object) by name. */
export function defaultsOf(parameters: unknown): Record<string, unknown> {
  const properties =
    (parameters as { properties?: Record<string, { default?: unknown }> } | undefined)?.properties ?? {};
  const known = Object.entries(properties).filter(([, schema]) => schema.default !== undefined);
  return Object.fromEntries(known.map(([name, schema]) => [name, schema.default]));
}
