import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as never);
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;

/** A certificate authority that nobody trusts by itself. */
export interface Authority {
  readonly pem: string;
  /** A server's certificate and key for those names, valid until some days from now. */
  issue(names: x509.JsonGeneralNames, days?: number): Promise<{ cert: string; key: string }>;
}

export async function authority(name: string): Promise<Authority> {
  const pair = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const keys = await pair();
  const dates = (days: number) => ({
    notBefore: new Date(Date.now() - 3 * DAY),
    notAfter: new Date(Date.now() + days * DAY),
  });
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys: keys as never,
    signingAlgorithm: ALGORITHM,
    ...dates(2),
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  return {
    pem: ca.toString('pem'),
    issue: async (names, days = 1) => {
      const own = await pair();
      const cert = await x509.X509CertificateGenerator.create({
        subject: 'CN=server',
        issuer: ca.subject,
        publicKey: own.publicKey as never,
        signingKey: keys.privateKey as never,
        signingAlgorithm: ALGORITHM,
        ...dates(days),
        extensions: [new x509.SubjectAlternativeNameExtension(names)],
      });
      const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64');
      return { cert: cert.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
    },
  };
}
