import {
  describeNode,
  describeTrigger,
  failureCode,
  type Json,
  type NodeDescription,
  type Pack,
  writeJson,
} from '@millrace/contract';
import type { TSchema } from 'typebox';

/** The reference of a pack as Markdown: every trigger and node with its settings, ports and examples. */
export function referenceOf(pack: Pack): string {
  const types = [...pack.triggers.map(describeTrigger), ...pack.nodes.map(describeNode)];
  const contents = types.map(({ id, summary }) => `- [\`${id}\`](#${anchor(id)}): ${summary}`);
  const connections = pack.connections.map(
    ({ id, title, summary, config }) => `## \`${id}\`\n\n**${title}** (connection). ${summary}\n\n${settings(config)}`,
  );
  const sandboxes = (pack.sandboxes ?? []).map(
    ({ connection, kind, summary }) =>
      `## \`${kind}\`\n\nA sandbox for connections of type \`${connection}\`. ${summary}`,
  );
  const head = `# ${pack.title}\n\nMade from the nodes themselves by \`npm run docs\`; changes belong there.`;
  const parts = [head, contents.join('\n'), ...types.map(section), ...connections, ...sandboxes];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function section(type: NodeDescription): string {
  const kind = type.kind === 'trigger' ? 'trigger' : `node, ${type.effect}`;
  const parts = [
    `## \`${type.id}\``,
    `**${type.title}** (${kind}, version ${type.version}). ${type.summary}`,
    type.docs,
    type.connection && `Needs a connection of type \`${type.connection}\`.`,
    settings(type.config),
    ports(type),
    ...type.examples.map(example),
  ];
  return parts.filter(Boolean).join('\n\n');
}

interface Field {
  readonly title?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly examples?: readonly Json[];
  readonly 'x-expression'?: boolean;
  readonly 'x-secret'?: boolean;
}

/** A table of the settings; each kind of a tagged union has one of its own. */
function settings(schema: TSchema): string {
  const {
    anyOf,
    properties = {},
    required = [],
  } = schema as {
    anyOf?: TSchema[];
    properties?: Record<string, Field>;
    required?: string[];
  };
  if (anyOf) return anyOf.map(settings).join('\n\n');
  const rows = Object.entries(properties).map(([name, field]) => row(name, field, required.includes(name)));
  if (rows.length === 0) return 'No settings.';
  return ['| setting | | meaning |', '|---|---|---|', ...rows].join('\n');
}

function row(name: string, field: Field, isRequired: boolean): string {
  const marks = [isRequired && 'required', field['x-expression'] && 'expression', field['x-secret'] && 'secret'];
  const preset = field.default === undefined ? '' : ` Default: \`${writeJson(field.default)}\`.`;
  const instance = field.examples?.[0] === undefined ? '' : ` Example: \`${cell(writeJson(field.examples[0]))}\`.`;
  const meaning = cell(field.description ?? field.title ?? '');
  return `| \`${name}\` | ${marks.filter(Boolean).join(', ')} | ${meaning}${preset}${instance} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function ports({ outputs, portsFrom, kind }: NodeDescription): string {
  const names = Object.entries(outputs).map(([name, schema]) => {
    const code = failureCode(schema);
    return code === undefined ? `\`${name}\`` : `\`${name}\` (unconnected it fails the step with \`${code}\`)`;
  });
  const fromConfig = portsFrom ? [`one for each of \`${portsFrom.list}\``] : [];
  const error = kind === 'node' ? ['`error`'] : [];
  return `Ports: ${[...names, ...fromConfig, ...error].join(', ')}.`;
}

function example({ title, ...example }: NodeDescription['examples'][number]): string {
  return `Example: ${title}\n\n\`\`\`json\n${writeJson(example, 2)}\n\`\`\``;
}

function anchor(id: string): string {
  return id.replace('/', '');
}
