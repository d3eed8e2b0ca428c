import { describe, expect, it } from 'vitest';
import { onVariant, variantOf, variantsOf } from './variants.ts';

const baseUrl = { type: 'string' };
const schema = {
  anyOf: [
    { properties: { baseUrl, auth: { const: 'none', title: 'No login' } } },
    { properties: { baseUrl, auth: { const: 'basic', title: 'Password' }, password: { type: 'string' } } },
  ],
} as never;

describe('the ways to set a connection up', () => {
  it('are told by their titles and known by their fixed fields', () => {
    expect(variantsOf(schema).map(({ title, fixed }) => [title, fixed])).toEqual([
      ['No login', { auth: 'none' }],
      ['Password', { auth: 'basic' }],
    ]);
    expect(variantOf({ auth: 'basic' }, variantsOf(schema))).toBe(1);
    expect(variantOf({}, variantsOf(schema))).toBe(0);
  });

  it('keep what they have in common when one goes over to another', () => {
    const [none, basic] = variantsOf(schema);
    const config = { baseUrl: 'https://a.example', auth: 'basic', password: 'x' };
    expect(none && onVariant(config, none)).toEqual({ baseUrl: 'https://a.example', auth: 'none' });
    expect(basic && onVariant({ baseUrl: 'https://a.example', auth: 'none' }, basic)).toEqual({
      baseUrl: 'https://a.example',
      auth: 'basic',
    });
  });

  it('are one where the schema has no parts', () => {
    expect(variantsOf({ properties: { baseUrl } } as never)).toMatchObject([{ fixed: {} }]);
  });
});
