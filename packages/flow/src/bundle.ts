import {
  AnyJson,
  isObject,
  type Json,
  type JsonObject,
  MillraceError,
  type Problem,
  readJson,
  writeJson,
} from '@millrace/contract';
import Type, { type TSchema } from 'typebox';
import {
  type FlowBundle,
  type FlowDocument,
  FlowLayout,
  LayeredMapping,
  RecordType,
  ShippedTable,
} from './document.ts';
import { fileReference, referredFile, replaceParts } from './file-references.ts';
import { formatFlow } from './format.ts';
import { own } from './own.ts';
import { pointer } from './pointer.ts';
import { schemaProblems } from './validate/schema-problems.ts';

/** Texts of a flow's folder by relative path, with `/`. */
export type FlowFiles = Readonly<Record<string, string>>;

/** Texts of several lines longer than this get a file of their own. */
const longText = 200;

/**
 * The files of a flow's folder: `flow.json`, `layout.json`, `samples/*.json`, `tests/*.json`, `records/*.json`,
 * `tables/*.json`, `mappings/*.json`, and long texts of several lines in a node's config as `<node>.<field>.jsonata`.
 * @throws {MillraceError} `FILE_NAME_INVALID` where a sample's, test's, record type's, table's or mapping's name can be no file's name
 */
export function explode({
  flow,
  layout,
  samples,
  tests,
  records,
  tables = [],
  mappings = [],
}: FlowBundle): Record<string, string> {
  const texts = new Map<string, string>();
  const document = withTextsTakenOut(flow, texts);
  return {
    'flow.json': formatFlow(document),
    ...Object.fromEntries(texts),
    'layout.json': text({
      nodes: Object.fromEntries(Object.entries(layout.nodes).sort(([a], [b]) => (a < b ? -1 : 1))),
    }),
    ...folder('samples', samples),
    ...folder('tests', tests),
    ...folder('records', Object.fromEntries(records.map((record) => [record.id, record]))),
    ...folder('tables', byName(tables)),
    ...folder('mappings', byName(mappings)),
  };
}

function byName<T extends { readonly name: string }>(parts: readonly T[]): Record<string, T> {
  return Object.fromEntries(parts.map((part) => [part.name, part]));
}

function withTextsTakenOut(flow: FlowDocument, texts: Map<string, string>): FlowDocument {
  const takeOut = (part: Json, path: readonly string[]) => {
    if (typeof part !== 'string' || part.length <= longText || !part.includes('\n')) return undefined;
    const file = freeName(path, texts);
    texts.set(file, `${part}\n`);
    return fileReference(file);
  };
  return { ...flow, nodes: eachConfig(flow, (config, id) => replaceParts(config, [id], takeOut)) };
}

/** The nodes with another config each; of a draft that is malformed there, what it has. */
function eachConfig({ nodes }: FlowDocument, change: (config: Json, id: string) => Json): FlowDocument['nodes'] {
  if (!isObject(nodes)) return nodes;
  const changed = Object.entries(nodes as JsonObject).map(([id, node]) => [
    id,
    isObject(node) && node.config !== undefined ? { ...node, config: change(node.config, id) } : node,
  ]);
  return Object.fromEntries(changed) as FlowDocument['nodes'];
}

function freeName(path: readonly string[], taken: ReadonlyMap<string, string>): string {
  const name = path.map((part) => part.replaceAll(/[^A-Za-z0-9_-]/g, '_')).join('.');
  let file = `${name}.jsonata`;
  for (let count = 2; taken.has(file); count += 1) file = `${name}-${count}.jsonata`;
  return file;
}

/** A name that stays inside its folder on every system. */
const fileName = /^[A-Za-z0-9_][A-Za-z0-9_ .-]{0,120}$/;

