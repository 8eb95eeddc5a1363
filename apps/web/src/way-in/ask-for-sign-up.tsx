import { Anchor, Checkbox, Text } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import { answered, api } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import { Field, Form, Submit, type Typed } from '../components/form.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { useAction } from '../components/use-action.js';
import { useKey } from '../components/use-key.js';
import { useLoaded } from '../components/use-loaded.js';
import { usePersonalField } from '../components/use-words.js';
import { useLanguage } from '../i18n/language.js';
import { region } from '../page.js';
import { useHanded } from './entry.js';
import { Onward } from './onward.js';

/** A sign-up whose code was mailed. What was typed stays in the memory of the page alone. */
export interface SignUpAsked {
  readonly id: string;
  readonly typed: Typed;
}

interface Props {
  /** What was typed before, to be corrected. */
  readonly typed: Typed | undefined;
  readonly onAsked: (asked: SignUpAsked) => void;
}

const currentPolicy = () => answered(api.GET('/v1/policies/current'));

/** Address, names and the notice; each says why it is asked for. */
export function AskForSignUp({ typed, onAsked }: Props) {
  const t = useTranslations('wayIn.signUp');
  const { language } = useLanguage();
  const handed = useHanded();
  const policy = useLoaded(currentPolicy);
  const keyFor = useKey();
  const action = useAction(async (given: Typed) => {
    if (!given.accepted || !policy.value) throw notAccepted();
    const body = {
      email: (given.email ?? '').trim(),
      accountName: (given.accountName ?? '').trim(),
      displayName: given.displayName?.trim() || null,
      language,
      acceptedPolicyVersion: policy.value.version,
    };
    const params = { path: { region: region.code }, header: keyFor(body) };
    const answer = await answered(api.POST('/v1/regions/{region}/signups', { params, body })).catch((error) => {
      // There is a newer notice: it is to be read before it is accepted.
      if (error instanceof ApiProblem && error.code === 'signup.policy_outdated') policy.reload();
      throw error;
    });
    onAsked({ id: answer.signup.id, typed: given });
  });
  return (
    <>
      <Form action={action}>
        <WhoYouAre typed={typed} />
        <Acceptance
          // Another notice is another thing to accept.
          key={policy.value?.version}
          date={policy.value?.effectiveFrom}
          isRefused={action.problem?.field('/acceptedPolicyVersion') !== undefined}
        />
        <ProblemAlert problem={policy.problem} onRetry={policy.reload} />
        <Submit disabled={!policy.value}>{t('submit')}</Submit>
      </Form>
      <Text size="sm" ta="center">
        {t.rich('haveAccount', {
          link: (words) => (
            <Anchor component={Onward} href="/sign-in" handed={handed} inherit underline="always">
              {words}
            </Anchor>
          ),
        })}
      </Text>
    </>
  );
}

function WhoYouAre({ typed }: Pick<Props, 'typed'>) {
  const t = useTranslations('wayIn.signUp');
  const email = usePersonalField('person.profile', 'email');
  const accountName = usePersonalField('account.profile', 'name');
  const displayName = usePersonalField('person.profile', 'displayName');
  return (
    <>
      <Field
        name="email"
        kind="email"
        label={t('email')}
        description={email.why}
        autoComplete="email"
        defaultValue={typed?.email}
      />
      <Field
        name="accountName"
        label={t('accountName')}
        description={`${t('accountNameHelp')} ${accountName.why}`}
        autoComplete="organization"
        defaultValue={typed?.accountName}
      />
      <Field
        name="displayName"
        label={t('displayName')}
        description={displayName.why}
        optional={displayName.optional}
        autoComplete="name"
        defaultValue={typed?.displayName}
      />
    </>
  );
}

function Acceptance({ date, isRefused }: { readonly date: string | undefined; readonly isRefused: boolean }) {
  const t = useTranslations('wayIn.signUp');
  const format = useFormatter();
  const day = date === undefined ? '…' : format.dateTime(new Date(date), { dateStyle: 'long', timeZone: 'UTC' });
  return (
    <Checkbox
      name="accepted"
      value="yes"
      required
      error={isRefused && t('acceptNeeded')}
      label={t.rich('accept', {
        date: day,
        link: (words) => (
          <Anchor href="/privacy" target="_blank" inherit underline="always">
            {words}
          </Anchor>
        ),
      })}
    />
  );
}

function notAccepted(): ApiProblem {
  const errors = [{ pointer: '/acceptedPolicyVersion', code: 'is_accepted', message: '' }];
  return new ApiProblem('request.invalid', 422, { errors });
}
