/** @type {import("next").NextConfig} */
export default {
  // server.js and only the modules it needs, in .next/standalone.
  output: "standalone",
  outputFileTracingRoot: import.meta.dirname,
  // Left as they are, so that the migration and the seed find the same ones.
  serverExternalPackages: ["@prisma/client", "@prisma/adapter-pg", "pg"],
  poweredByHeader: false,
};
