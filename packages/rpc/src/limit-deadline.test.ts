import { describe, expect, it } from '@jest/globals';
import { limitDeadline } from './limit-deadline.ts';

const limits = { defaultMs: 10_000, maxMs: 30_000 };
const web = { 'content-type': 'application/grpc-web+proto' };

describe('limitDeadline', () => {
  it.each([
    ['Connect: none', {}, { 'connect-timeout-ms': '10000' }],
    ['Connect: short', { 'connect-timeout-ms': '50' }, { 'connect-timeout-ms': '50' }],
    ['Connect: long', { 'connect-timeout-ms': '90000' }, { 'connect-timeout-ms': '30000' }],
    ['Connect: unreadable', { 'connect-timeout-ms': 'soon' }, { 'connect-timeout-ms': 'soon' }],
    ['gRPC-Web: none', web, { ...web, 'grpc-timeout': '10000m' }],
    ['gRPC-Web: short', { ...web, 'grpc-timeout': '2S' }, { ...web, 'grpc-timeout': '2S' }],
    ['gRPC-Web: long', { ...web, 'grpc-timeout': '5M' }, { ...web, 'grpc-timeout': '30000m' }],
  ])('%s', (_, headers, expected) => {
    const actual = { ...headers };
    limitDeadline(actual, 'unary', limits);
    expect(actual).toEqual(expected);
  });

  it('leaves streams of answers alone', () => {
    const headers = {};
    limitDeadline(headers, 'server_streaming', limits);
    expect(headers).toEqual({});
  });
});
