import type { ReactNode } from 'react';
import { Elsewhere } from '../components/elsewhere.js';
import { fragment } from '../fragment.js';
import { region, regionOfId } from '../page.js';

interface Props {
  /** What the link is about. */
  readonly id: string | undefined;
  readonly path: string;
  readonly children: ReactNode;
}

/** Shows the page for an id of this region; for one of another, the way to the same page there, with what the link carried. */
export function OfThisRegion({ id, path, children }: Props) {
  const home = id === undefined ? undefined : regionOfId(id);
  if (home === undefined || home.code === region.code) return children;
  const carried = new URLSearchParams(fragment).toString();
  return <Elsewhere to={home} path={carried === '' ? path : `${path}#${carried}`} />;
}
