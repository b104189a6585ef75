export { type ConnectHandlerOptions, createConnectHandler } from './connect-handler.ts';
export { deadlineOf } from './deadline.ts';
export { type GrpcServer, type GrpcServerOptions, type ServingOptions, startGrpcServer } from './grpc-server.ts';
export { createGrpcTransport, type GrpcTransport, type GrpcTransportOptions } from './grpc-transport.ts';
export { createHealth, type Health, type HealthService } from './health.ts';
export { isCritical } from './overload/is-critical.ts';
export {
  createOverloadGate,
  type OverloadGate,
  type OverloadGateOptions,
  type ShedReason,
} from './overload/overload-gate.ts';
export { peerAddress } from './peer-address.ts';
export { PortInUseError } from './port-in-use-error.ts';
export type { RetryOptions } from './retry-policy.ts';
export { collectRoutes, type Route, type Routes, servicesOf } from './routes.ts';
export { CertificateError, type CertificateFiles } from './tls/certificate-error.ts';
export { type CertificateOptions, type Certificates, openCertificates } from './tls/certificates.ts';
export type { KeyMaterial } from './tls/key-material.ts';
export { type PeerIdentity, provenPeer } from './tls/peer-identity.ts';
