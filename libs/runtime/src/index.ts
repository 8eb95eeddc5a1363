/**
 * Runtime (floor 0): what every process needs around its features and no feature owns. Settings, the log, the clock, problem
 * documents, the HTTP server's bounds, the id prefixes. It imports no other library.
 */
export { clientNetwork, ClientNetwork, trustProxies } from './client-network.js';
export { type Clock, systemClock } from './clock.js';
export { databaseEndpoint, type DatabaseSettings, databaseSettings, type Environment } from './database-settings.js';
export { closeDiagnostics, diagnosticProblems } from './dumps.js';
export { type EgressKind, EgressRefusedError, type Endpoint, installEgressGuard } from './egress.js';
export { escaped } from './escaped.js';
export { etagOf, IfMatch, ifStillAtVersion, type Versioned, versionOf, withETag } from './etag.js';
export {
  BODY_SIZE_BYTES_MAX,
  fastifyOptions,
  installStrictJsonBody,
  refuseMissingHost,
  refuseRedirects,
  refuseUndeclaredQueries,
} from './http-server.js';
export { ID_PREFIXES, SECRET_PREFIXES } from './id-prefixes.js';
export { type Done, JobFault } from './job-child.js';
export { JobProcess, type JobProcessOptions, startBareChild, type StartChild } from './job-process.js';
export type { LimitSettings } from './limit-settings.js';
export {
  createEventLog,
  type EventFields,
  type EventLevel,
  type EventLog,
  installLastResort,
  nestLogger,
  type RegionSinks,
} from './log.js';
export type { OutboundAnswer, OutboundRequest, Reach } from './outbound/calls.js';
export { Outbound, OutboundError, type OutboundOptions } from './outbound/outbound.js';
export {
  type FieldError,
  isBranded,
  mergeCatalogues,
  Problem,
  PROBLEM,
  type ProblemCatalogue,
  type ProblemEntry,
  type ProblemExtra,
  REQUEST_ERRORS,
  type RequestErrorCode,
} from './problem.js';
export { ProblemFilter, type RegionOfRequest } from './problem.filter.js';
export { problemReply, type ProblemReply } from './problem-reply.js';
export { builtProgram, projectRoot, regionFilePath } from './project-root.js';
export { regionLogFile, regionLogs, rotateLog } from './region-logs.js';
export { relayEndpoint, type RelaySettings } from './relay-settings.js';
export { type AnswerHeaders, installAnswerHeaders, securityHeaders } from './security-headers.js';
export {
  type ApiSettings,
  apiSettings,
  type FrontDoorSettings,
  frontDoorSettings,
  type RegionSettings,
  type SessionSettings,
  SettingsError,
  type Topology,
  type WorkerSettings,
  workerSettings,
} from './settings.js';
export { type Setting, SETTINGS_TABLE } from './settings-table.js';
export { type JsonObject, type JsonValue, parseStrictJson } from './strict-json.js';
export { installUnreadBodies } from './unread-bodies.js';
export { validationPipe } from './validation.js';
