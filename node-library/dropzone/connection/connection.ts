import { defineConnection } from '@millrace/contract';
import { ackWatch } from '../ack/watch.ts';
import { dropzoneSandbox } from '../sandbox/sandbox.ts';
import { DropzoneConfig } from './config.ts';
import { dropzoneFromText } from './from-text.ts';
import { probeDropzone } from './probe.ts';

/** A folder, local or by SFTP, through which orders go to an ERP and its acks come back. */
export const dropzone = defineConnection({
  id: 'dropzone/folder-or-sftp',
  title: 'Dropzone',
  summary: 'A folder or SFTP folder shared with an ERP: orders go out as files, acks come back as files.',
  config: DropzoneConfig,
  fromText: dropzoneFromText,
  probe: probeDropzone,
  watch: ackWatch,
  sandbox: dropzoneSandbox,
});
