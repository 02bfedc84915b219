/** Goes on with the first field at a place of the form that is there after the next rendering. */
export function focusWithin(pointer: string): void {
  setTimeout(() =>
    document.querySelector<HTMLElement>(`.record :is(input, select, textarea)[name^="${pointer}"]`)?.focus(),
  );
}
