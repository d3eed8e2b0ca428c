import { answerTo } from './evaluate-sample.ts';

/** Evaluates mappings beside the page, which stays responsive and can end it. */
addEventListener('message', ({ data }: MessageEvent<string>) => postMessage(answerTo(data)));
