import { runExamples } from '@millrace/testing/run-node';
import pack from './pack.ts';

runExamples(pack);
