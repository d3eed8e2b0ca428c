import type { FaultContext, Finding } from '../fault.ts';
import { type Installation, type InstallationOptions, openInstallation } from './installation.ts';

export type Setting = Partial<Omit<InstallationOptions, 'database'>>;

/** Opens an installation for a fault, and closes it whatever becomes of that. Two servers unless said otherwise. */
export async function withInstallation(
  { database, planted }: FaultContext,
  setting: Setting,
  work: (installation: Installation) => Promise<Finding>,
): Promise<Finding> {
  const changes = [setting.planted, planted].filter((name) => name !== undefined).join();
  const installation = await openInstallation({ servers: 2, ...setting, database, planted: changes });
  try {
    return await work(installation);
  } catch (error) {
    // For whoever looks for the reason.
    if (process.env.FAULTS_LOG !== undefined) console.log(installation.log());
    throw error;
  } finally {
    await installation.close();
  }
}
