import { runExamples } from '@millrace/testing/run-node';
import core from './pack.ts';

runExamples(core);
