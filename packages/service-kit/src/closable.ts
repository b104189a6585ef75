/** Something that was opened and must be closed once. */
export interface Closable {
  close(): Promise<void>;
  /** True when nothing is left to do at this moment (outbox empty, consumer drained). Absent means "always". */
  settled?(): Promise<boolean>;
}
