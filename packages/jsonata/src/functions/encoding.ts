import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import { define, type Functions } from './define.ts';

export const encoding: Functions = {
  base64encode: define('<s-:s>', 1, (run, text?: string) =>
    coded(run, text, (bytes) => btoa(lowBytes(bytes)), 'base64encode'),
  ),
  base64decode: define('<s-:s>', 1, (run, text?: string) => coded(run, text, atob, 'base64decode')),
  encodeUrl: define('<s-:s>', 1, (run, text?: string) => coded(run, text, encodeURI, 'encodeUrl')),
  encodeUrlComponent: define('<s-:s>', 1, (run, text?: string) =>
    coded(run, text, encodeURIComponent, 'encodeUrlComponent'),
  ),
  decodeUrl: define('<s-:s>', 1, (run, text?: string) => coded(run, text, decodeURI, 'decodeUrl')),
  decodeUrlComponent: define('<s-:s>', 1, (run, text?: string) =>
    coded(run, text, decodeURIComponent, 'decodeUrlComponent'),
  ),
};

/** @throws {JsonataError} D3140 */
function coded(
  run: Run,
  text: string | undefined,
  convert: (text: string) => string,
  name: string,
): string | undefined {
  if (text === undefined) return undefined;
  run.allocateText(3 * text.length);
  run.spend(text.length);
  try {
    return convert(text);
  } catch {
    throw new JsonataError('D3140', { token: name });
  }
}

/** JSONata encodes the low byte of each UTF-16 unit. */
function lowBytes(text: string): string {
  return text.replace(/[\u0100-\uffff]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) & 0xff));
}
