import type { CDPSession, Page } from 'playwright-core';

/** The authenticator of a visitor's device (a virtual one of Chromium): platform, discoverable passkeys, verifies its user. */
export class Passkeys {
  private constructor(
    readonly session: CDPSession,
    readonly authenticatorId: string,
  ) {}

  /** Has that page find an authenticator on its device. */
  static async of(page: Page): Promise<Passkeys> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new Passkeys(session, authenticatorId);
  }

  /** The passkeys that it holds, each with the rpId that it is for. */
  async held() {
    const { authenticatorId } = this;
    return (await this.session.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
  }

  /** From now on the person turns away when asked (or comes back): the browser tells the page that it was cancelled. */
  async refuse(refused = true): Promise<void> {
    const { authenticatorId } = this;
    await this.session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: !refused });
  }

  /** The device is lost, with all that it held. */
  async lose(): Promise<void> {
    await this.session.send('WebAuthn.clearCredentials', { authenticatorId: this.authenticatorId });
  }
}
