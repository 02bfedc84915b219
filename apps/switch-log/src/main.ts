import { runTool } from './run-tool.js';
import { switchLog } from './switch-log.js';

await runTool(switchLog);
