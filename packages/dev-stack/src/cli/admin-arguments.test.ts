import { describe, expect, it } from '@jest/globals';
import { adminUsage, parseAdminArguments } from './admin-arguments.ts';

describe('parseAdminArguments', () => {
  it.each([
    [['create', '+966500000001'], { command: 'create', phoneNumber: '+966500000001' }],
    [['rotate-keys'], { command: 'rotate-keys', isCompromised: false }],
    [['rotate-keys', '--compromised'], { command: 'rotate-keys', isCompromised: true }],
    [['--help'], { command: 'help' }],
  ])('reads %j', (args, order) => {
    expect(parseAdminArguments(args)).toEqual(order);
  });

  it.each([
    [[]],
    [['create']],
    [['create', '']],
    [['create', '+966500000001', 'more']],
    [['create', '+966500000001', '--compromised']],
    [['rotate-keys', 'now']],
    [['rotate-keys', '--compromized']],
    [['delete', '+966500000001']],
  ])('makes no sense of %j', (args) => {
    expect(parseAdminArguments(args)).toBeUndefined();
  });

  it('has a line for each command', () => {
    for (const command of ['create', 'rotate-keys', '--compromised']) expect(adminUsage).toContain(command);
  });
});
