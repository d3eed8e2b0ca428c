import { describe, expect, test } from 'vitest';
import { holdBodies } from './held-bodies.ts';

const megabyte = 1024 * 1024;
const busy = expect.objectContaining({ code: 'TOO_BUSY', category: 'transient' });

describe('bodies that are held at once', () => {
  test('are refused beyond what there is, and taken again when others are done', () => {
    const bodies = holdBodies(4 * megabyte);
    const [first, second] = [bodies.open(), bodies.open()];
    first.take(2 * megabyte);
    expect(() => second.take(2 * megabyte)).toThrow(busy);
    second.take(megabyte);
    first.release();
    second.take(2 * megabyte);
    expect(() => second.take(1)).toThrow(busy);
  });

  test('leave a quarter to small ones', () => {
    const bodies = holdBodies(4 * megabyte);
    bodies.open().take(3 * megabyte);
    expect(() => bodies.open().take(megabyte)).toThrow(busy);
    for (let small = 0; small < 4; small++) bodies.open().take(megabyte / 4);
    expect(() => bodies.open().take(1)).toThrow(busy);
  });

  test('hold what they have not given back', () => {
    const bodies = holdBodies(4 * megabyte);
    const held = bodies.open();
    held.take(3 * megabyte);
    held.giveBack(2 * megabyte);
    bodies.open().take(2 * megabyte);
    held.release();
    held.release();
    bodies.open().take(megabyte);
    expect(() => bodies.open().take(megabyte)).toThrow(busy);
  });
});
