/** Another process listens on the port already. */
export class PortInUseError extends Error {
  readonly port: number;

  constructor(port: number, options?: ErrorOptions) {
    super(`port ${port} is in use`, options);
    this.name = 'PortInUseError';
    this.port = port;
  }
}
