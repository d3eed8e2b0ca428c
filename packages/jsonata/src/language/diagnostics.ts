import { JsonataError } from '../failure.ts';
import type { Syntax } from '../front/syntax.ts';
import type { Finding } from './findings.ts';
import type { Range, Ranges } from './ranges.ts';
import { type Shape, unknown } from './shape.ts';
import { inWords } from './words.ts';

/** Something that is wrong with a place of a text. */
export interface Diagnostic extends Range {
  /**
   * JSONata's code for what fails when it is evaluated or cannot be read; FIELD_UNKNOWN, NEVER_EQUAL and VARIABLE_UNKNOWN
   * for what only gives nothing.
   */
  readonly code: string;
  /** An error fails every evaluation; a warning may be right as it is. */
  readonly severity: 'error' | 'warning';
  /** One sentence. */
  readonly message: string;
  /** What may help. */
  readonly hint?: string;
}

type Shapes = ReadonlyMap<Syntax, Shape>;

/** Fields that are named in a hint. */
const mostNamed = 10;

export function diagnosticOf(finding: Finding, shapes: Shapes, ranges: Ranges): Diagnostic {
  const { node, code, fails } = finding;
  const hint = hintOf(finding, shapes);
  return {
    ...(ranges.of(node) ?? { from: 0, to: 0 }),
    code,
    severity: fails ? 'error' : 'warning',
    message: sentenceOf(finding),
    ...(hint !== undefined && { hint }),
  };
}

/** What the parser could not read. */
export function syntaxDiagnostic(error: JsonataError, ranges: Ranges): Diagnostic {
  const { code, message, position = 0 } = error;
  const token = ranges.tokenAt(position - 1);
  const range = { from: token?.start ?? position, to: token?.end ?? position };
  return { ...range, code, severity: 'error', message };
}

function sentenceOf({ code, token, index, path }: Finding): string {
  switch (code) {
    case 'FIELD_UNKNOWN':
      return `“${path}” leads nowhere: there is no such field.`;
    case 'NEVER_EQUAL':
      return `The two sides of “${token}” are of different types, and never equal.`;
    case 'VARIABLE_UNKNOWN':
      return `“${token}” does not exist here.`;
    default:
      return new JsonataError(code, { token, index }).message;
  }
}

function hintOf({ code, node, instead = [] }: Finding, shapes: Shapes): string | undefined {
  if (code === 'FIELD_UNKNOWN') return instead.length === 0 ? undefined : insteadInWords(instead);
  if (node.type === 'binary' && ofBothSides.has(code))
    return `They are ${valueInWords(shapes.get(node.lhs))}, and ${valueInWords(shapes.get(node.rhs))}.`;
  return ofValue.has(code) ? `It is ${valueInWords(shapes.get(node))}.` : undefined;
}

function valueInWords(shape: Shape = unknown): string {
  return inWords({ ...shape, presence: 'always' }, 1);
}

const ofBothSides: ReadonlySet<string> = new Set(['T2009', 'NEVER_EQUAL']);
/** Codes that are about the value of the part that they stand at. */
const ofValue: ReadonlySet<string> = new Set(
  'T0410 T0412 T1003 D1002 T2001 T2002 T2003 T2004 T2006 T2008 T2010 T2011'.split(' '),
);

function insteadInWords(instead: readonly string[]): string {
  const shown = instead.slice(0, mostNamed).map((name) => `“${name}”`);
  const rest = instead.length > mostNamed ? ', …' : '';
  return `There ${shown.length === 1 ? 'is' : 'are'} ${shown.join(', ')}${rest}.`;
}
