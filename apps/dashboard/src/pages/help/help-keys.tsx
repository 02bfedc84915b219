import { HelpKeys } from '../../views/help/help-keys.js';
import { definePage } from '../page.js';

/** The keys, and the switch for them. */
export const helpKeysPage = definePage<null>({
  name: 'help-keys',
  path: /^\/help\/keys$/,
  load: async () => ({ ok: true, body: { title: 'Keys', data: null } }),
  view: () => <HelpKeys />,
});
