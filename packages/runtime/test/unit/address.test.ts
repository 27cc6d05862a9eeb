import assert from "node:assert/strict";
import { test } from "node:test";
import { readAddress } from "../../src/wire/address.ts";

test("URLs of databases, with their drivers' ways to ask for TLS", () => {
  assert.deepEqual(readAddress("postgresql://app:p%40ss@db/shop?schema=public"), {
    kind: "postgres",
    address: { host: "db", port: 5432, user: "app", password: "p@ss", database: "shop", tls: "try" },
  });
  assert.equal(readAddress("mysql://root@127.0.0.1:3307/app")?.address.port, 3307);
  assert.equal(readAddress("postgres://u@/app?host=/run/pg")?.address.path, "/run/pg/.s.PGSQL.5432");
  assert.equal(readAddress("postgres://u@db/app?sslmode=require")?.address.tls, "must");
  assert.equal(readAddress("postgres://u@db/app?sslmode=verify-full")?.address.tls, "verify");
  assert.equal(readAddress("mysql://u@db/app?ssl-mode=DISABLED")?.address.tls, "off");
  assert.equal(readAddress("mongodb://u:p@a:27017,b:27018/app?replicaSet=rs")?.address.host, "a");
  assert.equal(readAddress("redis://[::1]:6380")?.address.host, "::1");
});

test("what leads to no server", () => {
  for (const text of ["", "not a url", "file:./dev.db", "postgres://u:p#ss@db:5432/app", "postgres://u:100%@db/app"])
    assert.equal(readAddress(text), undefined, text);
});
