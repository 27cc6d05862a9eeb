export { disk, type DiskOptions } from "./disk.ts";
export { http } from "./http.ts";
export { memory, type MemoryOptions } from "./memory.ts";
export { type MongoClientLike, mongodb } from "./mongodb.ts";
export { mysql, type MysqlClient } from "./mysql.ts";
export { postgres, type PostgresClient } from "./postgres.ts";
export { redis } from "./redis.ts";
