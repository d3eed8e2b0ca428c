import { type Attack, notTried } from '../attack.ts';

/** Of the design's list, what is not tried here yet; where it has tests they run with all others. */
const ranges: readonly (readonly [first: number, last: number, subject: string])[] = [
  [99, 102, 'PunchOut'],
  [103, 104, 'load'],
];

export const later: readonly Attack[] = ranges.flatMap(([first, last, subject]) =>
  Array.from({ length: last - first + 1 }, (_, n) => ({
    number: first + n,
    title: subject,
    try: async () => notTried('no case is written for it here'),
  })),
);
