import { ResidencyError } from '@domicile/residency';
import { DataSource } from 'typeorm';

/** Every data source that is initialised meanwhile, by region code. They are private: only a test that patches TypeORM sees them. */
export async function stealing(work: () => Promise<unknown>): Promise<Record<string, DataSource>> {
  const stolen: Record<string, DataSource> = {};
  const { initialize } = DataSource.prototype;
  DataSource.prototype.initialize = function (this: DataSource) {
    const { application_name: name } = this.options.extra as { application_name: string };
    stolen[name.replace('domicile-', '')] = this;
    return initialize.call(this);
  };
  try {
    await work();
  } finally {
    DataSource.prototype.initialize = initialize;
  }
  return stolen;
}

/** The code of the refusal that some work ends in, at once or later; or what happened instead. */
export async function refusal(work: () => unknown): Promise<string> {
  try {
    const result = await work();
    return `not refused, but gave ${JSON.stringify(result) ?? 'nothing'}`;
  } catch (error) {
    return error instanceof ResidencyError ? error.code.replace('residency.', '') : `not ours: ${String(error)}`;
  }
}

/** The message of the refusal, for operators. */
export async function complaint(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'not refused';
  } catch (error) {
    return error instanceof ResidencyError ? `${error.code}: ${error.message}` : `not ours: ${String(error)}`;
  }
}
