import type { AnchorHTMLAttributes } from 'react';
import { Link } from 'wouter';
import type { Handed } from './entry.js';

interface OnwardProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly href: string;
  readonly handed: Handed;
}

/** A link to another page of the way in, which is handed something on the way. */
export function Onward({ handed, ...props }: OnwardProps) {
  return <Link {...props} state={handed} />;
}
