import type { PartPlace } from '../configuration.ts';

/** The path of a part's files up to what each kind puts behind it; what no file may be called stands as `%3A`. */
export function pathOfPart({ kind, environment, name }: PartPlace): string {
  return [kind, environment, encoded(name)].filter((word) => word !== '').join('/');
}

function encoded(name: string): string {
  return encodeURIComponent(name)
    .replaceAll('%20', ' ')
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The name that a file has; nothing where it is none of ours. */
export function decoded(file: string): string | undefined {
  try {
    const name = decodeURIComponent(file);
    return encoded(name) === file ? name : undefined;
  } catch {
    return undefined;
  }
}
