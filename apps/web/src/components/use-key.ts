import { useRef } from 'react';
import { newKey } from '../api/client.js';

/** The Idempotency-Key of a form: the same while the same is sent again, as after a lost answer; another one for other contents. */
export function useKey(): (contents: unknown) => { readonly 'Idempotency-Key': string } {
  const last = useRef({ contents: '', key: '' });
  return (contents) => {
    const text = JSON.stringify(contents);
    if (text !== last.current.contents) last.current = { contents: text, key: newKey() };
    return { 'Idempotency-Key': last.current.key };
  };
}
