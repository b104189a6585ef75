// The shape that Prisma's tools read; `prisma/config` itself comes with their CLI, which is not installed.
export default {
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
};
