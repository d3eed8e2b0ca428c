import { ExactNumber } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import type { Received } from '../webhook.ts';
import { replyTo } from './reply.ts';

const received = (changes: Partial<Received>): Received => ({
  run: 'r',
  duplicate: false,
  status: 'running',
  ...changes,
});
const refusal = { code: 'SCHEMA', message: 'No.' };

describe('the sender of a webhook that does not wait for the flow gets', () => {
  test.each<[Partial<Received>, number]>([
    [{ status: 'accepted' }, 202],
    [{ status: 'succeeded' }, 202],
    [{ status: 'failed' }, 202],
    [{ duplicate: true }, 200],
    [{ status: 'failed', refusal }, 422],
  ])('for %j: %i', (changes, status) => {
    const reply = replyTo(received(changes), false);
    expect(reply).toMatchObject({ status, headers: { location: '/api/v1/runs/r' } });
  });
});

describe('the sender of a webhook that waits for the flow gets', () => {
  test.each<[Partial<Received>, number]>([
    [{ status: 'running' }, 202],
    [{ status: 'waiting', duplicate: true }, 202],
    [{ status: 'succeeded' }, 200],
    [{ status: 'failed' }, 500],
    [{ status: 'cancelled' }, 500],
    [{ status: 'failed', refusal }, 422],
  ])('for %j: %i', (changes, status) => {
    expect(replyTo(received(changes), true).status).toBe(status);
  });

  test('what the flow says: data as JSON with every digit, text as it is, a file as a file, nothing as nothing', () => {
    const answer = (status: number, body: unknown, headers = {}) =>
      replyTo(received({ answer: { status, headers, body: body as never } }), true);
    expect(answer(201, { total: new ExactNumber('9007199254740993') })).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      text: '{"total":9007199254740993}',
    });
    expect(answer(200, '<a/>', { 'Content-Type': 'application/xml' })).toEqual({
      status: 200,
      headers: { 'content-type': 'application/xml' },
      text: '<a/>',
    });
    const file = {
      blob: `blob_${'0'.repeat(32)}`,
      name: 'a.json',
      mediaType: 'application/json',
      bytes: 1,
      sha256: '',
    };
    expect(answer(200, file, { 'X-A': '1' })).toEqual({ status: 200, headers: { 'x-a': '1' }, file });
    expect(answer(204, { a: 1 })).toEqual({ status: 204, headers: {} });
    expect(answer(200, null, { 'X-A': '1' })).toEqual({ status: 200, headers: { 'x-a': '1' } });
  });
});
