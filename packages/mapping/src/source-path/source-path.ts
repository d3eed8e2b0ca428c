import Type, { type Static } from 'typebox';
import { jsonpathText } from './jsonpath.ts';
import { xpathText } from './xpath.ts';

const XPath = Type.Object(
  {
    xpath: Type.String({
      title: 'XPath',
      description: 'Place in a parsed XML document. Inside a list a path without / in front starts at the item.',
      minLength: 1,
      maxLength: 1000,
      examples: ['/Order/Lines/Line/@sku'],
    }),
  },
  { title: 'XPath', additionalProperties: false },
);

const JsonPath = Type.Object(
  {
    jsonpath: Type.String({
      title: 'JSONPath',
      description: 'Place in JSON data. Inside a list a path with @ in front starts at the item.',
      minLength: 1,
      maxLength: 1000,
      examples: ['$.order.lines[*].sku'],
    }),
  },
  { title: 'JSONPath', additionalProperties: false },
);

/** Where a value is, in a notation that people know from other tools; another way of writing a JSONata path. */
export const SourcePath = Type.Union([XPath, JsonPath]);
export type SourcePath = Static<typeof SourcePath>;

/**
 * The JSONata that reads the same. XPath counts on the shape in which `core/parse` gives XML: attributes as `@name`, text
 * beside them as `#text`.
 * @throws {MillraceError} `PATH_INVALID`, `PATH_UNSUPPORTED` with `details.position` (characters from the start)
 */
export function pathToText(path: SourcePath): string {
  return 'xpath' in path ? xpathText(path.xpath) : jsonpathText(path.jsonpath);
}
