export { helpKeysPage as page } from '../../../pages/help/help-keys.js';
