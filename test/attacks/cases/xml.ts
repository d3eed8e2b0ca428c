import { type Attack, fell, held, heldUnless, type Verdict } from '../attack.ts';
import { ensureFlow, parse, run, tryToDeploy } from '../target/flows.ts';
import { listen } from '../target/listener.ts';
import type { Ended } from '../target/target.ts';

const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
const attributes = Array.from({ length: 100_000 }, (_, n) => `a${n}="1"`).join(' ');

/** A document that must be refused as no proper XML. */
const refusedDocuments: readonly (readonly [number, string, string])[] = [
  [19, 'an entity that is a file', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  [20, 'a billion laughs', `<!DOCTYPE a [<!ENTITY l0 "ha">${laughs}]><a>&l9;</a>`],
  [23, 'an entity called like a pattern', '<!DOCTYPE a [<!ENTITY .* "x">]><a>&.*;</a>'],
  [24, 'a depth of 10,000', '<a>'.repeat(10_000) + '</a>'.repeat(10_000)],
  [27, 'an element called __proto__', '<a><__proto__><polluted>1</polluted></__proto__></a>'],
];

const refusedAttacks = refusedDocuments.map(
  ([number, title, document]): Attack => ({
    number,
    title,
    try: async (targets) => refusedBy(await parse(await targets.usual(), 'xml', document), 'XML_INVALID'),
  }),
);

function refusedBy({ status, code, text }: Ended, ...codes: string[]): Verdict {
  return status === 'failed' && codes.includes(code) ? held(code) : fell(`it ended ${status} ${text.slice(-200)}`);
}

/** A document that is large, and otherwise proper, may be taken or refused by its size. */
function takenOrRefused(ended: readonly Ended[]): Verdict {
  const wrong = ended.filter(
    ({ status, code }) => status !== 'succeeded' && !/^(XML_INVALID|\w+_TOO_LARGE)$/.test(code),
  );
  return heldUnless(
    wrong.map(({ status, text }) => `it ended ${status} ${text.slice(-200)}`),
    ended.map(({ status, code }) => `the run ${status} ${code}`.trim()).join(', '),
  );
}

export const xml: readonly Attack[] = [
  ...refusedAttacks,
  {
    number: 18,
    title: 'a document type elsewhere, by http and file',
    async try(targets) {
      const target = await targets.usual();
      const listener = await listen();
      try {
        const url = `http://127.0.0.1:${listener.port}/x.dtd`;
        const asked = await parse(target, 'xml', `<!DOCTYPE a [<!ENTITY % x SYSTEM "${url}"> %x;]><a/>`);
        const plain = await parse(target, 'xml', `<!DOCTYPE a SYSTEM "${url}"><a/>`);
        const file = await parse(target, 'xml', '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><a/>');
        const problems = [asked, plain, file].filter(({ text }) => text.includes('root:')).map(() => 'a file was read');
        if (listener.connections > 0) problems.push('the document type was fetched');
        return heldUnless(problems, `${asked.code}, ${file.code}, nothing fetched`);
      } finally {
        await listener.close();
      }
    },
  },
  {
    number: 21,
    title: 'a million &#65;',
    async try(targets) {
      return takenOrRefused([await parse(await targets.usual(), 'xml', `<a>${'&#65;'.repeat(1_000_000)}</a>`)]);
    },
    tests: [{ file: 'node-library/core/parse/xml.test.ts', name: /attack 21/ }],
  },
  {
    number: 22,
    title: 'limits set to 0',
    async try(targets) {
      const target = await targets.usual();
      const manual = { type: 'core/manual' };
      const settings = [
        { type: 'core/parse', config: { from: '{% $ %}', xml: { maxDepth: 0, maxTotalExpansions: 0 } } },
        { type: 'core/http-request', config: { url: 'https://example.com', maxMegabytes: 0 } },
      ];
      const answers = await Promise.all(
        settings.map((node, n) => tryToDeploy(target, { id: `limits-${n}`, nodes: [manual, node] })),
      );
      const wrong = answers.flatMap(({ status }, n) => (status < 300 ? [`${settings[n]?.type} was deployed`] : []));
      return heldUnless(wrong, 'no flow can be deployed with them');
    },
  },
  {
    number: 25,
    title: 'a million siblings, 100,000 attributes',
    async try(targets) {
      const target = await targets.usual();
      const siblings = await parse(target, 'xml', `<a>${'<b/>'.repeat(1_000_000)}</a>`);
      return takenOrRefused([siblings, await parse(target, 'xml', `<a ${attributes}/>`)]);
    },
    tests: [{ file: 'node-library/core/parse/xml.test.ts', name: /attack 25/ }],
  },
  {
    number: 26,
    title: 'invalid UTF-8, and UTF-16 that says it is UTF-8',
    async try(targets) {
      const target = await targets.usual();
      const broken = await parse(target, 'xml', Buffer.from([0x3c, 0x61, 0x3e, 0xc3, 0x28, 0x3c, 0x2f, 0x61, 0x3e]));
      const declared = '<?xml version="1.0" encoding="utf-8"?><a>x</a>';
      const mismatch = await parse(target, 'xml', Buffer.from(declared, 'utf16le'));
      const problems = [broken, mismatch].flatMap(({ status, code, text }) =>
        status === 'failed' && /^(TEXT_NOT_DECODABLE|XML_INVALID|TEXT_NOT_STORABLE)$/.test(code)
          ? []
          : [`it ended ${status} ${text.slice(-200)}`],
      );
      return heldUnless(problems, `${broken.code}, ${mismatch.code}`);
    },
    tests: [{ file: 'node-library/core/parse/encoding.test.ts', name: /attack 26/ }],
  },
  {
    number: 28,
    title: 'CDATA and comment break-out when writing',
    tests: [{ file: 'node-library/core/build/xml.test.ts', name: /attack 28/ }],
    async try(targets) {
      const target = await targets.usual();
      const build = { type: 'core/build', config: { from: '{% $ %}', xml: { declaration: false } } };
      await ensureFlow(target, { id: 'build-xml', nodes: [{ type: 'core/manual' }, build] });
      const values = ['</a><evil/>', ']]><evil/>', '--><evil/>', '" evil="1', '<![CDATA[<evil/>]]>'];
      const problems: string[] = [];
      for (const value of values) {
        const { status, text, output } = await run(target, 'build-xml', { a: { '@b': value, c: value } });
        if (status !== 'succeeded') problems.push(`the run ${status}: ${text.slice(-200)}`);
        else if (/<evil|[^;]" evil/.test(JSON.stringify(output))) problems.push(`${value} broke out`);
      }
      return heldUnless(problems, `${values.length} values stay values`);
    },
  },
  {
    number: 29,
    title: 'a genuine cXML document type is accepted, never fetched',
    async try(targets) {
      const listener = await listen();
      try {
        const type = `<!DOCTYPE cXML SYSTEM "http://127.0.0.1:${listener.port}/cXML.dtd">`;
        const target = await targets.usual();
        const { status, text } = await parse(target, 'xml', `${type}<cXML payloadID="p-29"><Header/></cXML>`);
        const problems = status === 'succeeded' && text.includes('p-29') ? [] : [`the run ${status}`];
        if (listener.connections > 0) problems.push('the document type was fetched');
        return heldUnless(problems, 'parsed, nothing fetched');
      } finally {
        await listener.close();
      }
    },
  },
];
