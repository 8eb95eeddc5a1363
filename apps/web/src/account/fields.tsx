import { Checkbox, NativeSelect, type NativeSelectProps, Textarea, type TextareaProps } from '@mantine/core';
import { useFieldError } from '../components/form.js';

const ORDER: NativeSelectProps['inputWrapperOrder'] = ['label', 'description', 'input', 'error'];

type SelectFieldProps = Pick<NativeSelectProps, 'label' | 'description' | 'defaultValue' | 'data' | 'autoComplete'> & {
  readonly name: string;
};

/** One of several values, by the browser's own list. */
export function SelectField(props: SelectFieldProps) {
  return <NativeSelect {...props} error={useFieldError(`/${props.name}`)} inputWrapperOrder={ORDER} />;
}

type LinesFieldProps = Pick<TextareaProps, 'label' | 'description' | 'defaultValue' | 'autoComplete' | 'rows'> & {
  readonly name: string;
};

/** Several lines of text. */
export function LinesField(props: LinesFieldProps) {
  const error = useFieldError(`/${props.name}`);
  return (
    <Textarea {...props} error={error} inputWrapperOrder={ORDER} spellCheck={false} required withAsterisk={false} />
  );
}

interface CheckFieldProps {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly defaultChecked?: boolean;
  readonly disabled?: boolean;
}

/** Yes or no: typed as `on`, or not at all. */
export function CheckField(props: CheckFieldProps) {
  return <Checkbox {...props} error={useFieldError(`/${props.name}`)} />;
}
