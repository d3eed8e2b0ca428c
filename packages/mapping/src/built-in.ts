import jsonata from 'jsonata';

/** The names of JSONata 2.2.2's own functions. */
export const builtInNames: ReadonlySet<string> = new Set(
  `abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl decodeUrlComponent
  distinct each encodeUrl encodeUrlComponent error eval exists filter floor formatBase formatInteger formatNumber
  fromMillis join keys length lookup lowercase map match max merge millis min not now number pad parseInteger power
  random reduce replace reverse round shuffle sift single sort split spread sqrt string substring substringAfter
  substringBefore sum toMillis trim type uppercase zip`.split(/\s+/),
);

type Implementation = (this: jsonata.Focus, ...args: unknown[]) => unknown;
interface Definition {
  readonly implementation: Implementation;
  readonly signature?: object;
}

/**
 * JSONata's functions are objects that all expressions of a process share, and a transform (`{} ~> |$sum|…|`) or
 * `$spread` reaches into them: one tenant could change what `$sum` is for the others. They are locked before the
 * first evaluation.
 */
export const locked: Promise<ReadonlyMap<string, Definition>> = lockBuiltIns();

/** The implementation of one of JSONata's functions, whatever an expression has bound to its name. */
export async function builtIn(name: string): Promise<Implementation> {
  const definition = (await locked).get(name);
  if (!definition) throw new RangeError(`JSONata has no function ${name}.`);
  return definition.implementation;
}

async function lockBuiltIns(): Promise<ReadonlyMap<string, Definition>> {
  const definitions = new Map<string, Definition>();
  const expression = jsonata('$visit()');
  expression.registerFunction('visit', function () {
    Object.freeze((this.environment as unknown as { global: object }).global);
    for (const name of builtInNames) definitions.set(name, lock(this.environment.lookup(name)));
  });
  await expression.evaluate(undefined);
  return definitions;
}

/** JSONata itself writes `token` and `position` on a function when it is called; the rest stays as it is. */
function lock(definition: Definition): Definition {
  for (const name of ['token', 'position'])
    Object.defineProperty(definition, name, { value: undefined, writable: true });
  for (const name of ['_jsonata_function', 'implementation', 'signature']) {
    Object.defineProperty(definition, name, { enumerable: false, writable: false, configurable: false });
  }
  Object.freeze(definition.implementation);
  if (definition.signature) Object.freeze(definition.signature);
  return Object.preventExtensions(definition);
}
