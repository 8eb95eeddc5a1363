import { useTranslations } from 'use-intl';
import { Link } from 'wouter';

/** The product's name and mark: a house with one door. */
export function Brand() {
  const t = useTranslations('common');
  return (
    <Link href="/" className="brand">
      <svg width="24" height="24" viewBox="0 0 24 24" fill="none" aria-hidden="true">
        <path d="M3.5 11 12 3.5 20.5 11v9.5h-17z" stroke="currentColor" strokeWidth="2" strokeLinejoin="round" />
        <path d="M9.75 20.5V15a2.25 2.25 0 0 1 4.5 0v5.5z" fill="currentColor" />
      </svg>
      <span>{t('brand')}</span>
    </Link>
  );
}
