/**
 * Boot (floor 5): what every serving process of a stack has in common, from its environment to its end: settings, logs, the egress
 * guard, signals, the region's databases and keys as modules. The API and the worker differ in what they do with them.
 */
export { foundation, keyFolders, reachesOf } from './foundation.js';
export { runProcess, type RunningProcess, type ServingProcessOptions } from './run-process.js';
