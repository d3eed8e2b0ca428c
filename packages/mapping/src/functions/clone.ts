import { readJson } from '@millrace/contract';
import { builtIn } from '../built-in.ts';
import type { HostFunctions } from './host.ts';

/** JSONata copies through `JSON.parse`, which would round exact numbers; transforms (`|…|`) copy by this too. */
export const cloneFunctions: HostFunctions = {
  clone: {
    signature: '<(oa)-:o>',
    async call(value: unknown) {
      if (value === undefined) return undefined;
      return readJson((await builtIn('string')).call(this, value) as string);
    },
  },
};
