import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

test('without options everything is measured, three times, and counts as complete', () => {
  const options = readOptions([]);
  expect(options).toMatchObject({ seconds: 10, rounds: 3, peers: true, complete: true, profile: false });
  const flows = ['send', 'ack'];
  const others = ['limits', 'lines', 'nodes', 'runs', 'processes', 'orders', 'commerce', 'tenants'];
  expect(options.parts).toEqual([...flows, ...others]);
});

test.each([['--quick'], ['--no-peers'], ['--only', 'ack']])(
  '%s is no complete measurement, and is not recorded',
  (...args) => {
    expect(readOptions(args).complete).toBe(false);
  },
);

test.each([[['--only', 'ack,runs']], [['ack', 'runs']]])('parts are chosen by name: %j', (names) => {
  expect(readOptions([...names, '--seconds', '2'])).toMatchObject({
    parts: ['ack', 'runs'],
    seconds: 2,
    complete: false,
  });
});

test('others are installed only where they are measured', () => {
  expect(readOptions(['commerce'])).toMatchObject({ parts: ['commerce'], peers: false });
  expect(readOptions(['send'])).toMatchObject({ peers: true });
});

test('what there is not is refused by name', () => {
  expect(() => readOptions(['--only', 'speed'])).toThrow('There is no measurement “speed”');
  expect(() => readOptions(['--seconds', 'long'])).toThrow('“long” is no number of seconds');
  expect(() => readOptions(['--fast'])).toThrow('--fast');
});
