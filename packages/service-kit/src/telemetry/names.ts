/**
 * Names of attributes and metrics, after OpenTelemetry's semantic conventions 1.45 (metrics in Prometheus' spelling).
 * `rpc.response.status_code` is renamed `rpc.status_code` after 1.45: change it here.
 */
export const attribute = {
  rpcSystem: 'rpc.system.name',
  rpcMethod: 'rpc.method',
  rpcStatus: 'rpc.response.status_code',
  errorType: 'error.type',
  dbSystem: 'db.system.name',
  dbNamespace: 'db.namespace',
  dbSummary: 'db.query.summary',
  dbStatus: 'db.response.status_code',
  messagingSystem: 'messaging.system',
  messagingOperation: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  messagingDestination: 'messaging.destination.name',
  messagingGroup: 'messaging.consumer.group.name',
  messagingMessageId: 'messaging.message.id',
  messagingBatchCount: 'messaging.batch.message_count',
  messagingDeliveryCount: 'mawid.messaging.delivery_count',
} as const;

export const metric = {
  rpcServerDuration: 'rpc_server_call_duration_seconds',
  rpcClientDuration: 'rpc_client_call_duration_seconds',
  dbDuration: 'db_client_operation_duration_seconds',
  dbConnections: 'db_client_connection_count',
  dbPendingRequests: 'db_client_connection_pending_requests',
  messagingProcessDuration: 'messaging_process_duration_seconds',
  messagingPublishDuration: 'messaging_client_operation_duration_seconds',
  messagingSent: 'messaging_client_sent_messages_total',
  messagingConsumed: 'messaging_client_consumed_messages_total',
  deadLetters: 'mawid_dead_letters_total',
  deadLettersWaiting: 'mawid_dead_letters_waiting',
  outboxPending: 'mawid_outbox_pending_events',
  outboxOldest: 'mawid_outbox_oldest_event_age_seconds',
  jobRuns: 'mawid_job_runs_total',
  certificateExpiry: 'mawid_tls_certificate_expiry_timestamp_seconds',
  certificateReloads: 'mawid_tls_certificate_reloads_total',
  handshakesRefused: 'mawid_tls_handshakes_refused_total',
  shedCalls: 'mawid_shed_calls_total',
  admittedShare: 'mawid_admitted_share',
  undeclaredReasons: 'mawid_undeclared_reasons_total',
  sessionsHeard: 'mawid_ended_sessions_heard',
  sessionChecks: 'mawid_session_checks_total',
} as const;
