import { ExactNumber, isObject, type Json } from '@millrace/contract';
import { anything, type Check, every } from './check.ts';
import { keywords } from './keywords.ts';
import { CannotTell, giveUp, Work } from './work.ts';

/** Whether data fits; nothing where that cannot be told here. */
export type QuickCheck = (data: Json) => boolean | undefined;

/** Values looked at in one check: some 20 ms, about what it takes to send so many to another process. */
const mostWork = 400_000;

/**
 * A check of what nearly all schemas consist of, as nested functions: no code is made of the schema, every value looked at
 * is counted, patterns take linear time. It answers as ajv does, or not at all, and names no problems: what does not fit is
 * for ajv to explain, and so is a schema that is none.
 */
export function quickCheck(schema: Json): QuickCheck | undefined {
  const check = unlessTooDeep(() => compileWhole(schema));
  return check && ((data) => told(check, data));
}

function told(check: Check, data: Json): boolean | undefined {
  return unlessTooDeep(() => check(data, new Work(mostWork)));
}

function unlessTooDeep<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (thrown) {
    if (thrown instanceof CannotTell || thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

function compileWhole(root: Json): Check | undefined {
  const open = new Set<Json>();
  const done = new Map<Json, Check | undefined>();
  return compile(root);

  function compile(schema: Json): Check | undefined {
    if (schema === true) return anything;
    // A definition that refers to itself has no end here.
    if (!isObject(schema) || open.has(schema)) return undefined;
    if (done.has(schema)) return done.get(schema);
    open.add(schema);
    const parts = Object.entries(schema).map(([keyword, value]) => {
      if (keyword.startsWith('x-') || (keyword === '$id' && schema === root && isPlainAddress(value))) return anything;
      return Object.hasOwn(keywords, keyword) ? keywords[keyword]?.(value, { schema, compile, find }) : undefined;
    });
    open.delete(schema);
    const check = counted(every(parts));
    done.set(schema, check);
    return check;
  }

  function find(pointer: string): Json | undefined {
    const [, folder, name] = /^#\/(\$defs|definitions)\/([\w-]+)$/.exec(pointer) ?? [];
    const definitions = folder !== undefined && isObject(root) ? root[folder] : undefined;
    return name !== undefined && isObject(definitions) && Object.hasOwn(definitions, name)
      ? definitions[name]
      : undefined;
  }
}

function isPlainAddress(id: Json): boolean {
  return typeof id === 'string' && /^https?:\/\/[\w.-]+(\/[\w.-]+)*\/?$/.test(id);
}

/** Ajv checks exact numbers as the doubles nearest to them: that is left to it. */
function counted(check: Check | undefined): Check | undefined {
  if (!check || check === anything) return check;
  return (data, work) => {
    work.spend(1);
    if (data instanceof ExactNumber) giveUp();
    return check(data, work);
  };
}