function folder(name: string, values: Readonly<Record<string, unknown>>): Record<string, string> {
  const files = Object.entries(values).map(([key, value]) => {
    if (!fileName.test(key))
      throw new MillraceError('FILE_NAME_INVALID', `“${key}” in “${name}” can be no file's name.`);
    return [`${name}/${key}.json`, text(value)] as const;
  });
  return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function text(value: unknown): string {
  return `${writeJson(value as Json, 2)}\n`;
}

/**
 * The bundle that a folder's files make; other files are left alone. Problems have the file's name and a JSON Pointer
 * into it (`flow.json#/nodes/map/config`). There is a bundle only where there is none.
 */
export function implode(files: FlowFiles): { bundle?: FlowBundle; problems: Problem[] } {
  const reader = new FolderReader(files);
  const flow = reader.flow();
  const bundle = {
    flow,
    layout: reader.layout(),
    samples: reader.folder('samples'),
    tests: reader.folder('tests'),
    records: reader.records(),
    ...reader.named('tables', ShippedTable, 'CODE_TABLE_MALFORMED'),
    ...reader.named('mappings', LayeredMapping, 'MAPPING_MALFORMED'),
  };
  return reader.problems.length > 0 || !flow
    ? { problems: reader.problems }
    : { bundle: { ...bundle, flow }, problems: [] };
}

/** A bundle of which only the flow is certain to be there. */
export type IncomingBundle = Pick<FlowBundle, 'flow'> & Partial<FlowBundle>;

/** The bundle with nothing in the parts that it lacks; without tables or mappings it is the same as with an empty list. */
export function complete({ flow, layout, samples, tests, records, tables, mappings }: IncomingBundle): FlowBundle {
  return {
    flow,
    layout: layout ?? { nodes: {} },
    samples: samples ?? {},
    tests: tests ?? {},
    records: records ?? [],
    ...(tables && tables.length > 0 && { tables }),
    ...(mappings && mappings.length > 0 && { mappings }),
  };
}

const Packed = Type.Object({
  flow: Type.Object({}),
  layout: Type.Optional(FlowLayout),
  samples: Type.Optional(Type.Record(Type.String(), AnyJson)),
  tests: Type.Optional(Type.Record(Type.String(), AnyJson)),
  records: Type.Optional(Type.Array(Type.Object({ id: Type.String() }))),
  tables: Type.Optional(Type.Array(ShippedTable)),
  mappings: Type.Optional(Type.Array(LayeredMapping)),
});

/**
 * The bundle that a flow was exported as; parts that it lacks are empty. What is wrong inside the flow and its record types
 * is left to their checks, `BUNDLE_MALFORMED` is what cannot be read as a part at all.
 */
export function unpack(content: Json): { bundle?: FlowBundle; problems: readonly Problem[] } {
  const problems = schemaProblems(Packed, content, 'BUNDLE_MALFORMED');
  return problems.length > 0 ? { problems } : { bundle: complete(content as unknown as IncomingBundle), problems };
}

/** Reads the files one after the other and gathers what is wrong with them. */
class FolderReader {
  readonly problems: Problem[] = [];
  readonly #files: FlowFiles;

  constructor(files: FlowFiles) {
    this.#files = files;
  }

  flow(): FlowDocument | undefined {
    const file = 'flow.json';
    if (own(this.#files, file) === undefined)
      return this.#report('FILE_MISSING', file, 'A flow needs a file “flow.json”.');
    const document = this.#json(file);
    if (document === undefined) return undefined;
    if (!isObject(document)) return this.#report('FLOW_MALFORMED', file, 'A flow is a JSON object.');
    const { nodes } = document;
    return (isObject(nodes) ? { ...document, nodes: this.#withTexts(nodes) } : document) as unknown as FlowDocument;
  }

  layout(): FlowLayout {
    const file = 'layout.json';
    const layout = own(this.#files, file) === undefined ? undefined : this.#json(file);
    if (layout === undefined) return { nodes: {} };
    this.problems.push(...schemaProblems(FlowLayout, layout, 'LAYOUT_MALFORMED', `${file}#`));
    return layout as unknown as FlowLayout;
  }

  records(): readonly RecordType[] {
    return Object.entries(this.folder('records')).map(([name, record]) => {
      this.problems.push(...schemaProblems(RecordType, record, 'RECORD_TYPE_MALFORMED', `records/${name}.json#`));
      return record as RecordType;
    });
  }

  /** Only where there are any: a flow without such parts is the same as ever. */
  named<N extends 'tables' | 'mappings'>(name: N, schema: TSchema, code: string): Pick<FlowBundle, N> {
    const parts = Object.entries(this.folder(name)).map(([file, part]) => {
      this.problems.push(...schemaProblems(schema, part, code, `${name}/${file}.json#`));
      return part;
    });
    return (parts.length > 0 ? { [name]: parts } : {}) as unknown as Pick<FlowBundle, N>;
  }

  /** Contents of `<folder>/*.json` by name, sorted. */
  folder(folder: string): Record<string, unknown> {
    const pattern = new RegExp(`^${folder}/([^/]+)\\.json$`);
    const names = Object.keys(this.#files).flatMap((file) => pattern.exec(file)?.[1] ?? []);
    return Object.fromEntries(names.sort().map((name) => [name, this.#json(`${folder}/${name}.json`)]));
  }

  #withTexts(nodes: Json): Json {
    return replaceParts(nodes, ['nodes'], (part, path) => {
      const file = path[2] === 'config' ? referredFile(part) : undefined;
      if (file === undefined) return undefined;
      const found = own(this.#files, file);
      if (found === undefined)
        this.#report('FILE_MISSING', `flow.json#${pointer(...path)}`, `There is no file “${file}” beside the flow.`);
      // Editors end a file with a newline that is not part of the text.
      return found?.replace(/\r?\n$/, '') ?? '';
    });
  }

  #json(file: string): Json | undefined {
    try {
      return readJson(own(this.#files, file) ?? '');
    } catch (error) {
      return this.#report('BAD_JSON', file, `“${file}” is not JSON: ${(error as Error).message}`);
    }
  }

  #report(code: string, pointer: string, message: string): undefined {
    this.problems.push({ code, pointer, message });
  }
}
