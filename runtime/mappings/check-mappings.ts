import { isObject, type Json, type Problem } from '@millrace/contract';
import { LayeredMapping, schemaProblems } from '@millrace/flow';
import {
  analyse,
  compareVersions,
  examineMapping,
  type FieldMap,
  fieldMapProblems,
  fieldsToText,
  newestFirst,
} from '@millrace/mapping';
import type { FormattedPlace } from '../flows/formatted-places.ts';
import { layerProblems } from './layer-problems.ts';
import { linesOf } from './layers.ts';

/** What a mapping's expressions may name besides their input: it is the same wherever it is used. */
const names = ['params', 'run', 'tenant'];
/** The newest version of another system's data and the two before it serve on. */
const versionsKept = 3;

/** Every problem of the mappings in layers that a flow brings along, and of where nodes name them. */
export function checkMappings(mappings: readonly LayeredMapping[], named: readonly FormattedPlace[]): Problem[] {
  const known = new Set(mappings.map(({ name }) => name));
  const unknown = named.filter(({ format, value }) => format === 'mapping-name' && !known.has(value as string));
  return [
    ...mappings.flatMap((mapping, index) => checkMapping(mapping, `/mappings/${index}`)),
    ...unknown.map(({ value, pointer }) => ({
      code: 'MAPPING_UNKNOWN',
      pointer,
      message: `The flow brings no mapping “${String(value)}” along.`,
      hint: 'Put it into the folder “mappings” of the flow.',
    })),
  ];
}

function checkMapping(mapping: LayeredMapping, at: string): readonly Problem[] {
  const malformed = schemaProblems(LayeredMapping, mapping, 'MAPPING_INVALID', at);
  if (malformed.length > 0) return malformed;
  const layers = [
    ...layerProblems(mapping.core, `${at}/core`),
    ...mapping.versions.flatMap(({ fields }, index) => layerProblems(fields, `${at}/versions/${index}/fields`)),
  ];
  if (layers.length > 0) return layers;
  return [
    ...versionProblems(mapping, `${at}/versions`),
    ...mapping.versions.flatMap((_, index) => checkVersion(mapping, index, at)),
  ];
}

function versionProblems({ versions }: LayeredMapping, at: string): Problem[] {
  const kept = [...versions].sort(newestFirst).slice(0, versionsKept);
  const problemAt = (index: number, code: string, message: string) => ({ code, pointer: `${at}/${index}`, message });
  const each = versions.flatMap((version, index) => [
    ...(versions.findIndex((other) => compareVersions(other.version, version.version) === 0) === index
      ? []
      : [problemAt(index, 'MAPPING_VERSION_TWICE', `Version ${version.version} is there already.`)]),
    ...(version.status === 'RETIRED' && kept.includes(version)
      ? [problemAt(index, 'MAPPING_VERSION_KEPT', 'The newest version and the two before it cannot be retired.')]
      : []),
  ]);
  if (versions.some(({ status }) => status === 'ACTIVE')) return each;
  return [...each, { code: 'MAPPING_NONE_ACTIVE', pointer: at, message: 'One version must be active.' }];
}

/** Of what is laid over each other only the place of the version can be named; the sentence names the line. */
function checkVersion(mapping: LayeredMapping, index: number, at: string): Problem[] {
  const { version } = mapping.versions[index] as LayeredMapping['versions'][number];
  return lineProblems(mapping, version).map(({ line, ...problem }) => ({
    ...problem,
    pointer: `${at}/versions/${index}`,
    message: line === undefined ? problem.message : `“${line}”: ${problem.message}`,
  }));
}

/** A problem of lines that are laid over each other. */
export interface LineProblem extends Omit<Problem, 'pointer'> {
  /** Target of the line; of the innermost list's line where it is one of its items. */
  readonly line?: string;
}

/** What is wrong with a mapping as it is for a version, under a tenant's own lines. */
export function lineProblems(mapping: LayeredMapping, version: string, own?: FieldMap): LineProblem[] {
  const fields = linesOf(mapping, version, own);
  const wrong = fieldMapProblems(fields, '');
  const found = wrong.length > 0 ? wrong : [...nameProblems(fields), ...typeProblems(fields, mapping.target as Json)];
  return found.map(({ pointer, range: _, ...problem }) => {
    const [, index] = /^\/(\d+)/.exec(pointer) ?? [];
    const line = index === undefined ? undefined : fields[Number(index)]?.to;
    return { ...problem, ...(line !== undefined && { line }) };
  });
}

function nameProblems(fields: FieldMap): Problem[] {
  if (fields.length === 0) return [];
  return fields.flatMap((field, index) => {
    const { steps, readsAllSteps, variables } = analyse(fieldsToText([field]));
    const foreign = variables.filter((name) => !names.includes(name));
    if (steps.length === 0 && !readsAllSteps && foreign.length === 0) return [];
    const message = `It reads $${foreign[0] ?? 'steps'}, which a mapping in layers does not see.`;
    const hint = `It sees its input, and ${names.map((name) => `$${name}`).join(', ')}.`;
    return [{ code: 'MAPPING_READS_FLOW', pointer: `/${index}`, message, hint }];
  });
}

/** Nothing is known of what comes in; what comes out must be able to fit. */
function typeProblems(fields: FieldMap, target: Json | undefined): Problem[] {
  if (!isObject(target)) return [];
  const mapping = { fields: fields as unknown as Json, target };
  const { problems } = examineMapping(mapping, { output: () => undefined, names: [] });
  return problems.map(({ pointer, ...problem }) => ({ ...problem, pointer: pointer.replace(/^\/fields/, '') }));
}
