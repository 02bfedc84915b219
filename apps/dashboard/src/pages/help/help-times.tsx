import { HelpTimes } from '../../views/help/help-times.js';
import { definePage } from '../page.js';

/** The three times, explained. */
export const helpTimesPage = definePage<null>({
  name: 'help-times',
  path: /^\/help\/times$/,
  load: async () => ({ ok: true, body: { title: 'The three times', data: null } }),
  view: () => <HelpTimes />,
});
