import Type, { type Static } from 'typebox';

const strict = { additionalProperties: false };
const Times = Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 }));

/** Something that goes wrong with the next requests, as many as `times` says. */
export const Fault = Type.Union([
  /** Answered with this status; nothing is done. */
  Type.Object(
    {
      act: Type.Literal('fail'),
      status: Type.Integer({ minimum: 400, maximum: 599 }),
      retryAfter: Type.Optional(Type.Integer({ minimum: 0 })),
      times: Times,
    },
    strict,
  ),
  /** Done, and then the connection is cut before the answer. */
  Type.Object({ act: Type.Literal('lose-answer'), times: Times }, strict),
  /** Answered only after so many milliseconds. */
  Type.Object({ act: Type.Literal('slow'), ms: Type.Integer({ minimum: 1, maximum: 60_000 }), times: Times }, strict),
]);
export type Fault = Static<typeof Fault>;

/** Faults in the order in which they were asked for; each is used up by the requests that it befalls. */
export class Faults {
  readonly #coming: Fault[] = [];

  add(fault: Fault): void {
    for (let time = 0; time < (fault.times ?? 1); time++) this.#coming.push(fault);
  }

  next(): Fault | undefined {
    return this.#coming.shift();
  }
}
