/** A wanted port is taken. The message is one line, made to be shown to a person as it is. */
export class PortInUseError extends Error {
  readonly port: number;
  readonly setting: string;

  constructor(port: number, setting: string) {
    super(`Port ${port} is in use: stop the program that listens there, or set ${setting} to another port.`);
    this.name = 'PortInUseError';
    this.port = port;
    this.setting = setting;
  }
}
