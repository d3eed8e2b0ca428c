import { join } from 'node:path';
import { defineConnection } from '@millrace/contract';
import { sandboxKinds, storeSandbox } from '../sandbox/sandbox.ts';
import { StoreConfig } from './config.ts';
import { folderConfig, storeFromText } from './from-text.ts';
import { probeStore } from './probe.ts';

/** Where documents are kept under keys: a folder or a bucket. */
export default defineConnection({
  id: 'object-store/store',
  title: 'Object store',
  summary: 'Keeps documents under keys, as files of a folder or in an S3 bucket.',
  config: StoreConfig,
  fromText: storeFromText,
  defaultConfig: ({ home, tenant }) => folderConfig(join(home, 'objects', tenant)),
  probe: probeStore,
  sandbox: storeSandbox,
  sandboxKinds,
});
