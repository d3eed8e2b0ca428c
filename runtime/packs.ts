import type { Pack } from '@millrace/contract';
import commerce from '@millrace/pack-commerce';
import core from '@millrace/pack-core';
import dropzone from '@millrace/pack-dropzone';
import files from '@millrace/pack-files';
import mail from '@millrace/pack-mail';
import objectStore from '@millrace/pack-object-store';
import records from '@millrace/pack-records';
import sql from '@millrace/pack-sql';

/** The packs that an instance has. */
export const packs: readonly Pack[] = [core, records, objectStore, dropzone, mail, sql, files, commerce];
