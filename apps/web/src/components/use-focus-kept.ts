import { useLayoutEffect, useRef } from 'react';

/** Gives focus back to what had it when a wait began: a button that waits is disabled, and loses it to nobody. */
export function useFocusKept(isWaiting: boolean): void {
  const held = useRef<Element>(null);
  useLayoutEffect(() => {
    if (isWaiting) {
      held.current = document.activeElement;
      return;
    }
    const before = held.current;
    held.current = null;
    if (document.activeElement === document.body && before instanceof HTMLElement && before.isConnected) before.focus();
  }, [isWaiting]);
}
