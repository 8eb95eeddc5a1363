import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, freshEmail, type Member, PASSWORD } from '../support/api.js';
import type { Answer } from '../support/http.js';
import { Installation } from '../support/installation.js';

describe('sign-ins from one network', () => {
  const PER_ADDRESS = 3;
  const PER_NETWORK = 12;
  const perAddress = { DOMICILE_LIMIT_SIGN_INS_PER_ADDRESS_AND_NETWORK_HOUR: String(PER_ADDRESS) };
  let installation: Installation;
  let behindProxy: Api;
  let ada: Member;
  let twin: Member;
  let american: Member;

  beforeAll(async () => {
    installation = await Installation.create();
    behindProxy = await installation.start({
      settings: {
        ...perAddress,
        DOMICILE_LIMIT_SIGN_INS_PER_NETWORK_HOUR: String(PER_NETWORK),
        DOMICILE_TRUSTED_PROXY_CIDRS: '127.0.0.0/8',
      },
    });
    [ada, twin, american] = (await Promise.all(['eu', 'eu', 'us'].map((code) => behindProxy.member(code)))) as [
      Member,
      Member,
      Member,
    ];
  });
  afterAll(() => installation.close());

  const from = (network: string, email: string, password = `${PASSWORD}!`, at = behindProxy): Promise<Answer> =>
    at.signIn('eu', email, password, { headers: { 'x-forwarded-for': network } });
  async function times(count: number, work: () => Promise<Answer>): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let i = 0; i < count; i++) answers.push(await work());
    return answers;
  }
  /** The same but for the seconds that are left of the hour. */
  const words = ({ status, headers, text }: Answer): unknown => [
    status,
    headers['retry-after']?.match(/^\d+$/)?.length,
    text,
  ];

  it('for one address are so many an hour, known or not, right or not; elsewhere nobody is locked out by them', async () => {
    const { email } = ada.person;
    const unknown = freshEmail();
    const known = await times(PER_ADDRESS, () => from('198.51.100.1', email));
    const nobody = await times(PER_ADDRESS, () => from('198.51.100.1', unknown));
    for (const answer of [...known, ...nobody]) expect(answer.code).toBe('session.refused');
    const over = await from('198.51.100.1', email);
    expect([over.status, over.code]).toEqual([429, 'request.rate_limited']);
    expect(Number(over.headers['retry-after'])).toBeLessThanOrEqual(3600);
    for (const answer of [
      await from('198.51.100.1', email, PASSWORD),
      await from('198.51.100.1', email.toUpperCase(), PASSWORD),
      await from('198.51.100.1', unknown),
    ])
      expect(words(answer)).toEqual(words(over));
    expect((await from('198.51.100.2', email, PASSWORD)).status).toBe(201);
    expect((await from('198.51.100.1', twin.person.email, PASSWORD)).status).toBe(201);
  });

  it('for all addresses together are so many an hour', async () => {
    const answers = await times(PER_NETWORK, () => from('203.0.113.5', freshEmail()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    const { email } = twin.person;
    expect((await from('203.0.113.5', email, PASSWORD)).status).toBe(429);
    expect((await from('203.0.113.6', email, PASSWORD)).status).toBe(201);
    // A region has counts of its own.
    const us = american.person.email;
    const there = await behindProxy.signIn('us', us, PASSWORD, { headers: { 'x-forwarded-for': '203.0.113.5' } });
    expect(there.status).toBe(201);
  });

  it('are not told apart by what a stranger claims to forward', async () => {
    const own = await installation.start({ settings: perAddress });
    const email = freshEmail();
    const answers: Answer[] = [];
    for (let i = 0; i <= PER_ADDRESS; i++) answers.push(await from(`192.0.2.${i}`, email, PASSWORD, own));
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(PER_ADDRESS).fill(401), 429]);
    await own.stop();
  });
});
