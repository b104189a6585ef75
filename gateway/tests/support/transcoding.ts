import { TranscodingService } from '../gen/gateway/test/v1/transcoding_service_pb.js';
import { toTestApi } from './serve-api.ts';

const handlers = { echo: (shape: object) => shape, known: () => ({ text: 'known' }) };

/** A method with every form of binding; it gives back what it got. */
export const transcodingApi = toTestApi(TranscodingService, handlers as never);

/** The members of a Shape that nobody set. */
export const unset: Record<string, unknown> = {
  text: '',
  flag: false,
  i32: 0,
  u32: 0,
  s32: 0,
  f32: 0,
  sf32: 0,
  i64: 0,
  u64: 0,
  s64: 0,
  f64: 0,
  sf64: 0,
  real: 0,
  single: 0,
  raw: '',
  colour: 'unspecified',
  texts: [],
  numbers: [],
  colours: [],
  times: [],
  boxes: [],
  parts: [],
  labels: {},
};
/** A Part that nobody filled. */
export const part = { name: '', size: 0, tags: [] };
