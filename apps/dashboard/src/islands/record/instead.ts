/** What a button does itself where scripts run; without them it sends the form, and the server does the same. */
export const instead =
  (act: () => void) =>
  (event: Event): void => {
    event.preventDefault();
    act();
  };
