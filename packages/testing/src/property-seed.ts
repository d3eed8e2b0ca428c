import { configureGlobal } from 'fast-check';

// The same values each time, so that what has passed passes again; `npm run properties` tries others. A failure tells its seed.
configureGlobal({ seed: Number(process.env.MILLRACE_PROPERTY_SEED ?? 1) });
