import { Button, type ButtonProps, PasswordInput, Stack, TextInput, type TextInputProps } from '@mantine/core';
import { createContext, type FormEvent, type ReactNode, use, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { Action } from './use-action.js';
import { ProblemAlert } from './problem-alert.js';
import { useProblemWords } from './use-words.js';

/** What was typed, by the names of the fields. */
export type Typed = Readonly<Record<string, string>>;

const FormContext = createContext<Action<[Typed]> | null>(null);

interface FormProps {
  readonly action: Action<[Typed]>;
  readonly children: ReactNode;
  /** Not shown where the page says it in its own way. */
  readonly hideProblem?: boolean;
}

/**
 * A form whose refusals stand where they belong: at the field that was refused, else above the button. What was typed stays typed, and the
 * first refused field is focused.
 */
export function Form({ action, children, hideProblem = false }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const { problem, run } = action;
  useEffect(() => {
    if (problem?.document.errors?.length) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const entries = [...new FormData(event.currentTarget)].filter(([, value]) => typeof value === 'string');
    void run(Object.fromEntries(entries) as Typed);
  };
  return (
    <FormContext value={action}>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack gap="md">
          {children}
          {!hideProblem && <ProblemAlert problem={problem} />}
        </Stack>
      </form>
    </FormContext>
  );
}

/** What is wrong with that field of the form around it, in words. @param pointer of the refused member */
export function useFieldError(pointer: string): string | undefined {
  const words = useProblemWords();
  return words.field(use(FormContext)?.problem, pointer);
}

/** What a field takes of the library's inputs; everything else is decided here, alike for all. */
type InputProps = Pick<
  TextInputProps,
  | 'label'
  | 'description'
  | 'autoComplete'
  | 'autoFocus'
  | 'defaultValue'
  | 'disabled'
  | 'inputMode'
  | 'maxLength'
  | 'placeholder'
  | 'readOnly'
>;

interface FieldProps extends InputProps {
  readonly name: string;
  /** Pointer of the refused member, where it is not that of the name. */
  readonly errorPointer?: string;
  readonly kind?: 'text' | 'email' | 'password';
  /** Marked as optional. */
  readonly optional?: boolean;
}

/** One line of text, with a label, why it is asked for (`description`), and what is wrong with it. */
export function Field({
  name,
  errorPointer = `/${name}`,
  kind = 'text',
  optional = false,
  label,
  ...props
}: FieldProps) {
  const t = useTranslations('common');
  const error = useFieldError(errorPointer);
  const common = {
    name,
    label: optional ? (
      <>
        {label} <small>({t('optional')})</small>
      </>
    ) : (
      label
    ),
    error,
    required: !optional,
    withAsterisk: false,
    spellCheck: false,
    inputWrapperOrder: ['label' as const, 'description' as const, 'input' as const, 'error' as const],
  };
  if (kind === 'password') return <PasswordInput {...props} {...common} />;
  return <TextInput {...props} {...common} type={kind} autoCapitalize={kind === 'email' ? 'none' : undefined} />;
}

/** The form's one button; busy while it is sent. */
export function Submit({ children, ...props }: ButtonProps & { readonly children: ReactNode }) {
  const action = use(FormContext);
  return (
    <Button type="submit" fullWidth loading={action?.pending ?? false} {...props}>
      {children}
    </Button>
  );
}
