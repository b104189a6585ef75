import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { getOption, hasOption } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { http } from '../gen/google/api/annotations_pb.js';
import { accessRuleOf, allFiles, errorReasons, eventTypeBySubject, eventTypes, services, sourceOf } from './index.ts';

const protoFolder = join(import.meta.dirname, '../../../proto');

describe('the contract', () => {
  it('knows every proto file of the repository', () => {
    const inFolder = readdirSync(protoFolder, { recursive: true, encoding: 'utf8' }).filter((it) =>
      it.endsWith('.proto'),
    );
    const known = allFiles.map((file) => `${file.name}.proto`);
    expect(inFolder.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('gives every RPC an access rule that lets somebody in', () => {
    const open = services
      .flatMap((service) => service.methods)
      .filter((method) => {
        const rule = accessRuleOf(method);
        return !rule || !(rule.public || rule.signedIn || rule.roles.length > 0 || rule.services.length > 0);
      });
    expect(open.map((method) => method.toString())).toEqual([]);
  });

  it('says of every RPC with a GET route that it has no side effects', () => {
    const silent = services
      .flatMap((service) => service.methods)
      .filter((method) => hasOption(method, http) && getOption(method, http).pattern.case === 'get')
      .filter(({ idempotency }) => idempotency !== MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS)
      .map((method) => `${sourceOf(method)?.file}:${sourceOf(method)?.line} ${method.name}`);
    expect(silent).toEqual([]);
  });

  it('names only roles that exist', () => {
    const roles = services.flatMap((it) => it.methods).flatMap((method) => accessRuleOf(method)?.roles ?? []);
    expect([...new Set(roles)].filter((role) => !['customer', 'staff', 'manager', 'admin'].includes(role))).toEqual([]);
  });

  it('gives every event of an events package its own subject under its service', () => {
    const messages = allFiles
      .filter((file) => file.proto.package.includes('.events.'))
      .flatMap((file) => file.messages);
    const declared = eventTypes().map((type) => type.schema.typeName);
    const carried = ['mawid.identity.events.v1.UserContact'];
    expect(
      messages
        .map((it) => it.typeName)
        .filter((name) => !carried.includes(name))
        .sort(),
    ).toEqual(declared.sort());
    expect(new Set(eventTypes().map((type) => type.subject)).size).toBe(eventTypes().length);
    for (const type of eventTypes())
      expect(type.schema.typeName).toContain(`mawid.${type.subject.split('.')[0]}.events.v1`);
  });

  it('finds an event by its subject', () => {
    expect(eventTypeBySubject('booking.booking.v1.confirmed')?.stream).toBe('BOOKING');
    expect(eventTypeBySubject('booking.booking.v1.none')).toBeUndefined();
  });

  it('has both languages, with the same placeholders, for every error reason', () => {
    const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    expect(errorReasons().size).toBeGreaterThan(30);
    for (const info of errorReasons().values()) {
      expect(info.en).not.toBe('');
      expect(info.ar).toMatch(/[\u0600-\u06ff]/);
      expect([info.reason, placeholders(info.ar)]).toEqual([info.reason, placeholders(info.en)]);
    }
  });

  it('keeps the words of the old backend', () => {
    expect(errorReasons().get('CODE_INVALID')?.en).toBe('Invalid or expired code');
    expect(errorReasons().get('PASSWORD_LOGIN_DEPRECATED')?.httpStatus).toBe(410);
  });
});
