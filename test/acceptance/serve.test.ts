import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { user } from './millrace.fixture.ts';

test('a port that is in use is refused by name, and nothing is left running', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => {
    other.close();
  });
  const { port } = other.address() as AddressInfo;
  const me = await user({ PORT: String(port) });
  const { status: code, stderr } = await me.millrace('serve').ended;
  expect(stderr).toContain(`PORT_IN_USE: Port ${port} of 127.0.0.1 is in use by another program`);
  expect(code).toBe(1);
});
