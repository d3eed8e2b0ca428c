import type { S3Answer } from './operations.ts';

type Content = Readonly<Record<string, string | readonly Readonly<Record<string, string>>[]>>;

/** An answer in XML: texts as elements, lists as an element for each entry. */
export function xml(root: string, content: Content): S3Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>${element(root, fields(content))}`,
  };
}

export function errorXml(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${element('Error', fields({ Code: code, Message: code }))}`;
}

function fields(content: Content): string {
  const parts = Object.entries(content).map(([name, value]) =>
    typeof value === 'string'
      ? element(name, escaped(value))
      : value.map((entry) => element(name, fields(entry))).join(''),
  );
  return parts.join('');
}

function element(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
