/** A name that no other test of the flow has. */
export function freeName(name: string, tests: Readonly<Record<string, unknown>>): string {
  if (!Object.hasOwn(tests, name)) return name;
  const numbered = Object.keys(tests).map((_, index) => `${name} ${index + 2}`);
  return numbered.find((each) => !Object.hasOwn(tests, each)) ?? `${name} ${numbered.length + 2}`;
}
