import { Alert, Button, Checkbox, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Schemas } from '@domicile/api-client';
import { answered, api } from '../api/client.js';
import { Dialog } from '../components/dialog.js';
import { Field, Form, Submit, type Typed, useFieldError } from '../components/form.js';
import { useKey } from '../components/use-key.js';
import { usePersonalField } from '../components/use-words.js';
import { SelectField } from './fields.js';
import { useHere } from './here.js';
import { useAct } from './use-act.js';

type Scope = Schemas['MakeToken']['scopes'][number];

/** What a token may be made for, each with the words that name it. A new one without words does not compile. */
const SCOPES = {
  'account.read': 'account',
  'people.read': 'people',
  'log.read': 'log',
  'receipt.read': 'receipt',
} as const satisfies Readonly<Record<Scope, string>>;
const scopes = Object.keys(SCOPES) as readonly Scope[];
const DAYS = [30, 90, 180, 365] as const;

/** Asks what the token is to be, and shows its secret: once. */
export function MakeToken({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations('account.tokens');
  const [secret, setSecret] = useState<string>();
  const isShown = secret !== undefined;
  return (
    // What is shown once is not closed by a slip of the hand.
    <Dialog opened onClose={onClose} title={t(isShown ? 'madeTitle' : 'make')} dismissible={!isShown}>
      {isShown ? <Secret secret={secret} onClose={onClose} /> : <MakeForm onMade={setSecret} onClose={onClose} />}
    </Dialog>
  );
}

interface MakeFormProps {
  readonly onMade: (secret: string) => void;
  readonly onClose: () => void;
}

function MakeForm({ onMade, onClose }: MakeFormProps) {
  const { id } = useHere();
  const t = useTranslations('account.tokens');
  const common = useTranslations('common');
  const { why } = usePersonalField('api_token.label', 'name');
  const keyFor = useKey();
  const action = useAct(async ({ name = '', days = '', ...typed }: Typed) => {
    const chosen = scopes.filter((scope) => typed[scope] !== undefined);
    const body = { name: name.trim(), scopes: chosen, expiresInDays: Number(days) };
    const params = { path: { id }, header: keyFor(body) };
    const { token } = await answered(api.POST('/v1/accounts/{id}/tokens', { params, body }));
    onMade(token);
  });
  return (
    <Form action={action}>
      <Field name="name" label={t('name')} description={why} autoComplete="off" />
      <Scopes />
      <SelectField
        name="days"
        label={t('lifetime')}
        defaultValue="90"
        data={DAYS.map((days) => ({ value: String(days), label: t('days', { days }) }))}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {common('cancel')}
        </Button>
        <Submit fullWidth={false}>{t('make')}</Submit>
      </Group>
    </Form>
  );
}

function Scopes() {
  const t = useTranslations('account.tokens');
  const error = useFieldError('/scopes');
  return (
    <Checkbox.Group
      label={t('scopes')}
      description={t('scopesHint')}
      error={error && t('scopesNone')}
      withAsterisk={false}
    >
      <Stack gap="xs" mt="xs">
        {scopes.map((scope) => (
          <Checkbox key={scope} name={scope} value={scope} label={t(`scope.${SCOPES[scope]}`)} description={scope} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function Secret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const t = useTranslations('account.tokens');
  const common = useTranslations('common');
  return (
    <Stack>
      <Alert color="yellow" role="status">
        {t('once')}
      </Alert>
      <Code block className="mono" data-testid="secret">
        {secret}
      </Code>
      <Text size="sm" c="dimmed">
        {t('howToUse')}
      </Text>
      <Group justify="flex-end">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} aria-live="polite" data-autofocus>
              {common(copied ? 'copied' : 'copy')}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>{t('stored')}</Button>
      </Group>
    </Stack>
  );
}
