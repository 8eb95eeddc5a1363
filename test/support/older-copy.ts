import { EMBEDDED } from '@domicile/residency';
import { query, resealRegionDatabase, serverOf, type TestDatabase } from './databases.js';

/**
 * A whole copy of a database as it is now, made by its server while nobody is connected: the backup that an operator restores later.
 * Roles are the server's and stay; what may connect is granted with a database and not copied, as with pg_dump.
 */
export class OlderCopy {
  private constructor(
    private readonly database: TestDatabase,
    private readonly server: string,
  ) {}

  static async of(database: TestDatabase): Promise<OlderCopy> {
    const { region, name, options, ownerUrl } = database;
    const server = serverOf(region, options.purpose).superuserUrl;
    await query(server, `create database ${name}_older owner ${new URL(ownerUrl).username} template ${name}`);
    return new OlderCopy(database, server);
  }

  /**
   * Puts the copy in the place of what became of the database since, which is gone for good. As an operator must, it says by a new
   * marker that this is meant: a process refuses a database that is not the one that was sealed.
   */
  async restore(): Promise<void> {
    const { name, provision } = this.database;
    await query(this.server, `alter database ${name} rename to ${name}_newer`);
    await query(this.server, `alter database ${name}_older rename to ${name}`);
    await query(this.server, `drop database ${name}_newer`);
    await resealRegionDatabase({ ...provision, confirm: EMBEDDED });
  }
}
