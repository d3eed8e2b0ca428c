import { runExamples } from '@millrace/testing/run-node';
import records from './pack.ts';

runExamples(records);
