import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { allFiles, services, sourceOf } from './index.ts';

const protoFolder = join(import.meta.dirname, '../../../proto');

describe('sourceOf', () => {
  it('knows line and comment of every element of our protos', () => {
    const files = allFiles.filter((file) => file.name.startsWith('mawid/'));
    const elements = files.flatMap((file) => [
      ...file.messages.flatMap((message) => [message, ...message.fields]),
      ...file.enums.flatMap((each) => [each, ...each.values]),
      ...file.services.flatMap((service) => [service, ...service.methods]),
    ]);
    expect(elements.length).toBeGreaterThan(400);
    for (const element of elements) {
      const source = sourceOf(element);
      const line = readFileSync(join(protoFolder, source?.file ?? ''), 'utf8').split('\n')[(source?.line ?? 0) - 1];
      expect([source?.file, line]).toEqual([source?.file, expect.stringContaining(element.name)]);
      expect([element.toString(), source?.comment]).not.toEqual([element.toString(), '']);
    }
  });

  it('joins the lines of a paragraph, and leaves out what is said to buf', () => {
    const method = services.flatMap((service) => service.methods).find(({ name }) => name === 'CreateToken');
    const { comment = '' } = (method && sourceOf(method)) ?? {};
    expect(comment).toContain('Refuses the password login of the old backend. The answer');
    expect(comment).not.toMatch(/buf:lint|\n/);
  });

  it('knows nothing of protos that are not ours', () => {
    const timestamp = allFiles.find((file) => file.name === 'google/protobuf/timestamp')?.messages[0];
    expect(timestamp && sourceOf(timestamp)).toBeUndefined();
  });
});
