import { Expression } from '@millrace/contract';
import { confinedFolder, confinedName, type FileExchange, spelledPath } from '@millrace/file-exchange';
import Type from 'typebox';

export const connectionType = 'files/folder-or-sftp';

/** Field for a folder below the connection's. */
export function FolderField(title: string, description: string) {
  return Type.Optional(
    Expression(Type.String({ title, description, default: '', maxLength: 1000, examples: ['outgoing/2026'] })),
  );
}

/** Field for a file's name. */
export function NameField(title: string, description: string, example: string) {
  return Expression(Type.String({ title, description, minLength: 1, examples: [example] }));
}

export const inFolder =
  'Folder below the connection’s, with slashes for folders inside folders. Left empty: the connection’s own.';

/** What becomes of a file that has the name already. */
export function IfExistsField(fallback: 'replace' | 'refuse') {
  return Type.Optional(
    Type.Enum(['replace', 'refuse', 'number'], {
      title: 'If the file exists',
      description:
        'replace: the new file takes its place. refuse: the step fails with FILE_EXISTS. number: the new file gets a number before its extension (a.1.csv).',
      default: fallback,
      examples: ['refuse'],
    }),
  );
}

/** The form in which a file's content is given to the flow, and how much of it. */
export const contentFields = {
  as: Type.Optional(
    Type.Enum(['file', 'text', 'json'], {
      title: 'Content as',
      description:
        'file: kept apart and passed on by reference, whatever its size. text: as text (UTF-8). json: parsed as JSON.',
      default: 'file',
      examples: ['json'],
    }),
  ),
  largest: Type.Optional(
    Type.Integer({
      title: 'Largest size',
      description: 'Bytes that a text or JSON file may have; a larger one is refused with FILE_TOO_LARGE.',
      minimum: 1,
      maximum: 10_000_000,
      default: 1_000_000,
      examples: [200_000],
    }),
  ),
};

/** How a file is to be taken in, defaults filled in. */
export interface Intake {
  readonly as: 'file' | 'text' | 'json';
  /** Bytes; for `text` and `json`. */
  readonly largest: number;
}

export function intakeOf({ as = 'file', largest = 1_000_000 }: Partial<Intake>): Intake {
  return { as, largest };
}

/** Schema of the content in a node's or trigger's output, one of the three. */
export const contentOutputs = {
  file: Type.Optional(Type.Unknown({ description: 'Reference to the content, for “file”.' })),
  text: Type.Optional(Type.String({ description: 'The content, for “text”.' })),
  data: Type.Optional(Type.Unknown({ description: 'The content, for “json”.' })),
};

/**
 * Where a file lies that a step names, in whatever Unicode form the other system has spelt it.
 * @throws {MillraceError} `INVALID_FILE_NAME` with the field as its pointer
 */
export function pathOfNamed(
  exchange: FileExchange,
  folder: string | undefined,
  name: string,
  pointers: { readonly folder: string; readonly name: string } = { folder: '/folder', name: '/name' },
): Promise<string> {
  return spelledPath(exchange, confinedFolder(folder ?? '', pointers.folder), confinedName(name, pointers.name));
}
