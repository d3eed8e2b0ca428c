import type { Fault } from '../fault.ts';
import { acknowledgements } from './acknowledgements.ts';
import { clockChanges } from './clock-changes.ts';
import { commerce } from './commerce.ts';
import { crashPointsFault } from './crash-points.ts';
import { databaseKilled } from './database-killed.ts';
import { deadlines } from './deadlines.ts';
import { diskFull } from './disk-full.ts';
import { fewConnections } from './few-connections.ts';
import { killed } from './killed.ts';
import { manyWaits } from './many-waits.ts';
import { model } from './model.ts';
import { network } from './network.ts';
import { rollOuts } from './roll-outs.ts';
import { sizes } from './sizes.ts';
import { stopped } from './stopped.ts';
import { uploadCut } from './upload-cut.ts';
import { workerKiller } from './worker-killer.ts';

/** Every fault, in the order of their numbers. */
export const cases: readonly Fault[] = [
  crashPointsFault,
  killed,
  databaseKilled,
  stopped,
  network,
  fewConnections,
  diskFull,
  uploadCut,
  acknowledgements,
  deadlines,
  manyWaits,
  clockChanges,
  rollOuts,
  workerKiller,
  sizes,
  model,
  commerce,
];
